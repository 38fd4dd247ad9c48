"""One path's financings folded exactly: the cap table that `simulate` approximates in floats."""

from fractions import Fraction

from core.capital.cap_table import CapTable, fold
from core.capital.securities import Event, Investment, PoolIncreased, SafeIssued, SharesIssued
from core.capital.securities import PricedRound as PricedRoundEvent
from core.plan.calendar import month_after
from core.plan.financing import Terms
from core.plan.scenario import Scenario, Strategy
from core.plan.simulate import Simulation


def replay(scenario: Scenario, strategy: Strategy, simulation: Simulation, path: int) -> CapTable:
    """The exact cap table at the end of one path. Raises InputError where the documents could not be signed."""
    return fold(path_events(scenario, strategy, simulation, path))[-1]


def path_events(scenario: Scenario, strategy: Strategy, simulation: Simulation, path: int) -> tuple[Event, ...]:
    """What happened on one path: the founding, then each financing that closed there, in order."""
    founding: list[Event] = [SharesIssued(scenario.founding, holder.name, holder.shares) for holder in scenario.holders]
    if scenario.option_pool_shares:
        founding.append(PoolIncreased(scenario.founding, scenario.option_pool_shares))
    closed = [
        _event(scenario, strategy, terms, path)
        for terms, months in zip(simulation.terms, simulation.closed, strict=True)
        if months[path] < simulation.months
    ]
    return (*founding, *closed)


def exact(number: float) -> Fraction:
    """The decimal number that was typed as an exact fraction: 0.1 is 1/10, not the float nearest to it."""
    return Fraction(repr(float(number)))


def _event(scenario: Scenario, strategy: Strategy, terms: Terms, path: int) -> Event:
    financing = strategy.financings[terms.index]
    date = month_after(scenario.founding, terms.month)
    amount, valuation = exact(terms.amount_usd[path]), exact(terms.valuation_usd[path])
    if financing.kind == "safe":
        return SafeIssued(date, financing.name, amount, valuation, exact(terms.discount[path]))
    return PricedRoundEvent(
        date,
        financing.name,
        (Investment(financing.name, amount),),
        valuation,
        pool_target=exact(terms.pool_target[path]),
        liquidation_multiple=exact(financing.liquidation_multiple),
    )
