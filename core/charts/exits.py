"""Ways out beside each other; where an offering's money goes, what it left on the table, when lock-ups end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

import plotly.graph_objects as go

from core.capital.deals.hong_kong_offering import ClawbackStep, HongKongOutcome
from core.capital.deals.lock_ups import Release
from core.capital.deals.offering import OfferingOutcome
from core.charts.colours import BLUE, NEUTRAL, OLIVE, ORANGE, RED, TEAL, faded
from core.charts.layout import laid_out, month_axis
from core.charts.units import HOVER, Words, count_scale, money_scale, with_unit

NOW, LATER, OUTSIDE = TEAL, BLUE, ORANGE
COMPANY, HOLDERS, BANKS, COSTS = BLUE, OLIVE, ORANGE, NEUTRAL
LOST = RED
ROW_HEIGHT, AROUND = 46, 190
FURTHEST_TIMES = 10_000
DAYS_SHOWN_AFTER = 30


@dataclass(frozen=True)
class ExitBar:
    """One way out for people: its name, and what the founders get of it when."""

    name: str
    now: float
    later: float
    outside: float


def exits_figure(bars: Sequence[ExitBar], currency: str, words: Words) -> go.Figure:
    """What the founders get by each way out, as a bar of now, later and outside the cap table."""
    divisor, unit = money_scale(max((one.now + one.later + one.outside for one in bars), default=0.0), currency, words)
    names = [one.name for one in bars]
    parts = {
        words("now"): (NOW, [one.now for one in bars]),
        words("later (locked up)"): (LATER, [one.later for one in bars]),
        words("outside the cap table"): (OUTSIDE, [one.outside for one in bars]),
    }
    figure = _bars(names, parts, divisor, unit, words)
    return _across(figure, words("What the founders get"), unit, len(bars))


def offering_figure(outcome: OfferingOutcome, currency: str, words: Words) -> go.Figure:
    """The gross by who gets it, and below it what first-day buyers gained of it."""
    proceeds, first = outcome.proceeds, outcome.first_day
    own_net = proceeds.company_gross * (1 - outcome.spread_rate) - outcome.expenses
    divisor, unit = money_scale(float(proceeds.gross), currency, words)
    gross, left = words("proceeds"), words("left on the table")
    rows = [gross] if first is None or first.left_on_the_table <= 0 else [gross, left]
    zero = [0.0] * (len(rows) - 1)
    parts = {
        words("the company, net"): (COMPANY, [float(own_net), *zero]),
        words("selling holders, net"): (HOLDERS, [float(proceeds.sellers_net), *zero]),
        words("underwriters (spread)"): (BANKS, [float(proceeds.spread), *zero]),
        words("expenses"): (COSTS, [float(outcome.expenses), *zero]),
    }
    if zero and first is not None:
        parts |= {
            words("forgone by the company"): (LOST, [0.0, float(first.company_left)]),
            words("forgone by selling holders"): (faded(RED, 0.5), [0.0, float(first.sellers_left)]),
        }
    return _across(_bars(rows, parts, divisor, unit, words), words("Where the money goes"), unit, len(rows) + 1)


def overhang_figure(rows: Sequence[Release], words: Words, start: date | None) -> go.Figure:
    """Shares that may be sold beside the float, as a multiple of it, from the listing on."""
    first = rows[0]
    float_shares = first.shares / first.times_float
    days = [0, *(one.days for one in rows), rows[-1].days + DAYS_SHOWN_AFTER]
    freed = [0.0, *(float(one.released_so_far / float_shares) for one in rows)]
    x = days if start is None else [start + timedelta(days=count) for count in days]
    figure = go.Figure()
    figure.add_scatter(
        x=x,
        y=[1 + times for times in [*freed, freed[-1]]],
        mode="lines",
        line={"shape": "hv", "color": LATER, "width": 2},
        fill="tozeroy",
        name=words("float with released shares"),
        hovertemplate="%{y:,.2f} ×",
    )
    figure.add_hline(y=1, line={"dash": "dot", "width": 1, "color": NEUTRAL})
    if start is None:
        figure.update_xaxes(title={"text": words("days after the listing")})
    else:
        figure.update_xaxes(**month_axis(words))
    figure.update_yaxes(rangemode="tozero")
    return laid_out(figure, words("Shares that may be sold"), words("multiple of the float"), height=300)


def clawback_figure(steps: Sequence[ClawbackStep], over_subscription: Fraction, words: Words) -> go.Figure:
    """The public tranche's part by how often it was subscribed, and where this offering is."""
    times = [max(1.0, float(step.times)) for step in steps]
    parts = [float(step.public_share) for step in steps]
    here = min(max(1.0, float(over_subscription)), FURTHEST_TIMES)
    end = max(FURTHEST_TIMES if here > max(times) * 10 else max(times) * 10, here)
    now = [part for time, part in zip(times, parts, strict=True) if time <= here][-1]
    figure = go.Figure()
    figure.add_scatter(
        x=[*times, end],
        y=[*parts, parts[-1]],
        mode="lines",
        line={"shape": "hv", "width": 2, "color": COMPANY},
        name=words("public tranche"),
        hovertemplate="%{y:.0%}",
    )
    figure.add_scatter(
        x=[here],
        y=[now],
        mode="markers+text",
        marker={"size": 11, "color": LOST},
        text=[f"{now:.0%}"],
        textposition="top center",
        name=words("this offering"),
        hovertemplate="%{y:.0%}",
    )
    figure.update_xaxes(type="log", title={"text": words("times the public tranche was subscribed")})
    figure.update_yaxes(tickformat=".0%", range=[0, 1.35 * max(parts)])
    laid_out(figure, words("Clawback"), words("share of the offer"), height=340)
    return figure


def tranches_figure(outcome: HongKongOutcome, words: Words) -> go.Figure:
    """The shares offered by tranche."""
    tranches = outcome.tranches
    parts = {
        words("public"): (COMPANY, [float(tranches.public)]),
        words("cornerstones (locked up)"): (HOLDERS, [float(tranches.cornerstones)]),
        words("book-building"): (NOW, [float(tranches.bookbuilding)]),
    }
    divisor, unit = count_scale(float(outcome.shares), words("{scale} shares"), words)
    return _across(_bars([words("shares")], parts, divisor, unit, words), words("Who gets the shares"), unit, 2)


def _bars(
    names: Sequence[str], parts: Mapping[str, tuple[str, Sequence[float]]], divisor: float, unit: str, words: Words
) -> go.Figure:
    figure = go.Figure()
    for name, (colour, amounts) in parts.items():
        if any(amounts):
            figure.add_bar(
                y=list(names),
                x=[amount / divisor for amount in amounts],
                name=name,
                orientation="h",
                marker={"color": colour},
                hovertemplate=with_unit(f"%{{x:{HOVER}}}", unit, words),
            )
    return figure


def _across(figure: go.Figure, title: str, unit: str, rows: int) -> go.Figure:
    """Stacked bars from left to right, the first row on top."""
    laid_out(figure, title, "", height=AROUND + ROW_HEIGHT * rows)
    figure.update_yaxes(autorange="reversed", automargin=True)
    figure.update_xaxes(title={"text": unit}, automargin=True)
    return figure.update_layout(barmode="stack", hovermode="y unified", bargap=0.35, legend={"traceorder": "normal"})
