"""A package of the Open Cap Format as events.

OCF states what was issued; a round's agreed terms follow from it: preferred stock of one class and day is a round at
its price, into which nothing converts by law. A SAFE or note that the package converts is read as the stock it became,
at what was paid for it, so that every share is the package's own; it does not appear before. Protection against
dilution and pro-rata rights are in no package, so a conversion price changes only where one says so. What no event can
say is refused, and so is a package whose own numbers do not add up to the table that its events make; what changes
nobody's shares is said in notes.
"""

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from core.capital import ocf_rights_reader as rights
from core.capital import ocf_stock_reader as stock
from core.capital.ocf_package import Item, date_of, items_of, named
from core.capital.ocf_remark import Remark
from core.capital.ocf_source import Source, kind_of, without_retracted
from core.capital.securities import Event
from core.errors import InputError


@dataclass(frozen=True)
class Reading:
    """The events of a package, and what was assumed or left out."""

    events: tuple[Event, ...]
    notes: tuple[Remark, ...]


def reading_of(files: Mapping[str, bytes] | bytes) -> Reading:
    """Read a package, a zip or its files by name. Raises InputError naming the object by type and id.

    The transactions of one day have no order in OCF: they are taken as they are listed where that adds up, else by
    their kind.
    """
    items = items_of(files)
    try:
        return _reading(items, _as_listed)
    except InputError:
        reading = _reading(items, _by_kind)
        by_kind = Remark("a day's transactions are taken by their kind, not as listed")
        return replace(reading, notes=(*reading.notes, by_kind))


def _reading(items: list[Item], in_order: Callable[[Source], list[Item]]) -> Reading:
    try:
        source = Source(without_retracted(items))
        for item in in_order(source):
            _read(source, item)
        source.check_stock()
    except _WRONG_SHAPES as error:
        raise InputError("malformed", "files", str(error), "objects as the schemas of OCF 1.2 have them") from None
    if source.converted and any(safe.mfn for safe in source.table.safes):
        source.notes.append(
            Remark("a SAFE with mfn that is outstanding may follow one that has converted; that is not read")
        )
    return Reading(tuple(source.events), tuple(dict.fromkeys(source.notes)))


def _read(source: Source, item: Item) -> None:
    handler = _READERS.get(kind_of(item))
    if handler is None:
        expected = f"one of {' | '.join(sorted(_READERS))}"
        raise InputError("unknown_name", named(item), item.get("object_type"), expected)
    try:
        handler(source, item)
    except _WRONG_SHAPES as error:
        raise InputError("malformed", named(item), str(error), "an object as its schema has it") from None
    except InputError as error:
        # What an event finds wrong names its own field, not yet the object.
        place = error.field if " " in error.field else f"{named(item)} {error.field}"
        raise InputError(error.code, place, error.value, error.expected) from None


_READERS: dict[str, Callable[[Source, Item], None]] = {
    "TX_STOCK_CLASS_SPLIT": stock.split,
    "TX_STOCK_ISSUANCE": stock.issued,
    "TX_STOCK_PLAN_POOL_ADJUSTMENT": rights.pool_set,
    "TX_EQUITY_COMPENSATION_ISSUANCE": rights.options_granted,
    "TX_PLAN_SECURITY_ISSUANCE": rights.options_granted,
    "TX_WARRANT_ISSUANCE": rights.warrant_issued,
    "TX_CONVERTIBLE_ISSUANCE": rights.convertible_issued,
    "TX_EQUITY_COMPENSATION_REPRICING": rights.options_repriced,
    "TX_EQUITY_COMPENSATION_EXERCISE": rights.options_exercised,
    "TX_PLAN_SECURITY_EXERCISE": rights.options_exercised,
    "TX_EQUITY_COMPENSATION_RELEASE": rights.options_exercised,
    "TX_PLAN_SECURITY_RELEASE": rights.options_exercised,
    "TX_WARRANT_EXERCISE": rights.warrant_exercised,
    "TX_WARRANT_CANCELLATION": rights.warrant_cancelled,
    "TX_STOCK_CLASS_CONVERSION_RATIO_ADJUSTMENT": stock.conversion_price_set,
    "TX_STOCK_REISSUANCE": stock.reissued,
    "TX_STOCK_CONSOLIDATION": stock.consolidated,
    "TX_STOCK_CONVERSION": stock.converted,
    "TX_STOCK_TRANSFER": stock.transferred,
    "TX_STOCK_REPURCHASE": stock.repurchased,
    "TX_STOCK_CANCELLATION": stock.cancelled,
    "TX_CONVERTIBLE_CANCELLATION": rights.convertible_cancelled,
    "TX_EQUITY_COMPENSATION_CANCELLATION": rights.options_cancelled,
    "TX_PLAN_SECURITY_CANCELLATION": rights.options_cancelled,
    "TX_STOCK_PLAN_RETURN_TO_POOL": rights.returned_to_pool,
    "TX_CONVERTIBLE_CONVERSION": rights.convertible_converted,
}
"""By type, in the order in which those of one day are taken if not as listed; preferred comes after that day's common.
"""


_WRONG_SHAPES = (AttributeError, IndexError, KeyError, TypeError, ZeroDivisionError)
"""What a field of another shape than its schema's comes to: a text for an object, a denominator of 0."""


def _as_listed(source: Source) -> list[Item]:
    """By day, then as the files list them; a plan's first reserve opens its day, but the company has stock before."""
    ordered = sorted(source.transactions, key=date_of)
    founded = next(at for at, one in enumerate(ordered) if kind_of(one) == "TX_STOCK_ISSUANCE")
    for reserve in source.reserves:
        later = (at for at, one in enumerate(ordered) if at > founded and date_of(one) >= date_of(reserve))
        ordered.insert(next(later, len(ordered)), reserve)
    return ordered


def _by_kind(source: Source) -> list[Item]:
    kinds = list(_READERS)

    def place(item: Item) -> tuple[datetime.date, int, bool]:
        at = kinds.index(kind_of(item)) if kind_of(item) in kinds else -1
        stock_class = source.classes.get(str(item.get("stock_class_id")), {})
        return date_of(item), at, stock_class.get("class_type") == "PREFERRED"

    return sorted((*source.reserves, *source.transactions), key=place)
