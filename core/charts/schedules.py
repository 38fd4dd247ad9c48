"""Learning-rate schedules beside each other, and the momentum of those that move it too."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from core.charts.colours import SERIES
from core.charts.layout import laid_out
from core.charts.panels import legend_below
from core.charts.units import Words
from core.formulas.schedules import Schedule
from core.formulas.settings import Settings

MOST_POINTS = 500


@dataclass(frozen=True)
class Planned:
    """A schedule with all its settings and its name for people."""

    name: str
    row: Schedule
    settings: Settings


def schedules_figure(planned: Sequence[Planned], total_steps: int, words: Words) -> go.Figure:
    """The learning rate of each at each step."""
    steps = np.unique(np.linspace(0, total_steps - 1, min(total_steps, MOST_POINTS)).round())
    figure = go.Figure()
    for one, colour in zip(planned, SERIES, strict=False):
        figure.add_scatter(
            x=steps,
            y=one.row.rate(steps, total_steps, one.settings),
            mode="lines",
            line={"color": colour, "width": 2, "shape": "hv" if one.row.id in ("step", "multi_step") else "linear"},
            name=one.name,
            hovertemplate="%{y:.4g}",
        )
    legend_below(laid_out(figure, words("Learning rate over the steps"), words("learning rate")))
    return figure.update_layout(xaxis={"title": {"text": words("step")}}, yaxis={"rangemode": "tozero"})
