"""Draws of uncertain fields: the same for the same seed and name, with the percentiles asked for, within bounds."""

import numpy as np
import pytest

from core.plan.draws import drawn, path_count, sample
from core.plan.scenario import Scenario
from core.plan.simulate import simulate
from core.plan.uncertainty import Uncertain
from tests.plan.builders import company, priced_round, product, run

PATHS = 200_000


def uncertain(*ranges: tuple[str, float, float, str]) -> Scenario:
    """A company with a run, a product and a round, and these ranges over its fields."""
    return company(
        priced_round(1e6, 4e6, at=4),
        runs=(run(),),
        demand=(product(),),
        uncertainty=tuple(Uncertain(field=field, p10=low, p90=high, shape=shape) for field, low, high, shape in ranges),
    )


MFU = ("runs.0.mfu", 0.25, 0.45, "normal")
PRICE = ("runs.0.price_per_hour", 1.5, 4.0, "lognormal")
AMOUNT = ("strategies.0.financings.0.amount", 5e5, 2e6, "triangular")


def test_nothing_uncertain_is_the_deterministic_plan() -> None:
    plain = uncertain()
    assert sample(plain, 100, seed=1) == {}
    assert path_count({}) == 1
    assert drawn(plain, {}, "runs.0.mfu").tolist() == [0.5]


def test_same_seed_same_draws_and_another_seed_others() -> None:
    first, again, other = (sample(uncertain(MFU), 50, seed)["runs.0.mfu"] for seed in (7, 7, 8))
    assert first.tolist() == again.tolist()
    assert len(set(first) & set(other)) == 0


def test_a_new_range_leaves_the_other_draws_as_they_were() -> None:
    alone, together = sample(uncertain(MFU), 50, seed=7), sample(uncertain(PRICE, MFU, AMOUNT), 50, seed=7)
    assert together["runs.0.mfu"].tolist() == alone["runs.0.mfu"].tolist()
    assert set(together) == {"runs.0.mfu", "runs.0.price_per_hour", "strategies.0.financings.0.amount"}


def test_two_fields_with_the_same_range_are_drawn_apart() -> None:
    draws = sample(
        uncertain(
            ("demand.0.price_per_million_tokens", 1, 3, "normal"),
            ("demand.0.serving_cost_per_million_tokens", 1, 3, "normal"),
        ),
        10_000,
        seed=1,
    )
    assert abs(np.corrcoef(*draws.values())[0, 1]) < 0.05  # independent: standard error 0.01


@pytest.mark.parametrize("shape", ["normal", "lognormal", "triangular"])
def test_tenth_and_ninetieth_percentile(shape: str) -> None:
    """"""
    values = sample(uncertain(("runs.0.price_per_hour", 1.5, 4.0, shape)), PATHS, seed=3).popitem()[1]
    assert values.shape == (PATHS,)
    assert np.mean(values < 1.5) == pytest.approx(0.1, abs=0.0028)
    assert np.mean(values > 4.0) == pytest.approx(0.1, abs=0.0028)


def test_median_by_hand() -> None:
    """The middle of [1, 4] is 2.5; on a logarithmic scale it is √(1 · 4) = 2. Standard error below 0.004."""
    medians = {
        shape: np.median(sample(uncertain(("runs.0.price_per_hour", 1, 4, shape)), PATHS, seed=3).popitem()[1])
        for shape in ("normal", "lognormal", "triangular")
    }
    assert medians == pytest.approx({"normal": 2.5, "lognormal": 2.0, "triangular": 2.5}, abs=0.02)


def test_triangular_draws_end_where_the_triangle_does() -> None:
    """By hand: a tenth of a triangle of half-width w lies beyond w (1 - √0.2), so w = 1.5 / (1 - √0.2) = 2.7135."""
    values = sample(uncertain(("runs.0.price_per_hour", 3, 6, "triangular")), PATHS, seed=3).popitem()[1]
    assert values.min() == pytest.approx(4.5 - 2.7135, abs=0.05)
    assert values.max() == pytest.approx(4.5 + 2.7135, abs=0.05)
    assert values.min() >= 4.5 - 2.7136


def test_draws_stay_within_the_bounds_of_their_field() -> None:
    """0.001 <= MFU <= 1 and -0.5 <= growth <= 1, however wide the range."""
    draws = sample(
        uncertain(("runs.0.mfu", 0.1, 0.9, "normal"), ("demand.0.monthly_growth", -3, 3, "normal")), 5_000, 1
    )
    mfu, growth = draws["runs.0.mfu"], draws["demand.0.monthly_growth"]
    assert (mfu.min(), mfu.max()) == (0.001, 1)
    assert (growth.min(), growth.max()) == (-0.5, 1)


def test_drawn_reads_draws_before_the_plain_value() -> None:
    assert drawn(uncertain(), {"runs.0.mfu": np.array([0.2, 0.3])}, "runs.0.mfu").tolist() == [0.2, 0.3]
    assert path_count({"runs.0.mfu": np.array([0.2, 0.3])}) == 2


def test_wide_range_of_mfu_can_be_simulated() -> None:
    """A normal with p10 = 0.1 and p90 = 0.9 lies below zero for 5 % of the paths."""
    made = uncertain(("runs.0.mfu", 0.1, 0.9, "normal"))
    assert simulate(made, made.strategies[0], sample(made, 1_000, seed=1)).cash.shape == (12, 1_000)
