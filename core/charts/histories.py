"""Real companies' financings over time, their listings, and the spread of venture rounds by stage."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from core.capital.history_figures import History, valuation_usd
from core.capital.published_financing import Instrument, PublishedFinancing
from core.charts.colours import BLUE, NEUTRAL, ORANGE, SERIES
from core.charts.layout import day_format, laid_out
from core.charts.units import HOVER, Words, count_ticks, counted, money_unit, titled

SYMBOLS: Mapping[Instrument, str] = {
    "equity": "circle",
    "debt": "square",
    "convertible": "diamond",
    "listing": "triangle-up",
    "placing": "triangle-right",
    "tender": "circle-open",
    "merger": "cross",
    "licence_and_hire": "x",
    "acquisition": "star",
}
HISTORY_HEIGHT = 620
VALUATION_PANEL, AMOUNT_PANEL = (0.42, 1.0), (0.0, 0.34)  # of the height
LISTING_ROW, SPREAD_ROW, FRAME = 34, 24, 170  # pixels
AFTER_COLOUR, FIRST_DAY_COLOUR = ORANGE, BLUE


@dataclass(frozen=True)
class ListingBar:
    """One listing: return of its first day, and of a later day over the offer price; None where not published."""

    name: str
    first_day: float | None
    later: float | None


@dataclass(frozen=True)
class Spread:
    """Percentiles of one statistic of one stage and cohort, in the unit that is drawn; None where not published."""

    stage: str
    period: str
    low: float | None
    middle: float | None
    high: float | None
    highest: float | None


def history_figure(histories: Mapping[str, History], kinds: Mapping[str, str], words: Words) -> go.Figure:
    """Above what the companies were worth after each event that says so, below the money of every event.

    Both on logarithmic axes, in US dollars at the rate of the day. histories: by the name that is shown; kinds: names
    """
    figure = go.Figure()
    for (name, rows), colour in zip(histories.items(), SERIES, strict=False):
        valued = [row for row in rows if valuation_usd(row) is not None]
        worth = [valuation_usd(row) or 0.0 for row in valued]
        _add_events(figure, name, valued, worth, colour=colour, kinds=kinds, words=words, on="y")
        amounts = [row.amount * row.usd_per_unit for row in rows]
        _add_events(figure, name, rows, amounts, colour=colour, kinds=kinds, words=words, on="y2")
    for kind in SYMBOLS:
        if any(row.instrument == kind for rows in histories.values() for row in rows):
            marker = {"symbol": SYMBOLS[kind], "size": 10, "color": NEUTRAL}
            figure.add_scatter(x=[None], y=[None], mode="markers", marker=marker, name=kinds[kind], hoverinfo="skip")
    laid_out(figure, words("Valuation and money by event"), "", height=HISTORY_HEIGHT)
    valuation, money = (titled(name, words("USD"), words) for name in (words("Valuation"), words("Money")))
    figure.update_layout(
        hovermode="closest",
        xaxis={"anchor": "y2"},
        yaxis={
            **_decades(figure, "y", words),
            "domain": VALUATION_PANEL,
            "title": {"text": valuation},
        },
        yaxis2={
            **_decades(figure, "y2", words),
            "domain": AMOUNT_PANEL,
            "title": {"text": money},
        },
    )
    return figure


def listings_figure(listings: Sequence[ListingBar], words: Words) -> go.Figure:
    """The first day of each listing as a bar, a later price as a diamond, both as returns on the offer price."""
    names = [one.name for one in listings]
    figure = go.Figure()
    figure.add_bar(
        x=[one.first_day for one in listings],
        y=names,
        orientation="h",
        name=words("First day"),
        marker={"color": FIRST_DAY_COLOUR},
        hovertemplate="%{x:+.0%}",
    )
    later = [one for one in listings if one.later is not None]
    figure.add_scatter(
        x=[one.later for one in later],
        y=[one.name for one in later],
        mode="markers",
        name=words("Later price"),
        marker={"symbol": "diamond", "size": 11, "color": AFTER_COLOUR},
        hovertemplate="%{x:+.0%}",
    )
    laid_out(figure, words("Price over the offer price"), "", height=FRAME + LISTING_ROW * len(listings))
    figure.update_layout(
        hovermode="y unified",
        xaxis={"tickformat": "+.0%", "zeroline": True},
        yaxis={"autorange": "reversed", "automargin": True},
    )
    return figure


def spread_figure(
    spreads: Sequence[Spread], title: str, unit: str, words: Words, *, tick_format: str = HOVER, currency: str = ""
) -> go.Figure:
    """Each cohort of each stage as a line from the 25th to the 75th percentile, its median on it, the 95th beyond.

    unit: of the axis; tick_format: d3's; currency: of amounts of money, which stand on a logarithmic axis
    """
    labels = [f"{one.stage} · {one.period}" for one in spreads]
    stages = list(dict.fromkeys(one.stage for one in spreads))
    colours = [SERIES[stages.index(one.stage) % len(SERIES)] for one in spreads]
    figure = go.Figure()
    for one, label, colour in zip(spreads, labels, colours, strict=True):
        _add_reach(figure, one, label, colour)
    for field, name, symbol in (
        ("low", words("25th percentile"), "line-ns-open"),
        ("middle", words("Median, share or mean"), "diamond"),
        ("high", words("75th percentile"), "line-ns-open"),
        ("highest", words("95th percentile"), "circle-open"),
    ):
        known = [(one, label, colour) for one, label, colour in zip(spreads, labels, colours, strict=True)]
        known = [each for each in known if getattr(each[0], field) is not None]
        if known:
            figure.add_scatter(
                x=[getattr(one, field) for one, _, _ in known],
                y=[label for _, label, _ in known],
                mode="markers",
                name=name,
                marker={
                    "symbol": symbol,
                    "size": 11,
                    "color": [colour for _, _, colour in known],
                    "line": {"width": 2},
                },
                customdata=[
                    counted(getattr(one, field), money_unit(currency, words), words) if currency else ""
                    for one, _, _ in known
                ],
                hovertemplate="%{customdata}" if currency else "%{x:" + tick_format + "}",
            )
    laid_out(figure, title, "", height=FRAME + SPREAD_ROW * max(len(spreads), 2))
    figure.update_layout(
        hovermode="y unified",
        xaxis={"title": {"text": unit}}
        | (_log_axis(spreads, words) if currency else {"rangemode": "tozero", "tickformat": tick_format}),
        yaxis={
            "autorange": "reversed",
            "automargin": True,
            "categoryorder": "array",
            "categoryarray": labels,
            "tickfont": {"size": 11},
        },
    )
    return figure


def _add_reach(figure: go.Figure, spread: Spread, label: str, colour: str) -> None:
    """The line from the lowest to the highest figure that is known."""
    ends = [value for value in (spread.low, spread.middle, spread.high, spread.highest) if value is not None]
    line = {"color": colour, "width": 5}
    figure.add_scatter(
        x=[ends[0], ends[-1]], y=[label] * 2, mode="lines", line=line, opacity=0.45, showlegend=False, hoverinfo="skip"
    )


def _decades(figure: go.Figure, axis: str, words: Words) -> dict[str, object]:
    """A logarithmic axis of money around what the traces on it hold."""
    heights = [height for trace in figure.data if (trace.yaxis or "y") == axis for height in trace.y if height]
    return {"type": "log", **(count_ticks(min(heights), max(heights), words) if heights else {})}


def _log_axis(spreads: Sequence[Spread], words: Words) -> dict[str, object]:
    """Ticks of all that is shown."""
    ends = [value for one in spreads for value in (one.low, one.middle, one.high, one.highest) if value is not None]
    return {"type": "log", **count_ticks(min(ends), max(ends), words)}


def _add_events(
    figure: go.Figure,
    company: str,
    rows: Sequence[PublishedFinancing],
    heights: Sequence[float],
    *,
    colour: str,
    kinds: Mapping[str, str],
    words: Words,
    on: str,
) -> None:
    """One company's events on one panel; the valuations are joined by a line."""
    figure.add_scatter(
        x=[row.date for row in rows],
        y=heights,
        yaxis=on,
        mode="lines+markers" if on == "y" else "markers",
        line={"color": colour, "width": 1.5},
        marker={"symbol": [SYMBOLS[row.instrument] for row in rows], "size": 10, "color": colour},
        name=company,
        legendgroup=company,
        showlegend=on == "y2",  # every event has an amount; a company without a valuation has an empty line above
        customdata=[
            (words(row.event), kinds[row.instrument], counted(height, money_unit("USD", words), words))
            for row, height in zip(rows, heights, strict=True)
        ],
        hovertemplate=f"<b>{company}</b> · %{{customdata[0]}}<br>%{{customdata[1]}}, %{{x|{day_format(words)}}}: "
        "%{customdata[2]}<extra></extra>",
    )
