"""Which financing pays for which training run and product: each milestone under the first financings of a strategy.

Column k of the matrix is the plan with its first k financings and nothing after them, on the same paths as every other
column, so that a difference between two columns is the financing's and not the draws'.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from core.plan.calendar import months_between
from core.plan.currency import reported
from core.plan.draws import Draws, path_count, sample
from core.plan.operating import OperatingPlan, operating_plan, to_cents
from core.plan.risk import Estimate, RiskPaths, chance, percentile
from core.plan.scenario import Scenario
from core.plan.simulate import Simulation, run_plan, unfunded
from core.plan.strategies import Strategy
from core.plan.terms import strategy_terms

GRACE_MONTHS = 3
MATRIX_PATHS = 1_000
MEDIAN = 0.5


@dataclass(frozen=True)
class Milestone:
    """A training run that starts or a product that launches; `planned` is its month if money is no object."""

    kind: Literal["run", "launch"]
    name: str
    planned: int


@dataclass(frozen=True)
class Matrix:
    """Every milestone under the first 0, 1, ... financings; columns are one more than the financings.

    chances: of reaching a milestone at most `GRACE_MONTHS` late, by milestone and column
    lasts: chance that the money lasts to the horizon; dry: median month in which it ends, the horizon where it lasts
    """

    months: int
    financings: tuple[str, ...]
    milestones: tuple[Milestone, ...]
    chances: tuple[tuple[Estimate, ...], ...]
    lasts: tuple[Estimate, ...]
    dry: tuple[Estimate, ...]

    def paid_by(self, milestone: int) -> int | None:
        """The column that adds most to the milestone's chance: 0 for the company's own cash, None if none adds any."""
        values = [one.value for one in self.chances[milestone]]
        gains = np.diff(values, prepend=0.0)
        return int(gains.argmax()) if gains.max() > 0 else None


def milestone_matrix(scenario: Scenario, strategy: Strategy, paths: int = MATRIX_PATHS, seed: int = 1) -> Matrix:
    """Simulates the strategy with each number of its financings. Raises InputError like `simulate`."""
    draws = sample(scenario, paths, seed)
    plan, milestones = operating_plan(scenario, draws), planned_milestones(scenario)
    columns = [_with_first(scenario, strategy, count, plan, draws) for count in range(len(strategy.financings) + 1)]
    return Matrix(
        months=scenario.horizon_months,
        financings=tuple(one.name for one in strategy.financings),
        milestones=milestones,
        chances=tuple(
            tuple(chance(_reached(scenario, one, column, plan) <= one.planned + GRACE_MONTHS) for column in columns)
            for one in milestones
        ),
        lasts=tuple(chance(column.dry == column.months) for column in columns),
        dry=tuple(percentile(column.dry.astype(np.float64), MEDIAN) for column in columns),
    )


def planned_milestones(scenario: Scenario) -> tuple[Milestone, ...]:
    """All runs and launches before the horizon, in order of their month."""
    plain, free = operating_plan(scenario, {}), unfunded(scenario, {})
    launches = [
        Milestone("launch", one.name, int(_launches(free, plain, index)[0]))
        for index, one in enumerate(scenario.demand)
    ]
    return _before_the_horizon(scenario, [*_planned_runs(scenario), *launches])


def next_run(scenario: Scenario, result: RiskPaths) -> tuple[Milestone, Estimate] | None:
    """The first run after the day of the scenario's figures, and the chance that it starts in time."""
    today = months_between(scenario.founding, scenario.figures_as_of)
    coming = [one for one in _before_the_horizon(scenario, _planned_runs(scenario)) if one.planned > today]
    if not coming:
        return None
    start = result.run_start[[run.name for run in scenario.runs].index(coming[0].name)]
    return coming[0], chance((start < result.months) & (start <= coming[0].planned + GRACE_MONTHS))


def _planned_runs(scenario: Scenario) -> list[Milestone]:
    return [Milestone("run", run.name, months_between(scenario.founding, run.start)) for run in scenario.runs]


def _before_the_horizon(scenario: Scenario, milestones: Sequence[Milestone]) -> tuple[Milestone, ...]:
    """Those before the horizon, in order of their month."""
    found = [one for one in milestones if one.planned < scenario.horizon_months]
    return tuple(sorted(found, key=lambda one: one.planned))


def _with_first(scenario: Scenario, strategy: Strategy, count: int, plan: OperatingPlan, draws: Draws) -> Simulation:
    """The plan with the strategy's first financings alone."""
    fewer = strategy.model_copy(update={"financings": strategy.financings[:count]})
    paths = path_count(draws)
    opening = np.broadcast_to(to_cents(reported(scenario, draws, "opening_cash")), (paths,))
    return run_plan(scenario, plan, strategy_terms(scenario, fewer, draws, paths), opening, draws)


def _reached(
    scenario: Scenario, milestone: Milestone, simulation: Simulation, plan: OperatingPlan
) -> NDArray[np.int64]:
    """The month in which each path reaches it; beyond everything where it does not."""
    if milestone.kind == "run":
        names = [run.name for run in scenario.runs]
        month = simulation.run_start[names.index(milestone.name)]
    else:
        names = [product.name for product in scenario.demand]
        month = _launches(simulation, plan, names.index(milestone.name))
    never = np.iinfo(np.int64).max
    return np.where((month < simulation.months) & (month <= simulation.dry), month, never)


def _launches(simulation: Simulation, plan: OperatingPlan, index: int) -> NDArray[np.int64]:
    """The month of a product's launch: later by as much as its run is, and not before the run has ended."""
    product = plan.products[index]
    if product.run is None:
        return np.full(simulation.dry.shape, product.planned_launch)
    start = simulation.run_start[product.run]
    launch = np.maximum(
        product.planned_launch + start - plan.runs[product.run].planned_start, simulation.run_end[product.run]
    )
    return np.where(start < simulation.months, launch, simulation.months)
