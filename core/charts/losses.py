"""A loss along one prediction over its slope, and what a regulariser adds to it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from core.charts.colours import NEUTRAL, SERIES
from core.charts.layout import laid_out
from core.charts.panels import HEIGHT, finite, legend_below, two_panels
from core.charts.units import Words
from core.formulas.losses.data import Along
from core.formulas.regularizers.decay_or_penalty import Shrinkage
from core.formulas.shown_code import Array

TANGENT = 0.18  # half its length, as a share of the axis


@dataclass(frozen=True)
class Curve:
    """One loss by its name, along one prediction."""

    name: str
    along: Along


@dataclass(frozen=True)
class Here:
    """Where the prediction stands now: its value, the loss and the slope of the first curve there."""

    prediction: float
    value: float
    slope: float


def loss_figure(curves: Sequence[Curve], here: Here, target: float | None, x_title: str, words: Words) -> go.Figure:
    """The loss above its slope over one axis of the prediction; the tangent at the present prediction is its slope."""
    figure = go.Figure()
    for curve, colour in zip(curves, SERIES, strict=False):
        for axis, values in (("y", curve.along.values), ("y2", curve.along.slopes)):
            figure.add_scatter(
                x=curve.along.predictions,
                y=finite(values),
                yaxis=axis,
                name=curve.name if axis == "y" else words("slope of {loss}").format(loss=curve.name),
                legendgroup=curve.name,
                showlegend=axis == "y",
                line={"color": colour, "width": 2.5, "simplify": False},  # a parabola would get corners
                hovertemplate="%{y:.5g}",
            )
    _mark(figure, curves[0].along, here, words)
    if target is not None:
        figure.add_vline(x=target, line={"color": NEUTRAL, "dash": "dot"})
        figure.add_annotation(
            x=target, y=1, yref="paper", text=words("target"), showarrow=False, xanchor="left", xshift=4
        )
    laid_out(figure, words("Loss and its slope as one prediction moves"), words("loss"), HEIGHT)
    return two_panels(figure, x_title, words("slope"))


def penalty_figure(title: str, weights: Array, penalty: Array, slope: Array, words: Words) -> go.Figure:
    """A penalty on one weight above its derivative."""
    figure = go.Figure()
    for name, values, axis, colour in (
        (words("penalty"), penalty, "y", SERIES[0]),
        (words("its derivative"), slope, "y2", SERIES[1]),
    ):
        line = {"color": colour, "width": 2.5, "simplify": False}
        figure.add_scatter(x=weights, y=values, name=name, yaxis=axis, line=line, hovertemplate="%{y:.5g}")
    return two_panels(laid_out(figure, title, words("penalty"), 400), words("weight"), words("slope"))


def before_and_after_figure(title: str, x: Array, lines: Sequence[tuple[str, Array]], x_title: str) -> go.Figure:
    """What a limit makes of a number, beside the number itself."""
    figure = go.Figure()
    for (name, values), colour in zip(lines, SERIES, strict=False):
        figure.add_scatter(
            x=x, y=finite(values), name=name, line={"color": colour, "width": 2.5}, hovertemplate="%{y:.5g}"
        )
    figure.update_layout(xaxis={"title": {"text": x_title}, "zeroline": True})
    return legend_below(laid_out(figure, title, "", 360))


def shrinkage_figure(found: Shrinkage, words: Words) -> go.Figure:
    """Weights that only a regulariser moves: L2 inside Adam's gradient, by its size, and decay beside it."""
    text = words("L2 in Adam, gradients of size {size}")
    lines = [(text.format(size=f"{size:g}"), found.penalty[:, at]) for at, size in enumerate(found.gradient_sizes)]
    lines.append((words("decay in AdamW, gradients of any size"), found.decay[:, 0]))
    figure = go.Figure()
    for (name, path), colour in zip(lines, SERIES, strict=False):
        # the last lies over the one of gradients of size 1
        line = {"color": colour, "width": 2.5, "dash": "dash" if name == lines[-1][0] else "solid"}
        figure.add_scatter(x=np.arange(len(path)), y=path, name=name, line=line, hovertemplate="%{y:.4g}")
    figure.update_layout(xaxis={"title": {"text": words("step")}})
    return legend_below(laid_out(figure, words("Why AdamW: the same strength, two effects"), words("weight"), 400))


def mask_figure(before: Array, after: Array, title: str, words: Words) -> go.Figure:
    """The same numbers before and after a mask or noise was laid on them."""
    places = np.arange(1, before.size + 1)
    figure = go.Figure(
        [
            go.Bar(x=places, y=before, name=words("before"), marker={"color": NEUTRAL}),
            go.Bar(x=places, y=after, name=words("after"), marker={"color": SERIES[0]}),
        ]
    )
    figure.update_layout(barmode="group", xaxis={"title": {"text": words("unit")}})
    return legend_below(laid_out(figure, title, "", 340))


def _mark(figure: go.Figure, along: Along, here: Here, words: Words) -> None:
    """The present prediction in both panels, with its tangent in the upper."""
    if not np.isfinite([here.value, here.slope]).all():
        return
    reach = TANGENT * float(along.predictions[-1] - along.predictions[0])
    figure.add_scatter(
        x=[here.prediction - reach, here.prediction + reach],
        y=[here.value - reach * here.slope, here.value + reach * here.slope],
        mode="lines",
        name=words("tangent"),
        line={"color": SERIES[0], "width": 1.5, "dash": "dot"},
        hoverinfo="skip",
    )
    for axis, height in (("y", here.value), ("y2", here.slope)):
        figure.add_scatter(
            x=[here.prediction],
            y=[height],
            yaxis=axis,
            mode="markers",
            name=words("this prediction"),
            showlegend=axis == "y",
            marker={"color": SERIES[0], "size": 11, "line": {"color": "white", "width": 1.5}},
            hoverinfo="skip",
        )
