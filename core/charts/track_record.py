"""What published runs took against what was predicted of them, and where a plan's own runs stand among them."""

from collections.abc import Sequence

import plotly.graph_objects as go

from core.charts.colours import BLUE, MAGENTA, NEUTRAL, ORANGE, TEAL, WHITE, faded
from core.charts.layout import laid_out
from core.charts.units import Words, count_ticks, counted
from core.compute.backtest import WITHIN, Prediction

FROZEN_COLOUR, ADDED_COLOUR, PLAN_COLOUR, OWN_COLOUR = BLUE, TEAL, ORANGE, MAGENTA
RECORD_HEIGHT = 560
RATIO_TICKS = [0.2, 0.3, 0.5, 0.7, 1, 1.5, 2, 3, 5]
MARGIN = 2.0  # of the axes beyond the outermost run, as a factor


def track_record_figure(
    published: Sequence[Prediction],
    planned: Sequence[Prediction],
    own: Sequence[Prediction],
    words: Words,
    *,
    as_ratio: bool = False,
) -> go.Figure:
    """Predicted against reported accelerator-hours on logarithmic axes: on the diagonal a prediction is right.

    published: the scored runs; planned: the scenario's, at the hours of their MFU; own: finished runs of the user
    as_ratio: predicted over reported hours instead, which shows the errors larger
    """
    shown = [*published, *planned, *own]
    hours = [hour for one in shown for hour in (one.run.accelerator_hours, one.predicted_accelerator_hours)]
    ends = [min(hours) / MARGIN, max(hours) * MARGIN]
    figure = go.Figure()
    _add_band(figure, ends, [1.0, 1.0] if as_ratio else ends, words)
    for cohort, name, colour, symbol in (
        ("frozen", words("Published, frozen list"), FROZEN_COLOUR, "circle"),
        ("added", words("Published, added later"), ADDED_COLOUR, "diamond-open"),
    ):
        runs = [one for one in published if one.run.cohort == cohort]
        marker = {"color": colour, "symbol": symbol, "size": 8, "line": {"width": 2, "color": colour}}
        _add_runs(figure, runs, name, marker, words=words, as_ratio=as_ratio)
    large = {"size": 14, "line": {"width": 1, "color": WHITE}}
    for theirs, name, colour, symbol in (
        (planned, words("This plan"), PLAN_COLOUR, "star"),
        (own, words("Your finished runs"), OWN_COLOUR, "square"),
    ):
        marker = {"color": colour, "symbol": symbol, **large}
        _add_runs(figure, theirs, name, marker, words=words, as_ratio=as_ratio, with_interval=True)
    ticks = count_ticks(ends[0], ends[1], words)
    axis = {"type": "log", **ticks}
    every_second = {name: values[::2] for name, values in ticks.items()}  # side by side on a phone
    title, y_title = (
        (words("Predicted over reported hours"), words("Predicted / reported"))
        if as_ratio
        else (words("Predicted against reported hours"), words("Accelerator-hours predicted"))
    )
    laid_out(figure, title, y_title, height=RECORD_HEIGHT)
    figure.update_layout(
        hovermode="closest",
        xaxis={**axis, **every_second, "title": {"text": words("Accelerator-hours reported, or planned")}},
        yaxis={"type": "log", "tickvals": RATIO_TICKS, "tickformat": "~g"} if as_ratio else axis,
    )
    return figure


def _add_band(figure: go.Figure, ends: Sequence[float], right: Sequence[float], words: Words) -> None:
    """Where a prediction is right, and the band within a factor 1.5 of it, between the ends of the x axis."""
    figure.add_scatter(
        x=[*ends, *reversed(ends)],
        y=[*(y * WITHIN for y in right), *(y / WITHIN for y in reversed(right))],
        fill="toself",
        fillcolor=faded(NEUTRAL, 0.16),
        line={"width": 0},
        mode="lines",
        name=words("within 1.5×"),
        hoverinfo="skip",
    )
    figure.add_scatter(
        x=ends,
        y=right,
        mode="lines",
        line={"color": NEUTRAL, "dash": "dot", "width": 1.5},
        name=words("predicted = reported"),
        hoverinfo="skip",
    )


def _add_runs(
    figure: go.Figure,
    runs: Sequence[Prediction],
    name: str,
    marker: dict[str, object],
    *,
    words: Words,
    as_ratio: bool,
    with_interval: bool = False,
) -> None:
    """One trace of runs, with the 80 % interval of the prediction as a bar where it is asked for."""
    if not runs:
        return
    hours = words("{scale} accelerator-hours")
    unit = [one.run.accelerator_hours if as_ratio else 1.0 for one in runs]
    heights, lows, highs = (
        [getattr(one, field) / each for one, each in zip(runs, unit, strict=True)]
        for field in ("predicted_accelerator_hours", "low", "high")
    )
    figure.add_scatter(
        x=[one.run.accelerator_hours for one in runs],
        y=heights,
        mode="markers",
        marker=marker,
        name=name,
        customdata=[
            (
                " · ".join(text for text in (words(one.run.name), one.run.organization, one.run.accelerator) if text),
                counted(one.run.accelerator_hours, hours, words),
                counted(one.predicted_accelerator_hours, hours, words),
                "–" if one.error is None else f"{one.error:+.0%}".replace("-", "−"),
            )
            for one in runs
        ],
        error_y={
            "type": "data",
            "symmetric": False,
            "array": [high - height for high, height in zip(highs, heights, strict=True)],
            "arrayminus": [height - low for low, height in zip(lows, heights, strict=True)],
            "thickness": 1.5,
            "visible": with_interval,
        },
        hovertemplate="<b>%{customdata[0]}</b><br>"
        + words("reported or planned")
        + ": %{customdata[1]}<br>"
        + words("predicted")
        + ": %{customdata[2]} (%{customdata[3]})<extra></extra>",
    )
