"""The scenario in the sidebar: which preset, what was changed, undo and redo, and the link to it."""

import streamlit as st

from core.plan.scenario import Scenario
from core.plan.scenario_io import changed_fields, to_json
from ui import formats, inputs, scenario_state
from ui.inputs import change_text
from ui.language import N_, words
from ui.presets import presets

# Of presets whose name is longer than the box is wide; the name itself is part of every link and stays.
SHORT_NAMES = {
    "fine-tuning": N_("Start-up on open models"),
    "hundred-million": N_("One person, 100M parameters"),
}
UPLOAD = "scenario-file"
BAR = "bar"


def show() -> None:
    """Draws the bar; every control acts through `scenario_state`."""
    work = scenario_state.workspace()
    st.session_state["preset_choice"] = work.shown.preset
    names = {preset: words(SHORT_NAMES.get(preset, scenario.name)) for preset, scenario in presets().items()}
    st.selectbox(
        words("Scenario"),
        list(names),
        format_func=names.__getitem__,
        key="preset_choice",
        on_change=lambda: scenario_state.load_preset(st.session_state["preset_choice"]),
    )
    inputs.currency("reporting_currency", BAR)
    changes = changed_fields(scenario_state.baseline(), scenario_state.current())
    with st.container(horizontal=True):
        _button("undo", ":material/undo:", words("Undo"), scenario_state.undo, bool(work.before))
        _button("redo", ":material/redo:", words("Redo"), scenario_state.redo, bool(work.after))
        _button("reset", ":material/restart_alt:", words("Back to preset"), _reset, bool(changes))
    if changes:
        box = st.expander(words("Changed fields: {count}").format(count=len(changes)), key="changes", on_change="rerun")
        if box.open:  # the published risk alone is fifty fields, and every edit would draw them all anew
            with box:
                st.markdown("\n\n".join(change_text(path, *change) for path, change in changes.items()))
    share = st.popover(words("Share or save"), icon=":material/share:", width="stretch", key="share", on_change="rerun")
    if share.open:
        with share:
            _share(scenario_state.current())


def _open_file() -> None:
    uploaded = st.session_state[UPLOAD]
    if uploaded is not None:
        scenario_state.load_file(uploaded.getvalue())


def _reset() -> None:
    scenario_state.load_preset(scenario_state.workspace().shown.preset)


def _button(key: str, icon: str, label: str, action: object, enabled: bool) -> None:
    st.button(icon, key=key, help=label, on_click=action, disabled=not enabled)  # type: ignore[arg-type]


def _share(scenario: Scenario) -> None:
    code = scenario_state.shared_code()
    if code is None:
        st.warning(words("This scenario is too large for a link. Save it as a file instead."))
    else:
        st.caption(words("The address carries the whole scenario. Anyone with this link sees these figures."))
        st.code(scenario_state.link(code), language=None, wrap_lines=True, height=140)
    st.download_button(
        words("Save as a file"),
        to_json(scenario),
        file_name="scenario.json",
        mime="application/json",
        on_click="ignore",
    )
    st.file_uploader(words("Open a scenario file"), type="json", key=UPLOAD, on_change=_open_file, max_upload_size=1)
    st.caption(words("Figures copied from the tables on {day}.").format(day=formats.day(scenario.figures_as_of)))
