"""What all charts share: one layout, so that a page reads as one."""

from collections.abc import Callable

import plotly.graph_objects as go

Words = Callable[[str], str]
MILLION = 1e6
HEIGHT = 400
NEUTRAL_COLOUR = "#808890"
MONTH_FORMAT = "%Y-%m"  # Plotly's own names of months are English


def millions(currency: str, words: Words) -> str:
    """The unit of an axis of money, e.g. "million USD"."""
    return words("million {currency}").format(currency=words(currency))


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
