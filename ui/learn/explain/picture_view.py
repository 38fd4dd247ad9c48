"""Which picture is explained, and for which class: a mistake, any test image by its number, or a drawing."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import streamlit as st

from ui import formats
from ui.compute.page_choices import Number, ask_number, ask_one, choose, chosen
from ui.language import N_, words
from ui.learn.evaluation import drawing_pad
from ui.learn.evaluation.shown import Shown
from ui.learn.explain.asking import Picture, ask

SOURCE, PLACE, MISTAKE, TARGET = "explain-source", "explain-place", "explain-mistake", "explain-target"
SOURCES: Mapping[str, str] = {
    "test": N_("Test image"),
    "mistake": N_("Worst mistakes"),
    "drawing": N_("Own drawing"),
}


def choose_picture(shown: Shown) -> Picture | None:
    """None while nothing is drawn. Raises InputError."""
    asked = _asked(shown, _source())
    if asked is None:
        return None
    first = ask(shown, kind="explained_image", target=None, **asked)
    probabilities = first.arrays["probabilities"]
    answered = first.figures["target"]
    target = _target(shown, probabilities, answered)
    told = first if target == answered else ask(shown, kind="explained_image", target=target, **asked)
    return Picture(asked, told.arrays["image"], probabilities, told.arrays["chance"], target, told.figures["label"])


def _source() -> str:
    names = {source: words(name) for source, name in SOURCES.items()}
    return str(ask_one(SOURCE, words("Picture"), names, "test"))


def _asked(shown: Shown, source: str) -> dict[str, Any] | None:
    """How a question names the picture."""
    if source == "drawing":
        clothes = shown.config.data == "fashion-mnist"
        pixels = drawing_pad.ask(words("Draw a piece of clothing") if clothes else words("Draw a digit"))
        return None if pixels is None else {"pixels": pixels, "side": drawing_pad.SIDE}
    if source == "mistake":
        return _mistake(shown)
    return {"place": _place(shown)}


def _mistake(shown: Shown) -> dict[str, Any] | None:
    worst = shown.found.mistakes
    if not len(worst.index):
        st.caption(words("Every test image is answered right."))
        return None
    names = {
        int(place): f"{number}. {shown.names[truth]} → {shown.names[said]} · {formats.percent(float(sure), 0)}"
        for number, (place, truth, said, sure) in enumerate(
            zip(worst.index, worst.labels, worst.predicted, worst.probability, strict=True), 1
        )
    }
    tip = words("What it is, what was answered, and how sure the network was; the most expensive first.")
    return {"place": ask_one(MISTAKE, words("Mistake"), names, int(worst.index[0]), tip)}


def _place(shown: Shown) -> int:
    last = len(shown.found.labels) - 1
    place = min(int(chosen(PLACE, 0)), last)
    ask_number(
        PLACE,
        Number(N_("Number of the test image"), high=last, help=N_("From 0, in the order of the file.")),
        place,
    )
    classes = {-1: words("any class"), **dict(enumerate(shown.names))}
    of_class = ask_one("explain-of-class", words("Class of the next one"), classes, -1)
    st.button(
        words("Another one at random"),
        key="explain-another",
        icon=":material/casino:",
        on_click=lambda: choose(PLACE, _random_place(shown, of_class)),
    )
    return place


def _random_place(shown: Shown, of_class: int) -> int:
    labels = shown.found.labels
    fitting = np.arange(len(labels)) if of_class < 0 else np.flatnonzero(labels == of_class)
    return int(np.random.default_rng().choice(fitting)) if len(fitting) else 0


def _target(shown: Shown, probabilities: np.ndarray, answered: int) -> int:
    """The class to explain; the network's answer until another is chosen, and again for the next picture."""
    names = {
        int(index): f"{shown.names[index]} ({formats.percent(float(probabilities[index]))})"
        for index in np.argsort(-probabilities, kind="stable")
    }
    tip = words("What speaks for this class. Choose another to see what the network misses for it.")
    return int(ask_one(f"{TARGET}-{answered}", words("Class to explain"), names, answered, tip))
