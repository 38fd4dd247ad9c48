"""The cap table: who holds what after each dated event, and the two measures of ownership taken from it.

A table is the fold of `apply` over a company's events, in date order; nothing else makes one. Ownership is always
named: *fully diluted* counts stock, granted options, the unissued pool and SAFEs as converted at their caps; *issued*
counts stock alone.
"""

import datetime
import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import accumulate
from typing import Any

from core.capital.rounds import PricedRoundResult, check_shares_at_cap, price_round
from core.capital.securities import (
    COMMON,
    OPTIONS,
    UNISSUED_POOL,
    Event,
    Holding,
    Investment,
    OptionsGranted,
    PoolIncreased,
    PricedRound,
    PublicOffering,
    SafeIssued,
    Series,
    SharesIssued,
    check_free,
)
from core.errors import InputError


@dataclass(frozen=True)
class CapTable:
    """What stands after the last event.

    holdings: stock and granted options, in the order of first issue; one entry for each holder and security
    series: terms of the preferred series in `holdings`; securities that are not named here are common or options
    safes: outstanding SAFEs in the order of issue
    as_of: date of the last event, None before the first
    """

    holdings: tuple[Holding, ...] = ()
    unissued_pool: int = 0
    series: tuple[Series, ...] = ()
    safes: tuple[SafeIssued, ...] = ()
    as_of: datetime.date | None = None

    @property
    def issued_and_granted(self) -> int:
        """Shares of stock and granted options, all series converted one for one."""
        return sum(holding.shares for holding in self.holdings)


EMPTY = CapTable()


def apply(table: CapTable, event: Event) -> CapTable:
    """The table after one more event. Raises InputError where the event does not fit the table."""
    change = _CHANGES.get(type(event))
    if change is None:
        raise InputError("wrong_type", "event", event, " | ".join(kind.__name__ for kind in _CHANGES))
    field = f"{type(event).__name__}.date"
    if table.as_of is not None and event.date < table.as_of:
        raise InputError("out_of_order", field, event.date, f"{table.as_of} <= date")
    if not table.holdings and not isinstance(event, SharesIssued):
        raise InputError("before_founding", field, event.date, "SharesIssued.date <= date")
    return replace(change(table, event), as_of=event.date)


def fold(events: Iterable[Event]) -> tuple[CapTable, ...]:
    """The table after each event, so the last one is today's. No events, no tables."""
    return tuple(accumulate(events, apply, initial=EMPTY))[1:]


def fully_diluted(table: CapTable) -> Mapping[str, Fraction]:
    """Fully diluted ownership by holder, and by UNISSUED_POOL where there is one; sums to exactly 1.

    A SAFE owns amount/cap (what its holder bought, before the next round's money); shares split the rest.
    """
    owned: defaultdict[str, Fraction] = defaultdict(Fraction)
    rest = 1 - sum((safe.share for safe in table.safes), Fraction(0))
    base = table.issued_and_granted + table.unissued_pool
    for holding in table.holdings:
        owned[holding.holder] += rest * Fraction(holding.shares, base)
    for safe in table.safes:
        owned[safe.holder] += safe.share
    if table.unissued_pool:
        owned[UNISSUED_POOL] = rest * Fraction(table.unissued_pool, base)
    return dict(owned)


def issued(table: CapTable) -> Mapping[str, Fraction]:
    """Ownership of issued stock by holder (series converted one for one; no options, no SAFEs); sums to exactly 1."""
    owned: defaultdict[str, Fraction] = defaultdict(Fraction)
    stock = [holding for holding in table.holdings if holding.security != OPTIONS]
    total = sum(holding.shares for holding in stock)
    for holding in stock:
        owned[holding.holder] += Fraction(holding.shares, total)
    return dict(owned)


def price_round_on(table: CapTable, terms: PricedRound) -> PricedRoundResult:
    """The round as it would be priced on this table: price, conversions and pool, without applying it."""
    return price_round(terms, table.issued_and_granted, table.unissued_pool, table.safes)


def _shares_issued(table: CapTable, event: SharesIssued) -> CapTable:
    check_free("SharesIssued.security", event.security, {series.name for series in table.series})
    return replace(table, holdings=_merged(table, [Holding(event.holder, event.security, event.shares)]))


def _pool_increased(table: CapTable, event: PoolIncreased) -> CapTable:
    return replace(table, unissued_pool=table.unissued_pool + event.shares)


def _options_granted(table: CapTable, event: OptionsGranted) -> CapTable:
    if event.shares > table.unissued_pool:
        raise InputError("out_of_range", "OptionsGranted.shares", event.shares, f"shares <= {table.unissued_pool}")
    holdings = _merged(table, [Holding(event.holder, OPTIONS, event.shares)])
    return replace(table, holdings=holdings, unissued_pool=table.unissued_pool - event.shares)


def _safe_issued(table: CapTable, event: SafeIssued) -> CapTable:
    safes = (*table.safes, event)
    check_shares_at_cap(safes)
    return replace(table, safes=safes)


def _priced_round(table: CapTable, terms: PricedRound) -> CapTable:
    """New money's series, and for each SAFE a shadow series with the round's terms and its own price and money.

    "Safe Preferred Stock" has the seniority and liquidation multiple of the round's stock, but its price-based
    preferences follow the Safe Price (Y Combinator post-money SAFE, definitions).
    """
    result = price_round_on(table, terms)
    taken = {holding.security for holding in table.holdings}
    for name in (terms.name, *(conversion.series for conversion in result.conversions)):
        check_free("PricedRound.name", name, taken)

    def series(name: str, price: Fraction, invested: Fraction) -> Series:
        return Series(name, price, terms.liquidation_multiple, terms.seniority, invested)

    converted = [Holding(one.safe.holder, one.series, one.shares) for one in result.conversions]
    return replace(
        table,
        holdings=_merged(table, [*converted, *result.new_shares]),
        unissued_pool=table.unissued_pool + result.pool_increase,
        series=(
            *table.series,
            *(series(one.series, one.price, one.safe.amount) for one in result.conversions),
            series(terms.name, result.price, terms.new_money),
        ),
        safes=(),
    )


def offering_terms(event: PublicOffering) -> PricedRound:
    """The pricing half of an offering: SAFEs convert and new shares are sold as in a round without a pool target."""
    investments = (Investment(event.name, event.amount),)
    return PricedRound(event.date, event.name, investments, event.pre_money, price_step=event.price_step)


@dataclass(frozen=True)
class OfferingResult:
    """A public offering solved: the offer price, the new shares, and what each old holder has and sells of it."""

    offer_price: Fraction
    primary_shares: int
    held: Mapping[str, int]
    sold: Mapping[str, int]


def offering_on(table: CapTable, event: PublicOffering) -> OfferingResult:
    """The offering as it would go on this table, without applying it."""
    result = price_round_on(table, offering_terms(event))
    held: defaultdict[str, int] = defaultdict(int)
    for holding in table.holdings:
        if holding.security != OPTIONS:
            held[holding.holder] += holding.shares
    for conversion in result.conversions:
        held[conversion.safe.holder] += conversion.shares
    sold = {holder: math.floor(shares * event.secondary_share) for holder, shares in held.items()}
    return OfferingResult(result.price, sum(one.shares for one in result.new_shares), dict(held), sold)


def _public_offering(table: CapTable, event: PublicOffering) -> CapTable:
    offering = offering_on(table, event)
    check_free("PublicOffering.name", event.name, {holding.holder for holding in table.holdings})
    options = [holding for holding in table.holdings if holding.security == OPTIONS]
    kept = [Holding(holder, COMMON, shares - offering.sold[holder]) for holder, shares in offering.held.items()]
    public = Holding(event.name, COMMON, offering.primary_shares + sum(offering.sold.values()))
    return replace(table, holdings=(*kept, public, *options), series=(), safes=())


def _merged(table: CapTable, added: Iterable[Holding]) -> tuple[Holding, ...]:
    shares: defaultdict[tuple[str, str], int] = defaultdict(int)
    for holding in (*table.holdings, *added):
        shares[holding.holder, holding.security] += holding.shares
    return tuple(Holding(holder, security, count) for (holder, security), count in shares.items())


_CHANGES: dict[type[Event], Callable[[CapTable, Any], CapTable]] = {
    SharesIssued: _shares_issued,
    PoolIncreased: _pool_increased,
    OptionsGranted: _options_granted,
    SafeIssued: _safe_issued,
    PricedRound: _priced_round,
    PublicOffering: _public_offering,
}
