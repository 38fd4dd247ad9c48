"""How much to raise, when and how, so that the money lasts to a milestone with a chance that is agreed beforehand.

The chance of running dry is counted on one set of paths for all candidates (common random numbers), so that a larger
raise never looks worse by luck alone. Amounts are found between two factors of what is planned, dates among whole
months, instruments among those that the strategy may have; `core.plan.candidates` simulates many of them in one pass.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from core.errors import InputError
from core.plan.calendar import month_after, months_between
from core.plan.candidates import Outcome, luck, outcomes
from core.plan.draws import Draws
from core.plan.scenario import Scenario
from core.plan.scenario_io import edited
from core.plan.strategies import Financing, GrowthEquity, PricedRound, Safe

SMALLEST, LARGEST = 0.05, 8.0  # of the planned amount
AT_ONCE = 12
PRECISION = 0.002


@dataclass(frozen=True)
class Goal:
    """The money lasts past `milestone` (a month from the founding) but for a chance of at most `alpha`."""

    milestone: int
    alpha: float


@dataclass(frozen=True)
class Solution:
    """What to change in the scenario, as for `edited`, and what comes of it.

    amount: of the financing that was looked for, in its own currency; 0 where it is not one
    """

    changes: Mapping[str, object]
    amount: float
    outcome: Outcome


def smallest_raise(
    scenario: Scenario, strategy: int, financing: int, goal: Goal, *, paths: int = 1_000, seed: int = 1
) -> Solution | None:
    """The least amount of one financing that meets the goal, all else as planned; None where not even 8 times does."""
    return _smallest(scenario, strategy, financing, goal, luck(scenario, paths, seed))


def latest_date(
    scenario: Scenario, strategy: int, financing: int, goal: Goal, *, paths: int = 1_000, seed: int = 1
) -> Solution | None:
    """The last month in which one financing may be planned; None where not even today's or an earlier one meets it."""
    draws, at = luck(scenario, paths, seed), f"strategies.{strategy}.financings.{financing}."
    months = _months_of(scenario, strategy, financing)
    found: Solution | None = None
    low, high = 0, len(months) - 1
    while low <= high:
        middle = (low + high) // 2
        changed = _changed(scenario, strategy, financing, {"date": months[middle]})
        own = changed.strategies[strategy]
        (outcome,) = outcomes(changed, own, draws, {at + "amount": [1.0]}, goal.milestone)
        if outcome.dry.value <= goal.alpha:
            found = Solution({at + "date": months[middle]}, own.financings[financing].amount, outcome)
            low = middle + 1
        else:
            high = middle - 1
    return found


def least_dilution(
    scenario: Scenario,
    strategy: int,
    financing: int,
    goal: Goal,
    *,
    dates: Sequence[int],
    kinds: Sequence[str],
    paths: int = 1_000,
    seed: int = 1,
) -> Iterator[tuple[float, Solution | None]]:
    """Over months later than planned, kinds and amounts of one financing: what leaves the founders most and meets the
    goal. Gives, after each month and kind, how much is done and the best so far."""
    draws, best, done = luck(scenario, paths, seed), None, 0
    planned = scenario.strategies[strategy].financings[financing]
    for kind in kinds:
        for later in dates:
            terms = {"date": month_after(planned.date, later), "kind": kind}
            try:
                changed = _changed(scenario, strategy, financing, terms)
                found = _smallest(changed, strategy, financing, goal, draws)
            except InputError:  # a date before the founding, a price that does not hold: not a candidate
                found = None
            if found is not None and (best is None or found.outcome.founders_share > best.outcome.founders_share):
                path = f"strategies.{strategy}.financings.{financing}"
                document = changed.strategies[strategy].financings[financing]
                best = Solution(
                    {path: document.model_copy(update={"amount": found.amount})}, found.amount, found.outcome
                )
            done += 1
            yield done / (len(kinds) * len(dates)), best


def largest_model(
    scenario: Scenario, strategy: int, run: int, goal: Goal, *, paths: int = 1_000, seed: int = 1
) -> Solution | None:
    """The largest multiple of a run's parameters and tokens that starts by the milestone and leaves the money lasting.

    Parameters and tokens grow alike, as compute-optimal training has them, so the compute grows with the square.
    """
    draws = luck(scenario, paths, seed)
    fields = [f"runs.{run}.active_parameters", f"runs.{run}.tokens"]
    own = scenario.strategies[strategy]

    def meets(one: Outcome) -> bool:
        return one.dry.value <= goal.alpha and one.starts[run].value >= 1 - goal.alpha

    def evaluate(factors: Sequence[float]) -> tuple[Outcome, ...]:
        return outcomes(scenario, own, draws, dict.fromkeys(fields, factors), goal.milestone)

    found = _edge(evaluate, meets, up=True)
    if found is None:
        return None
    factor, outcome = found
    planned = scenario.runs[run]
    changes = {
        f"runs.{run}.total_parameters": planned.total_parameters * factor,
        f"runs.{run}.active_parameters": planned.active_parameters * factor,
        f"runs.{run}.tokens": planned.tokens * factor,
    }
    return Solution(changes, 0.0, outcome)


def frontier(
    scenario: Scenario, strategy: int, milestone: int, *, paths: int = 1_000, seed: int = 1
) -> tuple[tuple[float, Outcome], ...]:
    """Dilution against risk: all amounts still to come times a factor, from a quarter to four times the plan.

    Raises InputError where no financing is dated after the day of the scenario's figures.
    """
    draws, own = luck(scenario, paths, seed), scenario.strategies[strategy]
    coming = [index for index, one in enumerate(own.financings) if one.date > scenario.figures_as_of]
    if not coming:
        raise InputError("missing", f"strategies.{strategy}.financings", (), f"date > {scenario.figures_as_of}")
    factors = [float(factor) for factor in np.geomspace(0.25, 4.0, 2 * AT_ONCE + 1)]
    fields = [f"strategies.{strategy}.financings.{index}.amount" for index in coming]
    found = outcomes(scenario, own, draws, dict.fromkeys(fields, factors), milestone)
    return tuple(zip(factors, found, strict=True))


def _smallest(scenario: Scenario, strategy: int, financing: int, goal: Goal, draws: Draws) -> Solution | None:
    field = f"strategies.{strategy}.financings.{financing}.amount"
    own = scenario.strategies[strategy]

    def evaluate(factors: Sequence[float]) -> tuple[Outcome, ...]:
        return outcomes(scenario, own, draws, {field: factors}, goal.milestone)

    found = _edge(evaluate, lambda one: one.dry.value <= goal.alpha, up=False)
    if found is None:
        return None
    factor, outcome = found
    amount = own.financings[financing].amount * factor
    return Solution({field: amount}, amount, outcome)


def _edge(
    evaluate: Callable[[Sequence[float]], tuple[Outcome, ...]], meets: Callable[[Outcome], bool], *, up: bool
) -> tuple[float, Outcome] | None:
    """The smallest factor that meets the goal, or with `up` the largest, and what comes of it: a grid, made finer about
    the edge until it is known to PRECISION."""
    low, high = SMALLEST, LARGEST
    best: tuple[float, Outcome] | None = None
    while best is None or high / low > 1 + PRECISION:
        factors = [float(factor) for factor in np.geomspace(low, high, AT_ONCE)]
        tried = list(zip(factors, evaluate(factors), strict=True))
        good = [at for at, (_, one) in enumerate(tried) if meets(one)]
        if not good:
            return best
        at = good[-1] if up else good[0]
        best = tried[at]
        beside = at + 1 if up else at - 1
        if not 0 <= beside < len(tried):  # it holds at the end of the range
            return best
        low, high = sorted((factors[at], factors[beside]))
    return best


def _months_of(scenario: Scenario, strategy: int, financing: int) -> list[date]:
    """The months in which a financing may be planned: no earlier than the one before it, no later than the next one."""
    financings = scenario.strategies[strategy].financings
    first = financings[financing - 1].date if financing else scenario.founding
    end = month_after(scenario.founding, scenario.horizon_months - 1)
    last = financings[financing + 1].date if financing + 1 < len(financings) else end
    return [month_after(first, later) for later in range(months_between(first, last) + 1)]


def _changed(scenario: Scenario, strategy: int, financing: int, terms: Mapping[str, object]) -> Scenario:
    """The scenario with other terms of one financing, of another kind if `kind` is among them."""
    path = f"strategies.{strategy}.financings.{financing}"
    document = scenario.strategies[strategy].financings[financing]
    kind = str(terms.get("kind", document.kind))
    other = document if kind == document.kind else _of_kind(document, kind)
    update = {name: value for name, value in terms.items() if name != "kind"}
    return edited(scenario, {path: other.model_copy(update=update)})


def _of_kind(document: Financing, kind: str) -> Financing:
    """The same money at the same price as a SAFE, a priced round or growth equity."""
    common: dict[str, Any] = {
        "name": document.name,
        "currency": document.currency,
        "date": document.date,
        "amount": document.amount,
    }
    cap = getattr(document, "valuation_cap", None)
    pre_money = getattr(document, "pre_money", None) or (cap - document.amount if cap else None)
    if kind == "safe":
        return Safe(kind="safe", **common, valuation_cap=pre_money + document.amount if pre_money else None)
    if kind == "priced_round":
        return PricedRound(kind="priced_round", **common, pre_money=pre_money)
    if kind == "growth_equity":
        return GrowthEquity(kind="growth_equity", **common, pre_money=pre_money)
    raise InputError("unknown_name", "kind", kind, "safe | priced_round | growth_equity")
