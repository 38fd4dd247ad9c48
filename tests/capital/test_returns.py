"""Rates of return and multiples on money: Microsoft's own example, flows built from a known rate, and one-way flows.

Microsoft: support.microsoft.com, "XIRR function"; learn.microsoft.com, "WorksheetFunction.Xnpv method".
The table of multiples and years is 1000ventures.com's.
"""

from datetime import date, timedelta
from fractions import Fraction

import numpy as np
import pytest
import pyxirr
from hypothesis import given
from hypothesis import strategies as st

from core.capital.returns import compounded, irrs, multiple_on_invested_capital, npv, sign_changes, xirr, xirrs, xnpv

MICROSOFT = [
    (date(2008, 1, 1), -10_000.0),
    (date(2008, 3, 1), 2_750.0),
    (date(2008, 10, 30), 4_250.0),
    (date(2009, 2, 15), 3_250.0),
    (date(2009, 4, 1), 2_750.0),
]
YEAR = timedelta(days=365)
DAY = date(2026, 1, 1)


def test_microsoft_example() -> None:
    """ "The internal rate of return ... 0.373362535 or 37.34 %"; 13,000 back for 10,000."""
    assert xirr(MICROSOFT) == pytest.approx(0.373362535, abs=1e-8)
    assert multiple_on_invested_capital(MICROSOFT) == 1.3


def test_double_in_a_year_of_365_days() -> None:
    assert xirr([(DAY, -100.0), (DAY + YEAR, 200.0)]) == pytest.approx(1.0, abs=1e-9)


def test_loss_is_a_negative_rate() -> None:
    """Half of the money back after a year."""
    flows = [(DAY, -100.0), (DAY + YEAR, 50.0)]
    assert xirr(flows) == pytest.approx(-0.5, abs=1e-9)
    assert multiple_on_invested_capital(flows) == 0.5


@given(st.floats(-0.5, 3), st.lists(st.tuples(st.integers(30, 3_650), st.floats(1, 1e8)), min_size=1, max_size=12))
def test_flow_built_with_a_rate_returns_it(rate: float, back: list[tuple[int, float]]) -> None:
    """The price is the sum of what comes back, discounted at the rate: so the rate is the investment's."""
    price = sum(usd * (1 + rate) ** (-days / 365) for days, usd in back)
    flows = [(DAY, -price), *((DAY + timedelta(days=days), usd) for days, usd in back)]
    assert xirr(flows) == pytest.approx(rate, abs=1e-6)


@pytest.mark.parametrize("flows", [[], [(DAY, -100.0)], [(DAY, 100.0)], [(DAY, -100.0), (DAY + YEAR, 0.0)]])
def test_money_that_only_goes_one_way_has_no_rate(flows: list[tuple[date, float]]) -> None:
    assert xirr(flows) is None


def test_multiple_where_nothing_came_back_or_nothing_was_put_in() -> None:
    assert multiple_on_invested_capital([(DAY, -100.0)]) == 0
    assert multiple_on_invested_capital([(DAY, 100.0)]) is None
    assert multiple_on_invested_capital([]) is None


def test_all_rates_of_microsofts_example_are_the_one() -> None:
    (rate,) = xirrs(MICROSOFT)
    assert rate == pytest.approx(0.373362535, abs=2e-9)
    assert xnpv(rate, MICROSOFT) == pytest.approx(0, abs=1e-9)


def test_microsofts_present_value_at_9_per_cent() -> None:
    """ "2086.6476 or 2086.65"."""
    assert round(xnpv(0.09, MICROSOFT), 4) == 2086.6476


@pytest.mark.parametrize(("multiple", "years", "per_cent"), [(2, 5, 14.9), (3, 5, 24.6), (10, 5, 58.5), (10, 8, 33.4)])
def test_table_of_multiples_and_years(multiple: float, years: int, per_cent: float) -> None:
    (rate,) = irrs([-1.0, *[0.0] * (years - 1), multiple])
    assert round(100 * rate, 1) == per_cent


@given(st.lists(st.integers(1, 24), min_size=1, max_size=5, unique=True))
def test_flows_built_from_their_rates_return_them_all(twelfths: list[int]) -> None:
    """A polynomial in 1 / (1 + r) with chosen roots: r = n / 12, every one once."""
    amounts = np.array([1.0])
    for one in twelfths:
        amounts = np.convolve(amounts, [1.0, -(1 + one / 12)])
    assert irrs(list(amounts)) == pytest.approx(sorted(one / 12 for one in twelfths), abs=1e-6)


@given(st.lists(st.integers(-1_000, 1_000), min_size=2, max_size=9))
def test_never_more_rates_than_changes_of_sign_and_each_solves_the_equation(amounts: list[int]) -> None:
    """After an odd number of changes the present value has crossed zero."""
    rates = irrs([float(amount) for amount in amounts])
    changes = sign_changes([float(amount) for amount in amounts])
    assert changes % 2 <= len(rates) <= changes
    for rate in rates:
        present = [amount * (1 + rate) ** -period for period, amount in enumerate(amounts)]
        assert sum(present) == pytest.approx(0, abs=1e-6 * max(map(abs, present)))


def test_rate_that_only_touches_the_axis_is_found() -> None:
    """-1 + 2.2 x - 1.21 x^2 = -(1 - 1.1 x)^2: 10 %, twice."""
    assert irrs([-1.0, 2.2, -1.21]) == pytest.approx((0.1,), abs=1e-7)


def test_periodic_present_value_is_exact_and_leaves_the_first_amount() -> None:
    """-100 + 60/1.2 + 72/1.44 = 0."""
    assert npv(Fraction(1, 5), [Fraction(-100), Fraction(60), Fraction(72)]) == 0


def test_present_value_agrees_with_pyxirr() -> None:
    days, amounts = zip(*MICROSOFT, strict=True)
    assert xnpv(0.2, MICROSOFT) == pytest.approx(pyxirr.xnpv(0.2, days, amounts), rel=1e-12)


def test_growth_over_whole_years_is_exact_and_over_half_a_year_has_fifty_digits() -> None:
    assert compounded(Fraction(1, 10), Fraction(3)) == Fraction(1331, 1000)
    assert compounded(Fraction(1, 10), Fraction(-1)) == Fraction(10, 11)
    half = compounded(Fraction(21, 100), Fraction(1, 2))
    assert abs(half - Fraction(11, 10)) < Fraction(1, 10**48)


def test_hundreds_of_changes_of_sign_neither_overflow_nor_hang() -> None:
    """Out and in by turns, 100 and 101 times: 101 x = 100 in every pair, so 1 % and no other rate."""
    assert irrs([-100.0, 101.0] * 200) == pytest.approx((0.01,), abs=1e-10)
