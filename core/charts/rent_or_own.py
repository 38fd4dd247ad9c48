"""Renting against owning: what each way costs and why, what an hour costs by use, where rents may go, what is owed."""

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from core.charts.colours import AQUA, BLUE, MAGENTA, NEUTRAL, OLIVE, ORANGE, TAN, TEAL, faded
from core.charts.layout import in_lines, laid_out, month_axis
from core.charts.units import DIGITS, HOVER, Words, money_scale, short, with_unit
from core.compute.price_scenarios import PastRent, PricePaths
from core.compute.rent_or_own import CostParts, Option, present_value
from core.plan.calendar import month_after

Curve = NDArray[np.float64]
WAY_COLOURS = {"on-demand": BLUE, "reserved": MAGENTA, "owned": TEAL, "owned-with-loan": ORANGE}
PART_COLOURS = {
    "rent": BLUE,
    "purchase": TEAL,
    "interest": ORANGE,
    "energy": TAN,
    "colocation": OLIVE,
    "maintenance": AQUA,
    "resale": NEUTRAL,
}
WAY_LETTERS = 12  # in a line, so that four ways stand side by side on a phone
QUARTERS = (0, 0.25, 0.5, 0.75, 1)
DEAREST_SHOWN = 3  # times the price on demand; below some use every fixed cost runs off the chart


def options_figure(
    options: Sequence[Option],
    parts: Sequence[CostParts],
    names: Mapping[str, str],
    currency: str,
    words: Words,
) -> go.Figure:
    """Each way's present value as a bar of its parts; what the sale brings hangs below zero, the sum stands above.

    names: of ways and of parts
    """
    worth = [
        {part: present_value(getattr(one, part), option.yearly_discount_rate) for part in PART_COLOURS}
        for option, one in zip(options, parts, strict=True)
    ]
    tops = [sum(max(amount, 0.0) for amount in bar.values()) for bar in worth]
    divisor, unit = money_scale(max(tops), currency, words)
    ways = [in_lines(names[option.way], WAY_LETTERS) for option in options]
    hover = with_unit(f"%{{y:{HOVER}}}", unit, words)
    # In the digits of the figures above the chart. A bar is higher than what it comes to where a sale brings some back.
    sums = [short(float(f"{option.present_value / divisor:.{DIGITS}g}")) for option in options]
    totals = [
        words("net {amount}").format(amount=amount) if min(bar.values()) < 0 else amount
        for amount, bar in zip(sums, worth, strict=True)
    ]
    figure = go.Figure()
    for part, colour in PART_COLOURS.items():
        amounts = [bar[part] / divisor for bar in worth]
        if any(amounts):
            figure.add_bar(x=ways, y=amounts, name=names[part], marker={"color": colour}, hovertemplate=hover)
    figure.add_scatter(
        x=ways,
        y=[top / divisor for top in tops],
        mode="text",
        text=[f"<b>{total}</b>" for total in totals],
        textposition="top center",
        showlegend=False,
        hoverinfo="skip",
        cliponaxis=False,
    )
    figure.update_layout(barmode="relative", bargap=0.45)
    figure.update_xaxes(tickangle=0)
    return laid_out(figure, words("Cost of each way, in present value"), unit)


def hour_figure(
    utilisations: Curve,
    prices: Mapping[str, Curve],
    names: Mapping[str, str],
    *,
    planned: float,
    break_even: float | None,
    currency: str,
    words: Words,
) -> go.Figure:
    """What an hour in use costs against how many of all hours are in use; the plan's use as a line.

    prices: by way, one for each utilisation
    """
    figure = go.Figure()
    for way, curve in prices.items():
        figure.add_scatter(
            x=utilisations,
            y=curve,
            name=names[way],
            mode="lines",
            line={"color": WAY_COLOURS[way], "dash": "dash" if way == "owned-with-loan" else "solid"},
            hovertemplate="%{y:,.2f}",
        )
    if break_even is not None:
        figure.add_scatter(
            x=[break_even],
            y=[float(np.interp(break_even, utilisations, prices["owned"]))],
            mode="markers",
            marker={"size": 11, "symbol": "diamond", "color": WAY_COLOURS["owned"]},
            name=words("Break-even of owning"),
            hovertemplate="%{x:.0%}: %{y:,.2f}",
        )
    line = {"type": "line", "x0": planned, "x1": planned, "yref": "paper", "y0": 0, "y1": 1}
    note = {"x": planned, "yref": "paper", "y": 1, "yanchor": "bottom", "showarrow": False}
    note["xanchor"] = "left" if planned < 0.5 else "right"
    highest = DEAREST_SHOWN * float(prices["on-demand"].max())
    figure.update_layout(
        shapes=[line | {"line": {"color": NEUTRAL, "dash": "dash", "width": 1}}],
        annotations=[note | {"text": words("planned use")}],
    )
    figure.update_xaxes(
        tickformat=".0%", range=[0, 1], tickvals=QUARTERS, title={"text": words("Hours in use / all hours")}
    )
    figure = laid_out(figure, words("An hour in use, by utilisation"), _per_hour(currency, words))
    figure.update_layout(yaxis={"range": [0, highest]}, margin={"r": 24})  # half of "100%" stands right of the axis
    return figure


def rents_figure(
    paths: PricePaths,
    start: date,
    history: Sequence[PastRent],
    names: Mapping[str, str],
    *,
    units_per_usd: float,
    currency: str,
    words: Words,
) -> go.Figure:
    """Published past rents as points, with their range where one was reported, and the three ways they may go.

    paths: in `currency`; names: of commitments; units_per_usd: of `currency`, for the past rents
    """
    days = [month_after(start.replace(day=1), month) for month in range(len(paths.central))]
    figure = go.Figure()
    hover = "%{y:,.2f}"
    for name, path, fill in (
        (words("high"), paths.high, None),
        (words("low"), paths.low, "tonexty"),
        (words("central"), paths.central, None),
    ):
        central = path is paths.central
        figure.add_scatter(
            x=days,
            y=path,
            name=name,
            mode="lines",
            fill=fill,
            fillcolor=faded(BLUE, 0.15),
            line={"color": WAY_COLOURS["on-demand"], "width": 3 if central else 1, "dash": None if central else "dot"},
            hovertemplate=hover,
        )
    known = [(one, one.usd_per_hour or one.low_usd_per_hour or one.high_usd_per_hour or 0.0) for one in history]
    if known:
        figure.add_scatter(
            x=[one.source.as_of for one, _ in known],
            y=[price * units_per_usd for _, price in known],
            error_y={
                "type": "data",
                "symmetric": False,
                "array": [((one.high_usd_per_hour or price) - price) * units_per_usd for one, price in known],
                "arrayminus": [(price - (one.low_usd_per_hour or price)) * units_per_usd for one, price in known],
                "thickness": 1,
                "width": 3,
            },
            mode="markers",
            marker={"color": NEUTRAL, "size": 8},
            name=words("published rents"),
            text=[words(", ").join((words(one.provider), names[one.commitment])) for one, _ in known],
            hovertemplate="%{text}: %{y:,.2f}<extra></extra>",
        )
    figure.update_xaxes(**month_axis(words))
    figure = laid_out(figure, words("Rent of an hour: past and three ways on"), _per_hour(currency, words))
    figure.update_layout(hovermode="closest", yaxis={"rangemode": "tozero"})
    return figure


def obligations_figure(
    options: Sequence[Option], start: date, names: Mapping[str, str], currency: str, words: Words
) -> go.Figure:
    """What must still be paid at each month's end if the company stops, and what the hardware would then sell for."""
    held = [option for option in options if option.obligation.any()]
    values = [option.resale_value for option in held if option.resale_value is not None]
    largest = max(float(curve.max()) for curve in [*(option.obligation for option in held), *values])
    divisor, unit = money_scale(largest, currency, words)
    figure = go.Figure()
    curves = [(names[option.way], option.obligation, WAY_COLOURS[option.way], "solid") for option in held]
    curves += [(words("Hardware would sell for"), value, WAY_COLOURS["owned"], "dot") for value in values]
    for name, curve, colour, dash in curves:
        figure.add_scatter(
            x=[month_after(start, month) for month in range(len(curve))],
            y=curve / divisor,
            name=name,
            mode="lines",
            line={"color": colour, "dash": dash, "shape": "hv"},
            hovertemplate=with_unit(f"%{{y:{HOVER}}}", unit, words),
        )
    figure.update_xaxes(**month_axis(words))
    return laid_out(figure, words("Still owed if the company stops"), unit)


def _per_hour(currency: str, words: Words) -> str:
    return words("{currency} an hour").format(currency=words(currency))
