"""Loans inside a plan: what is paid each month, what is left at the horizon, and what the lender sees of it."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.capital.debt import payments
from core.plan.answer import answer
from core.plan.scenario import Scenario
from core.plan.simulate import simulate
from tests.plan.builders import company, debt, month

TERMS = st.fixed_dictionaries(
    {
        "interest_rate": st.one_of(st.just(0.0), st.floats(0.001, 0.4)),
        "interest_only_months": st.integers(0, 12),
        "amortization_months": st.integers(1, 24),
        "upfront_fee_share": st.sampled_from([0.0, 0.015]),
        "end_of_term_fee_share": st.sampled_from([0.0, 0.04]),
    }
)


def owed_after(cents: int, terms: dict[str, Any], months: int) -> int:
    """What a plain loop in Python leaves of a loan after so many months."""
    monthly, amortization = terms["interest_rate"] / 12, terms["amortization_months"]
    instalment = round(cents * monthly / (1 - (1 + monthly) ** -amortization) if monthly else cents / amortization)
    owed = cents
    for age in range(1, months + 1):
        if age == terms["interest_only_months"] + amortization:
            owed = 0
        elif age > terms["interest_only_months"]:
            owed -= min(max(instalment - round(owed * monthly), 0), owed)
    return owed


@given(st.integers(100_000, 10**9), TERMS, st.integers(0, 10), st.sampled_from([12, 24, 40]))
@settings(max_examples=60)
def test_company_that_survives_pays_its_schedule_to_the_cent(
    cents: int, terms: dict[str, Any], at: int, horizon: int
) -> None:
    made = company(debt(cents / 100, at, **terms), opening_cash=1e9, horizon_months=horizon)
    simulation = simulate(made, made.strategies[0], {})
    end_fee = round(cents / 100 * terms["end_of_term_fee_share"] * 100)
    names = ("interest_rate", "interest_only_months", "amortization_months")
    schedule = payments(cents, *(terms[name] for name in names), end_fee)
    due = [0] * (at + 1) + [one.interest + one.principal + one.fee for one in schedule] + [0] * horizon
    assert (-simulation.flows["debt_service"][:, 0]).tolist() == due[:horizon]
    assert simulation.debt.tolist() == [owed_after(cents, terms, horizon - 1 - at)]
    lender = answer(made, made.strategies[0]).returns[0]
    back = sum(due[:horizon]) + int(simulation.debt[0])
    assert sum(usd for _, usd in lender.flows) * 100 == pytest.approx(
        back - cents * (1 - terms["upfront_fee_share"]),
        abs=0.51,  # the upfront fee is rounded to a cent
    )


def broke(overhead: float) -> Scenario:
    """1M in month 0 without interest, all of it due after the horizon, and months that eat it up."""
    loan = debt(1e6, interest_rate=0.0, interest_only_months=60, amortization_months=1)
    return company(loan, overhead_per_month=overhead)


def test_lender_comes_before_the_founders() -> None:
    """12 × 70,000 leave 160,000 of a loan of 1M: nothing for the founders, 840,000 unpaid."""
    made = answer(broke(70_000.0), broke(70_000.0).strategies[0])
    assert made.exit is not None
    assert (made.founders_proceeds, made.exit.payout.shortfall) == (0, 840_000)


def test_lender_gets_no_more_than_there_is() -> None:
    """160,000 of 1M after a year of 365 days: 0.16 of the money, -84 % a year."""
    lender, total = answer(broke(70_000.0), broke(70_000.0).strategies[0]).returns
    assert lender.flows[-1] == (month(12), 160_000.0)
    assert lender.multiple == pytest.approx(0.16)
    assert total.rate == pytest.approx(-0.84, abs=1e-9)
