"""Who owns and who votes, over time."""

from collections.abc import Sequence
from datetime import date

import plotly.graph_objects as go

from core.charts.colours import area, places
from core.charts.layout import laid_out, month_axis
from core.charts.units import Words
from core.plan.answer import PATH, Answer
from core.plan.calendar import month_after
from core.plan.scenario import Scenario

MAJORITY = {"line": {"dash": "dot", "width": 1}}


def ownership_figure(scenario: Scenario, answer: Answer, words: Words) -> go.Figure:
    """Fully diluted ownership by class as stacked areas, until the cash or the horizon ends."""
    simulation = answer.simulation
    shown = min(simulation.months, int(simulation.dry[PATH]) + 1)
    days = [month_after(scenario.founding, month) for month in range(shown)]
    figure = go.Figure()
    for place, name in enumerate(answer.owners):
        held = simulation.ownership[:shown, simulation.classes.index(name), PATH]
        _add_area(figure, words(name), days, list(held), place)
    return _laid_out(figure, words("Ownership, fully diluted"), words("share of the company"), words)


def votes_figure(answer: Answer, words: Words) -> go.Figure:
    """Votes by holder as stacked areas, until the cash or the horizon ends, with the half that makes a majority."""
    end = answer.dry or answer.horizon
    days = [*(one.since for one in answer.votes), end]
    figure = go.Figure()
    voters = dict.fromkeys(name for one in answer.votes for name in one.by_holder)
    place = places(answer.owners, voters)
    for holder in voters:
        held = [float(one.by_holder.get(holder, 0)) for one in answer.votes]
        _add_area(figure, words(holder), days, [*held, held[-1]], place[holder])
    figure.update_layout(shapes=[{"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": 0.5, "y1": 0.5} | MAJORITY])
    return _laid_out(figure, words("Votes"), words("share of the votes"), words)


def _add_area(figure: go.Figure, name: str, days: Sequence[date], held: Sequence[float], place: int) -> None:
    figure.add_scatter(x=days, y=held, name=name, **area(place), hovertemplate="%{y:.1%}")
    figure.data[-1].line.shape = "hv"


def _laid_out(figure: go.Figure, title: str, unit: str, words: Words) -> go.Figure:
    figure.update_xaxes(**month_axis(words))
    figure.update_yaxes(tickformat=".0%", range=[0, 1])
    return laid_out(figure, title, unit)
