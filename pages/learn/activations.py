from collections.abc import Callable

import streamlit as st

from core.formulas.activations import ACTIVATIONS
from ui.compute.page_choices import ask_one
from ui.language import words
from ui.learn import formula_card, settings_inputs
from ui.learn.activations import catalogue, depth_view, function_view, vector_view

st.markdown(
    words(
        "What does a unit pass on of what it receives? An activation function bends the sum of its inputs "
        "into its output; where its slope is near 0, hardly anything is learned."
    )
)
names = {row.id: f"{words(row.family)} · {words(row.name)}" for row in ACTIVATIONS.values()}
with st.grid(3, min_column_width=220):
    activation = ACTIVATIONS[ask_one("activations-function", words("Activation"), names, "sigmoid")]
    settings = settings_inputs.ask(f"activations-{activation.id}-", activation.settings)

of_elements = activation.acts_on == "element"
if of_elements:
    function_view.show(activation, settings)
else:
    vector_view.show(activation, settings)

SECTIONS: dict[str, tuple[str, Callable[[], None]]] = {
    "card": (
        words("Formula, code and how it was checked"),
        lambda: formula_card.show("activation", activation, settings),
    ),
    "all": (words("All activations"), catalogue.activations),
    "starts": (words("First weights: how a net is initialised"), catalogue.initializers),
}
if of_elements:
    SECTIONS = {
        "flat": (words("Saturation and dead units"), lambda: function_view.saturation(activation, settings)),
        "depth": (
            words("Through many layers: what is left of signal and gradient"),
            lambda: depth_view.show(activation, settings),
        ),
        **SECTIONS,
    }
for key, (title, show) in SECTIONS.items():
    section = st.expander(title, key=f"activations-section-{key}", on_change="rerun")
    if section.open:
        with section:
            show()
