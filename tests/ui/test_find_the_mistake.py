"""Find the mistake: judge, see what is right beside what is printed, what it does, and where it is shown."""

import math

import pytest
from streamlit.testing.v1 import AppTest

from core.formulas.errata import ERRATA
from tests.ui.addresses import addresses
from tests.ui.test_pages import LOCALES, opened
from ui.language import speaking, words
from ui.learn import mistakes_view
from ui.learn.mistakes import NOTHING, RIDDLES

PAGE = "learn/find_the_mistake.py"
# Right and printed, as they stand in the table; the right ones from arithmetic by hand.
NATS = f"{-0.1 * math.log(0.2) - 0.2 * math.log(0.1) - 0.3 * math.log(0.3):.6f}"
PRINTED = [
    ("article_mse", "0.00666667", "0.0067"),
    ("article_cross_entropy", NATS, "0.0972"),
    ("article_sigmoid", f"{1 / (1 + math.exp(-2)):.6f}", "0.869"),
    ("article_gradient_descent", "1.95", "1.5"),
    ("article_adam_step", "1.999", "1.455"),
    ("article_linear_layer", "1,600", "3,136"),  # 28 → 26 → 13 → 11 → 5, and 64 · 5² = 1,600
    ("article_f1", "0.285714", "0.330435"),  # P = 1/2, R = 1/5, A = 19/20: 2/7 and 38/115
]
DRAWN = (
    "article_cross_entropy",
    "article_sigmoid",
    "article_gradient_descent",
    "article_adam_step",
    "article_adam_first_moment",
    "article_linear_layer",
    "article_f1",
)


def page(locale: str = "en-US", /, **choices: object) -> AppTest:
    """The page with these choices made: `shown="..."` is the choice "mistakes-shown"."""
    app = opened(PAGE, "first-lab", locale)
    app.session_state["page-choices"] = {f"mistakes-{name}": value for name, value in choices.items()}
    return app.run()


def texts(app: AppTest) -> str:
    return "\n".join(one.value for one in (*app.markdown, *app.caption, *app.success, *app.error, *app.latex))


def test_every_published_mistake_has_its_riddle_in_the_same_order() -> None:
    assert list(RIDDLES) == list(ERRATA)


@pytest.mark.parametrize("mistake", RIDDLES)
def test_nothing_is_wrong_just_where_the_claim_is_right(mistake: str) -> None:
    riddle = RIDDLES[mistake]
    assert 0 <= riddle.answer <= len(riddle.faults)
    assert (riddle.answer == len(riddle.faults)) == (ERRATA[mistake].verdict == "right")


@pytest.mark.parametrize(("language", "stop"), [("en", "."), ("zh_CN", "。")])
def test_every_possible_answer_is_a_sentence(language: str, stop: str) -> None:
    with speaking(language):
        said = [words(answer) for riddle in RIDDLES.values() for answer in (*riddle.faults, NOTHING)]
    assert [answer for answer in said if not answer.endswith(stop)] == []


@pytest.mark.parametrize("mistake", RIDDLES)
def test_every_mistake_leads_to_a_page(mistake: str) -> None:
    assert mistakes_view.address(ERRATA[mistake]) in addresses()


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("mistake", RIDDLES)
def test_every_mistake_opens_with_its_answer(mistake: str, locale: str) -> None:
    app = page(locale, shown=mistake, all=True)
    assert not app.exception
    assert not app.error
    assert len(app.get("plotly_chart")) == (ERRATA[mistake].damage is not None)


@pytest.mark.parametrize(("mistake", "right", "printed"), PRINTED)
def test_what_is_right_stands_beside_what_is_printed(mistake: str, right: str, printed: str) -> None:
    assert f"| {right} | {printed} |" in texts(page(shown=mistake, all=True))


@pytest.mark.parametrize("mistake", DRAWN)
def test_the_damage_is_drawn(mistake: str) -> None:
    assert page(shown=mistake, all=True).get("plotly_chart")


def test_nothing_is_given_away_before_an_answer() -> None:
    app = page(shown="article_sigmoid")
    shown = texts(app)
    assert "0.869" in shown
    assert "0.880797" not in shown
    assert not app.get("plotly_chart")
    assert app.button(key="mistakes-commit-article_sigmoid").disabled


@pytest.mark.parametrize(("locale", "right"), [("en-US", "Right: "), ("zh-CN", "答对了：")])
def test_a_right_judgement_counts_and_opens_the_answer(locale: str, right: str) -> None:
    app = page(locale, shown="article_gradient_descent")
    app.radio(key="mistakes-radio-article_gradient_descent").set_value(1).run()
    app.button(key="mistakes-commit-article_gradient_descent").click().run()
    assert not app.exception
    assert app.success[0].value.startswith(right)
    assert "| 1.95 | 1.5 |" in texts(app)
    assert "**1**" in app.markdown[1].value


def test_a_wrong_judgement_says_what_is_right_and_start_again_forgets_it() -> None:
    app = page(shown="article_relu_tanh")
    app.radio(key="mistakes-radio-article_relu_tanh").set_value(0).run()
    app.button(key="mistakes-commit-article_relu_tanh").click().run()
    assert app.error[0].value == "Not that. Nothing is wrong here."
    assert "**0** of 26 judged correctly, 25 still open" in app.markdown[1].value
    app.button(key="mistakes-again").click().run()
    assert not app.error
    assert "26 still open" in app.markdown[1].value


def test_next_goes_round_to_what_is_still_open() -> None:
    app = page(shown="kl_div_mean", **{"answer-article_mse": 2})
    app.button(key="mistakes-next").click().run()
    assert app.selectbox(key="mistakes-shown").value == "article_cross_entropy"


def test_the_list_hides_answers_that_are_open() -> None:
    app = page(**{"answer-article_mse": 2})
    app.session_state["mistakes-box-all"] = True
    app.run()
    answers = list(app.dataframe[0].value["Answer"])
    assert answers[:2] == ["Nothing is wrong here.", "?"]


def test_the_page_that_shows_it_opens_with_it() -> None:
    app = page(shown="article_adam_first_moment", all=True)
    app.button(key="mistakes-open-article_adam_first_moment").click().run()
    assert app.session_state["page-choices"]["optimizers-racers"] == ("adam", "adam_of_differences")
    assert app.title[0].value == "Optimizers"
    assert not app.exception


@pytest.mark.parametrize("mistake", [one.id for one in ERRATA.values() if one.page != "rounds"])
def test_the_learn_page_of_a_mistake_opens_with_it_set(mistake: str) -> None:
    assert mistakes_view.presets(ERRATA[mistake])
