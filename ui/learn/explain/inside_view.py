"""The network from inside: its layers' answers, its filters, silent units, and how far the gradient reaches."""

import streamlit as st

from core.charts.explain import gradient_figure, kernels_picture
from ui import formats
from ui.chart_words import draw_chart
from ui.compute.page_choices import ask_one
from ui.language import words
from ui.learn import export
from ui.learn.evaluation import layers_view
from ui.learn.evaluation.shown import Shown
from ui.learn.explain.asking import Picture, ask, ask_slowly
from ui.learn.numbers import significant
from ui.tables import small_table

MOST_KERNELS, IN_A_ROW = 16, 8  # in a row and in a column; where each channel has one of its own, in a row
SHEET_WIDTH = 480


def feature_maps(shown: Shown, picture: Picture) -> None:
    layers_view.layers(ask(shown, kind="explained_layers", **picture.asked), picture.image, shown.config.model)


def filters(shown: Shown) -> None:
    """The kernels of one convolution."""
    kernels = ask(shown, kind="filters").arrays
    if not kernels:
        st.markdown(words("This network has no convolution wider than a point: it has no filters to look at."))
        return
    names = {name: f"{name} · {' × '.join(str(size) for size in one.shape)}" for name, one in kernels.items()}
    layer = ask_one("explain-filters", words("Convolution"), names, next(iter(names)))
    weights = kernels[layer]
    if weights.shape[1] == 1:  # one input each: so many in rows of their own
        columns = min(IN_A_ROW, len(weights))
        drawn = weights[: len(weights) // columns * columns, 0].reshape(-1, columns, *weights.shape[2:])
        caption = words("One kernel for each of {count} channels; orange weights are above 0, blue ones below.").format(
            count=len(weights)
        )
    else:
        drawn = weights[:MOST_KERNELS, :MOST_KERNELS]
        caption = words(
            "Rows: the first {rows} of {outputs} channels that come out. Columns: the first {columns} of {inputs} that "
            "go in. Orange weights are above 0, blue ones below."
        ).format(rows=len(drawn), outputs=len(weights), columns=drawn.shape[1], inputs=weights.shape[1])
    st.image(
        kernels_picture(drawn, SHEET_WIDTH),
        width=SHEET_WIDTH,
        alt=words("Kernels of the layer {name}").format(name=layer),
    )
    st.caption(caption)


def dead_units(shown: Shown) -> None:
    """Units of the activations that never fire on a test image."""
    found = ask_slowly(shown, words("The network reads its test images …"), kind="dead_units").figures
    dead, units = sum(found["dead"]), sum(found["units"])
    st.markdown(
        "**"
        + words("{dead} of {units} units ({share}) never fire on any of {images} test images.").format(
            dead=formats.decimal(dead, 0),
            units=formats.decimal(units, 0),
            share=formats.percent(dead / max(1, units)),
            images=formats.decimal(found["images"], 0),
        )
        + "**"
    )
    rows = [
        {
            words("Layer"): layer,
            words("Units"): formats.decimal(count, 0),
            words("Never fire"): f"{formats.decimal(silent, 0)} ({formats.percent(silent / max(1, count))})",
            words("Answers that are 0"): formats.percent(zeros),
        }
        for layer, count, silent, zeros in zip(
            found["layer"], found["units"], found["dead"], found["zeros"], strict=True
        )
    ]
    small_table(rows, words("Units that never fire, by layer"))
    st.caption(
        words(
            "A unit is a channel of a convolution, or one feature. One that answers exactly 0 at every place of every "
            "image passes no gradient on and learns no more: a dead ReLU. Activations that are never exactly 0, such "
            "as tanh, have none. Many zeros by themselves are no fault."
        )
    )


def gradients(shown: Shown) -> None:
    """Whether the gradient reaches the first layer."""
    told = ask(shown, kind="gradient_norms")
    layers, trained, fresh = told.figures["layers"], told.arrays["trained"], told.arrays["fresh"]
    ratio = float(trained[0]) / max(float(trained[-1]), 1e-30)
    sentence = words("At the first layer the gradient is {ratio} times as large as at the last.").format(
        ratio=significant(ratio, 3)
    )
    st.markdown(f"**{sentence}**")
    figure = gradient_figure(layers, trained, fresh, words)
    draw_chart(figure, key="explain-gradients", alt=sentence)
    st.caption(
        words(
            "Of the run's own loss on 256 training images, without penalties, dropout and augmentation; weights and "
            "biases of a layer together. Sizes that shrink by orders of magnitude towards the image mean that the "
            "first layers learn slowly (vanishing gradient). Before training: the same network with fresh weights."
        )
    )
    export.below(figure, "gradients")
