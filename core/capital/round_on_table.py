"""A priced round on a cap table: what the table says stands before it, and the table after it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from fractions import Fraction

from core.capital.anti_dilution import Forfeit, pay_or_convert
from core.capital.notes import Convertible, NoteIssued
from core.capital.round_equations import Company, Protected
from core.capital.rounds import Conversion, PricedRoundResult, price_on_each_basis, price_round
from core.capital.securities import COMMON, OPTIONS, Basis, Holding, PricedRound, SafeIssued, Series, check_free
from core.capital.table import CapTable, merged, warrants_left
from core.capital.terms import PreferredTerms
from core.errors import InputError


def price_round_on(table: CapTable, terms: PricedRound) -> PricedRoundResult:
    """The round as it would be priced on this table: price, conversions and pool, without applying it."""
    _, company, forfeits = _before(table, terms)
    return replace(price_round(terms, company, *_converting(table, terms), table.issued_safes), forfeits=forfeits)


def price_on_each_basis_on(table: CapTable, terms: PricedRound) -> dict[Basis, PricedRoundResult]:
    """The round as each reading of its pre-money would price it on this table."""
    _, company, _ = _before(table, terms)
    return price_on_each_basis(terms, company, *_converting(table, terms), table.issued_safes)


def after_round(table: CapTable, terms: PricedRound) -> CapTable:
    """New money's series, a shadow series for each SAFE and note, and earlier series at their new conversion prices.

    "Safe Preferred Stock" has the round's terms, but its price-based terms follow the Safe Price (Y Combinator
    post-money SAFE, definitions); so the conversion price that anti-dilution protects is its own too.
    """
    played, company, _ = _before(table, terms)
    safes, notes = _converting(table, terms)
    result = price_round(terms, company, safes, notes, table.issued_safes)
    taken = {COMMON, *(holding.security for holding in table.holdings)}
    for name in (terms.name, *(conversion.series for conversion in result.conversions)):
        check_free("PricedRound.name", name, taken)
    adjusted = {one.series: one.after for one in result.adjustments}
    earlier = [
        replace(one, conversion_price=adjusted[one.name]) if one.name in adjusted else one for one in played.series
    ]
    converted = [Holding(one.safe.holder, one.series, one.shares) for one in result.conversions]
    return replace(
        played,
        holdings=merged((*played.holdings, *converted, *result.new_shares)),
        unissued_pool=max(table.unissued_pool, table.promised) + result.pool_increase,
        series=(
            *earlier,
            *(_shadow(one, terms) for one in result.conversions),
            _series(terms.name, result.price, terms.new_money, terms),
        ),
        safes=tuple(safe for safe in table.safes if safe not in safes),
        notes=tuple(note for note in table.notes if note not in notes),
    )


def company_of(table: CapTable, converting: Sequence[Convertible] = ()) -> Company:
    """What stands on the table, as a round that converts these SAFEs and notes counts it."""
    terms, held = table.by_name, defaultdict[str, Fraction](Fraction)
    common = options = 0
    shares: defaultdict[str, int] = defaultdict(int)
    for one in table.holdings:
        ratio = terms[one.security].conversion_ratio if one.security in terms else Fraction(1)
        held[one.holder] += one.shares * ratio
        if one.security in terms:
            shares[one.security] += one.shares
        elif one.security == OPTIONS:
            options += one.shares
        else:
            common += one.shares
    for warrant in table.warrants:
        held[warrant.holder] += table.warrant_as_converted(warrant)
    warrants = sum(table.warrant_as_converted(warrant) for warrant in table.warrants)
    preferred = sum((count * terms[name].conversion_ratio for name, count in shares.items()), Fraction(0))
    outstanding = {
        "outstanding": common + options + warrants + preferred,
        "outstanding_and_pool": common + options + warrants + preferred + table.unissued_pool,
        "preferred": preferred,
    }
    protected = tuple(
        _protected(series, shares[series.name], outstanding, converting)
        for series in table.series
        if series.anti_dilution is not None
    )
    rights = options + warrants + table.promised
    return Company(common, preferred, rights, table.unpromised_pool, protected, dict(held))


def _protected(
    series: Series, shares: int, outstanding: Mapping[str, Fraction], converting: Sequence[Convertible]
) -> Protected:
    terms = series.anti_dilution
    assert terms is not None
    later = {at for at, one in enumerate(converting) if series.issued is None or one.date >= series.issued}
    pieces = later if terms.conversions == "count" else set[int]()
    # A narrow base has only what it names.
    in_outstanding = set(range(len(converting))) - pieces if terms.counted.startswith("outstanding") else set[int]()
    counted = outstanding.get(terms.counted, shares * series.conversion_ratio)
    return Protected(series, shares, counted, frozenset(pieces), frozenset(in_outstanding))


def _converting(table: CapTable, terms: PricedRound) -> tuple[list[SafeIssued], list[NoteIssued]]:
    """The SAFEs and notes that convert in the round."""
    holders = {safe.holder for safe in table.safes} | {note.holder for note in table.notes}
    for name in terms.waiting:
        if name not in holders:
            raise InputError("unknown_name", "PricedRound.waiting", name, f"in {sorted(holders)}")
    safes = [safe for safe in table.safes if safe.holder not in terms.waiting]
    notes = [
        note for note in table.notes if note.holder not in terms.waiting and terms.new_money >= note.qualified_financing
    ]
    return safes, notes


def _before(table: CapTable, terms: PricedRound) -> tuple[CapTable, Company, tuple[Forfeit, ...]]:
    """The table after pay-to-play, what the round is priced on, and who lost preferred stock."""
    rule = terms.pay_to_play
    safes, notes = _converting(table, terms)
    converting: tuple[Convertible, ...] = (*safes, *notes)
    if rule is None:
        return table, company_of(table, converting), ()
    holdings, series, forfeits = pay_or_convert(table.holdings, table.series, terms.investments, rule)
    played = replace(table, holdings=merged(holdings), series=series, warrants=warrants_left(table, series))
    company = company_of(played, converting)
    if rule.priced_before:
        company = replace(company_of(table), protected=company.protected)
    return played, company, forfeits


def _shadow(conversion: Conversion, terms: PricedRound) -> Series:
    """The preference counts what the holder put in; a note's interest has become part of it. What the new money is
    promised at an offering is promised to it alone."""
    return _series(conversion.series, conversion.price, conversion.dollars, replace(terms, offering_return=None))


def _series(name: str, price: Fraction, invested: Fraction, terms: PricedRound) -> Series:
    common_terms = {one.name: getattr(terms, one.name) for one in fields(PreferredTerms)}
    return Series(name, price, terms.liquidation_multiple, terms.seniority, invested, issued=terms.date, **common_terms)
