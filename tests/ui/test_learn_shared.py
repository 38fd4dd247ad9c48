"""What all pages of the Learn section share: the card of a formula, its settings as inputs, a figure taken away."""

from collections.abc import Mapping
from typing import Any

import plotly.graph_objects as go
import pytest
from streamlit.testing.v1 import AppTest

from core.formulas.activations import ACTIVATIONS
from core.formulas.initializers import INITIALIZERS
from core.formulas.losses import LOSSES
from core.formulas.optimizers import OPTIMIZERS
from core.formulas.regularizers import REGULARIZERS
from core.formulas.schedules import SCHEDULES
from core.formulas.settings import Setting
from core.formulas.surfaces import SURFACES
from ui.language import LANGUAGES, speaking
from ui.learn import export, formula_card, settings_inputs

CATALOGUES: Mapping[str, Mapping[str, Any]] = {
    "activation": ACTIVATIONS,
    "initializer": INITIALIZERS,
    "loss": LOSSES,
    "optimizer": OPTIMIZERS,
    "regularizer": REGULARIZERS,
    "schedule": SCHEDULES,
    "surface": SURFACES,
}


def cards(kind: str) -> None:
    from tests.ui.test_learn_shared import CATALOGUES
    from ui.learn import formula_card

    for row in CATALOGUES[kind].values():
        formula_card.show(kind, row)


def settings() -> None:
    import streamlit as st

    from core.formulas.losses import LOSSES
    from core.formulas.schedules import SCHEDULES
    from ui.learn import settings_inputs

    known = (*LOSSES["huber"].settings, *LOSSES["multi_margin"].settings, *SCHEDULES["cyclic"].settings)
    st.session_state["given"] = settings_inputs.ask("t-", known)


def taking() -> None:
    import plotly.graph_objects as go

    from ui.learn import export

    export.below(go.Figure(go.Scatter(y=[1.0])), "line", lambda: "print(1)")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", CATALOGUES)
def test_every_row_has_a_card(kind: str, language: str) -> None:
    app = AppTest.from_function(cards, kwargs={"kind": kind}, default_timeout=60)
    app.session_state["language"] = language
    app.run()
    assert not app.exception
    assert len(app.latex) >= len(CATALOGUES[kind])


def test_card_says_how_a_formula_was_checked() -> None:
    """data/formulas_verified.json: the mean squared error passed its checks at a tolerance of 1e-9."""
    with speaking("en"):
        assert formula_card.check_text("loss", "mse").endswith("and 1 × 10⁻⁹ is allowed.")
        assert "PyTorch 2." in formula_card.check_text("loss", "mse")
        assert formula_card.check_text("loss", "none of ours").startswith("Not checked")
    assert (formula_card.check_mark("loss", "mse"), formula_card.check_mark("loss", "-")) == ("✓", "–")


def test_sources_link_to_papers_and_classes() -> None:
    assert formula_card.linked("He et al. 2015, arXiv 1502.01852; torch.nn.PReLU") == (
        "He et al. 2015, [arXiv 1502.01852](https://arxiv.org/abs/1502.01852); "
        "[torch.nn.PReLU](https://docs.pytorch.org/docs/stable/generated/torch.nn.PReLU.html)"
    )


def test_settings_keep_what_is_typed_within_their_bounds() -> None:
    app = AppTest.from_function(settings).run()
    assert not app.exception
    assert app.session_state["given"]["delta"] == 1.0

    app.number_input(key="t-delta").set_value(0.25).run()
    app.number_input(key="t-power").set_value(2).run()
    assert (app.session_state["given"]["delta"], app.session_state["given"]["power"]) == (0.25, 2.0)

    app.session_state["page-choices"] = {"t-delta": 99.0}
    app.run()
    assert app.session_state["given"]["delta"] == 10.0  # the greatest that Huber's loss takes


def test_a_switch_is_a_toggle() -> None:
    switch = Setting("fan_out", r"\text{out}", 0, 0, 1, "0: by fan-in", whole=True)
    assert settings_inputs._is_switch(switch)
    assert not settings_inputs._is_switch(Setting("power", "k", 1, 1, 2, "", whole=True))


@pytest.mark.parametrize(
    ("default", "low", "high", "expected"),
    [(1.0, 0.01, 10.0, 0.1), (0.999, 0.0, 1.0, 0.0001), (1e-6, 1e-9, 0.1, 1e-7), (0.0, 0.0, 1.0, 0.1)],
)
def test_a_press_changes_the_second_digit(default: float, low: float, high: float, expected: float) -> None:
    assert settings_inputs.step(Setting("s", "s", default, low, high, "")) == pytest.approx(expected)


@pytest.mark.parametrize("kind", [kind for kind in CATALOGUES if kind != "surface"])
def test_every_setting_has_a_step_within_its_span(kind: str) -> None:
    for row in CATALOGUES[kind].values():
        for setting in row.settings:
            assert 0 < settings_inputs.step(setting) <= setting.maximum - setting.minimum


def test_nothing_is_written_before_the_box_is_opened() -> None:
    app = AppTest.from_function(taking).run()
    assert not app.exception
    assert not app.get("download_button")

    app.session_state["take-line"] = True
    app.run()
    assert not app.exception
    assert len(app.get("download_button")) == 2
    assert app.code[0].value == "print(1)"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_figure_is_a_page_that_asks_nobody(language: str) -> None:
    figure = go.Figure(go.Scatter(y=[1.0]), layout={"title": {"text": "Loss<br>and <b>slope</b>"}})
    page = export._page(figure, "loss", language).decode()
    assert "<title>Loss and  slope </title>" in page
    assert "src=" not in page.split("<body>")[1]
    assert len(page) > 1_000_000  # Plotly's script stands in it


def test_equations_side_by_side_stand_one_below_the_other() -> None:
    """So that a phone shows all of Adam's; one within a bracket stays whole."""
    assert formula_card.stacked(r"a = 1,\quad b = 2") == r"\begin{gathered}a = 1 \\ b = 2\end{gathered}"
    assert formula_card.stacked(r"\frac{a,\quad b}{c}") == r"\frac{a,\quad b}{c}"
    assert OPTIMIZERS["adam"].formula.count(r"\quad") == 4
    assert formula_card.stacked(OPTIMIZERS["adam"].formula).count(r" \\ ") == 4
