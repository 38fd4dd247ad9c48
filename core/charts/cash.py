"""Cash over time, with the financings that feed it and the training runs that eat it."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import plotly.graph_objects as go

from core.charts.layout import MONTH_FORMAT, NEUTRAL_COLOUR, Words, labelled, laid_out, money_scale
from core.plan.answer import PATH, Answer
from core.plan.calendar import month_after, months_between
from core.plan.operating import CENTS_PER_UNIT
from core.plan.scenario import Scenario
from core.plan.simulate import Simulation

RUN_COLOUR = "rgba(128, 128, 128, 0.22)"
DANGER_COLOUR = "#d9363e"
ALONG_THE_BAND = {"textangle": -90, "yanchor": "top", "xanchor": "left"}
# How many labels stand side by side on the narrowest chart.
FINANCINGS_ACROSS = 6
RUNS_ACROSS = 16


def cash_figure(scenario: Scenario, answers: Sequence[Answer], shown: int, words: Words) -> go.Figure:
    """Month-end cash of every strategy until it ends.

    Of the one that is shown also its financings as triangles, its training runs as grey bands, its raise-by date as a
    dashed line, and the cash if the next financing it needs does not come.
    """
    figure = go.Figure()
    largest = max(float(np.abs(one.simulation.cash[:, PATH]).max()) for one in answers) / CENTS_PER_UNIT
    divisor, unit = money_scale(largest, scenario.reporting_currency, words)
    days = [month_after(scenario.founding, month) for month in range(scenario.horizon_months)]
    for index, one in enumerate(answers):
        width = 3 if index == shown else 1.5
        name = words(one.strategy) if len(answers) > 1 else words("Cash at month end")
        hover = "%{y:,.2f} " + unit
        figure.add_scatter(
            **_cash(days, one.simulation, divisor), name=name, line={"width": width}, hovertemplate=hover
        )
    answer = answers[shown]
    if answer.next_financing is not None and answer.without_next is not None:
        name = words("Without {financing} and all after it").format(financing=words(answer.next_financing.name))
        figure.add_scatter(**_cash(days, answer.without_next, divisor), name=name, line={"dash": "dot", "width": 1.5})
    cash = answer.simulation.cash[:, PATH] / CENTS_PER_UNIT / divisor
    closed = [(one, days.index(one.closed)) for one in answer.financings if one.closed is not None]
    months, amounts = [month for _, month in closed], [one.amount for one, _ in closed]
    named = labelled(months, amounts, scenario.horizon_months / FINANCINGS_ACROSS)
    figure.add_scatter(
        x=[days[month] for month in months],
        y=cash[months],
        name=words("Financing closes"),
        mode="markers+text",
        marker={"symbol": "triangle-up", "size": 12, "color": NEUTRAL_COLOUR},
        text=[words(one.name) if label else "" for (one, _), label in zip(closed, named, strict=True)],
        textposition="top center",
        hovertext=[words(one.name) for one, _ in closed],
        customdata=np.array(amounts) / divisor,
        hovertemplate="%{hovertext}: +%{customdata:,.2f} " + unit + "<extra></extra>",
    )
    _mark_runs(figure, scenario, answer, words)
    figure.add_hline(y=0, line={"color": DANGER_COLOUR, "width": 1})
    if answer.raise_by is not None:
        figure.add_vline(x=answer.raise_by.isoformat(), line={"dash": "dash", "width": 1, "color": DANGER_COLOUR})
        figure.add_annotation(
            x=answer.raise_by.isoformat(), y=1, yref="paper", yanchor="bottom", text=words("Raise by"), showarrow=False
        )
    figure.update_xaxes(tickformat=MONTH_FORMAT)
    return laid_out(figure, words("Cash at month end"), unit)


def _cash(days: list[date], simulation: Simulation, divisor: float) -> dict[str, object]:
    end = min(simulation.months, int(simulation.dry[PATH]) + 1)
    return {"x": days[:end], "y": simulation.cash[:end, PATH] / CENTS_PER_UNIT / divisor, "mode": "lines"}


def _mark_runs(figure: go.Figure, scenario: Scenario, answer: Answer, words: Words) -> None:
    begun = [(run, run.started) for run in answer.runs if run.started is not None]
    months = [months_between(scenario.founding, started) for _, started in begun]
    compute = [run.parameters * run.tokens for run, _ in begun]
    named = labelled(months, compute, scenario.horizon_months / RUNS_ACROSS)
    for (run, started), label in zip(begun, named, strict=True):
        end = run.ended or answer.horizon
        figure.add_vrect(
            x0=started.isoformat(),
            x1=end.isoformat(),
            fillcolor=RUN_COLOUR,
            line_width=0,
            layer="below",
            annotation={
                "text": words(run.name) if label else "",
                "textangle": -90,
                "yanchor": "top",
                "xanchor": "left",
            },
            annotation_position="top right",
        )
