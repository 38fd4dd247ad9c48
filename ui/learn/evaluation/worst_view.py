"""The mistakes that cost most, and what the network answers where MNIST's own labels are doubtful."""

import streamlit as st

from core.charts.training_run import mosaic
from core.runs.evaluation import known_errors
from core.runs.label_errors import label_errors
from ui import formats
from ui.language import words
from ui.learn.evaluation.shown import Shown
from ui.sources import source_text
from ui.tables import small_table

COLUMN_WIDTH = 110  # pixels
PICTURE_WIDTH = 96


def mistakes(shown: Shown) -> None:
    worst = shown.found.mistakes
    if not len(worst.index):
        st.markdown(words("Every test image is answered right."))
        return
    st.caption(
        words("Wrong answers, the most expensive first: what it is, what was answered, and how sure the network was.")
    )
    with st.grid(8, min_column_width=COLUMN_WIDTH):
        for place, pixels in enumerate(worst.pixels):
            truth, said = shown.names[worst.labels[place]], shown.names[worst.predicted[place]]
            with st.container(gap=None):
                st.image(
                    mosaic(pixels[None].astype(float), 1, enlarged=PICTURE_WIDTH // pixels.shape[-1]),
                    width=PICTURE_WIDTH,
                    alt=words("Image {index}: {truth}, taken for {answer}").format(
                        index=worst.index[place], truth=truth, answer=said
                    ),
                )
                sure = formats.percent(worst.probability[place], 0)
                st.markdown(f"{truth} → **{said}** · {sure}")
                if worst.known_error[place]:
                    st.caption(words("a doubtful label"))


def doubtful_labels(shown: Shown) -> None:
    """MNIST's published label errors; what the network answers where the test images are MNIST's own."""
    st.markdown(
        words(
            "Of MNIST's 10,000 test images, {count} carry a label that at most two of five people read in them. Being "
            '"right" there is being wrong: {count} images are {share} of the score.'
        ).format(count=len(label_errors()), share=formats.percent(len(label_errors()) / 10_000, 2))
    )
    answers = {one.published.index: one for one in known_errors(shown.config, shown.found)}
    rows = []
    for one in label_errors():
        row = {
            words("Image"): str(one.index),
            words("Label"): str(one.label),
            words("Proposed instead"): str(one.proposed),
            words(
                "People for label, proposal, neither"
            ): f"{one.votes_label}, {one.votes_proposed}, {one.votes_neither}",
        }
        if one.index in answers:
            told = answers[one.index]
            row[words("The network")] = f"{told.answered} ({formats.percent(told.probability, 0)})"
        rows.append(row)
    small_table(rows, words("Known errors of MNIST's test labels"))
    if not answers:
        st.caption(words("Train on all of MNIST, and the network's answers appear beside them."))
    st.caption(words("Source: {source}").format(source=source_text(label_errors()[0].source)))
