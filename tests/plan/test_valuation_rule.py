"""One rule prices growth equity, listings, follow-on offerings and the exit: each of them by hand.

The product sells 10,000 USD a month from month 2 on, 120,000 in any twelve months from then, and costs 4,000 to serve.
"""

from datetime import date

import pytest

from core.plan.answer import Answer, answer
from core.plan.scenario import Holder, Scenario, Valuation
from core.plan.scenario_io import edited
from core.plan.simulate import simulate
from core.plan.strategies import Financing
from tests.plan.builders import company, debt, follow_on, growth_equity, listing, month, priced_round, product, safe

LEVEL = (product(launch=month(2), monthly_growth=0.0),)


def asked(*financings: Financing, **fields: object) -> Answer:
    made = company(*financings, **{"demand": LEVEL} | fields)
    return answer(made, made.strategies[0])


def indebted(*later: Financing, multiple: float = 10.0, discount: float = 0.25) -> Scenario:
    """50,000 USD, and 36,000 borrowed in month 1 without interest, repaid at 1,000 a month from month 2 on.

    At the start of month 4: 50,000 + 36,000 + 2 × 6,000 - 2 × 1,000 - 4 × 1,000 = 92,000 USD, with 34,000 still owed.
    """
    loan = debt(36_000.0, 1, interest_rate=0.0, interest_only_months=0, amortization_months=36)
    rule = Valuation(forward_revenue_multiple=multiple, discount=discount, transaction_cost_share=0.02)
    plan = {"opening_cash": 50_000.0, "overhead_per_month": 1_000.0, "demand": LEVEL, "valuation": rule}
    return company(loan, *later, **plan)


def priced(made: Scenario) -> float:
    return float(simulate(made, made.strategies[0], {}).valuation[-1, 0])


def test_private_money_pays_for_revenue_less_the_discount_plus_cash_less_debt() -> None:
    """10 × 120,000 × 0.75 + 92,000 - 34,000 = 958,000; half as much again buys 479,000 / 0.1064 shares of 9M."""
    made = indebted(growth_equity(479_000.0, 4))
    assert priced(made) == 958_000
    shares = 9_000_000 + 479_000 * 10_000 // 1_064
    assert float(answer(made, made.strategies[0]).founders_share) == pytest.approx(9_000_000 / shares, abs=1e-12)


def test_round_without_a_price_is_priced_as_growth_equity_is() -> None:
    """Venture capital and private equity go by one rule; a typed price is kept, with the rule's beside it."""
    by_rule = indebted(priced_round(479_000.0, None, 4))
    assert priced(by_rule) == 958_000
    typed = indebted(priced_round(479_000.0, 4e6, 4))
    (_, outcome) = answer(typed, typed.strategies[0]).financings
    assert (outcome.valuation, outcome.rule_value) == (4_000_000, 958_000)


def test_multiple_of_ebitda() -> None:
    """Revenue 120,000 - serving 48,000 - overhead 12,000 = 60,000; 10 × 60,000 × 0.75 + 58,000 = 508,000."""
    rule = {"valuation.basis": "ebitda", "valuation.forward_ebitda_multiple": 10.0}
    assert priced(edited(indebted(growth_equity(1e5, 4)), rule)) == 508_000
    at_the_horizon = answer(edited(indebted(), rule), edited(indebted(), rule).strategies[0]).exit
    assert at_the_horizon is not None
    assert at_the_horizon.forward_ebitda == 60_000
    assert at_the_horizon.enterprise_value == 450_000


def test_business_that_loses_money_is_worth_its_cash_by_ebitda() -> None:
    """Overhead of 8,000 eats the 6,000 of gross profit: EBITDA is negative, the shares are worth cash less debt."""
    rule = {"valuation.basis": "ebitda", "valuation.forward_ebitda_multiple": 10.0, "overhead_per_month": 8_000.0}
    made = edited(indebted(growth_equity(1e4, 4)), rule)
    # 50,000 + 36,000 + 2 × 6,000 - 2 × 1,000 - 4 × 8,000 = 64,000, with 34,000 still owed
    assert priced(made) == 30_000


def test_stock_that_is_locked_up_is_worth_less_today() -> None:
    """Listed in month 4 and locked up for 24 months, past the horizon: paid later, so less in present value."""
    rule = {"valuation.founders_discount_rate": 0.4}
    locked, free = (
        answer(made, made.strategies[0])
        for made in (edited(indebted(listing(1e5, 4, lock_up_months=months)), rule) for months in (24, 0))
    )
    assert free.exit is not None
    assert locked.exit is not None
    assert (free.exit.sellable, locked.exit.sellable) == (free.exit.month, month(28))
    assert (free.exit.locked_up, locked.exit.locked_up) == (False, True)
    days = (month(28) - free.exit.month).days
    assert locked.founders_proceeds == free.founders_proceeds
    assert locked.founders_present_value == pytest.approx(free.founders_present_value * 1.4 ** (-days / 365))


def test_market_takes_no_private_discount() -> None:
    """10 × 120,000 + 58,000."""
    assert priced(indebted(listing(1e5, 4))) == 1_258_000


@pytest.mark.parametrize(("first_day", "offered"), [(0.25, 1_006_400.0), (-0.2, 1_572_500.0), (0.18, 1_066_101.69)])
def test_offer_price_lies_below_the_market_by_the_first_day_return(first_day: float, offered: float) -> None:
    """1,258,000 / 1.25, / 0.8 and / 1.18."""
    assert priced(indebted(listing(1e5, 4, first_day_return=first_day))) == offered


def test_money_that_closes_earlier_in_the_month_is_in_the_cash() -> None:
    """A SAFE of 100,000 in month 4 too: 958,000 and its money, before the fund's."""
    made = indebted(safe(1e5, 2e6, 4), growth_equity(1e5, 4))
    assert priced(made) == 1_058_000


def test_revenue_is_of_the_twelve_months_from_the_closing_on() -> None:
    """Of months 1 to 12 the product sells in eleven: 10 × 110,000 USD, and there is no cash."""
    made = company(growth_equity(1e5, 1), demand=LEVEL, valuation=Valuation(forward_revenue_multiple=10.0))
    assert priced(made) == 1_100_000


def test_ai_premium_is_of_venture_money_alone() -> None:
    """Typed at 9M, a fund and a listing pay 9M whether the strategy is priced as AI's or not."""
    for later in (growth_equity(1e6, 4, pre_money=9e6), listing(1e6, 4, pre_money=9e6)):
        made = indebted(later)
        plan = made.strategies[0].model_copy(update={"ai_premium": True})
        assert priced(made.model_copy(update={"strategies": (plan,)})) == 9e6


def test_follow_on_is_priced_at_the_market_of_its_month_less_its_discount() -> None:
    """Listed in month 4 with 2M at 10M USD, 3 % spread, 40,000 of expenses and 24,000 a year.

    Month 7 starts with 92,000 + 2,000,000 - 100,000 and three months of 6,000 - 1,000 - 1,000 - 2,000: 1,998,000 USD;
    31,000 are owed. (10 × 120,000 + 1,998,000 - 31,000) × 0.9 = 2,850,300. Fees: 5 % of 500,000.
    """
    terms = {"pre_money": 1e7, "spread": 0.03, "expenses": 40_000.0, "public_cost_per_year": 24_000.0}
    made = indebted(listing(2e6, 4, **terms), follow_on(5e5, 7, discount=0.1, spread=0.05))
    assert priced(made) == 2_850_300
    simulation = simulate(made, made.strategies[0], {})
    assert simulation.cash[6, 0] == 1_998_000_00
    assert simulation.cash[7, 0] == 1_998_000_00 + 500_000_00 - 25_000_00 + 2_000_00


LISTED = listing(4e6, 3, pre_money=2.16e7, first_day_return=0.2, secondary_share=0.1, spread=0.07, expenses=120_000.0)
OWNERS = (Holder(name="Ada", shares=6_000_000), Holder(name="Bo", founder=False, shares=3_000_000))


def test_shares_of_a_listed_company_are_worth_their_market_price_at_the_horizon() -> None:
    """Offered at 21.6M / 1.2 / 9M = 2 USD: 2M new shares; Ada sells 600,000, Bo 300,000; 11M in all.

    Cash: 4M - 7 % - 120,000 and ten months of 6,000 = 3,660,000. With 50 × 120,000, no discount and no cost of a sale,
    9,660,000 USD. Ada: 600,000 × 2 × 0.93 = 1,116,000, then 5.4M / 11M. The public pays 4M and 900,000 × 2 for 2.9M.
    """
    rule = Valuation(
        forward_revenue_multiple=50.0, discount=0.3, transaction_cost_share=0.02, founders_discount_rate=0.12
    )
    made = asked(LISTED, holders=OWNERS, valuation=rule)
    assert made.exit is not None
    assert (made.exit.enterprise_value, made.exit.cash, made.exit.transaction_cost) == (6e6, 3.66e6, 0)
    kept = 9_660_000 * 5.4 / 11
    assert made.founders_proceeds == pytest.approx(1_116_000 + kept, abs=1e-3)
    worth = 1_116_000 * 1.12 ** (-90 / 365) + kept / 1.12  # 1 April 2026, 90 days, and 1 January 2027, 365
    assert made.founders_present_value == pytest.approx(worth, abs=1e-3)
    public, total = made.returns
    assert public.flows == (
        (date(2026, 4, 1), -5_800_000.0),
        (date(2027, 1, 1), pytest.approx(9_660_000 * 2.9 / 11, abs=1e-3)),
    )
    assert public.rate == pytest.approx((9_660_000 * 2.9 / 11 / 5_800_000) ** (365 / 275) - 1, abs=1e-9)
    assert (total.name, total.rate) == ("", public.rate)


def test_investors_sell_at_the_listing_what_they_convert_into() -> None:
    """A fund paid 2 USD for each of 1M shares; 10 % of them go at 3 × 0.93 USD, the rest is worth 3.4M / 11M a share.

    9M + 1M shares at 30M USD, 1M new ones for 3M: 11M. Cash 2M + 3M - 210,000 and twelve months of -115,833.33.
    """
    fund = growth_equity(2e6, 0, pre_money=1.8e7)
    offer = listing(3e6, 6, pre_money=3e7, secondary_share=0.1, spread=0.07)
    made = asked(fund, offer, demand=(), overhead_per_month=115_833.33)
    left = 5_000_000 - 210_000 - 12 * 115_833.33
    returned = made.returns[0]
    assert returned.flows[:2] == ((month(0), -2_000_000.0), (month(6), pytest.approx(279_000.0)))
    assert returned.flows[2][1] == pytest.approx(left * 900_000 / 11e6, abs=0.01)
    assert returned.multiple == pytest.approx((279_000 + left * 900_000 / 11e6) / 2e6, rel=1e-9)


def test_lender_earns_its_interest_and_fees() -> None:
    """1.2M USD for a month at 12 %, 1 % kept back and 2 % at the end: 1,188,000 becomes 1,236,000 in 31 days."""
    loan = debt(
        1.2e6, 0, interest_only_months=0, amortization_months=1, upfront_fee_share=0.01, end_of_term_fee_share=0.02
    )
    lender, _ = asked(loan, opening_cash=1e5).returns
    assert lender.flows == ((month(0), -1_188_000.0), (month(1), 1_236_000.0))
    assert lender.rate == pytest.approx((1_236 / 1_188) ** (365 / 31) - 1, rel=1e-9)
    assert lender.multiple == pytest.approx(1_236 / 1_188, rel=1e-12)


def test_what_is_still_owed_is_paid_at_the_exit_before_the_shares() -> None:
    """1M without interest in 24 instalments from month 1 on: eleven of them, 13 / 24 of it out of the exit."""
    loan = debt(1.2e6, 0, interest_rate=0.0, interest_only_months=0, amortization_months=24)
    made = asked(loan, opening_cash=1e5, valuation=Valuation(forward_revenue_multiple=10.0))
    assert made.exit is not None
    assert (made.exit.debt, made.simulation.debt[0]) == (650_000, 650_000_00)
    assert made.returns[0].flows[-2:] == ((month(11), 50_000.0), (month(12), 650_000.0))
    # 100,000 + 1,200,000 + ten months of 6,000 - 550,000 = 810,000 of cash; 1,200,000 for the revenue
    assert made.founders_proceeds == 1_200_000 + 810_000 - 650_000


def test_holders_sell_exactly_their_share_where_it_is_whole() -> None:
    """29 % of 100 shares are 29, which floats miss by a hair; 29 % of 50 are 14.5, so 14."""
    owners = (Holder(name="Ada", shares=100), Holder(name="Bo", shares=50))
    made = company(listing(3_000.0, 1, pre_money=3_000.0, secondary_share=0.29), holders=owners)
    last = simulate(made, made.strategies[0], {}).ownership[-1, :, 0] * 300
    assert last == pytest.approx([71, 36, 0, 150 + 29 + 14], abs=1e-9)
