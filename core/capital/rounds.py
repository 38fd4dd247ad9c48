"""A priced round: price, conversions, pool and new shares, first solved exactly and then rounded to what is issued.

Sources: Y Combinator's SAFEs and its lecture on rounds (SAFEs convert, the pool is increased, then the money comes in);
the pool "shuffle" as told by Venture Hacks; three ways to price a round with notes as told by Foresight; the NVCA model
charter for anti-dilution and the model investors' rights agreement for pro-rata rights. The equations stand in
`core.capital.round_equations`.

Rounding, here and, for pay-to-play and conversion prices, in `core.capital.anti_dilution`
    price        exact p to a whole number of `price_step`, half to even (Python's `round`), or exact without a step
    new shares   floor(money / rounded price) for each investor, his cheques added up
    cap          floor(exact shares), from the unrounded solution; a fixed share alike
    discount     floor(dollars / ((1 - d) rounded price))
    pool         when topped up, floor(exact pool) in total
    pay-to-play  whole preferred kept and whole common given, both rounded down
    CP2          exact, from the whole shares issued, or to the charter's step, half up
    pro rata     a holder's share counts the whole shares that SAFEs and notes become; his money is exact
"""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import get_args

from core.capital.anti_dilution import Adjustment, Forfeit, Piece, adjustments
from core.capital.conversions import Term, Way, dollars_converting, ways_to_convert
from core.capital.notes import Convertible, NoteIssued
from core.capital.round_equations import Company, solve
from core.capital.securities import Basis, Holding, PricedRound, SafeIssued
from core.capital.shadow_series import shadow_names
from core.errors import InputError


@dataclass(frozen=True)
class Conversion:
    """What one SAFE or note turned into: shares of its own shadow series, whose preference counts its own money.

    safe: the SAFE or note; dollars: what converts, a note's interest included
    exact_shares: before rounding, at the unrounded price of the round
    price: what a share cost: cap over count unrounded (the Safe Price), or (1 - d) times the rounded price
    elected: the later SAFE whose package an MFN SAFE took
    """

    safe: Convertible
    series: str
    term: Term
    dollars: Fraction
    exact_shares: Fraction
    shares: int
    price: Fraction
    elected: SafeIssued | None = None


@dataclass(frozen=True)
class ProRataBought:
    """What a holder's right came to: his share before the round, what it entitled him to, and what he bought."""

    holder: str
    share: Fraction
    entitlement: Fraction
    amount: Fraction


@dataclass(frozen=True)
class PricedRoundResult:
    """A solved round. Fields named exact_ are unrounded; the others are what the company issues.

    company_capitalization: C, unrounded: shares with SAFEs and notes, before the pool's increase and the new money
    effective_pre_money: p B, what the new money pays for the shares that stood before SAFEs, notes and top-up
    post_money: p times all shares that the price counts
    adjustments: earlier series whose conversion price falls; forfeits: preferred lost under pay-to-play
    """

    basis: Basis
    exact_price: Fraction
    price: Fraction
    new_shares: tuple[Holding, ...]
    conversions: tuple[Conversion, ...]
    exact_pool_increase: Fraction
    pool_increase: int
    company_capitalization: Fraction
    effective_pre_money: Fraction
    pre_money: Fraction
    post_money: Fraction
    adjustments: tuple[Adjustment, ...] = ()
    pro_rata: tuple[ProRataBought, ...] = ()
    forfeits: tuple[Forfeit, ...] = ()


def price_round(
    terms: PricedRound,
    company: Company,
    safes: Sequence[SafeIssued] = (),
    notes: Sequence[NoteIssued] = (),
    issued: Sequence[SafeIssued] = (),
) -> PricedRoundResult:
    """Solve the round for what stands before it.

    issued: all SAFEs ever issued, whose packages those with MFN may take; () where they are `safes`
    """
    convertibles: tuple[Convertible, ...] = (*safes, *notes)
    dollars = [dollars_converting(one, terms.date) for one in convertibles]
    solution = solve(terms, company, ways_to_convert(safes, notes, terms.date, issued), dollars)
    price = _rounded_price(solution.price, terms.price_step)
    names = shadow_names(terms.name, len(safes), len(notes))
    conversions = tuple(
        _converted(one, name, money, (way, exact), price)
        for one, name, money, way, exact in zip(
            convertibles, names, dollars, solution.ways, solution.conversions, strict=True
        )
    )
    pro_rata, cheques = _with_pro_rata(terms, company, conversions)
    new_shares = tuple(_bought(terms.name, holder, money, price) for holder, money in cheques.items())
    sold = sum(one.shares for one in new_shares)
    pieces = [Piece(one.shares, one.dollars) for one in conversions]
    return PricedRoundResult(
        basis=terms.basis,
        exact_price=solution.price,
        price=price,
        new_shares=new_shares,
        conversions=conversions,
        exact_pool_increase=solution.pool - company.unissued_pool,
        pool_increase=math.floor(solution.pool) - company.unissued_pool,
        company_capitalization=solution.company_capitalization,
        effective_pre_money=solution.price * company.with_pool,
        pre_money=terms.pre_money,
        post_money=solution.price * solution.total,
        adjustments=adjustments(company.protected, Piece(sold, sold * price), pieces),
        pro_rata=pro_rata,
    )


def price_on_each_basis(
    terms: PricedRound,
    company: Company,
    safes: Sequence[SafeIssued] = (),
    notes: Sequence[NoteIssued] = (),
    issued: Sequence[SafeIssued] = (),
) -> dict[Basis, PricedRoundResult]:
    """The same round read in each of the three ways that a term sheet's pre-money may mean."""
    return {basis: price_round(replace(terms, basis=basis), company, safes, notes, issued) for basis in get_args(Basis)}


def _rounded_price(price: Fraction, step: Fraction | None) -> Fraction:
    if step is None:
        return price
    rounded = round(price / step) * step
    if rounded == 0:
        raise InputError("out_of_range", "PricedRound.price_step", step, f"price_step < {2 * price}")
    return rounded


def _converted(
    convertible: Convertible, series: str, dollars: Fraction, best: tuple[Way, Fraction], price: Fraction
) -> Conversion:
    """Whole shares by the best way, whose unrounded shares stand beside it; `price` is the round's, rounded."""
    way, exact = best
    shares = exact
    if way.term == "discount":
        # At the round's price `factor` dollars of stock.
        shares = way.factor / price
    field = "SafeIssued.amount" if isinstance(convertible, SafeIssued) else "NoteIssued.principal"
    whole = _whole_shares(shares, field, convertible)
    return Conversion(convertible, series, way.term, dollars, exact, whole, dollars / shares, way.elected)


def _with_pro_rata(
    terms: PricedRound, company: Company, conversions: Sequence[Conversion]
) -> tuple[tuple[ProRataBought, ...], Mapping[str, Fraction]]:
    """What holders buy under their rights, and each holder's money once the others are cut back to the rest."""
    held: defaultdict[str, Fraction] = defaultdict(Fraction, company.held)
    for one in conversions:
        held[one.safe.holder] += one.shares
    count = sum((one.shares for one in conversions), company.without_pool)
    if terms.pro_rata_counts_pool:
        count += company.unissued_pool
    bought = []
    for right in terms.pro_rata:
        if not held[right.holder]:
            expected = f"in {sorted(holder for holder, shares in held.items() if shares)}"
            raise InputError("unknown_name", "ProRata.holder", right.holder, expected)
        share = held[right.holder] / count
        entitlement = share * terms.new_money
        bought.append(ProRataBought(right.holder, share, entitlement, entitlement * right.taken))
    left = terms.new_money - sum((one.amount for one in bought), Fraction(0))
    if left <= 0:
        raise InputError("over_100_percent", "PricedRound.pro_rata", 1 - left / terms.new_money, "sum(share taken) < 1")
    rest = left / terms.new_money
    cheques: defaultdict[str, Fraction] = defaultdict(Fraction)
    for right_used in bought:
        cheques[right_used.holder] += right_used.amount
    for cheque in terms.investments:
        cheques[cheque.holder] += cheque.amount * rest
    return tuple(bought), cheques


def _bought(series: str, holder: str, money: Fraction, price: Fraction) -> Holding:
    return Holding(holder, series, _whole_shares(money / price, "Investment.amount", money))


def _whole_shares(exact: Fraction, field: str, payer: object) -> int:
    shares = math.floor(exact)
    if shares == 0:
        raise InputError("out_of_range", field, payer, "1 <= shares bought")
    return shares
