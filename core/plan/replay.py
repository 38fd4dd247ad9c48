"""One path's financings folded exactly: the cap table that `simulate` approximates in floats."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.capital.cap_table import CapTable, fold
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
from core.capital.stock_events import NotesRepaid
from core.capital.terms import AntiDilution
from core.plan.calendar import month_after
from core.plan.financing import Terms
from core.plan.scenario import Scenario
from core.plan.simulate import Simulation
from core.plan.strategies import FollowOn, Listing, Note, Preferred, Safe, Strategy
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
    """The exact cap table after each event of one path."""
    events = path_events(scenario, strategy, simulation, path)
    return tuple(Step(event, table) for event, table in zip(events, fold(events), strict=True))


def path_events(scenario: Scenario, strategy: Strategy, simulation: Simulation, path: int) -> tuple[Event, ...]:
    """What happened on one path: the founding, then each financing that closed there, in order."""
    founding: list[Event] = [SharesIssued(scenario.founding, holder.name, holder.shares) for holder in scenario.holders]
    if scenario.option_pool_shares:
        founding.append(PoolIncreased(scenario.founding, scenario.option_pool_shares))
    dated: list[tuple[int, int, Event]] = []  # month, its end after all that closes in it, event
    for terms in simulation.terms:
        closed, repaid = (int(months[terms.index, path]) for months in (simulation.closed, simulation.repaid))
        if terms.kind == "debt" or closed >= simulation.months:
            continue
        dated.append((closed, 0, _event(scenario, strategy, simulation, terms, path)))
        if repaid < simulation.months:
            dated.append((repaid, 1, NotesRepaid(month_after(scenario.founding, repaid), terms.name)))
    return (*founding, *(event for _, _, event in sorted(dated, key=lambda one: one[:2])))


def _event(scenario: Scenario, strategy: Strategy, simulation: Simulation, terms: Terms, path: int) -> Event:
    financing = strategy.financings[terms.index]
    date = month_after(scenario.founding, int(simulation.closed[terms.index, path]))
    # Documents are in the financing's own currency: exact rates keep their shares, their price grid is carried over.
    amount = exact(terms.value("amount")[path]) * terms.rate
    valuation = exact(simulation.valuation[terms.index, path]) * terms.rate
    price_step = PRICE_STEP * terms.rate
    discount = exact(terms.value("discount")[path])
    if isinstance(financing, Safe):
        share = exact(terms.value("fixed_share")[path]) or None
        return SafeIssued(
            date, terms.name, amount, valuation or None, discount, financing.form, financing.mfn, fixed_share=share
        )
    if isinstance(financing, Note):
        maturity = month_after(date, financing.maturity_months) if financing.maturity_months else None
        rate = exact(terms.value("interest_rate")[path])
        return NoteIssued(
            date, terms.name, amount, rate, valuation_cap=valuation or None, discount=discount, maturity=maturity
        )
    if isinstance(financing, Listing | FollowOn):
        secondary = exact(terms.value("secondary_share")[path])
        return PublicOffering(date, terms.name, amount, valuation, secondary, price_step)
    assert isinstance(financing, Preferred)
    return PricedRoundEvent(
        date,
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
