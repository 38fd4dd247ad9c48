"""A training run while it goes on: loss and accuracy, rate, throughput and energy, and what the network is shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.subplots import make_subplots

from core.charts.colours import SERIES, WHITE
from core.charts.layout import laid_out
from core.charts.log_axis import SMALLEST_LOSS, log_ticks
from core.charts.panels import legend_below
from core.charts.units import Words

Columns = Mapping[str, NDArray[np.float64]]
RUN_HEIGHT, PANEL_HEIGHT = 460, 190


@dataclass(frozen=True)
class RunCurves:
    """A run by name, with the columns of its "progress" and "epoch" events."""

    name: str
    progress: Columns
    epochs: Columns


def run_figure(runs: Sequence[RunCurves], words: Words) -> go.Figure:
    """Loss above, on a log scale, and accuracy below against the step; lines in training, points on validation images.

    runs: the one that is shown, then those it is compared with
    """
    figure = make_subplots(rows=2, cols=1, shared_xaxes=True, vertical_spacing=0.06)
    for run, colour in zip(runs, SERIES, strict=False):
        prefix = f"{run.name} · " if len(runs) > 1 else ""
        for row, name, scale in ((1, "loss", 1.0), (2, "accuracy", 100.0)):
            figure.add_scatter(
                x=run.progress["step"],
                y=_shown(run.progress[name], row) * scale,
                name=prefix + words("in training"),
                mode="lines" if len(run.progress["step"]) > 1 else "markers",  # the first point is no line yet
                line={"color": colour, "width": 1.5},
                legendgroup=run.name + "t",
                showlegend=row == 1,
                hovertemplate="%{y:.4g}",
                row=row,
                col=1,
            )
            figure.add_scatter(
                x=run.epochs["step"],
                y=_shown(run.epochs[f"validation_{name}"], row) * scale,
                name=prefix + words("validation"),
                mode="lines+markers",
                line={"color": colour, "width": 2, "dash": "dot"},
                marker={"size": 8, "line": {"width": 1, "color": WHITE}},
                legendgroup=run.name + "v",
                showlegend=row == 1,
                hovertemplate="%{y:.4g}",
                row=row,
                col=1,
            )
    laid_out(figure, words("Loss and accuracy"), words("loss"), RUN_HEIGHT)
    losses = np.concatenate([run.progress["loss"] for run in runs] + [run.epochs["validation_loss"] for run in runs])
    figure.update_yaxes(type="log", **log_ticks(losses), row=1, col=1)
    figure.update_yaxes(title={"text": words("accuracy, %")}, row=2, col=1)
    figure.update_xaxes(title={"text": words("step")}, row=2, col=1)
    return legend_below(figure).update_layout(uirevision="run")


def panel_figures(progress: Columns, words: Words) -> dict[str, go.Figure]:
    """Learning rate, throughput, MFU, memory and energy against the step, by name; without what the machine hides."""
    panels = {
        words("learning rate"): progress["rate"],
        words("samples a second"): progress["samples_per_second"],
        words("utilisation (MFU), %"): progress["mfu"] * 100,
        words("memory of the process, MB"): progress["memory_bytes"] / 1e6,
        words("energy so far, J"): progress["joules"],
    }
    known = {name: column for name, column in panels.items() if np.isfinite(column).any()}
    return {
        name: _panel(name, progress["step"], column, SERIES[index % len(SERIES)])
        for index, (name, column) in enumerate(known.items())
    }


def _panel(name: str, steps: NDArray[np.float64], column: NDArray[np.float64], colour: str) -> go.Figure:
    figure = go.Figure()
    figure.add_scatter(x=steps, y=column, name=name, mode="lines", line={"color": colour}, hovertemplate="%{y:.4g}")
    laid_out(figure, name, "", PANEL_HEIGHT)
    figure.update_layout(title={"font": {"size": 13}}, showlegend=False, margin={"t": 32}, uirevision="run")
    return figure.update_yaxes(rangemode="tozero")


def brightness_figure(
    edges: NDArray[np.float64], before: NDArray[np.float64], after: NDArray[np.float64], words: Words
) -> go.Figure:
    """How bright the pixels are, as shares of all, as stored and standardised. edges: one more than the bars."""
    figure = go.Figure()
    middle, width = (edges[1:] + edges[:-1]) / 2, np.diff(edges)
    for name, share in ((words("as stored, 0 to 1"), before), (words("standardised"), after)):
        figure.add_bar(x=middle, y=share * 100, width=width, name=name, opacity=0.7, hovertemplate="%{y:.3g}%")
    legend_below(laid_out(figure, words("Brightness of the pixels"), words("% of pixels"), 320))
    shares = np.concatenate([before, after]) * 100
    figure.update_yaxes(type="log", **log_ticks(shares[shares > 0]))
    return figure.update_layout(barmode="overlay", xaxis={"title": {"text": words("brightness")}})


def mosaic(pictures: NDArray[np.float64], columns: int, *, enlarged: int = 3, gap: int = 1) -> NDArray[np.uint8]:
    """Pictures (n, height, width) side by side, each stretched from its darkest to its brightest, in shades of grey."""
    count, height, width = pictures.shape
    rows = max(1, -(-count // columns))
    low = pictures.min(axis=(1, 2), keepdims=True) if count else 0.0
    span = np.maximum(pictures.max(axis=(1, 2), keepdims=True) - low, 1e-12) if count else 1.0
    sheet = np.full((rows * (height + gap) - gap, columns * (width + gap) - gap), 0.5)
    for index, picture in enumerate((pictures - low) / span):
        top, left = index // columns * (height + gap), index % columns * (width + gap)
        sheet[top : top + height, left : left + width] = picture
    large = np.repeat(np.repeat(sheet, enlarged, axis=0), enlarged, axis=1)
    return np.asarray(np.rint(large * 255), dtype=np.uint8)


def _shown(column: NDArray[np.float64], row: int) -> NDArray[np.float64]:
    return np.maximum(column, SMALLEST_LOSS) if row == 1 else column
