"""What a published mistake does to whoever follows it: the right way and the published one in one figure."""

import numpy as np
import plotly.graph_objects as go

from core.charts.layout import HEIGHT, laid_out
from core.charts.units import Words
from core.formulas.errata.row import Curve, Damage

DASHES = ("solid", "dash", "dot")


def damage_figure(damage: Damage, title: str, words: Words) -> go.Figure:
    """A line for each version; single values, which no line joins, are drawn as points."""
    figure = go.Figure()
    for curve, dash in zip(damage.curves, DASHES, strict=False):
        figure.add_scatter(
            x=curve.x,
            y=curve.y,
            name=words(curve.name),
            mode="lines" if _has_segments(curve) else "markers",
            line={"dash": dash, "width": 2.5},
            marker={"size": 9},
            hovertemplate="%{y:.6g}",
        )
    figure = laid_out(figure, title, words(damage.y_title), HEIGHT)
    figure.update_xaxes(title={"text": words(damage.x_title)})
    return figure


def _has_segments(curve: Curve) -> bool:
    """Whether two neighbours both have a value."""
    known = np.isfinite(curve.y)
    return bool(np.any(known[1:] & known[:-1]))
