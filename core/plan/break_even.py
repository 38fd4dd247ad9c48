"""Where a result turns: the number of the scenario at which it crosses a target, by bisection."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.errors import InputError
from core.plan.fields import field_bounds, field_value
from core.plan.outcomes_on_paths import is_drawn
from core.plan.points import CHANCE, RESULTS, position_of, results
from core.plan.scenario import Scenario
from core.plan.strategies import Preferred, Strategy

REACH = 10.0  # of the plain number, down and up
HALF = 0.5


@dataclass(frozen=True)
class BreakEven:
    """Where a result passes from one side of its target, at or above it, to the other, below it, or back.

    plain, base: the number as it is planned and the result there
    value: the number nearest to it that is on the other side, None if there is none from `low` to `high`; `before`: a
        hair nearer, still on the side of `base`
    crossings: how often the side changes from `low` to `high`; over 1, the result is not monotone and others lie beyond
    """

    field: str
    result: str
    target: float
    plain: float
    base: float
    value: float | None
    before: float | None
    low: float
    high: float
    crossings: int


@dataclass(frozen=True)
class Search:
    """How closely is looked: points of the scan, then points between the two ends of a bracket, so many times."""

    scan: int
    pieces: int
    rounds: int


CLOSE, QUICK = Search(41, 32, 4), Search(13, 1, 10)  # the chance of running dry takes many paths at every point


def break_even(
    scenario: Scenario,
    strategy: Strategy,
    field: str,
    result: str,
    target: float,
    *,
    between: tuple[float, float] | None = None,
    paths: int = 200,
    seed: int = 1,
) -> BreakEven:
    """Looks from a tenth of the field's plain number to ten times it, or `between` two numbers, within its bounds.

    The plan runs dry where "runway_months" falls below the horizon. Points that cannot be simulated are on no side.
    Raises InputError where the plain scenario cannot be simulated or the field is not a number that is drawn.
    """
    if result not in RESULTS:
        raise InputError("unknown_name", "result", result, " | ".join(RESULTS))
    if not is_drawn(scenario, field):
        raise InputError("unknown_field", field, field_value(scenario, field), "a number that the simulation draws")
    position, plain = position_of(scenario, strategy), float(field_value(scenario, field))
    low, high = (
        float(end) for end in np.clip(between or (plain / REACH, plain * REACH), *field_bounds(scenario, field))
    )
    if not low < high:
        raise InputError("out_of_range", field, plain, "low < high; a number above 0, or between two numbers")
    search = QUICK if result == CHANCE else CLOSE

    def reached(values: Sequence[float]) -> list[tuple[float, float]]:
        """Pairs of number and result, without those that cannot be simulated."""
        found = results(scenario, position, [{field: value} for value in values], result, paths=paths, seed=seed)
        return [(at, one) for at, one in zip(values, found, strict=True) if not isinstance(one, InputError)]

    (base,) = results(scenario, position, [{}], result, paths=paths, seed=seed)
    if isinstance(base, InputError):
        raise base
    spaced = np.geomspace(low, high, search.scan) if low > 0 else np.linspace(low, high, search.scan)
    scan = [*reached([float(one) for one in spaced[(spaced != plain)]]), (plain, base)]
    scan.sort()
    held = [one >= target for _, one in scan]
    turns = [index for index in range(len(scan) - 1) if held[index] != held[index + 1]]
    brackets = [_outward(plain, scan[index][0], scan[index + 1][0]) for index in turns]
    found = BreakEven(
        field, result, target, plain, base, None, None, min(low, scan[0][0]), max(high, scan[-1][0]), len(turns)
    )
    if not brackets:
        return found
    before, value = min(brackets, key=lambda one: abs(one[0] - plain))
    for _ in range(search.rounds):
        inside = [float(one) for one in np.linspace(before, value, search.pieces + 2)[1:-1]]
        passed = [(at, (one >= target) != (base >= target)) for at, one in reached(inside)]
        first = next((at for at, other in passed if other), value)
        kept = [at for at, other in passed if not other and abs(at - before) < abs(first - before)]
        before, value = (kept[-1] if kept else before), first
    return BreakEven(field, result, target, plain, base, value, before, found.low, found.high, found.crossings)


def plan_break_evens(scenario: Scenario, strategy: Strategy) -> tuple[BreakEven, ...]:
    """Where a plan turns: numbers to come at which it runs dry, or lasts if it runs dry as planned, and pre-money
    valuations of rounds to come at which the founders own half at the horizon. What turns nothing has no `value`."""
    position = position_of(scenario, strategy)
    runs = [at for at, one in enumerate(scenario.runs) if one.start >= scenario.figures_as_of]
    rounds = [
        at
        for at, one in enumerate(strategy.financings)
        if isinstance(one, Preferred) and one.date > scenario.figures_as_of
    ]
    fields = [f"runs.{at}.{name}" for at in runs[:1] for name in ("price_per_hour", "mfu")]
    if scenario.demand:
        last = f"demand.{len(scenario.demand) - 1}."
        fields += [last + name for name in ("price_per_million_tokens", "monthly_growth")]
    fields += ["overhead_per_month", *(f"strategies.{position}.financings.{at}.amount" for at in rounds[:1])]
    horizon = float(scenario.horizon_months)
    asked = [(field, "runway_months", horizon) for field in fields]
    asked += [(f"strategies.{position}.financings.{at}.pre_money", "founders_share", HALF) for at in rounds]
    return tuple(
        break_even(scenario, strategy, field, result, target)
        for field, result, target in asked
        if is_drawn(scenario, field) and field_value(scenario, field)
    )


def _outward(plain: float, one: float, other: float) -> tuple[float, float]:
    """The ends of a bracket, the one nearer to the plain number first."""
    return (one, other) if abs(one - plain) <= abs(other - plain) else (other, one)
