"""When a financing closes, and at what price: gates, and the scenario's one valuation rule.

A gate that is not met keeps a financing waiting from its date on; one that is never met leaves it "not available". The
rule (`core.plan.valuation_rule`) prices whatever names no price: enterprise value with the cash and without the debt is
the value of the old shares.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core.capital.debt import instalment
from core.plan.company_state import State
from core.plan.listing_rules import Company, rules_met
from core.plan.offerings import can_be_offered
from core.plan.operating import CENTS_PER_UNIT, Cents, Floats
from core.plan.round_prices import Flags
from core.plan.scenario import Scenario
from core.plan.share_sales import can_be_priced
from core.plan.strategies import Listing
from core.plan.terms import Terms
from core.plan.valuation_rule import enterprise_value

OFFERINGS = ("listing", "follow_on")


@dataclass(frozen=True)
class Market:
    """What investors and lenders look at this month.

    annual_revenue: twelve times last month's, (paths,)
    recurring: monthly cash flow of late, before training, (paths,)
    forward_revenue, forward_ebitda: cents of the next twelve months as planned now
    flows: signed cents by name, (months, paths), known until last month
    """

    months: int
    annual_revenue: Floats
    recurring: Floats
    forward_revenue: Callable[[State], Cents]
    forward_ebitda: Callable[[State], Cents]
    scenario: Scenario
    flows: Mapping[str, Cents]


def settled(state: State, terms: Terms, month: int, market: Market) -> Terms | None:
    """The terms with the price of this month, `ready` where the financing closes; None where it closes nowhere."""
    if month < terms.month:
        return None
    open_ = terms.may_close & (state.dry > month) & (state.closed[terms.index] == market.months)
    if not open_.any():
        return None
    ready = open_ & _gate(state, terms, month, market)
    if not ready.any():
        return None
    rule_value = equity_value(state, market, listed=terms.kind in OFFERINGS)
    terms = replace(terms, ready=ready, rule_value=rule_value)
    if terms.kind not in OFFERINGS and not terms.by_rule:
        return terms
    value = rule_value / float(terms.rate) if terms.by_rule else terms.valuation
    if terms.kind == "listing":
        value = value / (1 + terms.value("first_day_return"))
    elif terms.kind == "follow_on":
        value = value * (1 - terms.value("discount"))
    value = np.rint(value * CENTS_PER_UNIT) / CENTS_PER_UNIT  # to the cent of its own currency
    settled_terms = replace(terms, valuation=value, ready=ready & (value > 0))
    settled_terms = replace(settled_terms, ready=settled_terms.ready & _listable(state, settled_terms, month, market))
    # A company worth less than its SAFEs has nothing to sell; a price that was typed is refused instead.
    if terms.by_rule:
        priced = can_be_offered if terms.kind in OFFERINGS else can_be_priced
        settled_terms = replace(settled_terms, ready=settled_terms.ready & priced(state, settled_terms))
    return settled_terms if settled_terms.ready.any() else None


def equity_value(state: State, market: Market, *, listed: bool) -> Floats:
    """Value of all shares by the valuation rule, (paths,); not below zero."""
    revenue, ebitda = (earned(state) / CENTS_PER_UNIT for earned in (market.forward_revenue, market.forward_ebitda))
    enterprise = enterprise_value(market.scenario.valuation, revenue, ebitda, listed=listed)
    return np.asarray(np.maximum(enterprise + (state.cash - state.debt.sum(axis=0)) / CENTS_PER_UNIT, 0.0))


def _listable(state: State, terms: Terms, month: int, market: Market) -> Flags:
    """Where the exchange that a listing names would take the company."""
    document = terms.financing
    if not isinstance(document, Listing) or document.market == "any":
        return np.ones_like(terms.ready)
    company = Company(
        month=month,
        flows=market.flows,
        cash=state.cash / CENTS_PER_UNIT,
        debt=state.debt.sum(axis=0) / CENTS_PER_UNIT,
        value=terms.reported_valuation,
        gross=terms.received,
    )
    return rules_met(market.scenario, document.market, company)


def debt_service(terms: Terms) -> Floats:
    """The loan's monthly instalment once it amortises."""
    return instalment(terms.amount, terms.value("interest_rate"), terms.value("amortization_months"))


def _gate(state: State, terms: Terms, month: int, market: Market) -> NDArray[np.bool_]:
    met = market.annual_revenue >= terms.reported("revenue_gate")
    if terms.kind == "debt":
        coverage = terms.value("coverage_gate")
        met = met & ((coverage == 0) | (market.recurring >= coverage * debt_service(terms)))
    if terms.kind == "follow_on":
        met = met & (state.listed < month)
    elif terms.kind != "debt":
        met = met & (state.listed == market.months)
    return np.asarray(met)
