from collections.abc import Callable

import streamlit as st

from core.errors import InputError
from ui.language import words
from ui.learn.training import (
    data_view,
    inputs_view,
    link_view,
    live_view,
    mended_view,
    plan_view,
    price_view,
    run_choice,
    stages_view,
)

run = run_choice.shown_run()
plan_view.warm_up()
chart, inputs = st.columns([2, 1], gap="large")
with inputs:
    live_view.buttons(run)
    inputs_view.main_inputs()
with chart:
    if run is None:
        plan_view.show()
    else:
        live_view.show(run)
        live_view.compare_with(run)

more = st.expander(words("All other settings of a run"), key="run-section-more", on_change="rerun")
if more.open:
    with more:
        inputs_view.more_inputs()
SECTIONS: dict[str, tuple[str, Callable[[], None]]] = {
    "data": (words("The data: before and after it is prepared"), data_view.show),
    "mended": (words("Why the article's network stops with an error"), mended_view.show),
}
if run is not None:
    shown = run
    SECTIONS = {
        "stages": (words("The first step: forward, loss, backward, step"), lambda: stages_view.show(shown)),
        "price": (words("What it cost, and what that says about the plan"), lambda: price_view.show(shown)),
        "link": (words("Keep, share or continue this run"), lambda: link_view.show(shown)),
        **SECTIONS,
    }
for key, (title, show) in SECTIONS.items():
    section = st.expander(title, key=f"run-section-{key}", on_change="rerun")
    if section.open:
        with section:
            try:
                show()
            except InputError as error:
                st.error(run_choice.fault_text(error), icon=":material/block:")
