"""How good a trained network is: confusions, curves of one class against the rest, calibration, shifts, one answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from core.charts.colours import BLUE, HITS, MISTAKES, NEUTRAL, SERIES, between, faded, readable_on
from core.charts.layout import laid_out
from core.charts.panels import legend_below
from core.charts.units import Words
from core.runs.classification_metrics import Calibration, Curve

MOST_POINTS = 300  # of one curve
FEWEST_FALSE_ALARMS = 1e-4  # a share; a logarithm has no zero
SQUARE = 460
SHIFT_HEIGHT = 360
DASHED = {"dash": "dash", "width": 1, "color": NEUTRAL}


@dataclass(frozen=True)
class Shift:
    """Accuracy with its interval under a growing change of the test images; levels in `unit`, 0 is no change."""

    name: str
    unit: str
    levels: NDArray[np.float64]
    accuracy: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]


def confusion_figure(matrix: NDArray[np.int64], names: Sequence[str], words: Words) -> go.Figure:
    """Rows are the truth, columns the answer; shaded by share of the row, mistakes by a scale of their own;
    what never came is left empty."""
    shares = matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1) * 100
    right = np.eye(len(matrix), dtype=bool)
    figure = go.Figure()
    hover = words("is {truth}, answered {answer}: {count} ({share}%)").format(
        truth="%{y}", answer="%{x}", count="%{text}", share="%{z:.2f}"
    )
    most_wrong = max(1.0, float(np.max(shares[~right], initial=0.0)))
    for drawn, scale in ((right & (matrix > 0), HITS), (~right & (matrix > 0), MISTAKES)):
        figure.add_heatmap(
            z=np.where(drawn, shares, np.nan),
            x=list(names),
            y=list(names),
            text=np.where(drawn, matrix.astype(str), ""),
            colorscale=[list(stop) for stop in scale],
            zmin=0,
            zmax=100.0 if scale is HITS else most_wrong,
            showscale=False,
            hoverongaps=False,
            hovertemplate=hover + "<extra></extra>",
            xgap=1,
            ygap=1,
        )
    filled = [(int(row), int(column)) for row, column in np.argwhere(matrix > 0)]
    figure.add_scatter(
        x=[names[column] for _, column in filled],
        y=[names[row] for row, _ in filled],
        text=[str(matrix[place]) for place in filled],
        mode="text",
        textfont={
            "color": [
                readable_on(
                    between(HITS, shares[place] / 100)
                    if right[place]
                    else between(MISTAKES, shares[place] / most_wrong)
                )
                for place in filled
            ]
        },
        hoverinfo="skip",
        showlegend=False,
    )
    laid_out(figure, words("Confusion matrix: what is taken for what"), words("true class"), SQUARE)
    figure.update_xaxes(type="category", title={"text": words("predicted class")}, showgrid=False)
    figure.update_yaxes(type="category", autorange="reversed", showgrid=False)
    return figure.update_layout(hovermode="closest")


def roc_figure(curves: Mapping[str, Curve], words: Words) -> go.Figure:
    """One class against the rest: how many are found for how many false alarms, on a log scale where it matters."""
    figure = _curves(curves, least=FEWEST_FALSE_ALARMS)
    laid_out(figure, words("ROC, each class against the rest"), words("found, %"), SQUARE)
    ticks = [0.01, 0.1, 1, 10, 100]
    figure.update_xaxes(
        title={"text": words("false alarms, %")},
        type="log",
        range=[-2.05, 2.05],
        tickvals=ticks,
        ticktext=[f"{tick:g}" for tick in ticks],
    )
    return legend_below(figure).update_layout(hovermode="closest")


def precision_recall_figure(curves: Mapping[str, Curve], words: Words) -> go.Figure:
    """One class against the rest: how many answers are right for how many found."""
    figure = _curves(curves)
    laid_out(figure, words("Precision and recall, each class"), words("answers that are right, %"), SQUARE)
    figure.update_xaxes(title={"text": words("found, %")})
    return legend_below(figure).update_layout(hovermode="closest")


def calibration_figure(calibrations: Mapping[str, Calibration], words: Words) -> go.Figure:
    """Accuracy against confidence by bin, the area of a point by its images, and the line of an honest network."""
    figure = go.Figure()
    figure.add_scatter(x=[0, 100], y=[0, 100], mode="lines", line=DASHED, hoverinfo="skip", name=words("honest"))
    hover = words("sure to {x}%, right in {y}%, {count} images").format(
        x="%{x:.1f}", y="%{y:.1f}", count="%{customdata}"
    )
    for (name, calibration), colour in zip(calibrations.items(), SERIES, strict=False):
        filled = calibration.images > 0
        images = calibration.images[filled]
        figure.add_scatter(
            x=calibration.confidence[filled] * 100,
            y=calibration.accuracy[filled] * 100,
            mode="lines+markers",
            line={"color": colour},
            marker={"size": 6 + 18 * np.sqrt(images / max(1, images.max(initial=1))), "opacity": 0.8},
            customdata=images,
            hovertemplate=hover + "<extra></extra>",
            name=name,
        )
    laid_out(figure, words("Does it know when it knows"), words("right, %"), SQUARE)
    figure.update_xaxes(title={"text": words("sure of its answer, %")})
    return legend_below(figure).update_layout(hovermode="closest")


def shifts_figure(shift: Shift, words: Words) -> go.Figure:
    """Accuracy under a growing change, with its 95% interval."""
    figure = go.Figure()
    figure.add_scatter(
        x=np.concatenate([shift.levels, shift.levels[::-1]]),
        y=np.concatenate([shift.high, shift.low[::-1]]) * 100,
        fill="toself",
        fillcolor=faded(BLUE, 0.18),
        line={"width": 0},
        mode="lines",
        hoverinfo="skip",
        showlegend=False,
    )
    figure.add_scatter(
        x=shift.levels,
        y=shift.accuracy * 100,
        mode="lines+markers",
        line={"color": BLUE},
        hovertemplate="%{y:.4g}%<extra></extra>",
        showlegend=False,
    )
    laid_out(figure, shift.name, words("accuracy, %"), SHIFT_HEIGHT)
    figure.update_xaxes(title={"text": shift.unit})
    return figure.update_yaxes(range=[0, 102])


def seeds_figure(
    seeds: Sequence[int], accuracy: Sequence[float], low: Sequence[float], high: Sequence[float], words: Words
) -> go.Figure:
    """Test accuracy of one recipe by seed, with the interval of each, and their mean."""
    shown = np.array(accuracy) * 100
    figure = go.Figure()
    figure.add_scatter(
        x=[str(seed) for seed in seeds],
        y=shown,
        mode="markers",
        marker={"size": 10, "color": BLUE},
        error_y={"array": np.array(high) * 100 - shown, "arrayminus": shown - np.array(low) * 100},
        hovertemplate="%{y:.4g}%<extra></extra>",
    )
    figure.add_hline(y=float(shown.mean()), line=DASHED)
    laid_out(figure, words("Accuracy by seed"), words("accuracy, %"), SHIFT_HEIGHT)
    figure.update_xaxes(type="category", title={"text": words("seed")})
    return figure.update_layout(hovermode="closest", showlegend=False)


def scores_figure(probabilities: NDArray[np.float64], names: Sequence[str], words: Words) -> go.Figure:
    """How sure the network is of each class."""
    figure = go.Figure()
    top = int(np.argmax(probabilities))
    colours = [BLUE if index == top else NEUTRAL for index in range(len(names))]
    figure.add_bar(
        x=list(names), y=probabilities * 100, marker={"color": colours}, hovertemplate="%{y:.3g}%<extra></extra>"
    )
    laid_out(figure, words("What the network answers"), words("sure, %"), 300)
    return figure.update_xaxes(type="category")


def _curves(curves: Mapping[str, Curve], least: float = 0.0) -> go.Figure:
    """least: what is drawn in place of a smaller x"""
    figure = go.Figure()
    for name, curve in curves.items():
        picked = np.unique(np.linspace(0, len(curve.x) - 1, MOST_POINTS).round().astype(int))
        figure.add_scatter(
            x=np.maximum(curve.x[picked], least) * 100,
            y=curve.y[picked] * 100,
            mode="lines",
            line={"width": 1.5},
            name=f"{name} ({curve.area:.4f})",
            hovertemplate="%{x:.3g}%, %{y:.4g}%",
        )
    return figure
