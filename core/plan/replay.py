"""One path's financings folded exactly: the cap table that `simulate` approximates in floats."""

from dataclasses import dataclass

from core.capital.cap_table import CapTable, fold
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
from core.plan.calendar import month_after
from core.plan.financing import Terms
from core.plan.scenario import Scenario
from core.plan.simulate import Simulation
from core.plan.strategies import FollowOn, GrowthEquity, Listing, PricedRound, Safe, Strategy
from core.plan.values import exact


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
    closed = [
        _event(scenario, strategy, simulation, terms, path)
        for terms in sorted(simulation.terms, key=lambda terms: int(simulation.closed[terms.index, path]))
        if terms.kind != "debt" and simulation.closed[terms.index, path] < simulation.months
    ]
    return (*founding, *closed)


def _event(scenario: Scenario, strategy: Strategy, simulation: Simulation, terms: Terms, path: int) -> Event:
    financing = strategy.financings[terms.index]
    date = month_after(scenario.founding, int(simulation.closed[terms.index, path]))
    # Documents are in the financing's own currency: exact rates keep their shares, their price grid is carried over.
    amount = exact(terms.value("amount")[path]) * terms.rate
    valuation = exact(simulation.valuation[terms.index, path]) * terms.rate
    price_step = PRICE_STEP * terms.rate
    if isinstance(financing, Safe):
        return SafeIssued(date, financing.name, amount, valuation, exact(terms.value("discount")[path]))
    if isinstance(financing, Listing | FollowOn):
        secondary = exact(terms.value("secondary_share")[path])
        return PublicOffering(date, financing.name, amount, valuation, secondary, price_step)
    assert isinstance(financing, PricedRound | GrowthEquity)
    return PricedRoundEvent(
        date,
        financing.name,
        (Investment(financing.name, amount),),
        valuation,
        pool_target=exact(terms.value("pool_target")[path]),
        liquidation_multiple=exact(financing.liquidation_multiple),
        price_step=price_step,
    )
