"""A public offering on a cap table: everything becomes common, new shares are sold, holders sell some of theirs."""

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from core.capital.round_on_table import price_round_on
from core.capital.rounds import PricedRoundResult
from core.capital.securities import (
    COMMON,
    OPTIONS,
    Holding,
    Investment,
    PricedRound,
    PublicOffering,
    Series,
    check_free,
)
from core.capital.table import CapTable, merged, warrants_left
from core.errors import InputError


def offering_terms(event: PublicOffering) -> PricedRound:
    """The pricing half of an offering: SAFEs convert and new shares are sold as in a round without a pool target.

    Every series has become common just before it, so no anti-dilution is left that a low price could set off.
    """
    investments = (Investment(event.name, event.amount),)
    terms = PricedRound(event.date, event.name, investments, event.pre_money, price_step=event.price_step)
    return replace(terms, adjustment_in_price=False)


@dataclass(frozen=True)
class OfferingResult:
    """A public offering solved: the offer price, the new shares, and what each old holder has and sells of it.

    ratchets: what each series whose promise is not met by the price gets in addition, in shares
    """

    offer_price: Fraction
    primary_shares: int
    held: Mapping[str, int]
    sold: Mapping[str, int]
    ratchets: Mapping[str, int]


def offering_on(table: CapTable, event: PublicOffering) -> OfferingResult:
    """The offering as it would go on this table, without applying it.

    The pre-money buys the shares of series with an unmet promise at what is promised, and all others at the price. A
    promise that is not met lowers the price for everybody else, so those met are looked for from none on.
    """
    unmet: frozenset[str] = frozenset()
    while True:
        result = _priced_beside(table, event, unmet)
        below = {one.name for one in table.series if _worth(table, one, result.price) < one.promised_at_offering}
        if below <= unmet:
            break
        unmet |= below
    held: defaultdict[str, int] = defaultdict(int)
    ratchets: defaultdict[str, int] = defaultdict(int)
    for holding in table.holdings:
        shares = table.as_converted(holding)
        if holding.security in unmet:
            series = table.by_name[holding.security]
            part = Fraction(holding.shares, _outstanding(table, series))
            promised = max(shares, math.floor(series.promised_at_offering * part / result.price))
            ratchets[series.name] += promised - shares
            shares = promised
        if holding.security != OPTIONS:
            held[holding.holder] += shares
    for conversion in result.conversions:
        held[conversion.safe.holder] += conversion.shares
    sold = {holder: math.floor(shares * event.secondary_share) for holder, shares in held.items()}
    primary = sum(one.shares for one in result.new_shares)
    return OfferingResult(result.price, primary, dict(held), sold, dict(ratchets))


def _priced_beside(table: CapTable, event: PublicOffering, unmet: frozenset[str]) -> PricedRoundResult:
    """The price that the rest of the pre-money gives all shares but those of the series with an unmet promise."""
    if not unmet:
        return price_round_on(table, offering_terms(event))
    if table.safes or table.notes:
        # Their caps would count shares that the price decides.
        expected = "no SAFE or note outstanding beside an unmet offering_return"
        raise InputError("contradiction", "PublicOffering.pre_money", event.pre_money, expected)
    promised = sum((table.by_name[name].promised_at_offering for name in unmet), Fraction(0))
    if promised >= event.pre_money:
        raise InputError("over_100_percent", "PublicOffering.pre_money", event.pre_money, f"{promised} < pre_money")
    others = replace(
        table,
        holdings=tuple(one for one in table.holdings if one.security not in unmet),
        series=tuple(one for one in table.series if one.name not in unmet),
    )
    return price_round_on(others, offering_terms(replace(event, pre_money=event.pre_money - promised)))


def _outstanding(table: CapTable, series: Series) -> int:
    return sum(one.shares for one in table.holdings if one.security == series.name)


def _worth(table: CapTable, series: Series, price: Fraction) -> Fraction:
    return _outstanding(table, series) * series.conversion_ratio * price


def public_offering(table: CapTable, event: PublicOffering) -> CapTable:
    """Common of another class keeps it, with its votes, and is sold after a holder's other shares."""
    offering = offering_on(table, event)
    check_free("PublicOffering.name", event.name, {holding.holder for holding in table.holdings})
    left, unsold = dict(offering.held), dict(offering.sold)
    other_classes = []
    for one in table.holdings:
        if one.security in {COMMON, OPTIONS, *table.by_name}:
            continue
        left[one.holder] -= one.shares
        sold = max(0, unsold[one.holder] - left[one.holder])
        unsold[one.holder] -= sold
        other_classes.append(replace(one, shares=one.shares - sold))
    common = [Holding(holder, COMMON, shares - unsold[holder]) for holder, shares in left.items()]
    public = Holding(event.name, COMMON, offering.primary_shares + sum(offering.sold.values()))
    options = [holding for holding in table.holdings if holding.security == OPTIONS]
    return replace(
        table,
        holdings=merged((*common, public, *other_classes, *options)),
        series=(),
        safes=(),
        notes=tuple(note for note in table.notes if event.amount < note.qualified_financing),
        warrants=warrants_left(table, ()),
    )
