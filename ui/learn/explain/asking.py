"""What the page asks the worker, with a bar where an answer takes long."""

import contextlib
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.errors import InputError
from core.runs.answers import Answer, read_answer
from core.runs.explanations import METHODS, Attribution, attribution, grad_cam_layer
from core.runs.run_queue import the_queue
from ui.compute.page_choices import choose, chosen
from ui.language import words
from ui.learn.evaluation.shown import Shown
from ui.learn.explain.names import name_of

PATIENCE = 180.0  # seconds
WARMED = "explain-warmed"


@dataclass(frozen=True)
class Picture:
    """An image and the class that is explained.

    asked: how a question names it; label: what it is, None for a drawing
    chance: certainty of the class with the ink hidden in random order (orders, points)
    """

    asked: Mapping[str, Any]
    image: NDArray[np.uint8]
    probabilities: NDArray[np.float64]
    chance: NDArray[np.float64]
    target: int
    label: int | None

    @property
    def answered(self) -> int:
        return int(self.probabilities.argmax())


def ask(shown: Shown, **question: Any) -> Answer:
    """Raises InputError."""
    return read_answer(the_queue().ask(shown.run, question))


def ask_slowly(shown: Shown, text: str, **question: Any) -> Answer:
    """With a bar that goes away. Raises InputError."""
    bar = st.progress(0.0, text)
    try:
        return read_answer(
            the_queue().ask(shown.run, question, PATIENCE, share=lambda share: bar.progress(share, text))
        )
    finally:
        bar.empty()


def explanation(shown: Shown, picture: Picture, method: str, **more: Any) -> Attribution:
    """One method's map of the picture. Raises InputError."""
    question = {"kind": "attribution", "method": method, "target": picture.target, **picture.asked, **more}
    if METHODS[method].slow:
        text = words("{method} asks the network a thousand times …").format(method=name_of(method))
        return attribution(ask_slowly(shown, text, **question))
    return attribution(ask(shown, **question))


def possible(shown: Shown, picture_side: int) -> list[str]:
    """The methods that this network can be explained with."""
    layer = grad_cam_layer(shown.config.model, picture_side)
    return [method for method in METHODS if method != "grad_cam" or layer is not None]


def warm_up() -> None:
    """Has the worker load its tools while the page is read, so that LIME need not wait for them; once a session."""
    if not chosen(WARMED, False):
        choose(WARMED, True)
        threading.Thread(target=_load_tools, name="explanation-tools", daemon=True).start()


def _load_tools() -> None:
    queue = the_queue()
    with contextlib.suppress(InputError, OSError):
        queue.warm()
        queue.ask(None, {"kind": "explanation_tools", "worker": queue.worker_pid})
