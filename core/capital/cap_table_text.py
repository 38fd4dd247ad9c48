"""The report on a file of events as text for a terminal: aligned, percentages to four places, money to the cent."""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from core.capital.cap_table_report import HolderRow, Sale, Sales, Step, holder_rows
from core.capital.event_files import event_as_json
from core.capital.rounds import PricedRoundResult
from core.capital.securities import SafeIssued
from core.capital.table import CapTable, undetermined
from core.capital.waterfall import Payout, rounded_to_cents
from core.errors import InputError

LARGEST_PRICE_PLACES = 6


def as_text(name: str, source: str, steps: Iterable[Step], sales: Sales | None = None) -> str:
    """Every event with the table after it, then the sale."""
    head = [line for line in (name, f"source: {source}" if source else "") if line]
    blocks = ["\n".join(head)] if head else []
    blocks += ["\n".join(_step_lines(step)) for step in steps]
    if sales is not None:
        blocks += ["\n".join(_sale_lines(one, sales)) for one in sales.sales]
        blocks.append("\n".join(_breakpoint_lines(sales)))
    return "\n\n".join(blocks)


def percent(part: Fraction) -> str:
    """12.3457%."""
    return f"{round(100 * part, 4):,.4f}%"


def price_text(price: Fraction) -> str:
    """A price to six places, and exactly beside it where that is not all of it."""
    rounded = round(price, LARGEST_PRICE_PLACES)
    shown = f"{rounded:,.{LARGEST_PRICE_PLACES}f}"
    return shown if rounded == price else f"{shown} ({price})"


def money(amount: Fraction) -> str:
    """1,234.56, rounded half to even."""
    return f"{round(Fraction(amount), 2):,.2f}"


def aligned(rows: Sequence[Sequence[str]], indent: str = "  ") -> list[str]:
    """Rows of cells as columns: text to the left, and to the right what reads as a number in the last row."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    right = [any(character.isdigit() for character in cell[:2]) for cell in rows[-1]]
    lines = []
    for row in rows:
        cells = [
            cell.rjust(width) if to_right else cell.ljust(width)
            for cell, width, to_right in zip(row, widths, right, strict=True)
        ]
        lines.append((indent + "  ".join(cells)).rstrip())
    return lines
