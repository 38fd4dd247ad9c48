"""What loss a budget buys at best, with the law's own uncertainty, and where a run and rounds of money stand."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from core.charts.colours import BLUE, NEUTRAL, ORANGE, TEAL, WHITE, faded
from core.charts.layout import labelled, laid_out
from core.charts.units import Words, count_ticks, counted, money_unit, titled
from core.plan.run_budget import Purchase

CURVE_COLOUR, RUN_COLOUR, ROUND_COLOUR = BLUE, ORANGE, TEAL
BAND = faded(BLUE, 0.18)
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
    unit = money_unit(currency, words)
    figure = go.Figure()
    if best.interval is not None:
        low, high = np.asarray(best.interval.loss.low), np.asarray(best.interval.loss.high)
        figure.add_scatter(
            x=np.concatenate([money, money[::-1]]),
            y=np.concatenate([high, low[::-1]]),
            fill="toself",
            fillcolor=BAND,
            line={"width": 0},
            mode="lines",
            hoverinfo="skip",
            name=words("95% interval of the refit"),
        )
    for name, curve, line in (
        (words("Best model, Epoch's refit"), best, {"color": CURVE_COLOUR, "width": 3}),
        (words("Best model, as published in 2022"), original, {"color": NEUTRAL, "dash": "dot"}),
    ):
        figure.add_scatter(
            x=money,
            y=curve.loss,
            mode="lines",
            line=line,
            name=name,
            customdata=_said(money, curve, unit, words),
            hovertemplate="%{customdata[0]}: %{y:.3f} (%{customdata[1]} × %{customdata[2]})<extra></extra>",
        )
    green = {"color": ROUND_COLOUR, "size": 9}
    _add_marks(figure, rounds, currency, words, name=words("Rounds of this strategy"), marker=green)
    star = {"size": 14, "symbol": "star", "color": RUN_COLOUR, "line": {"width": 1, "color": WHITE}}
    _add_marks(figure, [run], currency, words, name=words("This run"), marker=star)
    dashed = {"dash": "dash", "width": 1, "color": NEUTRAL}
    figure.add_shape(type="line", yref="paper", y0=0, y1=1, x0=budget, x1=budget, line=dashed)
    laid_out(figure, words("What loss the money buys"), words("nats a token"))
    return figure.update_layout(
        hovermode="closest",
        xaxis={
            "type": "log",
            "title": {"text": titled(words("Money for compute"), words(currency), words)},
            **count_ticks(float(money.min()), float(money.max()), words),
        },
    )


def _said(money: NDArray[np.float64], curve: Purchase, unit: str, words: Words) -> list[tuple[str, ...]]:
    """Each sum of money with the parameters and tokens that it buys."""
    columns = (
        (money, unit),
        (curve.parameters, words("{scale} parameters")),
        (curve.tokens, words("{scale} tokens")),
    )
    said = ([counted(float(one), name, words) for one in np.asarray(column)] for column, name in columns)
    return list(zip(*said, strict=True))


def _add_marks(
    figure: go.Figure, marks: Sequence[Mark], currency: str, words: Words, *, name: str, marker: dict[str, object]
) -> None:
    """Points by name; where they stand too near to each other, the larger sum keeps its label."""
    if not marks:
        return
    money = [mark.money for mark in marks]
    shown = labelled([float(np.log10(one)) for one in money], money, LEAST_DISTANCE)
    figure.add_scatter(
        x=money,
        y=[mark.loss for mark in marks],
        mode="markers+text",
        text=[mark.name if show else "" for mark, show in zip(marks, shown, strict=True)],
        textposition="top right",
        customdata=[(mark.name, counted(mark.money, money_unit(currency, words), words)) for mark in marks],
        marker=marker,
        name=name,
        hovertemplate="<b>%{customdata[0]}</b><br>%{customdata[1]}: %{y:.3f}<extra></extra>",
    )
