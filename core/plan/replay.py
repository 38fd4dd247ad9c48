"""One path's financings folded exactly: the cap table that `simulate` approximates in floats."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Any

from core.capital.cap_table import EMPTY, CapTable, apply, offering_on
from core.capital.notes import NoteIssued
from core.capital.securities import (
    PRICE_STEP,
    Event,
    Investment,
    PoolIncreased,
    PublicOffering,
    SafeIssued,
    SharesIssued,
)
from core.capital.securities import PricedRound as PricedRoundEvent
from core.capital.stock_events import NotesRepaid, WarrantIssued
from core.capital.table import all_shares
from core.capital.terms import AntiDilution
from core.plan.calendar import month_after
from core.plan.scenario import Scenario
from core.plan.simulate import Simulation
from core.plan.strategies import Debt, Financing, FollowOn, Listing, Note, Preferred, Safe, Strategy
from core.plan.terms import Terms
from core.plan.values import exact

# Broad-based counts all stock, narrow-based the preferred alone.
ANTI_DILUTION: Mapping[str, AntiDilution | None] = {
    "none": None,
    "broad_based": AntiDilution("weighted_average"),
    "narrow_based": AntiDilution("weighted_average", "preferred"),
    "full_ratchet": AntiDilution("full_ratchet"),
}


@dataclass(frozen=True)
class Step:
    """One event of a path and the exact cap table after it."""

    event: Event
    table: CapTable


def replay(scenario: Scenario, strategy: Strategy, simulation: Simulation, path: int) -> CapTable:
    """The exact cap table at the end of one path. Raises InputError where the documents could not be signed."""
    return history(scenario, strategy, simulation, path)[-1].table


def history(scenario: Scenario, strategy: Strategy, simulation: Simulation, path: int) -> tuple[Step, ...]:
    """The exact cap table after each event of one path: the founding, then what closed there, in order.

    Raises InputError where the documents could not be signed.
    """
    steps: list[Step] = []

    def happens(event: Event) -> None:
        table = steps[-1].table if steps else EMPTY
        steps.append(Step(event, apply(table, event)))

    for holder in scenario.holders:
        happens(SharesIssued(scenario.founding, holder.name, holder.shares))
    if scenario.option_pool_shares:
        happens(PoolIncreased(scenario.founding, scenario.option_pool_shares))
    for month, terms, repaid in _dated(simulation, path):
        day = month_after(scenario.founding, month)
        if repaid:
            happens(NotesRepaid(day, terms.name))
        elif isinstance(terms.financing, Debt):
            strike = _last_price(steps)
            warrants = _warrants(terms, steps[-1].table, strike, path)
            if warrants:
                happens(WarrantIssued(day, terms.name, warrants, strike))
        else:
            happens(_event(strategy.financings[terms.index], simulation, terms, day, path))
    return tuple(steps)


def path_events(scenario: Scenario, strategy: Strategy, simulation: Simulation, path: int) -> tuple[Event, ...]:
    """What happened on one path."""
    return tuple(step.event for step in history(scenario, strategy, simulation, path))


def _dated(simulation: Simulation, path: int) -> list[tuple[int, Terms, bool]]:
    """The closings that changed the shares and the notes that were paid back, by month, these after those."""
    dated: list[tuple[int, int, int, Terms]] = []
    for terms in simulation.terms:
        closed, repaid = (int(months[terms.index, path]) for months in (simulation.closed, simulation.repaid))
        if not terms.changes_shares or closed >= simulation.months:
            continue
        dated.append((closed, 0, terms.index, terms))
        if terms.kind == "note" and repaid < simulation.months:
            dated.append((repaid, 1, terms.index, terms))
    return [(month, terms, bool(late)) for month, late, _, terms in sorted(dated, key=lambda one: one[:3])]


def _last_price(steps: Sequence[Step]) -> Fraction:
    """What a share cost in the last round or offering; 0 before the first."""
    for before, step in reversed(list(pairwise(steps))):
        if isinstance(step.event, PricedRoundEvent):
            return step.table.by_name[step.event.name].original_issue_price
        if isinstance(step.event, PublicOffering):
            return offering_on(before.table, step.event).offer_price
    return Fraction(0)


def _warrants(terms: Terms, table: CapTable, strike: Fraction, path: int) -> int:
    """Whole shares, as in `core.plan.money_without_shares`."""
    loan, size = terms.financing, exact(terms.value("warrant_size")[path])
    assert isinstance(loan, Debt)
    if strike == 0:
        return 0
    money = exact(terms.value("amount")[path]) * terms.rate
    return math.floor(size * (money / strike if loan.warrants == "share_of_loan" else all_shares(table)))


def _event(financing: Financing, simulation: Simulation, terms: Terms, day: date, path: int) -> Event:
    # Documents are in the financing's own currency: exact rates keep their shares, their price grid is carried over.
    amount = exact(terms.value("amount")[path]) * terms.rate
    valuation = exact(simulation.valuation[terms.index, path]) * terms.rate
    price_step = PRICE_STEP * terms.rate
    discount = exact(terms.value("discount")[path])
    if isinstance(financing, Safe):
        share = exact(terms.value("fixed_share")[path]) or None
        return SafeIssued(
            day, terms.name, amount, valuation or None, discount, financing.form, financing.mfn, fixed_share=share
        )
    if isinstance(financing, Note):
        maturity = month_after(day, financing.maturity_months) if financing.maturity_months else None
        rate = exact(terms.value("interest_rate")[path])
        return NoteIssued(
            day, terms.name, amount, rate, valuation_cap=valuation or None, discount=discount, maturity=maturity
        )
    if isinstance(financing, Listing | FollowOn):
        secondary = exact(terms.value("secondary_share")[path])
        amount *= 1 + exact(terms.value("over_allotment_share")[path])
        return PublicOffering(day, terms.name, amount, valuation, secondary, price_step)
    assert isinstance(financing, Preferred)
    return PricedRoundEvent(
        day,
        terms.name,
        (Investment(terms.name, amount),),
        valuation,
        pool_target=exact(terms.value("pool_target")[path]),
        liquidation_multiple=exact(financing.liquidation_multiple),
        seniority=financing.seniority,
        price_step=price_step,
        basis=financing.basis,
        **_stock_terms(financing),
    )


def _stock_terms(financing: Preferred) -> dict[str, Any]:
    """The terms that every share of the series carries."""
    capped = financing.participating and financing.participation_cap > 0
    return {
        "participation": "none" if not financing.participating else "capped" if capped else "full",
        "participation_cap": exact(financing.participation_cap) if capped else None,
        "dividend_rate": exact(financing.dividend_rate),
        "dividends": financing.dividends if financing.dividend_rate else "none",
        "anti_dilution": ANTI_DILUTION[financing.anti_dilution],
    }
