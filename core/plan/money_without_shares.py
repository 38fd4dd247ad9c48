"""Financings that sell no shares: one function (state, terms, month) -> state for each kind.

What they cost or bring in later months stands in `core.plan.obligations`.
"""

from dataclasses import replace

import numpy as np

from core.plan.company_state import State, counted_shares, with_row
from core.plan.operating import Floats, to_cents
from core.plan.round_prices import TIE
from core.plan.strategies import Debt
from core.plan.terms import Terms


def receive(state: State, terms: Terms, month: int) -> State:
    """Money that changes nothing else: a grant, which is paid month by month."""
    return state


def receive_credits(state: State, terms: Terms, month: int) -> State:
    """Compute at list price, to be used before it expires."""
    return replace(state, credits=with_row(state.credits, terms.index, to_cents(terms.amount)))


def sell_service(state: State, terms: Terms, month: int) -> State:
    """Customers pay ahead: what they are owed is worth more than they paid by the discount."""
    worth = to_cents(terms.amount / (1 - terms.value("discount")))
    return replace(state, prepaid=with_row(state.prepaid, terms.index, worth))


def borrow_on_revenue(state: State, terms: Terms, month: int) -> State:
    """An advance whose multiple is owed from revenue; the upfront fee is kept back."""
    owed = to_cents(terms.amount * terms.value("repayment_multiple"))
    fee = to_cents(terms.amount * terms.value("upfront_fee_share"))
    return replace(state, debt=with_row(state.debt, terms.index, owed), issuance_costs=state.issuance_costs + fee)


def borrow(state: State, terms: Terms, month: int) -> State:
    """A loan is paid out, with the warrants that go with it; the upfront fee is kept back."""
    fee = to_cents(terms.amount * terms.value("upfront_fee_share"))
    return replace(
        state,
        debt=with_row(state.debt, terms.index, to_cents(terms.amount)),
        warrants=with_row(state.warrants, terms.index, _warrants(state, terms)),
        strike=with_row(state.strike, terms.index, state.last_price),
        issuance_costs=state.issuance_costs + fee,
        collateral=state.collateral + to_cents(terms.reported("collateral_cost")),
    )


def _warrants(state: State, terms: Terms) -> Floats:
    """Whole shares of common; none where no round has set a price yet."""
    document, size = terms.financing, terms.value("warrant_size")
    unit = document.warrants if isinstance(document, Debt) else "none"
    if unit == "none":
        return np.zeros_like(size)
    priced = state.last_price > 0
    if unit == "share_of_loan":
        shares = size * terms.amount / np.where(priced, state.last_price, 1.0)
    else:
        shares = size * counted_shares(state)
    return np.where(priced, np.floor(shares * (1 + TIE)), 0.0)
