"""The fold over a company's dated events: one table after each of them.

A table is the fold of `apply` over a company's events, in date order; nothing else makes one.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import accumulate
from typing import Any

from core.capital import option_changes, stock_changes, stock_events
from core.capital.notes import NoteIssued
from core.capital.round_on_table import after_round, price_on_each_basis_on, price_round_on
from core.capital.securities import (
    COMMON,
    OPTIONS,
    Event,
    Holding,
    Investment,
    OptionsGranted,
    PoolIncreased,
    PricedRound,
    PublicOffering,
    SafeIssued,
    SharesIssued,
    check_free,
)
from core.capital.stock_events import WarrantIssued
from core.capital.table import EMPTY, CapTable, fully_diluted, issued, merged, undetermined, warrants_left
from core.errors import InputError

__all__ = [
    "EMPTY",
    "CapTable",
    "OfferingResult",
    "apply",
    "fold",
    "fully_diluted",
    "issued",
    "offering_on",
    "offering_terms",
    "price_on_each_basis_on",
    "price_round_on",
    "undetermined",
]


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
    return _without_expired(replace(change(table, event), as_of=event.date))


def fold(events: Iterable[Event]) -> tuple[CapTable, ...]:
    """The table after each event, so the last one is today's. No events, no tables."""
    return tuple(accumulate(events, apply, initial=EMPTY))[1:]


def _without_expired(table: CapTable) -> CapTable:
    """Warrants count up to their last day."""
    live = [one for one in table.warrants if one.expires is None or table.as_of is None or one.expires >= table.as_of]
    return replace(table, warrants=tuple(live))


def offering_terms(event: PublicOffering) -> PricedRound:
    """The pricing half of an offering: SAFEs convert and new shares are sold as in a round without a pool target.

    Every series has become common just before it, so no anti-dilution is left that a low price could set off.
    """
    investments = (Investment(event.name, event.amount),)
    terms = PricedRound(event.date, event.name, investments, event.pre_money, price_step=event.price_step)
    return replace(terms, adjustment_in_price=False)


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
            held[holding.holder] += table.as_converted(holding)
    for conversion in result.conversions:
        held[conversion.safe.holder] += conversion.shares
    sold = {holder: math.floor(shares * event.secondary_share) for holder, shares in held.items()}
    return OfferingResult(result.price, sum(one.shares for one in result.new_shares), dict(held), sold)


def _public_offering(table: CapTable, event: PublicOffering) -> CapTable:
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


_CHANGES: dict[type[Event], Callable[[CapTable, Any], CapTable]] = {
    SharesIssued: stock_changes.shares_issued,
    PoolIncreased: option_changes.pool_increased,
    stock_events.PoolReduced: option_changes.pool_reduced,
    OptionsGranted: option_changes.options_granted,
    stock_events.OptionsPromised: option_changes.options_promised,
    stock_events.OptionsExercised: option_changes.options_exercised,
    stock_events.OptionsLapsed: option_changes.options_lapsed,
    stock_events.OptionsCancelled: option_changes.options_cancelled,
    stock_events.OptionsRepriced: option_changes.options_repriced,
    WarrantIssued: option_changes.warrant_issued,
    stock_events.WarrantExercised: option_changes.warrant_exercised,
    stock_events.WarrantCancelled: option_changes.warrant_cancelled,
    SafeIssued: stock_changes.safe_issued,
    NoteIssued: stock_changes.note_issued,
    stock_events.NotesRepaid: stock_changes.notes_repaid,
    stock_events.NotesConverted: stock_changes.notes_converted,
    stock_events.SecondarySale: stock_changes.secondary_sale,
    stock_events.SharesRepurchased: stock_changes.shares_repurchased,
    stock_events.StockConverted: stock_changes.stock_converted,
    stock_events.ConversionPriceSet: stock_changes.conversion_price_set,
    stock_events.Split: stock_changes.split,
    PricedRound: after_round,
    stock_events.LaterClosing: stock_changes.later_closing,
    PublicOffering: _public_offering,
}
