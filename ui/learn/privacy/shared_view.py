"""What a shared checkpoint gives away, and what this app itself keeps of whom."""

import json

import numpy as np
import streamlit as st

from core.charts.training_run import mosaic
from core.host_limits import host_limits
from core.runs.answers import read_answer
from core.runs.checkpoint_contents import checkpoint_contents
from core.runs.retention import KEPT_ANSWERS
from core.runs.run_queue import the_queue
from ui import formats
from ui.language import words
from ui.learn.evaluation.shown import Shown
from ui.tables import small_table

PICTURE = 72
PATIENCE = 180.0


def contents(shown: Shown) -> None:
    """Every tensor and every word of the file. Raises InputError."""
    held = checkpoint_contents(shown.folder.checkpoint_file)
    numbers = sum(one.numbers for one in held.tensors)
    st.markdown(
        words(
            "The file holds **{numbers}** numbers in {tensors} tensors ({size} MB) and these words about them. No "
            "image, no name, no address, and nothing that could run; but the numbers were made from the images."
        ).format(
            numbers=formats.decimal(numbers, 0),
            tensors=len(held.tensors),
            size=formats.decimal(held.bytes / 1e6, 2),
        )
    )
    for text in held.metadata.values():
        st.code(_pretty(text), language="json", wrap_lines=True)
    st.caption(
        words(
            "`standard` is the mean and deviation of all training pixels, exact and without noise: the one figure "
            "of the data that is told outright, in private runs, too."
        )
    )
    rows = [
        {
            words("Tensor"): one.name,
            words("Dimensions"): " × ".join(str(size) for size in one.shape) or "1",
            words("Numbers"): formats.decimal(one.numbers, 0),
            words("Type"): one.type,
        }
        for one in held.tensors
    ]
    small_table(rows, words("Tensors of the checkpoint"))


def inversion(shown: Shown) -> None:
    """Pictures drawn by gradient ascent from the weights alone. Raises InputError."""
    text = words("Ten pictures are drawn from the weights …")
    question = {"kind": "inversion"}
    known = the_queue().known(shown.run, question)
    if known is None:
        bar = st.progress(0.0, text)
        known = the_queue().ask(shown.run, question, PATIENCE, share=lambda share: bar.progress(share, text))
        bar.empty()
    told = read_answer(known)
    pictures, means, likeness = (told.arrays[name] for name in ("pictures", "means", "likeness"))
    alike = int((likeness.argmax(axis=1) == np.arange(len(likeness))).sum())
    st.markdown(
        "**"
        + words(
            "Of ten pictures drawn from the weights alone, {alike} look more like the mean training image of their "
            "own class than like any other's."
        ).format(alike=alike)
        + "**"
    )
    with st.grid(10, min_column_width=PICTURE + 20):
        for place, name in enumerate(shown.names):
            with st.container(gap=None):
                st.markdown(f"**{name}** · {formats.decimal(float(likeness[place, place]), 2)}")
                for pixels, alt in (
                    (pictures[place], words("Picture of the class {name} drawn from the weights")),
                    (means[place], words("Mean training image of the class {name}")),
                ):
                    enlarged = max(1, PICTURE // pixels.shape[-1])
                    st.image(
                        mosaic(pixels[None].astype(float), 1, enlarged=enlarged),
                        width=PICTURE,
                        alt=alt.format(name=name),
                    )
    st.caption(
        words(
            "Above, what the network is surest of (gradient ascent, model inversion: Fredrikson et al. 2015); below, "
            "the mean of its training images; the number is their correlation. It shows what a class looks like, "
            "not a single person's image; where a class is one person's face, that is the same."
        )
    )


def handling() -> None:
    """What is stored where, for how long, and what is not done."""
    limits = host_limits()
    st.markdown(
        words(
            "| what | where | how long |\n"
            "|---|---|---|\n"
            "| a run: recipe, course, weights, figures | a folder of the server | {days} days, at most the newest "
            "{runs} runs and {size} GB; then deleted |\n"
            "| answers about a run; a drawing that you ask about, cut and centred, is among them | the run's folder "
            "| the newest {answers}, with the run |\n"
            "| drawings kept as “your own handwriting” | the session's memory | until the page is closed |\n"
            "| the images of MNIST | the server; public data | until somebody deletes them |"
        ).format(
            days=formats.decimal(limits.runs_kept_days, 0),
            runs=formats.decimal(limits.runs_kept, 0),
            size=formats.decimal(limits.runs_kept_gigabytes, 1),
            answers=formats.decimal(KEPT_ANSWERS, 0),
        )
    )
    st.markdown(
        words(
            "- **Encryption:** none by the app. Files lie as they are on the disk, readable to the server's account "
            "alone; on the way they are as safe as the server's HTTPS. Encrypt the disk, and put a proxy with a "
            "certificate before it.\n"
            "- **De-identification:** runs and drawings carry no name, but handwriting can be known by its writer, "
            "so a drawing without a name is not anonymous.\n"
            "- **Access control:** no accounts. A run's address holds 128 random bits; whoever has the link sees "
            "the run, may stop it and take its weights. A link once sent cannot be called back.\n"
            "- **Audit:** each run's events are a file that can be read; who opened a page is written nowhere by "
            "this app.\n"
            "- **Statistics:** Streamlit's usage statistics are switched off."
        )
    )


def _pretty(text: str) -> str:
    try:
        return json.dumps(json.loads(text), indent=1, ensure_ascii=False)
    except ValueError:
        return text
