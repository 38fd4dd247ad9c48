"""One path's financings folded exactly: the cap table that `simulate` approximates in floats."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Any

from core.capital.cap_table import EMPTY, CapTable, apply, offering_on
from core.capital.notes import NoteIssued
from core.capital.securities import (
    COMMON,
    PRICE_STEP,
    Event,
    Investment,
    PoolIncreased,
    PublicOffering,
    SafeIssued,
    SharesIssued,
)
from core.capital.securities import PricedRound as PricedRoundEvent
from core.capital.stock_events import NotesRepaid, SecondarySale, SharesRepurchased, WarrantIssued
from core.capital.table import all_shares
from core.capital.terms import AntiDilution
from core.plan.calendar import month_after
from core.plan.investor_promises import redemption_claim, revenue_of_a_year, years_since
from core.plan.operating import CENTS_PER_UNIT, to_cents
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
    for month, what, terms in _dated(simulation, path):
        day = month_after(scenario.founding, month)
        if what == "closed" and isinstance(terms.financing, Debt):
            strike = _last_price(steps)
            warrants = _warrants(terms, steps[-1].table, strike, path)
            if warrants:
                happens(WarrantIssued(day, terms.name, warrants, strike))
        elif what == "closed":
            happens(_event(_document(strategy, terms), simulation, terms, day, path))
        elif what == "repaid":
            happens(_paid_back(simulation, terms, steps[-1].table, day, path))
        else:
            for moved in _for_missed_target(scenario, simulation, terms, steps[-1], path):
                happens(moved)
    return tuple(steps)


def _document(strategy: Strategy, terms: Terms) -> Financing:
    """The strategy's own, or that of a bridge which investors gave unplanned."""
    return terms.financing if terms.bridges is not None else strategy.financings[terms.index]


def path_events(scenario: Scenario, strategy: Strategy, simulation: Simulation, path: int) -> tuple[Event, ...]:
    """What happened on one path."""
    return tuple(step.event for step in history(scenario, strategy, simulation, path))


def _dated(simulation: Simulation, path: int) -> list[tuple[int, str, Terms]]:
    """What changed the shares by month: closings first, then money paid back, then targets that were looked at."""
    dated: list[tuple[int, int, Terms]] = []
    for terms in simulation.terms:
        closed, repaid = (int(months[terms.index, path]) for months in (simulation.closed, simulation.repaid))
        if not terms.changes_shares or closed >= simulation.months:
            continue
        dated.append((closed, 0, terms))
        if not isinstance(terms.financing, Debt) and repaid < simulation.months:
            dated.append((repaid, 1, terms))
        looked_at = closed + int(terms.value("target_months")[path])
        if closed < looked_at < min(repaid, int(simulation.dry[path]), int(simulation.listed[path])):
            dated.append((looked_at, 2, terms))
    dated.sort(key=lambda one: (one[0], one[1], one[2].index))
    return [(month, ("closed", "repaid", "target")[what], terms) for month, what, terms in dated]


def _paid_back(simulation: Simulation, terms: Terms, table: CapTable, day: date, path: int) -> Event:
    """A note that found no round, or a series whose money is owed back."""
    if terms.kind == "note":
        return NotesRepaid(day, terms.name)
    month = int(simulation.repaid[terms.index, path])
    claim = redemption_claim(terms, years_since(terms, simulation.closed[terms.index], month))[path]
    shares = sum(one.shares for one in table.holdings if one.security == terms.name)
    return SharesRepurchased(day, terms.name, shares, Fraction(int(claim), CENTS_PER_UNIT) / shares, terms.name)


def _for_missed_target(
    scenario: Scenario, simulation: Simulation, terms: Terms, before: Step, path: int
) -> Iterator[Event]:
    """Founders' common that moves to the investor, as in `core.plan.investor_promises`."""
    document = terms.financing
    if not isinstance(document, Preferred) or document.target_paid_in == "cash":
        return
    target = int(to_cents(terms.reported("target_revenue"))[path])
    month = int(simulation.closed[terms.index, path] + terms.value("target_months")[path])
    reached, table = int(revenue_of_a_year(simulation.flows, month)[path]), before.table
    if reached >= target:
        return
    held = {one.holder: one.shares for one in table.holdings if one.security == COMMON}
    names = [holder.name for holder in scenario.holders if holder.founder and held.get(holder.name)]
    own = sum(table.as_converted(one) for one in table.holdings if one.security == terms.name)
    total = sum(held[name] for name in names)
    wanted = math.floor(Fraction(own * (target - reached), reached)) if reached > 0 else total
    day = month_after(scenario.founding, month)
    for name in names:
        moved = math.floor(held[name] * min(Fraction(wanted, total), Fraction(1)))
        if moved:
            yield SecondarySale(day, name, terms.name, moved, Fraction(0))


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
    amount = exact(simulation.amount[terms.index, path]) * terms.rate
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
        "offering_return": None if financing.ipo_ratchet_return is None else exact(financing.ipo_ratchet_return),
    }
