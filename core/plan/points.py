"""Variants of one scenario, evaluated side by side: a point is what it changes, field by field.

Points that differ in drawn numbers alone run as paths of one simulation and come out as they would one by one. A point
that cannot be evaluated keeps its InputError in its place; the others are evaluated all the same.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

import numpy as np

from core.errors import InputError
from core.plan.draws import sample
from core.plan.fields import field_value
from core.plan.operating import Floats
from core.plan.outcomes_on_paths import OnPaths, is_drawn, on_paths
from core.plan.risk import PATHS_AT_ONCE
from core.plan.scenario import Scenario
from core.plan.scenario_io import edited
from core.plan.strategies import Strategy

Point = Mapping[str, object]
Figure = TypeVar("Figure")
CHANCE = "chance_of_running_dry"
RESULTS: Mapping[str, Callable[[OnPaths], Floats]] = {
    "funds_needed": lambda one: one.funds_needed,
    "runway_months": lambda one: one.dry.astype(np.float64),  # the horizon where the cash outlasts it
    "founders_share": lambda one: one.founders_share,
    "founders_proceeds": lambda one: one.founders_proceeds,
    CHANCE: lambda one: (one.dry < one.planned.months).astype(np.float64),
}


def evaluated(
    scenario: Scenario, strategy: int, points: Sequence[Point], read: Callable[[OnPaths], Iterable[Figure]]
) -> list[Figure | InputError]:
    """What `read` says of each point, one figure a path, in their order; `strategy` is a position."""
    found: dict[int, Figure | InputError] = {}
    for fixed, numbers in _grouped(scenario, points):
        try:
            variant = edited(scenario, fixed) if fixed else scenario
        except InputError as error:
            found |= dict.fromkeys(numbers, error)
            continue
        for first in range(0, len(numbers), PATHS_AT_ONCE):
            some = numbers[first : first + PATHS_AT_ONCE]
            changes = [{field: points[one][field] for field in points[one] if field not in fixed} for one in some]
            found |= zip(some, _together(variant, strategy, changes, read), strict=True)
    return [found[number] for number in range(len(points))]


def results(
    scenario: Scenario, strategy: int, points: Sequence[Point], result: str, *, paths: int, seed: int
) -> list[float | InputError]:
    """One result at each point; the chance of running dry from `paths` paths of the ranges that no point fixes."""
    if result != CHANCE:
        return evaluated(scenario, strategy, points, lambda one: [float(value) for value in RESULTS[result](one)])
    if not scenario.uncertainty and scenario.fundraising is None:
        raise InputError("missing", "uncertainty", (), "ranges, or fundraising that may fail")
    return [_chance(scenario, strategy, point, paths, seed) for point in points]


def position_of(scenario: Scenario, strategy: Strategy) -> int:
    """The strategy's place in the scenario, by its name."""
    for place, one in enumerate(scenario.strategies):
        if one.name == strategy.name:
            return place
    raise InputError("unknown_name", "strategy", strategy.name, " | ".join(one.name for one in scenario.strategies))


def _chance(scenario: Scenario, strategy: int, point: Point, paths: int, seed: int) -> float | InputError:
    fixed = _fixed(scenario, point)
    try:
        variant = edited(scenario, fixed) if fixed else scenario
        draws = dict(sample(variant, paths, seed)) | {
            field: np.full(paths, value, dtype=np.float64) for field, value in point.items() if field not in fixed
        }
        found = OnPaths(variant, variant.strategies[strategy], draws, paths)
        return float(RESULTS[CHANCE](found).mean())
    except InputError as error:
        return error


def _fixed(scenario: Scenario, point: Point) -> dict[str, object]:
    """What a point changes that is no number which may differ by path."""
    return {
        field: value
        for field, value in point.items()
        if isinstance(value, bool) or not isinstance(value, int | float) or not is_drawn(scenario, field)
    }


def _grouped(scenario: Scenario, points: Sequence[Point]) -> list[tuple[dict[str, object], list[int]]]:
    """Numbers of the points that change the same fields which are not drawn to the same values."""
    groups: dict[str, tuple[dict[str, object], list[int]]] = {}
    for number, point in enumerate(points):
        fixed = _fixed(scenario, point)
        groups.setdefault(repr(fixed), (fixed, []))[1].append(number)
    return list(groups.values())


def _together(
    scenario: Scenario, strategy: int, points: Sequence[Point], read: Callable[[OnPaths], Iterable[Figure]]
) -> list[Figure | InputError]:
    """Points of drawn numbers as paths; halved where one of them cannot be simulated, until it is found."""
    fields = list(dict.fromkeys(field for point in points for field in point))
    try:
        draws = {
            field: np.array([point.get(field, field_value(scenario, field)) for point in points], dtype=np.float64)
            for field in fields
        }
        return list(read(on_paths(scenario, scenario.strategies[strategy], draws, len(points))))
    except InputError as error:
        if len(points) == 1:
            return [error]
        half = len(points) // 2
        parts = (points[:half], points[half:])
        return [figure for part in parts for figure in _together(scenario, strategy, part, read)]
