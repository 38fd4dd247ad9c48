"""An Excel workbook in memory: sheets of months whose cells are formulas, and plain tables.

Whatever somebody has typed is written as text with Excel's sign for text before it where it looks like a formula, so
that no name is ever calculated.
"""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, Literal

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from core.plan.calendar import month_after
from core.reports.formula import ZERO, Formula
from core.typed_text import FORMULA_STARTS

FIRST_MONTH_COLUMN = 3
HEADER_ROWS = 3
LONGEST_TEXT = 32_767
EXCEL_DAY_ZERO = date(1899, 12, 30)
NUMBER_FORMATS = {
    "money": '#,##0.00;[Red]-#,##0.00;"–"',
    "price": "#,##0.00####",
    "count": "#,##0.########",
    "quantity": "#,##0.00",
    "share": "0.00##%",
    "factor": "0.0000",
    "whole": "#,##0",
    "times": '0.00"×"',
}
Total = Literal["sum", "last", "none"]
Make = Callable[[int], Formula]
Cell = str | float | date | Formula | None


class Book:
    """The workbook while it is written."""

    def __init__(self, words: Callable[[str], str]) -> None:
        self._memory = io.BytesIO()
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self.file = xlsxwriter.Workbook(self._memory, options)
        self._days = {"date": words("mmm d, yyyy"), "month": words("mmm yyyy")}  # as Excel writes them
        self._formats: dict[tuple[str, ...], Any] = {}

    def sheet(self, name: str) -> Any:
        sheet = self.file.add_worksheet(name)
        sheet.hide_gridlines(2)
        return sheet

    def name(self, name: str, cell: str) -> Formula:
        """Gives a cell a name that formulas use."""
        self.file.define_name(name, f"={cell}")
        return Formula(name, 0.0)

    def style(self, *looks: str) -> Any:
        """A format: the name of a number format, "bold", "title", "input", "note", "line" or several."""
        if looks not in self._formats:
            chosen: dict[str, object] = {}
            for look in looks:
                chosen |= LOOKS[look] if look in LOOKS else {"num_format": (NUMBER_FORMATS | self._days)[look]}
            self._formats[looks] = self.file.add_format(chosen)
        return self._formats[looks]

    def write(self, sheet: Any, row: int, column: int, cell: Cell, *looks: str) -> None:
        """One cell: text as text, a day as a day, a formula with its value, a number as it is."""
        if isinstance(cell, str):
            looks = (*looks, "quoted") if cell.startswith(FORMULA_STARTS) else looks
            sheet.write_string(row, column, cell[:LONGEST_TEXT], self.style(*looks) if looks else None)
        elif isinstance(cell, Formula):
            text = cell.text.replace(f"'{sheet.get_name()}'!", "")
            sheet.write_formula(row, column, f"={text}", self.style(*looks), cell.value)
        elif isinstance(cell, date):
            sheet.write_number(row, column, serial(cell), self.style(*looks))
        elif cell is not None:
            sheet.write_number(row, column, float(cell), self.style(*looks))

    def done(self) -> bytes:
        self.file.close()
        return self._memory.getvalue()


LOOKS: dict[str, dict[str, object]] = {
    "bold": {"bold": True},
    "heading": {"bold": True, "font_size": 14},
    "title": {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"},
    "section": {"bold": True, "bg_color": "#E8EDF2"},
    "input": {"font_color": "#0000FF"},  # blue for what is typed in: the custom of financial models
    "note": {"italic": True, "font_color": "#666666"},
    "wrapped": {"text_wrap": True, "valign": "top"},
    "sum": {"bold": True, "top": 1},
    "quoted": {"quote_prefix": True},
}


def serial(day: date) -> int:
    """The number of a day in a spreadsheet."""
    return (day - EXCEL_DAY_ZERO).days


def cell_address(sheet: str, row: int, column: int) -> str:
    """An absolute address with its sheet."""
    return f"'{sheet}'!${xl_col_to_name(column)}${row + 1}"


@dataclass
class Line:
    """A row of a sheet of months. Its formulas are made on demand, so that rows may speak of rows below them."""

    sheet: str
    row: int
    label: str
    make: Make
    kind: str
    total: Total
    looks: tuple[str, ...]
    _made: dict[int, Formula] = field(default_factory=dict)

    def formula(self, month: int) -> Formula:
        """What the cell of a month calculates."""
        if month not in self._made:
            self._made[month] = self.make(month)
        return self._made[month]

    def __getitem__(self, month: int) -> Formula:
        """A reference to the cell of a month."""
        return Formula(f"'{self.sheet}'!{self.column(month)}{self.row + 1}", self.formula(month).value)

    def before(self, month: int) -> Formula:
        """A reference to the cell of the month before; nothing before the first."""
        return self[month - 1] if month else ZERO

    def over(self, first: int, end: int) -> Formula:
        """The sum of the cells of some months, `end` left out; nothing where there are none."""
        if end <= first:
            return ZERO
        span = f"'{self.sheet}'!{self.column(first)}{self.row + 1}:{self.column(end - 1)}{self.row + 1}"
        return Formula(f"SUM({span})", sum(self.formula(month).value for month in range(first, end)))

    def span(self, months: int) -> str:
        """The address of all its months."""
        return f"'{self.sheet}'!{self.column(0)}{self.row + 1}:{self.column(months - 1)}{self.row + 1}"

    @staticmethod
    def column(month: int) -> str:
        return str(xl_col_to_name(FIRST_MONTH_COLUMN + month))


class MonthlySheet:
    """A sheet with a column a month: label, unit, total or last value, then the months."""

    def __init__(self, book: Book, name: str, title: str, founding: date, months: int) -> None:
        self.book, self.name, self.title, self.founding, self.months = book, name, title, founding, months
        self.lines: list[Line] = []
        self.sections: list[tuple[int, str]] = []
        self._next = HEADER_ROWS + 1

    @cached_property
    def sheet(self) -> Any:
        return self.book.sheet(self.name)

    def section(self, title: str) -> None:
        """A heading over the lines to come."""
        self._next += 1 if self.lines else 0
        self.sections.append((self._next, title))
        self._next += 1

    def line(self, label: str, make: Make, kind: str = "money", total: Total = "sum", *looks: str) -> Line:
        """Adds a row."""
        line = Line(self.name, self._next, label, make, kind, total, looks)
        self.lines.append(line)
        self._next += 1
        return line

    def month(self, month: int) -> Formula:
        """The number of a month, as its header has it."""
        return Formula(f"'{self.name}'!{Line.column(month)}${HEADER_ROWS}", float(month))

    def day(self, month: int) -> Formula:
        """The first day of a month, as its header has it."""
        day = serial(month_after(self.founding, month))
        return Formula(f"'{self.name}'!{Line.column(month)}${HEADER_ROWS - 1}", float(day))

    def write(self, total_title: str, last_title: str, month_title: str) -> None:
        """Everything onto the sheet, once all lines of all sheets are known."""
        write, sheet = self.book.write, self.sheet
        write(sheet, 0, 0, self.title, "heading")
        write(sheet, HEADER_ROWS - 1, 0, month_title, "title")
        write(sheet, HEADER_ROWS - 1, 1, total_title, "title")
        write(sheet, HEADER_ROWS - 1, 2, last_title, "title")
        for month in range(self.months):
            column = FIRST_MONTH_COLUMN + month
            day = Formula(f"EDATE(founding,{month})", float(serial(month_after(self.founding, month))))
            write(sheet, HEADER_ROWS - 2, column, day, "month", "bold")
            write(sheet, HEADER_ROWS - 1, column, month, "title", "whole")
        for row, title in self.sections:
            write(sheet, row, 0, title, "section")
        for line in self.lines:
            self._write_line(line)
        sheet.freeze_panes(HEADER_ROWS, FIRST_MONTH_COLUMN)
        sheet.set_column(0, 0, 44)
        sheet.set_column(1, FIRST_MONTH_COLUMN + self.months, 16)

    def _write_line(self, line: Line) -> None:
        write, sheet = self.book.write, self.sheet
        write(sheet, line.row, 0, line.label, *line.looks)
        if line.total == "sum":
            write(sheet, line.row, 1, line.over(0, self.months), line.kind, "bold", *line.looks)
        elif line.total == "last":
            write(sheet, line.row, 2, line[self.months - 1], line.kind, "bold", *line.looks)
        for month in range(self.months):
            write(sheet, line.row, FIRST_MONTH_COLUMN + month, line.formula(month), line.kind, *line.looks)


def evaluated(sheets: Sequence[MonthlySheet], months: int) -> None:
    """Makes every formula month by month, so that a chain over a long plan is never followed at once.

    A line of a month may need one further down in the same month, never one of a later month.
    """
    for month in range(months):
        for sheet in sheets:
            for line in sheet.lines:
                line.formula(month)


def summed(lines: Sequence[Line]) -> Make:
    """The sum of rows that stand one below the other."""
    first, last = lines[0], lines[-1]
    assert [line.row for line in lines] == list(range(first.row, last.row + 1))

    def make(month: int) -> Formula:
        start, end = first[month].text, last[month].text.rpartition("!")[2]
        return Formula(f"SUM({start}:{end})", sum(line.formula(month).value for line in lines))

    return make
