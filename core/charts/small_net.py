"""A small net drawn with its numbers at nodes and edges, stage by stage, and its loss over repeated steps."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from core.charts.colours import BLUE, INK, NEUTRAL, PAPER, RED, TEAL, WHITE
from core.charts.layout import laid_out
from core.charts.log_axis import power_ticks
from core.charts.units import Words
from core.formulas.small_net import TrainingStep
from core.formulas.small_net_latex import Stage

Array = NDArray[np.float64]
FORWARD, BACKWARD, UPDATE = BLUE, RED, TEAL
COLOURS: dict[Stage, str] = {"forward": FORWARD, "loss": FORWARD, "backward": BACKWARD, "update": UPDATE}
NODE_SIZE, NET_HEIGHT, LOSS_HEIGHT = 50, 430, 300
ALONG = 0.42  # where on its edge the number of a weight stands
ABOVE_EDGE, BESIDE_NODE = 10, 5  # pixels: of a level edge, whose number would lie over the circles, and of a bias
A_DECADE = 10
NODE_FILL, NODE_TEXT = PAPER, INK


@dataclass(frozen=True)
class _Node:
    x: float
    y: float
    text: str
    hover: str


def net_figure(step: TrainingStep, stage: Stage, sample: int, words: Words) -> go.Figure:
    """Inputs, hidden units, outputs and loss from left to right.

    forward, loss: weights and values; backward: gradients and slopes of `sample`; update: weights before and after
    """
    columns = [_inputs(step, sample), *_units(step, stage, sample), [_loss_node(step, stage)]]
    figure = go.Figure()
    _add_edges(figure, columns)
    for layer, name in zip(pairwise(columns), ("hidden_weights", "output_weights"), strict=False):
        _add_edge_texts(figure, step, stage, name, layer)
    nodes = [node for column in columns for node in column]
    colour = COLOURS[stage]
    figure.add_scatter(
        x=[node.x for node in nodes],
        y=[node.y for node in nodes],
        mode="markers+text",
        text=[node.text for node in nodes],
        customdata=[node.hover for node in nodes],
        textfont={"size": 11, "color": NODE_TEXT},
        marker={"size": NODE_SIZE, "color": NODE_FILL, "line": {"width": 2, "color": colour}, "opacity": 1},
        hovertemplate="%{customdata}<extra></extra>",
        name=words("units"),
    )
    heights = [node.y for node in nodes]
    titles = (words("inputs"), words("hidden units"), words("outputs"), words("loss"))
    for x, title in enumerate(titles):
        figure.add_annotation(x=x, y=1.02, yref="paper", yanchor="bottom", text=title, showarrow=False)
    hidden = {"visible": False, "fixedrange": True}
    return figure.update_layout(
        height=NET_HEIGHT,
        margin={"l": 8, "r": 8, "t": 32, "b": 8},
        showlegend=False,
        hovermode="closest",
        xaxis={**hidden, "range": [-0.35, 3.35]},
        yaxis={**hidden, "range": [min(heights) - 0.65, max(heights) + 0.65]},
    )


def loss_figure(losses: Sequence[float], at: int, words: Words) -> go.Figure:
    """The loss before each step, on a log scale where it falls far, and where the reader stands."""
    figure = go.Figure()
    steps = np.arange(1, len(losses) + 1)
    figure.add_scatter(
        x=steps,
        y=losses,
        mode="lines",
        line={"color": FORWARD, "width": 2},
        name=words("loss"),
        hovertemplate="%{y:.6g}",
    )
    figure.add_scatter(
        x=[at + 1],
        y=[losses[at]],
        mode="markers",
        marker={"size": 11, "color": BACKWARD, "line": {"width": 2, "color": WHITE}},
        name=words("this step"),
        hoverinfo="skip",
    )
    laid_out(figure, words("Loss over repeated steps"), words("loss"), LOSS_HEIGHT)
    wide = min(losses) > 0 and max(losses) > A_DECADE * min(losses)
    axis: dict[str, Any] = {"type": "log", **power_ticks(np.array(losses))} if wide else {}
    return figure.update_layout(showlegend=False, xaxis={"title": {"text": words("step")}}, yaxis=axis)


def _inputs(step: TrainingStep, sample: int) -> list[_Node]:
    values = step.quantities["inputs"][sample]
    names = [f"x<sub>{unit + 1}</sub>" for unit in range(len(values))]
    return _column(0, [f"{name}<br>{value:.4g}" for name, value in zip(names, values, strict=True)], None)


def _units(step: TrainingStep, stage: Stage, sample: int) -> list[list[_Node]]:
    """Hidden units and outputs: their values, or the slopes that reach them."""
    found, columns = step.quantities, []
    for x, (units, sums, symbol, bias) in enumerate(
        (("hidden", "hidden_sums", "h", "hidden_bias"), ("outputs", "output_sums", "ŷ", "output_bias")), start=1
    ):
        texts, hovers = [], []
        for unit in range(found[units].shape[1]):
            name = f"{symbol}<sub>{unit + 1}</sub>"
            value, total = found[units][sample, unit], found[sums][sample, unit]
            before, after = getattr(step.before, bias)[unit], getattr(step.after, bias)[unit]
            gradient = found[f"{bias}_slope"][unit]
            hover = f"{name}: z {total:.6g}, {symbol} {value:.6g}"
            if stage == "backward":
                slope, delta = found[f"{units}_slope"][sample, unit], found[f"{sums}_slope"][sample, unit]
                texts.append(f"∂{name}<br>{slope:.4g}")
                hover += f"<br>∂L/∂{name} {slope:.6g}<br>∂L/∂z {delta:.6g}"
            else:
                texts.append(f"{name}<br>{value:.4g}")
            hovers.append(f"{hover}<br>b {before:.6g}<br>∂L/∂b {gradient:.6g}<br>b → {after:.6g}")
        columns.append(_column(x, texts, hovers))
    return columns


def _loss_node(step: TrainingStep, stage: Stage) -> _Node:
    value = float(step.quantities["loss"])
    text = "L<br>?" if stage == "forward" else f"L<br>{value:.4g}"
    return _Node(3.0, 0.0, text, "L" if stage == "forward" else f"L {value:.6g}")


def _column(x: float, texts: Sequence[str], hovers: Sequence[str] | None) -> list[_Node]:
    """One below the other around the middle."""
    top = (len(texts) - 1) / 2
    return [_Node(x, 2 * (top - row), text, (hovers or texts)[row]) for row, text in enumerate(texts)]


def _add_edges(figure: go.Figure, columns: Sequence[Sequence[_Node]]) -> None:
    x: list[float | None] = []
    y: list[float | None] = []
    for left, right in pairwise(columns):
        for start in left:
            for end in right:
                x += [start.x, end.x, None]
                y += [start.y, end.y, None]
    line = {"color": NEUTRAL, "width": 1}
    figure.add_scatter(x=x, y=y, mode="lines", line=line, hoverinfo="skip", showlegend=False)


def _add_edge_texts(
    figure: go.Figure, step: TrainingStep, stage: Stage, name: str, layer: tuple[list[_Node], list[_Node]]
) -> None:
    """Each weight at its edge: itself, its gradient, or before and after; its bias on the outer side of its unit."""
    left, right = layer
    bias = name.replace("weights", "bias")
    for end, unit in enumerate(right):
        for start, source in enumerate(left):
            text = _edge_text(step, stage, name, (end, start))
            level = source.y == unit.y
            along, place = (0.5, {"yshift": ABOVE_EDGE, "yanchor": "bottom"}) if level else (ALONG, {})
            x, y = source.x + along * (unit.x - source.x), source.y + along * (unit.y - source.y)
            _add_label(figure, x, y, text, **place)
        away = NODE_SIZE / 2 + BESIDE_NODE
        outside = {"yshift": away, "yanchor": "bottom"} if unit.y > 0 else {"yshift": -away, "yanchor": "top"}
        _add_label(figure, unit.x, unit.y, "b " + _edge_text(step, stage, bias, (end,)), **outside)


def _edge_text(step: TrainingStep, stage: Stage, name: str, place: tuple[int, ...]) -> str:
    before, after = getattr(step.before, name)[place], getattr(step.after, name)[place]
    if stage == "backward":
        return f"{step.quantities[f'{name}_slope'][place]:.4g}"
    return f"{before:.4g}<br>→ {after:.4g}" if stage == "update" else f"{before:.4g}"


def _add_label(figure: go.Figure, x: float, y: float, text: str, **place: Any) -> None:
    """In the colour of the chart's other text, on a ground that hides the edge."""
    figure.add_annotation(x=x, y=y, text=text, showarrow=False, font={"size": 11}, bgcolor=NODE_FILL, **place)
