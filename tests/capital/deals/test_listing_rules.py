"""Gates of exchanges: hand-made companies around each threshold, and the standard that Zhipu listed by.

Thresholds are asserted against the rules in test_data_listing_rules.py; here companies are.
"""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.capital.deals.listing_rules import (
    FigureRow,
    ListingCheck,
    ListingOutcome,
    PeriodFigures,
    listing_gates,
    years_of,
)
from core.errors import InputError

MILLION, BILLION = 10**6, 10**9
DAY = date(2026, 1, 20)


def year(**millions: float | str) -> PeriodFigures:
    return PeriodFigures(**{field: Fraction(str(amount)) * MILLION for field, amount in millions.items()})


def row(found: ListingOutcome, standard: str, figure: str, period: str = "") -> FigureRow:
    return next(
        one
        for one in found.figures
        if one.standard == standard and one.figure == figure and one.period.startswith(period)
    )


def met(found: ListingOutcome) -> list[str]:
    return [one.standard for one in found.standards if one.figures_met]


def test_global_select_by_earnings() -> None:
    """By hand: 3 + 4 + 4 = $11M, all positive, the last two at least $2.2M."""
    check = ListingCheck(
        on=DAY,
        markets=("nasdaq_global_select",),
        years=(year(pretax_income=3), year(pretax_income=4), year(pretax_income=4)),
        public_float_value=Fraction(45 * MILLION),
        offer_price=Fraction(4),
    )
    assert met(listing_gates(check)) == ["earnings"]
    weaker = replace(check, years=(year(pretax_income=7), year(pretax_income=2), year(pretax_income=4)))
    found = listing_gates(weaker)
    assert met(found) == []
    assert row(found, "earnings", "pretax_income", "each_of_2").short_by == 200_000
    assert found.standards[0].missing == ("pretax_income",)


def test_global_select_asks_for_a_profit_in_each_year_and_zero_is_none() -> None:
    check = ListingCheck(
        on=DAY,
        markets=("nasdaq_global_select",),
        years=(year(pretax_income=0), year(pretax_income=7), year(pretax_income=7)),
    )
    assert row(listing_gates(check), "earnings", "pretax_income", "each_of_3").met is False


def test_a_company_without_profit_lists_by_revenue() -> None:
    """CoreWeave's order of size in 2025: revenue of $1.9bn, a loss, $18.5bn of shares, $1.5bn offered."""
    found = listing_gates(
        ListingCheck(
            on=date(2025, 4, 11),
            markets=("nasdaq_global_select",),
            years=(year(revenue=16, net_income=-31), year(revenue=229, net_income=-594), year(revenue=1915)),
            market_capitalization=Fraction(18_466 * MILLION),
            public_float_value=Fraction(1_500 * MILLION),
            offer_price=Fraction(40),
        )
    )
    assert met(found) == ["revenue"]


def test_smaller_nasdaq_markets_from_january_2026_on_want_15_million_raised() -> None:
    """SR-NASDAQ-2025-068: $15M from 17 January 2026 on, $8M (Global) and $5M (Capital) until then."""
    check = ListingCheck(
        on=date(2026, 1, 16),
        years=(year(pretax_income=1, net_income="0.75"),),
        markets=("nasdaq_global", "nasdaq_capital"),
        stockholders_equity=Fraction(15 * MILLION),
        offering_gross=Fraction(8 * MILLION),
        offer_price=Fraction(4),
    )
    assert met(listing_gates(check)) == ["income", "net_income"]
    later = listing_gates(replace(check, on=date(2026, 1, 17)))
    assert met(later) == []
    assert row(later, "income", "offering_gross").short_by == 7 * MILLION
    assert met(listing_gates(replace(check, on=DAY, offering_gross=Fraction(15 * MILLION)))) == ["income", "net_income"]


@pytest.mark.parametrize(
    ("incomes", "reached"),
    [((1,), True), ((2, 2, 0), True), ((2, 0), False), ((0, 2), True), ((2, 0, 0), False), ((9, 9, 0, 0), False)],
)
def test_income_of_the_latest_year_or_of_two_of_three(incomes: tuple[int, ...], reached: bool) -> None:
    check = ListingCheck(
        on=DAY, markets=("nasdaq_global",), years=tuple(year(pretax_income=income) for income in incomes)
    )
    assert row(listing_gates(check), "income", "pretax_income").met is reached


def test_hong_kong_main_board_profit_test() -> None:
    """By hand in USD at 7.8: 20 + 25.1 = 45.1 before, 35.1 in the last year."""
    check = ListingCheck(
        on=DAY,
        rates=(("HKD", Fraction("7.8")),),
        markets=("hkex_main_board",),
        years=tuple(year(net_income=str(Fraction(hkd) / Fraction("7.8"))) for hkd in ("20", "25.1", "35.1")),
        market_capitalization=Fraction(65 * MILLION),
        operating_years=Fraction(3),
    )
    found = listing_gates(check)
    assert met(found) == ["profit"]
    assert row(found, "profit", "market_capitalization").value == 507 * MILLION
    assert row(found, "profit", "net_income", "sum_of_2_years_before").value == Fraction("45.1") * MILLION


ZHIPU_LIKE = ListingCheck(
    on=date(2026, 1, 8),
    currency="CNY",
    rates=(("HKD", Fraction("1.11")),),
    markets=("hkex_18c",),
    years=(
        year(revenue=57, rd_spending=80, operating_spending=160),
        year(revenue=125, rd_spending=500, operating_spending=700),
        year(revenue=312, rd_spending=2000, operating_spending=2500),
    ),
    market_capitalization=Fraction(46 * BILLION),
    operating_years=Fraction(6),
    sophisticated_investors=True,
)


def test_specialist_technology_company_with_revenue_is_a_commercial_one() -> None:
    """Zhipu's revenue of RMB 312M in 2024 is above HK$250M. The spending here is made up."""
    found = listing_gates(ZHIPU_LIKE)
    assert met(found) == ["commercial", "pre_commercial_with_revenue", "pre_commercial"]
    assert row(found, "commercial", "revenue").value == Fraction("346.32") * MILLION


def test_research_is_counted_in_two_of_three_years_and_over_all() -> None:
    """By hand: 10 %, 20 % and 20 % of 100, 100 and 400 are 18.3 % over all three, 20 % in the second-best year."""
    shares = ((10, 100), (20, 100), (80, 400))
    years = tuple(year(revenue=312, rd_spending=part, operating_spending=whole) for part, whole in shares)
    found = listing_gates(replace(ZHIPU_LIKE, years=years))
    assert met(found) == ["commercial"]
    assert row(found, "commercial", "rd_share_of_spending", "2_of").value == Fraction(1, 5)
    assert row(found, "commercial", "rd_share_of_spending", "sum").value == Fraction(110, 600)
    assert row(found, "pre_commercial", "rd_share_of_spending", "sum").short_by == Fraction(1, 2) - Fraction(11, 60)


@pytest.mark.parametrize(("day", "needed"), [(date(2027, 8, 31), 4), (date(2027, 9, 1), 6)])
def test_lower_value_of_commercial_companies_is_temporary(day: date, needed: int) -> None:
    """HK$4bn instead of 6bn until 31 August 2027."""
    found = listing_gates(replace(ZHIPU_LIKE, on=day))
    assert row(found, "commercial", "market_capitalization").threshold == needed * BILLION


def test_shanghai_star_has_five_standards() -> None:
    """By hand: CNY 4bn, revenue 100 / 150 / 300, research 60 = 10.9 % of revenue, cash flow 100, losses."""
    check = ListingCheck(
        on=DAY,
        currency="CNY",
        markets=("shanghai_star",),
        years=tuple(
            year(revenue=revenue, net_income=-5, operating_cash_flow=cash, rd_spending=20)
            for revenue, cash in ((100, 0), (150, 40), (300, 60))
        ),
        market_capitalization=Fraction(4 * BILLION),
        operating_years=Fraction(3),
    )
    found = listing_gates(check)
    assert met(found) == ["3_revenue_and_cash_flow", "4_revenue"]
    assert found.star_growth_tier is True
    assert row(found, "2_revenue_and_research", "rd_share_of_revenue").value == Fraction(60, 550)
    assert "5_technology" in met(listing_gates(replace(check, approved_product=True)))


def test_figures_that_are_not_known_are_missing_without_a_number() -> None:
    found = listing_gates(ListingCheck(on=DAY, markets=("nasdaq_capital",)))
    assert found.markets_met == ()
    assert row(found, "equity", "stockholders_equity").value is None
    assert row(found, "equity", "stockholders_equity").short_by is None
    assert found.standards[0].missing == ("stockholders_equity", "operating_years", "offering_gross", "offer_price")
    assert found.star_growth_tier is None


def test_months_are_added_up_to_years_backwards() -> None:
    """By hand: of 30 months at 1 to 30 the first six are left out; 7..18 are 150, 19..30 are 294."""
    months = tuple(PeriodFigures(revenue=Fraction(number)) for number in range(1, 31))
    found = years_of(ListingCheck(on=DAY, months=months))
    assert [one.revenue for one in found] == [150, 294]
    assert found[0].net_income is None


@given(st.integers(0, 10**12), st.integers(0, 10**12), st.fractions(Fraction(1, 10), 10, max_denominator=100))
def test_a_larger_company_never_misses_by_more(first: int, second: int, rate: Fraction) -> None:
    """And whoever is short by something has not met it; whoever has, is short by nothing."""
    found = [
        listing_gates(
            ListingCheck(
                on=DAY,
                rates=(("HKD", rate), ("CNY", rate)),
                years=tuple(PeriodFigures(revenue=Fraction(size)) for _ in range(3)),
                market_capitalization=Fraction(size),
                offering_gross=Fraction(size),
            )
        )
        for size in sorted((first, second))
    ]
    for small, large in zip(found[0].figures, found[1].figures, strict=True):
        if small.short_by is not None and large.short_by is not None:
            assert large.short_by <= small.short_by
            assert small.met == (small.short_by == 0)


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"on": date(2025, 4, 10)}, "out_of_range", "on"),
        ({"markets": ("nyse",)}, "unknown_name", "markets"),
        ({"rates": ()}, "missing", "rates"),
    ],
)
def test_refusals_of_a_check(change: dict[str, Any], code: str, field: str) -> None:
    with pytest.raises(InputError) as caught:
        listing_gates(replace(ZHIPU_LIKE, **change))
    assert (caught.value.code, caught.value.field) == (code, f"ListingCheck.{field}")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"months": ZHIPU_LIKE.years}, "contradiction"),
        ({"rates": (("HKD", Fraction(0)),)}, "out_of_range"),
        ({"market_capitalization": 4.5}, "wrong_type"),
        ({"currency": " "}, "missing"),
    ],
)
def test_refusals(change: dict[str, Any], code: str) -> None:
    with pytest.raises(InputError) as caught:
        replace(ZHIPU_LIKE, **change)
    assert caught.value.code == code
