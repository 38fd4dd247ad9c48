"""When gated money comes, and what is said where it does not: every revenue and every average is counted by hand.

The product of `builders.product` earns, from month 5 on, 10,000, 15,000, 18,750, 21,093.75, 22,412.11, 23,112.49 and
23,473.62 USD a month; twelve times that are 120,000, 180,000, 225,000, 253,125, 268,945.32, 277,349.88, 281,683.44.
"""

import pytest

from core.plan.answer import answer
from core.plan.financing_outcomes import FinancingOutcome, Gate
from core.plan.scenario import Scenario, Valuation
from core.plan.simulate import simulate
from core.plan.strategies import Debt, Financing
from tests.plan.builders import company, debt, follow_on, growth_equity, listing, month, priced_round, product

NEVER = 12
GROWING = (product(),)
LEVEL = (product(launch=month(2), monthly_growth=0.0),)  # 10,000 a month and 4,000 to serve them, from month 2 on


def closed(*financings: Financing, **fields: object) -> list[int]:
    """The months in which the financings close, NEVER for never."""
    made = company(*financings, **fields)
    return [int(at) for at in simulate(made, made.strategies[0], {}).closed[:, 0]]


def outcome(made: Scenario, index: int = -1) -> FinancingOutcome:
    """What becomes of one financing, the last one if nothing else is said."""
    return answer(made, made.strategies[0]).financings[index]


@pytest.mark.parametrize(
    ("gate", "planned", "closes"),
    [
        (0.0, 3, 3),
        (120_000.0, 0, 6),
        (225_000.0, 0, 8),  # month 7 earned 18,750
        (225_000.01, 0, 9),
        (225_000.0, 10, 10),
        (277_349.88, 0, 11),
        (277_349.89, 0, NEVER),
    ],
)
def test_growth_equity_closes_in_the_month_after_the_one_that_reaches_its_gate(
    gate: float, planned: int, closes: int
) -> None:
    fund = growth_equity(1e6, planned, pre_money=9e6, revenue_gate=gate)
    assert closed(fund, demand=GROWING) == [closes]


def test_money_that_waits_for_its_gate_pays_nothing_before() -> None:
    made = company(growth_equity(1e6, 0, pre_money=9e6, revenue_gate=225_000.0), demand=GROWING)
    simulation = simulate(made, made.strategies[0], {})
    assert (simulation.flows["financing"][:, 0] / 100).tolist() == [0] * 8 + [1_000_000] + [0] * 3
    assert outcome(made).closed == month(8)


@pytest.mark.parametrize(("by_rule", "pre_money"), [(True, None), (False, 9e6)])
def test_gate_never_reached_names_the_best_figure_and_the_one_it_takes(by_rule: bool, pre_money: float | None) -> None:
    """In month 11, the last, investors see the 23,112.49 of month 10: 277,349.88 a year."""
    rule = Valuation(forward_revenue_multiple=10.0)
    fund = growth_equity(1e6, 4, pre_money=pre_money, revenue_gate=1e6)
    made = outcome(company(fund, demand=GROWING, valuation=rule))
    assert (made.status, made.closed, made.founders_share) == ("not_available", None, None)
    assert made.gate is not None
    assert (made.gate.kind, made.gate.needed) == ("revenue", 1e6)
    assert made.gate.reached == pytest.approx(277_349.88, abs=0.005)


def test_revenue_of_the_last_month_comes_too_late_for_a_gate() -> None:
    """281,683.44 a year are first seen in month 12, which the plan does not have."""
    made = outcome(company(growth_equity(1e6, 4, pre_money=9e6, revenue_gate=280_000.0), demand=GROWING))
    assert made.status == "not_available"
    assert made.gate is not None
    assert (made.gate.kind, made.gate.needed) == ("revenue", 280_000.0)
    assert made.gate.reached == pytest.approx(277_349.88, abs=0.005)


def test_gate_of_a_company_that_runs_dry_first() -> None:
    """100,000 less 20,000 a month and gross profits of 6,000 and 9,000: 0 after month 4, -14,000 at the end of month 5,
    whose revenue nobody invests in any more. A round of month 8 finds no company at all."""
    burning = {"opening_cash": 100_000.0, "overhead_per_month": 20_000.0, "demand": GROWING}
    made = company(growth_equity(1e6, 2, pre_money=9e6, revenue_gate=1e5), priced_round(1e6, 4e6, 8), **burning)
    assert (outcome(made, 0).status, outcome(made, 0).gate) == ("not_available", Gate("revenue", 0.0, 100_000.0))
    assert (outcome(made, 1).status, outcome(made, 1).gate) == ("dry", None)


def test_financing_after_the_horizon_is_neither_dry_nor_refused() -> None:
    made = outcome(company(growth_equity(1e6, 14, pre_money=9e6, revenue_gate=1e6)))
    assert (made.status, made.gate) == ("past_horizon", None)


def test_without_a_value_there_is_nothing_to_sell_by_the_rule() -> None:
    """No revenue, no cash: 0 USD."""
    made = outcome(company(growth_equity(1e6, 2), valuation=Valuation(forward_revenue_multiple=10.0)))
    assert (made.status, made.gate) == ("not_available", Gate("value", 0.0, 0.0))


def loan(gate: float, at: int = 0) -> Debt:
    """120,000 USD without interest: twelve instalments of 10,000 from the month after on."""
    return debt(120_000.0, at, interest_rate=0.0, interest_only_months=0, amortization_months=12, coverage_gate=gate)


@pytest.mark.parametrize(
    ("gate", "planned", "closes"),
    [
        (0.1, 0, 3),  # (-1,000 - 1,000 + 5,000) / 3 / 10,000
        (0.3, 0, 4),  # (-1,000 + 5,000 + 5,000) / 3 / 10,000
        (0.31, 0, 5),
        (0.5, 0, 5),  # 5,000 / 10,000
        (0.5, 7, 7),
        (0.0, 1, 1),  # no gate, whatever the cash flow
        (0.51, 0, NEVER),
    ],
)
def test_loan_comes_when_the_cash_flow_of_three_months_covers_its_service(
    gate: float, planned: int, closes: int
) -> None:
    """Recurring: -1,000 of overhead in months 0 and 1, then 10,000 - 4,000 - 1,000 = 5,000; training does not count."""
    plan = {"demand": LEVEL, "overhead_per_month": 1_000.0, "opening_cash": 50_000.0}
    assert closed(loan(gate, planned), **plan) == [closes]


def test_first_months_are_averaged_over_what_there_is() -> None:
    """From month 0 on 6,000 a month: seen in month 1 already; in month 0 there is nothing to see."""
    sold = (product(launch=month(0), monthly_growth=0.0),)
    assert closed(loan(0.6), demand=sold) == [1]


@pytest.mark.parametrize("planned", [0, 6, 9, 11])
def test_coverage_never_reached(planned: int) -> None:
    """5,000 of cash flow for 10,000 of service, whenever it is asked for."""
    plan = {"demand": LEVEL, "overhead_per_month": 1_000.0, "opening_cash": 50_000.0}
    made = outcome(company(loan(1.25, planned), **plan))
    assert made.status == "not_available"
    assert made.gate is not None
    assert (made.gate.kind, made.gate.needed) == ("coverage", 1.25)
    assert made.gate.reached == pytest.approx(0.5, rel=1e-12)


def test_coverage_that_only_the_months_after_the_last_decision_would_reach() -> None:
    """Nothing earned before month 10, then 6,000: in month 11 the average of three months is 2,000, 0.2 of 10,000."""
    late = (product(launch=month(10), monthly_growth=0.0),)
    made = outcome(company(loan(0.3, 8), demand=late))
    assert made.status == "not_available"
    assert made.gate is not None
    assert made.gate.reached == pytest.approx(0.2, rel=1e-12)


def test_plan_of_two_months() -> None:
    """6,000 in month 0 for 10,000 of service; of a horizon of two months only month 1 has anything to see."""
    sold = (product(launch=month(0), monthly_growth=0.0),)
    made = outcome(company(loan(0.7), demand=sold, horizon_months=2))
    assert made.gate is not None
    assert made.gate.reached == pytest.approx(0.6, rel=1e-12)


def test_interest_counts_as_service() -> None:
    """$5M at 12 % in 24 instalments of 235,367 USD (any annuity table); cash flow of 240,000 covers 1.0197 of it."""
    sold = (product(launch=month(0), monthly_growth=0.0, million_tokens_first_month=40_000.0),)
    for gate, closes in ((1.019, 1), (1.02, NEVER)):
        venture = debt(5e6, interest_only_months=12, amortization_months=24, coverage_gate=gate)
        assert closed(venture, demand=sold) == [closes]


def test_follow_on_waits_for_the_month_after_the_listing() -> None:
    rule = Valuation(forward_revenue_multiple=50.0)
    public = (listing(1e6, 0, revenue_gate=180_000.0), follow_on(1e5, 0))
    assert closed(*public, demand=GROWING, valuation=rule) == [7, 8]


def test_follow_on_without_a_listing_is_not_available() -> None:
    rule = Valuation(forward_revenue_multiple=50.0)
    made = company(listing(1e6, 0, revenue_gate=1e9), follow_on(1e5, 3), demand=GROWING, valuation=rule)
    assert outcome(made, 0).gate is not None
    assert (outcome(made, 1).status, outcome(made, 1).gate) == ("not_available", Gate("listing", 0.0, 0.0))


def test_growth_equity_that_still_waits_when_the_company_lists_does_not_come() -> None:
    """Its gate is reached in month 8, three months after the listing."""
    plan = (growth_equity(1e6, 0, pre_money=9e6, revenue_gate=225_000.0), listing(1e6, 5, pre_money=2e7))
    assert closed(*plan, demand=GROWING) == [NEVER, 5]
    made = outcome(company(*plan, demand=GROWING), 0)
    assert (made.status, made.gate) == ("not_available", Gate("revenue", 0.0, 225_000.0))  # no revenue by month 4
