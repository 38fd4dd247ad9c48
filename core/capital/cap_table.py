"""The fold over a company's dated events: one table after each of them.

A table is the fold of `apply` over a company's events, in date order; nothing else makes one.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import accumulate
from typing import Any

from core.capital import option_changes, stock_changes, stock_events
from core.capital.notes import NoteIssued
from core.capital.public_offering import OfferingResult, offering_on, offering_terms, public_offering
from core.capital.round_on_table import after_round, price_on_each_basis_on, price_round_on
from core.capital.securities import (
    Event,
    OptionsGranted,
    PoolIncreased,
    PricedRound,
    PublicOffering,
    SafeIssued,
    SharesIssued,
)
from core.capital.stock_events import WarrantIssued
from core.capital.table import EMPTY, CapTable, fully_diluted, issued, undetermined
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
    PublicOffering: public_offering,
}
