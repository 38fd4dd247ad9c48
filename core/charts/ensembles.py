"""Networks that answer together: what each more of them brings, and how often two of them agree."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from core.charts.colours import AGREEMENT, NEUTRAL, SERIES
from core.charts.layout import laid_out
from core.charts.units import Words
from core.runs.classification_metrics import Floats
from core.runs.ensembles import ByNumber

HEIGHT, SQUARE = 440, 380
LEAST_POINTS = 1.0  # per cent that the axis of accuracy shows at least


def members_figure(found: ByNumber, words: Words) -> go.Figure:
    """Cross-entropy above and accuracy below against the number of members; bars: least and largest of the choices."""
    figure = make_subplots(rows=2, cols=1, shared_xaxes=True, vertical_spacing=0.08)
    figure.add_scatter(
        x=found.members,
        y=found.loss,
        mode="lines+markers",
        marker={"size": 8},
        line={"color": SERIES[0]},
        error_y={"array": found.largest - found.loss, "arrayminus": found.loss - found.least, "thickness": 1},
        hovertemplate="%{y:.4g}",
        name=words("cross-entropy"),
        row=1,
        col=1,
    )
    figure.add_hline(
        y=float(found.loss[0]),
        line={"dash": "dash", "width": 1, "color": NEUTRAL},
        annotation={"text": words("mean member"), "font": {"color": NEUTRAL}},
        annotation_position="bottom right",
        row=1,
        col=1,
    )
    figure.add_scatter(
        x=found.members,
        y=found.accuracy * 100,
        mode="lines+markers",
        marker={"size": 8},
        line={"color": SERIES[2]},
        hovertemplate="%{y:.4g}%",
        name=words("accuracy"),
        row=2,
        col=1,
    )
    laid_out(figure, words("What each more member brings"), words("cross-entropy"), HEIGHT)
    low, high = float(found.accuracy.min()) * 100, float(found.accuracy.max()) * 100
    spare = max(0.1 * (high - low), (LEAST_POINTS - (high - low)) / 2)  # a tenth of a point should not look like a fall
    figure.update_yaxes(title={"text": words("accuracy, %")}, range=[low - spare, high + spare], row=2, col=1)
    figure.update_xaxes(dtick=1, row=1, col=1)
    figure.update_xaxes(title={"text": words("members that vote")}, dtick=1, row=2, col=1)
    return figure.update_layout(showlegend=False)


def agreement_figure(agreement: Floats, names: Sequence[str], words: Words) -> go.Figure:
    """Share of test images on which two members answer alike; the diagonal, always all, is left empty."""
    shares = np.where(np.eye(len(agreement), dtype=bool), np.nan, agreement * 100)
    figure = go.Figure()
    figure.add_heatmap(
        z=shares,
        x=list(names),
        y=list(names),
        texttemplate="%{z:.1f}",
        colorscale=[list(stop) for stop in AGREEMENT],
        showscale=False,
        hoverongaps=False,
        hovertemplate="%{x}, %{y}: %{z:.2f}%<extra></extra>",
        xgap=1,
        ygap=1,
    )
    laid_out(figure, words("How often two members answer alike, %"), "", SQUARE)
    figure.update_xaxes(type="category", showgrid=False)
    figure.update_yaxes(type="category", autorange="reversed", showgrid=False)
    return figure.update_layout(hovermode="closest")
