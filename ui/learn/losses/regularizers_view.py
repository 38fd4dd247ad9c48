"""What is added to a loss, or laid on a net beside it: a card and, where one picture says it, a drawing."""

from functools import lru_cache

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from core.charts.losses import before_and_after_figure, mask_figure, penalty_figure, shrinkage_figure
from core.formulas.regularizers import REGULARIZERS, Regularizer
from core.formulas.regularizers.decay_or_penalty import Shrinkage, shrinkage
from core.formulas.regularizers.row import PENALTY
from core.formulas.settings import Settings
from ui.chart_words import draw_chart
from ui.compute.page_choices import ask_one
from ui.language import words
from ui.learn import export, formula_card, settings_inputs
from ui.learn.losses import catalogue

PREFIX = "losses-regularizer"
WEIGHTS = np.linspace(-3.0, 3.0, 241)
LENGTHS = np.linspace(0.0, 5.0, 201)
UNITS, SEED = 24, 0
MASKED = ("dropout", "alpha_dropout", "drop_connect", "added_noise")
SHRINKING = ("l2", "weight_decay")


def show() -> None:
    names = {row.id: f"{words(row.family)} · {words(row.name)}" for row in REGULARIZERS.values()}
    left, right = st.columns([2, 1], gap="large")
    with right:
        row = REGULARIZERS[ask_one(f"{PREFIX}", words("Regulariser"), names, "l2")]
        settings = settings_inputs.ask(f"{PREFIX}-{row.id}-", row.settings)
        st.caption(words("Acts on: {argument}").format(argument=words(row.argument)))
        if row.note:
            st.caption(words(row.note))
    with left:
        figure = drawing(row, settings)
        if figure is None:
            st.latex(formula_card.stacked(row.formula))
        else:
            draw_chart(figure, key=f"{PREFIX}-figure", alt=words("What the regulariser does, drawn"))
            export.below(figure, "regulariser")
    formula_card.show("regularizer", row, settings)
    if row.id in SHRINKING:
        st.markdown(
            words(
                "Weights that start at 1 under gradients that only flip their sign: what is left is the regulariser's "
                "work. Inside Adam the penalty is divided by the gradient's size; beside it, as in AdamW, it is not."
            )
        )
        shrunk = shrinkage_figure(_shrinkage(), words)
        draw_chart(shrunk, key=f"{PREFIX}-shrinkage", alt=words("Weights over the steps"))
        export.below(shrunk, "shrinkage")
    st.markdown(words("All regularisers"))
    catalogue.regularizers()


def drawing(row: Regularizer, settings: Settings) -> go.Figure | None:
    """A picture of the rows whose effect on one number says all."""
    name = words(row.name)
    if row.family == PENALTY and row.id != "weight_decay":
        penalty = np.array([float(row.value(weight, **settings)) for weight in WEIGHTS])
        return penalty_figure(name, WEIGHTS, penalty, row.derivative(WEIGHTS, **settings), words)
    if row.id in {"weight_decay", "max_norm"}:
        column = WEIGHTS[:, None]
        lines = [(words("before"), WEIGHTS), (words("after"), row.value(column, **settings)[:, 0])]
        return before_and_after_figure(name, WEIGHTS, lines, words("weight"))
    if row.id == "clip_gradient":
        clipped = np.array([float(row.value([length], **settings)[0]) for length in LENGTHS])
        lines = [(words("before"), LENGTHS), (words("after"), clipped)]
        return before_and_after_figure(name, LENGTHS, lines, words("length of the gradient"))
    if row.id in MASKED:
        before = np.random.default_rng(SEED).normal(size=UNITS)
        return mask_figure(
            before, row.value(before, row.draw_mask((UNITS,), SEED, **settings), **settings), name, words
        )
    return None


@lru_cache(maxsize=1)
def _shrinkage() -> Shrinkage:
    return shrinkage()
