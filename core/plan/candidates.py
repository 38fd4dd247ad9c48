"""Many variants of one strategy on the same luck, in one pass: candidates stand side by side along the paths."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from core.errors import InputError
from core.plan.currency import reported
from core.plan.draws import Draws, drawn, path_count, sample
from core.plan.operating import Floats, operating_plan, to_cents
from core.plan.risk import Estimate, chance
from core.plan.scenario import Scenario
from core.plan.simulate import Simulation, run_plan
from core.plan.strategies import Strategy
from core.plan.terms import strategy_terms

MOST_PATHS_AT_ONCE = 16_000


@dataclass(frozen=True)
class Outcome:
    """One candidate: the chance that it runs dry by the milestone, and the founders' median share at its month's end.

    founders_share: later it would flatter candidates that end before the rounds that dilute
    starts: of each run, the chance that it starts by then
    """

    dry: Estimate
    founders_share: float
    starts: tuple[Estimate, ...]


def luck(scenario: Scenario, paths: int, seed: int) -> Draws:
    """The draws that all candidates share; one path where nothing is uncertain."""
    return sample(scenario, paths, seed)


def outcomes(
    scenario: Scenario,
    strategy: Strategy,
    draws: Draws,
    factors: Mapping[str, Sequence[float]],
    milestone: int,
) -> tuple[Outcome, ...]:
    """Each candidate multiplies some drawn fields: the n-th takes the n-th factor of each.

    A candidate whose documents could not be signed (SAFEs for all of the company, no price) is one that fails for sure.
    """
    count = len(next(iter(factors.values())))
    paths = path_count(draws)
    at_once = max(1, MOST_PATHS_AT_ONCE // paths)
    found: list[Outcome] = []
    for first in range(0, count, at_once):
        part = {field: values[first : first + at_once] for field, values in factors.items()}
        found += _side_by_side(scenario, strategy, draws, part, milestone)
    return tuple(found)


def _side_by_side(
    scenario: Scenario, strategy: Strategy, draws: Draws, factors: Mapping[str, Sequence[float]], milestone: int
) -> list[Outcome]:
    size, paths = len(next(iter(factors.values()))), path_count(draws)
    together = {name: np.tile(values, size) for name, values in draws.items()}
    for field, values in factors.items():
        base = np.broadcast_to(drawn(scenario, draws, field), (paths,))
        together[field] = np.concatenate([base * factor for factor in values])
    try:
        simulation = _simulated(scenario, strategy, together, size * paths)
    except InputError:
        if size == 1:
            return [_impossible(scenario, paths)]
        cuts = (slice(0, size // 2), slice(size // 2, size))
        halves = [{field: values[cut] for field, values in factors.items()} for cut in cuts]
        return [one for half in halves for one in _side_by_side(scenario, strategy, draws, half, milestone)]
    parts = [slice(at * paths, (at + 1) * paths) for at in range(size)]
    return [_outcome(scenario, simulation, part, milestone) for part in parts]


def _impossible(scenario: Scenario, paths: int) -> Outcome:
    always, never = (chance(np.full(paths, happens)) for happens in (True, False))
    return Outcome(dry=always, founders_share=0.0, starts=(never,) * len(scenario.runs))


def _simulated(scenario: Scenario, strategy: Strategy, draws: Draws, paths: int) -> Simulation:
    terms = strategy_terms(scenario, strategy, draws, paths)
    cents = np.broadcast_to(to_cents(reported(scenario, draws, "opening_cash")), (paths,))
    return run_plan(scenario, operating_plan(scenario, draws), terms, cents, draws)


def _outcome(scenario: Scenario, simulation: Simulation, part: slice, milestone: int) -> Outcome:
    founders = [row for row, holder in enumerate(scenario.holders) if holder.founder]
    share: Floats = simulation.ownership[milestone, founders][:, part].sum(axis=0)
    return Outcome(
        dry=chance(simulation.dry[part] <= milestone),
        founders_share=float(np.median(share)),
        starts=tuple(chance(months[part] <= milestone) for months in simulation.run_start),
    )
