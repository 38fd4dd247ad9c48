"""What to do next: a few changes to the plan, each tried on the whole of it, ranked by what founders keep.

A change that saves money is worth a smaller round: its effect on founders is that of the last private round smaller by
what the change leaves in the bank at the horizon, as far as the company lives with it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from core.errors import InputError
from core.plan.answer import PATH, Answer, answer
from core.plan.calendar import month_after, months_between
from core.plan.operating import CENTS_PER_UNIT
from core.plan.scenario import Scenario
from core.plan.scenario_io import edited
from core.plan.strategies import WITHOUT_SHARES, Listing, Preferred

MOST_STEPS = 5
WEEKS_PER_MONTH = 365.25 / 12 / 7
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
    weeks: of runway without the next round; None where the cash then never ends, before or after
    points: of founders' ownership at the horizon; money: that is left at the horizon, in the reporting currency
    value: present value of what the founders get more
    """

    kind: str
    subject: str
    changes: Mapping[str, object]
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
    tried = (_tried(scenario, strategy, found, one) for one in _candidates(scenario, strategy, found))
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
        if run.mfu * BETTER_MFU <= 1:
            yield _Candidate("better_mfu", run.name, {at + "mfu": run.mfu * BETTER_MFU})
        yield _Candidate("smaller_run", run.name, {at + "tokens": run.tokens * SMALLER_RUN})
        yield _Candidate("later_run", run.name, {at + "start": month_after(run.start, LATER_MONTHS)})
    for index, product in enumerate(scenario.demand):
        at = f"demand.{index}."
        if product.serving is None and product.serving_cost_per_million_tokens:
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


def _tried(scenario: Scenario, strategy: int, found: Answer, candidate: _Candidate) -> Step | None:
    """The change with its effect; None where the plan does not allow it or is no better for it."""
    try:
        changed = edited(scenario, candidate.changes)
        after = answer(changed, changed.strategies[strategy])
        saved = 0.0 if found.dry or after.dry else max(0.0, _last_cash(after) - _last_cash(found))
        kept = after if candidate.kind in TIMING else _with_smaller_round(changed, strategy, after, saved)
    except InputError:
        return None
    weeks = _weeks(scenario, found, after)
    points = float(kept.founders_share - found.founders_share)
    value = kept.founders_present_value - found.founders_present_value
    helps = value > 0 or (value == 0 and points > LEAST_POINTS)
    if found.dry is not None:  # to live longer comes before everything else
        helps = helps or (weeks or 0.0) > LEAST_WEEKS
    lives = after.dry is None or (found.dry is not None and after.dry > found.dry)
    if not (helps and lives):
        return None
    money = saved if candidate.kind not in TIMING else 0.0
    return Step(candidate.kind, candidate.subject, candidate.changes, weeks, points, money, value)


def _last_cash(one: Answer) -> float:
    return float(one.simulation.cash[-1, PATH]) / CENTS_PER_UNIT


def _with_smaller_round(scenario: Scenario, strategy: int, after: Answer, saved: float) -> Answer:
    """The plan with its last private round smaller by what is saved, where it lives as well with it."""
    financings = scenario.strategies[strategy].financings
    closed = {one.name: one for one in after.financings if one.closed is not None}
    rounds = [at for at, one in enumerate(financings) if isinstance(one, Preferred) and one.name in closed]
    if not rounds or not saved:
        return after
    last = rounds[-1]
    planned, outcome = financings[last].amount, closed[financings[last].name]
    amount = max(planned - saved * outcome.own_amount / outcome.amount, planned * LEAST_OF_A_ROUND)
    smaller = edited(scenario, {f"strategies.{strategy}.financings.{last}.amount": amount})
    found = answer(smaller, smaller.strategies[strategy])
    return found if found.dry is None else after


def _weeks(scenario: Scenario, before: Answer, after: Answer) -> float | None:
    """Runway gained without the next round."""
    if before.cash_out is None or after.cash_out is None:
        return None
    months = months_between(scenario.founding, after.cash_out) - months_between(scenario.founding, before.cash_out)
    return round(months * WEEKS_PER_MONTH, 1)
