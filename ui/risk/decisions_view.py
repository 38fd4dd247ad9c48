"""What to do: the best next steps, how much to raise, and what the plan hangs on."""

import streamlit as st

from core.errors import InputError
from core.plan.scenario import Scenario
from ui import strategy_choice
from ui.errors import error_text
from ui.language import words
from ui.risk import advice_view, inputs_view, published_view, sensitivity_view, solver_view
from ui.risk.kept_results import drawn
from ui.simulation_queue import BusyError


def show(scenario: Scenario) -> None:
    """The answer first; a part that cannot be worked out says so and leaves the others."""
    top = st.container()
    strategy = strategy_choice.choose(scenario)
    if not drawn(scenario):
        st.info(
            words(
                "Nothing is uncertain in this plan yet: steps, amounts and dates below hold if all goes as planned. "
                "With published risk they come with chances."
            ),
            icon=":material/info:",
        )
        published_view.start_button(scenario, published_view.chosen_graduation(), "risk-start-decisions")
    parts = (
        (words("Next steps"), advice_view.show),
        (words("How much, when, how"), solver_view.show),
        (words("What the plan hangs on"), sensitivity_view.show),
    )
    try:
        with top:
            advice_view.answer(scenario, strategy)
    except InputError as error:
        st.error(error_text(error), icon=":material/block:")
        return
    except BusyError:
        busy()
    for title, view in parts:
        st.subheader(title)
        try:
            view(scenario, strategy)
        except InputError as error:
            st.error(error_text(error), icon=":material/block:")
        except BusyError:
            busy()
    if drawn(scenario):
        inputs_view.seed_input()


def busy() -> None:
    """Says that others simulate."""
    st.warning(words("Other simulations are running. Try again in a moment."), icon=":material/hourglass_empty:")
