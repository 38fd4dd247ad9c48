"""Cash over time, with the financings that feed it and the training runs that eat it."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import plotly.graph_objects as go

from core.charts.colours import NEUTRAL, RED, faded
from core.charts.layout import labelled, laid_out, month_axis
from core.charts.units import HOVER, Words, money_scale, with_unit
from core.plan.answer import PATH, Answer
from core.plan.calendar import month_after, months_between
from core.plan.operating import CENTS_PER_UNIT
from core.plan.scenario import Scenario
from core.plan.simulate import Simulation

Mark = dict[str, Any]  # a shape or an annotation of a Plotly layout
RUN_COLOUR = faded(NEUTRAL, 0.22)
DANGER_COLOUR = RED
FULL_HEIGHT = {"yref": "paper", "y0": 0, "y1": 1}
BAND_STYLE = {"fillcolor": RUN_COLOUR, "line": {"width": 0}, "layer": "below"}
ABOVE_THE_CHART = {"yref": "paper", "y": 1, "yanchor": "bottom", "showarrow": False}
ALONG_THE_BAND = ABOVE_THE_CHART | {"textangle": -90, "yanchor": "top", "xanchor": "left"}
# How many labels stand side by side on the narrowest chart.
FINANCINGS_ACROSS = 6
RUNS_ACROSS = 16


def cash_figure(scenario: Scenario, answers: Sequence[Answer], shown: int, words: Words) -> go.Figure:
    """Month-end cash of every strategy until it ends.

    Of the one that is shown also its financings as triangles, its training runs as grey bands, the day to start
    raising as a dashed line, and the cash if the next financing it needs does not come.
    """
    figure = go.Figure()
    largest = max(float(np.abs(one.simulation.cash[:, PATH]).max()) for one in answers) / CENTS_PER_UNIT
    divisor, unit = money_scale(largest, scenario.reporting_currency, words)
    days = [month_after(scenario.founding, month) for month in range(scenario.horizon_months)]
    hover = with_unit(f"%{{y:{HOVER}}}", unit, words)
    for index, one in enumerate(answers):
        width = 3 if index == shown else 1.5
        name = words(one.strategy) if len(answers) > 1 else words("Cash at month end")
        figure.add_scatter(
            **_cash(days, one.simulation, divisor), name=name, line={"width": width}, hovertemplate=hover
        )
    answer = answers[shown]
    if answer.next_financing is not None and answer.without_next is not None:
        name = words("Without {financing} and all after it").format(financing=words(answer.next_financing.name))
        figure.add_scatter(
            **_cash(days, answer.without_next, divisor),
            name=name,
            line={"dash": "dot", "width": 1.5},
            hovertemplate=hover,
        )
    cash = answer.simulation.cash[:, PATH] / CENTS_PER_UNIT / divisor
    closed = [(one, days.index(one.closed)) for one in answer.financings if one.closed is not None]
    months, amounts = [month for _, month in closed], [one.amount for one, _ in closed]
    named = labelled(months, amounts, scenario.horizon_months / FINANCINGS_ACROSS)
    figure.add_scatter(
        x=[days[month] for month in months],
        y=cash[months],
        name=words("Financing closes"),
        mode="markers+text",
        marker={"symbol": "triangle-up", "size": 12, "color": NEUTRAL},
        text=[words(one.name) if label else "" for (one, _), label in zip(closed, named, strict=True)],
        textposition="top center",
        cliponaxis=False,
        hovertext=[words(one.name) for one, _ in closed],
        customdata=np.array(amounts) / divisor,
        hovertemplate="%{hovertext}: +" + with_unit(f"%{{customdata:{HOVER}}}", unit, words) + "<extra></extra>",
    )
    bands, names = _run_marks(scenario, answer, words)
    lines, notes = _line_marks(answer, words)
    # Set at once: each add_vrect or add_hline would look through all traces for the axes it spans.
    figure.update_layout(shapes=[*bands, *lines], annotations=[*names, *notes])
    figure.update_xaxes(**month_axis(words))
    return laid_out(figure, words("Cash at month end"), unit)


def _cash(days: list[date], simulation: Simulation, divisor: float) -> dict[str, object]:
    end = min(simulation.months, int(simulation.dry[PATH]) + 1)
    return {"x": days[:end], "y": simulation.cash[:end, PATH] / CENTS_PER_UNIT / divisor, "mode": "lines"}


def _run_marks(scenario: Scenario, answer: Answer, words: Words) -> tuple[list[Mark], list[Mark]]:
    """A grey band for each run that starts, and its name along the band where there is room for it."""
    begun = [(run, run.started) for run in answer.runs if run.started is not None]
    months = [months_between(scenario.founding, started) for _, started in begun]
    compute = [run.parameters * run.tokens for run, _ in begun]
    named = labelled(months, compute, scenario.horizon_months / RUNS_ACROSS)
    bands: list[Mark] = []
    names: list[Mark] = []
    for (run, started), label in zip(begun, named, strict=True):
        end = run.ended or answer.horizon
        bands.append(FULL_HEIGHT | {"type": "rect", "x0": started, "x1": end} | BAND_STYLE)
        if label:
            names.append(ALONG_THE_BAND | {"x": end, "text": words(run.name)})
    return bands, names


def _line_marks(answer: Answer, words: Words) -> tuple[list[Mark], list[Mark]]:
    """The line of no cash, and the day by which to raise."""
    red = {"color": DANGER_COLOUR, "width": 1}
    lines: list[Mark] = [{"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": 0, "y1": 0, "line": red}]
    if answer.raise_by is None:
        return lines, []
    day = answer.raise_by
    lines.append(FULL_HEIGHT | {"type": "line", "x0": day, "x1": day, "line": red | {"dash": "dash"}})
    return lines, [ABOVE_THE_CHART | {"x": day, "text": words("Start raising by")}]
