"""The user's own handwriting as a group of its own: drawn here, labelled, kept for the session."""

import numpy as np
import streamlit as st

from core.charts.training_run import mosaic
from core.errors import InputError
from core.runs.answers import read_answer
from core.runs.classification_metrics import wilson_interval
from core.runs.comparisons import share_difference
from core.runs.run_queue import the_queue
from ui import formats
from ui.compute.page_choices import ask_one, choose, chosen
from ui.language import words
from ui.learn.evaluation import drawing_pad
from ui.learn.evaluation.shown import Shown
from ui.learn.fairness.answer_view import points
from ui.learn.training import run_choice

KEPT, LABEL, SHEET = "fair-own", "fair-own-label", "fair-own-sheet"
MOST_KEPT = 100
PICTURE = 72


@st.fragment
def show(shown: Shown) -> None:
    left, right = st.columns([1, 2], gap="large")
    with left:
        _collect(shown)
    with right:
        kept: tuple[tuple[str, int], ...] = chosen(KEPT, ())
        if not kept:
            st.caption(
                words(
                    "Draw, say what it is, keep it, and draw the next: ten of each class say more than the first ten."
                )
            )
        else:
            try:
                _judge(shown, kept)
            except InputError as error:
                st.error(run_choice.fault_text(error), icon=":material/block:")


def _collect(shown: Shown) -> None:
    clothes = shown.config.data == "fashion-mnist"
    label = words("Draw a piece of clothing") if clothes else words("Draw a digit")
    st.markdown(f"**{label}**")
    ink = drawing_pad.ask(label, chosen(SHEET, 0))
    truth = ask_one(LABEL, words("What it is"), dict(enumerate(shown.names)), 0)
    full = len(chosen(KEPT, ())) >= MOST_KEPT
    st.button(
        words("Keep this one"),
        key="fair-own-keep",
        icon=":material/add:",
        disabled=ink is None or full,
        on_click=lambda: _keep(ink, truth, len(shown.names)),
    )


def _keep(ink: str | None, truth: int, classes: int) -> None:
    """Onto a new sheet, with the next class proposed."""
    if ink is None:
        return
    choose(KEPT, (*chosen(KEPT, ()), (ink, truth)))
    choose(drawing_pad.DRAWN, None)
    choose(SHEET, chosen(SHEET, 0) + 1)
    choose(LABEL, (truth + 1) % classes)


def _judge(shown: Shown, kept: tuple[tuple[str, int], ...]) -> None:
    """Accuracy with its interval, beside the test images'. Raises InputError."""
    question = {"kind": "own_drawings", "side": drawing_pad.SIDE, "drawings": [ink for ink, _ in kept]}
    probabilities = read_answer(the_queue().ask(shown.run, question)).arrays["probabilities"]
    predicted, truth = probabilities.argmax(axis=1), np.array([label for _, label in kept])
    right = int((predicted == truth).sum())
    low, high = wilson_interval(right, len(kept))
    tests = shown.found.labels
    gap = share_difference(int((shown.found.predicted == tests).sum()), len(tests), right, len(kept))
    sentence = words(
        "**{right} of {count}** of your drawings are read right: {share} (95% interval {low} to {high}), where the "
        "test images reach {test}. {verdict}"
    )
    verdict = (
        words("The gap of {gap} points is more than chance explains.").format(gap=points(gap.value))
        if gap.beyond_chance
        else words("With so few drawings that is no gap yet.")
    )
    st.markdown(
        sentence.format(
            right=right,
            count=len(kept),
            share=formats.percent(right / len(kept)),
            low=formats.percent(low),
            high=formats.percent(high),
            test=formats.percent(shown.found.accuracy),
            verdict=verdict,
        )
    )
    side = drawing_pad.SIDE
    with st.grid(8, min_column_width=PICTURE + 20):
        for (ink, label), said in zip(kept, predicted, strict=True):
            with st.container(gap=None):
                picture = np.frombuffer(bytes.fromhex(ink), dtype=np.uint8).reshape(1, side, side)
                text = words("A drawn {truth}, read as {answer}").format(
                    truth=shown.names[label], answer=shown.names[said]
                )
                st.image(mosaic(picture.astype(float), 1, enlarged=1), width=PICTURE, alt=text)
                mark = f"{shown.names[label]} → **{shown.names[said]}**" if label != said else shown.names[label]
                st.markdown(mark)
    st.button(
        words("Throw all away"), key="fair-own-clear", icon=":material/delete:", on_click=lambda: choose(KEPT, ())
    )
    st.caption(
        words("Your drawings stay in this session's memory; the training process keeps its answers, no picture.")
    )
