"""Scenarios saved in this browser session, compared in pairs: what differs between them, and what that does."""

import pandas as pd
import streamlit as st

from core.plan.comparison import compare
from core.plan.scenario import Scenario
from core.plan.scenario_io import changed_fields
from ui import scenario_state
from ui.comparison_view import criterion_cell, criterion_name
from ui.inputs import change_text
from ui.language import words
from ui.results import answers
from ui.user_text import escaped

HERE = ""


def show(scenario: Scenario, strategy: int) -> None:
    """Save the scenario under a name; pick two to compare."""
    name, save = st.columns([2, 1], vertical_alignment="bottom")
    with name:
        st.text_input(words("Name to save this scenario under"), key="saved-name", max_chars=60)
    with save:
        st.button(words("Save"), key="save-scenario", icon=":material/bookmark_add:", on_click=_save)
    saved = scenario_state.workspace().saved
    if not saved:
        st.caption(words("Nothing is saved yet. Saved scenarios stay in this browser session only."))
        return
    labels = {HERE: words("The scenario in front of you"), **{key: key for key in saved}}
    left, right = st.columns(2)
    with left:
        first = st.selectbox(words("Compare"), list(labels), format_func=labels.__getitem__, key="compare-first")
    with right:
        second = st.selectbox(words("with"), list(saved), key="compare-second", index=len(saved) - 1)
    _compare(scenario if first == HERE else saved[first], saved[second], (labels[first], second), strategy)
    with st.container(horizontal=True):
        st.button(
            words("Open {name}").format(name=escaped(second)),
            key="open-saved",
            on_click=scenario_state.show_saved,
            args=(second,),
        )
        st.button(
            words("Forget {name}").format(name=escaped(second)),
            key="forget-saved",
            on_click=scenario_state.forget,
            args=(second,),
        )


def _save() -> None:
    name = st.session_state["saved-name"].strip() or words(scenario_state.current().name)
    scenario_state.save(name)


def _compare(first: Scenario, second: Scenario, names: tuple[str, str], strategy: int) -> None:
    pair = tuple(answers(one)[min(strategy, len(one.strategies) - 1)] for one in (first, second))
    columns = [
        words("{name} ({note})").format(name=name, note=words(one.strategy))
        for name, one in zip(names, pair, strict=True)
    ]
    rows = [
        {words("What"): criterion_name(row)}
        | {column: criterion_cell(row, at, pair[at].currency) for at, column in enumerate(columns)}
        for row in compare(pair)
    ]
    st.dataframe(pd.DataFrame(rows), hide_index=True, height="content", alt=words("Two scenarios compared"))
    changes = changed_fields(second, first)
    with st.expander(words("Fields that differ: {count}").format(count=len(changes))):
        for path, (there, here) in changes.items():
            st.markdown(change_text(path, there, here))
