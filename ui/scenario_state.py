"""The scenario in front of the user: where it is from, every change to it, undo and redo, and the link that carries it.

A session holds one scenario. Pages read it with `current()` and change it only through `edit`, `replace_with`, `undo` and
`redo`; a change that core refuses leaves it as it was and is worded by `take_error`.
"""

from collections.abc import Mapping

import streamlit as st

from core.errors import InputError
from core.plan.answer import answer
from core.plan.scenario import Scenario
from core.plan.scenario_io import edited, from_code, to_code
from ui.presets import presets

LONGEST_HISTORY = 100
CODE_PARAMETER = "s"
PRESET_PARAMETER = "preset"


def open_scenario() -> None:
    """Once a run, before anything is drawn: takes the scenario of the link, if there is a new one."""
    state = st.session_state
    code, preset = st.query_params.get(CODE_PARAMETER), st.query_params.get(PRESET_PARAMETER)
    if "scenario" not in state:
        state["preset"] = preset if preset in presets() else next(iter(presets()))
        state["scenario"], state["undo"], state["redo"], state["error"] = baseline(), (), (), None
        state["code"] = None
    if code is not None and code != state["code"]:
        state["code"] = code
        try:
            _accept(from_code(code), preset if preset in presets() else state["preset"])
        except InputError as error:
            state["error"] = error


def current() -> Scenario:
    """The scenario of this session."""
    scenario: Scenario = st.session_state["scenario"]
    return scenario


def baseline() -> Scenario:
    """The preset that the session's scenario started from."""
    return presets()[st.session_state["preset"]]


def edit(changes: Mapping[str, object]) -> None:
    """Replaces fields by path; refused changes are kept for `take_error`."""
    try:
        _accept(edited(current(), changes), st.session_state["preset"])
    except InputError as error:
        st.session_state["error"] = error


def load_preset(id: str) -> None:
    """Puts a preset in front of the user; undo brings back what was there."""
    _accept(presets()[id], id)


def undo() -> None:
    """Back by one change."""
    _move("undo", "redo")


def redo() -> None:
    """Forward again by one change."""
    _move("redo", "undo")


def take_error() -> InputError | None:
    """The last refused change, once."""
    error: InputError | None = st.session_state["error"]
    st.session_state["error"] = None
    return error


def write_link() -> None:
    """Once a run, after the page: the address carries the scenario, or nothing while it is the first preset."""
    state = st.session_state
    wanted = {}
    if state["preset"] != next(iter(presets())):
        wanted[PRESET_PARAMETER] = state["preset"]
    if current() != baseline():
        wanted[CODE_PARAMETER] = shared_code() or ""
    state["code"] = wanted.get(CODE_PARAMETER)
    present = {name: st.query_params[name] for name in (CODE_PARAMETER, PRESET_PARAMETER) if name in st.query_params}
    if present != wanted:
        st.query_params.from_dict(wanted)


def shared_code() -> str | None:
    """The code of the scenario; None when it is too large for a link."""
    try:
        return to_code(current())
    except InputError:
        return None


def _accept(scenario: Scenario, preset: str) -> None:
    """Makes a scenario current after computing every strategy, so that what cannot be computed is refused here."""
    for strategy in scenario.strategies:
        answer(scenario, strategy)
    state = st.session_state
    if scenario != state["scenario"]:
        state["undo"] = (*state["undo"], (state["preset"], state["scenario"]))[-LONGEST_HISTORY:]
        state["redo"] = ()
        state["preset"], state["scenario"] = preset, scenario
    state["error"] = None


def _move(source: str, target: str) -> None:
    state = st.session_state
    if state[source]:
        state[target] = (*state[target], (state["preset"], state["scenario"]))
        *rest, (state["preset"], state["scenario"]) = state[source]
        state[source] = tuple(rest)
