"""Rates of return and multiples on money: Microsoft's own example, flows built from a known rate, and one-way flows.

Microsoft: support.microsoft.com, "XIRR function".
"""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.capital.returns import multiple_on_invested_capital, xirr

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
