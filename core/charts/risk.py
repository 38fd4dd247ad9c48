"""What paths say: bands over time, the chance of running dry, what founders may get, and which money pays for what."""

from datetime import date
from typing import Any

import numpy as np
import plotly.graph_objects as go

from core.charts.colours import BLUE, FEW_TO_MANY, RED, faded
from core.charts.layout import HEIGHT, in_lines, laid_out, month_axis, month_name
from core.charts.units import HOVER, Words, count_ticks, counted, money_scale, money_unit, with_unit
from core.plan.calendar import month_after
from core.plan.milestones import Matrix
from core.plan.operating import Floats
from core.plan.risk import RiskPaths, bands, dry_by_month
from core.plan.scenario import Scenario

LEVELS = (0.1, 0.25, 0.5, 0.75, 0.9)
LINE, DANGER = BLUE, RED
OUTER, INNER = faded(BLUE, 0.18), faded(BLUE, 0.34)
DANGER_BAND = faded(RED, 0.25)
MOST_POINTS, HEADROOM = 400, 1.2
LEAST_SHOWN = 1e3  # proceeds below are nothing on a logarithmic axis
ROW_PIXELS, MARGIN_PIXELS = 40, 150
FEW_COLUMNS, LINE_LENGTH = 6, 8  # six names of so many letters a line stand side by side on a phone


def cash_bands_figure(scenario: Scenario, result: RiskPaths, words: Words) -> go.Figure:
    """Percentiles of month-end cash over all paths; a company that ran dry counts as one with nothing."""
    found = bands(np.nan_to_num(np.maximum(result.cash, 0.0), nan=0.0), LEVELS)
    divisor, unit = money_scale(float(found.max()), scenario.reporting_currency, words)
    figure = _fan(scenario, found / divisor, with_unit(f"%{{y:{HOVER}}}", unit, words), words)
    return _over_months(figure, words("Cash at month end"), unit, words)


def share_bands_figure(scenario: Scenario, result: RiskPaths, words: Words) -> go.Figure:
    """Percentiles of the founders' fully diluted share, of the companies that are left in each month."""
    living = np.where(np.isnan(result.cash), np.nan, result.founders_share)
    figure = _fan(scenario, bands(living, LEVELS), "%{y:.1%}", words)
    figure.update_yaxes(tickformat=".0%", range=[0, 1])
    return _over_months(
        figure, words("Founders' share, among companies still alive"), words("share of the company"), words
    )


def dry_figure(scenario: Scenario, result: RiskPaths, words: Words) -> go.Figure:
    """The chance that the money has run out by each month, with its 95 % interval."""
    found, days = dry_by_month(result), _days(scenario)
    figure = go.Figure()
    interval = ([one.low for one in found], [one.high for one in found])
    _band(figure, days, interval, words("95% interval"), (DANGER_BAND, "%{y:.1%}"))
    figure.add_scatter(
        x=days,
        y=[one.value for one in found],
        name=words("Chance that the money has run out"),
        mode="lines",
        line={"color": DANGER, "width": 2.5},
        hovertemplate="%{y:.1%}",
    )
    figure.update_yaxes(tickformat=".0%", range=[0, 1])
    return _over_months(figure, words("Out of money by the end of each month"), words("chance"), words)


def proceeds_figure(scenario: Scenario, result: RiskPaths, words: Words) -> go.Figure:
    """For every amount the chance that the founders get at least so much at the horizon."""
    ordered = np.sort(result.founders_proceeds)
    at_least = 1 - np.arange(len(ordered)) / len(ordered)
    worth = np.flatnonzero(ordered >= LEAST_SHOWN)
    shown = worth[:: max(len(worth) // MOST_POINTS, 1)]
    unit = money_unit(scenario.reporting_currency, words)
    figure = go.Figure()
    figure.add_scatter(
        x=ordered[shown],
        y=at_least[shown],
        mode="lines",
        fill="tozeroy",
        fillcolor=OUTER,
        line={"color": LINE, "width": 2.5},
        customdata=[counted(amount, unit, words) for amount in ordered[shown]],
        hovertemplate="%{customdata}: %{y:.1%}<extra></extra>",
        showlegend=False,
    )
    figure.update_yaxes(tickformat=".0%", range=[0, min(1.0, HEADROOM * float(at_least[shown].max(initial=0.0)))])
    ticks = count_ticks(LEAST_SHOWN, float(ordered[-1]), words)
    figure.update_xaxes(type="log", title={"text": words(scenario.reporting_currency)}, **ticks)
    laid_out(figure, words("Chance that the founders get at least this much"), words("chance"))
    return figure.update_layout(hovermode="closest")


def matrix_figure(scenario: Scenario, matrix: Matrix, words: Words) -> go.Figure:
    """Chances of each milestone by how many financings come; in bold the financing that adds most to it."""
    columns = [words("own cash"), *("+ " + words(name) for name in matrix.financings)]
    rows = [
        f"{words(one.name)}<br>{month_name(month_after(scenario.founding, one.planned), words)}"
        for one in matrix.milestones
    ]
    few = len(columns) <= FEW_COLUMNS
    text = []
    for index, row in enumerate(matrix.chances):
        paid_by = matrix.paid_by(index)
        cells = [f"{100 * one.value:.0f}" + ("%" if few else "") for one in row]
        text.append([f"<b>{cell}</b>" if column == paid_by else cell for column, cell in enumerate(cells)])
    figure = go.Figure(
        go.Heatmap(
            z=[[one.value for one in row] for row in matrix.chances],
            x=list(range(len(columns))),
            y=list(range(len(rows))),
            text=text,
            texttemplate="%{text}",
            textfont={"size": 14 if few else 10},
            customdata=[[(one.low, one.high) for one in row] for row in matrix.chances],
            hovertemplate="%{z:.0%} (%{customdata[0]:.0%}–%{customdata[1]:.0%})<extra></extra>",
            colorscale=FEW_TO_MANY,
            zmin=0,
            zmax=1,
            showscale=False,
            xgap=2,
            ygap=2,
        )
    )
    labels = [in_lines(column, LINE_LENGTH) for column in columns] if few else columns
    figure.update_xaxes(tickvals=list(range(len(columns))), ticktext=labels, automargin=True)
    figure.update_xaxes(ticklabeloverflow="allow", autotickangles=[0, 90])
    figure.update_yaxes(tickvals=list(range(len(rows))), ticktext=rows, autorange="reversed", automargin=True)
    height = max(MARGIN_PIXELS + ROW_PIXELS * len(rows), HEIGHT // 2)
    laid_out(figure, words("Chance that each starts in time, %"), "", height=height)
    return figure.update_layout(hovermode="closest")


def _fan(scenario: Scenario, found: Floats, hover: str, words: Words) -> go.Figure:
    """Bands between the 10th and 90th and the 25th and 75th percentile around the median; NaN leaves a gap."""
    days, figure = _days(scenario), go.Figure()
    low, lower, middle, upper, high = (np.where(np.isnan(row), None, row) for row in found)
    _band(figure, days, (low, high), words("10th to 90th percentile"), (OUTER, hover))
    _band(figure, days, (lower, upper), words("25th to 75th percentile"), (INNER, hover))
    line = {"color": LINE, "width": 2.5}
    figure.add_scatter(x=days, y=middle, name=words("Median"), mode="lines", line=line, hovertemplate=hover)
    return figure


def _band(figure: go.Figure, days: list[date], edges: tuple[Any, Any], name: str, style: tuple[str, str]) -> None:
    """The area between two lines under one name; style: its colour and what the pointer shows."""
    colour, hover = style
    for edge, upper in zip(edges, (False, True), strict=True):
        figure.add_scatter(
            x=days,
            y=edge,
            name=name,
            mode="lines",
            line={"width": 0, "color": colour},
            fill="tonexty" if upper else None,
            fillcolor=colour,
            legendgroup=name,
            showlegend=upper,
            hovertemplate=hover,
        )


def _days(scenario: Scenario) -> list[date]:
    return [month_after(scenario.founding, month) for month in range(scenario.horizon_months)]


def _over_months(figure: go.Figure, title: str, unit: str, words: Words) -> go.Figure:
    figure.update_xaxes(**month_axis(words))
    return laid_out(figure, title, unit)
