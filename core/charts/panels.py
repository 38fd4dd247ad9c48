"""A function above its slope over one axis: what the charts of the Learn pages share."""

import numpy as np
import plotly.graph_objects as go

from core.formulas.shown_code import Array

HEIGHT = 480
UPPER, LOWER = (0.44, 1.0), (0.0, 0.38)


def two_panels(figure: go.Figure, x_title: str, lower_title: str) -> go.Figure:
    """Traces on "y" above those on "y2", both over the same x."""
    figure.update_layout(
        yaxis={"domain": UPPER},
        yaxis2={"domain": LOWER, "title": {"text": lower_title}, "anchor": "x"},
        xaxis={"title": {"text": x_title}, "anchor": "y2"},
    )
    return legend_below(figure)


def legend_below(figure: go.Figure) -> go.Figure:
    """Under the title of the x axis, however high the figure is."""
    figure.update_layout(legend={"yref": "container", "y": 0, "yanchor": "bottom"}, margin={"b": 72})
    return figure


def finite(values: Array) -> Array:
    """Infinite and undefined places as gaps."""
    return np.where(np.isfinite(values), values, np.nan)
