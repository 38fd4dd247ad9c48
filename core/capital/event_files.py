"""A company's events as a JSON text: read exactly, written back the same, refused by event number and field.

`docs/cap-table.md` describes the format. A number is the decimal that was typed, never a binary float; what a number
might mean twice (a rate of 8) is refused rather than guessed, and so is every field that is not known.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from core.capital import stock_events
from core.capital.cap_table import EMPTY, CapTable, apply
from core.capital.exact_json import JsonObject, noun_of, object_of, parsed, plain, snake, text_typed
from core.capital.notes import NoteIssued
from core.capital.securities import (
    Event,
    OptionsGranted,
    PoolIncreased,
    PricedRound,
    PublicOffering,
    SafeIssued,
    SharesIssued,
)
from core.errors import InputError

_KINDS: tuple[type[Event], ...] = (
    SharesIssued,
    PoolIncreased,
    stock_events.PoolReduced,
    stock_events.OptionsPromised,
    OptionsGranted,
    stock_events.OptionsExercised,
    stock_events.OptionsLapsed,
    stock_events.OptionsCancelled,
    stock_events.OptionsRepriced,
    stock_events.WarrantIssued,
    stock_events.WarrantExercised,
    stock_events.WarrantCancelled,
    SafeIssued,
    NoteIssued,
    stock_events.NotesRepaid,
    stock_events.NotesConverted,
    stock_events.SecondarySale,
    stock_events.SharesRepurchased,
    stock_events.StockConverted,
    stock_events.ConversionPriceSet,
    stock_events.Split,
    PricedRound,
    stock_events.LaterClosing,
    PublicOffering,
)


@dataclass(frozen=True)
class EventFile:
    """What a file says: the events, a name and where the example is from."""

    events: tuple[Event, ...]
    name: str = ""
    source: str = ""


def read_events(text: str | bytes) -> tuple[Event, ...]:
    """The events of a JSON text. Raises InputError naming the number of the event, the field and the way out."""
    return read_event_file(text).events


def read_event_file(text: str | bytes) -> EventFile:
    """The same with the name and the source of the file."""
    content = object_of("file", parsed(text, '{"events": [{...}, ...]}'), ("name", "source", "events"), ("events",))
    events = content["events"]
    if not isinstance(events, list):
        raise InputError("wrong_type", "events", plain(events), "[{...}, ...]")
    if not events:
        raise InputError("missing", "events", events, "1 <= len(events)")
    words = {field: text_typed(field, content[field]) for field in ("name", "source") if field in content}
    return EventFile(tuple(_event(number, one) for number, one in enumerate(events, start=1)), **words)


def write_events(events: Iterable[Event], name: str = "", source: str = "") -> str:
    """A JSON text that reads back as the same events, one a line; fields at their default are left out."""
    head = {key: value for key, value in (("name", name), ("source", source)) if value}
    lines = [f"  {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)},\n" for key, value in head.items()]
    body = ",\n".join(f"    {json.dumps(event_as_json(one), ensure_ascii=False)}" for one in events)
    return "".join(["{\n", *lines, '  "events": [\n', body, "\n  ]\n}\n"])


def event_as_json(event: Event) -> dict[str, Any]:
    """The event as it stands in a file."""
    return {"event": kind_of(event), **plain(event)}


def event_kinds() -> Mapping[str, type[Event]]:
    """Every kind of event by the name that a file gives it."""
    return {snake(kind.__name__): kind for kind in _KINDS}


def kind_of(event: Event) -> str:
    """The name of the event's kind in a file."""
    return snake(type(event).__name__)


def tables_after(events: Iterable[Event]) -> tuple[CapTable, ...]:
    """The table after each event, as `fold` makes it; an InputError names the event by its number."""
    tables, table = [], EMPTY
    for number, event in enumerate(events, start=1):
        try:
            table = apply(table, event)
        except InputError as error:
            raise numbered(number, event, error) from None
        tables.append(table)
    return tuple(tables)


def numbered(number: int, event: Event, error: InputError) -> InputError:
    """The error with the event's place: a field of the event by its own name, another one with that of its noun."""
    noun, _, field = error.field.rpartition(".")
    if noun and noun != type(event).__name__:
        field = f"{snake(noun)}.{field}"
    return InputError(error.code, f"{_place(number, kind_of(event))} {field}", plain(error.value), error.expected)


def _event(number: int, value: Any) -> Event:
    place = f"event {number}"
    kinds = event_kinds()
    if not isinstance(value, JsonObject):
        raise InputError("wrong_type", place, plain(value), '{"event": ..., "date": ..., ...}')
    if "event" not in value:
        raise InputError("missing", f"{place} event", None, " | ".join(kinds))
    name = value["event"]
    if not isinstance(name, str) or name not in kinds:
        raise InputError("unknown_name", f"{place} event", plain(name), " | ".join(kinds))
    event: Event = noun_of(_place(number, name), kinds[name], value, ("event",))
    return event


def _place(number: int, kind: str) -> str:
    return f"event {number} ({kind})"
