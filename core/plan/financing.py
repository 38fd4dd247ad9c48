"""How each kind of financing changes a company on every path at once: one function (state, terms, month) -> state.

Gates are checked and prices settled before (`core.plan.closing`); `close` keeps the work of a kind's function on the
paths where the financing is ready.
"""

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

import numpy as np

from core.plan.company_state import State, with_interest, with_row
from core.plan.money_without_shares import borrow, borrow_on_revenue, receive, receive_credits, sell_service
from core.plan.offerings import offer_shares
from core.plan.operating import Cents, to_cents
from core.plan.round_prices import Flags
from core.plan.share_sales import issue_convertible, sell_preferred
from core.plan.terms import Terms


def close(state: State, terms: Terms, month: int) -> State:
    """The company after a financing closes where it is ready; elsewhere it is left as it was."""
    accrued = state
    if terms.changes_shares:
        accrued = replace(state, convertibles=with_interest(state, month, terms.month_starts))
    changed = FINANCING_KINDS[terms.kind](accrued, terms, month)
    changed = replace(
        changed,
        cash=changed.cash + to_cents(terms.received) - _spent(changed) + _spent(state),
        closed=with_row(state.closed, terms.index, month),
        valuation=with_row(state.valuation, terms.index, terms.valuation),
        amount=with_row(state.amount, terms.index, terms.value("amount")),
        rule_value=with_row(state.rule_value, terms.index, terms.rule_value),
    )
    after: State = _where(terms.ready, changed, state)
    return after


def _spent(state: State) -> Cents:
    """What closing this month's financings has cost so far."""
    return state.issuance_costs + state.collateral


def _where(ready: Flags, changed: Any, unchanged: Any) -> Any:
    """Field by field what changed where it is ready."""
    if not is_dataclass(unchanged):
        return unchanged if changed is unchanged else np.where(ready, changed, unchanged)
    assert not isinstance(unchanged, type)
    names = [field.name for field in fields(unchanged)]
    return replace(
        unchanged, **{name: _where(ready, getattr(changed, name), getattr(unchanged, name)) for name in names}
    )


FINANCING_KINDS: Mapping[str, Callable[[State, Terms, int], State]] = {
    "safe": issue_convertible,
    "note": issue_convertible,
    "priced_round": sell_preferred,
    "growth_equity": sell_preferred,
    "grant": receive,
    "credits": receive_credits,
    "prepayment": sell_service,
    "revenue_share": borrow_on_revenue,
    "debt": borrow,
    "listing": offer_shares,
    "follow_on": offer_shares,
}
