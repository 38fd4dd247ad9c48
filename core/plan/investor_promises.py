"""What preferred stock was promised beside its price: compute paid for, redemption, a target, on every path.

A claim against the company is owed like a loan that is due at once: it takes what cash a month would end with, after
everything else is paid, so that it never makes the company dry by itself.
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from core.plan.calendar import MONTHS_PER_YEAR
from core.plan.company_state import DAYS_PER_YEAR, State, as_converted, with_row
from core.plan.operating import Cents, Floats, to_cents
from core.plan.round_prices import TIE, Flags
from core.plan.strategies import Preferred
from core.plan.terms import Terms


def redemption_claim(terms: Terms, years: Floats) -> Cents:
    """The money and the agreed return on it after so many years, in cents, (paths,)."""
    document, yearly = terms.financing, terms.value("redemption_return")
    assert isinstance(document, Preferred)
    grown = 1 + yearly * years if document.redemption_interest == "simple" else (1 + yearly) ** years
    return to_cents(terms.amount * grown)


def years_since(terms: Terms, closed: Cents, month: int) -> Floats:
    """Years of 365 days since the closing, not below 0, (paths,)."""
    return np.asarray(np.maximum(terms.month_starts[month] - terms.month_starts[np.minimum(closed, month)], 0)) / (
        DAYS_PER_YEAR
    )


def redeemed(state: State, terms: Terms, month: int) -> State:
    """The company after it owes a series its money back, because it is not listed in time: the shares are gone."""
    document = terms.financing
    assert isinstance(document, Preferred)
    due = _due(state, terms, month, terms.value("redemption_months"))
    if document.redemption_owed_by == "founders" or not due.any():
        return state
    claim = redemption_claim(terms, years_since(terms, state.closed[terms.index], month))
    index, row = terms.index, terms.row
    return replace(
        state,
        debt=with_row(state.debt, index, np.where(due, state.debt[index] + claim, state.debt[index])),
        shares=with_row(state.shares, row, np.where(due, 0.0, state.shares[row])),
        protection=with_row(state.protection, index, np.where(due, 0, state.protection[index])),
        promised=with_row(state.promised, index, np.where(due, 0.0, state.promised[index])),
        repaid=with_row(state.repaid, index, np.where(due, month, state.repaid[index])),
    )


def judged(state: State, terms: Terms, month: int, past: Mapping[str, Cents]) -> State:
    """The company after a revenue target is looked at: what is missing of it is owed in cash or moves shares."""
    document = terms.financing
    assert isinstance(document, Preferred)
    due = _due(state, terms, month, terms.value("target_months")) & (state.repaid[terms.index] > month)
    if not due.any():
        return state
    target = to_cents(terms.reported("target_revenue"))
    reached = revenue_of_a_year(past, month)
    due = due & (reached < target)
    if document.target_paid_in == "cash":
        owed = to_cents(terms.amount * (1 - np.maximum(reached, 0) / np.maximum(target, 1)))
        index = terms.index
        return replace(
            state, debt=with_row(state.debt, index, np.where(due, state.debt[index] + owed, state.debt[index]))
        )
    return _with_founders_shares(state, terms, np.where(due, target, 1), np.where(due, reached, 1))


def revenue_of_a_year(past: Mapping[str, Cents], month: int) -> Cents:
    """Cents of the last twelve months before this one, (paths,)."""
    return np.asarray(past["revenue"][max(0, month - MONTHS_PER_YEAR) : month].sum(axis=0))


def pay_claim(state: State, terms: Terms, cash: Cents) -> tuple[State, Cents]:
    """A month's payment on what is owed: the cash that it would end with, and the company after it."""
    owed = state.debt[terms.index]
    paid = np.minimum(owed, np.maximum(cash, 0))
    return replace(state, debt=with_row(state.debt, terms.index, owed - paid)), -paid


def _with_founders_shares(state: State, terms: Terms, target: Cents, reached: Cents) -> State:
    """Founders' common moves until the investor has what its money buys at the first valuation x reached / target."""
    founders, index = list(terms.founder_rows), terms.index
    holders = terms.pool_row + 1
    held = state.shares[founders]
    own = np.floor(as_converted(state, holders)[index] * (1 + TIE))
    missing = target / np.maximum(reached, 1) - 1
    wanted = np.where(reached > 0, np.floor(own * missing * (1 + TIE)), np.inf)
    part = np.minimum(wanted / np.maximum(held.sum(axis=0), 1), 1.0)
    moved = np.where(missing > 0, np.floor(held * part * (1 + TIE)), 0.0)
    shares = state.shares.copy()
    shares[founders] -= moved
    common = state.common[index] + moved.sum(axis=0)
    return replace(state, shares=shares, common=with_row(state.common, index, common))


def _due(state: State, terms: Terms, month: int, after: Floats) -> Flags:
    closed = state.closed[terms.index]  # a listing ends such promises
    return np.asarray((after > 0) & (month - closed == after) & (np.minimum(state.dry, state.listed) > month))
