"""How SAFEs and notes may set their shares: each has some ways, and its holder gets the best of them.

Y Combinator's SAFEs: a post-money cap counts all converting securities (Company Capitalization), a pre-money cap counts
no SAFE and no note, but the pool with its increase in the round. An MFN SAFE may take the whole package of one SAFE
issued later, its cap and discount together; since a package is as good as its better price, the best way of all
packages is the best way of the best package, and two packages are never mixed. It cannot take a pre-money form.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

from core.capital.notes import CapCounts, Convertible, NoteIssued
from core.capital.securities import SafeIssued
from core.errors import InputError

Term = Literal["cap", "discount", "fixed"]
"""What sets a price. A SAFE without a discount that buys at the round's own price counts as "discount"."""


@dataclass(frozen=True)
class Way:
    """One way to count shares: `factor` of a count of shares, or stock worth `factor` at the round's price.

    counts: a count that a cap is divided by, or "money"
    elected: position of the later SAFE whose package an MFN SAFE takes, None for its own terms
    """

    term: Term
    counts: CapCounts | Literal["money"]
    factor: Fraction
    elected: int | None = None


def dollars_converting(convertible: Convertible, on: datetime.date) -> Fraction:
    """What the holder pays with: the Purchase Amount, or the note's principal and interest on that day."""
    return convertible.owed(on) if isinstance(convertible, NoteIssued) else convertible.amount


def ways_to_convert(safes: Sequence[SafeIssued], notes: Sequence[NoteIssued], on: datetime.date) -> list[list[Way]]:
    """For each SAFE, then each note, its ways; where two give the same number of shares the earlier one counts."""
    check_shares_at_cap(safes)
    return [
        *(_safe_ways(safes, position) for position in range(len(safes))),
        *(_package(note.owed(on), note.valuation_cap, note.discount, note.cap_counts) for note in notes),
    ]


def conversion_price(safe: SafeIssued, capitalization: Fraction, round_price: Fraction) -> tuple[Fraction, Term]:
    """The price per share and the term that sets it: the lower of cap/capitalization and (1 - d) p; a tie is "cap".

    capitalization: the count that this form's cap is divided by
    """
    discount_price = (1 - safe.discount) * round_price
    if safe.valuation_cap is None:
        return discount_price, "discount"
    cap_price = safe.valuation_cap / capitalization
    return (discount_price, "discount") if discount_price < cap_price else (cap_price, "cap")


def elected_terms(safes: Sequence[SafeIssued]) -> tuple[SafeIssued, ...]:
    """The SAFEs with each MFN's package as it stands without a round: the lowest cap, then the largest discount.

    Provisional: a round's price may make another package the better one.
    """
    return tuple(_elected(safes, position) for position in range(len(safes)))


def check_shares_at_cap(safes: Sequence[SafeIssued]) -> None:
    """Refuse SAFEs that would own the whole company at their caps, and an MFN that has a pre-money SAFE to take."""
    total = sum((safe.share for safe in elected_terms(safes)), Fraction(0))
    if total >= 1:
        expected = "sum(amount / valuation_cap) < 1"
        raise InputError("over_100_percent", "SafeIssued.amount", total, expected)


def _safe_ways(safes: Sequence[SafeIssued], position: int) -> list[Way]:
    safe = safes[position]
    if safe.fixed_share is not None:
        return [Way("fixed", "company_capitalization", safe.fixed_share)]
    counts: CapCounts = "company_capitalization" if safe.form == "post_money" else "with_pool_increase"
    ways = _package(safe.amount, safe.valuation_cap, safe.discount, counts)
    for later, other in _offered(safes, position):
        package = _package(safe.amount, other.valuation_cap, other.discount, counts)
        ways += [replace(way, elected=later) for way in package]
    # Caps first: where a cap and a discount give the same number of shares, the cap is named.
    return sorted(ways, key=lambda way: way.term)


def _package(dollars: Fraction, cap: Fraction | None, discount: Fraction, counts: CapCounts) -> list[Way]:
    at_discount = Way("discount", "money", dollars / (1 - discount))
    return [at_discount] if cap is None else [Way("cap", counts, dollars / cap), at_discount]


def _offered(safes: Sequence[SafeIssued], position: int) -> list[tuple[int, SafeIssued]]:
    """The later SAFEs whose packages an MFN SAFE may take; a fixed share is no package of prices."""
    if not safes[position].mfn:
        return []
    later = [(place, safe) for place, safe in enumerate(safes) if place > position and safe.fixed_share is None]
    for _, safe in later:
        if safe.form == "pre_money":
            expected = 'form = "post_money" for every SAFE after one with mfn'
            raise InputError("contradiction", "SafeIssued.form", safe.form, expected)
    return later


def _elected(safes: Sequence[SafeIssued], position: int) -> SafeIssued:
    own = safes[position]
    packages = [own, *(safe for _, safe in _offered(safes, position))]

    def rank(safe: SafeIssued) -> tuple[bool, Fraction, Fraction]:
        return safe.valuation_cap is None, safe.valuation_cap or Fraction(0), -safe.discount

    best = min(packages, key=rank)
    return replace(own, valuation_cap=best.valuation_cap, discount=best.discount) if best is not own else own
