"""A package of the Open Cap Format, version 1.2: its files and the numbers, days and words of its objects.

Schemas: github.com/Open-Cap-Table-Coalition/Open-Cap-Format-OCF. A package is a manifest and files of objects; amounts
and quantities are decimals as text with up to ten places. What such a decimal rounds, and terms that OCF has no field
for, stand among the object's comments in a form that is read back: "exactly share_price.amount = 8/3" counts where it
agrees with the decimal, "terms {...}" adds fields of our own events.
"""

import datetime
import hashlib
import io
import json
import lzma
import re
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from core.capital.event_files import event_as_json, read_events
from core.capital.exact_json import number_typed
from core.errors import InputError
from core.typed_text import check_text, readable

Item = dict[str, Any]

VERSION = "1.2.0"
CURRENCY = "USD"
PLACES = 10
LARGEST_PACKAGE_BYTES = 16 * 1024 * 1024
MOST_FILES = 200
MOST_OBJECTS = 50_000  # "{" in all files

_EXACTLY = "exactly "
_TERMS = "terms "
_FRACTION = re.compile(r"-?[0-9]{1,2000}/[1-9][0-9]{0,2000}")
"""Compound interest makes fractions of hundreds of digits."""

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
    objects = sum(content.count(b"{") for content in contents.values())
    if objects > MOST_OBJECTS:
        raise InputError("too_large", "files", f"{objects} objects", f"objects <= {MOST_OBJECTS}")
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
            if len(inside) > MOST_FILES:
                raise InputError("too_large", "files", f"{len(inside)} files", f"files <= {MOST_FILES}")
            return _unpacked(archive, inside)
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, OSError, RuntimeError, NotImplementedError, EOFError):
        raise InputError("malformed", "files", content[:20], "a zip without a password") from None


def _unpacked(archive: zipfile.ZipFile, inside: Iterable[zipfile.ZipInfo]) -> dict[str, bytes]:
    """What the files hold, read no further than the largest package, whatever size the zip says they have."""
    found, left = {}, LARGEST_PACKAGE_BYTES
    for one in inside:
        if one.file_size <= left:
            with archive.open(one) as file:
                found[one.filename] = file.read(left + 1)
            left -= len(found[one.filename])
        if one.file_size > LARGEST_PACKAGE_BYTES or one.filename not in found or left < 0:
            raise InputError("too_large", "files", one.filename, f"size <= {LARGEST_PACKAGE_BYTES} bytes")
    return found


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


def money(amount: Fraction) -> Item:
    """An amount as OCF has it, before `as_written`."""
    return {"amount": Fraction(amount), "currency": CURRENCY}


def decimal(number: Fraction | int) -> str:
    """A number with at most ten places, rounded half to even where it has more."""
    scaled = round(Fraction(number) * 10**PLACES)
    whole, rest = divmod(abs(scaled), 10**PLACES)
    text = f"{'-' if scaled < 0 else ''}{whole}.{rest:0{PLACES}d}"
    return text.rstrip("0").rstrip(".")


def as_written(item: Item) -> Item:
    """The object with its Fractions as decimals, and among its comments what ten places do not hold."""
    comments = list(item.get("comments", ()))

    def written(value: Any, path: tuple[str, ...]) -> Any:
        if isinstance(value, Fraction):
            comment = f"{_EXACTLY}{_place(path)} = {value}"
            if (value * 10**PLACES).denominator != 1 and comment not in comments:
                comments.append(comment)
            return decimal(value)
        if isinstance(value, dict):
            return {key: written(one, (*path, key)) for key, one in value.items()}
        return [written(one, path) for one in value] if isinstance(value, list) else value

    found: Item = written(item, ())
    return {**found, "comments": comments} if comments else found


def terms_comment(fields: Item) -> list[str]:
    """Fields of an event that OCF has none for, as a comment; [] without any."""
    return [f"{_TERMS}{json.dumps(fields, ensure_ascii=False)}"] if fields else []


def added_terms(item: Item) -> Item:
    """The fields of an event that the object's comments add."""
    added: Item = {}
    for comment in item.get("comments") or ():
        if isinstance(comment, str) and comment.startswith(_TERMS):
            try:
                fields = json.loads(comment.removeprefix(_TERMS), parse_float=str)
            except (ValueError, RecursionError):
                # Somebody's own words.
                continue
            added |= fields if isinstance(fields, dict) else {}
    return added


def with_terms(event: Any, item: Item) -> Any:
    """The event with the fields that the object's comments add."""
    added = added_terms(item)
    if not added:
        return event
    (found,) = read_events(json.dumps({"events": [{**event_as_json(event), **added}]}))
    return found


def number_of(item: Item, *path: str) -> Fraction:
    """The number at this path of an object, such as ("share_price", "amount")."""
    value: Any = item
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    place = f"{named(item)} {'.'.join(path)}"
    if value is None:
        raise InputError("missing", place, None, "a decimal as text")
    text = str(value)
    number = number_typed(place, text.removeprefix("+"))
    beginning = f"{_EXACTLY}{_place(path)} = "
    for comment in item.get("comments") or ():
        if isinstance(comment, str) and comment.startswith(beginning):
            exact = _FRACTION.fullmatch(comment, len(beginning))
            if exact is not None and decimal(Fraction(exact[0])) == decimal(number):
                return Fraction(exact[0])
    return number


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
    return check_text(f"{named(item)} {key}", value)


def date_of(item: Item, key: str = "date") -> datetime.date:
    """The day of an object; a time after it is left out."""
    text = text_of(item, key)
    try:
        return datetime.date.fromisoformat(text[:10])
    except ValueError:
        raise InputError("malformed", f"{named(item)} {key}", item.get(key), "YYYY-MM-DD") from None


def named(item: Item) -> str:
    """How an error names an object."""
    return readable(f"{item.get('object_type')} {item.get('id')}")


def _place(path: tuple[str, ...]) -> str:
    """How a comment names a number: by its field, with that of the amount or ratio that it is a part of."""
    return ".".join(path[-2:] if path[-1] in ("amount", "numerator", "denominator") else path[-1:])


def _json(content: Item) -> bytes:
    return (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode()
