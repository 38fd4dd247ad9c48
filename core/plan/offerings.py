"""Public offerings on every path: the float twin of `core.capital.public_offering`."""

from dataclasses import replace

import numpy as np

from core.plan.company_state import State, as_converted
from core.plan.operating import to_cents
from core.plan.round_prices import TIE, Flags
from core.plan.share_sales import can_be_priced, refuse, sell_preferred, solved_round, whole_steps
from core.plan.terms import Terms


def offer_shares(state: State, terms: Terms, month: int) -> State:
    """A public offering: SAFEs convert, new shares are sold, holders sell theirs (core.capital's PublicOffering)."""
    holders = terms.pool_row + 1
    unmet = _unmet_promises(state, terms)
    sold = sell_preferred(*_beside(state, terms, unmet), month)
    # Everything has become common, each financing's fraction of a share left out.
    ratio = sold.original_price / sold.conversion_price
    shares = sold.shares.copy()
    shares[holders:] = np.floor(shares[holders:] * ratio * (1 + TIE)) + state.common
    kept = np.floor(as_converted(state, holders) * (1 + TIE))
    promised = np.floor(state.promised / sold.last_price * (1 + TIE))
    shares[holders:] += np.where(unmet, np.maximum(kept, promised), 0.0)
    secondary = np.floor(shares * terms.value("secondary_share") * (1 + TIE))  # 29 % of 100 shares are 29
    secondary[terms.pool_row] = secondary[terms.row] = 0.0
    shares -= secondary
    shares[terms.row] += secondary.sum(axis=0)
    fees = to_cents(terms.received * terms.value("spread") + terms.reported("expenses"))
    listed = np.minimum(state.listed, month)
    return replace(
        sold,
        shares=shares,
        original_price=np.ones_like(ratio),
        conversion_price=np.ones_like(ratio),
        protection=np.zeros_like(sold.protection),
        sold_in=np.full_like(sold.sold_in, -1),
        promised=np.zeros_like(sold.promised),
        common=np.zeros_like(sold.common),
        listed=listed,
        issuance_costs=state.issuance_costs + fees,
    )


def _unmet_promises(state: State, terms: Terms) -> Flags:
    """The series that the price would leave below what they are promised, looked for from none on, as each one that is
    paid its promise lowers the price of all others; (financings, paths)."""
    unmet = np.zeros(state.promised.shape, dtype=bool)
    if not (state.promised > 0).any():
        return unmet
    worth = as_converted(state, terms.pool_row + 1)
    for _ in range(len(unmet) + 1):
        _, _, solved = solved_round(*_beside(state, terms, unmet))
        steps = whole_steps(np.where(solved.price > 0, solved.price, 0.0) * terms.price_steps_per_unit)
        price = steps / terms.price_steps_per_unit
        below = unmet | (terms.ready & (price > 0) & (state.promised > worth * price * (1 + TIE)))
        if (below == unmet).all():
            break
        unmet = below
    beside = np.asarray((state.convertibles.principal > 0).any(axis=0) & unmet.any(axis=0))
    refuse("contradiction", terms, "no SAFE or note outstanding beside an unmet ratchet", beside)
    return unmet


def can_be_offered(state: State, terms: Terms) -> Flags:
    """Where the pre-money is above what is promised and leaves a price, (paths,)."""
    return can_be_priced(*_beside(state, terms, _unmet_promises(state, terms)))


def _beside(state: State, terms: Terms, unmet: Flags) -> tuple[State, Terms]:
    """The company without the series whose promise is unmet, and the terms without what they are promised."""
    shares = state.shares.copy()
    shares[terms.pool_row + 1 :] = np.where(unmet, 0.0, shares[terms.pool_row + 1 :])
    promised = np.where(unmet, state.promised, 0.0).sum(axis=0)
    return replace(state, shares=shares), replace(terms, valuation=terms.valuation - promised / float(terms.rate))
