"""A sale at any price: one preferred series, by hand; and the plan's own sale."""

from datetime import date
from fractions import Fraction

import pytest

from core.capital.cap_table import fold
from core.capital.securities import Investment, PricedRound, SharesIssued
from core.capital.waterfall import SaleTerms
from core.plan.answer import answer
from core.plan.cap_table_steps import sale_curve
from core.plan.proceeds import with_vested_pool
from core.plan.sale_scenario import amounts_along, sale_scenario
from tests.plan.builders import hand_calculated

ZERO = Fraction(0)
FOUNDED = SharesIssued(date(2026, 1, 1), "Ada", 8_000_000)
SERIES_A = PricedRound(date(2026, 6, 1), "Series A", (Investment("Fund", Fraction(2_000_000)),), Fraction(8_000_000))


def test_one_series_converts_where_its_share_is_worth_its_preference() -> None:
    """A fifth of the company for 2 million: it converts above 10 million; below 2 million it takes all."""
    found = sale_scenario(fold([FOUNDED, SERIES_A])[-1], Fraction(20_000_000), ZERO, ZERO, SaleTerms())
    assert [(one.exit_value, one.happening) for one in found.breakpoints] == [
        (2_000_000, "tier"),
        (10_000_000, "conversion"),
    ]
    assert found.payout.by_holder == {"Ada": 16_000_000, "Fund": 4_000_000}
    assert not found.others.payouts


def test_prices_hold_every_breakpoint_and_payouts_add_up_at_each() -> None:
    found = sale_scenario(fold([FOUNDED, SERIES_A])[-1], Fraction(5_000_000), Fraction(500_000), ZERO, SaleTerms())
    assert {one.exit_value for one in found.breakpoints if one.exit_value <= max(found.exits)} <= set(found.exits)
    for price, payout in zip(found.exits, found.along, strict=True):
        assert sum(payout.by_holder.values()) == max(price - 500_000, 0)
    assert max(found.exits) >= 2 * 5_000_000


@pytest.mark.parametrize("by", ["holder", "class"])
def test_amounts_are_listed_along_the_prices(by: str) -> None:
    found = sale_scenario(fold([FOUNDED, SERIES_A])[-1], Fraction(5_000_000), ZERO, ZERO, SaleTerms())
    along = amounts_along(found.along, by)
    assert {len(amounts) for amounts in along.values()} == {len(found.exits)}
    assert sum(amounts[-1] for amounts in along.values()) == pytest.approx(float(found.exits[-1]))


def test_curve_of_the_plan_is_that_of_its_table() -> None:
    scenario = hand_calculated()
    made = answer(scenario, scenario.strategies[0])
    curve = sale_curve(scenario, made)
    table = with_vested_pool(scenario, made.cap_table)
    at_the_end = sale_scenario(table, Fraction(curve.values[-1]), ZERO, ZERO, SaleTerms()).payout.by_holder
    assert {holder: amounts[-1] for holder, amounts in curve.by_holder.items()} == {
        holder: pytest.approx(float(amount)) for holder, amount in at_the_end.items() if holder in curve.by_holder
    }
