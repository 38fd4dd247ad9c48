"""Financings that sell shares or the promise of them: one function (state, terms, month) -> state for each kind.

Float twins of `core.capital.rounds` with the same rounding rules; `core.plan.replay` is the exact account that they are
checked against. A function sees only terms that are due and speaks of every path; `close` keeps what it says of the
paths where the financing is ready.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from core.capital.securities import PRICE_STEP
from core.errors import InputError
from core.plan.company_state import (
    PROTECTIONS,
    State,
    promised_to_safes,
    protected_series,
    standing,
    with_row,
)
from core.plan.operating import Floats, to_cents
from core.plan.round_prices import TIE, Agreed, Flags, RoundPrice, Standing, price_on_paths
from core.plan.strategies import Note, Preferred, Safe
from core.plan.terms import Terms

OWN_STEPS_PER_UNIT = float(1 / PRICE_STEP)


def issue_convertible(state: State, terms: Terms, month: int) -> State:
    """A SAFE or a note is sold: cash now, shares at the next priced round."""
    document, held, row = terms.financing, state.convertibles, terms.index
    assert isinstance(document, Safe | Note)
    cap = np.where(terms.valuation > 0, terms.reported_valuation, np.inf)
    changed = replace(
        state,
        convertibles=replace(
            held,
            principal=with_row(held.principal, row, terms.amount),
            dollars=with_row(held.dollars, row, terms.amount),
            cap=with_row(held.cap, row, cap),
            discount=with_row(held.discount, row, terms.value("discount")),
            fixed_share=with_row(held.fixed_share, row, terms.value("fixed_share")),
            interest_rate=with_row(held.interest_rate, row, terms.value("interest_rate")),
            pre_money=with_row(held.pre_money, row, isinstance(document, Safe) and document.form == "pre_money"),
            note=with_row(held.note, row, isinstance(document, Note)),
            mfn=with_row(held.mfn, row, isinstance(document, Safe) and document.mfn),
        ),
    )
    refuse("over_100_percent", terms, "sum(amount / cap) < 1", promised_to_safes(changed) >= 1)
    return changed


def sell_preferred(state: State, terms: Terms, month: int) -> State:
    """A priced round closes: SAFEs and notes convert, the pool is topped up, new shares are sold, and earlier series
    that are protected get their new conversion prices (see `core.capital.rounds`)."""
    rows, before, solved = solved_round(state, terms)
    price = solved.price
    refuse("over_100_percent", terms, "SAFEs + pool < pre-money", ~(price > 0))
    refuse("contradiction", terms, 'anti_dilution = "none"', ~solved.settled)
    price = np.where(terms.ready, price, 1.0)
    steps = whole_steps(price * terms.price_steps_per_unit)
    refuse("out_of_range", terms, "price per share >= 0.0001", steps == 0)
    rounded = np.maximum(steps, 1) / terms.price_steps_per_unit
    at_discount = before.converting.undiscounted / rounded
    exact_shares = np.where(solved.at_cap, solved.conversions, at_discount)
    converted = np.floor(exact_shares * (1 + TIE))
    primary = terms.value("amount") * (1 + terms.value("over_allotment_share"))
    sold = np.floor(primary * OWN_STEPS_PER_UNIT / np.maximum(steps, 1) * (1 + TIE))
    shares = state.shares.copy()
    shares[terms.pool_row] = np.maximum(shares[terms.pool_row], np.floor(solved.pool * (1 + TIE)))
    shares[terms.pool_row + 1 + rows] += converted
    shares[terms.row] += sold
    conversion_prices = _adjusted(state, before, converted, sold, rounded)
    held = state.convertibles
    return replace(
        _with_series(replace(state, conversion_price=conversion_prices), terms, rows, exact_shares, rounded),
        shares=shares,
        promised=with_row(state.promised, terms.index, _promise(terms)),
        last_price=rounded,
        credits=with_row(state.credits, terms.index, to_cents(terms.amount * terms.value("compute_share"))),
        convertibles=replace(held, principal=np.zeros_like(held.principal), dollars=np.zeros_like(held.dollars)),
    )


def _with_series(state: State, terms: Terms, rows: NDArray[np.int64], exact_shares: Floats, price: Floats) -> State:
    """The new series and the shadow series of what converts: their prices, and the round's anti-dilution for all."""
    document = terms.financing
    protection = PROTECTIONS.index(document.anti_dilution) if isinstance(document, Preferred) else 0
    converts = exact_shares > 0
    own_price = state.convertibles.dollars[rows] / np.where(converts, exact_shares, 1.0)
    prices = state.original_price.copy()
    prices[rows] = np.where(converts, own_price, prices[rows])
    prices[terms.index] = price
    conversion_prices = state.conversion_price.copy()
    conversion_prices[rows] = np.where(converts, own_price, conversion_prices[rows])
    conversion_prices[terms.index] = price
    protections = state.protection.copy()
    protections[rows] = np.where(converts, protection, protections[rows])
    protections[terms.index] = protection
    dollars = state.convertibles.dollars[rows]
    sold_in, invested = state.sold_in.copy(), state.invested.copy()
    sold_in[rows] = np.where(converts, terms.index, sold_in[rows])
    invested[rows] = np.where(converts, dollars, invested[rows])
    sold_in[terms.index], invested[terms.index] = terms.index, terms.amount
    return replace(
        state,
        original_price=prices,
        conversion_price=conversion_prices,
        protection=protections,
        sold_in=sold_in,
        invested=invested,
    )


def _adjusted(state: State, before: Standing, converted: Floats, sold: Floats, price: Floats) -> Floats:
    """Conversion prices after the round: each piece is tested at its own price (see `core.capital.anti_dilution`)."""
    series, protected = protected_series(state), before.protected
    if not len(series):
        return state.conversion_price
    shares = np.concatenate([sold[None], converted])
    paid = np.concatenate([(sold * price)[None], before.converting.dollars])
    per_share = np.where(shares > 0, paid / np.maximum(shares, 1), np.inf)
    below = per_share < protected.price[:, None] * (1 - TIE)
    below_paid, below_shares = ((below * of).sum(axis=1) for of in (paid, shares))
    average = (protected.outstanding + below_paid / protected.price) / (protected.outstanding + below_shares)
    lowest = np.where(below, per_share, np.inf).min(axis=1)
    after = np.where(protected.ratchet, lowest, protected.price * average)
    adjusts = below.any(axis=1) & (protected.as_converted > 0)
    changed = state.conversion_price.copy()
    changed[series] = np.where(adjusts, np.minimum(after, protected.price), changed[series])
    return changed


def _promise(terms: Terms) -> Floats:
    """What the new series must be worth at a listing, 0 where nothing is promised."""
    promises = isinstance(terms.financing, Preferred) and terms.financing.ipo_ratchet_return is not None
    return terms.amount * (1 + terms.value("ipo_ratchet_return")) if promises else np.zeros_like(terms.amount)


def can_be_priced(state: State, terms: Terms) -> Flags:
    """Where the pre-money leaves a positive price after SAFEs and pool, and the money buys a share, (paths,)."""
    _, _, solved = solved_round(state, terms)
    priced = np.where(solved.price > 0, solved.price, 0.0)
    steps = whole_steps(priced * terms.price_steps_per_unit)
    return np.asarray((steps > 0) & (terms.value("amount") * OWN_STEPS_PER_UNIT >= steps) & solved.settled)


def solved_round(state: State, terms: Terms) -> tuple[NDArray[np.int64], Standing, RoundPrice]:
    """The financings whose SAFEs and notes convert, what stands before, and the price at which everything fits."""
    outstanding = (state.convertibles.principal > 0) & terms.ready
    rows = np.flatnonzero(outstanding.any(axis=1))
    before = standing(state, rows, terms.pool_row + 1)
    document, value = terms.financing, terms.reported_valuation
    basis = document.basis if isinstance(document, Preferred) else "post_money"
    if basis == "dollars_invested":
        value = value + before.converting.dollars.sum(axis=0)
    if not isinstance(document, Preferred):  # every series has become common just before a public offering
        nobody = replace(before.protected, as_converted=np.zeros_like(before.protected.as_converted))
        before = replace(before, protected=nobody)
    agreed = Agreed(value, terms.amount, terms.value("pool_target"), with_conversions=basis != "pre_money")
    return rows, before, price_on_paths(agreed, before)


def refuse(code: str, terms: Terms, expected: str, where: Flags) -> None:
    """An InputError at the terms' price where they are due and something does not hold."""
    faulty = where & terms.ready
    if faulty.any():
        raise InputError(code, terms.field, float(terms.valuation[faulty].min()), expected)


def whole_steps(steps: Floats) -> Floats:
    """Steps rounded half to even, a half being one even where floats miss it by a hair."""
    halves = np.rint(steps * 2) / 2
    return np.asarray(np.rint(np.where(np.abs(steps - halves) <= TIE * steps, halves, steps)))
