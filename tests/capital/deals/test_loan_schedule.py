"""Schedules of loans by hand, and what holds for every schedule: it repays the amount and earns the rate it charges."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.capital.deals.loan_schedule import Draw, Repayment, lender_flows, loan_schedule, repaid_early, yearly_cost
from core.capital.debt import Payment, payments

RATES = st.fractions(0, 1, max_denominator=400)
KINDS = st.sampled_from(["level_payment", "level_principal"])
CENT = Fraction(1, 100)


def test_two_months_by_hand() -> None:
    """100 at 12 %: the payment is 100 x 0.01 / (1 - 1.01^-2) = 100 x 1.0201 / 2.01."""
    terms = Repayment(Fraction(12, 100), 0, 2)
    first, second = loan_schedule([Draw(0, Fraction(100))], terms, {})[1:]
    assert terms.level_payment(Fraction(100)) == Fraction(10201, 201)
    assert (first.interest, first.principal) == (1, Fraction(10000, 201))
    assert (second.interest, second.owed) == (Fraction(101, 201), 0)
    assert first.paid == second.paid == Fraction(10201, 201)


def test_the_same_two_months_in_whole_cents_are_those_of_the_plan() -> None:
    """Payments of 50.75 and 50.75: 1.00 + 49.75, then 0.50 + 50.25; core.capital.debt rounds the same way."""
    rows = loan_schedule([Draw(0, Fraction(100))], Repayment(Fraction(12, 100), 0, 2, payment_step=CENT), {})
    cents = [Payment(*(int(100 * part) for part in (row.interest, row.principal, row.fee, row.owed))) for row in rows]
    assert tuple(cents[1:]) == payments(10_000, 0.12, 0, 2, 0)


def test_a_loan_in_cents_repays_what_the_plan_books() -> None:
    terms = Repayment(Fraction(12, 100), 12, 24, payment_step=CENT)
    rows = loan_schedule([Draw(0, Fraction(5_000_000))], terms, {36: Fraction(250_000)})
    booked = payments(500_000_000, 0.12, 12, 24, end_fee=25_000_000)
    assert [(row.interest, row.principal, row.fee) for row in rows[1:]] == [
        (one.interest * CENT, one.principal * CENT, one.fee * CENT) for one in booked
    ]


def test_level_principal_and_a_balloon() -> None:
    """120 of which a quarter stays to the end: 30 a month for three months, and 30 more in the last one."""
    terms = Repayment(Fraction(12, 100), 1, 3, "level_principal", Fraction(1, 4))
    rows = loan_schedule([Draw(0, Fraction(120))], terms, {})
    assert [row.principal for row in rows] == [0, 0, 30, 30, 60]
    assert [row.interest for row in rows] == [0, Fraction(12, 10), Fraction(12, 10), Fraction(9, 10), Fraction(6, 10)]


def test_a_level_payment_leaves_the_balloon() -> None:
    """The last month pays the level payment and the balloon, to the last digit."""
    terms = Repayment(Fraction(9, 100), 2, 10, "level_payment", Fraction(1, 5))
    rows = loan_schedule([Draw(0, Fraction(1_000))], terms, {})
    assert rows[-1].paid == terms.level_payment(Fraction(1_000)) + 200  # type: ignore[operator]


def test_repaid_early_pays_the_rest_and_its_fee() -> None:
    rows = loan_schedule([Draw(0, Fraction(120))], Repayment(Fraction(0), 0, 12), {})
    early = repaid_early(rows, 3, Fraction(2, 100))
    assert len(early) == 4
    assert (early[-1].principal, early[-1].fee, early[-1].owed) == (100, Fraction(18, 10), 0)


def test_a_cost_needs_flows_both_ways() -> None:
    assert yearly_cost([Fraction(1), Fraction(2)]) == (None, None)
    assert yearly_cost([Fraction(0)]) == (None, None)


def test_a_fee_before_the_first_draw_leaves_two_rates() -> None:
    """10, -43, 33 a month apart: x = 1 + i solves x^2 - 4.3 x + 3.3 = 0, so i is 0 or 2.3 a month: 0."""
    effective, nominal = yearly_cost([Fraction(10), Fraction(-43), Fraction(33)])
    assert (effective, nominal) == (pytest.approx(0, abs=1e-12), pytest.approx(0, abs=1e-12))


def test_a_rate_beyond_a_float_is_none() -> None:
    assert yearly_cost([Fraction(-1, 10**150), Fraction(10**150)]) == (None, None)


@given(
    st.lists(st.tuples(st.integers(0, 6), st.integers(1, 10**9)), min_size=1, max_size=4),
    st.builds(
        Repayment,
        interest_rate=RATES,
        interest_only_months=st.just(6),
        amortization_months=st.integers(1, 30),
        amortization=KINDS,
        balloon_share=st.fractions(0, 1, max_denominator=10),
        payment_step=st.sampled_from([None, CENT, Fraction(1)]),
    ),
)
def test_every_schedule_repays_what_was_drawn(draws: list[tuple[int, int]], terms: Repayment) -> None:
    rows = loan_schedule([Draw(month, Fraction(amount)) for month, amount in draws], terms, {})
    assert rows[-1].owed == 0
    assert sum(row.principal for row in rows) == sum(row.drawn for row in rows) == sum(amount for _, amount in draws)
    assert all(row.principal >= 0 and row.interest >= 0 for row in rows)
    assert all(row.paid == row.interest + row.principal + row.fee for row in rows)


@given(st.integers(1, 10**9), RATES, st.integers(0, 12), st.integers(1, 36), KINDS)
def test_without_fees_a_lender_earns_the_rate_of_the_loan(
    amount: int, rate: Fraction, interest_only: int, months: int, kind: str
) -> None:
    terms = Repayment(rate, interest_only, months, kind)  # type: ignore[arg-type]
    effective, nominal = yearly_cost(lender_flows(loan_schedule([Draw(0, Fraction(amount))], terms, {})))
    assert nominal == pytest.approx(float(rate), abs=1e-9)
    assert effective == pytest.approx((1 + float(rate) / 12) ** 12 - 1, abs=1e-9)
