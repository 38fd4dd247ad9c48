"""What could happen: one strategy on many paths, in parts that fit into memory, and what the paths say with its error.

Draws belong to names and a seed, so the first thousand paths of ten thousand are those of a thousand.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.plan.closing import rule_on_paths
from core.plan.currency import reported
from core.plan.draws import Draws, sample
from core.plan.exit_on_paths import founders_exit
from core.plan.operating import CENTS_PER_UNIT, Floats, operating_plan, to_cents
from core.plan.scenario import Scenario
from core.plan.simulate import run_plan
from core.plan.strategies import Strategy
from core.plan.terms import strategy_terms

PATHS_AT_ONCE = 1_000
STANDARD_NORMAL_P975 = 1.959963984540054


@dataclass(frozen=True)
class RiskPaths:
    """One strategy's outcomes, the paths last; amounts in the reporting currency.

    cash: at each month end, (months, paths), NaN after the company ran dry; founders_share: fully diluted, the same
    dry, listed: month, or the horizon; founders_proceeds: at the horizon, before tax, 0 for a company that ran dry
    closed, valuation: of each planned financing, and of bridges after them; run_start: (runs, paths)
    unfunded: where a round was missed for good
    """

    strategy: str
    months: int
    names: tuple[str, ...]
    cash: Floats
    founders_share: Floats
    dry: NDArray[np.int64]
    listed: NDArray[np.int64]
    founders_proceeds: Floats
    closed: NDArray[np.int64]
    valuation: Floats
    run_start: NDArray[np.int64]
    unfunded: NDArray[np.bool_]

    @property
    def paths(self) -> int:
        return len(self.dry)


@dataclass(frozen=True)
class Estimate:
    """A number that paths estimate, and its 95 % interval."""

    value: float
    low: float
    high: float


def risk_paths(scenario: Scenario, strategy: Strategy, paths: int, seed: int) -> Iterator[RiskPaths]:
    """The paths so far, after each thousand: the last one has them all; one path where nothing is drawn.

    Raises InputError like `simulate`.
    """
    draws = sample(scenario, paths, seed)
    if not draws:
        yield _outcomes(scenario, strategy, draws, 1)
        return
    parts: list[RiskPaths] = []
    for first in range(0, paths, PATHS_AT_ONCE):
        count = min(PATHS_AT_ONCE, paths - first)
        part = {name: values[first : first + count] for name, values in draws.items()}
        parts.append(_outcomes(scenario, strategy, part, count))
        yield _together(parts)


def chance(happens: NDArray[np.bool_]) -> Estimate:
    """How likely something is, with Wilson's interval."""
    count, hits = len(happens), int(happens.sum())
    z = STANDARD_NORMAL_P975
    share, square = hits / count, z * z / count
    middle = (share + square / 2) / (1 + square)
    half = z / (1 + square) * np.sqrt(share * (1 - share) / count + square / (4 * count))
    return Estimate(share, float(max(0.0, middle - half)), float(min(1.0, middle + half)))


def percentile(values: Floats, level: float) -> Estimate:
    """A percentile with the interval between two order statistics (binomial, normal approximation)."""
    ordered = np.sort(values)
    count = len(ordered)
    half = STANDARD_NORMAL_P975 * np.sqrt(count * level * (1 - level))
    low = int(np.clip(np.floor(count * level - half), 0, count - 1))
    high = int(np.clip(np.ceil(count * level + half), 0, count - 1))
    return Estimate(float(np.quantile(ordered, level)), float(ordered[low]), float(ordered[high]))


def mean(values: Floats) -> Estimate:
    """An average, give or take 1.96 standard errors."""
    error = STANDARD_NORMAL_P975 * float(values.std(ddof=1) / np.sqrt(len(values))) if len(values) > 1 else 0.0
    middle = float(values.mean())
    return Estimate(middle, middle - error, middle + error)


def dry_by_month(result: RiskPaths) -> tuple[Estimate, ...]:
    """The chance that the company has run dry by the end of each month."""
    return tuple(chance(result.dry <= month) for month in range(result.months))


def bands(values: Floats, levels: tuple[float, ...]) -> Floats:
    """Percentiles over the paths in each month, (levels, months); paths that are no more (NaN) are left out.

    NaN where no path is left.
    """
    ordered, count = np.sort(values, axis=1), (~np.isnan(values)).sum(axis=1)
    at = np.maximum(count - 1, 0) * np.array(levels)[:, None]
    low, month = np.floor(at).astype(np.int64), np.arange(len(values))
    below, above = ordered[month, low], ordered[month, np.ceil(at).astype(np.int64)]
    return np.asarray(below + (at - low) * (above - below))


def _outcomes(scenario: Scenario, strategy: Strategy, draws: Draws, paths: int) -> RiskPaths:
    terms = strategy_terms(scenario, strategy, draws, paths)
    cents = np.broadcast_to(to_cents(reported(scenario, draws, "opening_cash")), (paths,))
    plan = replace(operating_plan(scenario, draws), paths=paths) if draws else operating_plan(scenario, draws)
    simulation = run_plan(scenario, plan, terms, cents, draws)
    rule = rule_on_paths(scenario, draws)
    founders = [row for row, holder in enumerate(scenario.holders) if holder.founder]
    alive = np.arange(simulation.months)[:, None] <= simulation.dry
    return RiskPaths(
        strategy=strategy.name,
        months=simulation.months,
        names=tuple(one.name for one in terms),
        cash=np.where(alive, simulation.cash / CENTS_PER_UNIT, np.nan),
        founders_share=simulation.ownership[:, founders].sum(axis=1),
        dry=simulation.dry,
        listed=simulation.listed,
        founders_proceeds=founders_exit(scenario, simulation, rule.multiple, rule.discount),
        closed=simulation.closed,
        valuation=simulation.valuation,
        run_start=simulation.run_start,
        unfunded=simulation.unfunded,
    )


def _together(parts: list[RiskPaths]) -> RiskPaths:
    """All paths of several parts."""
    kept = ("strategy", "months", "names")
    joined: dict[str, Any] = {
        field.name: np.concatenate([getattr(part, field.name) for part in parts], axis=-1)
        for field in fields(RiskPaths)
        if field.name not in kept
    }
    return replace(parts[0], **joined)
