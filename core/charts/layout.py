"""What all charts share: one layout, so that a page reads as one."""

from collections.abc import Callable, Sequence

import plotly.graph_objects as go

Words = Callable[[str], str]
THOUSAND, MILLION, BILLION = 1e3, 1e6, 1e9
LARGEST_IN_MILLIONS = 1e10
HEIGHT = 400
NEUTRAL_COLOUR = "#808890"
MONTH_FORMAT = "%Y-%m"  # Plotly's own names of months are English


def millions(currency: str, words: Words) -> str:
    """The unit of an axis of money, e.g. "million USD"."""
    return words("million {currency}").format(currency=words(currency))


def money_scale(largest: float, currency: str, words: Words) -> tuple[float, str]:
    """Divisor and unit of an axis that reaches `largest`: thousands to a million, billions from ten billion on."""
    if 0 < largest < MILLION:
        return THOUSAND, words("thousand {currency}").format(currency=words(currency))
    if largest < LARGEST_IN_MILLIONS:
        return MILLION, millions(currency, words)
    return BILLION, words("billion {currency}").format(currency=words(currency))


def labelled(places: Sequence[float], weights: Sequence[float], least_distance: float) -> list[bool]:
    """Which of these points may bear a label so that no two are nearer than `least_distance`: the heaviest first."""
    kept: list[int] = []
    for index in sorted(range(len(places)), key=lambda index: -weights[index]):
        if all(abs(places[index] - places[other]) >= least_distance for other in kept):
            kept.append(index)
    return [index in kept for index in range(len(places))]


def laid_out(figure: go.Figure, title: str, y_title: str, height: int = HEIGHT) -> go.Figure:
    """The figure with its title, its unit on the y axis, the legend below and one hover label for all traces."""
    figure.update_layout(
        title={"text": title, "x": 0, "font": {"size": 16}},
        height=height,
        margin={"l": 8, "r": 8, "t": 48, "b": 8},
        hovermode="x unified",
        legend={"orientation": "h", "yanchor": "top", "y": -0.2, "x": 0},
        yaxis={"title": {"text": y_title}},
    )
    return figure
