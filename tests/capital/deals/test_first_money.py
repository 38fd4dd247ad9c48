"""Grants, credits and customers who pay ahead: public examples and hand arithmetic."""

from collections.abc import Callable
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.capital.deals.first_money import (
    CloudCredits,
    CustomerPrepayment,
    Grant,
    Milestone,
    cloud_credits_outcome,
    credit_programmes,
    customer_prepayment_outcome,
    grant_outcome,
)
from core.errors import InputError


def test_seventy_percent_of_a_million() -> None:
    """seglerconsulting.com/tag/grant-amount: of costs of 1m at most 700k are granted, 300k are the applicant's."""
    found = grant_outcome(Grant(Fraction(10**6), Fraction("0.7"), 24, maximum_amount=Fraction(2_500_000)))
    assert (found.grant, found.own_contribution, found.covered_share) == (700_000, 300_000, Fraction("0.7"))


def test_overhead_at_a_flat_rate() -> None:
    """innovationisrael.org.il, EIC Accelerator: 70 % and 25 % overhead are 87.5 % of direct cost."""
    assert grant_outcome(Grant(Fraction(1), Fraction("0.7"), 1, overhead_share=Fraction("0.25"))).grant == Fraction(
        "0.875"
    )


def test_the_maximum_binds() -> None:
    """Half of 30m of compute would be 15m; Shenzhen's training vouchers end at 10m."""
    found = grant_outcome(Grant(Fraction(30 * 10**6), Fraction("0.5"), 12, maximum_amount=Fraction(10**7)))
    assert (found.grant, found.own_contribution) == (10**7, 2 * 10**7)


def test_milestones_and_what_has_to_be_bridged() -> None:
    """Costs of 100 a month for four months, a grant of 200: half at the start, half after month 4, taxed at 10 %.

    Balances: 90, -10, -110, -210, then -310 before the second half makes it -220.
    """
    milestones = (Milestone(0, Fraction(1, 2)), Milestone(4, Fraction(1, 2)))
    found = grant_outcome(
        Grant(Fraction(200), Fraction(1), 4, other_cost=Fraction(200), milestones=milestones, tax_rate=Fraction("0.1"))
    )
    assert [row.balance for row in found.schedule] == [90, -10, -110, -210, -220]
    assert (found.largest_gap, found.own_contribution, found.tax) == (310, 220, 20)


def test_credits_at_a_level_spend() -> None:
    """cloudroutehq.com, AWS credits for AI and ML startups: 100,000 last a startup at 5,000 a month 20 months."""
    found = cloud_credits_outcome(CloudCredits(Fraction(100_000), 24, Fraction(5_000)))
    assert (found.months_until_used, found.expired, found.cash_equivalent) == (20, 0, 100_000)


def test_credits_that_expire() -> None:
    """10, 20, 40 of spend, half of it covered: 35 of 100 are used in three months; elsewhere it costs 20 % less."""
    found = cloud_credits_outcome(
        CloudCredits(
            Fraction(100), 3, Fraction(10), Fraction(1), covered_share=Fraction(1, 2), market_discount=Fraction("0.2")
        )
    )
    assert [(row.from_credits, row.from_cash) for row in found.schedule] == [(5, 5), (10, 10), (20, 20)]
    assert (found.used, found.expired, found.months_until_used, found.cash_equivalent) == (35, 65, None, 28)


def test_listed_spend_ends_with_its_list() -> None:
    found = cloud_credits_outcome(CloudCredits(Fraction(100), 4, monthly_spend=(Fraction(30), Fraction(90))))
    assert [row.left for row in found.schedule] == [70, 0, 0, 0]
    assert (found.months_until_used, found.schedule[1].from_cash) == (2, 20)


@given(
    st.integers(1, 10**6),
    st.lists(st.integers(0, 10**6), min_size=1, max_size=12),
    st.integers(1, 24),
    st.fractions(Fraction(1, 10), 1, max_denominator=10),
)
def test_credits_are_used_or_expire(amount: int, spend: list[int], months: int, covered: Fraction) -> None:
    spends = tuple(Fraction(one) for one in spend)
    found = cloud_credits_outcome(CloudCredits(Fraction(amount), months, monthly_spend=spends, covered_share=covered))
    assert found.used + found.expired == amount
    assert all(row.from_credits + row.from_cash == row.spend for row in found.schedule)
    assert sum(row.from_credits for row in found.schedule) == found.used


def test_three_years_at_the_first_price_lend_at_the_increase() -> None:
    """kellblog.com, Multi-year, prepaid deals: 300 now in place of 100, 110, 121 is "a 10% return".

    The customer lends 200 and is spared 110 and 121: 110 / 1.1 + 121 / 1.21 = 200.
    """
    found = customer_prepayment_outcome(
        CustomerPrepayment(Fraction(100), 36, billing_months=12, yearly_increase_rate=Fraction("0.1"))
    )
    assert (found.paid, found.list_total, found.given_up) == (300, 331, 31)
    assert found.effective_cost == pytest.approx(0.10, rel=1e-12)


def test_a_discount_on_four_years() -> None:
    """calcsimpler.com, SaaS multi-year prepay payback analyzer: $240,000 a year less 12 % is $844,800, $115,200 less.

    Its second example (8 % off three years of $80,000) gives up $19,200 but prints $221,760, which is 960 too much.
    """
    for price, discount, years, paid, given_up in ((240_000, 12, 4, 844_800, 115_200), (80_000, 8, 3, 220_800, 19_200)):
        terms = CustomerPrepayment(Fraction(price), 12 * years, Fraction(discount, 100), billing_months=12)
        found = customer_prepayment_outcome(terms)
        assert (found.paid, found.given_up) == (paid, given_up)


def test_a_year_paid_ahead_is_earned_month_by_month() -> None:
    """metrickittools.com, Annual prepay: 12,000 for twelve months is 1,000 of revenue a month."""
    found = customer_prepayment_outcome(CustomerPrepayment(Fraction(1_000), 12))
    assert found.monthly_revenue == 1_000
    assert [row.deferred for row in found.schedule] == [12_000 - 1_000 * month for month in range(13)]
    assert found.effective_cost == pytest.approx(0, abs=1e-12)


def test_two_payments_at_the_end_of_each_half_year() -> None:
    """190 now for 100 after 6 and 12 months: 190 = 100 v + 100 v^2, so 1/v = 20 / (sqrt(860) - 10) a half-year."""
    terms = CustomerPrepayment(Fraction(100), 12, Fraction("0.05"), billing_months=6, billed_in_advance=False)
    found = customer_prepayment_outcome(terms)
    half_year = 20 / (860**0.5 - 10)
    assert found.effective_cost == pytest.approx(half_year**2 - 1, rel=1e-9)
    assert found.nominal_cost == pytest.approx(2 * (half_year - 1), rel=1e-9)


def test_one_payment_in_advance_lends_nothing() -> None:
    assert customer_prepayment_outcome(CustomerPrepayment(Fraction(100), 1)).effective_cost is None


@given(st.integers(1, 10**6), st.integers(2, 48), st.fractions(Fraction(1, 50), Fraction(1, 3), max_denominator=50))
def test_deferred_revenue_ends_at_zero_and_a_discount_costs(price: int, months: int, discount: Fraction) -> None:
    found = customer_prepayment_outcome(CustomerPrepayment(Fraction(price), months, discount, billed_in_advance=False))
    assert found.schedule[-1].deferred == 0
    assert sum(row.revenue for row in found.schedule) == found.paid
    assert found.effective_cost is not None
    assert found.effective_cost > 0


BAD: list[tuple[str, str, Callable[[], object]]] = [
    ("out_of_range", "Grant.funded_share", lambda: Grant(Fraction(1), Fraction(2), 1)),
    (
        "contradiction",
        "Grant.milestones",
        lambda: Grant(Fraction(1), Fraction(1), 1, milestones=(Milestone(1, Fraction(1, 2)),)),
    ),
    ("out_of_range", "Grant.months", lambda: Grant(Fraction(1), Fraction(1), 0)),
    ("contradiction", "CloudCredits.first_month_spend", lambda: CloudCredits(Fraction(1), 1)),
    ("out_of_range", "CloudCredits.months_to_expiry", lambda: CloudCredits(Fraction(1), 601, Fraction(1))),
    ("contradiction", "CustomerPrepayment.months", lambda: CustomerPrepayment(Fraction(1), 13, billing_months=12)),
    ("out_of_range", "CustomerPrepayment.discount", lambda: CustomerPrepayment(Fraction(1), 1, Fraction(1))),
]


@pytest.mark.parametrize(("code", "field", "made"), BAD, ids=[field for _, field, _ in BAD])
def test_bad_terms(code: str, field: str, made: Callable[[], object]) -> None:
    with pytest.raises(InputError) as caught:
        made()
    assert (caught.value.code, caught.value.field) == (code, field)


def test_programmes_are_read_from_their_table() -> None:
    names = {row.programme: row for row in credit_programmes()}
    assert names["AWS Activate Portfolio"].amount == 200_000
    assert names["EIC Accelerator grant"].funded_share == 0.7
