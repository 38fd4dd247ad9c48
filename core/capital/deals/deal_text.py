"""What a deal comes to, as text and as plain figures for JSON."""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from fractions import Fraction
from typing import Any

from core.capital.cap_table_report import exact
from core.capital.deals.deal_files import Deal, outcome
from core.capital.exact_json import snake

LARGEST_TABLE_ROWS = 600


def deal_figures(deal: Deal) -> dict[str, Any]:
    """The deal and its results; an exact number as its fraction and the nearest decimal."""
    return {
        "deal": snake(type(deal.terms).__name__),
        "name": deal.name,
        "source": deal.source,
        "terms": _figure(deal.terms),
        "outcome": _figure(outcome(deal.terms)),
    }


def deal_text(deal: Deal) -> str:
    """The same to read: one line a figure, a table for each list."""
    head = [line for line in (deal.name, deal.source) if line]
    kind = snake(type(deal.terms).__name__).replace("_", " ")
    return "\n".join([*head, kind, *_lines(outcome(deal.terms), "  ")])


def _figure(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: _figure(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Fraction):
        return exact(value)
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(name): _figure(one) for name, one in value.items()}
    if isinstance(value, (tuple, list)):
        return [_figure(one) for one in value]
    return value


def _lines(value: Any, indent: str) -> Iterator[str]:
    names = [one.name for one in fields(value)]
    width = max(len(name) for name in names)
    for name in names:
        one = getattr(value, name)
        words = name.replace("_", " ")
        if is_dataclass(one) and not isinstance(one, type):
            yield f"{indent}{words}"
            yield from _lines(one, indent + "  ")
        elif isinstance(one, Mapping):
            yield f"{indent}{words}"
            yield from _rows([(str(key), _shown(amount)) for key, amount in one.items()], indent + "  ")
        elif isinstance(one, tuple) and one and is_dataclass(one[0]):
            yield f"{indent}{words}"
            titles = [field.name for field in fields(one[0])]
            body = [tuple(_shown(getattr(row, title)) for title in titles) for row in one[:LARGEST_TABLE_ROWS]]
            yield from _rows([tuple(title.replace("_", " ") for title in titles), *body], indent + "  ")
        else:
            yield f"{indent}{words.ljust(width)}  {_shown(one)}"


def _rows(rows: Sequence[Sequence[str]], indent: str) -> Iterator[str]:
    """Cells in columns, those of numbers to the right."""
    columns = list(zip(*rows, strict=True))
    widths = [max(len(cell) for cell in column) for column in columns]
    for row in rows:
        cells = [
            cell.rjust(width) if column[-1][:1] in "-0123456789" else cell.ljust(width)
            for cell, width, column in zip(row, widths, columns, strict=True)
        ]
        yield (indent + "  ".join(cells)).rstrip()


def _shown(value: Any) -> str:
    """Amounts to the cent, prices and shares of a whole with what they need, nothing as a dash."""
    if value is None or value == ():
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(_shown(one) for one in value)
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, Fraction | float):
        number = float(value)
        return f"{number:,.2f}" if abs(number) >= 1000 or number == 0 else f"{number:,.6f}".rstrip("0").rstrip(".")
    return str(value)
