"""A drawing, what the network makes of it, and what every layer answers on the way."""

import numpy as np
import streamlit as st

from core.charts.evaluation import scores_figure
from core.charts.training_run import mosaic
from core.errors import InputError
from core.runs.answers import Answer, read_answer
from core.runs.networks import LayerCost, network_cost
from core.runs.run_queue import the_queue
from ui import formats
from ui.chart_words import draw_chart
from ui.language import words
from ui.learn.evaluation import drawing_pad
from ui.learn.evaluation.shown import Shown
from ui.learn.training import run_choice

MOST_MAPS = 32
WIDEST = 16  # features in a row
STRIP_PIXELS = 240


@st.fragment
def show(shown: Shown) -> None:
    drawn, answered = st.columns([1, 2], gap="large")
    with drawn:
        clothes = shown.config.data == "fashion-mnist"
        label = words("Draw a piece of clothing") if clothes else words("Draw a digit")
        st.markdown(f"**{label}**")
        pixels = drawing_pad.ask(label)
    if pixels is None:
        answered.caption(words("With a mouse, a pen or a finger; the answer comes when the line ends."))
        return
    question = {"kind": "layers", "pixels": pixels, "side": drawing_pad.SIDE}
    try:
        told = read_answer(the_queue().ask(shown.run, question))
    except InputError as error:
        answered.error(run_choice.fault_text(error), icon=":material/block:")
        return
    with answered:
        _answer(told, shown)
    layers(told, told.arrays["image"], shown.config.model)


def _answer(told: Answer, shown: Shown) -> None:
    probabilities = told.arrays["probabilities"]
    top = int(probabilities.argmax())
    st.markdown(
        "## "
        + words("It reads **{answer}** and is {sure} sure.").format(
            answer=shown.names[top], sure=formats.percent(float(probabilities[top]))
        )
    )
    figure = scores_figure(probabilities, shown.names, words)
    listed = words(", ").join(
        f"{name} {formats.percent(float(one))}" for name, one in zip(shown.names, probabilities, strict=True)
    )
    draw_chart(figure, key="evaluate-scores", alt=listed)


def layers(told: Answer, image: np.ndarray, model: str) -> None:
    """The image and what each layer answers to it, as pictures."""
    st.markdown("**" + words("What the network is given, and what each layer answers") + "**")
    st.caption(
        words(
            "Cut and centred as the training images are; bright is large. Silent: the share of answers that are "
            "exactly zero."
        )
    )
    costs = {layer.name: layer for layer in network_cost(model, image.shape[-1]).layers}
    with st.grid(3, min_column_width=230):
        with st.container():
            st.markdown(words("The image, {side} × {side}").format(side=image.shape[-1]))
            _picture(image[None].astype(float), 1, words("The image as the network sees it"))
        for number, (name, silent) in enumerate(zip(told.figures["names"], told.figures["silent"], strict=True)):
            values = told.arrays[f"layer {number}"].astype(float)
            with st.container():
                st.markdown(f"`{name}` · {' × '.join(str(size) for size in values.shape)}")
                maps, columns = _maps(values)
                _picture(maps, columns, words("Answers of the layer {name}").format(name=name))
                st.caption(_facts(costs.get(name), silent, values))


def _maps(values: np.ndarray) -> tuple[np.ndarray, int]:
    """Pictures to lay side by side: channels, or single features as squares."""
    if _has_maps(values):
        shown = values[:MOST_MAPS]
        return shown, min(8, len(shown))
    values = values.ravel()
    low, high = values.min(), values.max()
    flat = (values - low) / max(high - low, 1e-12)
    columns = min(WIDEST if len(flat) <= 256 else 4 * WIDEST, len(flat))
    padded = np.concatenate([flat, np.zeros(-len(flat) % columns)])
    return padded.reshape(1, -1, columns), 1


def _picture(maps: np.ndarray, columns: int, alt: str) -> None:
    enlarged = max(1, STRIP_PIXELS // (columns * maps.shape[-1]))
    st.image(mosaic(maps, columns, enlarged=enlarged), width=STRIP_PIXELS, alt=alt)


def _facts(cost: LayerCost | None, silent: float, values: np.ndarray) -> str:
    facts = [words("{share} silent").format(share=formats.percent(silent, 0))]
    if cost is not None and cost.parameters:
        facts.insert(0, words("{count} parameters").format(count=formats.decimal(cost.parameters, 0)))
    if _has_maps(values) and len(values) > MOST_MAPS:
        facts.append(words("the first {count} channels").format(count=MOST_MAPS))
    return " · ".join(facts)


def _has_maps(values: np.ndarray) -> bool:
    """Channels with places; those of a single pixel are looked at as features."""
    return values.ndim == 3 and max(values.shape[1:]) > 1
