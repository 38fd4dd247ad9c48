"""Activations over their slopes, distributions with their Jacobian, and a signal on its way through many layers."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from core.charts.colours import NEUTRAL, ORANGE, SERIES, faded
from core.charts.layout import laid_out
from core.charts.panels import HEIGHT, finite, legend_below, two_panels
from core.charts.units import Words
from core.formulas.activations.behaviour import Signal
from core.formulas.activations.row import Activation
from core.formulas.settings import Settings
from core.formulas.shown_code import Array

SPAN, POINTS = 6.0, 481
FLAT_COLOUR = faded(ORANGE, 0.14)
LEAST_SIZE = 1e-150  # below it a square is no number any more


@dataclass(frozen=True)
class Drawn:
    """An activation with the settings it is drawn with."""

    row: Activation
    name: str
    settings: Settings


def activation_figure(
    drawn: Sequence[Drawn], at: float, flat: Sequence[tuple[float, float]], words: Words
) -> go.Figure:
    """Functions above their slopes over [-6, 6]; the first is marked at one input, shaded where it is flat."""
    figure = go.Figure()
    for one, colour in zip(drawn, SERIES, strict=False):
        x = _inputs(one)
        for axis, values in (
            ("y", one.row.value(x, **one.settings)),
            ("y2", one.row.derivative(x, **one.settings)),
        ):
            figure.add_scatter(
                x=x,
                y=_broken(one, x, values),
                yaxis=axis,
                name=one.name if axis == "y" else words("slope of {function}").format(function=one.name),
                legendgroup=one.name,
                showlegend=axis == "y",
                line={"color": colour, "width": 2.5, "simplify": False},  # a bow would get corners
                hovertemplate="%{y:.5g}",
            )
    for low, high in flat:
        if high > -SPAN and low < SPAN:
            figure.add_vrect(max(low, -SPAN), min(high, SPAN), fillcolor=FLAT_COLOUR, line_width=0, layer="below")
    if -SPAN <= at <= SPAN:
        _mark(figure, drawn[0], at, words)
    laid_out(figure, words("Function and slope"), words("value"), HEIGHT)
    return two_panels(figure, "x", words("slope"))


def shares_figure(labels: Sequence[str], inputs: Array, outputs: Array, name: str, words: Words) -> go.Figure:
    """Bars of what goes into a formula over a vector and of what comes out."""
    figure = go.Figure(
        [
            go.Bar(x=list(labels), y=inputs, name=words("input"), marker={"color": NEUTRAL}),
            go.Bar(
                x=list(labels[: len(outputs)]),
                y=finite(outputs),
                name=words("output"),
                marker={"color": SERIES[0]},
                text=[f"{value:.3g}" for value in outputs],
                textposition="outside",
                cliponaxis=False,
            ),
        ]
    )
    figure.update_layout(barmode="group")
    return legend_below(laid_out(figure, name, "", 360))


def jacobian_figure(labels: Sequence[str], jacobian: Array, words: Words) -> go.Figure:
    """How each output moves with each input: blue falls, red rises."""
    largest = float(np.abs(jacobian).max()) or 1.0
    figure = go.Figure(
        go.Heatmap(
            z=jacobian,
            x=list(labels),
            y=list(labels[: len(jacobian)]),
            colorscale="RdBu",
            reversescale=True,
            zmin=-largest,
            zmax=largest,
            texttemplate="%{z:.3f}" if jacobian.size <= 64 else None,
            hovertemplate=words("output {output}, input {input}: {slope}").format(
                output="%{y}", input="%{x}", slope="%{z:.5g}"
            )
            + "<extra></extra>",
        )
    )
    figure.update_layout(xaxis={"title": {"text": words("input")}})
    laid_out(figure, words("Jacobian: slope of each output with respect to each input"), words("output"), 360)
    figure.update_layout(
        hovermode="closest", xaxis={"type": "category"}, yaxis={"type": "category", "autorange": "reversed"}
    )
    return figure


def signal_figure(signals: Sequence[tuple[str, Signal]], words: Words) -> go.Figure:
    """Size of the signal going forward, above that of the gradient coming back, by layer; logarithmic."""
    figure = go.Figure()
    for (name, signal), colour in zip(signals, SERIES, strict=False):
        layers = np.arange(1, len(signal.variances) + 1)
        for axis, means, variances in (
            ("y", signal.means, signal.variances),
            ("y2", signal.gradient_means, signal.gradient_variances),
        ):
            figure.add_scatter(
                x=layers,
                y=_drawable(sizes(means, variances)),
                yaxis=axis,
                name=name if axis == "y" else words("gradient, {name}").format(name=name),
                legendgroup=name,
                showlegend=axis == "y",
                line={"color": colour, "width": 2.5, "simplify": False},
                hovertemplate="%{y:.3g}",
            )
    laid_out(figure, words("What is left after each layer"), words("signal"), HEIGHT)
    figure = two_panels(figure, words("layer"), words("gradient"))
    figure.update_layout(
        yaxis={"type": "log", "exponentformat": "power"}, yaxis2={"type": "log", "exponentformat": "power"}
    )
    return figure


def sizes(means: Array, variances: Array) -> Array:
    """Root mean squares of numbers with these means and variances."""
    with np.errstate(over="ignore", invalid="ignore"):
        return np.sqrt(means**2 + variances)


def _drawable(values: Array) -> Array:
    """Gaps where a logarithmic axis has no place."""
    return np.where(np.isfinite(values) & (values > LEAST_SIZE), values, np.nan)


def _inputs(one: Drawn) -> Array:
    """An even grid, and every kink with both of its sides."""
    kinks = [at for at in one.row.kink_positions(**one.settings) if -SPAN < at < SPAN]
    sides = [side for at in kinks for side in (np.nextafter(at, -np.inf), at, np.nextafter(at, np.inf))]
    return np.union1d(np.linspace(-SPAN, SPAN, POINTS), sides)


def _broken(one: Drawn, x: Array, values: Array) -> Array:
    """A gap at a kink whose two sides differ, so that a jump is not drawn as a slope."""
    values = finite(values).copy()
    for at in one.row.kink_positions(**one.settings):
        here = int(np.searchsorted(x, at))
        if 0 < here < len(x) - 1 and abs(values[here + 1] - values[here - 1]) > 1e-6:
            values[here] = np.nan
    return values


def _mark(figure: go.Figure, one: Drawn, at: float, words: Words) -> None:
    for axis, height in (
        ("y", one.row.value(at, **one.settings)),
        ("y2", one.row.derivative(at, **one.settings)),
    ):
        figure.add_scatter(
            x=[at],
            y=[float(height)],
            yaxis=axis,
            mode="markers",
            name=words("this input"),
            showlegend=axis == "y",
            marker={"color": SERIES[0], "size": 11, "line": {"color": "white", "width": 1.5}},
            hoverinfo="skip",
        )
