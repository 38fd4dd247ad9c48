"""How each kind of financing changes a company on every path at once: one function (state, terms, month) -> state.

Float twins of `core.capital`, with the same rounding rules; `core.plan.replay` is the exact account that they are
checked against. A function sees only terms that are due: gates are checked and prices settled before it is called, and
`close` keeps its work on the paths where the financing is ready.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from fractions import Fraction
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from core.capital.securities import PRICE_STEP
from core.errors import InputError
from core.plan.calendar import months_between
from core.plan.currency import rate
from core.plan.draws import Draws, drawn
from core.plan.operating import Cents, Floats, to_cents
from core.plan.scenario import Scenario
from core.plan.strategies import Strategy

Number = TypeVar("Number", np.int64, np.float64)

OWN_STEPS_PER_UNIT = float(1 / PRICE_STEP)
TIE = 1e-12  # relative; what floats may miss a tie by


@dataclass(frozen=True)
class State:
    """A company at one moment on every path; paths are the last axis of every array.

    cash: whole cents; dry: month in which it ran dry, or the horizon; listed: month of its listing, or the horizon
    shares: (classes, paths), classes being the holders, the option pool, then one for each financing
    safe_amount, safe_cap, safe_discount: outstanding SAFEs, (financings, paths), zero amount where there is none
    debt: cents still to be repaid, (financings, paths)
    closed, valuation: month in which each financing closed, or the horizon, and at which cap or pre-money, in the
        financing's own currency; every other amount is in the reporting currency
    rule_value: what the valuation rule said of the old shares when each financing closed, (financings, paths)
    issuance_costs: cents of fees paid for the financings of this month
    run_start: month in which each run started, or the horizon, (runs, paths)
    run_size: each run's FLOPs as a share of the planned ones, (runs, paths)
    """

    cash: Cents
    dry: NDArray[np.int64]
    listed: NDArray[np.int64]
    shares: Floats
    safe_amount: Floats
    safe_cap: Floats
    safe_discount: Floats
    debt: Cents
    closed: NDArray[np.int64]
    valuation: Floats
    rule_value: Floats
    issuance_costs: Cents
    run_start: NDArray[np.int64]
    run_size: Floats


@dataclass(frozen=True)
class Terms:
    """One financing's terms. `values` has its numbers on every path by field; `ready` is where it closes now,
    `may_close` where it comes at all. `values` and `valuation` are as its documents state them, in its own currency.

    rate: units of the reporting currency for one of its own
    valuation: cap or pre-money with the AI premium; zero where the scenario's valuation rule sets it (`by_rule`)
    rule_value: what that rule says of the old shares this month, in the reporting currency
    """

    name: str
    kind: str
    field: str
    month: int
    index: int
    row: int
    pool_row: int
    by_rule: bool
    rate: Fraction
    valuation: Floats
    rule_value: Floats
    values: Mapping[str, Floats]
    ready: NDArray[np.bool_]
    may_close: NDArray[np.bool_]

    def value(self, field: str) -> Floats:
        """A field's number on every path; zero for a field that this kind does not have."""
        return self.values.get(field, np.zeros_like(self.values["amount"]))

    def reported(self, field: str) -> Floats:
        """An amount on every path in the reporting currency."""
        return self.value(field) * float(self.rate)

    @property
    def amount(self) -> Floats:
        """What it brings, in the reporting currency."""
        return self.reported("amount")

    @property
    def reported_valuation(self) -> Floats:
        return self.valuation * float(self.rate)

    @property
    def price_steps_per_unit(self) -> float:
        """How many of the steps that a price per share is stated in make one unit of the reporting currency."""
        return float(1 / (PRICE_STEP * self.rate))


def strategy_terms(scenario: Scenario, strategy: Strategy, draws: Draws, paths: int) -> tuple[Terms, ...]:
    """The terms of a strategy's financings, its AI premium applied where it is switched on."""
    terms = []
    for index, financing in enumerate(strategy.financings):
        at = f"strategies.{scenario.strategies.index(strategy)}.financings.{index}."
        values = {
            name: np.broadcast_to(drawn(scenario, draws, at + name), (paths,))
            for name in type(financing).model_fields
            if isinstance(getattr(financing, name), int | float)
        }
        priced = "valuation_cap" if financing.kind == "safe" else "pre_money"
        nothing = np.zeros(paths)
        valuation = values.get(priced, nothing)
        if priced in values and strategy.ai_premium:
            valuation = with_premium(valuation, values.get("ai_premium", nothing))
        terms.append(
            Terms(
                name=financing.name,
                kind=financing.kind,
                field=at + priced,
                month=months_between(scenario.founding, financing.date),
                index=index,
                row=len(scenario.holders) + 1 + index,
                pool_row=len(scenario.holders),
                by_rule=financing.kind in PRICED_KINDS and priced not in values,
                rate=rate(scenario, financing.currency),
                valuation=valuation,
                rule_value=nothing,
                values=values,
                ready=np.zeros(paths, dtype=bool),
                may_close=np.ones(paths, dtype=bool),
            )
        )
    return tuple(terms)


def with_premium(valuation: Floats, premium: Floats) -> Floats:
    """A valuation with the premium that AI companies are paid, to the cent."""
    return np.asarray(np.maximum(np.rint(valuation * (1 + premium) * 100), 1) / 100)


def close(state: State, terms: Terms, month: int) -> State:
    """The company after a financing closes where it is ready; elsewhere it is left as it was."""
    changed = FINANCING_KINDS[terms.kind](state, terms, month)
    changed = replace(
        changed,
        cash=changed.cash + to_cents(terms.amount) - (changed.issuance_costs - state.issuance_costs),
        closed=_with_row(state.closed, terms.index, month),
        valuation=_with_row(state.valuation, terms.index, terms.valuation),
        rule_value=_with_row(state.rule_value, terms.index, terms.rule_value),
    )
    return State(
        **{
            field.name: np.where(terms.ready, getattr(changed, field.name), getattr(state, field.name))
            for field in fields(State)
        }
    )


def issue_safe(state: State, terms: Terms, month: int) -> State:
    """A post-money SAFE is sold: cash now, shares at the next priced round."""
    changed = replace(
        state,
        safe_amount=_with_row(state.safe_amount, terms.index, terms.amount),
        safe_cap=_with_row(state.safe_cap, terms.index, terms.reported_valuation),
        safe_discount=_with_row(state.safe_discount, terms.index, terms.value("discount")),
    )
    _refuse("over_100_percent", terms, "sum(amount / cap) < 1", promised_to_safes(changed) >= 1)
    return changed


@dataclass(frozen=True)
class _Price:
    """A round's unrounded price and what follows from it, all (paths,) but at_cap (financings, paths)."""

    price: Floats
    capitalization: Floats
    at_cap: NDArray[np.bool_]
    topped_up: NDArray[np.bool_]


def price_round(state: State, terms: Terms, month: int) -> State:
    """A priced round closes: SAFEs convert, the pool is topped up, new shares are sold (see core.capital.rounds)."""
    safe_amount = np.where(terms.ready, state.safe_amount, 0.0)
    solved = _solve(state, terms)
    price = solved.price
    _refuse("over_100_percent", terms, "SAFEs + pool < pre-money", price <= 0)
    price = np.where(terms.ready, price, 1.0)
    price_steps = _whole_steps(price * terms.price_steps_per_unit)
    _refuse("out_of_range", terms, "price per share >= 0.0001", price_steps == 0)
    at_cap_shares = np.floor(safe_amount / state.safe_cap * solved.capitalization)
    at_discount_shares = np.floor(safe_amount * terms.price_steps_per_unit / ((1 - state.safe_discount) * price_steps))
    pool = state.shares[terms.pool_row]
    pool_target_value = terms.value("pool_target") * (terms.reported_valuation + terms.amount)
    shares = state.shares.copy()
    shares[terms.pool_row] = np.where(solved.topped_up, np.maximum(pool, np.floor(pool_target_value / price)), pool)
    shares[terms.pool_row + 1 :] += np.where(solved.at_cap, at_cap_shares, at_discount_shares)
    shares[terms.row] += np.floor(terms.value("amount") * OWN_STEPS_PER_UNIT / price_steps)
    return replace(state, shares=shares, safe_amount=np.zeros_like(safe_amount))


def can_be_priced(state: State, terms: Terms) -> NDArray[np.bool_]:
    """Where the pre-money leaves a positive price after SAFEs and pool, and the money buys a share, (paths,)."""
    steps = _whole_steps(np.maximum(_solve(state, terms).price, 0.0) * terms.price_steps_per_unit)
    return np.asarray((steps > 0) & (terms.value("amount") * OWN_STEPS_PER_UNIT >= steps))


def _solve(state: State, terms: Terms) -> _Price:
    """The price at which SAFEs, pool and new money fit the pre-money; not positive where they do not."""
    safe_amount = np.where(terms.ready, state.safe_amount, 0.0)
    pre, target = terms.reported_valuation, terms.value("pool_target")
    post = pre + terms.amount
    base, pool = state.shares.sum(axis=0), state.shares[terms.pool_row]
    at_cap = np.ones(safe_amount.shape, dtype=bool)
    for _ in range(len(safe_amount) + 1):
        to_cap = np.where(at_cap, safe_amount / state.safe_cap, 0.0).sum(axis=0)
        at_discount_amount = np.where(at_cap, 0.0, safe_amount / (1 - state.safe_discount)).sum(axis=0)
        price = (pre * (1 - to_cap) - at_discount_amount) / base
        topped_up = target * post > pool * price
        with_top_up = ((1 - to_cap) * (pre - target * post) - at_discount_amount) / (base - (1 - to_cap) * pool)
        price = np.where(topped_up, with_top_up, price)
        positive = np.where(price > 0, price, 1.0)
        capitalization = (base + at_discount_amount / positive) / (1 - to_cap)
        # A tie is the cap's; floats must not break it.
        kept = at_cap & (state.safe_cap <= (1 - state.safe_discount) * positive * capitalization * (1 + TIE))
        if (kept == at_cap).all():
            break
        at_cap = kept
    return _Price(price, capitalization, at_cap, topped_up)


def borrow(state: State, terms: Terms, month: int) -> State:
    """A loan is paid out; the upfront fee is kept back."""
    fee = to_cents(terms.amount * terms.value("upfront_fee_share"))
    debt = _with_row(state.debt, terms.index, to_cents(terms.amount))
    return replace(state, debt=debt, issuance_costs=state.issuance_costs + fee)


def offer_shares(state: State, terms: Terms, month: int) -> State:
    """A public offering: SAFEs convert, new shares are sold, holders sell theirs (core.capital's PublicOffering)."""
    sold = price_round(state, terms, month)
    shares = sold.shares.copy()
    secondary = np.floor(sold.shares * terms.value("secondary_share") * (1 + TIE))  # 29 % of 100 shares are 29
    secondary[terms.pool_row] = secondary[terms.row] = 0.0
    shares -= secondary
    shares[terms.row] += secondary.sum(axis=0)
    fees = to_cents(terms.amount * terms.value("spread") + terms.reported("expenses"))
    listed = np.minimum(state.listed, month)
    return replace(sold, shares=shares, listed=listed, issuance_costs=state.issuance_costs + fees)


FINANCING_KINDS: Mapping[str, Callable[[State, Terms, int], State]] = {
    "safe": issue_safe,
    "priced_round": price_round,
    "growth_equity": price_round,
    "debt": borrow,
    "listing": offer_shares,
    "follow_on": offer_shares,
}
PRICED_KINDS = ("priced_round", "growth_equity", "listing", "follow_on")


def promised_to_safes(state: State) -> Floats:
    """Share of the company that outstanding SAFEs own at their caps, (paths,)."""
    return np.asarray((state.safe_amount / state.safe_cap).sum(axis=0))


def fully_diluted(state: State) -> Floats:
    """Ownership by class, (classes, paths), fully diluted: the whole pool counts, SAFEs as if converted at caps."""
    held = state.shares / state.shares.sum(axis=0) * (1 - promised_to_safes(state))
    held[len(held) - len(state.safe_amount) :] += state.safe_amount / state.safe_cap
    return np.asarray(held)


def _refuse(code: str, terms: Terms, expected: str, where: NDArray[np.bool_]) -> None:
    faulty = where & terms.ready
    if faulty.any():
        raise InputError(code, terms.field, float(terms.valuation[faulty].min()), expected)


def _whole_steps(steps: Floats) -> Floats:
    """Steps rounded half to even, a half being one even where floats miss it by a hair."""
    halves = np.rint(steps * 2) / 2
    return np.asarray(np.rint(np.where(np.abs(steps - halves) <= TIE * steps, halves, steps)))


def _with_row(array: NDArray[Number], row: int, values: NDArray[Number] | int) -> NDArray[Number]:
    changed = array.copy()
    changed[row] = values
    return changed
