"""Revenue shares: public examples, and what holds for all of them."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.capital.deals.revenue_share import RevenueShare, revenue_share_outcome
from core.errors import InputError

FIFTH = RevenueShare(Fraction(100), Fraction("0.1"), Fraction("1.2"), Fraction(400))


def numbers(*amounts: int) -> tuple[Fraction, ...]:
    return tuple(Fraction(amount) for amount in amounts)


def test_level_revenue() -> None:
    """finhelp.io, Revenue-based financing: $500,000 at 1.6x and 5 % of $100,000 takes 160 months.

    smartbusinessfunder.com, The real cost of revenue-based financing: $100,000 at 1.2x and 6 % of $50,000 takes 40.
    """
    for advance, share, cap, revenue, months in ((500_000, 5, 16, 100_000, 160), (100_000, 6, 12, 50_000, 40)):
        terms = RevenueShare(Fraction(advance), Fraction(share, 100), Fraction(cap, 10), Fraction(revenue))
        found = revenue_share_outcome(terms)
        assert found.months_to_repay == months
        assert found.total_paid == found.to_repay == Fraction(advance * cap, 10)


def test_forty_payments_of_3000_for_100000() -> None:
    """At 11.0504 % nominal they are worth 100,000, by the sum below; the source's "~9.5%" does not discount."""
    terms = RevenueShare(Fraction(100_000), Fraction("0.06"), Fraction("1.2"), Fraction(50_000))
    found = revenue_share_outcome(terms)
    assert found.nominal_cost == pytest.approx(0.110504, abs=1e-6)
    monthly = 1 + found.nominal_cost / 12  # type: ignore[operator]
    assert sum(3_000 * monthly**-month for month in range(1, 41)) == pytest.approx(100_000, rel=1e-9)
    assert found.effective_cost == pytest.approx(monthly**12 - 1, rel=1e-12)


def test_three_months_of_a_listed_revenue() -> None:
    """test.crossval.com, How revenue based financing works: $200,000 at 1.5x and 6 % leaves 282,000."""
    found = revenue_share_outcome(
        RevenueShare(
            Fraction(200_000), Fraction("0.06"), Fraction("1.5"), monthly_revenue=numbers(80_000, 120_000, 100_000)
        )
    )
    assert [(row.payment, row.left) for row in found.schedule] == [
        (4_800, 295_200),
        (7_200, 288_000),
        (6_000, 282_000),
    ]
    assert (found.months_to_repay, found.unpaid, found.effective_cost) == (None, 282_000, None)


def test_the_last_payment_is_what_is_left() -> None:
    """40 a month of 120, but 50 at least: 50, 50, 20."""
    found = revenue_share_outcome(replace(FIFTH, minimum_payment=Fraction(50)))
    assert [row.payment for row in found.schedule] == [50, 50, 20]


def test_months_of_grace_and_the_end() -> None:
    """Nothing in month 1, 40 in month 2; in month 3 the other 80 are due, or 40 are paid and 40 forgiven."""
    due = revenue_share_outcome(replace(FIFTH, grace_months=1, maximum_months=3))
    assert [row.payment for row in due.schedule] == [0, 40, 80]
    forgiven = revenue_share_outcome(replace(FIFTH, grace_months=1, maximum_months=3, unpaid_at_maximum="forgiven"))
    assert [row.payment for row in forgiven.schedule] == [0, 40, 40]
    assert (forgiven.months_to_repay, forgiven.unpaid, forgiven.paid_multiple) == (None, 40, Fraction("0.8"))
    assert forgiven.effective_cost is not None
    assert forgiven.effective_cost < 0


def test_fees_are_taken_off_the_advance() -> None:
    """100 less 2 % and 8 brings 90; one payment of 120 a month later costs a third a month."""
    found = revenue_share_outcome(
        replace(FIFTH, revenue_share=Fraction(1), upfront_fee_share=Fraction("0.02"), upfront_fee=Fraction(8))
    )
    assert found.net_proceeds == 90
    assert found.nominal_cost == pytest.approx(4, rel=1e-12)


def test_revenue_that_shrinks_may_never_repay() -> None:
    """10 a month that halves each month comes to less than 20 of 120."""
    found = revenue_share_outcome(
        replace(FIFTH, first_month_revenue=Fraction(100), monthly_growth_rate=Fraction(-1, 2))
    )
    assert (found.months_to_repay, found.effective_cost, len(found.schedule)) == (None, None, 600)
    assert 99 < found.unpaid - 1 < 100


@given(
    st.fractions(Fraction(1, 100), Fraction(1, 2), max_denominator=100),
    st.fractions(Fraction(11, 10), 3, max_denominator=10),
    st.fractions(0, Fraction(1, 10), max_denominator=50),
    st.fractions(Fraction(1, 50), Fraction(1, 5), max_denominator=50),
)
def test_faster_growth_costs_more_a_year(share: Fraction, cap: Fraction, growth: Fraction, more: Fraction) -> None:
    """The same sum is repaid, earlier or at the same time."""
    terms = RevenueShare(
        Fraction(1_000), share, cap, Fraction(1_000), growth, compared_growth_rate=(growth, growth + more)
    )
    found = revenue_share_outcome(terms)
    slow, fast = found.growth_compared
    assert found.schedule[-1].left == 0
    assert sum(row.payment for row in found.schedule) == found.to_repay == slow.total_paid == fast.total_paid
    assert (slow.months_to_repay, slow.effective_cost) == (found.months_to_repay, found.effective_cost)
    assert fast.months_to_repay is not None
    assert slow.months_to_repay is not None
    assert fast.effective_cost is not None
    assert slow.effective_cost is not None
    assert fast.months_to_repay <= slow.months_to_repay
    assert fast.effective_cost >= slow.effective_cost * (1 - 1e-9)


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"cap_multiple": Fraction(9, 10)}, "out_of_range", "RevenueShare.cap_multiple"),
        ({"monthly_revenue": numbers(1)}, "contradiction", "RevenueShare.first_month_revenue"),
        ({"maximum_months": 1, "grace_months": 1}, "out_of_range", "RevenueShare.maximum_months"),
        ({"upfront_fee": Fraction(100)}, "out_of_range", "RevenueShare.upfront_fee"),
        ({"revenue_share": 0.1}, "wrong_type", "RevenueShare.revenue_share"),
        (
            {"first_month_revenue": None, "monthly_revenue": numbers(1), "compared_growth_rate": numbers(0)},
            "contradiction",
            "RevenueShare.monthly_growth_rate",
        ),
    ],
)
def test_bad_terms(changes: dict[str, Any], code: str, field: str) -> None:
    with pytest.raises(InputError) as caught:
        replace(FIFTH, **changes)
    assert (caught.value.code, caught.value.field) == (code, field)
