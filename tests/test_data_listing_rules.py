"""`data/listing_rules.csv` and `data/underwriting_spreads.csv`: every row sourced, thresholds as the rules state."""

from datetime import UTC, date, datetime

import pytest

from core.capital.deals.listing_rules import ListingRule, listing_rules
from core.capital.deals.spreads import underwriting_spreads
from core.tables import load_table

MILLION, BILLION = 10**6, 10**9
RULES = load_table("listing_rules", ListingRule)
NOW = date(2026, 2, 1)
CURRENCIES = {
    "nasdaq_global_select": "USD",
    "nasdaq_global": "USD",
    "nasdaq_capital": "USD",
    "hkex_main_board": "HKD",
    "hkex_18c": "HKD",
    "shanghai_star": "CNY",
}
BANNED = ("brick-house.org", "fate-oracle.com")


def stated(market: str, standard: str, day: date = NOW) -> dict[tuple[str, str], float]:
    return {
        (rule.figure, rule.period): rule.threshold
        for rule in listing_rules(day)
        if (rule.market, rule.standard) == (market, standard)
    }


def test_every_row_has_a_source_and_the_markets_currency() -> None:
    today = datetime.now(UTC).date()
    for rule in RULES:
        assert rule.source.citation
        assert rule.source.url.startswith(("https://", "http://star.sse.com.cn"))
        assert not any(name in rule.source.url for name in BANNED)
        assert rule.source.as_of <= today
        assert rule.currency in {CURRENCIES[rule.market], None}
    assert {rule.market for rule in RULES} == set(CURRENCIES)
    assert all(band.source.citation and band.source.as_of <= today for band in underwriting_spreads())


@pytest.mark.parametrize("day", [date(2025, 4, 11), NOW, date(2027, 12, 1)])
def test_one_threshold_a_figure_and_period_on_any_day(day: date) -> None:
    rules = listing_rules(day)
    assert len({(rule.market, rule.standard, rule.figure, rule.period) for rule in rules}) == len(rules)


def test_global_select() -> None:
    """Nasdaq Rule 5315: $11M, positive, $2.2M; $27.5M, $550M, $110M; $850M, $90M; $160M, $80M, $55M."""
    market = "nasdaq_global_select"
    common = {("public_float_value", "at_listing"): 45 * MILLION, ("offer_price", "at_listing"): 4}
    assert stated(market, "earnings") == common | {
        ("pretax_income", "sum_of_3_years"): 11 * MILLION,
        ("pretax_income", "each_of_3_years"): 0,
        ("pretax_income", "each_of_2_years"): 2_200_000,
    }
    assert stated(market, "cash_flow") == common | {
        ("operating_cash_flow", "sum_of_3_years"): 27_500_000,
        ("operating_cash_flow", "each_of_3_years"): 0,
        ("market_capitalization", "at_listing"): 550 * MILLION,
        ("revenue", "latest_year"): 110 * MILLION,
    }
    assert stated(market, "revenue") == common | {
        ("market_capitalization", "at_listing"): 850 * MILLION,
        ("revenue", "latest_year"): 90 * MILLION,
    }
    assert stated(market, "assets") == common | {
        ("market_capitalization", "at_listing"): 160 * MILLION,
        ("total_assets", "at_listing"): 80 * MILLION,
        ("stockholders_equity", "at_listing"): 55 * MILLION,
    }


@pytest.mark.parametrize(
    ("market", "standard", "raised"),
    [
        ("nasdaq_global", "income", 15),
        ("nasdaq_global", "equity", 18),
        ("nasdaq_global", "market_value", 20),
        ("nasdaq_global", "assets_and_revenue", 20),
        ("nasdaq_capital", "equity", 15),
        ("nasdaq_capital", "market_value", 15),
        ("nasdaq_capital", "net_income", 15),
    ],
)
def test_what_must_be_raised_on_the_smaller_nasdaq_markets(market: str, standard: str, raised: int) -> None:
    assert stated(market, standard)["offering_gross", "at_listing"] == raised * MILLION


def test_hong_kong() -> None:
    """8.05: profit 35 + 45 and HK$500M; 2bn, 500M, 100M; 4bn, 500M. 18C: 4bn/250M/15 %, 8bn/150M/30 %, 8bn/50 %."""
    profit = stated("hkex_main_board", "profit")
    assert profit["net_income", "latest_year"] == 35 * MILLION
    assert profit["net_income", "sum_of_2_years_before"] == 45 * MILLION
    assert profit["market_capitalization", "at_listing"] == 500 * MILLION
    flow = stated("hkex_main_board", "revenue_and_cash_flow")
    assert flow["market_capitalization", "at_listing"] == 2 * BILLION
    assert flow["operating_cash_flow", "sum_of_3_years"] == 100 * MILLION
    revenue = stated("hkex_main_board", "revenue")
    assert revenue["market_capitalization", "at_listing"] == 4 * BILLION
    assert revenue["revenue", "latest_year"] == flow["revenue", "latest_year"] == 500 * MILLION
    for standard, value, part in (
        ("commercial", 4, 0.15),
        ("pre_commercial_with_revenue", 8, 0.3),
        ("pre_commercial", 8, 0.5),
    ):
        rules = stated("hkex_18c", standard)
        assert rules["market_capitalization", "at_listing"] == value * BILLION
        assert rules["rd_share_of_spending", "sum_of_3_years"] == part
        later = stated("hkex_18c", standard, date(2027, 9, 1))
        assert later["market_capitalization", "at_listing"] == (value + 2) * BILLION


@pytest.mark.parametrize(
    ("standard", "billions"),
    [
        ("1_profit_of_two_years", 1),
        ("1_profit_and_revenue", 1),
        ("2_revenue_and_research", 1.5),
        ("3_revenue_and_cash_flow", 2),
        ("4_revenue", 3),
        ("5_technology", 4),
    ],
)
def test_shanghai_star(standard: str, billions: float) -> None:
    """STAR Market Listing Rules 2.1.2."""
    assert stated("shanghai_star", standard)["market_capitalization", "at_listing"] == billions * BILLION
