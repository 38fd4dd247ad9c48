"""The cap table after each event of the plan, and what a sale of the company would pay, for the page and the charts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import numpy as np

from core.capital import cap_table_report
from core.capital.cap_table import CapTable, fully_diluted
from core.capital.rounds import PricedRoundResult
from core.capital.securities import UNISSUED_POOL, Basis, Event, PricedRound, PublicOffering, SafeIssued
from core.capital.waterfall import payouts_by_exit
from core.errors import InputError
from core.plan.answer import PATH, Answer
from core.plan.proceeds import with_vested_pool
from core.plan.replay import path_events
from core.plan.scenario import OPTION_POOL, Scenario
from core.plan.strategies import Strategy

FOUNDING = "Founding"
SALE_POINTS = 120


@dataclass(frozen=True)
class CapTableStep:
    """The table after one event.

    priced: how the round was solved, None where it was not a priced round; by_basis: what each reading of its pre-money
        would have made of it, the error of one that has no price
    """

    name: str
    date: date
    table: CapTable
    fully_diluted: Mapping[str, float]
    priced: PricedRoundResult | None
    by_basis: Mapping[Basis, PricedRoundResult | InputError]


@dataclass(frozen=True)
class SaleCurve:
    """Payout in USD by holder at each sale price; `marked` is the plan's own value, None for a dry company."""

    values: tuple[float, ...]
    by_holder: Mapping[str, tuple[float, ...]]
    marked: float | None


def cap_table_steps(scenario: Scenario, strategy: Strategy, answer: Answer) -> tuple[CapTableStep, ...]:
    """The founding, then each financing that closed."""
    steps: list[CapTableStep] = []
    for step in steps_of(path_events(scenario, strategy, answer.simulation, PATH)):
        steps = [*steps[:-1], step] if steps and steps[-1].name == step.name else [*steps, step]
    return tuple(steps)


def steps_of(events: Iterable[Event]) -> tuple[CapTableStep, ...]:
    """The table after each of a company's events. Raises InputError for one that cannot follow those before it."""
    return tuple(
        CapTableStep(_name(step.event), step.event.date, step.table, _owned(step.table), step.round, step.bases or {})
        for step in cap_table_report.steps_of(events)
    )


def sale_curve(scenario: Scenario, answer: Answer) -> SaleCurve:
    """Sale prices from nothing to well past the plan's value and every preference."""
    table = with_vested_pool(scenario, answer.cap_table)
    marked = float(answer.exit.payout.proceeds) if answer.exit else None
    invested = (*(series.preference for series in table.series), *(safe.amount for safe in table.safes))
    last_valuation = max((one.valuation + one.amount for one in answer.financings if one.closed), default=1e6)
    highest = max(2 * (marked or 0), 3 * float(sum(invested)), 1.5 * last_valuation)
    values = [Fraction(round(value)) for value in np.linspace(0, highest, SALE_POINTS)]
    payouts = [payout.by_holder for payout in payouts_by_exit(table, values)]
    paid = {holder for payout in payouts for holder in payout}
    holders = [name for name in answer.simulation.classes if name in paid]
    return SaleCurve(
        values=tuple(float(value) for value in values),
        by_holder={holder: tuple(float(payout.get(holder, 0)) for payout in payouts) for holder in holders},
        marked=marked,
    )


def _name(event: Event) -> str:
    if isinstance(event, PricedRound | PublicOffering):
        return event.name
    return event.holder if isinstance(event, SafeIssued) else FOUNDING


def _owned(table: CapTable) -> dict[str, float]:
    return {
        OPTION_POOL if holder == UNISSUED_POOL else holder: float(share)
        for holder, share in fully_diluted(table).items()
    }
