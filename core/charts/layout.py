"""What all charts share: one layout, so that a page reads as one."""

import re
from collections.abc import Sequence
from datetime import date
from unicodedata import east_asian_width

import plotly.graph_objects as go

from core.charts.units import Words

HEIGHT = 400
# A word, or one character of Chinese with the marks that may not stand apart from it.
_PIECES = re.compile(r"[（《「]?[\u2e80-\uffff][）》」，。：；、！？％]*|[^\s\u2e80-\uffff]+")


def month_format(words: Words) -> str:
    """How an axis and the pointer name a month, in d3's signs."""
    return words("%b %Y")


def month_axis(words: Words) -> dict[str, str]:
    """An axis of months: the year stands below its first month, so that labels stay level on a phone."""
    return {"tickformat": words("%b\n%Y"), "hoverformat": month_format(words)}


def day_format(words: Words) -> str:
    """How the pointer names a day, in d3's signs."""
    return words("%b %-d, %Y")


def month_name(day: date, words: Words) -> str:
    """A month as the axes name it."""
    # Not every C library knows "%-m", a month without its zero, which d3 does.
    return day.strftime(month_format(words).replace("%-m", str(day.month)))


def letters_wide(text: str) -> int:
    """How wide a text is, in Latin letters; a Chinese character is as wide as two."""
    return len(text) + sum(east_asian_width(letter) in "WF" for letter in text)


def in_lines(text: str, most: int) -> str:
    """A label in lines of at most `most` Latin letters; a longer word has a line of its own."""
    lines, end = [""], 0
    for piece in _PIECES.finditer(text):
        gap = text[end : piece.start()] if lines[-1] else ""
        end = piece.end()
        if lines[-1] and letters_wide(lines[-1] + gap + piece[0]) > most:
            lines.append("")
            gap = ""
        lines[-1] += gap + piece[0]
    return "<br>".join(lines)


def labelled(places: Sequence[float], weights: Sequence[float], least_distance: float) -> list[bool]:
    """Which of these points may bear a label so that no two are nearer than `least_distance`: the heaviest first."""
    kept: list[int] = []
    for index in sorted(range(len(places)), key=lambda index: -weights[index]):
        if all(abs(places[index] - places[other]) >= least_distance for other in kept):
            kept.append(index)
    return [index in kept for index in range(len(places))]


def laid_out(figure: go.Figure, title: str, y_title: str, height: int = HEIGHT) -> go.Figure:
    """The figure with its title, its unit on the y axis, the legend below all else and one hover label for all traces.

    Numbers stand as they are on the axes: Plotly's own k, M and B are those of one language.
    """
    figure.update_xaxes(exponentformat="none", separatethousands=True)
    figure.update_yaxes(exponentformat="none", separatethousands=True)
    figure.update_layout(
        title={"text": title, "x": 0, "font": {"size": 16}},
        height=height,
        margin={"l": 8, "r": 16, "t": 48, "b": 8},  # right: half of the last tick's name, which else is left out
        hovermode="x unified",
        dragmode=False,  # a finger that scrolls the page over a chart moves the page
        legend={"orientation": "h", "yref": "container", "yanchor": "bottom", "y": 0, "x": 0},
        yaxis={"title": {"text": y_title}},
    )
    return figure
