"""The price of a round, solved exactly: which price makes SAFEs, pool and new money fit the agreed pre-money value.

Sources: Y Combinator's post-money SAFE (Company Capitalization counts all converting securities, granted options and
the unissued pool, but not the pool's increase in the round) and its lecture on rounds (SAFEs convert, the pool is
increased, then the money comes in; price = pre-money / that count); the pool "shuffle" as told by Venture Hacks.

Symbols
    B    shares before the round: issued + granted + the unissued pool P0
    f_i  SAFE i's amount / cap; b_i its amount / (1 - discount)
    K    SAFEs that convert at their caps, k = sum of f_i over K; J = sum of b_i over the others
    I    new money, post = pre + I, q the pool target, p the price, C the Company Capitalization

A cap SAFE gets f_i C shares, a discount SAFE b_i/p, so C = B + k C + J/p, that is C = (B + J/p)/(1 - k).
The pre-money buys everything before the money: pre/p = C + increase of the pool. The pool only grows, hence

    pre = (p B + J)/(1 - k) + max(0, q post - p P0)                                                           (1)

The right side rises with p (B/(1 - k) > P0), so there is one price, the lower of the roots of the two cases:

    no top-up:  p = (pre (1 - k) - J) / B
    top-up:     p = ((1 - k)(pre - q post) - J) / (B - (1 - k) P0)

Which SAFEs are in K: start with all. A SAFE leaves when its discount price (1 - d) p is below its cap price Cap/C,
that is when Cap > (1 - d) p C: it then takes more shares, so the price falls; p C = pre - max(0, q post - p P0)
falls with it or stays, so nobody wants back and the loop ends within as many steps as there are SAFEs. With both
terms as a maximum (1) still rises with p, so the answer does not depend on the order.

Rounding, here and nowhere else
    price        exact p to a whole number of `price_step`, half to even (Python's `round` of a Fraction)
    new shares   floor(amount / rounded price) for each investment
    cap SAFE     floor(f_i C), from the unrounded C
    discount     floor(amount / ((1 - d) rounded price))
    pool         when topped up, floor(q post / p) in total, from the unrounded p
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from core.capital.securities import Holding, PricedRound, SafeIssued, exact_number
from core.errors import InputError

Term = Literal["cap", "discount"]
"""What sets a SAFE's price. A SAFE without a discount that buys at the round's own price counts as "discount"."""


@dataclass(frozen=True)
class SafeConversion:
    """What one SAFE turned into: shares of its own shadow series, whose preference counts its own money.

    exact_shares: before rounding, at the unrounded price of the round
    price: what a share cost the SAFE: Cap/C unrounded (the Safe Price), or (1 - d) times the rounded price
    """

    safe: SafeIssued
    series: str
    term: Term
    exact_shares: Fraction
    shares: int
    price: Fraction


@dataclass(frozen=True)
class PricedRoundResult:
    """A solved round. Fields named exact_ are unrounded; the others are what the company issues.

    company_capitalization: C, unrounded: shares with the SAFEs, before the pool's increase and the new money
    effective_pre_money: p B, what the new money pays for the shares that stood before SAFEs and top-up
    """

    exact_price: Fraction
    price: Fraction
    new_shares: tuple[Holding, ...]
    conversions: tuple[SafeConversion, ...]
    exact_pool_increase: Fraction
    pool_increase: int
    company_capitalization: Fraction
    effective_pre_money: Fraction
    pre_money: Fraction
    post_money: Fraction


def price_round(
    terms: PricedRound, issued_and_granted: int, unissued_pool: int = 0, safes: Sequence[SafeIssued] = ()
) -> PricedRoundResult:
    """Solve the round for a company with these shares (issued stock + granted options, unissued pool) and SAFEs."""
    _check_company(issued_and_granted, unissued_pool, safes)
    base = issued_and_granted + unissued_pool
    at_cap, price = _solve(terms, base, unissued_pool, safes)
    share_at_cap, discounted = _split(safes, at_cap)
    capitalization = (base + discounted / price) / (1 - share_at_cap)
    rounded = _rounded_price(price, terms.price_step)
    pool = max(Fraction(unissued_pool), terms.pool_target * terms.post_money / price)
    return PricedRoundResult(
        exact_price=price,
        price=rounded,
        new_shares=tuple(
            Holding(one.holder, terms.name, _whole_shares(one.amount / rounded, "Investment.amount", one))
            for one in terms.investments
        ),
        conversions=tuple(
            _convert(safe, f"{terms.name}-S{number}", capitalization, price, rounded)
            for number, safe in enumerate(safes, start=1)
        ),
        exact_pool_increase=pool - unissued_pool,
        pool_increase=math.floor(pool) - unissued_pool,
        company_capitalization=capitalization,
        effective_pre_money=price * base,
        pre_money=terms.pre_money,
        post_money=terms.post_money,
    )


def conversion_price(safe: SafeIssued, capitalization: Fraction, round_price: Fraction) -> tuple[Fraction, Term]:
    """The SAFE's price per share and the term that sets it: the lower of Cap/C and (1 - d) p; a tie is "cap"."""
    cap_price = safe.valuation_cap / capitalization
    discount_price = (1 - safe.discount) * round_price
    return (discount_price, "discount") if discount_price < cap_price else (cap_price, "cap")


def check_shares_at_cap(safes: Sequence[SafeIssued]) -> None:
    """Refuse SAFEs that would own the whole company at their caps."""
    total = sum((safe.share for safe in safes), Fraction(0))
    if total >= 1:
        raise InputError("over_100_percent", "SafeIssued.amount", total, "sum(amount / valuation_cap) < 1")


def _check_company(issued_and_granted: int, unissued_pool: int, safes: Sequence[SafeIssued]) -> None:
    if exact_number("issued_and_granted", issued_and_granted) <= 0:
        raise InputError("out_of_range", "issued_and_granted", issued_and_granted, "0 < issued_and_granted")
    if exact_number("unissued_pool", unissued_pool) < 0:
        raise InputError("out_of_range", "unissued_pool", unissued_pool, "0 <= unissued_pool")
    check_shares_at_cap(safes)


def _solve(terms: PricedRound, base: int, pool: int, safes: Sequence[SafeIssued]) -> tuple[list[bool], Fraction]:
    """Which SAFEs convert at their caps, and the unrounded price: the loop of the module's docstring."""
    at_cap = [True] * len(safes)
    while True:
        price = _price(terms, base, pool, *_split(safes, at_cap))
        if price <= 0:
            # A later step would only lower the price.
            least = math.ceil(_least_pre_money(terms, safes))
            raise InputError("over_100_percent", "PricedRound.pre_money", terms.pre_money, f"{least} < pre_money")
        # p C, the value of the Company Capitalization
        value = terms.pre_money - max(Fraction(0), terms.pool_target * terms.post_money - price * pool)
        stays = [safe.valuation_cap <= (1 - safe.discount) * value for safe in safes]
        if stays == at_cap:
            return at_cap, price
        at_cap = stays


def _price(terms: PricedRound, base: int, pool: int, share_at_cap: Fraction, discounted: Fraction) -> Fraction:
    rest = 1 - share_at_cap
    without_top_up = (terms.pre_money * rest - discounted) / base
    below_pool = terms.pre_money - terms.pool_target * terms.post_money
    with_top_up = (rest * below_pool - discounted) / (base - rest * pool)
    return min(without_top_up, with_top_up)


def _split(safes: Sequence[SafeIssued], at_cap: Sequence[bool]) -> tuple[Fraction, Fraction]:
    """k and J of the module's docstring."""
    share_at_cap = sum((safe.share for safe, cap in zip(safes, at_cap, strict=True) if cap), Fraction(0))
    discounted = sum((safe.undiscounted for safe, cap in zip(safes, at_cap, strict=True) if not cap), Fraction(0))
    return share_at_cap, discounted


def _least_pre_money(terms: PricedRound, safes: Sequence[SafeIssued]) -> Fraction:
    """The pre-money at which the price is 0, equation (1) with p = 0: v + q (pre + I), v the value of all SAFEs.

    v solves v = sum of max(f_i v, b_i); it is reached from below, as more and more SAFEs prefer their caps.
    """
    at_cap = [False] * len(safes)
    while True:
        share_at_cap, discounted = _split(safes, at_cap)
        value = discounted / (1 - share_at_cap)
        prefers = [safe.share * value > safe.undiscounted for safe in safes]
        if prefers == at_cap:
            return (value + terms.pool_target * terms.new_money) / (1 - terms.pool_target)
        at_cap = prefers


def _rounded_price(price: Fraction, step: Fraction) -> Fraction:
    rounded = round(price / step) * step
    if rounded == 0:
        raise InputError("out_of_range", "PricedRound.price_step", step, f"price_step < {2 * price}")
    return rounded


def _convert(
    safe: SafeIssued, series: str, capitalization: Fraction, exact_price: Fraction, rounded_price: Fraction
) -> SafeConversion:
    price, term = conversion_price(safe, capitalization, exact_price)
    exact_shares = safe.amount / price
    if term == "discount":
        price = (1 - safe.discount) * rounded_price
    shares = _whole_shares(safe.amount / price, "SafeIssued.amount", safe)
    return SafeConversion(safe, series, term, exact_shares, shares, price)


def _whole_shares(exact: Fraction, field: str, payer: object) -> int:
    shares = math.floor(exact)
    if shares == 0:
        raise InputError("out_of_range", field, payer, "1 <= shares bought")
    return shares
