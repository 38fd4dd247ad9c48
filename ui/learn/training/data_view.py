"""The training images as they are stored and as the network sees them, and how they are set apart."""

import streamlit as st

from core.charts.training_run import brightness_figure, mosaic
from core.runs.answers import read_answer
from core.runs.run_queue import the_queue
from ui import formats
from ui.chart_words import draw_chart
from ui.language import words
from ui.learn.numbers import significant
from ui.learn.training import recipe

COLUMNS = 8


def show() -> None:
    """Raises InputError where the data cannot be read or the training process cannot be asked."""
    config = recipe.config()
    with st.spinner(words("Asking the training process …")):
        told = read_answer(the_queue().ask(None, {"kind": "pictures", "config": config.model_dump_json()}))
    figures, arrays = told.figures, told.arrays
    st.markdown(
        words(
            "**{train}** images to train on, **{validation}** set apart to judge each epoch by, **{test}** that "
            "training never sees."
        ).format(**{name: formats.decimal(figures[name], 0) for name in ("train", "validation", "test")})
    )
    left_out = sum(figures[name] for name in ("blank", "contradicting", "repeated", "leaked"))
    st.caption(
        words(
            "Cleaned: {count} training images are left out ({blank} blank, {contradicting} with two labels, {repeated} "
            "repeated, {leaked} that are test images, too)."
        ).format(count=left_out, **{name: figures[name] for name in ("blank", "contradicting", "repeated", "leaked")})
    )
    before, after = st.columns(2, gap="large")
    enlarged = 4 if arrays["stored"].shape[-1] < 16 else 2
    with before:
        labels = ", ".join(str(label) for label in arrays["labels"][:COLUMNS])
        st.image(
            mosaic(arrays["stored"].astype(float), COLUMNS, enlarged=enlarged * 2),
            caption=words("As stored"),
            width="stretch",
            alt=words("Training images, the first row: {labels}").format(labels=labels),
        )
    with after:
        st.image(
            mosaic(arrays["seen"].astype(float), COLUMNS, enlarged=enlarged * 2),
            caption=words("As a training step sees them: standardised, moved, turned, with noise as set"),
            width="stretch",
            alt=words("The same images after augmentation"),
        )
    draw_chart(
        brightness_figure(arrays["edges"], arrays["stored_share"], arrays["standardised_share"], words),
        key="train-brightness",
        alt=words("How bright the pixels are before and after standardisation"),
    )
    st.caption(
        words(
            "Standardised: less the mean {mean}, over the standard deviation {deviation}, both of the training images."
        ).format(mean=significant(figures["mean"], 4), deviation=significant(figures["deviation"], 4))
    )
