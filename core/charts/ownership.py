"""Ownership over time, and who holds what today."""

import plotly.graph_objects as go

from core.charts.layout import MONTH_FORMAT, Words, laid_out
from core.plan.answer import PATH, Answer
from core.plan.calendar import month_after
from core.plan.scenario import Scenario


def ownership_figure(scenario: Scenario, answer: Answer, words: Words) -> go.Figure:
    """Fully diluted ownership by class as stacked areas, until the cash or the horizon ends."""
    simulation = answer.simulation
    shown = min(simulation.months, int(simulation.dry[PATH]) + 1)
    days = [month_after(scenario.founding, month) for month in range(shown)]
    figure = go.Figure()
    for index, name in enumerate(simulation.classes):
        held = simulation.ownership[:shown, index, PATH]
        if held.any():
            figure.add_scatter(
                x=days,
                y=held,
                name=words(name),
                stackgroup="all",
                mode="lines",
                line={"width": 0.5, "shape": "hv"},
                hovertemplate="%{y:.1%}",
            )
    figure.update_xaxes(tickformat=MONTH_FORMAT)
    figure.update_yaxes(tickformat=".0%", range=[0, 1])
    return laid_out(figure, words("Ownership, fully diluted"), words("share of the company"))
