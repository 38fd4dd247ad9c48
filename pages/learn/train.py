from collections.abc import Callable

import streamlit as st

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
    sections,
    stages_view,
    take_view,
)

st.markdown(
    words(
        "How well does a small network for images (CNN) learn on this machine? Choose a recipe, start it, "
        "and watch the loss fall."
    )
)
run = run_choice.shown_run()
plan_view.warm_up()
live_view.buttons(run)
chart, inputs = st.columns([2, 1], gap="large")
with inputs:
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
parts: dict[str, tuple[str, Callable[[], None]]] = {
    "data": (words("The data: before and after it is prepared"), data_view.show),
    "mended": (words("Why the article's network stops with an error"), mended_view.show),
}
if run is not None:
    shown = run
    parts = {
        "stages": (words("The first step: forward, loss, backward, step"), lambda: stages_view.show(shown)),
        "price": (words("What it cost, and what that says about the plan"), lambda: price_view.show(shown)),
        "link": (words("Keep, share or continue this run"), lambda: link_view.show(shown)),
        "take": (
            words("Take it with you: weights, ONNX, script, model card, lab report"),
            lambda: take_view.show(shown),
        ),
        **parts,
    }
sections.show("run-section-", parts)
