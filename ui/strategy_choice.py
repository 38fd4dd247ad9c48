"""Which strategy the pages show; one choice for the whole session."""

import streamlit as st

from core.plan.scenario import Scenario
from ui.language import words
from ui.user_text import shown_name

KEY = "strategy"


def choose(scenario: Scenario) -> int:
    """The position of the strategy that is shown; a choice to make where there are several."""
    names = [shown_name(strategy.name) for strategy in scenario.strategies]
    if st.session_state.get(KEY) not in range(len(names)):
        st.session_state[KEY] = 0
    if len(names) == 1:
        return 0
    chosen = st.segmented_control(
        words("Strategy"),
        range(len(names)),
        format_func=names.__getitem__,
        key=KEY,
        required=True,
        persist_state="session",
    )
    return int(chosen or 0)
