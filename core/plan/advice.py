"""What to do next: a few changes to the plan, each tried on the whole of it, ranked by what founders keep.

A change that saves money is worth a smaller round: its effect on founders is that of the last private round smaller by
what the change leaves in the bank at the horizon, as far as the company lives with it. Only what is still to come after
the day of the scenario's figures can be changed: runs that have begun, products on sale and rounds of the past stay.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from core.errors import InputError
from core.plan.answer import PATH, Answer, answer
from core.plan.calendar import month_after
from core.plan.operating import CENTS_PER_UNIT
from core.plan.optimise_or_raise import weeks_of_cash
from core.plan.outcomes_on_paths import on_paths
from core.plan.scenario import Scenario
from core.plan.scenario_io import edited
from core.plan.strategies import WITHOUT_SHARES, Listing, Preferred

MOST_STEPS = 5
BETTER_MFU = 1.1
SMALLER_RUN = 0.7
LATER_MONTHS = 6
HALF_PRICE = 0.5
LEAST_POINTS, LEAST_WEEKS = 0.0005, 0.5
LEAST_OF_A_ROUND = 0.05
TIMING = ("raise_now", "raise_later", "earlier_listing")


@dataclass(frozen=True)
class Step:
    """One change and its effect on the plan.

    kind: "raise_now", "raise_later", "better_mfu", "smaller_run", "later_run", "cheaper_serving" or "earlier_listing"
    subject: name of the run, product or financing; changes: as for `edited`
    smaller_round: the last private round's amount less what is saved, as for `edited`; empty where no round shrinks
    weeks: of runway without the next round; None where the cash then never ends, before or after
    money: that is left at the horizon by `changes` alone, in the reporting currency
    points: of founders' ownership at the horizon; value: present value of what the founders get more; both with
        `changes` and `smaller_round`
    """

    kind: str
    subject: str
    changes: Mapping[str, object]
    smaller_round: Mapping[str, object]
    weeks: float | None
    points: float
    money: float
    value: float


@dataclass(frozen=True)
class _Candidate:
    kind: str
    subject: str
    changes: dict[str, object]


def advice(scenario: Scenario, strategy: int, found: Answer) -> tuple[Step, ...]:
    """At most five steps that help, one of a kind, the one that founders get most of first."""
    runway = _runway(scenario, strategy, found)
    tried = (_tried(scenario, strategy, found, runway, one) for one in _candidates(scenario, strategy, found))
    steps = sorted(
        (one for one in tried if one is not None), key=lambda one: (-one.value, -one.points, -(one.weeks or 0.0))
    )
    best_of_kind: dict[str, Step] = {}
    for one in steps:
        best_of_kind.setdefault(one.kind, one)
    return tuple(best_of_kind.values())[:MOST_STEPS]


def _candidates(scenario: Scenario, strategy: int, found: Answer) -> Iterator[_Candidate]:
    for index, run in enumerate(scenario.runs):
        at = f"runs.{index}."
        if run.start < scenario.figures_as_of:
            continue
        if run.mfu * BETTER_MFU <= 1:
            yield _Candidate("better_mfu", run.name, {at + "mfu": run.mfu * BETTER_MFU})
        yield _Candidate("smaller_run", run.name, {at + "tokens": run.tokens * SMALLER_RUN})
        yield _Candidate("later_run", run.name, {at + "start": month_after(run.start, LATER_MONTHS)})
    for index, product in enumerate(scenario.demand):
        at = f"demand.{index}."
        to_come = product.launch >= scenario.figures_as_of
        if to_come and product.serving is None and product.serving_cost_per_million_tokens:
            cheaper = product.serving_cost_per_million_tokens * HALF_PRICE
            yield _Candidate("cheaper_serving", product.name, {at + "serving_cost_per_million_tokens": cheaper})
    yield from _timing(scenario, strategy, found)


def _timing(scenario: Scenario, strategy: int, found: Answer) -> Iterator[_Candidate]:
    """Rounds a few months sooner or later, as far as their order allows."""
    financings = scenario.strategies[strategy].financings
    for index, one in enumerate(financings):
        if isinstance(one, WITHOUT_SHARES) or one.date <= scenario.figures_as_of:
            continue
        field = f"strategies.{strategy}.financings.{index}.date"
        sooner = "earlier_listing" if isinstance(one, Listing) else "raise_now"
        for kind, months in ((sooner, -LATER_MONTHS), ("raise_later", LATER_MONTHS)):
            moved = month_after(one.date, months)
            before = financings[index - 1].date if index else scenario.founding
            after = financings[index + 1].date if index + 1 < len(financings) else found.horizon
            if before <= moved <= after:
                yield _Candidate(kind, one.name, {field: moved})


def _tried(
    scenario: Scenario, strategy: int, found: Answer, runway: float | None, candidate: _Candidate
) -> Step | None:
    """The change with its effect; None where the plan does not allow it or is no better for it."""
    try:
        changed = edited(scenario, candidate.changes)
        after = answer(changed, changed.strategies[strategy])
        saved = 0.0
        if candidate.kind not in TIMING and not (found.dry or after.dry):
            saved = max(0.0, _last_cash(after) - _last_cash(found))
        kept, smaller_round = _with_smaller_round(changed, strategy, after, saved)
        later = _runway(changed, strategy, found)
    except InputError:
        return None
    weeks = None if runway is None or later is None else later - runway
    points = float(kept.founders_share - found.founders_share)
    value = kept.founders_present_value - found.founders_present_value
    helps = value > 0 or (value == 0 and points > LEAST_POINTS)
    if found.dry is not None:  # to live longer comes before everything else
        helps = helps or (weeks or 0.0) > LEAST_WEEKS
    lives = after.dry is None or (found.dry is not None and after.dry > found.dry)
    if not (helps and lives) or (candidate.kind == "later_run" and _put_off(candidate, found, after)):
        return None
    return Step(candidate.kind, candidate.subject, candidate.changes, smaller_round, weeks, points, saved, value)


def _put_off(candidate: _Candidate, found: Answer, after: Answer) -> bool:
    """Whether a plan that lives would save no more than what it no longer pays before the horizon."""
    return found.dry is None and any(one.name == candidate.subject and one.ended is None for one in after.runs)


def _last_cash(one: Answer) -> float:
    return float(one.simulation.cash[-1, PATH]) / CENTS_PER_UNIT


def _with_smaller_round(
    scenario: Scenario, strategy: int, after: Answer, saved: float
) -> tuple[Answer, dict[str, object]]:
    """The plan with its last private round smaller by what is saved, where it lives as well with it; the change."""
    financings = scenario.strategies[strategy].financings
    closed = {one.name: one for one in after.financings if one.closed is not None}
    rounds = [
        at
        for at, one in enumerate(financings)
        if isinstance(one, Preferred) and one.name in closed and one.date > scenario.figures_as_of
    ]
    if not rounds or not saved:
        return after, {}
    last = rounds[-1]
    planned, outcome = financings[last].amount, closed[financings[last].name]
    amount = max(planned - saved * outcome.own_amount / outcome.amount, planned * LEAST_OF_A_ROUND)
    change: dict[str, object] = {f"strategies.{strategy}.financings.{last}.amount": amount}
    smaller = edited(scenario, change)
    found = answer(smaller, smaller.strategies[strategy])
    return (found, change) if found.dry is None else (after, {})


def _runway(scenario: Scenario, strategy: int, found: Answer) -> float | None:
    """Weeks of cash without the next financing that `found` cannot do without and all later ones; None for ever."""
    own = scenario.strategies[strategy]
    coming = len(own.financings)
    if found.next_financing is not None:
        coming = [one.name for one in own.financings].index(found.next_financing.name)
    return weeks_of_cash(on_paths(scenario, own, {}, 1).only(range(coming)))
