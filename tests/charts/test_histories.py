"""Valuations and money on two panels, listings as bars, cohorts as ranges."""

import pytest

from core.capital.histories import history_of
from core.capital.published_financing import Instrument
from core.charts.histories import SYMBOLS, ListingBar, Spread, history_figure, listings_figure, spread_figure

KINDS = {kind: kind for kind in SYMBOLS}


def same(text: str) -> str:
    return text


def figure(*companies: str) -> object:
    return history_figure({one: history_of(one) for one in companies}, KINDS, same)


def traces(drawn: object, axis: str) -> dict[str, object]:
    return {trace.name: trace for trace in drawn.data if trace.yaxis == axis}  # type: ignore[attr-defined]


def test_every_kind_has_a_symbol_of_its_own() -> None:
    kinds = set(Instrument.__args__)  # type: ignore[attr-defined]
    assert set(SYMBOLS) == kinds
    assert len(set(SYMBOLS.values())) == len(kinds)


def test_valuations_stand_above_and_the_money_of_every_event_below() -> None:
    """OpenAI's last: USD 852 billion after USD 122 billion."""
    drawn = figure("OpenAI", "Mistral AI")
    above, below = traces(drawn, "y")["OpenAI"], traces(drawn, "y2")["OpenAI"]
    assert above.y[-1] == pytest.approx(852e9)  # type: ignore[attr-defined]
    assert below.y[-1] == pytest.approx(122e9)  # type: ignore[attr-defined]
    assert len(below.x) == len(history_of("OpenAI"))  # type: ignore[attr-defined]
    assert drawn.layout.yaxis.type == drawn.layout.yaxis2.type == "log"  # type: ignore[attr-defined]


def test_loan_is_a_square_without_a_valuation() -> None:
    drawn = figure("Mistral AI")
    symbols = traces(drawn, "y2")["Mistral AI"].marker.symbol  # type: ignore[attr-defined]
    assert symbols[3] == "square"  # debt part of the Series B
    assert "square" not in traces(drawn, "y")["Mistral AI"].marker.symbol  # type: ignore[attr-defined]
    assert {"debt", "equity"} <= {trace.name for trace in drawn.data}  # type: ignore[attr-defined]
    assert "merger" not in {trace.name for trace in drawn.data}  # type: ignore[attr-defined]


def test_company_without_a_valuation_keeps_its_place_in_the_legend() -> None:
    shown = traces(figure("DeepSeek"), "y2")["DeepSeek"]
    assert shown.showlegend  # type: ignore[attr-defined]
    assert list(traces(figure("DeepSeek"), "y")["DeepSeek"].x) == []  # type: ignore[attr-defined]


def test_listing_without_a_later_price_has_a_bar_alone() -> None:
    drawn = listings_figure([ListingBar("Figma", 2.5, 50 / 33 - 1), ListingBar("Square", 0.45, None)], same)
    bar, later = drawn.data
    assert list(bar.x) == [2.5, 0.45]
    assert list(later.y) == ["Figma"]


def test_cohort_reaches_from_its_lowest_to_its_highest_percentile() -> None:
    """Carta's priced seeds of 2025: 13.8, 20 and 80.5 million; of another only the median is known."""
    spreads = [
        Spread("Seed", "2025", 13.8e6, 20e6, None, 80.5e6),
        Spread("Series A", "2024-Q4", None, 58.9e6, None, None),
    ]
    drawn = spread_figure(spreads, "Post-money", "USD", same, currency="USD")
    assert list(drawn.data[0].x) == [13.8e6, 80.5e6]
    named = {trace.name: trace for trace in drawn.data if trace.name}
    assert list(named["Median, share or mean"].x) == [20e6, 58.9e6]
    assert "75th percentile" not in named
    assert list(named["Median, share or mean"].customdata) == ["20 million USD", "58.9 million USD"]
    assert drawn.layout.xaxis.type == "log"
    assert {"10M", "20M", "50M", "100M"} <= set(drawn.layout.xaxis.ticktext)  # less than a decade and a half
