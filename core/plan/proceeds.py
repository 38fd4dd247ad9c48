"""What everybody gets at the horizon and on the way: the exit, the founders' proceeds, each provider's return."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property

from core.capital.cap_table import EMPTY, CapTable, apply, offering_on
from core.capital.returns import multiple_on_invested_capital, xirrs
from core.capital.securities import OptionsGranted, PublicOffering
from core.capital.waterfall import Payout, SaleTerms, sale
from core.plan.calendar import month_after
from core.plan.control import founders, held_by
from core.plan.investor_promises import redemption_claim, years_since
from core.plan.obligations import WITH_PROVIDER
from core.plan.operating import CENTS_PER_UNIT
from core.plan.replay import Step
from core.plan.scenario import OPTION_POOL, Scenario
from core.plan.simulate import Simulation
from core.plan.strategies import Preferred
from core.plan.terms import Terms
from core.plan.valuation_rule import enterprise_value
from core.plan.values import exact

DAYS_PER_YEAR = 365
WITHOUT_PROVIDER = ("grant", "credits")
DatedFlows = tuple[tuple[date, float], ...]


@dataclass(frozen=True)
class Exit:
    """The company valued at the horizon: enterprise value + cash − debt, less the cost of a sale if it is private.

    A private company is sold and its preferences are paid; the shares of a listed one are worth their market price,
    even while its holders may not sell them: until the month `sellable`.

    from_founders: what founders pay investors whom they owe more than the sale pays them, as far as they can
    """

    month: date
    sellable: date
    listed: bool
    forward_revenue: float
    forward_ebitda: float
    enterprise_value: float
    cash: float
    debt: float
    transaction_cost: float
    payout: Payout
    from_founders: Mapping[str, Fraction]

    @property
    def paid_by_founders(self) -> Fraction:
        return sum(self.from_founders.values(), Fraction(0))

    def received(self, holder: str) -> Fraction:
        """What the exit brings an investor."""
        return self.payout.by_holder.get(holder, Fraction(0)) + self.from_founders.get(holder, Fraction(0))

    @property
    def price(self) -> Fraction:
        """What the buyer pays, debt and costs included; of a listed company, what all its shares are worth."""
        return self.payout.distributed if self.listed else self.payout.proceeds

    @property
    def locked_up(self) -> bool:
        return self.sellable > self.month


@dataclass(frozen=True)
class Offered:
    """Shares that old holders sold in a public offering, and what they got for them after the spread."""

    date: date
    financing: str
    cost: float
    received: Mapping[str, Fraction]


@dataclass(frozen=True)
class ProviderReturn:
    """One provider's flows to the horizon, seen from the provider.

    rates: every yearly rate of return; none where nothing came back, several where the flows change sign more than once
    """

    name: str
    kind: str
    flows: DatedFlows
    multiple: float | None

    @cached_property
    def rates(self) -> tuple[float, ...]:
        return xirrs(self.flows)

    @property
    def rate(self) -> float | None:
        """The rate of return, where there is one alone."""
        return self.rates[0] if len(self.rates) == 1 else None


def value_at_horizon(scenario: Scenario, simulation: Simulation, table: CapTable, path: int) -> Exit:
    """What the company is worth at the horizon by the scenario's rule, and who is paid what."""
    rule = scenario.valuation
    listed = bool(simulation.listed[path] < simulation.months)
    revenue = int(simulation.forward_revenue[path]) / CENTS_PER_UNIT
    ebitda = int(simulation.forward_ebitda[path]) / CENTS_PER_UNIT
    worth = float(enterprise_value(rule, revenue, ebitda, listed=listed))
    cash = int(simulation.cash[-1, path]) / CENTS_PER_UNIT
    debt = int(simulation.debt[path]) / CENTS_PER_UNIT
    costs = 0.0 if listed else worth * rule.transaction_cost_share
    horizon = month_after(scenario.founding, scenario.horizon_months)
    payout = sale(
        with_vested_pool(scenario, table),
        _cents(worth + cash),
        debt=_cents(debt),
        costs=_cents(costs),
        terms=SaleTerms(on=horizon),  # until then notes bear interest and preferred stock its dividends
    )
    sellable = max(horizon, _end_of_lock_up(scenario, simulation, path)) if listed else horizon
    owed = {} if listed else owed_by_founders(simulation, path)
    paid = from_founders(payout, founders(scenario), owed)
    return Exit(horizon, sellable, listed, revenue, ebitda, worth, cash, debt, costs, payout, paid)


def owed_by_founders(simulation: Simulation, path: int) -> dict[str, Fraction]:
    """What founders have to pay for each series that they promised to buy back, at the horizon."""
    owed = {}
    for terms in simulation.terms:
        document, closed = terms.financing, simulation.closed[terms.index]
        if not isinstance(document, Preferred) or document.redemption_owed_by != "founders":
            continue
        if document.redemption_months and closed[path] + document.redemption_months <= simulation.months:
            years = years_since(terms, closed, simulation.months)
            owed[terms.name] = Fraction(int(redemption_claim(terms, years)[path]), CENTS_PER_UNIT)
    return owed


def from_founders(payout: Payout, names: set[str], owed: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """Each claim beyond what the sale pays; where founders get less than all of them, in proportion."""
    short = {name: claim - payout.by_holder.get(name, Fraction(0)) for name, claim in owed.items()}
    short = {name: amount for name, amount in short.items() if amount > 0}
    total, able = sum(short.values(), Fraction(0)), held_by(names, payout.by_holder)
    part = min(Fraction(1), able / total) if total else Fraction(0)
    return {name: amount * part for name, amount in short.items()}


def with_vested_pool(scenario: Scenario, table: CapTable) -> CapTable:
    """The table as the horizon finds it: the vested part of the pool is granted, the rest will vanish."""
    vested = int(table.unissued_pool * exact(scenario.valuation.option_pool_vested))
    horizon = month_after(scenario.founding, scenario.horizon_months)
    return apply(table, OptionsGranted(horizon, OPTION_POOL, vested)) if vested else table


def offered_shares(steps: tuple[Step, ...], simulation: Simulation, path: int) -> tuple[Offered, ...]:
    """What holders sold in the public offerings of one path's history."""
    table, offered = EMPTY, []
    spreads = {terms.name: terms.value("spread")[path] for terms in simulation.terms}
    for event, after in ((step.event, step.table) for step in steps):
        if isinstance(event, PublicOffering):
            offering = offering_on(table, event)
            after_spread = offering.offer_price * (1 - exact(spreads[event.name]))
            received = {holder: shares * after_spread for holder, shares in offering.sold.items() if shares}
            cost = float(offering.offer_price * sum(offering.sold.values()))
            offered.append(Offered(event.date, event.name, cost, received))
        table = after
    return tuple(offered)


def founders_flows(scenario: Scenario, offered: tuple[Offered, ...], exit: Exit | None) -> DatedFlows:
    """What the founders get and when, before tax; stock that is locked up at the horizon once it may be sold."""
    names = founders(scenario)
    sold = [(one.date, float(held_by(names, one.received))) for one in offered]
    last = [(exit.sellable, float(held_by(names, exit.payout.by_holder) - exit.paid_by_founders))] if exit else []
    return tuple(flow for flow in (*sold, *last) if flow[1])


def present_value(flows: DatedFlows, yearly_rate: float, today: date) -> float:
    """The flows' value on one day at a yearly rate."""
    return float(sum(amount * math.pow(1 + yearly_rate, -(day - today).days / DAYS_PER_YEAR) for day, amount in flows))


def provider_returns(
    scenario: Scenario, simulation: Simulation, offered: tuple[Offered, ...], exit: Exit | None
) -> tuple[ProviderReturn, ...]:
    """Cost of capital by instrument: every financing that closed on path 0, then the total of all of them."""
    returns = []
    for terms in simulation.terms:
        closed = int(simulation.closed[terms.index, 0])
        if closed >= simulation.months:
            continue
        if terms.kind in WITHOUT_PROVIDER:
            continue
        day = month_after(scenario.founding, closed)
        bought = sum(one.cost for one in offered if one.financing == terms.name)
        sold = [(one.date, float(one.received.get(terms.name, 0))) for one in offered]
        last = [(exit.month, float(exit.received(terms.name)))] if exit else []
        paid = _service(scenario, simulation, terms, exit) if terms.kind in WITH_PROVIDER else ()
        gave = float(terms.amount[0]) * (1 - float(terms.value("upfront_fee_share")[0]))
        flows = ((day, -round(gave * CENTS_PER_UNIT) / CENTS_PER_UNIT - bought), *paid, *sold, *last)
        flows = tuple(flow for flow in flows if flow[1])
        returns.append(_provider_return(terms.name, terms.kind, flows))
    everybody = tuple(sorted(flow for one in returns for flow in one.flows))
    return (*returns, _provider_return("", "total", everybody)) if returns else ()


def _end_of_lock_up(scenario: Scenario, simulation: Simulation, path: int) -> date:
    lock_up = next(terms.value("lock_up_months")[path] for terms in simulation.terms if terms.kind == "listing")
    return month_after(scenario.founding, int(simulation.listed[path] + lock_up))


def _service(scenario: Scenario, simulation: Simulation, terms: Terms, exit: Exit | None) -> DatedFlows:
    """What lenders and customers get back month by month, and at the horizon what is owed, as far as it is covered."""
    paid = -simulation.served[terms.index][:, 0] / CENTS_PER_UNIT
    flows = [(month_after(scenario.founding, month), float(cents)) for month, cents in enumerate(paid) if cents]
    owed = int(simulation.owed[terms.index, 0])
    if owed and exit is not None:
        covered = 1 - min(float(exit.payout.shortfall), exit.debt) / exit.debt
        flows.append((exit.month, round(owed * covered) / CENTS_PER_UNIT))
    return tuple(flows)


def _provider_return(name: str, kind: str, flows: DatedFlows) -> ProviderReturn:
    return ProviderReturn(name, kind, flows, multiple_on_invested_capital(flows))


def _cents(amount: float) -> Fraction:
    return Fraction(round(amount * CENTS_PER_UNIT), CENTS_PER_UNIT)
