"""What a round below an earlier price does to earlier series, in this order: pay-to-play first, then anti-dilution.

A series whose holders did not pay is common by the time the round closes: it gets no adjustment, and A no longer counts
it as preferred. The new conversion price comes from the shares really issued and the money paid for them (NVCA model
charter), so it may differ from the unrounded solution in the last digits.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from core.capital.round_equations import Protected
from core.capital.securities import COMMON, Holding, Investment, Series
from core.capital.terms import PayToPlay
from core.errors import InputError


@dataclass(frozen=True)
class Adjustment:
    """A series' conversion price before and after a round."""

    series: str
    before: Fraction
    after: Fraction


@dataclass(frozen=True)
class Piece:
    """Whole shares that a round issued, and what was paid for them."""

    shares: int
    paid: Fraction

    @property
    def price(self) -> Fraction:
        return self.paid / self.shares


@dataclass(frozen=True)
class Forfeit:
    """Preferred shares that became common because their holder did not buy his part of a round."""

    holder: str
    series: str
    shares: int
    common: int


def adjustments(
    protected: Iterable[Protected], new_money: Piece, conversions: Sequence[Piece]
) -> tuple[Adjustment, ...]:
    """The series whose conversion price falls."""
    before_and_after = (
        Adjustment(one.series.name, one.conversion_price, adjusted_price(one, new_money, conversions))
        for one in protected
    )
    return tuple(one for one in before_and_after if one.after < one.before)


def adjusted_price(one: Protected, new_money: Piece, conversions: Sequence[Piece]) -> Fraction:
    """CP2, never above CP1. Each piece is tested at its own price, and only those below CP1 count."""
    terms, before = one.series.anti_dilution, one.conversion_price
    issued = [new_money, *(conversions[at] for at in sorted(one.pieces))]
    below = [piece for piece in issued if piece.price < before]
    if terms is None or not below:
        return before
    after = min(piece.price for piece in below)
    if not one.ratchets:
        outstanding = one.outstanding + sum(conversions[at].shares for at in one.in_outstanding)
        paid = sum((piece.paid for piece in below), Fraction(0))
        after = before * (outstanding + paid / before) / (outstanding + sum(piece.shares for piece in below))
    if terms.price_step is not None:
        rounded = math.floor(after / terms.price_step + Fraction(1, 2)) * terms.price_step
        if rounded == 0:
            raise InputError("out_of_range", "AntiDilution.price_step", terms.price_step, f"price_step <= {2 * after}")
        after = rounded
    return min(before, after)


def pay_or_convert(
    holdings: Sequence[Holding], series: Sequence[Series], investments: Sequence[Investment], terms: PayToPlay
) -> tuple[tuple[Holding, ...], tuple[Series, ...], tuple[Forfeit, ...]]:
    """Holdings and series after those who did not pay have common instead of preferred, and who they are.

    A holder's part of the offer is his share, as converted, of all the named series together; what he pays counts for
    all of his series alike. Whole shares are kept and whole common is given, both rounded down.
    """
    ratios = dict(terms.common_per_share)
    by_name = {one.name: one for one in series}
    unknown = set(ratios) - set(by_name)
    if unknown:
        raise InputError("unknown_name", "PayToPlay.common_per_share", sorted(unknown), f"in {sorted(by_name)}")
    converted: defaultdict[str, Fraction] = defaultdict(Fraction)
    for one in holdings:
        if one.security in ratios:
            converted[one.holder] += one.shares * by_name[one.security].conversion_ratio
    total = sum(converted.values(), Fraction(0))
    paid: defaultdict[str, Fraction] = defaultdict(Fraction)
    for cheque in investments:
        paid[cheque.holder] += cheque.amount
    forfeits = []
    for one in holdings:
        if one.security in ratios:
            part = min(Fraction(1), paid[one.holder] * total / (terms.offered * converted[one.holder]))
            if terms.partly_paid == "all_converts" and part < 1:
                part = Fraction(0)
            lost = one.shares - math.floor(one.shares * part)
            if lost:
                forfeits.append(Forfeit(one.holder, one.security, lost, math.floor(lost * ratios[one.security])))
    return _after(holdings, series, forfeits)


def _after(
    holdings: Sequence[Holding], series: Sequence[Series], forfeits: Sequence[Forfeit]
) -> tuple[tuple[Holding, ...], tuple[Series, ...], tuple[Forfeit, ...]]:
    lost = {(one.holder, one.series): one.shares for one in forfeits}
    kept = [replace(one, shares=one.shares - lost.get((one.holder, one.security), 0)) for one in holdings]
    kept += [Holding(one.holder, COMMON, one.common) for one in forfeits]
    before: defaultdict[str, int] = defaultdict(int)
    gone: defaultdict[str, int] = defaultdict(int)
    for holding in holdings:
        before[holding.security] += holding.shares
    for one in forfeits:
        gone[one.series] += one.shares
    # The preference goes with the shares: each had the same part of the money invested.
    left = [
        replace(one, invested=one.invested * Fraction(before[one.name] - gone[one.name], before[one.name]))
        for one in series
        if before[one.name] > gone[one.name]
    ]
    return tuple(one for one in kept if one.shares), tuple(left), tuple(forfeits)
