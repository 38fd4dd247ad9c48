"""The simulation holds its figures, and the intervals that it reports mean what they say."""

import json
from functools import cache
from pathlib import Path

import pytest

from core.plan.risk import Estimate, RiskPaths, chance, mean, percentile
from tools.golden_risk import figures, simulated

GOLDEN = json.loads((Path(__file__).parent / "golden_risk.json").read_text(encoding="utf-8"))
PATHS, SEEDS = 500, 100


def test_seeded_simulation_holds_its_figures() -> None:
    """To 1e-9 relative, on whatever machine; `python tools/golden_risk.py` writes them anew when they have to move."""
    found, held = figures(simulated(2_000, seed=1)), GOLDEN["figures"]
    assert found.keys() == held.keys()
    for name, value in held.items():
        assert found[name] == pytest.approx(value, rel=1e-9), name


def test_the_first_paths_are_those_of_a_smaller_simulation() -> None:
    few, more = simulated(1_000, seed=5), simulated(1_500, seed=5)
    assert (more.dry[:1_000] == few.dry).all()
    assert (more.founders_proceeds[:1_000] == few.founders_proceeds).all()


@cache
def of_many_seeds() -> tuple[RiskPaths, ...]:
    return tuple(simulated(PATHS, seed) for seed in range(SEEDS))


@pytest.mark.parametrize("name", ["dry", "dry_by_month_40", "mean_proceeds", "p90_proceeds", "median_share"])
def test_intervals_contain_the_value_of_a_million_paths(name: str) -> None:
    """A 95 % interval of each of 100 seeds: 89 to 99 of them contain it (binomial, 95 +- 2.2 x 2.8)."""

    def estimate(result: RiskPaths) -> Estimate:
        found = {
            "dry": lambda: chance(result.dry < result.months),
            "dry_by_month_40": lambda: chance(result.dry <= 40),
            "mean_proceeds": lambda: mean(result.founders_proceeds),
            "p90_proceeds": lambda: percentile(result.founders_proceeds, 0.9),
            "median_share": lambda: percentile(result.founders_share[-1], 0.5),
        }
        return found[name]()

    truth = GOLDEN["truths"][name]
    inside = sum(one.low <= truth <= one.high for one in map(estimate, of_many_seeds()))
    assert 89 <= inside <= 99, inside
