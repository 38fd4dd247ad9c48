"""Scenarios in and out: edits by field path, JSON files and the short code that a link carries.

A code is "2." + base64url(zlib(JSON)); fields at their default are left out. Packing starts from the text of
link_dictionary.txt, so that a plan of many fields fits a link, too, and ends with a checksum. Codes that start with
"1." were packed without either. Unpacking is bounded, so a hostile code costs no more than an honest one.
"""

import base64
import binascii
import json
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, is_dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from core.errors import CODES, InputError
from core.plan.fields import position
from core.plan.former_names import with_present_names
from core.plan.scenario import Scenario
from core.plan.strategies import FINANCINGS

CODE_VERSION = "2."
# The names of all fields and the presets, of November 2026. It never changes, for every link of its version is read
# with it: another text is another version.
DICTIONARY = Path(__file__).with_name("link_dictionary.txt").read_bytes()
UNPACKERS: Mapping[str, Callable[[], Any]] = {
    CODE_VERSION: lambda: zlib.decompressobj(zdict=DICTIONARY),
    "1.": lambda: zlib.decompressobj(-zlib.MAX_WBITS),
}
LONGEST_CODE = 2_000
LARGEST_JSON_BYTES = 256 * 1024
MOST_OBJECTS = 5_000  # "{" in a text; the fullest scenario has some 700. Each wrong one costs a refusal of its own
PER_CENT = 100


def to_json(scenario: Scenario) -> str:
    """The scenario as a JSON text for a file, every field written out."""
    return scenario.model_dump_json(indent=2) + "\n"


def from_json(text: str | bytes) -> Scenario:
    """The scenario of a JSON text. Raises InputError naming the first field that cannot be used."""
    if len(text) > LARGEST_JSON_BYTES:
        raise InputError("too_large", "scenario", f"{len(text)} bytes", f"size <= {LARGEST_JSON_BYTES} bytes")
    objects = text.count("{") if isinstance(text, str) else text.count(b"{")
    if objects > MOST_OBJECTS:
        raise InputError("too_large", "scenario", f"{objects} objects", f"objects <= {MOST_OBJECTS}")
    try:
        content = text.encode(errors="surrogatepass") if isinstance(text, str) else text
        return Scenario.model_validate_json(with_present_names(content))
    except ValidationError as error:
        raise _input_error(error) from None


def to_code(scenario: Scenario) -> str:
    """The scenario as ASCII for a link. Raises InputError when it needs more than `LONGEST_CODE` characters."""
    packer = zlib.compressobj(9, zdict=DICTIONARY)
    text = scenario.model_dump_json(exclude_defaults=True).encode()
    packed = packer.compress(text) + packer.flush()
    code = CODE_VERSION + base64.urlsafe_b64encode(packed).decode().rstrip("=")
    if len(code) > LONGEST_CODE:
        raise InputError("too_large", "scenario", f"{len(code)} characters", f"length <= {LONGEST_CODE}")
    return code


def from_code(code: str) -> Scenario:
    """The scenario of a link's code. Raises InputError for anything `to_code` does not write."""
    if len(code) > LONGEST_CODE:
        raise InputError("too_large", "scenario code", f"{len(code)} characters", f"length <= {LONGEST_CODE}")
    version, packed = code[: len(CODE_VERSION)], code[len(CODE_VERSION) :]
    if version not in UNPACKERS:
        raise InputError("malformed", "scenario code", code, f"{CODE_VERSION}...")
    try:
        if "=" in packed:
            raise ValueError("padding")
        data = base64.b64decode(packed + "=" * (-len(packed) % 4), altchars=b"-_", validate=True)
        unpacker = UNPACKERS[version]()
        text = unpacker.decompress(data, LARGEST_JSON_BYTES)
    except (ValueError, binascii.Error, zlib.error):
        raise InputError("malformed", "scenario code", code, "base64url(zlib(JSON))") from None
    if unpacker.unconsumed_tail:
        raise InputError("too_large", "scenario code", f"> {len(text)} bytes", f"size <= {LARGEST_JSON_BYTES} bytes")
    if not unpacker.eof or unpacker.unused_data:
        raise InputError("malformed", "scenario code", code, "base64url(zlib(JSON)), whole")
    return from_json(text)


def edited(scenario: Scenario, changes: Mapping[str, object]) -> Scenario:
    """A copy with the fields at these paths replaced, e.g. {"runs.0.mfu": 0.35} or {"runs": (...)}.

    Raises InputError for an unknown path or a value that does not fit; the scenario given is never changed.
    """
    data = json.loads(scenario.model_dump_json())
    for path, value in changes.items():
        _put(data, path, value)
    try:
        text = json.dumps(data, default=_jsonable)
    except (TypeError, ValueError, RecursionError) as error:
        raise InputError("wrong_type", ", ".join(changes), str(error), "JSON") from None
    return from_json(text)


def changed_fields(before: Scenario, after: Scenario) -> dict[str, tuple[Any, Any]]:
    """Paths of plain fields that differ, with both values; None stands for a field that one side lacks."""
    old, new = (dict(_leaves(scenario.model_dump(), "")) for scenario in (before, after))
    return {path: (old.get(path), new.get(path)) for path in old | new if old.get(path) != new.get(path)}


def _leaves(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict | list | tuple):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for key, inner in items:
            yield from _leaves(inner, f"{path}.{key}" if path else str(key))
    else:
        yield path, value


def _put(data: Any, path: str, value: object) -> None:
    *parents, last = path.split(".")
    try:
        for part in parents:
            data = data[position(part)] if isinstance(data, list) else data[part]
        if isinstance(data, list):
            data[position(last)] = value
        elif last in data:
            data[last] = value
        else:
            raise KeyError(last)
    except (KeyError, IndexError, ValueError, TypeError):
        raise InputError("unknown_field", path, value, "a field of the scenario") from None


def _jsonable(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    if hasattr(value, "model_dump"):
        return value.model_dump(mode="json")
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    raise TypeError(f"{type(value).__name__} is no scenario value")


_BOUNDS = {
    "ge": "x >=",
    "gt": "x >",
    "le": "x <=",
    "lt": "x <",
    "min_length": "length >=",
    "max_length": "length <=",
}
_CODE_BY_ERROR_TYPE = {
    "missing": "missing",
    "extra_forbidden": "unknown_field",
    "unexpected_keyword_argument": "unknown_field",
    "finite_number": "not_a_number",
    "json_invalid": "malformed",
    "literal_error": "unknown_name",
    "union_tag_invalid": "unknown_name",
    "union_tag_not_found": "missing",
    "string_too_long": "too_large",
    "too_long": "too_large",
}
_EXPECTED_BY_ERROR_TYPE = {
    "missing": "a value",
    "extra_forbidden": "only fields of a scenario",
    "unexpected_keyword_argument": "only fields of a scenario",
    "finite_number": "a finite number",
    "json_invalid": "JSON",
    "float_type": "123.4",
    "int_type": "123",
    "int_from_float": "123",
    "bool_type": "true | false",
    "string_type": '"text"',
    "date_type": "YYYY-MM-DD",
    "date_from_datetime_parsing": "YYYY-MM-DD",
    "date_parsing": "YYYY-MM-DD",
    "tuple_type": "[...]",
    "model_type": "{...}",
    "model_attributes_type": "{...}",
}


def _input_error(error: ValidationError) -> InputError:
    first = error.errors(include_url=False)[0]
    context = first.get("ctx", {})
    location = ".".join(str(part) for part in first["loc"] if part not in FINANCINGS)
    raised = context.get("error")
    if isinstance(raised, InputError):  # by a value of compute that checks itself
        return InputError(raised.code, f"{location}.{raised.field}", raised.value, raised.expected)
    if first["type"] in CODES and "expected" in context:  # raised by the models; pydantic has a "missing" too
        inner = str(context.get("field", ""))
        field = ".".join(part for part in (location, inner) if part)
        value = _value_at(first["input"], inner)
        return InputError(first["type"], field, value, str(context["expected"]))
    bounds = [f"{sign} {context[name]}" for name, sign in _BOUNDS.items() if name in context]
    kind = first["type"]
    code = _CODE_BY_ERROR_TYPE.get(kind, "out_of_range" if bounds else "wrong_type")
    named = context.get("expected") or context.get("expected_tags") or _EXPECTED_BY_ERROR_TYPE.get(kind, first["msg"])
    expected = ", ".join(bounds) or str(named)
    if context.get("le") == 1 and isinstance(first["input"], int | float) and 1 < first["input"] <= PER_CENT:
        expected += f"; {first['input']:g}% = {first['input'] / PER_CENT:g}"
    return InputError(code, location or "scenario", first["input"], expected)


def _value_at(value: Any, path: str) -> Any:
    for part in path.split(".") if path else ():
        value = value[int(part)] if isinstance(value, tuple | list) else _member(value, part)
    return value


def _member(value: Any, part: str) -> Any:
    return value.get(part) if isinstance(value, dict) else getattr(value, part, None)
