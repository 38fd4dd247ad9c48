"""Every chart is drawn here, and told in words: what it shows, then the figures in it, for who listens to the page."""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from core.charts.links import without_links
from core.charts.units import counted
from ui import formats
from ui.language import sentences, words

MOST_SERIES, MOST_BARS = 6, 8
DIGITS = 3
SMALLEST, LARGEST = 1e-4, 1e15  # beyond them a power of ten: a signal that runs away has a hundred digits
COUNTED = 10_000  # from here on in the large numbers of the language: 157 billion, 1,570 亿
ENDS = (".", "。", "!", "！", "?", "？", ":", "：")  # of a sentence that needs no full stop more
_DAY = re.compile(r"\d{4}-\d\d-\d\d(?![^T ])")


@dataclass(frozen=True)
class _Axis:
    """What an axis measures, and whether it does in months, days, per cent or plain numbers."""

    title: str
    format: str
    shown: bool


@dataclass(frozen=True)
class _Series:
    """One series as told: its name, empty where it has none, and its figures."""

    name: str
    figures: str

    def sentence(self) -> str:
        if not self.name:
            return words("{figures}.").format(figures=self.figures)
        return words("{name}: {figures}.").format(name=self.name, figures=self.figures)


def draw_chart(figure: go.Figure, *, key: str, alt: str) -> None:
    """A chart with its figures as its alternative text; `alt` says what it shows.

    Without Plotly's tool bar, whose buttons a keyboard would have to pass on every page.
    """
    shows = alt if alt.endswith(ENDS) else words("{figures}.").format(figures=alt)
    told = sentences(shows, figure_words(figure))
    st.plotly_chart(without_links(figure), key=key, alt=told, config={"displayModeBar": False})


def figure_words(figure: go.Figure) -> str:
    """A chart in words: its axes, then each series by its bars where they are few, else by its ends and extremes."""
    told = [series for trace in figure.data if (series := _series(figure, trace))]
    told = [series for series in told if series.name] or told  # marks without a name repeat points of the named
    if not told:
        return ""
    said = [_axes(figure), *(series.sentence() for series in told[:MOST_SERIES])]
    if more := told[MOST_SERIES:]:
        names = words(", ").join(dict.fromkeys(series.name for series in more if series.name))
        count = words("And {count} more").format(count=len(more))
        said.append(_Series(count, names).sentence() if names else words("{figures}.").format(figures=count))
    return sentences(*said)


def _axes(figure: go.Figure) -> str:
    """What stands across and what up, where the chart says it."""
    across, up = (_plain(axis.title.text) for axis in (figure.layout.xaxis, figure.layout.yaxis))
    named = [
        words("{axis}: {series}").format(axis=name, series=title)
        for name, title in ((words("Across"), across), (words("Up"), up))
        if title
    ]
    return words("{figures}.").format(figures=words("; ").join(named)) if named else ""


def _series(figure: go.Figure, trace: Any) -> _Series | None:
    """One series; none for what has no numbers of its own, such as a name in the legend or a drawing."""
    if trace.type == "sankey":
        return _flows(trace)
    if trace.type == "contour":  # a ground under lines
        return None
    if trace.type == "heatmap":
        return _field(trace)
    lying = getattr(trace, "orientation", None) == "h"
    across, up = (_axis(figure, trace, letter) for letter in ("x", "y"))
    if not (across.shown and up.shown):
        return None
    along, measured = (up, across) if lying else (across, up)
    places, values = (_values(trace, letter) for letter in (("y", "x") if lying else ("x", "y")))
    both = zip(places, values, strict=False)  # a line across has one end of the two
    pairs = [(_said(place, along.format), float(value)) for place, value in both if _finite(value)]
    if not pairs:
        return None
    return _Series(_plain(trace.name), _figures(trace, pairs, measured))


def _figures(trace: Any, pairs: list[tuple[str, float]], measured: _Axis) -> str:
    def said(value: float) -> str:
        return _said(value, measured.format)

    low, high = (extreme(pairs, key=lambda pair: pair[1]) for extreme in (min, max))
    if len(pairs) == 1:
        return words("{value} ({place})").format(value=said(low[1]), place=low[0])
    if trace.type in ("bar", "waterfall") and len(pairs) <= MOST_BARS:
        return words(", ").join(f"{place} {said(value)}" for place, value in pairs)
    if low[1] == high[1]:
        return words("{value} throughout").format(value=said(low[1]))
    if trace.type == "scatter" and trace.mode in ("markers", "markers+text"):
        return words("{count} points, lowest {low} ({low_place}), highest {high} ({high_place})").format(
            count=len(pairs), low=said(low[1]), low_place=low[0], high=said(high[1]), high_place=high[0]
        )
    return words("from {first} ({start}) to {last} ({end}), lowest {low}, highest {high}").format(
        first=said(pairs[0][1]),
        start=pairs[0][0],
        last=said(pairs[-1][1]),
        end=pairs[-1][0],
        low=said(low[1]),
        high=said(high[1]),
    )


def _flows(trace: Any) -> _Series | None:
    """The widest bands of a Sankey diagram, from where to where."""
    names = [_plain(name) for name in trace.node.label or ()]
    flows = zip(trace.link.source or (), trace.link.target or (), trace.link.value or (), strict=True)
    widest = sorted(flows, key=lambda flow: -flow[2])
    told = words(", ").join(
        f"{names[source]} → {names[target]} {_number(value)}" for source, target, value in widest[: 2 * MOST_BARS]
    )
    return _Series("", told) if told else None


def _field(trace: Any) -> _Series | None:
    values = [value for row in (() if trace.z is None else trace.z) for value in row if _finite(value)]
    if not values:
        return None
    extremes = words("lowest {low}, highest {high}").format(low=_number(min(values)), high=_number(max(values)))
    return _Series(_plain(trace.name), extremes)


def _axis(figure: go.Figure, trace: Any, letter: str) -> _Axis:
    """The axis a series lies on: the first, or one of its own."""
    number = (getattr(trace, f"{letter}axis", None) or letter)[1:]
    axis = figure.layout[f"{letter}axis{number}"]
    return _Axis(_plain(axis.title.text), axis.tickformat or "", axis.visible is not False)


def _values(trace: Any, letter: str) -> Sequence[Any]:
    values: Iterable[Any] | None = getattr(trace, letter, None)
    return [one.item() if isinstance(one, np.number) else one for one in (() if values is None else values)]


def _finite(value: object) -> bool:
    return isinstance(value, int | float | np.number) and not isinstance(value, bool) and math.isfinite(value)


def _said(value: object, axis_format: str) -> str:
    """A value as its axis writes it: a category, a month, a day, a share or a number."""
    if _finite(value):
        number = float(str(value))
        return formats.percent(number) if axis_format.endswith("%") else _number(number)
    text = str(value)
    if _DAY.match(text) is None:
        return _plain(text)
    day = date.fromisoformat(text[:10])
    return formats.month(day) if "%b" in axis_format or "%-m" in axis_format else formats.day(day)


def _number(value: float) -> str:
    rounded = float(f"{value:.{DIGITS}g}")
    if rounded and not SMALLEST <= abs(rounded) < LARGEST:
        return formats.scientific(rounded)
    return counted(rounded, "{scale}", words) if abs(rounded) >= COUNTED else formats.decimal(rounded, 6)


def _plain(text: object) -> str:
    return str(text or "").replace("<br>", " ")
