"""The article's network stops at its first batch: why, and how both ways to mend it differ."""

import streamlit as st

from core.runs.networks import network_cost
from core.runs.training_config import Model
from ui import formats
from ui.compute.page_choices import choose
from ui.language import words
from ui.learn import mistakes_view
from ui.learn.training import recipe
from ui.tables import small_table

ERRATUM = "article_linear_layer"
WAYS: tuple[Model, ...] = ("simple_cnn", "simple_cnn_padded")
SIDE = 28


def show() -> None:
    mistakes_view.solution(ERRATUM)
    rows = []
    for model in WAYS:
        cost = network_cost(model, SIDE)
        flat = next(one for one in cost.layers if one.name == "flatten")
        rows.append(
            {
                words("Mended"): words(recipe.MODELS[model]),
                words("Inputs of the first linear layer"): formats.decimal(flat.shape[0], 0),
                words("Parameters"): formats.decimal(cost.parameters, 0),
                words("FLOP an image, forward and backward"): formats.decimal(cost.training_flops, 0),
            }
        )
    small_table(rows, words("Both ways to mend the network"))
    with st.container(horizontal=True):
        for model in WAYS:
            st.button(
                words("Train it: {network}").format(network=words(recipe.MODELS[model])),
                key=f"mended-{model}",
                on_click=choose,
                args=(recipe.PREFIX + "model", model),
            )
