"""Debt now or equity now: shares counted in cap tables by hand, and the break-even at which both ways are the same."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core.capital.deals.debt_or_equity import DebtOrEquity, StepUp, break_even_pre_money, debt_or_equity_outcome
from core.errors import InputError

MILLION = 1_000_000
# 5M at a pre-money of 20M sells a fifth; 15.6 % a year is owed on the debt.
CHOICE = DebtOrEquity(
    amount=Fraction(5 * MILLION),
    pre_money=Fraction(20 * MILLION),
    months_to_later_round=12,
    later_pre_money="debt_taken_off",
    effective_cost_rate=Fraction("0.156"),
)


def test_without_warrants_the_value_has_to_outgrow_the_debt() -> None:
    """From the post-money of 25M by the same 1.156: 28.9M. A headline that ignores the debt needs 23.12M (L = 0)."""
    found = debt_or_equity_outcome(CHOICE)
    assert (found.owed_at_later_round, found.sold_now) == (5_780_000, Fraction(1, 5))
    assert found.break_even_pre_money == 28_900_000
    assert found.break_even_step_up_on_post_money == found.repayment_multiple == Fraction("1.156")
    ignored = debt_or_equity_outcome(replace(CHOICE, later_pre_money="ignores_debt"))
    assert ignored.break_even_step_up == Fraction("1.156")


def test_both_ways_in_shares() -> None:
    """100 shares; a later round of 10M at 40M, debt of 5.78M, the pre-money as if there were none.

    Equity: 25 new shares now, then 10M at 40M/125 a share is 31.25: 100 of 156.25 = 64 %. Debt: 15.78M at 0.4M a
    share is 39.45 new: 100 of 139.45. With the debt taken off, a share costs 0.3422M and 46.11 are new.
    """
    deal = replace(CHOICE, later_money=Fraction(10 * MILLION), later_pre_money="ignores_debt")
    later = Fraction(40 * MILLION)
    assert deal.founders_with_equity(later) == Fraction("0.64")
    assert deal.founders_with_debt(later) == Fraction(100) / Fraction("139.45")
    taken_off = replace(deal, later_pre_money="debt_taken_off")
    new = Fraction("15.78") / Fraction("0.3422")
    assert taken_off.founders_with_debt(later) == 100 / (100 + new)


def test_warrants_raise_the_bar() -> None:
    """10 % of 5M at today's price is 0.5M of 20M: 2.5 warrants per 100 shares. X = 5.78 x 25 / (5 - 20 x 0.025)."""
    deal = replace(CHOICE, warrant_unit="share_of_loan", warrant_coverage_share=Fraction("0.1"))
    found = debt_or_equity_outcome(deal)
    assert deal.warrants_per_share == Fraction("0.025")
    assert found.break_even_pre_money == Fraction("5.78") * 25 / Fraction("4.5") * MILLION
    of_company = replace(CHOICE, warrant_unit="share_of_fully_diluted", warrant_coverage_share=Fraction("0.025"))
    assert debt_or_equity_outcome(of_company).break_even_pre_money == found.break_even_pre_money


def test_warrants_that_take_as_much_as_the_round_are_never_made_up_for() -> None:
    deal = replace(CHOICE, warrant_unit="share_of_fully_diluted", warrant_coverage_share=Fraction("0.25"))
    found = debt_or_equity_outcome(replace(deal, step_ups=(StepUp(Fraction(1_000)),)))
    assert found.break_even_step_up is None
    assert found.cases[0].debt_keeps_more < 0


def test_a_large_later_round_can_make_debt_better_at_every_price() -> None:
    """Ignoring the debt, X = V D / A - L without warrants: 23.12M less 30M is below zero."""
    deal = replace(CHOICE, later_pre_money="ignores_debt", later_money=Fraction(30 * MILLION))
    assert break_even_pre_money(deal) == 0
    assert deal.founders_with_debt(Fraction(1)) > deal.founders_with_equity(Fraction(1))


def test_probabilities() -> None:
    """Step-ups of 1 and 2: 20M and 40M. Debt keeps (20 - 5.78)/20 and (40 - 5.78)/40 of what equity keeps 0.8 of.

    Its gains are -0.089 and 0.0555, which even out at p = 0.089 / 0.1445.
    """
    cases = (StepUp(Fraction(1), Fraction("0.4")), StepUp(Fraction(2), Fraction("0.6")))
    found = debt_or_equity_outcome(replace(CHOICE, step_ups=cases))
    assert [case.debt_keeps_more for case in found.cases] == [Fraction("-0.089"), Fraction("0.0555")]
    assert found.expected_founders_with_equity == Fraction("0.8")
    assert found.expected_founders_with_debt == Fraction("0.8") + Fraction("0.6") * Fraction("0.0555") - Fraction(
        "0.0356"
    )
    assert found.break_even_probability == Fraction("0.089") / Fraction("0.1445")


def test_a_value_below_the_debt_leaves_founders_nothing() -> None:
    assert CHOICE.founders_with_debt(Fraction(5 * MILLION)) == 0


AMOUNTS = st.integers(1, 10**6).map(Fraction)


@given(
    st.builds(
        DebtOrEquity,
        amount=AMOUNTS,
        pre_money=AMOUNTS,
        months_to_later_round=st.integers(1, 40),
        later_pre_money=st.sampled_from(["ignores_debt", "debt_taken_off"]),
        effective_cost_rate=st.fractions(0, 1, max_denominator=100),
        later_money=AMOUNTS,
        founders_share=st.fractions(Fraction(1, 10), 1, max_denominator=10),
        warrant_unit=st.sampled_from(["share_of_loan", "share_of_fully_diluted"]),
        warrant_coverage_share=st.fractions(Fraction(1, 100), Fraction(1, 2), max_denominator=100),
    )
)
def test_at_the_break_even_founders_own_the_same_and_above_it_debt_leaves_more(deal: DebtOrEquity) -> None:
    even = break_even_pre_money(deal)
    assume(even is not None and even > 0)
    assert even is not None
    assert deal.founders_with_debt(even) == deal.founders_with_equity(even)
    assert deal.founders_with_debt(even * 2) > deal.founders_with_equity(even * 2)
    assert deal.founders_with_debt(even / 2) < deal.founders_with_equity(even / 2)


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"repaid": Fraction(1)}, "contradiction", "DebtOrEquity.effective_cost_rate"),
        ({"effective_cost_rate": None}, "contradiction", "DebtOrEquity.effective_cost_rate"),
        ({"warrant_coverage_share": Fraction("0.1")}, "contradiction", "DebtOrEquity.warrant_unit"),
        ({"later_pre_money": "headline"}, "unknown_name", "DebtOrEquity.later_pre_money"),
        ({"step_ups": (StepUp(Fraction(1), Fraction("0.4")),)}, "contradiction", "DebtOrEquity.step_ups"),
        ({"pre_money": 0}, "out_of_range", "DebtOrEquity.pre_money"),
    ],
)
def test_bad_terms(changes: dict[str, Any], code: str, field: str) -> None:
    with pytest.raises(InputError) as caught:
        replace(CHOICE, **changes)
    assert (caught.value.code, caught.value.field) == (code, field)
