"""Cash over time, with the financings that feed it and the training runs that eat it."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import plotly.graph_objects as go

from core.charts.colours import NEUTRAL, RED, SERIES, faded
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
ON_NO_CASH = {"yref": "y", "y": 0, "yanchor": "bottom"}
DASHES = ("8px,4px", "6px,3px,1px,3px", "4px,2px")  # of the strategies that are not the shown one
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
    # Drawn later is drawn above; Plotly's own order of layers would cut names off at the axes.
    for index in sorted(range(len(answers)), key=lambda index: index != shown):
        one = answers[index]
        # Strategies share their first months: thin, broken lines over the thick one leave all of them to be seen.
        line = {"width": 4} if index == shown else {"width": 2, "dash": DASHES[index % len(DASHES)]}
        name = words(one.strategy) if len(answers) > 1 else words("Cash at month end")
        figure.add_scatter(
            **_cash(days, one.simulation, divisor),
            name=name,
            line={"color": SERIES[index % len(SERIES)]} | line,
            legendrank=index,
            hovertemplate=hover,
        )
    answer = answers[shown]
    if answer.next_financing is not None and answer.without_next is not None:
        name = words("Without {financing} and all after it").format(financing=words(answer.next_financing.name))
        figure.add_scatter(
            **_cash(days, answer.without_next, divisor),
            name=name,
            line={"dash": "dot", "width": 2, "color": SERIES[len(answers) % len(SERIES)]},
            legendrank=len(answers),
            hovertemplate=hover,
        )
    _add_ends(figure, words)
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
        legendrank=len(answers) + 1,
        text=[words(one.name) if label else "" for (one, _), label in zip(closed, named, strict=True)],
        textposition=[_beside(scenario, answer, month) for month in months],
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


def _add_ends(figure: go.Figure, words: Words) -> None:
    """A cross at the end of every line that ends below zero."""
    ended = [trace for trace in figure.data if len(trace.y) and trace.y[-1] < 0]
    if ended:
        figure.add_scatter(
            x=[trace.x[-1] for trace in ended],
            y=[trace.y[-1] for trace in ended],
            name=words("Cash ends"),
            mode="markers",
            marker={"symbol": "x", "size": 9, "color": DANGER_COLOUR},
            legendrank=len(figure.data),
            cliponaxis=False,
            hoverinfo="skip",
        )


def _beside(scenario: Scenario, answer: Answer, month: int) -> str:
    """Where the name of a financing stands: left of its mark where a run begins soon after, right of it where one has
    just ended, if the axis leaves room."""
    room = scenario.horizon_months / FINANCINGS_ACROSS
    begun = [months_between(scenario.founding, run.started) for run in answer.runs if run.started is not None]
    ended = [months_between(scenario.founding, run.ended) for run in answer.runs if run.ended is not None]
    if month >= room and any(0 < start - month < room for start in begun):
        return "top left"
    if month < scenario.horizon_months - room and any(0 <= month - end < room for end in ended):
        return "top right"
    return "top center"


def _run_marks(scenario: Scenario, answer: Answer, words: Words) -> tuple[list[Mark], list[Mark]]:
    """A grey band for each run that starts, and its name along the band where there is room for it.

    The name stands at the top of the chart, or on the line of no cash where the cash is nearer to the top.
    """
    cash = answer.simulation.cash[:, PATH]
    middle = cash.max() / 2
    begun = [(run, run.started) for run in answer.runs if run.started is not None]
    months = [months_between(scenario.founding, started) for _, started in begun]
    compute = [run.parameters * run.tokens for run, _ in begun]
    named = labelled(months, compute, scenario.horizon_months / RUNS_ACROSS)
    bands: list[Mark] = []
    names: list[Mark] = []
    for (run, started), month, label in zip(begun, months, named, strict=True):
        end = run.ended or answer.horizon
        bands.append(FULL_HEIGHT | {"type": "rect", "x0": started, "x1": end} | BAND_STYLE)
        if label:
            place = ON_NO_CASH if cash[month] > middle else {}
            names.append(ALONG_THE_BAND | place | {"x": end, "text": words(run.name)})
    return bands, names


def _line_marks(answer: Answer, words: Words) -> tuple[list[Mark], list[Mark]]:
    """The line of no cash, and the day by which to raise."""
    red, grey = {"color": DANGER_COLOUR, "width": 2}, {"color": NEUTRAL, "width": 1}
    no_cash = {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": 0, "y1": 0, "line": grey, "layer": "below"}
    lines: list[Mark] = [no_cash]
    if answer.raise_by is None:
        return lines, []
    day = answer.raise_by
    lines.append(FULL_HEIGHT | {"type": "line", "x0": day, "x1": day, "line": red | {"dash": "dash"}})
    return lines, [ABOVE_THE_CHART | {"x": day, "text": words("Start raising by")}]
