"""A search for a better recipe: what each trial reached, what each setting did, and the learning-rate sweep."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from core.charts.colours import EARLY_TO_LATE, NEUTRAL, SERIES
from core.charts.layout import laid_out
from core.charts.log_axis import log_ticks
from core.charts.panels import legend_below
from core.charts.units import Words
from core.runs.classification_metrics import Floats
from core.runs.tuning import OWN_NETWORK, SEARCHED_NETWORK, Trial, Tuning

HEIGHT, SETTING_HEIGHT, IMPORTANCE_HEIGHT = 420, 200, 320
DASHED = {"dash": "dash", "width": 1, "color": NEUTRAL}
LARGEST_SHOWN = 3.0  # nats: above guessing, ln 10, a trial has learned nothing
PER_ROW = 2
DECADES_WITH_ALL_TICKS = 3
FEWEST_PLACES = 5  # on the axis of trials


def history_figure(found: Tuning, words: Words) -> go.Figure:
    """Validation loss of each trial, what was given up early, the best so far, and the recipe's own loss."""
    figure = go.Figure()
    places = max(FEWEST_PLACES, *(one.number + 1 for one in found.trials), 0)
    styles = (
        ("complete", words("learned to its end"), SERIES[0], "circle"),
        ("pruned", words("given up early"), NEUTRAL, "x"),
    )
    for state, name, colour, symbol in styles:
        trials = [one for one in found.trials if one.state == state and _known(one)]
        figure.add_scatter(
            x=[one.number for one in trials],
            y=[_shown(one) for one in trials],
            customdata=[_settings_text(one, words) for one in trials],
            mode="markers",
            marker={"size": 9, "color": colour, "symbol": symbol},
            name=name,
            hovertemplate="%{y:.4g}<br>%{customdata}<extra></extra>",
        )
    complete = [one for one in found.trials if one.state == "complete" and _known(one)]
    if complete:
        figure.add_scatter(
            x=[one.number for one in complete],
            y=np.minimum.accumulate([_shown(one) for one in complete]),
            mode="lines",
            line={"color": SERIES[2], "shape": "hv", "width": 2},
            name=words("best so far"),
            hoverinfo="skip",
        )
    if found.base:
        figure.add_scatter(
            x=[-0.5, places - 0.5],
            y=[float(np.mean([one.loss for one in found.base]))] * 2,
            mode="lines",
            line=DASHED,
            name=words("the recipe itself"),
            hovertemplate="%{y:.4g}<extra></extra>",
        )
    laid_out(figure, words("What each trial reached"), words("validation loss"), HEIGHT)
    losses = np.array([_shown(one) for one in found.trials if _known(one)] + [one.loss for one in found.base])
    figure.update_yaxes(type="log", **log_ticks(losses))
    figure.update_xaxes(title={"text": words("trial")}, range=[-0.5, places - 0.5], dtick=max(1, places // 10))
    return legend_below(figure).update_layout(hovermode="closest", uirevision="tuning")


def settings_figure(
    trials: Sequence[Trial], names: Mapping[str, str], logarithmic: Sequence[str], words: Words
) -> go.Figure:
    """Validation loss against each setting, a panel each, of the trials that learned to their end.

    names: settings to draw by what they are called; logarithmic: those over a logarithmic axis
    """
    complete = [one for one in trials if one.state == "complete" and _known(one)]
    called: dict[float | int | str, str] = {
        OWN_NETWORK: words("the recipe's own"),
        SEARCHED_NETWORK: words("searched"),
    }
    rows = max(1, math.ceil(len(names) / PER_ROW))
    figure = make_subplots(rows=rows, cols=PER_ROW, shared_yaxes=True, horizontal_spacing=0.1)
    for place, (setting, name) in enumerate(names.items()):
        row, column = place // PER_ROW + 1, place % PER_ROW + 1
        asked = [one for one in complete if setting in one.settings]
        values = [called.get(one.settings[setting], one.settings[setting]) for one in asked]
        figure.add_scatter(
            x=[str(value) for value in values] if _few(values) else values,
            y=[_shown(one) for one in asked],
            mode="markers",
            marker={
                "size": 8,
                "color": [one.number for one in asked],
                "colorscale": EARLY_TO_LATE,
            },
            hovertemplate="%{x}: %{y:.4g}<extra></extra>",
            row=row,
            col=column,
        )
        axis: dict[str, Any] = {"type": "linear", "nticks": 5}
        if setting in logarithmic:
            decades = np.ptp(np.log10(np.array(values, dtype=np.float64))) if values else 0
            axis = {"type": "log", "dtick": 1 if decades < DECADES_WITH_ALL_TICKS else 2}
        elif _few(values):
            axis = {"type": "category", "categoryarray": [str(one) for one in sorted(set(values), key=_by_size)]}
        figure.update_xaxes(title={"text": name}, row=row, col=column, **axis)
    laid_out(figure, words("Validation loss against each setting"), "", rows * SETTING_HEIGHT)
    figure.update_yaxes(type="log", **log_ticks(np.array([_shown(one) for one in complete])))
    figure.update_xaxes(tickangle=0).update_xaxes(selector={"type": "log"}, exponentformat="power")
    return figure.update_layout(showlegend=False, hovermode="closest")


def importance_figure(importance: Mapping[str, float], names: Mapping[str, str], words: Words) -> go.Figure:
    """How much of what tells good trials from bad ones lies in each setting."""
    ordered = sorted(importance.items(), key=lambda pair: pair[1])
    figure = go.Figure()
    figure.add_bar(
        x=[share * 100 for _, share in ordered],
        y=[names.get(name, name) for name, _ in ordered],
        orientation="h",
        marker={"color": SERIES[0]},
        hovertemplate="%{y}: %{x:.3g}%<extra></extra>",
    )
    laid_out(figure, words("Which settings mattered, %"), "", IMPORTANCE_HEIGHT)
    return figure.update_layout(hovermode="closest", showlegend=False)


def rates_figure(
    rates: Floats, losses: Floats, smoothed: Floats, marks: Mapping[str, float], words: Words
) -> go.Figure:
    """Loss of each batch against a growing learning rate. marks: rates by what they are called"""
    figure = go.Figure()
    figure.add_scatter(x=rates, y=losses, mode="lines", line={"color": NEUTRAL, "width": 1}, name=words("each batch"))
    figure.add_scatter(x=rates, y=smoothed, mode="lines", line={"color": SERIES[0], "width": 2}, name=words("smoothed"))
    for (name, rate), colour in zip(marks.items(), SERIES[1:], strict=False):
        figure.add_scatter(
            x=[rate, rate],
            y=[float(smoothed.min()) * 0.9, float(losses[0]) * 1.2],
            mode="lines",
            line={"color": colour, "dash": "dot"},
            name=f"{name} {rate:.2g}",
            hoverinfo="skip",
        )
    laid_out(figure, words("Loss while the learning rate grows"), words("loss"), HEIGHT)
    figure.update_yaxes(range=[0, float(np.percentile(losses, 90)) * 1.4])
    figure.update_xaxes(type="log", dtick=1, title={"text": words("learning rate")}, exponentformat="power")
    return legend_below(figure).update_layout(hovermode="closest")


def _known(one: Trial) -> bool:
    return one.loss is not None and math.isfinite(one.loss)


def _shown(one: Trial) -> float:
    return min(float(one.loss or 0.0), LARGEST_SHOWN)


def _settings_text(one: Trial, words: Words) -> str:
    parts = (
        f"{name} {value:.3g}" if isinstance(value, float) else f"{name} {value}" for name, value in one.settings.items()
    )
    return words("trial {number}").format(number=one.number) + "<br>" + "<br>".join(parts)


def _few(values: Sequence[float | int | str]) -> bool:
    """Whether they are some of a few options, not any number of a range."""
    return all(isinstance(one, int | str) for one in values)


def _by_size(value: float | int | str) -> tuple[float, str]:
    return (0.0, value) if isinstance(value, str) else (float(value), "")
