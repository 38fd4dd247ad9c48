"""What data and people cost: the bill of a data mix by part, and the payroll by month and role."""

from collections.abc import Sequence
from datetime import date

import plotly.graph_objects as go

from core.charts.colours import area
from core.charts.layout import laid_out, month_axis
from core.charts.units import HOVER, Words, money_scale, with_unit
from core.compute.data_cost import DataCost
from core.plan.calendar import month_after
from core.plan.payroll import Payroll
from core.plan.scenario import Scenario

LONGEST_LABEL = 34  # characters of a bar's name; the whole is in its hover text


def data_bill_figure(bill: DataCost, names: Sequence[str], currency: str, words: Words) -> go.Figure:
    """A bar a line of the bill, the dearest on top; lines that cost nothing are left out.

    names: of the lines, in their order; two parts may have the same
    """
    dear = [(float(line.amount), name) for line, name in zip(bill.lines, names, strict=True) if line.amount]
    bars = sorted(dear, key=lambda bar: bar[0])
    divisor, unit = money_scale(float(bill.total), currency, words)
    places = list(range(len(bars)))
    figure = go.Figure(
        go.Bar(
            x=[amount / divisor for amount, _ in bars],
            y=places,
            customdata=[name for _, name in bars],
            orientation="h",
            hovertemplate="%{customdata}<br>" + with_unit(f"%{{x:{HOVER}}}", unit, words) + "<extra></extra>",
        )
    )
    laid_out(figure, words("What the data costs"), "", height=120 + 36 * max(1, len(bars)))
    labels = [name if len(name) <= LONGEST_LABEL else name[: LONGEST_LABEL - 1].rstrip() + "…" for _, name in bars]
    return figure.update_layout(
        hovermode="closest",
        xaxis={"title": {"text": unit}},
        yaxis={"automargin": True, "title": None, "tickvals": places, "ticktext": labels},
    )


def payroll_figure(scenario: Scenario, payroll: Payroll, words: Words) -> go.Figure:
    """Cost a month by role, stacked."""
    days: list[date] = [month_after(scenario.founding, month) for month in range(scenario.horizon_months)]
    totals = payroll.cost.sum(axis=1)
    divisor, unit = money_scale(float(totals.max(initial=0.0)), scenario.reporting_currency, words)
    figure = go.Figure()
    for index, role in enumerate(scenario.team):
        figure.add_scatter(
            x=days,
            y=payroll.cost[:, index] / divisor,
            customdata=payroll.people[:, index],
            name=words(role.name),
            **area(index),
            hovertemplate=with_unit(f"%{{y:{HOVER}}}", unit, words) + " (%{customdata:.1f})",
        )
    figure.update_xaxes(**month_axis(words))
    return laid_out(figure, words("Payroll a month by role"), unit)
