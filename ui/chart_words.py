"""Every chart is drawn here, and told in words: what it shows, then the figures in it, for who listens to the page."""

import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from core.charts.links import without_links
from ui import formats
from ui.language import words

MOST_SERIES, MOST_BARS = 5, 6
DIGITS = 3
SMALLEST, LARGEST = 1e-4, 1e15  # beyond them a power of ten: a signal that runs away has a hundred digits


def draw_chart(figure: go.Figure, *, key: str, alt: str) -> None:
    """A chart with its figures as its alternative text; `alt` says what it shows.

    Without Plotly's tool bar, whose buttons a keyboard would have to pass on every page.
    """
    told = f"{alt} {figure_words(figure)}".strip()
    st.plotly_chart(without_links(figure), key=key, alt=told, config={"displayModeBar": False})


def figure_words(figure: go.Figure) -> str:
    """The series of a chart in words: its bars one by one where they are few, else its ends and extremes."""
    told = [text for trace in figure.data if (text := _series(trace))]
    lying = any(getattr(trace, "orientation", None) == "h" for trace in figure.data)
    unit = (figure.layout.xaxis if lying else figure.layout.yaxis).title.text
    if unit and told:
        told[0] = words("{axis}: {series}").format(axis=unit.replace("<br>", " "), series=told[0])
    more = words("And {count} more.").format(count=len(told) - MOST_SERIES) if len(told) > MOST_SERIES else ""
    return " ".join([*told[:MOST_SERIES], *([more] if more else [])])


def _series(trace: Any) -> str:
    """One series; empty for what has no numbers of its own, such as a name in the legend."""
    along, across = ("y", "x") if getattr(trace, "orientation", None) == "h" else ("x", "y")
    if trace.type == "heatmap":
        return _field(trace)
    both = zip(_values(trace, along), _values(trace, across), strict=False)  # a line across has one end of the two
    pairs = [(place, float(value)) for place, value in both if _finite(value)]
    if not pairs:
        return ""
    name = str(trace.name or "").replace("<br>", " ")
    if trace.type in ("bar", "waterfall") and len(pairs) <= MOST_BARS:
        bars = words(", ").join(f"{_place(place)} {_number(value)}" for place, value in pairs)
        return words("{name}: {figures}.").format(name=name, figures=bars) if name else f"{bars}."
    values = [value for _, value in pairs]
    figures = words("from {first} ({start}) to {last} ({end}), lowest {low}, highest {high}").format(
        first=_number(values[0]),
        start=_place(pairs[0][0]),
        last=_number(values[-1]),
        end=_place(pairs[-1][0]),
        low=_number(min(values)),
        high=_number(max(values)),
    )
    return words("{name}: {figures}.").format(name=name, figures=figures) if name else f"{figures}."


def _field(trace: Any) -> str:
    values = [value for row in trace.z for value in row if _finite(value)]
    if not values:
        return ""
    return words("lowest {low}, highest {high}").format(low=_number(min(values)), high=_number(max(values))) + "."


def _values(trace: Any, axis: str) -> Sequence[Any]:
    values: Iterable[Any] | None = getattr(trace, axis, None)
    return [one.item() if isinstance(one, np.number) else one for one in (() if values is None else values)]


def _finite(value: object) -> bool:
    return isinstance(value, int | float | np.number) and not isinstance(value, bool) and math.isfinite(value)


def _number(value: float) -> str:
    rounded = float(f"{value:.{DIGITS}g}")
    plain = rounded == 0 or SMALLEST <= abs(rounded) < LARGEST
    return formats.decimal(rounded, 6) if plain else formats.scientific(rounded)


def _place(place: object) -> str:
    """Where on the axis: a category, a day or a number."""
    if _finite(place):
        return _number(float(str(place)))
    return str(place).replace("<br>", " ").partition("T")[0]
