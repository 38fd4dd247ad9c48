"""How a network serves groups of images: accuracy with its interval by group, before and after a remedy."""

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from core.charts.colours import NEUTRAL, SERIES
from core.charts.layout import in_lines, laid_out
from core.charts.panels import legend_below
from core.charts.units import Words
from core.runs.classification_metrics import wilson_interval
from core.runs.subgroups import Abstention

ROW_HEIGHT, HEAD_HEIGHT = 30, 150
AXIS_LETTERS = 22  # of a line under the axis: beside the names of the groups a phone has room for no more
DASHED = {"dash": "dash", "width": 1, "color": NEUTRAL}


@dataclass(frozen=True)
class GroupPoint:
    """A share of images with its interval; kind: what is drawn in one colour."""

    kind: str
    group: str
    images: int
    share: float
    low: float
    high: float


def groups_figure(points: Sequence[GroupPoint], overall: float, words: Words) -> go.Figure:
    """Accuracy of each group, and the line of all images together."""
    figure = _points(points, words)
    figure.add_vline(x=overall * 100, line=DASHED)
    rows = len(dict.fromkeys(point.group for point in points))
    laid_out(figure, words("Right answers by group"), "", HEAD_HEIGHT + ROW_HEIGHT * rows)
    return figure.update_layout(showlegend=False)


def change_figure(points: Sequence[GroupPoint], title: str, words: Words) -> go.Figure:
    """Accuracy of each group under several kinds of treatment, one above the other."""
    kinds = list(dict.fromkeys(point.kind for point in points))
    rows = len(dict.fromkeys(point.group for point in points))
    figure = _points(points, words, apart=len(kinds))
    laid_out(figure, title, "", HEAD_HEIGHT + 40 + rows * len(kinds) * 22)
    return legend_below(figure).update_layout(legend={"traceorder": "normal"})


def abstention_points(
    treatments: Sequence[tuple[str, Abstention]], names: Sequence[str], *, coverage: bool
) -> list[GroupPoint]:
    """Shares of images that are answered, or of answers that are right, by treatment and group."""
    found = []
    for kind, one in treatments:
        for place, name in enumerate(names):
            n = int(one.images[place] if coverage else one.answered[place])
            hits = int(one.answered[place] if coverage else one.right[place])
            if n:
                found.append(GroupPoint(kind, name, n, hits / n, *wilson_interval(hits, n)))
    return found


def _points(points: Sequence[GroupPoint], words: Words, apart: int = 1) -> go.Figure:
    """One colour a kind. apart: how many kinds stand in each row, moved so that they do not cover each other."""
    figure = go.Figure()
    rows = list(dict.fromkeys(point.group for point in points))
    hover = words("{share}% of {count} images").format(share="%{x:.4g}", count="%{customdata}")
    for number, kind in enumerate(dict.fromkeys(point.kind for point in points)):
        mine = [point for point in points if point.kind == kind]
        move = (number - (apart - 1) / 2) * 0.6 / apart if apart > 1 else 0.0
        figure.add_scatter(
            x=[point.share * 100 for point in mine],
            y=[rows.index(point.group) + move for point in mine],
            error_x={
                "array": [(point.high - point.share) * 100 for point in mine],
                "arrayminus": [(point.share - point.low) * 100 for point in mine],
                "thickness": 1.5,
            },
            mode="markers",
            marker={"size": 9, "color": SERIES[number % len(SERIES)]},
            customdata=[point.images for point in mine],
            hovertemplate=hover + "<extra></extra>",
            name=kind,
        )
    figure.update_yaxes(
        tickvals=list(range(len(rows))),
        ticktext=rows,
        range=[len(rows) - 0.5, -0.5],
        showgrid=False,
        zeroline=False,
        automargin=True,
    )
    figure.update_xaxes(title={"text": in_lines(words("% of the images, with 95% intervals"), AXIS_LETTERS)})
    return figure.update_layout(hovermode="closest")
