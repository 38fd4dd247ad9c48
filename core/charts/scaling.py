"""What loss a budget buys at best, with the law's own uncertainty, and where a run and rounds of money stand."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from core.charts.layout import NEUTRAL_COLOUR, Words, labelled, laid_out, money_scale
from core.plan.run_budget import Purchase

CURVE_COLOUR, RUN_COLOUR, ROUND_COLOUR = "#2f7fd6", "#d97706", "#2a9d5c"
BAND = "rgba(47, 127, 214, 0.18)"
LEAST_DISTANCE = 0.22  # of two labels, in powers of ten of money


@dataclass(frozen=True)
class Mark:
    """A sum of money and the loss that it buys, by name."""

    name: str
    money: float
    loss: float


def loss_figure(
    money: NDArray[np.float64],
    best: Purchase,
    original: Purchase,
    run: Mark,
    rounds: Sequence[Mark],
    *,
    budget: float,
    currency: str,
    words: Words,
) -> go.Figure:
    """Loss against money for compute on a log scale: the refit with its interval, the original law, the run, rounds.

    best, original: what each of `money` buys
    """
    divisor, unit = money_scale(float(money.max()), currency, words)
    figure = go.Figure()
    if best.interval is not None:
        low, high = np.asarray(best.interval.loss.low), np.asarray(best.interval.loss.high)
        figure.add_scatter(
            x=np.concatenate([money, money[::-1]]) / divisor,
            y=np.concatenate([high, low[::-1]]),
            fill="toself",
            fillcolor=BAND,
            line={"width": 0},
            mode="lines",
            hoverinfo="skip",
            name=words("95 % interval of the refit"),
        )
    for name, curve, line in (
        (words("Best model, Epoch's refit"), best, {"color": CURVE_COLOUR, "width": 3}),
        (words("Best model, as published in 2022"), original, {"color": NEUTRAL_COLOUR, "dash": "dot"}),
    ):
        figure.add_scatter(
            x=money / divisor,
            y=curve.loss,
            mode="lines",
            line=line,
            name=name,
            customdata=np.stack([np.asarray(curve.parameters) / 1e9, np.asarray(curve.tokens) / 1e12], axis=-1),
            hovertemplate="%{x:,.3g} "
            + unit
            + ": %{y:.3f} (%{customdata[0]:,.3g}B × %{customdata[1]:,.3g}T)<extra></extra>",
        )
    _add_marks(figure, rounds, divisor, words("Rounds of this strategy"), {"color": ROUND_COLOUR, "size": 9})
    star = {"size": 14, "symbol": "star", "color": RUN_COLOUR, "line": {"width": 1, "color": "#ffffff"}}
    _add_marks(figure, [run], divisor, words("This run"), star)
    dashed = {"dash": "dash", "width": 1, "color": NEUTRAL_COLOUR}
    figure.add_shape(type="line", yref="paper", y0=0, y1=1, x0=budget / divisor, x1=budget / divisor, line=dashed)
    laid_out(figure, words("What loss the money buys"), words("nats a token"))
    return figure.update_layout(
        hovermode="closest",
        xaxis={"type": "log", "dtick": 1, "title": {"text": words("Money for compute") + ", " + unit}},
        legend={"y": -0.22},
    )


def _add_marks(figure: go.Figure, marks: Sequence[Mark], divisor: float, name: str, marker: dict[str, object]) -> None:
    """Points by name; where they stand too near to each other, the larger sum keeps its label."""
    if not marks:
        return
    money = [mark.money for mark in marks]
    shown = labelled([float(np.log10(one)) for one in money], money, LEAST_DISTANCE)
    figure.add_scatter(
        x=[one / divisor for one in money],
        y=[mark.loss for mark in marks],
        mode="markers+text",
        text=[mark.name if show else "" for mark, show in zip(marks, shown, strict=True)],
        textposition="top right",
        customdata=[mark.name for mark in marks],
        marker=marker,
        name=name,
        hovertemplate="<b>%{customdata}</b><br>%{x:,.3g}: %{y:.3f}<extra></extra>",
    )
