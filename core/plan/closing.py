"""When a financing closes, and at what price: gates, and the scenario's one valuation rule.

A gate that is not met keeps a financing waiting from its date on; one that is never met leaves it "not available". The
rule (`core.plan.valuation_rule`) prices whatever names no price: enterprise value with the cash and without the debt is
the value of the old shares.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core.capital.debt import instalment
from core.plan.company_state import State
from core.plan.draws import Draws, drawn
from core.plan.listing_rules import Company, rules_met
from core.plan.offerings import can_be_offered
from core.plan.operating import CENTS_PER_UNIT, Cents, Floats
from core.plan.round_prices import Flags
from core.plan.round_risk import PRESSING_MONTHS_OF_CASH, Circumstances, after_attempt, attempt, months_of_cash
from core.plan.scenario import Scenario
from core.plan.share_sales import can_be_priced
from core.plan.strategies import WITHOUT_SHARES, Listing
from core.plan.terms import Terms
from core.plan.this_month import ThisMonth
from core.plan.valuation_rule import multiple_field, value_of

RUNNING_COSTS = ("research_staff", "other_staff", "overhead")
RECURRING = ("revenue", "serving", *RUNNING_COSTS)
OFFERINGS = ("listing", "follow_on")


@dataclass(frozen=True)
class Rule:
    """The scenario's valuation rule on every path: its multiple and its discount for private companies, (paths,)."""

    scenario: Scenario
    multiple: Floats
    discount: Floats

    def value(self, revenue: Floats, ebitda: Floats, *, listed: bool) -> Floats:
        """Value of the business without its cash and debt."""
        earned = revenue if self.scenario.valuation.basis == "revenue" else ebitda
        return np.asarray(value_of(earned, self.multiple, 0.0 if listed else self.discount))


def rule_on_paths(scenario: Scenario, draws: Draws) -> Rule:
    """The rule with the draws laid over it."""
    times = drawn(scenario, draws, f"valuation.{multiple_field(scenario.valuation)}")
    return Rule(scenario, times, drawn(scenario, draws, "valuation.discount"))


@dataclass(frozen=True)
class Market:
    """What investors and lenders look at this month.

    annual_revenue: twelve times last month's, (paths,)
    forward_revenue, forward_ebitda: cents of the next twelve months as planned now
    now: the month and what was before it
    """

    months: int
    annual_revenue: Floats
    forward_revenue: Callable[[State], Cents]
    forward_ebitda: Callable[[State], Cents]
    rule: Rule
    now: ThisMonth


def settled(state: State, terms: Terms, month: int, market: Market) -> tuple[State, Terms | None]:
    """The terms with the price of this month, `ready` where the financing closes, None where it closes nowhere; and the
    company, which may have tried and missed a round."""
    if month < terms.month and terms.bridges is None:
        return state, None
    ready = _open(state, terms, month, market)
    if terms.bridges is not None:
        return state, _bridge(terms, ready, market)
    if ready.any():
        ready = ready & _gate(state, terms, month, market)
    if not ready.any():
        return state, None
    terms = replace(terms, ready=ready, rule_value=equity_value(state, market, listed=terms.kind in OFFERINGS))
    terms = _priced(terms) if terms.kind in OFFERINGS or terms.by_rule else terms
    terms = replace(terms, ready=terms.ready & _listable(state, terms, month, market))
    if terms.risk is not None and terms.ready.any():
        state, terms = _tried(state, terms, month, market)
    # A company worth less than its SAFEs has nothing to sell; a price that was typed is refused instead.
    if terms.by_rule or terms.risk is not None:
        priced = can_be_offered if terms.kind in OFFERINGS else can_be_priced
        terms = replace(terms, ready=terms.ready & priced(state, terms))
    return state, terms if terms.ready.any() else None


def _open(state: State, terms: Terms, month: int, market: Market) -> Flags:
    """Where the financing may still close: it has not, the company lives and, where it sells shares, has investors."""
    open_ = terms.may_close & (state.dry > month) & (state.closed[terms.index] == market.months)
    if terms.bridges is not None:
        return np.asarray(open_ & (state.bridged[terms.bridges] == month))
    if not isinstance(terms.financing, WITHOUT_SHARES):
        open_ = open_ & ~state.unfunded
    if terms.risk is not None:
        pressed = months_of_cash(state, market.now.burn()) < PRESSING_MONTHS_OF_CASH
        open_ = open_ & (pressed | (month >= terms.month + terms.risk.delay)) & (month >= state.next_try[terms.index])
    return np.asarray(open_)


def _bridge(terms: Terms, ready: Flags, market: Market) -> Terms | None:
    """A bridge of so many months of what the company burns, where it burns anything."""
    model = market.rule.scenario.fundraising
    if model is None or not ready.any():
        return None
    cents = np.maximum(market.now.burn(), 0) * model.bridge_months
    amount = np.rint(cents / float(terms.rate)) / CENTS_PER_UNIT
    ready = ready & (amount > 0)
    return replace(terms, ready=ready, values={**terms.values, "amount": amount}) if ready.any() else None


def _priced(terms: Terms) -> Terms:
    """The price of the day: by the valuation rule where none is typed, below the market's for an offering."""
    value = terms.rule_value / float(terms.rate) if terms.by_rule else terms.valuation
    if terms.kind == "listing":
        value = value / (1 + terms.value("first_day_return"))
    elif terms.kind == "follow_on":
        value = value * (1 - terms.value("discount"))
    return _to_the_cent(terms, value)


def _tried(state: State, terms: Terms, month: int, market: Market) -> tuple[State, Terms]:
    """A round that may fail: where it closes, at the price that it then has."""
    assert terms.risk is not None
    gate = terms.reported("revenue_gate")
    beyond = np.where(gate > 0, market.annual_revenue / np.where(gate > 0, gate, 1.0), 1.0)
    found = attempt(terms.risk, state, terms.index, terms.ready, Circumstances(market.now.burn(), beyond))
    state = after_attempt(state, terms.index, found, terms.risk, month)
    return state, replace(_to_the_cent(terms, terms.valuation * found.price), ready=found.closes)


def _to_the_cent(terms: Terms, value: Floats) -> Terms:
    """The terms at this valuation, to the cent of their own currency; not ready where that is nothing."""
    value = np.rint(value * CENTS_PER_UNIT) / CENTS_PER_UNIT
    return replace(terms, valuation=value, ready=terms.ready & (value > 0))


def equity_value(state: State, market: Market, *, listed: bool) -> Floats:
    """Value of all shares by the valuation rule, (paths,); not below zero."""
    revenue, ebitda = (earned(state) / CENTS_PER_UNIT for earned in (market.forward_revenue, market.forward_ebitda))
    enterprise = market.rule.value(revenue, ebitda, listed=listed)
    return np.asarray(np.maximum(enterprise + (state.cash - state.debt.sum(axis=0)) / CENTS_PER_UNIT, 0.0))


def _listable(state: State, terms: Terms, month: int, market: Market) -> Flags:
    """Where the exchange that a listing names would take the company."""
    document = terms.financing
    if not isinstance(document, Listing) or document.market == "any":
        return np.ones_like(terms.ready)
    company = Company(
        month=month,
        flows=market.now.past,
        cash=state.cash / CENTS_PER_UNIT,
        debt=state.debt.sum(axis=0) / CENTS_PER_UNIT,
        value=terms.reported_valuation,
        gross=terms.received,
    )
    return rules_met(market.rule.scenario, document.market, company)


def debt_service(terms: Terms) -> Floats:
    """The loan's monthly instalment once it amortises."""
    return instalment(terms.amount, terms.value("interest_rate"), terms.value("amortization_months"))


def _gate(state: State, terms: Terms, month: int, market: Market) -> NDArray[np.bool_]:
    met = market.annual_revenue >= terms.reported("revenue_gate")
    if terms.kind == "debt":
        coverage = terms.value("coverage_gate")
        met = met & (
            (coverage == 0) | (market.now.of_late(RECURRING) / CENTS_PER_UNIT >= coverage * debt_service(terms))
        )
    if terms.kind == "follow_on":
        met = met & (state.listed < month)
    elif terms.kind != "debt":
        met = met & (state.listed == market.months)
    return np.asarray(met)
