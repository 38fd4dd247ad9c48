"""Deals of private equity, lenders and valuation: bridges, debt by year, what is owed, ranges of value."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate

import plotly.graph_objects as go

from core.charts.colours import BLUE, NEUTRAL, OLIVE, ORANGE, RED, SERIES, TAN, TEAL
from core.charts.layout import in_lines, laid_out, month_axis
from core.charts.units import HOVER, Words, money_scale, short, with_unit

UP, DOWN, TOTAL = TEAL, RED, BLUE
USES = (*SERIES, NEUTRAL)
CHOICE_COLOUR = RED
LEAST_SHOWN = 1e-3  # of the largest bar; what is smaller cannot be seen
BRIDGE_ROW, BRIDGE_AROUND, LINE_LENGTH = 44, 120, 16
ROOM_FOR_FIGURES = 0.25  # of all bars, at each end that has figures beside it
FOOTBALL_ROW, FOOTBALL_AROUND = 52, 130


@dataclass(frozen=True)
class Curve:
    """One line: its name, points and colour."""

    name: str
    x: Sequence[float]
    y: Sequence[float]
    colour: str = TOTAL


@dataclass(frozen=True)
class ValueRange:
    """One method's range, and its middle where it has one."""

    name: str
    low: float
    high: float
    middle: float | None = None


def bridge_figure(causes: Mapping[str, float], total: str, currency: str, words: Words, *, title: str) -> go.Figure:
    """What a gain is made of, cause by cause from the top, the last bar being all of it."""
    gain = sum(causes.values())
    largest = max((abs(amount) for amount in [*causes.values(), gain]), default=0.0)
    shown = {name: amount for name, amount in causes.items() if abs(amount) > LEAST_SHOWN * largest}
    divisor, unit = _scale(largest, currency, words)
    amounts = [amount / divisor for amount in shown.values()]
    figure = go.Figure()
    figure.add_waterfall(
        orientation="h",
        y=[in_lines(name, LINE_LENGTH) for name in (*shown, total)],
        x=[*amounts, gain / divisor],
        measure=[*("relative" for _ in amounts), "total"],
        text=[*(short(amount, signed=True) for amount in amounts), short(gain / divisor)],
        textposition="outside",
        increasing={"marker": {"color": UP}},
        decreasing={"marker": {"color": DOWN}},
        totals={"marker": {"color": TOTAL}},
        connector={"line": {"width": 1, "color": NEUTRAL}},
        hovertemplate="%{y}: " + with_unit(f"%{{delta:{HOVER}}}", unit, words) + "<extra></extra>",
        cliponaxis=False,
        showlegend=False,
    )
    ends = [0.0, *accumulate(amounts)]
    room = ROOM_FOR_FIGURES * (max(ends) - min(ends))
    low = min(ends) - room if min(ends) < 0 else 0.0
    figure.update_xaxes(title={"text": unit}, range=[low, max(ends) + room])
    figure.update_yaxes(autorange="reversed", automargin=True)
    laid_out(figure, title, "", height=BRIDGE_AROUND + BRIDGE_ROW * (len(shown) + 1))
    return figure.update_layout(hovermode="closest")


def sources_uses_figure(
    sources: Mapping[str, float], uses: Mapping[str, float], currency: str, words: Words
) -> go.Figure:
    """Two bars of the same height."""
    divisor, unit = _scale(sum(sources.values()), currency, words)
    columns = [words("sources"), words("uses")]
    figure = go.Figure()
    both = [*((name, amount, 0.0) for name, amount in sources.items())]
    both += [(name, 0.0, amount) for name, amount in uses.items()]
    for number, (name, source, use) in enumerate(one for one in both if one[1] or one[2]):
        figure.add_bar(
            x=columns,
            y=[source / divisor or None, use / divisor or None],
            name=name,
            marker={"color": USES[number % len(USES)]},
            hovertemplate=name + words(": ") + with_unit(f"%{{y:{HOVER}}}", unit, words) + "<extra></extra>",
        )
    laid_out(figure, words("Sources and uses"), unit)
    figure.update_layout(barmode="relative", hovermode="closest")
    return figure


def debt_figure(
    balances: Mapping[str, Sequence[float]], covers: Sequence[float | None], currency: str, words: Words
) -> go.Figure:
    """What each loan is owed at the end of each year (year 0: the purchase), and how often cash covers debt service."""
    divisor, unit = _scale(
        max((sum(column) for column in zip(*balances.values(), strict=True)), default=0.0), currency, words
    )
    years = [words("year {number}").format(number=year) for year in range(len(covers) + 1)]
    figure = go.Figure()
    for number, (name, owed) in enumerate(balances.items()):
        figure.add_bar(
            x=years,
            y=[amount / divisor for amount in owed],
            name=name,
            marker={"color": SERIES[number % len(SERIES)]},
            hovertemplate=with_unit(f"%{{y:{HOVER}}}", unit, words),
        )
    figure.add_scatter(
        x=years,
        y=[None, *covers],
        name=words("debt service cover (DSCR)"),
        mode="lines+markers",
        line={"color": DOWN, "width": 2},
        yaxis="y2",
        hovertemplate="%{y:,.2f} ×",
    )
    laid_out(figure, words("Debt by year"), unit)
    figure.update_layout(
        barmode="stack",
        yaxis2={
            "overlaying": "y",
            "side": "right",
            "rangemode": "tozero",
            "showgrid": False,
            "ticksuffix": " ×",
            "tickformat": ".1f",
        },
        margin={"r": 48},
    )
    return figure


def curves_figure(
    curves: Sequence[Curve],
    *,
    title: str,
    x_title: str,
    y_title: str,
    x_format: str = "",
    y_format: str = "",
    marks: Mapping[str, float] | None = None,
) -> go.Figure:
    """Lines over one quantity, with dotted lines at marked places."""
    figure = go.Figure()
    for one in curves:
        figure.add_scatter(
            x=list(one.x),
            y=list(one.y),
            name=one.name,
            mode="lines",
            line={"color": one.colour, "width": 2},
            hovertemplate="%{y:" + (y_format or HOVER) + "}",
        )
    for number, (text, place) in enumerate((marks or {}).items()):
        figure.add_vline(
            x=place,
            line={"dash": "dot", "width": 1.5, "color": CHOICE_COLOUR},
            annotation={"text": text, "yref": "paper", "y": 1 - 0.09 * number, "font": {"size": 11}},
        )
    figure.update_xaxes(title={"text": x_title}, tickformat=x_format or None)
    figure.update_yaxes(tickformat=y_format or None, rangemode="tozero")
    laid_out(figure, title, y_title, height=360)
    return figure


def owed_figure(
    owed: Mapping[date, float], cash: Mapping[date, float], due: date, currency: str, words: Words
) -> go.Figure:
    """What would be owed in each month against the plan's cash in it."""
    divisor, unit = _scale(max([*owed.values(), *cash.values()], default=0.0), currency, words)
    figure = go.Figure()
    for name, amounts, colour in ((words("owed"), owed, DOWN), (words("the plan's cash"), cash, TOTAL)):
        if amounts:
            figure.add_scatter(
                x=list(amounts),
                y=[amount / divisor for amount in amounts.values()],
                name=name,
                mode="lines",
                line={"color": colour, "width": 2},
                hovertemplate=with_unit(f"%{{y:{HOVER}}}", unit, words),
            )
    figure.add_shape(
        type="line",
        x0=due,
        x1=due,
        yref="paper",
        y0=0,
        y1=1,
        line={"dash": "dot", "width": 1.5, "color": NEUTRAL},
    )
    figure.add_annotation(
        x=due, yref="paper", y=1, yanchor="bottom", text=words("redemption requested"), showarrow=False
    )
    figure.update_xaxes(**month_axis(words))
    figure.update_yaxes(rangemode="tozero")
    return laid_out(figure, words("Owed against cash"), unit, height=360)


def targets_figure(targets: Sequence[tuple[str, float, float]], currency: str, words: Words) -> go.Figure:
    """Promised and actual figure of each target."""
    divisor, unit = _scale(max(max(abs(a), abs(b)) for _, a, b in targets), currency, words)
    names, figures = [name for name, _, _ in targets], [(promised, actual) for _, promised, actual in targets]
    figure = go.Figure()
    promised, actual = ([one[place] / divisor for one in figures] for place in (0, 1))
    both = ((words("promised"), promised, NEUTRAL), (words("actual"), actual, TOTAL))
    for title, amounts, colour in both:
        hover = with_unit(f"%{{y:{HOVER}}}", unit, words)
        figure.add_bar(x=names, y=amounts, name=title, marker={"color": colour}, hovertemplate=hover)
    figure.update_xaxes(type="category")
    laid_out(figure, words("Promised and actual"), unit, height=320)
    figure.update_layout(barmode="group")
    return figure


def loan_figure(owed: Sequence[float], paid: Mapping[str, Sequence[float]], currency: str, words: Words) -> go.Figure:
    """What is owed at the end of each month as a line, what is paid in it as bars."""
    divisor, unit = _scale(max(owed, default=0.0), currency, words)
    months = list(range(len(owed)))
    figure = go.Figure()
    for number, (name, amounts) in enumerate(paid.items()):
        if any(amounts):
            figure.add_bar(
                x=months,
                y=[amount / divisor for amount in amounts],
                name=name,
                marker={"color": (UP, ORANGE, OLIVE)[number % 3]},
                hovertemplate=with_unit(f"%{{y:{HOVER}}}", unit, words),
            )
    figure.add_scatter(
        x=months,
        y=[amount / divisor for amount in owed],
        name=words("owed"),
        mode="lines",
        line={"color": TOTAL, "width": 2},
        hovertemplate=with_unit(f"%{{y:{HOVER}}}", unit, words),
    )
    figure.update_xaxes(title={"text": words("months after closing")})
    laid_out(figure, words("The loan month by month"), unit)
    figure.update_layout(barmode="stack")
    return figure


def football_figure(ranges: Sequence[ValueRange], plan: float | None, currency: str, words: Words) -> go.Figure:
    """Each method's range of the value of all shares, and the plan's own as a line through all of them."""
    top = max([one.high for one in ranges] + [plan or 0.0], default=0.0)
    divisor, unit = _scale(top, currency, words)
    names = [one.name for one in ranges]
    ends = f"%{{customdata[0]:{HOVER}}} – %{{customdata[1]:{HOVER}}}"
    figure = go.Figure()
    figure.add_bar(
        y=names,
        base=[one.low / divisor for one in ranges],
        x=[(one.high - one.low) / divisor for one in ranges],
        orientation="h",
        marker={"color": TOTAL, "opacity": 0.75},
        customdata=[[one.low / divisor, one.high / divisor] for one in ranges],
        hovertemplate=with_unit(ends, unit, words) + "<extra></extra>",
        showlegend=False,
    )
    middles = [(one.middle / divisor, one.name) for one in ranges if one.middle is not None]
    figure.add_scatter(
        x=[value for value, _ in middles],
        y=[name for _, name in middles],
        mode="markers",
        marker={"symbol": "line-ns-open", "size": 24, "line": {"width": 3}, "color": TAN},
        name=words("middle"),
        hovertemplate=with_unit(f"%{{x:{HOVER}}}", unit, words),
    )
    if plan is not None:
        figure.add_vline(
            x=plan / divisor,
            line={"dash": "dash", "width": 2, "color": CHOICE_COLOUR},
            annotation={"text": words("the plan's rule"), "yref": "paper", "y": 1, "yanchor": "bottom"},
        )
    laid_out(figure, words("Value of all shares, by method"), "", height=FOOTBALL_AROUND + FOOTBALL_ROW * len(ranges))
    figure.update_layout(hovermode="closest", bargap=0.45, margin={"t": 72})
    figure.update_yaxes(autorange="reversed", automargin=True)
    figure.update_xaxes(title={"text": unit}, rangemode="tozero")
    return figure


def _scale(largest: float, currency: str, words: Words) -> tuple[float, str]:
    """Divisor and unit of money; plain numbers where no currency is stated."""
    return money_scale(largest, currency, words) if currency else (1.0, "")
