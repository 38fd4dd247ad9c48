"""The Activations page: the article's numbers, every row, vectors, depth, in both languages."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.formulas.activations import ACTIVATIONS
from core.formulas.initializers import INITIALIZERS
from tests.ui.test_pages import LOCALES, opened


def page(locale: str = "en-US", open_parts: tuple[str, ...] = (), **choices: object) -> AppTest:
    app = opened("learn/activations.py", "first-lab", locale)
    if not choices and not open_parts:
        return app
    app.session_state["page-choices"] = {f"activations-{name}": value for name, value in choices.items()}
    for name in open_parts:
        app.session_state[f"activations-section-{name}"] = True
    return app.run()


def answer(app: AppTest) -> str:
    return str(next(text.value for text in app.markdown if text.value.startswith("## ")))


@pytest.mark.parametrize("locale", LOCALES)
def test_page_opens_with_the_articles_sigmoid(locale: str) -> None:
    """σ(2) = 0.880797, where the article says 0.869; σ′(2) = 0.104994."""
    app = page(locale)
    assert not app.exception
    assert not app.error
    assert "**0.880797**" in answer(app)
    assert "**0.104994**" in answer(app)
    assert app.metric[0].value == "0.25"


@pytest.mark.parametrize(("name", "x", "value"), [("tanh", 2.0, "0.964028"), ("relu", -2.0, "0")])
def test_the_articles_other_numbers(name: str, x: float, value: str) -> None:
    assert f"**{value}**" in answer(page(function=name, x=x))


def test_half_the_units_of_a_relu_are_dead() -> None:
    app = page(function="relu", open_parts=("flat",))
    assert app.metric[2].value == "50.0%"
    assert any("(−∞, 0)" in text.value for text in app.markdown)


def test_inputs_far_to_the_right_saturate_a_sigmoid() -> None:
    """|σ′| ≤ 0.01 beyond ±4.585; inputs N(4.585, 1) are beyond it by half."""
    app = page(open_parts=("flat",), mean=4.584863)
    assert any("**50.0%** are saturated" in text.value for text in app.markdown)


@pytest.mark.parametrize("locale", LOCALES)
def test_every_activation_opens(locale: str) -> None:
    app = page(locale)
    for name in ACTIVATIONS:
        app.selectbox(key="activations-function").select(name).run()
        assert not app.exception, name
        assert not app.error, name
        assert answer(app)


def test_several_over_one_another() -> None:
    app = page(others=("tanh", "relu"))
    assert not app.exception
    assert app.multiselect(key="activations-others").value == ["tanh", "relu"]


def test_temperature_evens_the_shares_out() -> None:
    """Softmax of (1, 2, 3): 0.0900306, 0.244728, 0.665241; at temperature 20 nearly a third each."""
    assert answer(page(function="softmax")).endswith("**0.09003; 0.2447; 0.6652**")
    assert answer(page(function="softmax", temperature=20.0)).endswith("**0.3168; 0.3331; 0.3501**")


@pytest.mark.parametrize("locale", LOCALES)
def test_numbers_that_cannot_be_halved_are_explained(locale: str) -> None:
    halves: dict[str, Any] = {"vector-halves": (1.0, 2.0, 3.0)}
    app = page(locale, function="glu", **halves)
    assert not app.exception
    assert len(app.error) == 1
    app = page(locale, function="softmax", **{"vector-shares": ()})
    assert not app.exception
    assert len(app.info) == 1


def test_a_gradient_vanishes_through_sigmoids() -> None:
    """0.25³⁰ = 8.67 × 10⁻¹⁹."""
    app = page(open_parts=("depth",), starts=("xavier_normal",), width=16)
    assert not app.exception
    assert any("8.67 × 10⁻¹⁹" in text.value for text in app.markdown)


@pytest.mark.parametrize("locale", LOCALES)
def test_folded_parts_open(locale: str) -> None:
    app = page(locale, open_parts=("flat", "depth", "card", "all", "starts"), width=16)
    app.session_state["take-activation"] = True
    app.run()
    assert not app.exception
    assert not app.error
    assert len(app.get("download_button")) == 3  # two of the figure, one of the flat places


def test_every_initializer_opens_and_carries_a_signal() -> None:
    app = page(open_parts=("starts",))
    for name in INITIALIZERS:
        app.session_state["page-choices"] = {"activations-initializer": name}
        app.run()
        assert not app.exception
    squares = tuple(name for name, row in INITIALIZERS.items() if row.dimensions[0] == 2)
    for at in range(0, len(squares), 4):
        app = page(open_parts=("depth",), starts=squares[at : at + 4], width=16, function="relu")
        assert not app.exception


def test_no_first_weights_is_said() -> None:
    app = page(open_parts=("depth",), starts=())
    assert not app.exception
    assert len(app.info) == 1
