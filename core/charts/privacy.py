"""What a network gives away: the attack that asks who was trained on, and what noise in training costs."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from core.charts.colours import NEUTRAL, SERIES
from core.charts.layout import laid_out
from core.charts.log_axis import log_ticks
from core.charts.panels import legend_below
from core.charts.units import Words
from core.runs.membership import Membership

SQUARE = 420
SERIES_HEIGHT = 460
LEAST_SHARE = 1e-4
SMALLEST_LOSS = 1e-6
BARS = 40
MOST_POINTS = 400
DASHED = {"dash": "dash", "width": 1, "color": NEUTRAL}


@dataclass(frozen=True)
class NoiseResult:
    """A finished run of the series: its noise in words, test accuracy and the attack's area, each with its interval."""

    name: str
    accuracy: float
    accuracy_low: float
    accuracy_high: float
    area: float
    area_low: float
    area_high: float


def attack_figure(found: Membership, words: Words) -> go.Figure:
    """Members found against unseen images accused, both on log scales: what counts is the left edge."""
    figure = go.Figure()
    line = [LEAST_SHARE * 100, 100]
    figure.add_scatter(x=line, y=line, mode="lines", line=DASHED, hoverinfo="skip", name=words("a coin"))
    picked = np.unique(np.geomspace(1, len(found.curve.x), MOST_POINTS).round().astype(int) - 1)
    hover = words("{found}% of the members found, {accused}% of the others accused").format(
        found="%{y:.3g}", accused="%{x:.3g}"
    )
    figure.add_scatter(
        x=np.maximum(found.curve.x[picked], LEAST_SHARE) * 100,
        y=np.maximum(found.curve.y[picked], LEAST_SHARE) * 100,
        mode="lines",
        line={"color": SERIES[0]},
        hovertemplate=hover + "<extra></extra>",
        name=words("the attack"),
    )
    laid_out(figure, words("Who was trained on?"), words("members found, %"), SQUARE)
    least = np.log10(max(LEAST_SHARE, 0.5 / max(1, len(found.unseen_loss))) * 100)
    ticks = {"tickvals": [0.01, 0.1, 1, 10, 100], "ticktext": ["0.01", "0.1", "1", "10", "100"]}
    figure.update_xaxes(title={"text": words("unseen images accused, %")}, type="log", range=[least, 2.05], **ticks)
    figure.update_yaxes(type="log", range=[least, 2.05], **ticks)
    return legend_below(figure).update_layout(hovermode="closest")


def losses_figure(found: Membership, words: Words) -> go.Figure:
    """How the losses of members and of unseen images are spread, on a log scale."""
    figure = go.Figure()
    both = np.log10(np.maximum(np.concatenate([found.member_loss, found.unseen_loss]), SMALLEST_LOSS))
    edges = np.linspace(both.min(), max(both.max(), both.min() + 1e-9), BARS + 1)
    for name, losses in ((words("trained on"), found.member_loss), (words("unseen"), found.unseen_loss)):
        counts, _ = np.histogram(np.log10(np.maximum(losses, SMALLEST_LOSS)), edges)
        figure.add_scatter(
            x=10 ** ((edges[1:] + edges[:-1]) / 2),
            y=counts / max(1, len(losses)) * 100,
            mode="lines",
            line={"shape": "hvh", "color": SERIES[len(figure.data)]},
            fill="tozeroy",
            name=name,
            hovertemplate="%{y:.3g}%",
        )
    laid_out(figure, words("Losses of single images"), words("% of the images"), SQUARE - 60)
    figure.update_xaxes(type="log", title={"text": words("loss (cross-entropy, nats)")}, **log_ticks(10**both))
    return legend_below(figure)


def noise_figure(results: Sequence[NoiseResult], words: Words) -> go.Figure:
    """Accuracy above and the attack below by noise, each with its 95% interval; 50% is a coin."""
    figure = make_subplots(rows=2, cols=1, shared_xaxes=True, vertical_spacing=0.08)
    panels = (
        (1, [(one.accuracy, one.accuracy_low, one.accuracy_high) for one in results], words("accuracy, %")),
        (2, [(one.area, one.area_low, one.area_high) for one in results], words("attack right, %")),
    )
    names = [one.name for one in results]
    for row, values, title in panels:
        middle, low, high = (np.array(column) * 100 for column in zip(*values, strict=True))
        figure.add_scatter(
            x=names,
            y=middle,
            error_y={"array": high - middle, "arrayminus": middle - low, "thickness": 1.5},
            mode="lines+markers",
            marker={"size": 9, "color": SERIES[row - 1]},
            line={"color": SERIES[row - 1], "width": 1},
            hovertemplate="%{y:.4g}%<extra></extra>",
            row=row,
            col=1,
        )
        figure.update_yaxes(title={"text": title}, row=row, col=1)
    figure.add_hline(y=50, line=DASHED, row=2, col=1)
    laid_out(figure, words("What noise costs, and what it hides"), panels[0][2], SERIES_HEIGHT)
    figure.update_xaxes(type="category")
    figure.update_xaxes(title={"text": words("noise, in lengths of the clip")}, row=2, col=1)
    return figure.update_layout(showlegend=False, hovermode="closest")
