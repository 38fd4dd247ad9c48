"""A company's events as a JSON text: read exactly, written back the same, refused by event number and field.

`docs/cap-table.md` describes the format. A number is the decimal that was typed, never a binary float; what a number
might mean twice (a rate of 8) is refused rather than guessed, and so is every field that is not known.
"""

import datetime
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from fractions import Fraction
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from core.capital import stock_events
from core.capital.cap_table import EMPTY, CapTable, apply
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

LARGEST_FILE_BYTES = 1024 * 1024
LONGEST_NUMBER = 200
"""Characters; a number of a million digits would stop the machine and means nothing."""

RATES = ("interest_rate", "dividend_rate")
PARTS = (*RATES, "discount", "fixed_share", "pool_target", "secondary_share", "taken", "market_discount", "usable")
"""The fields that may be typed in per cent."""

_KINDS: tuple[type[Event], ...] = (
    SharesIssued,
    PoolIncreased,
    stock_events.OptionsPromised,
    OptionsGranted,
    stock_events.OptionsExercised,
    stock_events.OptionsLapsed,
    stock_events.WarrantIssued,
    stock_events.WarrantExercised,
    SafeIssued,
    NoteIssued,
    stock_events.NotesRepaid,
    stock_events.NotesConverted,
    stock_events.SecondarySale,
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
    content = _object("file", _parsed(text), ("name", "source", "events"), ("events",))
    events = content["events"]
    if not isinstance(events, list):
        raise InputError("wrong_type", "events", _plain(events), "[{...}, ...]")
    if not events:
        raise InputError("missing", "events", events, "1 <= len(events)")
    words = {field: _text(field, content[field]) for field in ("name", "source") if field in content}
    return EventFile(tuple(_event(number, one) for number, one in enumerate(events, start=1)), **words)


def write_events(events: Iterable[Event], name: str = "", source: str = "") -> str:
    """A JSON text that reads back as the same events, one a line; fields at their default are left out."""
    head = {key: value for key, value in (("name", name), ("source", source)) if value}
    lines = [f"  {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)},\n" for key, value in head.items()]
    body = ",\n".join(f"    {json.dumps(event_as_json(one), ensure_ascii=False)}" for one in events)
    return "".join(["{\n", *lines, '  "events": [\n', body, "\n  ]\n}\n"])


def event_as_json(event: Event) -> dict[str, Any]:
    """The event as it stands in a file."""
    return {"event": kind_of(event), **_plain(event)}


def event_kinds() -> Mapping[str, type[Event]]:
    """Every kind of event by the name that a file gives it."""
    return {_snake(kind.__name__): kind for kind in _KINDS}


def kind_of(event: Event) -> str:
    """The name of the event's kind in a file."""
    return _snake(type(event).__name__)


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
        field = f"{_snake(noun)}.{field}"
    return InputError(error.code, f"{_place(number, kind_of(event))} {field}", _plain(error.value), error.expected)


def number_typed(field: str, value: object, per_cent: bool = False) -> Fraction:
    """The exact number that was typed: 5000000, 0.2, "0.0001", "1/3" and, where it is a part of something, "12.5%"."""
    expected = 'digits like 5000000, 0.2 or "1/3"' + (' or "12.5%"' if per_cent else "")
    if not isinstance(value, str):
        raise InputError("wrong_type", field, _plain(value), expected)
    if len(value) > LONGEST_NUMBER:
        raise InputError("too_large", field, value, f"at most {LONGEST_NUMBER} characters")
    found = re.fullmatch(r"(-?[0-9]+)(?:(\.[0-9]+)?(%?)|/([0-9]+))", value)
    if found is None or (found[3] and not per_cent):
        raise InputError("malformed", field, value, expected)
    if found[4] is not None:
        if int(found[4]) == 0:
            raise InputError("malformed", field, value, "0 < denominator")
        return Fraction(int(found[1]), int(found[4]))
    number = Fraction(found[1] + (found[2] or ""))
    return number / 100 if found[3] else number


class _Number(str):
    """A JSON number as it was typed."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


class _Object(dict[str, Any]):
    """A JSON object, and the names that stood in it twice."""

    twice: tuple[str, ...] = ()


def _parsed(text: str | bytes) -> Any:
    if len(text) > LARGEST_FILE_BYTES:
        raise InputError("too_large", "file", f"{len(text)} bytes", f"size <= {LARGEST_FILE_BYTES} bytes")
    try:
        decoded = text.decode("utf-8-sig") if isinstance(text, bytes) else text
        return json.loads(
            decoded, parse_int=_Number, parse_float=_Number, parse_constant=_Number, object_pairs_hook=_pairs
        )
    except UnicodeDecodeError:
        raise InputError("malformed", "file", "bytes", "UTF-8") from None
    except json.JSONDecodeError as error:
        raise InputError("malformed", f"file line {error.lineno}", error.msg, '{"events": [{...}, ...]}') from None
    except RecursionError:
        raise InputError("malformed", "file", "nested too deep", '{"events": [{...}, ...]}') from None


def _pairs(pairs: list[tuple[str, Any]]) -> _Object:
    found = _Object(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        found.twice = tuple(name for name in found if names.count(name) > 1)
    return found


def _object(place: str, value: Any, known: Iterable[str], needed: Iterable[str]) -> _Object:
    """The value as an object with known fields only, each once, none of the needed ones missing."""
    names = list(known)
    if not isinstance(value, _Object):
        raise InputError("wrong_type", place, _plain(value), f"{{{', '.join(names)}}}")
    for name in value.twice:
        raise InputError("duplicate_name", f"{place} {name}", _plain(value[name]), "each field once")
    for name in value:
        if name not in names:
            raise InputError("unknown_field", f"{place} {name}", _plain(value[name]), " | ".join(names))
    for name in needed:
        if name not in value:
            raise InputError("missing", f"{place} {name}", None, f"{name} given")
    return value


def _event(number: int, value: Any) -> Event:
    place = f"event {number}"
    kinds = event_kinds()
    if not isinstance(value, _Object):
        raise InputError("wrong_type", place, _plain(value), '{"event": ..., "date": ..., ...}')
    if "event" not in value:
        raise InputError("missing", f"{place} event", None, " | ".join(kinds))
    name = value["event"]
    if not isinstance(name, str) or name not in kinds:
        raise InputError("unknown_name", f"{place} event", _plain(name), " | ".join(kinds))
    event: Event = _noun(_place(number, name), kinds[name], value, ("event",))
    return event


def _noun(place: str, kind: type[Any], value: Any, beside: tuple[str, ...] = ()) -> Any:
    """An instance of the dataclass from an object with its fields and those that stand `beside` them."""
    own = [one for one in fields(kind) if one.init]
    needed = [one.name for one in own if one.default is MISSING and one.default_factory is MISSING]
    content = _object(place, value, (*beside, *(one.name for one in own)), needed)
    hints = get_type_hints(kind)
    given = {
        one.name: _value(f"{place} {one.name}", one.name, hints[one.name], content[one.name])
        for one in own
        if one.name in content
    }
    try:
        return kind(**given)
    except InputError as error:
        field = error.field.rpartition(".")[2]
        shown = content.get(field, error.value)
        raise InputError(error.code, f"{place} {field}", _plain(shown), error.expected) from None


def _value(place: str, name: str, hint: Any, value: Any) -> Any:
    """The JSON value as the type that the field asks for."""
    if get_origin(hint) in (Union, UnionType):
        options = [one for one in get_args(hint) if one is not NoneType]
        return None if value is None else _value(place, name, options[0], value)
    if get_origin(hint) is tuple:
        return _several(place, name, get_args(hint)[0], value)
    if is_dataclass(hint):
        assert isinstance(hint, type)
        return _noun(place, hint, value)
    if hint is Fraction:
        return _number(place, name, value)
    return _READERS[str if get_origin(hint) is Literal else hint](place, value)


def _several(place: str, name: str, hint: Any, value: Any) -> tuple[Any, ...]:
    """A list, or for pairs of a name and a number an object."""
    if get_origin(hint) is tuple:
        if not isinstance(value, _Object):
            raise InputError("wrong_type", place, _plain(value), '{"Series A": "1/10", ...}')
        _object(place, value, value, ())
        return tuple((key, number_typed(f"{place} {key}", one)) for key, one in value.items())
    if not isinstance(value, list):
        raise InputError("wrong_type", place, _plain(value), "[...]")
    return tuple(_value(f"{place} {number}", name, hint, one) for number, one in enumerate(value, start=1))


def _number(place: str, name: str, value: Any) -> Fraction:
    number = number_typed(place, value, per_cent=name in PARTS)
    if name in RATES and number >= 1 and not str(value).endswith("%"):
        meant = f'"{_decimal(number * 100)}%" if so much is meant'
        raise InputError("out_of_range", place, value, f'{name} < 1, e.g. 0.08 or "8%"; {meant}')
    return number


def _whole(place: str, value: Any) -> int:
    if not isinstance(value, str) or len(value) > LONGEST_NUMBER or not re.fullmatch(r"-?[0-9]+", value):
        raise InputError("wrong_type", place, _plain(value), "a whole number like 8000000")
    return int(value)


def _text(place: str, value: Any) -> str:
    if not isinstance(value, str) or isinstance(value, _Number):
        raise InputError("wrong_type", place, _plain(value), '"text"')
    if value != value.strip():
        # "Ada " would be another holder than "Ada".
        raise InputError("malformed", place, value, f"{value.strip()!r}, without spaces around it")
    return value


def _flag(place: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise InputError("wrong_type", place, _plain(value), "true | false")
    return value


def date_typed(place: str, value: Any) -> datetime.date:
    """A day typed as 2026-01-31."""
    try:
        if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
            return datetime.date.fromisoformat(value)
    except ValueError:
        pass
    raise InputError("malformed", place, _plain(value), '"YYYY-MM-DD"')


_READERS: dict[Any, Any] = {str: _text, int: _whole, bool: _flag, datetime.date: date_typed}


def _plain(value: Any) -> Any:
    """A noun, number or day as a file has it."""
    if is_dataclass(value) and not isinstance(value, type):
        return dict(_given(value))
    if isinstance(value, Fraction):
        return _decimal(value)
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, tuple) and value and all(_is_pair(one) for one in value):
        return {name: _plain(number) for name, number in value}
    if isinstance(value, (tuple, list)):
        return [_plain(one) for one in value]
    return value


def _given(noun: Any) -> Iterator[tuple[str, Any]]:
    # The day first, what has no default next; the terms of preferred stock, which have one, last.
    for one in sorted(fields(noun), key=lambda one: (one.name != "date", one.default is not MISSING, one.kw_only)):
        value = getattr(noun, one.name)
        if one.default is MISSING or value != one.default:
            yield one.name, _plain(value)


def _is_pair(value: Any) -> bool:
    return isinstance(value, tuple) and len(value) == 2 and isinstance(value[1], Fraction)


def _decimal(number: Fraction) -> int | str:
    """Whole numbers as such, others as the exact decimal where there is one, else as numerator/denominator."""
    if number.denominator == 1:
        return number.numerator
    rest, places = number.denominator, 0
    while rest % 10 == 0 or rest % 2 == 0 or rest % 5 == 0:
        rest //= 10 if rest % 10 == 0 else 2 if rest % 2 == 0 else 5
        places += 1
    if rest > 1:
        return str(number)
    digits = str(abs(number.numerator) * 10**places // number.denominator).rjust(places + 1, "0")
    sign = "-" if number < 0 else ""
    return f"{sign}{digits[:-places]}.{digits[-places:]}"


def _place(number: int, kind: str) -> str:
    return f"event {number} ({kind})"


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
