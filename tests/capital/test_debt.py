"""Term loans: the annuity formula of any textbook, a schedule by hand, and balances that always end at zero."""

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.capital.debt import Payment, instalment, payments


def test_five_million_at_twelve_percent_over_24_months() -> None:
    """24 instalments of $235,367, a month apart at 1 % a month, are worth $5M today, to a few dollars."""
    level = float(instalment(5e6, 0.12, 24))
    assert round(level) == 235_367
    worth = sum(Decimal(235_367) / Decimal("1.01") ** month for month in range(1, 25))
    assert abs(worth - 5_000_000) < 24


def test_without_interest_the_amount_is_divided() -> None:
    assert float(instalment(1_200.0, 0.0, 24)) == 50.0


def test_one_instalment_is_the_amount_and_a_month_of_interest() -> None:
    assert float(instalment(1_000.0, 0.12, 1)) == pytest.approx(1_010.0, rel=1e-12)


def test_loans_with_and_without_interest_side_by_side() -> None:
    """The zero rate of one path does not disturb the next one."""
    both = instalment(np.array([1_200.0, 1_000.0]), np.array([0.0, 0.12]), np.array([24.0, 1.0]))
    assert both == pytest.approx([50.0, 1_010.0], rel=1e-12)


def test_venture_loan_interest_only_then_amortising() -> None:
    """$5M at 1 % a month: 12 months of $50,000, then 24 instalments; of the first one, $50,000 is interest too."""
    schedule = payments(500_000_000, 0.12, 12, 24, end_fee=25_000_000)
    assert len(schedule) == 36
    assert schedule[:12] == (Payment(5_000_000, 0, 0, 500_000_000),) * 12
    first = schedule[12]
    assert round((first.interest + first.principal) / 100) == 235_367
    assert (first.interest, first.owed) == (5_000_000, 500_000_000 - first.principal)
    assert [one.fee for one in schedule] == [0] * 35 + [25_000_000]


def test_venture_loan_costs_15_3_percent_a_year() -> None:
    """The same loan, 1.5 % kept back and 4 % at its end: discounted at 15.3 % a year, it is worth what was paid out.

    15.2 % and 15.4 % lie on either side; the months are twelfths of a year.
    """
    schedule = payments(500_000_000, 0.12, 12, 24, end_fee=20_000_000)
    paid = [one.interest + one.principal + one.fee for one in schedule]
    worth = {
        rate: sum(cents * (1 + rate) ** (-month / 12) for month, cents in enumerate(paid, start=1))
        for rate in (0.152, 0.154)
    }
    assert worth[0.154] < 0.985 * 500_000_000 < worth[0.152]


def test_two_months_by_hand() -> None:
    """$100 at 12 %: instalment 100 x 0.01 / (1 - 1.01^-2) = 50.75; 1.00 + 49.75, then 50.25 with 0.50 of interest."""
    assert payments(10_000, 0.12, 0, 2, 0) == (Payment(100, 4_975, 0, 5_025), Payment(50, 5_025, 0, 0))


def test_what_does_not_divide_is_in_the_last_instalment() -> None:
    """$1.00 in three months without interest: 33, 33 and 34 cents."""
    assert [one.principal for one in payments(100, 0.0, 0, 3, 0)] == [33, 33, 34]


@given(st.floats(1, 1e10), st.floats(1e-4, 1), st.integers(1, 120))
def test_instalments_repay_what_a_plain_loop_charges(amount: float, rate: float, months: int) -> None:
    """A month's interest is added, the instalment taken off, again and again: nothing is left, but for floats."""
    level, owed = float(instalment(amount, rate, months)), amount
    for _ in range(months):
        owed += owed * rate / 12 - level
    assert abs(owed) <= 1e-6 * amount * (1 + rate / 12) ** months


@given(
    st.integers(1, 10**13),
    st.one_of(st.just(0.0), st.floats(1e-6, 1)),
    st.integers(0, 120),
    st.integers(1, 120),
    st.integers(0, 10**9),
)
def test_every_loan_is_repaid_exactly(amount: int, rate: float, interest_only: int, amortizing: int, fee: int) -> None:
    schedule = payments(amount, rate, interest_only, amortizing, fee)
    assert len(schedule) == interest_only + amortizing
    assert schedule[-1].owed == 0
    assert sum(one.principal for one in schedule) == amount
    assert sum(one.fee for one in schedule) == fee
    assert all(one.principal >= 0 and one.interest >= 0 for one in schedule)
    assert all(one.owed == amount for one in schedule[:interest_only])
