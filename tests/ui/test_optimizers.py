"""The Optimizers page: a race with its published numbers, lost runs explained, an own function with its faults."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.ui.test_pages import LOCALES, opened

PAGE = "learn/optimizers.py"
SECTIONS = ("sweep", "arithmetic", "cards", "schedules", "surface", "card-adam", "card-newton")


def page(locale: str = "en-US", /, **choices: object) -> AppTest:
    """The page with these choices made: `how="own"` is the choice "optimizers-how"."""
    app = opened(PAGE, "first-lab", locale)
    app.session_state["page-choices"] = {f"optimizers-{name}": value for name, value in choices.items()}
    return app.run()


def unfolded(app: AppTest, *sections: str) -> AppTest:
    for section in sections:
        app.session_state[f"optimizers-box-{section}"] = True
    return app.run()


def texts(app: AppTest) -> str:
    return "\n".join(one.value for one in (*app.markdown, *app.caption, *app.warning, *app.error, *app.info))


@pytest.mark.parametrize("locale", LOCALES)
def test_every_section_opens(locale: str) -> None:
    app = unfolded(page(locale, racers=("adam", "newton", "adam_of_differences", "lars")), *SECTIONS)
    assert not app.exception
    assert not app.error


def test_a_race_at_rates_of_ones_own() -> None:
    """torch 2.13 in float64 on Rosenbrock from (-1.2, 1), 100 steps: momentum at 0.001 0.14307, Adam at 0.1 2.98598."""
    rates = {"momentum-learning_rate": 0.001, "adam-learning_rate": 0.1}
    app = page(how="own", racers=("momentum", "adam"), **rates)
    assert (
        "**Momentum** ends lowest: f\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}**0.1431** after 100 steps at the rate 0.001"
        in texts(app)
    )
    values = list(app.table[0].value["Last f"])
    assert values == ["0.1431", "2.986"]

    app.number_input(key="optimizers-momentum-learning_rate").set_value(0.01).run()
    assert "**Adam** ends lowest" in texts(app)
    assert "**Momentum**: At step 0 the rate 0.01 was above the stable 0.00252" in texts(app)


def test_the_best_rate_for_each_is_below_the_stability_limit_of_a_ravine() -> None:
    """κ = 100: limits 2/100 and 2 · 1.9/100; Polyak 2/101 = 0.0198, 4/121 = 0.03306 with momentum 0.6694."""
    app = unfolded(page(surface="ravine", racers=("sgd", "momentum"), steps=400), "sweep")
    said = texts(app)
    assert "**Gradient descent** cannot settle there at rates above 0.02; around the start that is 0.02." in said
    assert "**Momentum** cannot settle there at rates above 0.038" in said
    assert "at the rate 0.0198 leaves 0.9802" in said
    assert "momentum 0.6694 at the rate 0.03306 leaves 0.8182" in said
    app.button(key="optimizers-theory").click().run()
    assert app.number_input(key="optimizers-sgd-learning_rate").value == pytest.approx(2 / 101)
    assert not app.warning


def test_the_arithmetic_of_adams_first_step() -> None:
    """Rosenbrock's gradient at (-1.2, 1) is (-215.6, -88); m = g/10, v = g²/1000, so the step is the rate, 0.1."""
    app = page(how="own", racers=("adam",), **{"adam-learning_rate": 0.1})
    table = texts(unfolded(app, "arithmetic"))
    assert "| $g_t$ | gradient with its weight decay | −215.6 | −88 |" in table
    assert "| $m_t$ | running mean of the gradient | −21.56 | −8.8 |" in table
    assert "| $v_t$ | running mean of the squared gradient | 46.4834 | 7.744 |" in table
    assert r"| $\hat m_t$ | running mean without its start at zero | −215.6 | −88 |" in table
    assert r"| $\Delta\theta_t$ | what is subtracted from the parameters | −0.1 | −0.1 |" in table


def test_the_articles_adam_is_lost_and_the_page_says_why() -> None:
    """A falling gradient gives a negative second moment, whose root has no value."""
    settings = {"adam_of_differences-learning_rate": 0.1, "adam_of_differences-beta2": 0.5}
    app = page(how="own", surface="sphere", racers=("adam_of_differences", "adam"), **settings)
    assert "the root of a negative number" in texts(app)
    assert not app.exception


@pytest.mark.parametrize(("locale", "place"), [("en-US", "**Character 7**"), ("zh-CN", "`foo`")])
def test_a_fault_in_an_own_function_is_shown_at_its_place(locale: str, place: str) -> None:
    app = page(locale, surface="own")
    app.text_input(key="optimizers-function").set_value("x^2 + foo(y)").run()
    assert place in app.error[0].value
    assert app.code[0].value == "x^2 + foo(y)\n      ^"
    app.text_input(key="optimizers-function").set_value("x^2 + (y - 1)^2").run()
    assert not app.error
    assert "ends lowest" in texts(app) or locale == "zh-CN"


def test_an_own_function_without_a_value_is_a_sentence_and_not_a_traceback() -> None:
    app = page(surface="own", function="ln(-1 - x^2)")
    assert "**Starting point** is out of range" in app.error[0].value
    assert not app.exception
    app.text_input(key="optimizers-function").set_value("").run()
    assert "**Function f(x, y)** is missing" in app.error[0].value
    app.session_state["page-choices"] = {"optimizers-surface": "own", "optimizers-window-0": 5.0}
    assert "**Window of the surface**" in app.run().error[0].value


def test_no_racer_is_asked_for_one() -> None:
    app = page(racers=())
    assert "Choose at least one optimizer." in texts(app)
    assert not app.exception


def test_the_surface_has_a_card_with_its_level_places() -> None:
    """Rosenbrock at (1, 1): Hessian ((802, -400), (-400, 200)), trace 1002, determinant 400: 501 ± √(501² - 400)."""
    app = unfolded(page(), "surface")
    assert "Exact gradient at the start, (−1.2, 1): (−215.6, −88)." in texts(app)
    assert "f(x, y) = (1 - x)^2 + 100*(y - x^2)^2" in [code.value for code in app.code]
    places = app.table[-1].value
    assert list(places["Curvatures"]) == ["0.3994; 1,002"]
    assert list(places["Kind"]) == ["global minimum"]


def test_a_function_of_ones_own_has_a_card_too() -> None:
    """x² + xy at the first start, a fifth along x and seven tenths up: (-3, 2), so the gradient is (-4, -3)."""
    app = unfolded(page(surface="own", function="x^2 + x*y"), "surface")
    assert not app.exception
    assert "Exact gradient at the start, (−3, 2): (−4, −3)." in texts(app)
    assert "the minima are not known" in texts(app)
