"""The sheet of the cap table after each event: shares by class, ownership by formula."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell

from core.capital.cap_table_report import HolderRow, holder_rows
from core.capital.securities import UNISSUED_POOL
from core.capital.table import CapTable
from core.plan.cap_table_steps import CapTableStep, cap_table_steps
from core.plan.scenario import OPTION_POOL
from core.reports.book import Book, Cell
from core.reports.formula import Formula
from core.reports.subject import Subject

FIRST_CLASS = 3


@dataclass(frozen=True)
class _Block:
    """Where the holders after one event stand: their rows, the row of the sums after the last, the columns."""

    first: int
    last: int
    securities: Sequence[str]

    @property
    def common(self) -> int:
        return FIRST_CLASS + len(self.securities)

    @property
    def promised(self) -> int:
        return self.common + 1

    @property
    def owned(self) -> int:
        return self.common + 2

    def column(self, column: int) -> str:
        """The holders' cells of a column."""
        return f"{xl_rowcol_to_cell(self.first, column)}:{xl_rowcol_to_cell(self.last - 1, column)}"


def add_cap_table(book: Book, subject: Subject) -> None:
    """One block of holders an event: shares by class as converted, their sum, what SAFEs and notes are promised."""
    words = subject.words
    sheet = book.sheet(words("Cap table"))
    steps = cap_table_steps(subject.scenario, subject.strategy, subject.answer)
    tables = [(step, holder_rows(step.table)) for step in steps]
    securities = _securities([row for _, rows in tables for row in rows])
    titles = [
        words("Event"),
        words("Date"),
        words("Holder"),
        *(words(_plain(one)) for one in securities),
        words("Shares as common"),
        words("Promised to SAFEs and notes"),
        words("Fully diluted"),
    ]
    for column, title in enumerate(titles):
        book.write(sheet, 0, column, title, "title")
    place = 1
    for step, holders in tables:
        block = _Block(place, place + len(holders), securities)
        for row, holder in enumerate(holders, start=place):
            for column, (cell, kind) in enumerate(_cells(step, holder, row, block)):
                text = words(cell) if isinstance(cell, str) else cell
                book.write(sheet, row, column, text, *([] if isinstance(text, str) else [kind]))
        _write_sums(book, sheet, words("All"), block, step.table)
        place = block.last + 2
    sheet.freeze_panes(1, FIRST_CLASS)
    sheet.set_column(0, len(titles), 18)


def _cells(step: CapTableStep, holder: HolderRow, row: int, block: _Block) -> list[tuple[Cell, str]]:
    counts = [_shares(holder, security) for security in block.securities]
    classes = f"{xl_rowcol_to_cell(row, FIRST_CLASS)}:{xl_rowcol_to_cell(row, block.common - 1)}"
    own, promised = (xl_rowcol_to_cell(row, column) for column in (block.common, block.promised))
    all_shares, all_promised = (
        xl_rowcol_to_cell(block.last, column, row_abs=True, col_abs=True) for column in (block.common, block.promised)
    )
    owned = f"{own}/{all_shares}*(1-{all_promised})+{promised}"
    return [
        (step.name, ""),
        (step.date, "date"),
        (_plain(holder.holder), ""),
        *((count or None, "whole") for count in counts),
        (Formula(f"SUM({classes})", float(sum(counts))), "whole"),
        (_promised(step.table, holder), "share"),
        (Formula(owned, float(holder.fully_diluted)), "share"),
    ]


def _write_sums(book: Book, sheet: Any, label: str, block: _Block, table: CapTable) -> None:
    book.write(sheet, block.last, 2, label, "bold")
    holders = holder_rows(table)
    shares = float(sum(one.as_converted or 0 for row in holders for one in row.held))
    promised = sum(_promised(table, holder) for holder in holders)
    sums = ((block.common, shares, "whole"), (block.promised, promised, "share"), (block.owned, 1.0, "share"))
    for column, value, kind in sums:
        book.write(sheet, block.last, column, Formula(f"SUM({block.column(column)})", value), kind, "sum")


def _promised(table: CapTable, holder: HolderRow) -> float:
    """What a holder's SAFEs and notes own before they convert: the part of his that no share explains."""
    if all(one.shares is not None for one in holder.held):
        return 0.0
    # Whoever has shares alone tells what a share owns; founders always do.
    plain = [row for row in holder_rows(table) if all(one.shares is not None for one in row.held)]
    owned = sum((row.fully_diluted for row in plain), Fraction(0))
    counted = sum(one.as_converted or 0 for row in plain for one in row.held)
    of_shares = sum(one.as_converted or 0 for one in holder.held) * owned / counted
    return float(holder.fully_diluted - of_shares)


def _shares(holder: HolderRow, security: str) -> int:
    return sum(one.as_converted or 0 for one in holder.held if one.security == security)


def _securities(rows: Sequence[HolderRow]) -> list[str]:
    """All that has a number of shares, in the order of first appearance, the pool last."""
    found = dict.fromkeys(one.security for row in rows for one in row.held if one.shares is not None)
    return sorted(found, key=lambda security: security == UNISSUED_POOL)


def _plain(name: str) -> str:
    return OPTION_POOL if name == UNISSUED_POOL else name
