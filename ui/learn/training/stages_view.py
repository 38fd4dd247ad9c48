"""The first step of the run in its four parts."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from core.runs.events import STAGES, Event
from core.runs.run_folder import find_run
from core.runs.run_history import history
from core.runs.run_queue import the_queue
from ui.language import N_, words
from ui.learn.digits import several
from ui.learn.numbers import significant
from ui.tables import small_table

NAMES = {
    "forward": (N_("1. Forward"), N_("The images pass through the layers and become ten scores each.")),
    "loss": (N_("2. Loss"), N_("One number says how wrong the scores are.")),
    "backward": (N_("3. Backward"), N_("The chain rule gives each weight its share of the fault: the gradient.")),
    "step": (N_("4. Step"), N_("The optimizer moves each weight against its gradient.")),
}
# What a stage shows, by the names of its event.
SHOWN: Mapping[str, str] = {
    "logits_deviation": N_("Spread of the scores"),
    "first_image": N_("First image, share of each class"),
    "loss": N_("Loss"),
    "loss_of_guessing": N_("Loss of a blind guess, ln 10"),
    "gradient_norm": N_("Length of the gradient"),
    "rate": N_("Learning rate"),
    "update_norm": N_("Length of the move"),
    "weight_norm": N_("Length of all weights"),
}
LAYER_PREFIX = "layers."


def show(run: str) -> None:
    told = history(find_run(run, the_queue().root).path)
    told.update()
    if not told.stages:
        st.caption(words("The parts of the first step appear here once it is done."))
        return
    with st.grid(len(STAGES), min_column_width=165):
        for name in STAGES:
            with st.container():
                _stage(name, told.stages.get(name))
    if "backward" in told.stages:
        _gradient_by_layer(told.stages["backward"])


def _stage(name: str, stage: Event | None) -> None:
    title, meaning = NAMES[name]
    st.markdown(f"**{words(title)}**")
    st.caption(words(meaning))
    if stage is not None:
        rows = [(words("Milliseconds"), significant(stage["seconds"] * 1000, 3))]
        rows += [(words(SHOWN[key]), _text(value)) for key, value in stage["shown"].items() if key in SHOWN]
        columns = words("What"), words("Value")
        small_table([dict(zip(columns, row, strict=True)) for row in rows], words(title))


def _gradient_by_layer(stage: Event) -> None:
    """Each layer's part of the gradient: where it is far smaller than elsewhere, a layer hardly learns."""
    rows = [
        {
            words("Parameters of"): key.removeprefix(LAYER_PREFIX),
            words("Length of their gradient"): significant(float(value), 4),
        }
        for key, value in stage["shown"].items()
        if key not in SHOWN
    ]
    if rows:
        small_table(rows, words("Length of the gradient by layer"))


def _text(value: Any) -> str:
    if isinstance(value, list):
        return several([float(one) for one in value], 2, most=3)
    return significant(float(value), 4) if isinstance(value, int | float) else str(value)
