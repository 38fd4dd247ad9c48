"""How SAFEs and notes may set their shares: each has some ways, and its holder gets the best of them.

Y Combinator's SAFEs: a post-money cap counts all converting securities (Company Capitalization), a pre-money cap counts
no SAFE and no note, but the pool with its increase in the round. An MFN SAFE may take the whole package of one SAFE
issued later, its cap and discount together; since a package is as good as its better price, the best way of all
packages is the best way of the best package, and two packages are never mixed. It cannot take a pre-money form.

By its section 3 the right is to the terms of whatever convertible securities the company issues "prior to termination
of this Safe": the later SAFE may have converted before, or wait for another round, and its package can be taken all
the same. Notes issued later are such securities too, but taking one makes the SAFE a loan with that note's interest
and maturity; an MFN SAFE here follows SAFEs alone.
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
    elected: the later SAFE whose package an MFN SAFE takes, None for its own terms
    """

    term: Term
    counts: CapCounts | Literal["money"]
    factor: Fraction
    elected: SafeIssued | None = None


def dollars_converting(convertible: Convertible, on: datetime.date) -> Fraction:
    """What the holder pays with: the Purchase Amount, or the note's principal and interest on that day."""
    return convertible.owed(on) if isinstance(convertible, NoteIssued) else convertible.amount


def ways_to_convert(
    safes: Sequence[SafeIssued],
    notes: Sequence[NoteIssued],
    on: datetime.date,
    issued: Sequence[SafeIssued] = (),
) -> list[list[Way]]:
    """For each SAFE, then each note, its ways; where two give the same number of shares the earlier one counts.

    issued: all SAFEs ever issued, in their order; () where these are all
    """
    check_shares_at_cap(safes, issued)
    return [
        *(_safe_ways(safe, later) for safe, later in zip(safes, _offered(safes, issued), strict=True)),
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


def elected_terms(safes: Sequence[SafeIssued], issued: Sequence[SafeIssued] = ()) -> tuple[SafeIssued, ...]:
    """The SAFEs with each MFN's package as it stands without a round: the lowest cap, then the largest discount.

    Provisional: a round's price may make another package the better one.
    """
    return tuple(_elected(safe, later) for safe, later in zip(safes, _offered(safes, issued), strict=True))


def check_shares_at_cap(safes: Sequence[SafeIssued], issued: Sequence[SafeIssued] = ()) -> None:
    """Refuse SAFEs that would own the whole company at their caps, and an MFN that has a pre-money SAFE to take."""
    total = sum((safe.share for safe in elected_terms(safes, issued)), Fraction(0))
    if total >= 1:
        expected = "sum(amount / valuation_cap) < 1"
        raise InputError("over_100_percent", "SafeIssued.amount", total, expected)


def _safe_ways(safe: SafeIssued, later: Sequence[SafeIssued]) -> list[Way]:
    if safe.fixed_share is not None:
        return [Way("fixed", "company_capitalization", safe.fixed_share)]
    counts: CapCounts = "company_capitalization" if safe.form == "post_money" else "with_pool_increase"
    ways = _package(safe.amount, safe.valuation_cap, safe.discount, counts)
    for other in later:
        package = _package(safe.amount, other.valuation_cap, other.discount, counts)
        ways += [replace(way, elected=other) for way in package]
    # Caps first: where a cap and a discount give the same number of shares, the cap is named.
    return sorted(ways, key=lambda way: way.term)


def _package(dollars: Fraction, cap: Fraction | None, discount: Fraction, counts: CapCounts) -> list[Way]:
    at_discount = Way("discount", "money", dollars / (1 - discount))
    return [at_discount] if cap is None else [Way("cap", counts, dollars / cap), at_discount]


def _offered(safes: Sequence[SafeIssued], issued: Sequence[SafeIssued]) -> list[list[SafeIssued]]:
    """For each of the SAFEs the later ones whose packages it may take; a fixed share is no package of prices."""
    everything = issued or safes
    place, offered = len(everything), []
    for safe in reversed(safes):
        # From the end, so that of two equal SAFEs of one day the outstanding one is found.
        place = max(at for at, one in enumerate(everything[:place]) if one == safe)
        offered.append([one for one in everything[place + 1 :] if one.fixed_share is None] if safe.mfn else [])
    for later in offered:
        for one in later:
            if one.form == "pre_money":
                expected = 'form = "post_money" for every SAFE after one with mfn'
                raise InputError("contradiction", "SafeIssued.form", one.form, expected)
    return offered[::-1]


def _elected(own: SafeIssued, later: Sequence[SafeIssued]) -> SafeIssued:
    packages = [own, *later]

    def rank(safe: SafeIssued) -> tuple[bool, Fraction, Fraction]:
        return safe.valuation_cap is None, safe.valuation_cap or Fraction(0), -safe.discount

    best = min(packages, key=rank)
    return replace(own, valuation_cap=best.valuation_cap, discount=best.discount) if best is not own else own
