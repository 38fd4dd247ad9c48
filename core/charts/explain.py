"""Explanations as pictures: what speaks for a class in orange, against it in blue, on the dimmed image.

The two colours differ for every common kind of colour-blindness; the ground is dark in both themes, as the images are.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from core.charts.colours import AGAINST, FOR, NEUTRAL, PAPER, SERIES, SILENT, faded, rgb
from core.charts.layout import laid_out
from core.charts.log_axis import log_ticks
from core.charts.panels import legend_below
from core.charts.units import Words

DIMMED = 0.4  # of the image's brightness under the colours
STRONG = 99.0  # percentile of the sizes that has the full colour: a single pixel shall not pale the rest
MAP_HEIGHT, CURVE_HEIGHT, GRADIENT_HEIGHT = 470, 500, 400
GAP = 2  # pixels between two kernels
INK_SEEN = 1.5  # of the share of ink that a curve is drawn to: then there is nothing left to hide
OUTLINE = 100  # brightness of the line around the ink
BAND = faded(NEUTRAL, 0.25)
LEAST_NORM = 1e-12  # a logarithm has no zero


def strength(values: NDArray[Any]) -> float:
    """The size of an attribution that is drawn in full colour."""
    sizes = np.abs(np.asarray(values, dtype=np.float64))
    return float(np.percentile(sizes, STRONG)) or float(sizes.max()) or 1.0


def overlay(image: NDArray[Any], values: NDArray[Any], width: int) -> NDArray[np.uint8]:
    """RGB pixels, about `width` on a side, of the dimmed image (0 to 255) under the colours of its attribution."""
    weight = np.clip(np.abs(values) / strength(values), 0.0, 1.0)[..., None]
    ground, up, down = (np.array(rgb(colour)) for colour in (SILENT, FOR, AGAINST))
    shade = (np.asarray(image, dtype=np.float64) / 255 * DIMMED)[..., None]
    grey = ground * (1 - shade) + 255 * shade
    colour = np.where(np.asarray(values)[..., None] >= 0, up, down)
    return _enlarged(grey * (1 - weight) + colour * weight, width)


def kernels_picture(kernels: NDArray[Any], width: int) -> NDArray[np.uint8]:
    """RGB pixels, about `width` across, of kernels (rows, columns, k, k): weights above 0 orange, below 0 blue."""
    rows, columns, size, _ = kernels.shape
    times = max(1, (width // columns - GAP) // size)
    weight = np.clip(np.abs(kernels) / strength(kernels), 0.0, 1.0)[..., None]
    ground, up, down = (np.array(rgb(colour)) for colour in (SILENT, FOR, AGAINST))
    drawn = ground * (1 - weight) + np.where(kernels[..., None] >= 0, up, down) * weight
    tile = times * size
    sheet = np.empty((rows, columns, tile + GAP, tile + GAP, 3))
    sheet[:] = rgb(NEUTRAL)
    sheet[:, :, :tile, :tile] = np.repeat(np.repeat(drawn, times, axis=2), times, axis=3)
    laid = sheet.transpose(0, 2, 1, 3, 4).reshape(rows * (tile + GAP), columns * (tile + GAP), 3)
    return np.asarray(np.rint(laid[:-GAP, :-GAP]), dtype=np.uint8)


def attribution_figure(image: NDArray[Any], values: NDArray[Any], title: str, words: Words) -> go.Figure:
    """Attribution by pixel with the outline of the ink."""
    reach = strength(values)
    figure = go.Figure()
    figure.add_heatmap(
        z=values,
        zmin=-reach,
        zmax=reach,
        colorscale=[[0, AGAINST], [0.5, SILENT], [1, FOR]],
        colorbar={
            "orientation": "h",
            "thickness": 12,
            "len": 0.7,
            "y": -0.02,
            "yanchor": "top",
            "tickvals": [-reach * 0.8, 0, reach * 0.8],
            "ticktext": [words("against it"), "0", words("for it")],
            "ticks": "",
        },
        customdata=image,
        hovertemplate=words("row {row}, column {column}: {value} (brightness {brightness})").format(
            row="%{y}", column="%{x}", value="%{z:.3g}", brightness="%{customdata}"
        )
        + "<extra></extra>",
    )
    edges = [np.array([-0.5, *range(size), size - 0.5]) for size in image.shape]
    figure.add_contour(
        z=np.pad(np.asarray(image, dtype=np.float64), 1),  # a black rim closes the line where ink meets the edge
        y=edges[0],
        x=edges[1],
        contours={"start": OUTLINE, "end": OUTLINE, "size": 1, "coloring": "none"},
        line={"color": PAPER, "width": 1.5},
        showscale=False,
        hoverinfo="skip",
    )
    laid_out(figure, title, "", MAP_HEIGHT)
    figure.update_xaxes(visible=False, constrain="domain")
    figure.update_yaxes(visible=False, autorange="reversed", scaleanchor="x", constrain="domain")
    return figure.update_layout(hovermode="closest")


def hiding_figure(
    curves: Mapping[str, NDArray[np.float64]],
    chance: NDArray[np.float64] | None,
    ink: float,
    title: str,
    words: Words,
) -> go.Figure:
    """Certainty against the share of pixels that is hidden, or shown, by method.

    ink: share of the pixels that bear some
    chance: curves (orders, points) of the ink in random order: a band that holds nine of ten, and their mean
    """
    figure = go.Figure()
    if chance is not None:
        share = np.linspace(0, 100, chance.shape[1])
        low, high = np.percentile(chance, (5, 95), axis=0) * 100
        figure.add_scatter(
            x=np.concatenate([share, share[::-1]]),
            y=np.concatenate([high, low[::-1]]),
            fill="toself",
            fillcolor=BAND,
            line={"width": 0},
            mode="lines",
            hoverinfo="skip",
            showlegend=False,
        )
        figure.add_scatter(
            x=share,
            y=chance.mean(axis=0) * 100,
            mode="lines",
            line={"color": NEUTRAL, "dash": "dash"},
            name=words("ink at random"),
            hovertemplate="%{y:.3g}%",
        )
    for (name, curve), colour in zip(curves.items(), SERIES, strict=False):
        figure.add_scatter(
            x=np.linspace(0, 100, len(curve)),
            y=curve * 100,
            mode="lines",
            line={"color": colour, "width": 2},
            name=name,
            hovertemplate="%{y:.3g}%",
        )
    laid_out(figure, title, words("certainty, %"), CURVE_HEIGHT)
    figure.update_xaxes(title={"text": words("pixels, %")}, range=[0, min(100.0, ink * 100 * INK_SEEN)])
    return legend_below(figure).update_yaxes(range=[-2, 102])


def randomised_figure(
    likeness: Mapping[str, tuple[Sequence[str], NDArray[np.float64]]], start: str, title: str, words: Words
) -> go.Figure:
    """How like its trained self each method's map stays as layers get random weights, from the output down.

    likeness: by method, the deepest random layers and its rank correlation there; start: the name of no random layer
    """
    figure = go.Figure()
    for (name, (levels, values)), colour in zip(likeness.items(), SERIES, strict=False):
        figure.add_scatter(
            x=[start, *levels],
            y=[1.0, *values],
            mode="lines+markers",
            line={"color": colour, "width": 2},
            name=name,
            hovertemplate="%{y:.2f}",
        )
    figure.add_hline(y=0, line={"color": NEUTRAL, "width": 1, "dash": "dash"})
    laid_out(figure, title, words("rank correlation"), CURVE_HEIGHT)
    figure.update_xaxes(type="category", title={"text": words("random from the output down to")})
    return legend_below(figure).update_yaxes(range=[-0.5, 1.05])


def gradient_figure(
    layers: Sequence[str], trained: NDArray[np.float64], fresh: NDArray[np.float64], words: Words
) -> go.Figure:
    """Size of the loss's gradient by layer, on a log scale, before training and now."""
    figure = go.Figure()
    for name, sizes, colour in (
        (words("before training"), fresh, NEUTRAL),
        (words("trained"), trained, SERIES[0]),
    ):
        figure.add_scatter(
            x=list(layers),
            y=np.maximum(sizes, LEAST_NORM),
            mode="lines+markers",
            line={"color": colour, "width": 2},
            marker={"size": 8},
            name=name,
            hovertemplate="%{y:.3g}",
        )
    laid_out(figure, words("Gradient by layer, from the image on"), words("size of the gradient"), GRADIENT_HEIGHT)
    figure.update_yaxes(type="log", **log_ticks(np.concatenate([trained, fresh])))
    figure.update_xaxes(type="category", title={"text": words("layer")})
    return legend_below(figure)


def _enlarged(pixels: NDArray[np.float64], width: int) -> NDArray[np.uint8]:
    times = max(1, round(width / pixels.shape[1]))
    large = np.repeat(np.repeat(pixels, times, axis=0), times, axis=1)
    return np.asarray(np.rint(large), dtype=np.uint8)
