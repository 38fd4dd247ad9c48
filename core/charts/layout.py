"""What all charts share: one layout, so that a page reads as one."""

from collections.abc import Sequence
from datetime import date

import plotly.graph_objects as go

from core.charts.units import Words

HEIGHT = 400


def month_format(words: Words) -> str:
    """How an axis and the pointer name a month, in d3's signs."""
    return words("%b %Y")


def day_format(words: Words) -> str:
    """How the pointer names a day, in d3's signs."""
    return words("%b %-d, %Y")


def month_name(day: date, words: Words) -> str:
    """A month as the axes name it."""
    # Not every C library knows "%-m", a month without its zero, which d3 does.
    return day.strftime(month_format(words).replace("%-m", str(day.month)))


def labelled(places: Sequence[float], weights: Sequence[float], least_distance: float) -> list[bool]:
    """Which of these points may bear a label so that no two are nearer than `least_distance`: the heaviest first."""
    kept: list[int] = []
    for index in sorted(range(len(places)), key=lambda index: -weights[index]):
        if all(abs(places[index] - places[other]) >= least_distance for other in kept):
            kept.append(index)
    return [index in kept for index in range(len(places))]


def laid_out(figure: go.Figure, title: str, y_title: str, height: int = HEIGHT) -> go.Figure:
    """The figure with its title, its unit on the y axis, the legend below and one hover label for all traces.

    Numbers stand as they are on the axes: Plotly's own k, M and B are those of one language.
    """
    figure.update_xaxes(exponentformat="none", separatethousands=True)
    figure.update_yaxes(exponentformat="none", separatethousands=True)
    figure.update_layout(
        title={"text": title, "x": 0, "font": {"size": 16}},
        height=height,
        margin={"l": 8, "r": 8, "t": 48, "b": 8},
        hovermode="x unified",
        dragmode=False,  # a finger that scrolls the page over a chart moves the page
        legend={"orientation": "h", "yanchor": "top", "y": -0.2, "x": 0},
        yaxis={"title": {"text": y_title}},
    )
    return figure
