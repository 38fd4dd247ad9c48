"""Price paths by hand, and the evidence that prices go both ways."""

import math

import numpy as np
import pytest

from core.compute.price_scenarios import PriceDrift, price_path, price_paths, rent_history
from core.errors import InputError


def test_path_by_hand() -> None:
    """2 USD rising 21 % a year: × √1.21 = 1.1 in half a year, 2.2 in month 7; 2.42 in month 13."""
    path = price_path(2.0, 0.21, 13)
    assert path[[0, 6, 12]] == pytest.approx([2.0, 2.2, 2.42])


def test_default_drift_is_two_sided_around_no_change() -> None:
    """After a year 2 USD are 1 (−50 %), 2 and 2.8 (+40 %)."""
    paths = price_paths(2.0, 13)
    assert (paths.low[12], paths.central[12], paths.high[12]) == pytest.approx((1.0, 2.0, 2.8))
    assert paths.low[0] == paths.central[0] == paths.high[0] == 2.0


def test_own_drift() -> None:
    paths = price_paths(2.0, 13, PriceDrift(low=-0.1, central=0.05, high=1.0))
    assert (paths.low[12], paths.central[12], paths.high[12]) == pytest.approx((1.8, 2.1, 4.0))


def test_prices_that_stop_moving() -> None:
    """2 USD at −50 % a year for 24 months are 1 after one year, 0.5 after two, and stay 0.5."""
    paths = price_paths(2.0, 61, moving_months=24)
    assert paths.low[[0, 12, 24, 60]] == pytest.approx([2.0, 1.0, 0.5, 0.5])
    assert paths.high[[12, 60]] == pytest.approx([2.8, 3.92])
    assert price_paths(2.0, 6, moving_months=24).low == pytest.approx(price_paths(2.0, 6).low)


def test_a_row_for_each_drift() -> None:
    paths = price_path(2.0, np.array([-0.5, 0.4]), 25)
    assert paths.shape == (2, 25)
    assert paths[:, 24] == pytest.approx([0.5, 3.92])


def test_history_of_the_h100_goes_both_ways() -> None:
    """SemiAnalysis' one-year contract: 1.70 in October 2025, 2.35 in March 2026, up 38 %. On demand: the median of
    Epoch's listings fell from 4.76 in 2023 to 3.95 in 2024."""
    rows = rent_history("h100-sxm")
    assert [row.source.as_of for row in rows] == sorted(row.source.as_of for row in rows)
    contract = [row.usd_per_hour for row in rows if row.commitment == "1-year"]
    assert contract[:2] == [1.70, 2.35]
    assert round(2.35 / 1.70 - 1, 2) == 0.38
    medians = [row.usd_per_hour for row in rows if row.provider == "market" and "median" in row.source.citation]
    assert medians[:2] == [4.76, 3.95]


def test_history_of_one_provider_goes_both_ways() -> None:
    """Lambda's list price of an H100: 3.49 and 2.99 in 2024, 3.99 in September 2026."""
    assert [row.usd_per_hour for row in rent_history("h100-sxm") if row.provider == "Lambda"] == [3.49, 2.99, 3.99]


def test_no_history_of_an_unknown_accelerator() -> None:
    assert rent_history("h900") == ()


@pytest.mark.parametrize(
    ("drift", "field"),
    [
        ({"low": -1.0}, "low"),
        ({"high": math.nan}, "high"),
        ({"low": 0.1}, "central"),
        ({"central": 0.5}, "central"),
    ],
)
def test_refused_drift_is_named(drift: dict[str, float], field: str) -> None:
    with pytest.raises(InputError) as caught:
        PriceDrift(**drift)
    assert caught.value.field == field


@pytest.mark.parametrize(
    ("price", "drift", "months", "field"),
    [(-1.0, 0.0, 12, "price_per_hour"), (1.0, -1.0, 12, "yearly_drift"), (1.0, 0.0, 0, "months")],
)
def test_refused_path_is_named(price: float, drift: float, months: int, field: str) -> None:
    with pytest.raises(InputError) as caught:
        price_path(price, drift, months)
    assert caught.value.field == field
