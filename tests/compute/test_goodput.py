"""Goodput: Llama 3's failures (arXiv 2407.21783), Daly's worked examples, and that an interval is the best one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.compute.goodput import (
    FAILURES_PER_ACCELERATOR_HOUR,
    availability_optimal_interval,
    cluster_goodput,
    daly_interval,
    goodput,
    hours_between_failures,
    young_interval,
)
from core.errors import InputError

MINUTE = 1 / 60
SECOND = 1 / 3600


def test_failures_of_llama_3() -> None:
    """419 unexpected interruptions in 54 days on 16,384 H100: 1.973e-5 an hour and accelerator, one in 3.09 hours."""
    assert pytest.approx(1.973e-5, abs=0.0005e-5) == FAILURES_PER_ACCELERATOR_HOUR
    assert hours_between_failures(16_384) == pytest.approx(3.09, abs=0.005)
    assert hours_between_failures(1_024) == pytest.approx(49.5, abs=0.05)


def test_youngs_interval_by_hand() -> None:
    """Saves of a minute, failures every 50 hours: √(2 × 1 × 3,000) = 77.5 minutes."""
    assert young_interval(MINUTE, 50.0) == pytest.approx(77.46 * MINUTE, rel=1e-4)


@pytest.mark.parametrize(("failure_minutes", "published"), [(24 * 60, 117), (6 * 60, 57), (15, 9.1)])
def test_dalys_interval_as_published(failure_minutes: float, published: float) -> None:
    """Daly 2006, figures 3 to 5: saves of 5 minutes, and the interval that the paper predicts, in minutes."""
    interval = daly_interval(5 * MINUTE, failure_minutes * MINUTE) / MINUTE
    assert interval == pytest.approx(published, abs=0.5 if published > 10 else 0.05)


def test_where_saving_is_hopeless_daly_saves_once_a_failure() -> None:
    assert daly_interval(2.0, 1.0) == 1.0
    assert daly_interval(np.array([2.0, 5 * MINUTE]), np.array([1.0, 24.0])) == pytest.approx(
        np.array([1.0, daly_interval(5 * MINUTE, 24.0)])
    )


@given(save=st.floats(0.001, 0.5), restart=st.floats(0, 1), failure=st.floats(1, 1e4), other=st.floats(0.2, 5))
def test_no_other_interval_is_more_available(save: float, restart: float, failure: float, other: float) -> None:
    """Share of time not saved away × share of time up, half an interval being lost in each failure."""

    def availability(interval: float) -> float:
        return (1 - save / interval) * failure / (failure + restart + interval / 2)

    best = availability_optimal_interval(save, restart, failure)
    rival = save + (best - save) * other
    assert availability(best) >= availability(rival) - 1e-12


@pytest.mark.parametrize(
    ("count", "save", "restart", "share"),
    [
        (1_024, 1 * MINUTE, 15 * MINUTE, 0.970),
        (16_384, 10 * SECOND, 8 * MINUTE, 0.920),  # Llama 3 reports above 90 %
        (16_384, 5 * MINUTE, 30 * MINUTE, 0.70),
    ],
)
def test_goodput_of_a_cluster(count: int, save: float, restart: float, share: float) -> None:
    """By hand with Young's interval, e.g. 1,024: M = 2,970 min, τ = 77.1 min, 1 / ((1 + 1/77.1)(1 + 53.5/2,970))."""
    assert cluster_goodput(count, save, restart) == pytest.approx(share, abs=0.0005 if share != 0.70 else 0.005)


@pytest.mark.parametrize("count", [1, 8, 64, 256])
def test_small_clusters_hardly_lose_anything(count: int) -> None:
    assert 0.97 < cluster_goodput(count) < 1


def test_goodput_falls_with_size_and_near_the_best_interval_hardly_changes() -> None:
    counts = np.array([64, 512, 4_096, 32_768])
    shares = cluster_goodput(counts)
    assert np.all(np.diff(shares) < 0)
    failure = hours_between_failures(4_096)
    for interval in (
        daly_interval(MINUTE, failure),
        availability_optimal_interval(MINUTE, 0.25, failure) - MINUTE,
    ):
        assert goodput(interval, MINUTE, 0.25, failure) == pytest.approx(shares[2], abs=2e-4)


@pytest.mark.parametrize(
    ("arguments", "field", "expected"),
    [
        ((0.0, 0.1, 0.1, 10.0), "interval_hours", "0 < interval_hours"),
        ((1.0, 0.0, 0.1, 10.0), "save_hours", "0 < save_hours"),
        ((1.0, 0.1, -0.1, 10.0), "restart_hours", "0 <= restart_hours"),
        ((1.0, 0.1, 0.1, 0.0), "failure_hours", "0 < failure_hours"),
    ],
)
def test_refused_argument_is_named(arguments: tuple[float, float, float, float], field: str, expected: str) -> None:
    with pytest.raises(InputError) as caught:
        goodput(*arguments)
    assert (caught.value.code, caught.value.field, caught.value.expected) == ("out_of_range", field, expected)


def test_a_cluster_has_at_least_one_accelerator() -> None:
    with pytest.raises(InputError, match="accelerator_count"):
        cluster_goodput(0)
