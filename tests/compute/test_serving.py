"""Usage month by month, by hand, and the shapes it takes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.compute.serving import tokens_value, usage_million_tokens


def test_three_months_by_hand() -> None:
    """Growth of 40 %, halving every month: 100, then × 1.4 = 140, then × 1.2 = 168."""
    assert usage_million_tokens(100.0, 0.4, 1.0, 3) == pytest.approx(np.array([100, 140, 168]), rel=1e-12)


def test_growth_has_halved_after_its_half_life() -> None:
    """With a half-life of 6 months growth is 30 % into month 1 and 15 % into month 7."""
    usage = usage_million_tokens(100.0, 0.3, 6.0, 8)
    assert usage[1] / usage[0] - 1 == pytest.approx(0.30, rel=1e-12)
    assert usage[7] / usage[6] - 1 == pytest.approx(0.15, rel=1e-12)


def test_usage_shrinks_where_growth_is_negative_and_stands_still_without_any() -> None:
    """-50 % halving every month: 100, × 0.5 = 50, × 0.75 = 37.5."""
    assert usage_million_tokens(100.0, -0.5, 1.0, 3) == pytest.approx(np.array([100, 50, 37.5]), rel=1e-12)
    assert usage_million_tokens(100.0, 0.0, 1.0, 3).tolist() == [100, 100, 100]


@given(growth=st.floats(0.001, 1), half_life=st.floats(0.5, 12))
def test_usage_levels_off(growth: float, half_life: float) -> None:
    """By hand: after month t the logs still to come add up to less than the series g·2^(-t/h)·(1 + 2^(-1/h) + ...)."""
    usage = usage_million_tokens(1.0, growth, half_life, 240)
    assert np.all(np.diff(usage) >= 0)
    rest = growth * 0.5 ** (120 / half_life) / (1 - 0.5 ** (1 / half_life))
    assert np.log(usage[-1] / usage[120]) <= rest + 1e-12


def test_revenue_and_serving_cost_come_from_the_same_tokens() -> None:
    """2,500 million tokens at 0.8 and 0.3 USD a million."""
    assert tokens_value(2_500.0, 0.8) == pytest.approx(2_000)
    assert tokens_value(2_500.0, 0.3) == pytest.approx(750)


@pytest.mark.parametrize("varied", [0, 1, 2])
def test_one_argument_may_have_paths_and_months_come_first(varied: int) -> None:
    """As many paths as months: an axis mixed up would not show in the shape."""
    arguments: list[float | np.ndarray] = [100.0, 0.4, 2.0]
    values = np.array([0.5, 1.0, 0.25]) * arguments[varied]
    arguments[varied] = values
    usage = usage_million_tokens(*arguments, months=3)
    assert usage.shape == (3, 3)
    for path, value in enumerate(values):
        arguments[varied] = float(value)
        assert usage[:, path] == pytest.approx(usage_million_tokens(*arguments, months=3), rel=1e-14)


def test_scalars_give_one_axis() -> None:
    assert usage_million_tokens(100.0, 0.4, 2.0, 5).shape == (5,)
