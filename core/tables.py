"""The one reader of `data/*.csv`: each row becomes a frozen dataclass that carries its source.

Every table has the columns `source`, `url`, `as_of`, `confidence` beside its own; the row's dataclass has one field
`source: Source` for them. An empty cell is None where the field allows it.
"""

import csv
import dataclasses
import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from types import UnionType
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from core.errors import InputError

DATA = Path(__file__).resolve().parent.parent / "data"

Row = TypeVar("Row")

Confidence = Literal["high", "medium", "low"]


@dataclass(frozen=True)
class Source:
    """Where a figure is from: citation in words, address, the day it was true, and how far to trust it.

    high: stated by the maker, a filing or a paper; medium: a reputable second hand; low: a single unconfirmed report
    """

    citation: str
    url: str
    as_of: date
    confidence: Confidence


SOURCE_COLUMNS = ("source", "url", "as_of", "confidence")


def load_table(name: str, row: type[Row]) -> tuple[Row, ...]:
    """Rows of `data/<name>.csv` as instances of the dataclass `row`, in file order; each file is read once.

    Raises InputError with table, line and column when a cell cannot be read.
    """
    return cast("tuple[Row, ...]", _rows(name, cast("Any", row)))


@cache
def _rows(name: str, row: Any) -> tuple[Any, ...]:
    hints = get_type_hints(row)
    own = [field.name for field in dataclasses.fields(row) if field.name != "source"]
    with (DATA / f"{name}.csv").open(newline="", encoding="utf-8") as handle:
        reader = csv.DictReader(handle)
        expected = {*own, *SOURCE_COLUMNS}
        if set(reader.fieldnames or ()) != expected:
            raise InputError("malformed", f"{name}.csv", reader.fieldnames, f"columns {sorted(expected)}")
        return tuple(_row(row, own, hints, cells, f"{name}.csv:{line}") for line, cells in enumerate(reader, start=2))


def _row(row: type[Any], own: list[str], hints: dict[str, Any], cells: dict[str, str], where: str) -> Any:
    def cell(column: str, kind: Any) -> Any:
        text = (cells[column] or "").strip()
        try:
            return _parse(text, kind)
        except ValueError:
            raise InputError("malformed", f"{where} {column}", text, str(kind)) from None

    source = Source(cell("source", str), cell("url", str), cell("as_of", date), cell("confidence", Confidence))
    return row(**{column: cell(column, hints[column]) for column in own}, source=source)


def _parse(text: str, kind: Any) -> Any:
    if get_origin(kind) in (Union, UnionType):
        if text == "":
            return None
        kind = next(option for option in get_args(kind) if option is not type(None))
    if text == "":
        raise ValueError("empty cell")
    if get_origin(kind) is Literal:
        if text not in get_args(kind):
            raise ValueError(text)
        return text
    return _PARSERS[kind](text)


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


_PARSERS: dict[Any, Callable[[str], object]] = {str: str, int: int, float: _finite, date: date.fromisoformat}
