"""Growth equity, listings and follow-on offerings by hand, and strategies side by side over one operating plan."""

import json
from dataclasses import fields
from typing import Any

import pytest

from core.errors import InputError
from core.plan.answer import Answer, answer
from core.plan.comparison import ComparisonRow, Verdict, compare, founders_value, verdict, with_multiple
from core.plan.financing_outcomes import FinancingOutcome, Gate
from core.plan.scenario import Holder, Product, Scenario, Valuation
from core.plan.scenario_io import from_json
from core.plan.simulate import FLOWS
from core.plan.strategies import Financing, Strategy
from tests.plan.builders import (
    company,
    debt,
    follow_on,
    growth_equity,
    hand_calculated,
    listing,
    month,
    priced_round,
    product,
    safe,
)


def asked(scenario: Scenario, index: int = 0) -> Answer:
    return answer(scenario, scenario.strategies[index])


def outcome(scenario: Scenario, name: str) -> FinancingOutcome:
    return next(one for one in asked(scenario).financings if one.name == name)


def steady_product(**replaced: Any) -> Product:
    """10,000 USD of revenue and 4,000 of serving cost a month from the founding on."""
    return product(**{"monthly_growth": 0.0, "launch": month(0)} | replaced)


def strategy(name: str, *financings: Financing) -> Strategy:
    return Strategy(name=name, kind="venture", financings=financings)


def compared(scenario: Scenario) -> tuple[dict[str, ComparisonRow], Verdict]:
    answers = tuple(asked(scenario, index) for index in range(len(scenario.strategies)))
    return {row.criterion: row for row in compare(answers)}, verdict(scenario, answers)


# A strategy's name and kind


def test_copy_under_another_kind_and_name_has_equal_figures() -> None:
    """Two runs of the same money: whoever the strategy says provides it, no figure may change."""
    made = hand_calculated()
    copy = made.strategies[0].model_copy(update={"name": "Copy", "kind": "private_equity"})
    made = made.model_copy(update={"strategies": (made.strategies[0], copy)})
    original, other = asked(made, 0), asked(made, 1)
    assert (original.strategy, other.strategy) == ("Plan", "Copy")
    for field in fields(Answer):
        if field.name not in ("strategy", "simulation", "operating_plan", "without_next"):
            assert getattr(original, field.name) == getattr(other, field.name), field.name
    assert (original.simulation.cash == other.simulation.cash).all()
    assert (original.simulation.ownership == other.simulation.ownership).all()
    for name in FLOWS:
        assert (original.simulation.flows[name] == other.simulation.flows[name]).all()
    rows, _ = compared(made)
    assert all(row.best == () for row in rows.values())


# Growth equity


def test_growth_equity_closes_the_month_after_revenue_reaches_the_gate() -> None:
    """Months 5, 6, 7 earn 10,000, 15,000 and 18,750 USD: x 12 they are 120,000, 180,000 and 225,000."""
    made = company(growth_equity(1e6, pre_money=4.5e6, revenue_gate=200_000.0), demand=(product(),))
    one = outcome(made, "Fund")
    assert (one.status, one.planned, one.closed, one.valuation) == ("closed", month(0), month(8), 4.5e6)
    assert one.founders_share == pytest.approx(9 / 11, abs=1e-12)  # at half a dollar a share


def test_growth_equity_at_the_gate_exactly() -> None:
    """10,000 x 12 = 120,000 is enough; the first month's revenue is known in the second."""
    made = company(growth_equity(1e6, pre_money=4e6, revenue_gate=120_000.0), demand=(steady_product(),))
    assert outcome(made, "Fund").closed == month(1)


def test_growth_equity_whose_gate_is_never_reached_is_not_available() -> None:
    made = company(growth_equity(1e6, pre_money=4e6, revenue_gate=1e6), demand=(steady_product(),))
    one = outcome(made, "Fund")
    assert (one.status, one.closed, one.founders_share) == ("not_available", None, None)
    assert one.gate == Gate("revenue", 120_000.0, 1e6)
    assert asked(made).raised == 0


def test_growth_equity_without_a_price_is_priced_by_the_rule() -> None:
    """In month 3: 10 x 120,000 less a quarter for being private, and 3 x 6,000 of cash: 918,000 USD."""
    made = company(
        growth_equity(1e5, at=3),
        demand=(steady_product(),),
        valuation=Valuation(forward_revenue_multiple=10.0, discount=0.25),
    )
    one = outcome(made, "Fund")
    assert (one.closed, one.valuation) == (month(3), 918_000.0)


# What a financing that is not available is told


def test_revenue_of_the_last_month_comes_too_late() -> None:
    """Investors look at the month before: 10,000 USD in the last one are seen by nobody."""
    late = steady_product(launch=month(11))
    made = company(growth_equity(1e6, pre_money=4e6, revenue_gate=120_000.0), demand=(late,))
    assert outcome(made, "Fund").gate == Gate("revenue", 0.0, 120_000.0)


@pytest.mark.parametrize("at", [1, 6, 11])
def test_lenders_look_at_the_cash_flow_of_late(at: int) -> None:
    """10,000 - 4,000 a month over an instalment of 120,000 / 12 cover it 0.6 times, in the last month too."""
    loan = debt(120_000.0, at, interest_rate=0.0, coverage_gate=1.0)
    assert outcome(company(loan, demand=(steady_product(),)), "Loan").gate == Gate("coverage", 0.6, 1.0)


def test_growth_equity_is_not_told_of_revenue_after_the_listing() -> None:
    """Listed in month 1; 10,000 USD a month from month 5 on."""
    fund = growth_equity(1e6, pre_money=4e6, revenue_gate=120_000.0)
    made = company(fund, listing(1e6, at=1, pre_money=1e7), demand=(steady_product(launch=month(5)),))
    assert outcome(made, "Fund").gate == Gate("revenue", 0.0, 120_000.0)


# Listings


def listed(*later: Financing, **replaced: Any) -> Scenario:
    """10M shares are worth 12M USD on the first day, 20 % above the offer: offered at 1 USD, 1M new ones and a tenth
    of the old ones; 7 % spread, 50,000 USD of expenses, then 10,000 a month."""
    terms: dict[str, Any] = {
        "pre_money": 12e6,
        "first_day_return": 0.2,
        "secondary_share": 0.1,
        "spread": 0.07,
        "expenses": 50_000.0,
        "public_cost_per_year": 120_000.0,
    }
    holders = (
        Holder(name="Ada", shares=8_000_000, votes_per_share=10),
        Holder(name="Bo", shares=2_000_000, founder=False),
    )
    valuation = Valuation(forward_revenue_multiple=0.0, founders_discount_rate=0.1)
    return company(listing(1e6, at=3, **terms), *later, **{"holders": holders, "valuation": valuation} | replaced)


def test_listing_is_offered_below_the_market() -> None:
    """12M / 1.2 = 10M; Ada has 7.2M of 11M shares afterwards."""
    one = outcome(listed(), "Public")
    assert (one.status, one.closed, one.valuation) == ("closed", month(3), 10e6)
    assert one.founders_share == pytest.approx(7.2 / 11, abs=1e-12)


def test_listing_pays_its_fees_and_then_the_cost_of_being_public() -> None:
    """1,000,000 - 70,000 - 50,000 = 880,000, less 10,000 in the month of the listing and each one after it."""
    simulation = asked(listed()).simulation
    assert list(simulation.flows["issuance_costs"][:5, 0]) == [0, 0, 0, -12_000_000, 0]
    assert list(simulation.flows["public_company"][:, 0]) == [0] * 3 + [-1_000_000] * 9
    assert list(simulation.cash[2:5, 0]) == [0, 87_000_000, 86_000_000]
    assert simulation.cash[-1, 0] == 79_000_000


def test_founders_get_money_at_the_listing_and_at_the_horizon() -> None:
    """Ada sells 800,000 shares for 0.93 USD, and has 7.2M / 11M of the 790,000 USD that are left; 10 % a year."""
    one = asked(listed())
    sold, kept = 744_000.0, 790_000 * 7.2 / 11
    assert one.founders_proceeds == pytest.approx(sold + kept, abs=0.01)
    discounted = sold * 1.1 ** (-90 / 365) + kept / 1.1  # 1 April 2026 and 1 January 2027
    assert one.founders_present_value == pytest.approx(discounted, abs=0.01)
    assert one.exit is not None
    assert (one.exit.listed, one.exit.transaction_cost) == (True, 0.0)
    assert one.founders_sold_before == pytest.approx(sold, abs=0.01)
    assert one.exit.price == 790_000


def test_listing_keeps_votes_per_share() -> None:
    """Ada 72M votes, Bo 1.8M, the public 2M: 1M new shares, 0.8M of Ada's and 0.2M of Bo's, with a vote each."""
    one = asked(listed())
    assert float(one.founders_votes) == pytest.approx(72 / 75.8, abs=1e-12)
    assert float(one.founders_share) == pytest.approx(7.2 / 11, abs=1e-12)


def test_public_paid_for_new_and_old_shares() -> None:
    """2M USD for 2M shares, which are worth 2M / 11M of 790,000 USD at the horizon."""
    public = asked(listed()).returns[0]
    assert (public.name, public.kind) == ("Public", "listing")
    assert public.flows[0] == (month(3), -2_000_000.0)
    assert public.multiple == pytest.approx(790_000 / 11e6, abs=1e-8)


def test_follow_on_is_sold_below_the_market_price() -> None:
    """In month 6 there are 850,000 USD of cash and no revenue: less 20 %, 680,000; 340,000 more own a third."""
    made = listed(follow_on(340_000.0, at=6, discount=0.2, spread=0.05))
    one = outcome(made, "More public")
    assert (one.closed, one.valuation) == (month(6), 680_000.0)
    assert one.founders_share == pytest.approx(7.2 / 11 * 2 / 3, rel=1e-3)  # a price of 0.0618 USD has 3 digits
    assert asked(made).simulation.cash[6, 0] == 85_000_000 + 34_000_000 - 1_700_000 - 1_000_000


def test_follow_on_waits_until_the_company_is_listed() -> None:
    """Nothing is listed while the revenue gate is not met, and so nothing follows."""
    made = company(
        listing(1e6, at=2, pre_money=1e7, revenue_gate=1e6),
        follow_on(1e6, at=4),
        demand=(steady_product(),),
    )
    assert outcome(made, "Public").gate == Gate("revenue", 120_000.0, 1e6)
    assert (outcome(made, "More public").status, outcome(made, "More public").gate) == (
        "not_available",
        Gate("listing", 0.0, 0.0),
    )


# What does not fit


def refusal(*financings: Financing) -> InputError:
    """What reading a file says whose strategy has these financings."""
    written = json.loads(company().model_dump_json())
    written["strategies"][0]["financings"] = [json.loads(one.model_dump_json()) for one in financings]
    with pytest.raises(InputError) as caught:
        from_json(json.dumps(written))
    return caught.value


def test_follow_on_without_a_listing_is_refused() -> None:
    error = refusal(follow_on(1e6, at=2))
    assert (error.code, error.field) == ("contradiction", "strategies.0.financings.0.kind")
    assert error.expected == "a listing before it"


@pytest.mark.parametrize("later", [priced_round(1e6, 4e6, at=2), safe(1e5, 4e6, at=2), growth_equity(1e6, at=2)])
def test_private_money_after_a_listing_is_refused(later: Financing) -> None:
    error = refusal(listing(1e6, at=1), later)
    assert (error.code, error.field) == ("contradiction", "strategies.0.financings.1.kind")
    assert error.expected == "follow_on | grant | credits | prepayment | revenue_share | debt after a listing"


def test_second_listing_is_refused() -> None:
    error = refusal(listing(1e6, at=1), listing(1e6, at=2, name="Again"))
    assert (error.code, error.field) == ("contradiction", "strategies.0.financings.1.kind")


# Side by side


def spending(*strategies: Strategy) -> Scenario:
    """50,000 USD a month, 600,000 in the year."""
    return company(strategies=strategies, overhead_per_month=50_000.0)


ALONE = strategy("Alone")
SHORT = strategy("Short", safe(200_000.0, 4e6))
FUNDED = strategy("Funded", safe(800_000.0, 4e6))


def test_dry_strategies_are_best_at_nothing_while_another_survives() -> None:
    """Alone keeps all of its company and Short 95 % of it, but both run dry; Funded has 80 % of one that lasts."""
    rows, won = compared(spending(ALONE, SHORT, FUNDED))
    assert rows["cash_lasts_until"].values == (month(0), month(4), None)
    assert rows["founders_share"].values == pytest.approx((1.0, 0.95, 0.8))
    assert {index for row in rows.values() for index in row.best} == {2}
    assert rows["founders_share"].best == rows["cash_lasts_until"].best == (2,)
    assert rows["raised"].best == ()
    assert (won.survivors, won.longest, won.richest, won.keeper, won.second) == ((2,), 2, 2, 2, None)
    assert won.turning_multiple is None


def test_where_nobody_survives_the_one_that_lasts_longest_is_named() -> None:
    rows, won = compared(spending(ALONE, SHORT))
    assert rows["cash_lasts_until"].best == (1,)
    assert rows["founders_share"].best == (0,)
    assert (won.survivors, won.longest, won.richest, won.keeper, won.turning_multiple) == ((), 1, None, None, None)


def keep_or_sell(multiple: float) -> Scenario:
    """Keep: 72,000 USD of cash + m x 120,000. Sell: half of 1M shares goes at 1.20 USD, with 250,000 new ones for
    300,000 USD; 600,000 + 0.4 x (372,000 + m x 120,000) = 748,800 + m x 48,000. Equal at m = 676,800 / 72,000 = 9.4."""
    return company(
        strategies=(strategy("Keep"), strategy("Sell", listing(3e5, pre_money=1.2e6, secondary_share=0.5))),
        demand=(steady_product(),),
        holders=(Holder(name="Ada", shares=1_000_000),),
        valuation=Valuation(forward_revenue_multiple=multiple),
    )


@pytest.mark.parametrize(("multiple", "keep", "sell"), [(5.0, 672_000, 988_800), (20.0, 2_472_000, 1_708_800)])
def test_founders_value_of_keeping_and_of_selling(multiple: float, keep: float, sell: float) -> None:
    made = keep_or_sell(multiple)
    assert [founders_value(made, one) for one in made.strategies] == pytest.approx([keep, sell], abs=0.01)
    assert [asked(made, index).founders_present_value for index in (0, 1)] == pytest.approx([keep, sell], abs=0.01)


@pytest.mark.parametrize(("today", "richest", "away"), [(5.0, 1, 1), (20.0, 0, -1), (9.0, 1, 1), (10.0, 0, -1)])
def test_order_turns_at_the_turning_multiple(today: float, richest: int, away: int) -> None:
    """Seven halvings of the way from today's multiple to 100, or to 0, end within 1/128 of that way beyond 9.4."""
    made = keep_or_sell(today)
    _, won = compared(made)
    assert (won.richest, won.second) == (richest, 1 - richest)
    assert won.turning_multiple is not None
    step = (100 - today if away > 0 else today) / 128
    assert 0 <= away * (won.turning_multiple - 9.4) <= step
    _, there = compared(with_multiple(made, won.turning_multiple))
    _, before = compared(with_multiple(made, won.turning_multiple - away * step))
    assert (there.richest, before.richest) == (1 - richest, richest)


def test_equal_strategies_never_turn() -> None:
    made = keep_or_sell(5.0).model_copy(update={"strategies": (strategy("One"), strategy("Other"))})
    rows, won = compared(made)
    assert won.turning_multiple is None
    assert all(row.best == () for row in rows.values())


def test_other_multiple_leaves_the_rest_of_the_rule() -> None:
    made = listed()
    assert with_multiple(made, 7.0).valuation == Valuation(forward_revenue_multiple=7.0, founders_discount_rate=0.1)
    assert with_multiple(made, 7.0).strategies == made.strategies
