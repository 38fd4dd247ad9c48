"""The lessons: predict, try, check; what is right is from arithmetic by hand."""

import math

import pytest
from streamlit.testing.v1 import AppTest

from tests.ui.addresses import addresses
from tests.ui.test_pages import LOCALES, opened
from ui.glossary import GLOSSARY
from ui.learn.lessons import LESSONS

PAGE = "learn/lessons.py"
RESULTS = {
    "losses": (1 + 1 + 4**2) / 3,
    "cross-entropy": math.log(4),  # -ln 1/4
    "activations": 0.25**5,
    "initialisers": 1 / 16,  # √(2 / 512)
    "gradient-descent": 2 / 1,
    "adam": 2 - 0.001,  # the first step is as long as the learning rate
    "one-step": 0.5 - 0.1 * (2 * 1 * 2 * 1),  # ŷ = 1, slope 2, times w₂ = 2, times x = 1
    "cost": 6 * 1e9 * 20e9 / (1e15 * 0.4) / 3600 * 3,  # 250
}


def page(locale: str = "en-US", /, **choices: object) -> AppTest:
    """The page with these choices made: `shown="adam"` is the choice "lessons-shown"."""
    app = opened(PAGE, "first-lab", locale)
    app.session_state["page-choices"] = {f"lessons-{name}": value for name, value in choices.items()}
    return app.run()


def test_eight_lessons_whose_results_are_those_of_the_hand() -> None:
    assert len(LESSONS) == 8
    for lesson in LESSONS.values():
        assert lesson.check.result() == pytest.approx(RESULTS[lesson.id], rel=1e-6)


@pytest.mark.parametrize("lesson", LESSONS.values(), ids=LESSONS)
def test_every_lesson_leads_to_pages_and_terms_that_exist(lesson) -> None:  # type: ignore[no-untyped-def]
    assert lesson.page in addresses()
    assert set(lesson.terms) <= GLOSSARY.keys()
    assert 0 <= lesson.question.answer < len(lesson.question.options)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("lesson", LESSONS)
def test_a_lesson_from_guess_to_number(lesson: str, locale: str) -> None:
    app = page(locale, shown=lesson)
    assert not app.exception
    app.radio(key=f"lessons-{lesson}-radio").set_value(LESSONS[lesson].question.answer).run()
    assert len(app.success) == 1
    app.number_input(key=f"lessons-{lesson}-input").set_value(RESULTS[lesson]).run()
    assert not app.exception
    assert not app.error
    assert len(app.success) == 2
    assert "**1**" in app.markdown[1].value
    assert "{" not in "".join(one.value for one in (*app.success, *app.markdown))


def test_a_wrong_guess_is_explained() -> None:
    app = page(shown="losses")
    app.radio(key="lessons-losses-radio").set_value(0).run()
    assert not app.success
    assert "The answer: Nearly nine tenths." in app.info[0].value  # 16 of 18
    assert "0.8889" in app.info[0].value
    assert "0.6667" in app.info[0].value  # 4 of 6


@pytest.mark.parametrize(("locale", "listed"), [("en-US", "2, 3, 7"), ("zh-CN", "2、3、7")])
def test_numbers_in_a_row_stand_apart_by_the_languages_own_mark(locale: str, listed: str) -> None:
    assert listed in page(locale, shown="losses").radio(key="lessons-losses-radio").label


def test_a_wrong_number_is_refused_and_the_solution_shown_on_demand() -> None:
    app = page(shown="cost")
    app.number_input(key="lessons-cost-input").set_value(240.0).run()
    assert "240 is not it" in app.error[0].value
    app.button(key="lessons-cost-show").click().run()
    assert "83.33 accelerator-hours" in app.info[0].value  # 300,000 seconds
    assert "**0** of 8 lessons done" in app.markdown[1].value


def test_adams_step_is_not_what_the_article_prints() -> None:
    app = page(shown="adam")
    app.number_input(key="lessons-adam-input").set_value(1.455).run()
    assert app.error
    app.number_input(key="lessons-adam-input").set_value(1.999).run()
    assert not app.error
    assert "1.455" in app.success[0].value


def test_next_and_start_again() -> None:
    app = page(shown="losses", **{"losses-number": 6.0, "losses-guess": 2})
    assert "**1** of 8 lessons done" in app.markdown[1].value
    app.button(key="lessons-next").click().run()
    assert app.subheader[0].value == "What a language model is graded by"
    app.button(key="lessons-again").click().run()
    assert "**0** of 8 lessons done" in app.markdown[1].value
    assert app.subheader[0].value == "How wrong is a prediction?"


def test_what_is_tried_opens_set_up() -> None:
    app = page(shown="cross-entropy")
    app.button(key="lessons-open-cross-entropy").click().run()
    assert app.title[0].value == "Losses"
    assert app.selectbox(key="losses-loss").value == "cross_entropy"
    assert not app.exception
