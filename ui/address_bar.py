"""The address of the page carries the scenario; back and forward bring earlier ones back.

Streamlit drops the query when the visitor changes page. Writing it again from here would add a second entry to the
browser's history, without a scenario between two with one; so a change of page completes the entry in the browser.
"""

import streamlit as st

from ui import scenario_state
from ui.scenario_state import CODE_PARAMETER, PRESET_PARAMETER

PAGE_KEY = "page"
_COMPLETE_ENTRY = """
export default function({ data }) {
  if (!data.parameters) return
  const query = new URLSearchParams(window.location.search)
  for (const [name, value] of Object.entries(data.parameters)) {
    if (value) query.set(name, value)
  }
  const search = query.toString() ? "?" + query.toString() : ""
  if (search !== window.location.search) {
    window.history.replaceState({}, "", window.location.pathname + search)
  }
}
"""
_component = st.components.v2.component("address_bar", js=_COMPLETE_ENTRY)


def read(page: str) -> None:
    """Once a run, before anything is drawn: takes the scenario that the address stands for."""
    code, preset = st.query_params.get(CODE_PARAMETER), st.query_params.get(PRESET_PARAMETER)
    scenario_state.open_scenario(preset)
    shown = scenario_state.workspace().code
    went_back = code is None and shown is not None and st.session_state.get(PAGE_KEY) == page
    if went_back or (code is not None and code != shown):
        scenario_state.follow(code, preset)


def write(page: str) -> None:
    """Once a run: an edit adds an entry to the browser's history, a change of page completes the one it added."""
    wanted = scenario_state.address()
    same_page = st.session_state.get(PAGE_KEY, page) == page
    st.session_state[PAGE_KEY] = page
    # The page's name makes the data of two changes of page differ: the same data would not run the component again.
    _component(key="address-bar", data={"page": page, "parameters": None if same_page else wanted}, height=1)
    present = {name: st.query_params.get(name) for name in wanted}
    if same_page and present != wanted:
        others = {name: value for name, value in st.query_params.items() if name not in wanted}
        st.query_params.from_dict(others | {name: value for name, value in wanted.items() if value})
