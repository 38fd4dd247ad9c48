"""A signal on its way through many equal layers and a gradient on its way back, under several first weights."""

from functools import lru_cache

import pandas as pd
import streamlit as st

from core.charts.activations import signal_figure, sizes
from core.formulas.activations import Activation
from core.formulas.activations.behaviour import Signal, signal_through_depth
from core.formulas.initializers import INITIALIZERS
from core.formulas.settings import Choice, Settings
from ui import formats
from ui.chart_words import draw_chart
from ui.compute.page_choices import Number, ask_number, ask_one, chosen
from ui.language import N_, words
from ui.learn import export
from ui.learn.activations.function_view import largest_slope
from ui.learn.choices import ask_some
from ui.learn.numbers import significant

PREFIX = "activations-"
WIDTHS = (16, 32, 64, 128, 256)
DEPTH = Number(N_("Layers"), low=1, high=100)
SEED = Number(N_("Random seed"), low=0, high=9999, help=N_("Another one draws other weights."))
SAMPLES = 64
STARTS = ("layer_default", "xavier_normal", "kaiming_normal")


def show(row: Activation, settings: Settings) -> None:
    left, right = st.columns([2, 1], gap="large")
    with right:
        options = {one.id: words(one.name) for one in INITIALIZERS.values() if one.dimensions[0] == 2}
        starts = ask_some(f"{PREFIX}starts", words("First weights"), options, STARTS, most=4)
        depth, seed = int(chosen(f"{PREFIX}depth", 30)), int(chosen(f"{PREFIX}seed", 1))
        ask_number(f"{PREFIX}depth", DEPTH, depth)
        width = ask_one(f"{PREFIX}width", words("Units in a layer"), {one: str(one) for one in WIDTHS}, 64)
        ask_number(f"{PREFIX}seed", SEED, seed)
    given = tuple(settings.items())
    signals = [(name, _signal(row.id, given, name, (width, depth), seed)) for name in starts]
    with left:
        steepest = largest_slope(row.id, given)
        st.markdown(
            words(
                "The slope of {function} is at most {slope}. Weights that neither grow nor shrink a gradient leave at "
                "most {slope} to the power of {depth} of it after {depth} layers: **{left}**."
            ).format(
                function=words(row.name),
                slope=significant(steepest, 4),
                depth=depth,
                left=significant(steepest**depth, 4),
            )
        )
        if not signals:
            st.info(words("Choose how the first weights are drawn."))
            return
        named = [(words(INITIALIZERS[name].name), signal) for name, signal in signals]
        figure = signal_figure(named, words)
        draw_chart(figure, key="activations-depth-chart", alt=words("Signal and gradient by layer"))
        export.below(figure, "depth")
    st.dataframe(_table(signals, width), hide_index=True, alt=words("Signal and gradient by first weights"))
    st.caption(
        words(
            "{samples} inputs of mean 0 and standard deviation 1 go forward and gradients of the same kind come back, "
            "through square layers without biases. Sizes are root mean squares; 1 is what went in."
        ).format(samples=SAMPLES)
    )


def _table(signals: list[tuple[str, Signal]], width: int) -> pd.DataFrame:
    lines = []
    for name, signal in signals:
        row = INITIALIZERS[name]
        forward, back = sizes(signal.means, signal.variances), sizes(signal.gradient_means, signal.gradient_variances)
        lines.append(
            {
                words("First weights"): words(row.name),
                words("Spread of a weight"): significant(row.standard_deviation((width, width)), 4),
                words("Signal at the end"): significant(float(forward[-1]), 3),
                words("Gradient at the first layer"): significant(float(back[0]), 3),
                words("Units without slope at the end"): formats.percent(float(signal.flat_shares[-1]), 0),
            }
        )
    return pd.DataFrame(lines)


@lru_cache(maxsize=64)
def _signal(
    activation: str, settings: tuple[tuple[str, float], ...], start: str, shape: tuple[int, int], seed: int
) -> Signal:
    width, depth = shape
    chosen_activation = Choice(activation, dict(settings))
    return signal_through_depth(chosen_activation, Choice(start), width, depth, seed=seed, samples=SAMPLES)
