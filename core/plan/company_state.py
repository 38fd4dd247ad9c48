"""A company at one moment on every path at once, and who owns it: the float twin of `core.capital.table.CapTable`."""

from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from core.plan.operating import Cents, Floats, to_cents
from core.plan.round_prices import TIE, Converting, Flags, ProtectedSeries, Standing

Number = TypeVar("Number", np.int64, np.float64, np.bool_)
# What a series' anti-dilution counts, as a number that an array can hold.
PROTECTIONS = ("none", "broad_based", "narrow_based", "full_ratchet")
DAYS_PER_YEAR = 365


@dataclass(frozen=True)
class Convertibles:
    """SAFEs and notes by the financing that sold them, (financings, paths); a principal of 0 where none is outstanding.

    dollars: what would convert on the day of the last event, interest included
    cap: infinite for none; discount; fixed_share: 0 for none; interest_rate: of a note
    pre_money, note, mfn: the form
    """

    principal: Floats
    dollars: Floats
    cap: Floats
    discount: Floats
    fixed_share: Floats
    interest_rate: Floats
    pre_money: Flags
    note: Flags
    mfn: Flags


@dataclass(frozen=True)
class State:
    """A company at one moment on every path; paths are the last axis of every array.

    cash: whole cents; dry: month in which it ran dry, or the horizon; listed: month of its listing, or the horizon
    shares: (classes, paths), classes being the holders, the option pool, then one for each financing
    convertibles: outstanding SAFEs and notes
    original_price, conversion_price, protection: of the preferred stock that each financing sold or converted into, in
        the reporting currency and by position in PROTECTIONS; 1, 1 and 0 where it is none, (financings, paths)
    sold_in: position of the financing whose terms a series has, -1 where it is none, (financings, paths)
    invested: what was paid for a series, a note's interest included, (financings, paths)
    promised: what a series must be worth at an offer price, 0 for no promise, (financings, paths)
    warrants, strike, common: a provider's rights on common at a price, its common beside a series, (financings, paths)
    last_price: of a share in the last round or offering, 0 before the first, (paths,)
    debt, credits, prepaid: cents still to be repaid, of compute at list price and of service due, (financings, paths)
    repaid: month in which a note was paid back, a loan before its term, or a series redeemed, else the horizon
    closed, valuation: month in which each financing closed, or the horizon, and at which cap or pre-money, in the
        financing's own currency; every other amount is in the reporting currency
    amount: what each financing brought in all, in its own currency, (financings, paths)
    rule_value: what the valuation rule said of the old shares when each financing closed, (financings, paths)
    tries, next_try, bridged: how often a round was missed, the month from which it is tried again, and the month in
        which insiders gave a bridge for it, or the horizon; unfunded: where nobody funds the company any more, (paths,)
    issuance_costs, collateral: cents of fees, and of accelerators bought, for the financings of this month
    run_start: month in which each run started, or the horizon, (runs, paths)
    run_size: each run's FLOPs as a share of the planned ones, (runs, paths)
    """

    cash: Cents
    dry: NDArray[np.int64]
    listed: NDArray[np.int64]
    shares: Floats
    convertibles: Convertibles
    original_price: Floats
    conversion_price: Floats
    protection: NDArray[np.int64]
    sold_in: NDArray[np.int64]
    invested: Floats
    promised: Floats
    warrants: Floats
    strike: Floats
    common: Floats
    last_price: Floats
    debt: Cents
    credits: Cents
    prepaid: Cents
    repaid: NDArray[np.int64]
    closed: NDArray[np.int64]
    valuation: Floats
    amount: Floats
    rule_value: Floats
    tries: NDArray[np.int64]
    next_try: NDArray[np.int64]
    bridged: NDArray[np.int64]
    unfunded: Flags
    issuance_costs: Cents
    collateral: Cents
    run_start: NDArray[np.int64]
    run_size: Floats


def founded(held: list[int], opening_cash: Cents, *, financings: int, runs: int, months: int) -> State:
    """The company on its first day; `held` are the shares of its holders and, last, the option pool."""
    paths = len(opening_cash)
    nothing, none = np.zeros((financings, paths)), np.zeros((financings, paths), dtype=bool)
    no_cents = np.zeros((financings, paths), dtype=np.int64)
    shares = np.array([*held, *([0] * financings)], dtype=np.float64)
    return State(
        cash=opening_cash,
        dry=np.full(paths, months),
        listed=np.full(paths, months),
        shares=np.repeat(shares[:, None], paths, axis=1),
        convertibles=Convertibles(
            nothing, nothing, np.full_like(nothing, np.inf), nothing, nothing, nothing, none, none, none
        ),
        original_price=np.ones_like(nothing),
        conversion_price=np.ones_like(nothing),
        protection=np.zeros((financings, paths), dtype=np.int64),
        sold_in=np.full((financings, paths), -1),
        invested=nothing,
        promised=nothing,
        warrants=nothing,
        strike=nothing,
        common=nothing,
        last_price=np.zeros(paths),
        debt=no_cents,
        credits=no_cents,
        prepaid=no_cents,
        repaid=np.full((financings, paths), months),
        closed=np.full((financings, paths), months),
        valuation=nothing,
        amount=nothing,
        rule_value=nothing,
        tries=no_cents,
        next_try=no_cents,
        bridged=np.full((financings, paths), months),
        unfunded=np.zeros(paths, dtype=bool),
        issuance_costs=np.zeros(paths, dtype=np.int64),
        collateral=np.zeros(paths, dtype=np.int64),
        run_start=np.full((runs, paths), months),
        run_size=np.ones((runs, paths)),
    )


def with_row(array: NDArray[Number], row: int, values: NDArray[Number] | float) -> NDArray[Number]:
    """A copy with another row."""
    changed = array.copy()
    changed[row] = values
    return changed


def with_interest(state: State, month: int, month_starts: NDArray[np.int64]) -> Convertibles:
    """SAFEs and notes with the interest until this month; `month_starts` numbers the days on which months begin."""
    held = state.convertibles
    if not held.interest_rate.any():
        return held
    issued = month_starts[np.minimum(state.closed, month)]
    years = (month_starts[month] - issued) / DAYS_PER_YEAR
    return replace(held, dollars=held.principal * (1 + held.interest_rate * years))


def repay_note(
    state: State, index: int, due: Flags, month: int, month_starts: NDArray[np.int64]
) -> tuple[State, Cents]:
    """The company after a note is paid back where it is due, and the cents that takes, (paths,)."""
    due = due & (state.convertibles.principal[index] > 0)
    if not due.any():
        return state, np.zeros_like(state.cash)
    owing = with_interest(state, month, month_starts)
    held = state.convertibles
    kept = np.where(due, owing.dollars, held.dollars)
    after = replace(
        held,
        principal=with_row(held.principal, index, np.where(due, 0.0, held.principal[index])),
        dollars=with_row(kept, index, np.where(due, 0.0, kept[index])),
    )
    repaid = with_row(state.repaid, index, np.where(due, month, state.repaid[index]))
    return replace(state, convertibles=after, repaid=repaid), np.where(due, to_cents(owing.dollars[index]), 0)


def standing(state: State, rows: NDArray[np.int64], holders: int) -> Standing:
    """What a round finds; `rows` are the financings whose SAFEs and notes convert, `holders` counts the pool too."""
    series = protected_series(state)
    preferred = as_converted(state, holders)
    stock = state.shares[: holders - 1].sum(axis=0) + (preferred + state.warrants + state.common).sum(axis=0)
    of_series, protection = preferred[series], state.protection[series]
    there = (protection > 0) & (of_series > 0)
    narrow = protection == PROTECTIONS.index("narrow_based")
    return Standing(
        stock=stock,
        pool=state.shares[holders - 1],
        converting=converting(state.convertibles, rows),
        protected=ProtectedSeries(
            as_converted=np.where(there, of_series, 0.0),
            price=np.where(there, state.conversion_price[series], 1.0),
            outstanding=np.where(narrow, preferred.sum(axis=0), stock),
            ratchet=protection == PROTECTIONS.index("full_ratchet"),
        ),
    )


def protected_series(state: State) -> NDArray[np.int64]:
    """The financings that left a series with anti-dilution on any path."""
    return np.flatnonzero((state.protection > 0).any(axis=1))


def converting(held: Convertibles, rows: NDArray[np.int64]) -> Converting:
    """The parts and dollars of some SAFEs and notes, each MFN with the best package of those sold after it."""
    principal, dollars, note, pre = held.principal[rows], held.dollars[rows], held.note[rows], held.pre_money[rows]
    per_cap, per_discount = 1 / held.cap[rows], 1 / (1 - held.discount[rows])
    offers = (principal > 0) & ~note & (held.fixed_share[rows] == 0)
    for position, mfn in enumerate(held.mfn[rows]):
        later = offers[position + 1 :] & mfn
        # Packages are of the same form, so the lower cap and the larger discount are better at every price.
        best_cap = np.where(later, per_cap[position + 1 :], 0.0).max(axis=0, initial=0.0)
        best_discount = np.where(later, per_discount[position + 1 :], 0.0).max(axis=0, initial=0.0)
        per_cap[position] = np.maximum(per_cap[position], best_cap)
        per_discount[position] = np.maximum(per_discount[position], best_discount)
    fixed = np.where(principal > 0, held.fixed_share[rows], 0.0)
    part = dollars * per_cap
    return Converting(
        dollars=dollars,
        capitalization_part=np.where(note | pre, 0.0, part) + fixed,
        pre_money_part=np.where(pre, part, 0.0),
        pool_part=np.where(note, part, 0.0),
        undiscounted=np.where(fixed > 0, 0.0, dollars * per_discount),
    )


def fully_diluted(state: State) -> Floats:
    """Ownership by class, (classes, paths), fully diluted: the whole pool counts, SAFEs and notes as at their caps."""
    financings = len(state.closed)
    holders = len(state.shares) - financings
    counted = state.shares.copy()
    counted[holders:] = _counted(state, holders)
    stood = counted.sum(axis=0)
    rows = np.flatnonzero((state.convertibles.principal > 0).any(axis=1))
    if not len(rows):
        return np.asarray(counted / stood)
    parts = converting(state.convertibles, rows)
    counted[holders + rows] += (parts.pre_money_part + parts.pool_part) * stood
    owned = counted / counted.sum(axis=0) * (1 - parts.capitalization_part.sum(axis=0))
    owned[holders + rows] += parts.capitalization_part
    return np.asarray(owned)


def owns_the_same(state: State, before: State) -> bool:
    """Whether nothing has touched shares, SAFEs or notes since, as in most months."""
    names = ("shares", "convertibles", "original_price", "conversion_price", "warrants", "common")
    return all(getattr(state, name) is getattr(before, name) for name in names)


def counted_shares(state: State) -> Floats:
    """Stock as converted, warrants and the whole pool, (paths,); no SAFE and no note."""
    holders = len(state.shares) - len(state.closed)
    return np.asarray(state.shares[:holders].sum(axis=0) + _counted(state, holders).sum(axis=0))


def promised_to_safes(state: State) -> Floats:
    """Share of the company that outstanding SAFEs own at their caps, (paths,)."""
    rows = np.flatnonzero((state.convertibles.principal > 0).any(axis=1))
    return np.asarray(converting(state.convertibles, rows).capitalization_part.sum(axis=0))


def _counted(state: State, holders: int) -> Floats:
    """Whole shares of common that each financing's provider has or may have, (financings, paths)."""
    return np.asarray(np.floor(as_converted(state, holders) * (1 + TIE)) + state.warrants + state.common)


def as_converted(state: State, holders: int) -> Floats:
    """Shares of common that the stock of each financing is or converts into, (financings, paths)."""
    return np.asarray(state.shares[holders:] * (state.original_price / state.conversion_price))
