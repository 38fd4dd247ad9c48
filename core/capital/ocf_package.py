"""A package of the Open Cap Format, version 1.2: its files, amounts and vesting terms.

Schemas: github.com/Open-Cap-Table-Coalition/Open-Cap-Format-OCF. A package is a manifest and files of objects; amounts
and quantities are decimals as text with up to ten places.
"""

import datetime
import hashlib
import io
import json
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from core.capital.exact_json import number_typed
from core.capital.terms import Vesting
from core.errors import InputError

Item = dict[str, Any]

VERSION = "1.2.0"
PLACES = 10
LARGEST_PACKAGE_BYTES = 16 * 1024 * 1024

_FILES = {
    "stakeholders": "Stakeholders",
    "stock_classes": "StockClasses",
    "stock_plans": "StockPlans",
    "vesting_terms": "VestingTerms",
    "transactions": "Transactions",
    "stock_legend_templates": "StockLegendTemplates",
    "valuations": "Valuations",
}
"""The files that a manifest must list, by the name of the list, and what we call them."""


def items_of(files: Mapping[str, bytes] | bytes) -> list[Item]:
    """All objects of a package, given as a zip or as its files by name. Raises InputError naming the file."""
    contents = unzipped(files) if isinstance(files, bytes) else files
    items: list[Item] = []
    for name, content in sorted(contents.items()):
        if not name.endswith(".json"):
            continue
        try:
            parsed = json.loads(content.decode("utf-8-sig"), parse_float=str, parse_constant=str)
        except (ValueError, RecursionError):
            raise InputError("malformed", name, content[:40], "JSON in UTF-8") from None
        if not isinstance(parsed, dict) or not str(parsed.get("file_type", "")).startswith("OCF_"):
            raise InputError("unknown_name", name, name, '{"file_type": "OCF_...", "items": [...]}')
        found = parsed.get("items", [])
        if not isinstance(found, list) or not all(isinstance(one, dict) and "object_type" in one for one in found):
            raise InputError("malformed", f"{name} items", None, '[{"object_type": ..., "id": ...}, ...]')
        items += found
    if not items:
        raise InputError("missing", "files", sorted(contents), "a package with Transactions.ocf.json")
    return items


def unzipped(content: bytes) -> dict[str, bytes]:
    """The files of a zip by name, refused before they are unpacked if they are too large."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            inside = [one for one in archive.infolist() if not one.is_dir() and "__MACOSX" not in one.filename]
            size = sum(one.file_size for one in inside)
            if size > LARGEST_PACKAGE_BYTES:
                raise InputError("too_large", "files", f"{size} bytes", f"size <= {LARGEST_PACKAGE_BYTES} bytes")
            return {one.filename: archive.read(one) for one in inside}
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError):
        raise InputError("malformed", "files", content[:20], "a zip without a password") from None


def zipped(issuer: Item, as_of: datetime.date, lists: Mapping[str, Iterable[Item]]) -> bytes:
    """A package of these objects, listed by the manifest; the same objects give the same bytes."""
    files = {}
    for key, name in _FILES.items():
        listed: Item = {"file_type": f"OCF_{key.upper()}_FILE", "items": list(lists.get(key, ()))}
        files[key] = (f"{name}.ocf.json", _json(listed))
    manifest: Item = {
        "ocf_version": VERSION,
        "file_type": "OCF_MANIFEST_FILE",
        "issuer": issuer,
        "as_of": as_of.isoformat(),
        "generated_at": f"{as_of.isoformat()}T00:00:00Z",
    }
    for key, (name, content) in files.items():
        # The schema asks for an MD5, which protects against nothing but a damaged copy.
        checksum = hashlib.md5(content, usedforsecurity=False).hexdigest()
        manifest[f"{key}_files"] = [{"filepath": name, "md5": checksum}]
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (("Manifest.ocf.json", _json(manifest)), *files.values()):
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return memory.getvalue()


def decimal(number: Fraction | int) -> str:
    """A number with at most ten places, rounded half to even where it has more."""
    scaled = round(Fraction(number) * 10**PLACES)
    whole, rest = divmod(abs(scaled), 10**PLACES)
    text = f"{'-' if scaled < 0 else ''}{whole}.{rest:0{PLACES}d}"
    return text.rstrip("0").rstrip(".")


def fits(number: Fraction) -> bool:
    """Whether the number has at most ten places."""
    return bool((number * 10**PLACES).denominator == 1)


def number_of(item: Item, *path: str) -> Fraction:
    """The number at this path of an object, such as ("share_price", "amount")."""
    value: Any = item
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    place = f"{named(item)} {'.'.join(path)}"
    if value is None:
        raise InputError("missing", place, None, "a decimal as text")
    text = str(value)
    return number_typed(place, text.removeprefix("+"))


def whole_number_of(item: Item, *path: str) -> int:
    """The whole number at this path."""
    number = number_of(item, *path)
    if number.denominator != 1:
        raise InputError("wrong_type", f"{named(item)} {'.'.join(path)}", decimal(number), "a whole number")
    return number.numerator


def text_of(item: Item, key: str) -> str:
    """The text of a field that an object must have."""
    value = item.get(key)
    if not isinstance(value, str) or not value.strip():
        raise InputError("missing", f"{named(item)} {key}", value, f"{key} given")
    return value


def date_of(item: Item, key: str = "date") -> datetime.date:
    """The day of an object; a time after it is left out."""
    text = text_of(item, key)
    try:
        return datetime.date.fromisoformat(text[:10])
    except ValueError:
        raise InputError("malformed", f"{named(item)} {key}", item.get(key), "YYYY-MM-DD") from None


def named(item: Item) -> str:
    """How an error names an object."""
    return f"{item.get('object_type')} {item.get('id')}"


def vesting_terms(vesting: Vesting) -> Item:
    """Equal monthly parts after a cliff, as OCF has them: a start, the cliff, then a month at a time."""
    name = vesting_id(vesting)
    conditions: list[Item] = [
        {"id": "start", "quantity": "0", "trigger": {"type": "VESTING_START_DATE"}, "next_condition_ids": []}
    ]
    parts = [("cliff", vesting.cliff_months, 1), ("monthly", 1, vesting.months - vesting.cliff_months)]
    for condition, length, repetitions in parts:
        if length and repetitions:
            conditions[-1]["next_condition_ids"] = [condition]
            period = {
                "length": length,
                "type": "MONTHS",
                "repetitions": repetitions,
                "day_of_month": "VESTING_START_DAY_OR_LAST_DAY_OF_MONTH",
            }
            conditions.append(
                {
                    "id": condition,
                    "portion": {"numerator": str(length), "denominator": str(vesting.months)},
                    "trigger": {
                        "type": "VESTING_SCHEDULE_RELATIVE",
                        "period": period,
                        "relative_to_condition_id": conditions[-1]["id"],
                    },
                    "next_condition_ids": [],
                }
            )
    text = f"{vesting.months} months, nothing before {vesting.cliff_months}"
    return {
        "object_type": "VESTING_TERMS",
        "id": name,
        "name": text,
        "description": text,
        "allocation_type": "CUMULATIVE_ROUND_DOWN",
        "vesting_conditions": conditions,
    }


def vesting_id(vesting: Vesting) -> str:
    """One object of vesting terms serves all grants with the same months."""
    return f"vesting-{vesting.months}-{vesting.cliff_months}"


def vesting_of(terms: Item, start: datetime.date) -> Vesting:
    """The vesting that the terms describe. Raises InputError for anything but monthly parts after a cliff."""
    conditions = terms.get("vesting_conditions") or []
    steps = [one for one in conditions if (one.get("trigger") or {}).get("type") != "VESTING_START_DATE"]
    months = cliff = 0
    portions: list[Fraction] = []
    for place, one in enumerate(steps):
        period = (one.get("trigger") or {}).get("period") or {}
        length, repetitions = period.get("length"), period.get("repetitions")
        if period.get("type") != "MONTHS" or not isinstance(length, int) or not isinstance(repetitions, int):
            raise _not_monthly(terms)
        if place == 0 and repetitions == 1 and length > 1:
            cliff = length
        elif length != 1:
            raise _not_monthly(terms)
        months += length * repetitions
        portions.append(number_of(one, "portion", "numerator") / number_of(one, "portion", "denominator") / length)
    if not months or len(steps) != len(conditions) - 1 or any(portion != Fraction(1, months) for portion in portions):
        raise _not_monthly(terms)
    return Vesting(start, months, cliff)


def _not_monthly(terms: Item) -> InputError:
    expected = "equal monthly parts after a cliff (VESTING_SCHEDULE_RELATIVE in MONTHS)"
    return InputError("contradiction", f"{named(terms)} vesting_conditions", terms.get("name"), expected)


def _json(content: Item) -> bytes:
    return (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode()
