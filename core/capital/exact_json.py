"""Nouns of capital as JSON texts: read exactly, written back the same, refused by place and field.

A number is the decimal that was typed, never a binary float; what a number might mean twice (a rate of 8) is refused
rather than guessed, and so is every field that is not known. `event_files` and `deal_files` are made of it.
"""

import datetime
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import MISSING, fields, is_dataclass
from fractions import Fraction
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from core.errors import InputError
from core.host_limits import host_limits
from core.typed_text import check_text, readable

LARGEST_FILE_BYTES = 1024 * 1024
LONGEST_NUMBER = 200
"""Characters; a number of a million digits would stop the machine and means nothing."""

PARTS = ("discount", "pool_target", "taken", "market_discount", "usable")
"""The fields that may be typed in per cent, beside those that are named a rate, a share or a return."""


def number_typed(field: str, value: object, per_cent: bool = False) -> Fraction:
    """The exact number that was typed: 5000000, 0.2, "0.0001", "1/3" and, where it is a part of something, "12.5%"."""
    expected = 'digits like 5000000, 0.2 or "1/3"' + (' or "12.5%"' if per_cent else "")
    if not isinstance(value, str):
        raise InputError("wrong_type", field, plain(value), expected)
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


class JsonObject(dict[str, Any]):
    """A JSON object, and the names that stood in it twice."""

    twice: tuple[str, ...] = ()


def parsed(text: str | bytes, expected: str) -> Any:
    """What a JSON text holds, its numbers as they were typed. Raises InputError; `expected` shows what it should be."""
    if len(text) > LARGEST_FILE_BYTES:
        raise InputError("too_large", "file", f"{len(text)} bytes", f"size <= {LARGEST_FILE_BYTES} bytes")
    try:
        decoded = text.decode("utf-8-sig") if isinstance(text, bytes) else text
        # Every event is applied to all that stands before it, so time grows with the square of their number.
        most, objects = host_limits().document_objects, decoded.count("{")
        if objects > most:
            raise InputError("too_large", "file", f"{objects} objects", f"events + parts <= {most}")
        return json.loads(
            decoded, parse_int=_Number, parse_float=_Number, parse_constant=_Number, object_pairs_hook=_pairs
        )
    except UnicodeDecodeError:
        raise InputError("malformed", "file", "bytes", "UTF-8") from None
    except json.JSONDecodeError as error:
        raise InputError("malformed", f"file line {error.lineno}", error.msg, expected) from None
    except RecursionError:
        raise InputError("malformed", "file", "nested too deep", expected) from None


def _pairs(pairs: list[tuple[str, Any]]) -> JsonObject:
    found = JsonObject(pairs)
    if len(found) < len(pairs):
        times = Counter(name for name, _ in pairs)
        found.twice = tuple(name for name in found if times[name] > 1)
    return found


def object_of(place: str, value: Any, known: Iterable[str], needed: Iterable[str]) -> JsonObject:
    """The value as an object with known fields only, each once, none of the needed ones missing."""
    names = list(known)
    if not isinstance(value, JsonObject):
        raise InputError("wrong_type", place, plain(value), f"{{{', '.join(names)}}}")
    for name in value.twice:
        raise InputError("duplicate_name", f"{place} {name}", plain(value[name]), "each field once")
    for name in value:
        if name not in names:
            raise InputError("unknown_field", f"{place} {readable(name)}", plain(value[name]), " | ".join(names))
    for name in needed:
        if name not in value:
            raise InputError("missing", f"{place} {name}", None, f"{name} given")
    return value


def noun_of(place: str, kind: type[Any], value: Any, beside: tuple[str, ...] = ()) -> Any:
    """An instance of the dataclass from an object with its fields and those that stand `beside` them."""
    own = [one for one in fields(kind) if one.init]
    needed = [one.name for one in own if one.default is MISSING and one.default_factory is MISSING]
    content = object_of(place, value, (*beside, *(one.name for one in own)), needed)
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
        raise InputError(error.code, f"{place} {field}", plain(shown), error.expected) from None


def _value(place: str, name: str, hint: Any, value: Any) -> Any:
    """The JSON value as the type that the field asks for."""
    if get_origin(hint) in (Union, UnionType):
        options = [one for one in get_args(hint) if one is not NoneType]
        return None if value is None else _value(place, name, options[0], value)
    if get_origin(hint) is tuple:
        return _several(place, name, get_args(hint)[0], value)
    if is_dataclass(hint):
        assert isinstance(hint, type)
        return noun_of(place, hint, value)
    if hint is Fraction:
        return _number(place, name, value)
    return _READERS[str if get_origin(hint) is Literal else hint](place, value)


def _several(place: str, name: str, hint: Any, value: Any) -> tuple[Any, ...]:
    """A list, or for pairs of a name and a number an object."""
    if get_origin(hint) is tuple:
        if not isinstance(value, JsonObject):
            raise InputError("wrong_type", place, plain(value), '{"Series A": "1/10", ...}')
        object_of(place, value, value, ())
        return tuple((check_text(place, key), number_typed(f"{place} {key}", one)) for key, one in value.items())
    if not isinstance(value, list):
        raise InputError("wrong_type", place, plain(value), "[...]")
    return tuple(_value(f"{place} {number}", name, hint, one) for number, one in enumerate(value, start=1))


def _number(place: str, name: str, value: Any) -> Fraction:
    rate = name.endswith(("_rate", "_return"))
    number = number_typed(place, value, per_cent=rate or name.endswith("_share") or name in PARTS)
    if rate and number >= 1 and not str(value).endswith("%"):
        meant = f'"{_decimal(number * 100)}%" if so much is meant'
        raise InputError("out_of_range", place, value, f'{name} < 1, e.g. 0.08 or "8%"; {meant}')
    return number


def _whole(place: str, value: Any) -> int:
    if not isinstance(value, str) or len(value) > LONGEST_NUMBER or not re.fullmatch(r"-?[0-9]+", value):
        raise InputError("wrong_type", place, plain(value), "a whole number like 8000000")
    return int(value)


def text_typed(place: str, value: Any) -> str:
    """A text without spaces around it."""
    if not isinstance(value, str) or isinstance(value, _Number):
        raise InputError("wrong_type", place, plain(value), '"text"')
    if value != value.strip():
        # "Ada " would be another holder than "Ada".
        raise InputError("malformed", place, value, f"{value.strip()!r}, without spaces around it")
    return check_text(place, value)


def _flag(place: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise InputError("wrong_type", place, plain(value), "true | false")
    return value


def date_typed(place: str, value: Any) -> datetime.date:
    """A day typed as 2026-01-31."""
    try:
        if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
            return datetime.date.fromisoformat(value)
    except ValueError:
        pass
    raise InputError("malformed", place, plain(value), '"YYYY-MM-DD"')


_READERS: dict[Any, Any] = {str: text_typed, int: _whole, bool: _flag, datetime.date: date_typed}


def plain(value: Any) -> Any:
    """A noun, number or day as a file has it."""
    if is_dataclass(value) and not isinstance(value, type):
        return dict(_given(value))
    if isinstance(value, Fraction):
        return _decimal(value)
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, tuple) and value and all(_is_pair(one) for one in value):
        return {name: plain(number) for name, number in value}
    if isinstance(value, (tuple, list)):
        return [plain(one) for one in value]
    return value


def _given(noun: Any) -> Iterator[tuple[str, Any]]:
    # The day first, what has no default next; the terms of preferred stock, which have one, last.
    for one in sorted(fields(noun), key=lambda one: (one.name != "date", one.default is not MISSING, one.kw_only)):
        value = getattr(noun, one.name)
        if one.default is MISSING or value != one.default:
            yield one.name, plain(value)


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


def snake(name: str) -> str:
    """The name of a class as a file has it: SafeIssued is safe_issued."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
