"""The cap table after each event of the plan, and what a sale of the company would pay, for the page and the charts."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

import numpy as np

from core.capital import cap_table_report
from core.capital.anti_dilution import Adjustment
from core.capital.cap_table import CapTable, OfferingResult, fully_diluted
from core.capital.compute_credits import CashEquivalent
from core.capital.control import votes
from core.capital.notes import NoteIssued
from core.capital.rounds import PricedRoundResult
from core.capital.securities import (
    OPTIONS,
    UNISSUED_POOL,
    Basis,
    Event,
    Holding,
    PricedRound,
    PublicOffering,
    SafeIssued,
)
from core.capital.stock_changes import votes_of_class
from core.capital.stock_events import NotesRepaid
from core.capital.table import all_shares
from core.capital.waterfall import payouts_by_exit
from core.errors import InputError
from core.plan import control
from core.plan.answer import PATH, Answer
from core.plan.proceeds import with_vested_pool
from core.plan.replay import path_events
from core.plan.scenario import OPTION_POOL, Scenario
from core.plan.strategies import Strategy

FOUNDING = "Founding"
SALE_POINTS = 120


@dataclass(frozen=True)
class VotingClass:
    """Stock of one class with the same votes a share: its shares as converted, and its part of all votes."""

    security: str
    votes_per_share: int
    shares: int
    part: Fraction


@dataclass(frozen=True)
class CapTableStep:
    """The table after one event.

    priced: how the round was solved, None where it was not a priced round; by_basis: what each reading of its pre-money
        would have made of it, the error of one that has no price; cash: the round in cash where a part is compute
    offering: how a public offering was priced
    votes: by holder, of issued stock; empty where nobody votes
    """

    event: Event
    name: str
    date: date
    table: CapTable
    fully_diluted: Mapping[str, float]
    priced: PricedRoundResult | None
    by_basis: Mapping[Basis, PricedRoundResult | InputError]
    cash: CashEquivalent | None
    offering: OfferingResult | None
    votes: Mapping[str, Fraction]
    voting_classes: tuple[VotingClass, ...]


@dataclass(frozen=True)
class SharesGained:
    """What a lower conversion price gives the holders of a series: shares as converted, and what it is of all shares.

    all: the pool and granted options included, SAFEs and notes outstanding left out
    """

    before: int
    after: int
    all: int

    @property
    def more(self) -> int:
        return self.after - self.before

    @property
    def part(self) -> Fraction:
        return Fraction(self.more, self.all)


@dataclass(frozen=True)
class SaleCurve:
    """Payout in USD by holder at each sale price; `marked` is the plan's own value, None for a dry company."""

    values: tuple[float, ...]
    by_holder: Mapping[str, tuple[float, ...]]
    marked: float | None


def cap_table_steps(scenario: Scenario, strategy: Strategy, answer: Answer) -> tuple[CapTableStep, ...]:
    """The founding, then each financing that closed; founders vote as the scenario says."""
    weights = {holder.name: holder.votes_per_share for holder in scenario.holders}
    steps: list[CapTableStep] = []
    for one in steps_of(path_events(scenario, strategy, answer.simulation, PATH)):
        classes = _voting_classes(one.table, weights)
        step = replace(one, votes=control.votes(scenario, one.table), voting_classes=classes)
        steps = [*steps[:-1], step] if steps and steps[-1].name == step.name else [*steps, step]
    return tuple(steps)


def steps_of(events: Iterable[Event]) -> tuple[CapTableStep, ...]:
    """The table after each of a company's events. Raises InputError for one that cannot follow those before it."""
    return tuple(
        CapTableStep(
            event=step.event,
            name=_name(step.event),
            date=step.event.date,
            table=step.table,
            fully_diluted=_owned(step.table),
            priced=step.round,
            by_basis=step.bases or {},
            cash=step.cash,
            offering=step.offering,
            votes=votes(step.table),
            voting_classes=_voting_classes(step.table, {}),
        )
        for step in cap_table_report.steps_of(events)
    )


def majority_lost(steps: Sequence[CapTableStep], names: Collection[str]) -> CapTableStep | None:
    """The first step after which these holders have no more than half of the votes, having had more; else None."""
    had = False
    for step in steps:
        has = control.held_by(set(names), step.votes) > control.MAJORITY
        if had and not has:
            return step
        had = has
    return None


def shares_gained(table: CapTable, adjustment: Adjustment) -> SharesGained:
    """A series that a round has adjusted, on the table after it: whole shares for each holder, before and after."""
    series = table.by_name[adjustment.series]
    held = [one for one in table.holdings if one.security == adjustment.series]
    unadjusted = replace(series, conversion_price=adjustment.before)
    return SharesGained(
        before=sum(unadjusted.as_converted(one.shares) for one in held),
        after=sum(series.as_converted(one.shares) for one in held),
        all=all_shares(table),
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


def _voting_classes(table: CapTable, weights: Mapping[str, int]) -> tuple[VotingClass, ...]:
    """Stock of one class whose holders' votes differ is several classes. weights: votes a share by holder, if other."""
    shares: dict[tuple[str, int], int] = {}
    for one in table.holdings:
        if one.security != OPTIONS:
            each = weights.get(one.holder, _votes_of(table, one))
            shares[one.security, each] = shares.get((one.security, each), 0) + table.as_converted(one)
    total = sum(each * count for (_, each), count in shares.items())
    return tuple(
        VotingClass(security, each, count, Fraction(each * count, total) if total else Fraction(0))
        for (security, each), count in shares.items()
    )


def _votes_of(table: CapTable, holding: Holding) -> int:
    series = table.by_name.get(holding.security)
    return votes_of_class(table, holding.security) if series is None else series.votes_per_share


def _name(event: Event) -> str:
    if isinstance(event, PricedRound | PublicOffering):
        return event.name
    return event.holder if isinstance(event, SafeIssued | NoteIssued | NotesRepaid) else FOUNDING


def _owned(table: CapTable) -> dict[str, float]:
    return {
        OPTION_POOL if holder == UNISSUED_POOL else holder: float(share)
        for holder, share in fully_diluted(table).items()
    }
