from collections.abc import Callable

import streamlit as st

from ui.compute.page_choices import choose, chosen
from ui.language import words
from ui.learn.speed import devices_view, ladder_view, networks_view
from ui.learn.training import plan_view, sections

st.markdown(
    words(
        "How small and how fast can a network be, and what holds it back? This page compares networks by size and "
        "shows this machine's limits and what more devices add."
    )
)
KEY = "speed-part"
parts: dict[str, tuple[str, Callable[[], None]]] = {
    "networks": (words("Networks"), networks_view.show),
    "ladder": (words("This machine"), ladder_view.show),
    "devices": (words("Many devices"), devices_view.show),
}
plan_view.warm_up()
st.session_state[KEY] = chosen(KEY, "networks")
part = str(
    st.segmented_control(
        words("Which part?"),
        list(parts),
        format_func=lambda name: parts[name][0],
        key=KEY,
        required=True,
        label_visibility="collapsed",
        on_change=lambda: choose(KEY, st.session_state[KEY]),
    )
)
parts[part][1]()
folded: dict[str, dict[str, tuple[str, Callable[[], None]]]] = {
    "networks": {},
    "ladder": {
        "rungs": (words("The rungs: what each changes, and its figures"), ladder_view.rungs),
        "roofs": (words("Two roofs: arithmetic and memory"), ladder_view.roofs),
    },
    "devices": {
        "measured": (words("Measured: one process, two threads, two processes"), devices_view.measured),
        "commands": (words("How to start it, and what stays equal"), devices_view.commands),
    },
}
sections.show("speed-section-", folded[part])
