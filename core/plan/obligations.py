"""What a closed financing costs or brings in the months after: one function for each kind, in a table.

A function takes the company, the terms, the month and the flows of the month so far, and gives the company after it and
the signed cents that move, (paths,). It works on every path; the caller drops what it says of companies that ran dry.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core.capital.debt import instalment
from core.plan.calendar import MONTHS_PER_YEAR
from core.plan.company_state import State, repay_note, with_row
from core.plan.investor_promises import judged, pay_claim, redeemed
from core.plan.operating import Cents, Floats, spread, to_cents
from core.plan.round_prices import Flags
from core.plan.terms import Terms
from core.plan.this_month import ThisMonth

PREFERRED = ("priced_round", "growth_equity")


Meet = Callable[[State, Terms, ThisMonth], tuple[State, Cents]]


@dataclass(frozen=True)
class Obligation:
    """What one financing may move in the months after its closing, and the flow that it moves."""

    flow: str
    terms: Terms
    meet: Meet


def obligations_of(terms: tuple[Terms, ...]) -> tuple[Obligation, ...]:
    """All that these financings bring with them, in the order in which it is met: claims of investors come last, as
    they take what everything else leaves."""
    return tuple(
        Obligation(flow, one, kinds[one.kind])
        for flow, kinds in OBLIGATIONS
        for one in terms
        if one.kind in kinds and (one.kind not in PREFERRED or _has_promises(one, flow))
    )


def meet_obligations(
    state: State, obligations: tuple[Obligation, ...], now: ThisMonth
) -> tuple[State, dict[str, Cents], dict[int, Cents]]:
    """The company after what its financings cost or bring this month, by flow; and what their providers pay or get."""
    nothing = np.zeros_like(state.cash)
    moved = dict.fromkeys(FLOWS_OF_OBLIGATIONS, nothing)
    now = replace(now, flows={**now.flows, **moved})
    by_provider: dict[int, Cents] = {}
    for one in obligations:
        since = state.closed[one.terms.index] <= now.month
        if not since.any():
            continue
        alive = (state.dry > now.month) & since
        state, amount = one.meet(state, one.terms, now)
        if not amount.any():
            continue
        amount = np.where(alive, amount, 0)
        now.flows[one.flow] = moved[one.flow] = moved[one.flow] + amount
        if one.flow in BETWEEN_PROVIDERS:
            by_provider[one.terms.index] = amount
    return state, moved, by_provider


def _has_promises(terms: Terms, flow: str) -> bool:
    """Whether preferred stock moves anything of this flow: most of it does not."""
    if flow == "compute_credits":
        return bool(terms.value("compute_share").any())
    return bool(terms.value("redemption_months").any() or terms.value("target_months").any())


def payable_with_credits(state: State, terms: tuple[Terms, ...], bill: Cents) -> Cents:
    """The part of a compute bill that credits in hand may pay, (paths,)."""
    if not state.credits.any():
        return np.zeros_like(bill)
    parts = [np.minimum(state.credits[one.index], np.rint(bill * _usable(one)).astype(np.int64)) for one in terms]
    return np.asarray(np.minimum(np.sum(parts, axis=0), bill), dtype=np.int64)


def _usable(terms: Terms) -> Floats:
    return terms.value("usable_share") if terms.kind == "credits" else np.ones_like(terms.amount)


def _pay_grant(state: State, terms: Terms, now: ThisMonth) -> tuple[State, Cents]:
    months = terms.value("payment_months")
    age = now.month - state.closed[terms.index]
    total = to_cents(terms.amount)
    paid, before = (np.clip(since / months, 0, 1) for since in (age + 1, age))
    return state, spread(total, paid) - spread(total, before)


def _use_credits(state: State, terms: Terms, now: ThisMonth) -> tuple[State, Cents]:
    """A part of the bill, as long as the credits last; what has expired is lost."""
    left = state.credits[terms.index]
    if not left.any():
        return state, np.zeros_like(left)
    due = np.rint(np.maximum(now.bill(), 0) * _usable(terms)).astype(np.int64)
    used = np.where(state.dry > now.month, np.minimum(left, due), 0)
    expires = terms.value("expiry_months" if terms.kind == "credits" else "compute_expiry_months")
    last = now.month + 1 - state.closed[terms.index] >= expires
    return replace(state, credits=with_row(state.credits, terms.index, np.where(last, 0, left - used))), used


def _serve_prepaid(state: State, terms: Terms, now: ThisMonth) -> tuple[State, Cents]:
    """Revenue that customers have paid for already; a month without revenue leaves it for later."""
    left = state.prepaid[terms.index]
    worth = to_cents(terms.amount / (1 - terms.value("discount")))
    part = np.ceil(worth / terms.value("service_months")).astype(np.int64)
    revenue = now.flows["revenue"] + now.flows["prepaid_service"]
    served = np.where(now.month > state.closed[terms.index], np.minimum(np.minimum(left, part), revenue), 0)
    served = np.where(state.dry > now.month, np.maximum(served, 0), 0)
    return replace(state, prepaid=with_row(state.prepaid, terms.index, left - served)), -served


def _share_revenue(state: State, terms: Terms, now: ThisMonth) -> tuple[State, Cents]:
    """A part of the month's revenue until the multiple is paid back."""
    owed = state.debt[terms.index]
    part = np.rint(now.flows["revenue"] * terms.value("share_of_revenue")).astype(np.int64)
    pays = (now.month > state.closed[terms.index]) & (state.dry > now.month)
    paid = np.where(pays, np.minimum(owed, part), 0)
    return replace(state, debt=with_row(state.debt, terms.index, owed - paid)), -paid


def _repay_note(state: State, terms: Terms, now: ThisMonth) -> tuple[State, Cents]:
    maturity = terms.value("maturity_months")
    due = (state.dry > now.month) & (maturity > 0) & (now.month - state.closed[terms.index] == maturity)
    after, owed = repay_note(state, terms.index, due, now.month, terms.month_starts)
    return after, -owed


def _serve_loan(state: State, terms: Terms, now: ThisMonth) -> tuple[State, Cents]:
    """Interest, instalment, end-of-term fee, and what a broken covenant makes due."""
    index = terms.index
    owed, age = state.debt[index], now.month - state.closed[index]
    term = terms.value("interest_only_months") + terms.value("amortization_months")
    if not (owed.any() or (age == term).any()):
        return state, np.zeros_like(owed)
    alive = (age > 0) & (state.dry > now.month)
    breached = _short_of_cash(state, terms, now)
    accelerated = breached & (terms.value("accelerates") > 0)
    agreed = np.rint(owed * terms.value("interest_rate") / MONTHS_PER_YEAR).astype(np.int64)
    margin = np.where(breached & ~accelerated, terms.value("default_margin"), 0.0)
    interest = agreed + np.rint(owed * margin / MONTHS_PER_YEAR).astype(np.int64)
    level = np.minimum(np.maximum(_instalment(terms) - agreed, 0), owed)
    principal = np.where(age > terms.value("interest_only_months"), level, 0)
    principal = principal + np.minimum(_cure(terms, owed - principal, age), owed - principal)
    principal = np.where((age >= term) | accelerated, owed, principal)
    early = (
        alive & (owed > 0) & (principal == owed) & (age < term) & (accelerated | (terms.value("collateral_cost") > 0))
    )
    on_term = alive & (age == term) & (state.repaid[index] > now.month)
    fee = np.where(early | on_term, to_cents(terms.amount * terms.value("end_of_term_fee_share")), 0)
    after = replace(
        state,
        debt=with_row(state.debt, index, np.where(alive, owed - principal, owed)),
        repaid=with_row(state.repaid, index, np.where(early, now.month, state.repaid[index])),
    )
    return after, -(np.where(alive, interest + principal, 0) + fee)


def _instalment(terms: Terms) -> Cents:
    """In cents, from the whole cents of the amount as in `core.capital.debt`: half a cent is the same half there."""
    cents = to_cents(terms.amount).astype(np.float64)
    level = instalment(cents, terms.value("interest_rate"), terms.value("amortization_months"))
    return np.asarray(np.rint(level), dtype=np.int64)


def _short_of_cash(state: State, terms: Terms, now: ThisMonth) -> Flags:
    """Where the month would end with less cash than the company promised to hold."""
    held = state.cash + sum(now.flows.values())
    return np.asarray(held < terms.value("minimum_cash_months") * np.maximum(now.burn(), 0))


def _cure(terms: Terms, owed: Cents, age: NDArray[np.int64]) -> Cents:
    """What brings the loan back to its share of the collateral's value."""
    limit = terms.value("maximum_loan_to_value")
    kept = terms.value("collateral_retention") ** (np.maximum(age, 0) / MONTHS_PER_YEAR)
    value = to_cents(terms.reported("collateral_cost") * kept * limit)
    return np.where(limit > 0, np.maximum(owed - value, 0), 0)


def _keep_promises(state: State, terms: Terms, now: ThisMonth) -> tuple[State, Cents]:
    """Redemption and target of preferred stock, and the cash that what is owed for them takes."""
    state = redeemed(state, terms, now.month)
    state = judged(state, terms, now.month, now.past)
    if not state.debt[terms.index].any():
        return state, np.zeros_like(state.cash)
    cash = np.asarray(state.cash + sum(now.flows.values()))
    return pay_claim(state, terms, np.where(state.dry > now.month, cash, 0))


def _be_public(state: State, terms: Terms, _now: ThisMonth) -> tuple[State, Cents]:
    return state, -to_cents(terms.reported("public_cost_per_year") / MONTHS_PER_YEAR)


# The flow that each kind moves, and how; in the order of the flows.
OBLIGATIONS: tuple[tuple[str, Mapping[str, Meet]], ...] = (
    ("grants", {"grant": _pay_grant}),
    ("compute_credits", dict.fromkeys(("credits", *PREFERRED), _use_credits)),
    ("prepaid_service", {"prepayment": _serve_prepaid}),
    ("public_company", {"listing": _be_public}),
    ("debt_service", {"revenue_share": _share_revenue, "note": _repay_note, "debt": _serve_loan}),
    ("investor_claims", dict.fromkeys(PREFERRED, _keep_promises)),
)
FLOWS_OF_OBLIGATIONS = tuple(flow for flow, _ in OBLIGATIONS)
# Flows that a financing's own provider pays or gets.
BETWEEN_PROVIDERS = ("prepaid_service", "debt_service", "investor_claims")
WITH_PROVIDER = frozenset(kind for flow, kinds in OBLIGATIONS if flow in BETWEEN_PROVIDERS for kind in kinds)
