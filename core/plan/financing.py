"""How each kind of financing changes a company on every path at once: one function (state, terms, month) -> state.

Float twins of `core.capital.rounds`, with the same rounding rule; `core.plan.replay` is the exact account that they are
checked against.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError
from core.plan.calendar import months_between
from core.plan.draws import Draws, drawn
from core.plan.operating import Cents, Floats, to_cents
from core.plan.scenario import Scenario, Strategy

Number = TypeVar("Number", np.int64, np.float64)

TIE = 1e-12  # relative; what floats may miss a tie by
PRICE_STEPS_PER_USD = 10_000  # prices per share are rounded to 4 decimals


@dataclass(frozen=True)
class State:
    """A company at one moment on every path.

    cash: whole cents, (paths,); dry: month in which it ran dry, or the horizon, (paths,)
    shares: (classes, paths), classes being the holders, the option pool, then one for each financing
    safe_usd, safe_cap_usd, safe_discount: outstanding SAFEs, (financings, paths), zero amount where there is none
    closed: month in which each financing closed, or the horizon, (financings, paths)
    run_start: month in which each run started, or the horizon, (runs, paths)
    run_size: each run's FLOPs as a share of the planned ones, (runs, paths)
    """

    cash: Cents
    dry: NDArray[np.int64]
    shares: Floats
    safe_usd: Floats
    safe_cap_usd: Floats
    safe_discount: Floats
    closed: NDArray[np.int64]
    run_start: NDArray[np.int64]
    run_size: Floats


@dataclass(frozen=True)
class Terms:
    """One financing's terms on every path; fields that its kind does not have are zero."""

    name: str
    kind: str
    field: str
    month: int
    index: int
    row: int
    pool_row: int
    amount_usd: Floats
    valuation_usd: Floats
    discount: Floats
    pool_target: Floats


def strategy_terms(scenario: Scenario, strategy: Strategy, draws: Draws, paths: int) -> tuple[Terms, ...]:
    """The terms of a strategy's financings, its AI premium applied where it is switched on."""
    at = f"strategies.{scenario.strategies.index(strategy)}.financings."

    def each_path(field: str) -> Floats:
        return np.broadcast_to(drawn(scenario, draws, field), (paths,))

    terms = []
    for index, financing in enumerate(strategy.financings):
        valuation = "valuation_cap_usd" if financing.kind == "safe" else "pre_money_usd"
        premium = each_path(f"{at}{index}.ai_premium") if strategy.ai_premium else np.zeros(paths)
        terms.append(
            Terms(
                name=financing.name,
                kind=financing.kind,
                field=f"{at}{index}.{valuation}",
                month=months_between(scenario.founding, financing.date),
                index=index,
                row=len(scenario.holders) + 1 + index,
                pool_row=len(scenario.holders),
                amount_usd=each_path(f"{at}{index}.amount_usd"),
                valuation_usd=with_premium(each_path(f"{at}{index}.{valuation}"), premium),
                discount=each_path(f"{at}{index}.discount") if financing.kind == "safe" else np.zeros(paths),
                pool_target=each_path(f"{at}{index}.pool_target") if financing.kind != "safe" else np.zeros(paths),
            )
        )
    return tuple(terms)


def with_premium(valuation_usd: Floats, premium: Floats) -> Floats:
    """A valuation with the premium that AI companies are paid, to the cent."""
    return np.asarray(np.maximum(np.rint(valuation_usd * (1 + premium) * 100), 1) / 100)


def close(state: State, terms: Terms, month: int) -> State:
    """The company after a financing closes, on the paths that still have cash; the others are left as they were."""
    alive = state.dry > month
    if not alive.any():
        return state
    changed = FINANCING_KINDS[terms.kind](state, terms, month)
    changed = replace(
        changed, cash=state.cash + to_cents(terms.amount_usd), closed=_with_row(state.closed, terms.index, month)
    )
    return replace(
        state,
        cash=np.where(alive, changed.cash, state.cash),
        shares=np.where(alive, changed.shares, state.shares),
        safe_usd=np.where(alive, changed.safe_usd, state.safe_usd),
        safe_cap_usd=np.where(alive, changed.safe_cap_usd, state.safe_cap_usd),
        safe_discount=np.where(alive, changed.safe_discount, state.safe_discount),
        closed=np.where(alive, changed.closed, state.closed),
    )


def issue_safe(state: State, terms: Terms, month: int) -> State:
    """A post-money SAFE is sold: cash now, shares at the next priced round."""
    changed = replace(
        state,
        safe_usd=_with_row(state.safe_usd, terms.index, terms.amount_usd),
        safe_cap_usd=_with_row(state.safe_cap_usd, terms.index, terms.valuation_usd),
        safe_discount=_with_row(state.safe_discount, terms.index, terms.discount),
    )
    _refuse("over_100_percent", terms, "sum(amount / cap) < 1", (promised_to_safes(changed) >= 1) & (state.dry > month))
    return changed


def price_round(state: State, terms: Terms, month: int) -> State:
    """A priced round closes: SAFEs convert, the pool is topped up, new shares are sold (see core.capital.rounds)."""
    alive = state.dry > month
    safe_usd = np.where(alive, state.safe_usd, 0.0)
    pre, target = terms.valuation_usd, terms.pool_target
    post = pre + terms.amount_usd
    base, pool = state.shares.sum(axis=0), state.shares[terms.pool_row]
    at_cap = np.ones(safe_usd.shape, dtype=bool)
    for _ in range(len(safe_usd) + 1):
        to_cap = np.where(at_cap, safe_usd / state.safe_cap_usd, 0.0).sum(axis=0)
        at_discount_usd = np.where(at_cap, 0.0, safe_usd / (1 - state.safe_discount)).sum(axis=0)
        price = (pre * (1 - to_cap) - at_discount_usd) / base
        topped_up = target * post > pool * price
        with_top_up = ((1 - to_cap) * (pre - target * post) - at_discount_usd) / (base - (1 - to_cap) * pool)
        price = np.where(topped_up, with_top_up, price)
        _refuse("over_100_percent", terms, "SAFEs + pool < pre-money", (price <= 0) & alive)
        price = np.where(alive, price, 1.0)
        capitalization = (base + at_discount_usd / price) / (1 - to_cap)
        # A tie is the cap's; floats must not break it.
        at_cap = at_cap & (state.safe_cap_usd <= (1 - state.safe_discount) * price * capitalization * (1 + TIE))
    price_steps = _whole_steps(price * PRICE_STEPS_PER_USD)
    _refuse("out_of_range", terms, "price per share >= 0.0001 USD", price_steps == 0)
    at_cap_shares = np.floor(safe_usd / state.safe_cap_usd * capitalization)
    at_discount_shares = np.floor(safe_usd * PRICE_STEPS_PER_USD / ((1 - state.safe_discount) * price_steps))
    shares = state.shares.copy()
    shares[terms.pool_row] = np.where(topped_up, np.maximum(pool, np.floor(target * post / price)), pool)
    shares[terms.pool_row + 1 :] += np.where(at_cap, at_cap_shares, at_discount_shares)
    shares[terms.row] += np.floor(terms.amount_usd * PRICE_STEPS_PER_USD / price_steps)
    return replace(state, shares=shares, safe_usd=np.zeros_like(safe_usd))


FINANCING_KINDS: Mapping[str, Callable[[State, Terms, int], State]] = {
    "safe": issue_safe,
    "priced_round": price_round,
}


def promised_to_safes(state: State) -> Floats:
    """Share of the company that outstanding SAFEs own at their caps, (paths,)."""
    return np.asarray((state.safe_usd / state.safe_cap_usd).sum(axis=0))


def fully_diluted(state: State) -> Floats:
    """Ownership by class, (classes, paths), fully diluted: the whole pool counts, SAFEs as if converted at caps."""
    held = state.shares / state.shares.sum(axis=0) * (1 - promised_to_safes(state))
    held[len(held) - len(state.safe_usd) :] += state.safe_usd / state.safe_cap_usd
    return np.asarray(held)


def _refuse(code: str, terms: Terms, expected: str, where: NDArray[np.bool_]) -> None:
    if where.any():
        raise InputError(code, terms.field, float(terms.valuation_usd[where].min()), expected)


def _whole_steps(steps: Floats) -> Floats:
    """Steps rounded half to even, a half being one even where floats miss it by a hair."""
    halves = np.rint(steps * 2) / 2
    return np.asarray(np.rint(np.where(np.abs(steps - halves) <= TIE * steps, halves, steps)))


def _with_row(array: NDArray[Number], row: int, values: NDArray[Number] | int) -> NDArray[Number]:
    changed = array.copy()
    changed[row] = values
    return changed
