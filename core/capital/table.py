"""What a cap table holds, and the two measures of ownership taken from it.

Ownership is always named: *fully diluted* counts stock as converted, options granted and promised, warrants, the
unissued pool, and SAFEs and notes as converted at their caps; *issued* counts stock alone.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from core.capital.conversions import elected_terms
from core.capital.notes import NoteIssued
from core.capital.securities import COMMON, OPTIONS, UNISSUED_POOL, Grant, Holding, SafeIssued, Series, VestingStock
from core.capital.stock_events import CommonClass, Promise, WarrantIssued
from core.errors import InputError


@dataclass(frozen=True)
class CapTable:
    """What stands after the last event.

    holdings: stock and granted options, in the order of first issue; one entry for each holder and security
    unissued_pool: options not granted, the promised ones included
    series: terms of the preferred series in `holdings`; securities that are not named here are common or options
    safes, notes, warrants: outstanding, in the order of issue
    grants: terms of the options in `holdings`, with the same sum for each holder
    classes: classes of common with other than one vote a share
    issued_safes: all SAFEs ever issued, in order; one with MFN may take the terms of a later one that has left `safes`
    vesting_stock: common stock that vests, in the order of issue
    as_of: date of the last event, None before the first
    """

    holdings: tuple[Holding, ...] = ()
    unissued_pool: int = 0
    series: tuple[Series, ...] = ()
    safes: tuple[SafeIssued, ...] = ()
    as_of: datetime.date | None = None
    notes: tuple[NoteIssued, ...] = ()
    grants: tuple[Grant, ...] = ()
    promises: tuple[Promise, ...] = ()
    warrants: tuple[WarrantIssued, ...] = ()
    classes: tuple[CommonClass, ...] = ()
    issued_safes: tuple[SafeIssued, ...] = ()
    vesting_stock: tuple[VestingStock, ...] = ()

    @property
    def by_name(self) -> Mapping[str, Series]:
        """The terms of each series."""
        return {series.name: series for series in self.series}

    @property
    def promised(self) -> int:
        return sum(promise.shares for promise in self.promises)

    @property
    def unpromised_pool(self) -> int:
        return max(0, self.unissued_pool - self.promised)

    @property
    def elected_safes(self) -> tuple[SafeIssued, ...]:
        """The outstanding SAFEs with the terms that each would convert on as it stands."""
        return elected_terms(self.safes, self.issued_safes)

    def unvested_stock(self, holder: str, security: str, on: datetime.date) -> int:
        """How many of a holder's shares of common the company may still buy back on that day."""
        lots = (lot for lot in self.vesting_stock if (lot.holder, lot.security) == (holder, security))
        return sum(lot.unvested(on) for lot in lots)

    @property
    def issued_and_granted(self) -> int:
        """Shares of stock and granted options, all series converted; a holder's fraction of a share is left out."""
        return sum(self.as_converted(holding) for holding in self.holdings)

    def as_converted(self, holding: Holding) -> int:
        """The shares of common that the holding is or converts into."""
        series = self.by_name.get(holding.security)
        return holding.shares if series is None else series.as_converted(holding.shares)

    def warrant_as_converted(self, warrant: WarrantIssued) -> int:
        """The shares of common that an exercised warrant is or converts into."""
        return self.as_converted(Holding(warrant.holder, warrant.security, warrant.shares))


EMPTY = CapTable()


def fully_diluted(table: CapTable) -> Mapping[str, Fraction]:
    """Fully diluted ownership by holder, and by UNISSUED_POOL where there is one; sums to exactly 1.

    A SAFE owns amount/cap (what its holder bought, before the next round's money), a pre-money SAFE and a note the
    shares that their caps give today; shares split the rest. What only a round can settle (see `undetermined`) owns
    nothing yet, and an MFN SAFE is counted at the package it would take today.
    """
    counted: defaultdict[str, Fraction] = defaultdict(Fraction)
    series = table.by_name
    for holding in table.holdings:
        terms = series.get(holding.security)
        counted[holding.holder] += holding.shares if terms is None else terms.as_converted(holding.shares)
    for warrant in table.warrants:
        counted[warrant.holder] += table.warrant_as_converted(warrant)
    for promise in table.promises:
        counted[promise.holder] += promise.shares
    if table.unpromised_pool:
        counted[UNISSUED_POOL] += table.unpromised_pool
    stood = sum(counted.values(), Fraction(0))
    parts = _at_cap(table, stood)
    for holder, _, shares in parts:
        counted[holder] += shares
    rest = 1 - sum((part for _, part, _ in parts), Fraction(0))
    if rest <= 0:
        raise InputError("over_100_percent", "NoteIssued.principal", 1 - rest, "sum(owed / valuation_cap) < 1")
    total = sum(counted.values(), Fraction(0))
    owned = {holder: rest * count / total for holder, count in counted.items() if count}
    for holder, part, _ in parts:
        if part:
            owned[holder] = owned.get(holder, Fraction(0)) + part
    return owned


def _at_cap(table: CapTable, stood: Fraction) -> list[tuple[str, Fraction, Fraction]]:
    """Holder, part of the company and shares of each SAFE and note at its cap; one of the two is 0.

    stood: all shares, the pool included
    """
    parts = []
    for safe in table.elected_safes:
        shares = Fraction(0)
        if safe.form == "pre_money" and safe.valuation_cap is not None:
            shares = safe.amount / safe.valuation_cap * stood
        parts.append((safe.holder, safe.share, shares))
    for note in table.notes:
        if note.valuation_cap is None:
            continue
        assert table.as_of is not None
        part = note.owed(table.as_of) / note.valuation_cap
        if note.cap_counts == "company_capitalization":
            parts.append((note.holder, part, Fraction(0)))
        else:
            parts.append((note.holder, Fraction(0), part * count_at_cap(table, note)))
    return parts


def count_at_cap(table: CapTable, note: NoteIssued) -> Fraction:
    """The shares that a note's cap is divided by today, as no round increases the pool."""
    if note.cap_counts == "common":
        names = {OPTIONS, *table.by_name}
        return Fraction(sum(one.shares for one in table.holdings if one.security not in names))
    return Fraction(all_shares(table) - (table.unpromised_pool if note.cap_counts == "without_pool" else 0))


def all_shares(table: CapTable) -> int:
    """Stock as converted, options granted and promised, warrants and the unissued pool."""
    warrants = sum(table.warrant_as_converted(warrant) for warrant in table.warrants)
    return table.issued_and_granted + warrants + table.promised + table.unpromised_pool


def undetermined(table: CapTable) -> tuple[str, ...]:
    """Holders of SAFEs and notes without a cap or a share: how much they own only a round can settle."""
    safes = [safe for safe in table.elected_safes if safe.valuation_cap is None and safe.fixed_share is None]
    notes = [note for note in table.notes if note.valuation_cap is None]
    return (*(safe.holder for safe in safes), *(note.holder for note in notes))


def unvested_stock(table: CapTable) -> tuple[Holding, ...]:
    """Stock that the company may still buy back on the day of the last event."""
    if table.as_of is None:
        return ()
    lots = (Holding(one.holder, one.security, one.unvested(table.as_of)) for one in table.vesting_stock)
    return merged(lots)


def issued(table: CapTable) -> Mapping[str, Fraction]:
    """Ownership of issued stock by holder, series converted; no options, warrants, SAFEs; sums to exactly 1."""
    owned: defaultdict[str, Fraction] = defaultdict(Fraction)
    stock = [holding for holding in table.holdings if holding.security != OPTIONS]
    total = sum(table.as_converted(holding) for holding in stock)
    for holding in stock:
        owned[holding.holder] += Fraction(table.as_converted(holding), total)
    return dict(owned)


def merged(holdings: Iterable[Holding]) -> tuple[Holding, ...]:
    """One entry for each holder and security, none without shares, in the order of first appearance."""
    shares: defaultdict[tuple[str, str], int] = defaultdict(int)
    for holding in holdings:
        shares[holding.holder, holding.security] += holding.shares
    return tuple(Holding(holder, security, count) for (holder, security), count in shares.items() if count)


def with_more_invested(table: CapTable, security: str, shares: int) -> CapTable:
    """So many more shares of the security: a charter counts their preference at the original issue price each.

    Whatever was paid for them, as the strike of a warrant.
    """
    series = (
        replace(one, invested=one.invested + shares * one.original_issue_price) if one.name == security else one
        for one in table.series
    )
    return replace(table, series=tuple(series))


def warrants_left(table: CapTable, series: Iterable[Series]) -> tuple[WarrantIssued, ...]:
    """The warrants once these series are left: one for a series that has become common is for common.

    The whole exercise costs what it did; one for less than a share ends.
    """
    gone = set(table.by_name) - {one.name for one in series}
    return tuple(
        _on_common(table, one) if one.security in gone else one
        for one in table.warrants
        if table.warrant_as_converted(one) or one.security not in gone
    )


def _on_common(table: CapTable, warrant: WarrantIssued) -> WarrantIssued:
    shares = table.warrant_as_converted(warrant)
    return replace(warrant, security=COMMON, shares=shares, strike=warrant.strike * warrant.shares / shares)
