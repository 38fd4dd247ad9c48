"""Questions that a founder asks the solvers: each with its goal, what is found, and the same on luck of its own.

An amount that just meets the goal on the paths it was looked for on meets it a little too well there: its chance is
simulated once more with a fresh seed and four times the paths, and that figure is the one to trust.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from core.plan.calendar import month_after, months_between
from core.plan.candidates import Outcome, luck, outcomes
from core.plan.milestones import planned_milestones
from core.plan.scenario import Scenario
from core.plan.scenario_io import edited
from core.plan.solve import LARGEST, Goal, Solution, largest_model, latest_date, least_dilution, smallest_raise
from core.plan.strategies import Financing, GrowthEquity, PricedRound, Safe

Kind = Literal["smallest_raise", "latest_date", "least_dilution", "largest_model"]
KINDS: tuple[Kind, ...] = ("smallest_raise", "latest_date", "least_dilution", "largest_model")
SOLD: tuple[str, ...] = ("priced_round", "growth_equity", "safe")
DELAYS = (-6, -3, 0, 3, 6)
FRESH_PATHS, FRESH_SEED = 4, 7_919  # times the paths; beside the seed
MONTHS_BETWEEN_GOALS = 6


@dataclass(frozen=True)
class Question:
    """kind: of question; position: of the financing, or of the run for "largest_model", in the scenario
    instruments: kinds of document that "least_dilution" may choose among"""

    kind: Kind
    position: int
    goal: Goal
    instruments: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reply:
    """done: how far the search is, 1 at its end; solution: the best so far
    planned, largest: the plan as it is, and with the financing at its largest, on the luck of the search
    fresh: the solution on luck of its own; all three are None before the end, or where they make no sense
    """

    done: float
    solution: Solution | None
    planned: Outcome | None = None
    largest: Outcome | None = None
    fresh: Outcome | None = None


def replies(scenario: Scenario, strategy: int, question: Question, *, paths: int, seed: int) -> Iterator[Reply]:
    """How far the search is, and at its end what it found. Raises InputError as `simulate` does."""
    found: Solution | None = None
    if question.kind == "least_dilution":
        delays = possible_delays(scenario, strategy, question.position)
        for done, best in least_dilution(
            scenario,
            strategy,
            question.position,
            question.goal,
            dates=delays,
            kinds=question.instruments,
            paths=paths,
            seed=seed,
        ):
            found = best
            if done < 1:
                yield Reply(done, found)
    else:
        solve = {"smallest_raise": smallest_raise, "latest_date": latest_date, "largest_model": largest_model}
        found = solve[question.kind](scenario, strategy, question.position, question.goal, paths=paths, seed=seed)
    milestone = question.goal.milestone
    largest = None
    if found is None and question.kind == "smallest_raise":
        field = f"strategies.{strategy}.financings.{question.position}.amount"
        largest = risk_at(scenario, strategy, milestone, paths=paths, seed=seed, times=(field, LARGEST))
    fresh = None
    if found is not None:
        changed = edited(scenario, found.changes)
        fresh = risk_at(changed, strategy, milestone, paths=FRESH_PATHS * paths, seed=seed + FRESH_SEED)
    planned = risk_at(scenario, strategy, milestone, paths=paths, seed=seed)
    yield Reply(1.0, found, planned, largest, fresh)


def risk_at(
    scenario: Scenario,
    strategy: int,
    milestone: int,
    *,
    paths: int,
    seed: int,
    times: tuple[str, float] = ("opening_cash", 1.0),
) -> Outcome:
    """The plan's chance of running dry by a month, one drawn number times a factor."""
    field, factor = times
    draws = luck(scenario, paths, seed)
    (found,) = outcomes(scenario, scenario.strategies[strategy], draws, {field: [factor]}, milestone)
    return found


def goal_months(scenario: Scenario) -> dict[int, tuple[str, ...]]:
    """Months that the money may have to last past, with the runs and launches planned in each: those, every half year
    and the last of the horizon; of those to come after the day of the figures."""
    today = max(months_between(scenario.founding, scenario.figures_as_of), 0)
    last = scenario.horizon_months - 1
    regular = (*range(MONTHS_BETWEEN_GOALS - 1, last, MONTHS_BETWEEN_GOALS), last)
    names: dict[int, tuple[str, ...]] = dict.fromkeys(regular, ())
    for one in planned_milestones(scenario):
        names[one.planned] = (*names.get(one.planned, ()), one.name)
    return {month: names[month] for month in sorted(names) if month > today or month == last}


def solvable_financings(scenario: Scenario, strategy: int) -> tuple[int, ...]:
    """Positions of the financings that are still to come."""
    return tuple(
        at for at, one in enumerate(scenario.strategies[strategy].financings) if one.date > scenario.figures_as_of
    )


def solvable_runs(scenario: Scenario) -> tuple[int, ...]:
    """Positions of the runs that are still to begin before the horizon."""
    end = month_after(scenario.founding, scenario.horizon_months)
    return tuple(at for at, one in enumerate(scenario.runs) if scenario.figures_as_of <= one.start < end)


def instruments(document: Financing, *, rounds_may_fail: bool) -> tuple[str, ...]:
    """What the same money may be raised as; a SAFE last, or left out where it would replace a round that may fail, for
    SAFEs are drawn as sure to come. Empty where the document sells no new shares of a private company."""
    if isinstance(document, Safe):
        return ("safe", "priced_round")
    if isinstance(document, PricedRound | GrowthEquity):
        return SOLD[:2] if rounds_may_fail else SOLD
    return ()


def possible_delays(scenario: Scenario, strategy: int, financing: int) -> tuple[int, ...]:
    """Months by which a financing may come sooner or later, between the day of the figures and the horizon and in the
    order of the others."""
    financings = scenario.strategies[strategy].financings
    first = financings[financing - 1].date if financing else scenario.founding
    end = month_after(scenario.founding, scenario.horizon_months - 1)
    last = financings[financing + 1].date if financing + 1 < len(financings) else end
    moved = {later: month_after(financings[financing].date, later) for later in DELAYS}
    earliest = max(first, scenario.figures_as_of, scenario.founding)
    return tuple(later for later, day in moved.items() if later == 0 or earliest <= day <= last)
