"""Optimizers on a surface: their ways over a map or a landscape that can be played, their values, their rates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from core.charts.colours import INK, LAND, NEUTRAL, SERIES, WHITE
from core.charts.ground import BANDS, Ground, colour_bar, contour_levels, ground, reach
from core.charts.layout import laid_out
from core.charts.log_axis import power_ticks
from core.charts.panels import legend_below
from core.charts.picture import banded_picture
from core.charts.units import Words
from core.formulas.races import Path, Sweep
from core.formulas.surfaces import Surface

Array = NDArray[np.float64]
MOST_FRAMES = 50
MILLISECONDS_A_FRAME = 60
MAP_HEIGHT, VALUES_HEIGHT = 540, 340
LEAST_VALUE = 1e-16  # where the axis of values is cut


@dataclass(frozen=True)
class Runner:
    """One run in a race, with its name for people."""

    name: str
    path: Path


@dataclass(frozen=True)
class _Dots:
    """Where each run is, step by step: ways of shape (steps, coordinates); one that is over stays at its end."""

    ways: Sequence[Array]

    def at(self, step: int) -> Array:
        """Coordinates of all, shape (coordinates, runs); -1 for their ends."""
        return np.array([way[step if 0 <= step < len(way) else -1] for way in self.ways]).T

    @property
    def steps(self) -> list[int]:
        """Those of the play."""
        last = max(len(way) for way in self.ways) - 1
        return [int(step) for step in np.unique(np.linspace(0, last, min(last + 1, MOST_FRAMES)).round())]


def map_figure(surface: Surface, runners: Sequence[Runner], lowest: float, words: Words) -> go.Figure:
    """The surface from above with every run's way; the play button moves a dot along each."""
    land = ground(surface, lowest)
    figure = go.Figure()
    figure.add_contour(
        x=land.x,
        y=land.y,
        z=land.heights,
        autocontour=False,
        contours=contour_levels(land),
        colorscale=LAND,
        line={"width": 0.5, "color": WHITE},
        colorbar=colour_bar(land, words),
        hovertemplate="x %{x:.4g}, y %{y:.4g}: %{z:.4g}<extra></extra>",
        name=words("Surface"),
    )
    _add_places(figure, surface, words)
    for runner, colour in zip(runners, SERIES, strict=False):
        x, y = runner.path.points.T
        line = {"color": colour, "width": 2.5}
        figure.add_scatter(
            x=x, y=y, mode="lines+markers", line=line, marker={"size": 4}, name=runner.name, **_read_off(runner)
        )
    ends = {"size": 13, "color": SERIES[: len(runners)], "line": {"width": 2, "color": WHITE}}
    dots = _Dots([runner.path.points for runner in runners])
    x, y = dots.at(-1)
    figure.add_scatter(x=x, y=y, mode="markers", marker=ends, showlegend=False, hoverinfo="skip")
    x_from, x_to, y_from, y_to = surface.window
    figure.update_layout(
        xaxis={"range": [x_from, x_to], "title": {"text": "x"}, "showgrid": False, "zeroline": False},
        yaxis={"range": [y_from, y_to], "title": {"text": "y"}, "showgrid": False, "zeroline": False},
    )
    figure.add_layout_image(
        source=banded_picture(land.heights, *reach(land), BANDS, LAND),
        xref="x",
        yref="y",
        x=x_from,
        y=y_to,
        sizex=x_to - x_from,
        sizey=y_to - y_from,
        sizing="stretch",
        layer="below",
    )
    return _playable(figure, dots, words, MAP_HEIGHT)


def landscape_figure(surface: Surface, runners: Sequence[Runner], lowest: float, words: Words) -> go.Figure:
    """The same in three dimensions, to be turned."""
    land = ground(surface, lowest)
    figure = go.Figure()
    figure.add_surface(
        x=land.x,
        y=land.y,
        z=land.heights,
        colorscale=LAND,
        opacity=0.9,
        colorbar=colour_bar(land, words),
        hovertemplate="x %{x:.4g}, y %{y:.4g}: %{z:.4g}<extra></extra>",
        name=words("Surface"),
    )
    ways = [_inside(surface, land, runner.path) for runner in runners]
    for runner, way, colour in zip(runners, ways, SERIES, strict=False):
        x, y, z = way.T
        line = {"color": colour, "width": 5}
        figure.add_scatter3d(x=x, y=y, z=z, mode="lines", line=line, name=runner.name, hoverinfo="name")
    ends = {"size": 6, "color": SERIES[: len(runners)], "line": {"width": 1, "color": WHITE}}
    dots = _Dots(ways)
    x, y, z = dots.at(-1)
    figure.add_scatter3d(x=x, y=y, z=z, mode="markers", marker=ends, showlegend=False, hoverinfo="skip")
    title = words("height, powers of ten") if land.logarithmic else "f(x, y)"
    figure.update_layout(
        scene={
            "xaxis": {"title": {"text": "x"}},
            "yaxis": {"title": {"text": "y"}},
            "zaxis": {"title": {"text": title}},
            "camera": {"eye": {"x": -1.35, "y": -1.35, "z": 1.0}},
        }
    )
    return _playable(figure, dots, words, MAP_HEIGHT)


def values_figure(runners: Sequence[Runner], lowest: float | None, words: Words) -> go.Figure:
    """The value at each step; above the lowest one on a log scale where that is known."""
    figure = go.Figure()
    for runner, colour in zip(runners, SERIES, strict=False):
        values = runner.path.values
        shown = values if lowest is None else np.maximum(values - lowest, LEAST_VALUE)
        figure.add_scatter(
            x=np.arange(len(values)),
            y=shown,
            mode="lines",
            line={"color": colour, "width": 2.5},
            name=runner.name,
            hovertemplate="%{y:.4g}",
        )
        if runner.path.lost is not None:
            mark = {"symbol": "x", "size": 11, "color": colour}
            figure.add_scatter(
                x=[len(values) - 1],
                y=[shown[-1]],
                mode="markers",
                marker=mark,
                name=words("{optimizer}: lost").format(optimizer=runner.name),
                showlegend=False,
                hoverinfo="skip",
            )
    title = "f(x, y)" if lowest is None else words("f above its lowest value")
    legend_below(laid_out(figure, words("Value against steps"), title))
    axis: dict[str, Any] = {} if lowest is None else {"type": "log", **_powers(figure)}
    return figure.update_layout(height=VALUES_HEIGHT, xaxis={"title": {"text": words("step")}}, yaxis=axis)


def sweep_figure(
    sweeps: Mapping[str, Sweep],
    lowest: float | None,
    rates: Mapping[str, float],
    limits: Mapping[str, float],
    words: Words,
) -> go.Figure:
    """The last value of each optimizer at many learning rates.

    rates: in the race; limits: above which an optimizer cannot settle; all by name
    """
    figure = go.Figure()
    for (name, sweep), colour in zip(sweeps.items(), SERIES, strict=False):
        kept = np.where(np.isfinite(sweep.final), sweep.final, np.nan)
        shown = kept if lowest is None else np.maximum(kept - lowest, LEAST_VALUE)
        figure.add_scatter(
            x=sweep.learning_rates,
            y=shown,
            mode="lines+markers",
            line={"color": colour, "width": 2},
            marker={"size": 4},
            name=name,
            hovertemplate="%{x:.3g}: %{y:.4g}",
        )
        _add_lost(figure, name, sweep, colour, words)
        if name in limits:
            line = {"color": colour, "dash": "dash", "width": 1.5}
            figure.add_shape(type="line", x0=limits[name], x1=limits[name], y0=0, y1=1, yref="y domain", line=line)
        if name in rates and not np.isnan(shown).all():
            at = float(np.interp(rates[name], sweep.learning_rates, np.nan_to_num(shown, nan=np.nanmax(shown))))
            star = {"symbol": "star", "size": 13, "color": colour, "line": {"width": 1, "color": WHITE}}
            figure.add_scatter(
                x=[rates[name]], y=[at], mode="markers", marker=star, showlegend=False, hoverinfo="skip", name=name
            )
    title = words("last f(x, y)") if lowest is None else words("last f above its lowest value")
    legend_below(laid_out(figure, words("The last value at each learning rate"), title))
    axis: dict[str, Any] = {} if lowest is None else {"type": "log", **_powers(figure)}
    rates_axis = power_ticks(np.concatenate([sweep.learning_rates for sweep in sweeps.values()]))
    return figure.update_layout(
        hovermode="closest",
        xaxis={"type": "log", "title": {"text": words("learning rate")}, **rates_axis},
        yaxis=axis,
    )


def _powers(figure: go.Figure) -> dict[str, Any]:
    """Ticks for all the values that are drawn."""
    drawn = [np.asarray(trace.y, dtype=np.float64) for trace in figure.data if trace.yaxis in (None, "y")]
    return power_ticks(np.concatenate(drawn))


def _add_lost(figure: go.Figure, name: str, sweep: Sweep, colour: str, words: Words) -> None:
    """Crosses under the axis at the rates whose run was lost."""
    lost = sweep.lost_at >= 0
    if lost.any():
        figure.add_scatter(
            x=sweep.learning_rates[lost],
            y=np.full(int(lost.sum()), 0.02 + 0.03 * SERIES.index(colour)),
            yaxis="y2",
            customdata=sweep.lost_at[lost],
            mode="markers",
            marker={"symbol": "x-thin", "size": 7, "color": colour, "line": {"width": 2, "color": colour}},
            showlegend=False,
            name=words("{optimizer}: lost").format(optimizer=name),
            hovertemplate="%{x:.3g}: " + words("lost at step {step}").format(step="%{customdata}"),
        )
        figure.update_layout(yaxis2={"overlaying": "y", "range": [0, 1], "visible": False, "fixedrange": True})


def _add_places(figure: go.Figure, surface: Surface, words: Words) -> None:
    """Minima as stars, saddles and maxima as open signs."""
    signs = {
        "global minimum": ("star", words("global minimum")),
        "local minimum": ("star-open", words("local minimum")),
        "saddle": ("diamond-open", words("saddle")),
        "degenerate saddle": ("diamond-open", words("degenerate saddle")),
        "maximum": ("triangle-up-open", words("maximum")),
    }
    for kind, (symbol, name) in signs.items():
        points = [point for point in surface.points if point.kind == kind]
        if points:
            figure.add_scatter(
                x=[point.x for point in points],
                y=[point.y for point in points],
                mode="markers",
                marker={"symbol": symbol, "size": 11, "color": INK, "line": {"width": 1.5, "color": INK}},
                name=name,
                showlegend=False,
                hovertemplate=name + " (%{x:.4g}, %{y:.4g})<extra></extra>",
            )


def _read_off(runner: Runner) -> dict[str, Any]:
    values = runner.path.values
    return {
        "customdata": np.stack([np.arange(len(values)), values], axis=-1),
        "hovertemplate": runner.name + " %{customdata[0]}: (%{x:.5g}, %{y:.5g}), f %{customdata[1]:.5g}<extra></extra>",
    }


def _inside(surface: Surface, land: Ground, path: Path) -> Array:
    """A way in three dimensions, with a gap where it is outside the window."""
    x_from, x_to, y_from, y_to = surface.window
    x, y = path.points.T
    within = (x >= x_from) & (x <= x_to) & (y >= y_from) & (y <= y_to)
    way = np.stack([x, y, land.height(path.values)], axis=-1)
    return np.where(within[:, None], way, np.nan)


def _playable(figure: go.Figure, dots: _Dots, words: Words, height: int) -> go.Figure:
    """The last trace holds the dots, which move."""
    moving = type(figure.data[-1])
    figure.frames = [
        go.Frame(
            name=str(step),
            data=[moving(dict(zip("xyz", dots.at(step), strict=False)))],
            traces=[len(figure.data) - 1],
        )
        for step in dots.steps
    ]
    redraw = moving is go.Scatter3d  # without it a three-dimensional dot would not move
    play = {
        "frame": {"duration": MILLISECONDS_A_FRAME, "redraw": redraw},
        "transition": {"duration": 0},
        "fromcurrent": True,
        "mode": "immediate",
    }
    still = {**play, "frame": {"duration": 0, "redraw": redraw}}
    buttons = [
        {"label": "▶", "method": "animate", "args": [None, play]},
        {"label": "❚❚", "method": "animate", "args": [[None], still]},
    ]
    before, after = words("Step {number}").split("{number}")
    steps = [{"label": frame.name, "method": "animate", "args": [[frame.name], still]} for frame in figure.frames]
    figure.update_layout(
        height=height,
        margin={"l": 8, "r": 8, "t": 16, "b": 8},
        hovermode="closest",
        legend={"orientation": "h", "yref": "paper", "yanchor": "bottom", "y": 1.02, "x": 0},
        updatemenus=[
            {
                "type": "buttons",
                "direction": "left",
                "buttons": buttons,
                "showactive": False,
                "x": 0,
                "xanchor": "left",
                "y": -0.12,
                "yanchor": "top",
                "pad": {"t": 14, "r": 8},
                "font": {"color": NEUTRAL},
            }
        ],
        sliders=[
            {
                "steps": steps,
                "active": max(len(steps) - 1, 0),
                "x": 0.42,  # beside the buttons, on a phone too
                "len": 0.58,
                "y": -0.12,
                "yanchor": "top",
                "pad": {"t": 4},
                "currentvalue": {"prefix": before, "suffix": after, "xanchor": "right"},
                "ticklen": 0,
                "minorticklen": 0,
            }
        ],
    )
    return figure
