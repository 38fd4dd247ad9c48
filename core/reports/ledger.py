"""What the sheets share while they are laid out: rows of the schedules by what they add up to, and rows of cash.

Rows speak of rows that are laid out later (a loan's covenant of the month's cash, the cash of the loan's interest), so
they find each other here by name.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from core.plan.terms import Terms
from core.reports.assumptions import Assumptions
from core.reports.book import Line, Make, MonthlySheet
from core.reports.formula import ZERO, Formula, either, total


@dataclass
class Ledger:
    """sheet: the schedules; rows: theirs, by what they add up to; cash: rows of the cash flow, by name."""

    inputs: Assumptions
    sheet: MonthlySheet
    rows: dict[str, list[Line]] = field(default_factory=dict)
    cash: dict[str, Line] = field(default_factory=dict)

    def add(self, what: str | Sequence[str], label: str, make: Make, *, total: str = "sum") -> Line:
        """A row of the schedules that belongs to one or more sums."""
        line = self.sheet.line(label, make, "money", "last" if total == "last" else "sum")
        for one in [what] if isinstance(what, str) else what:
            self.rows.setdefault(one, []).append(line)
        return line

    def of(self, what: str) -> list[Line]:
        return self.rows.get(what, [])

    def sum(self, what: str, month: int) -> Formula:
        """What the rows of this sum come to in a month."""
        return total(line[month] for line in self.of(what))

    def flow(self, name: str, month: int) -> Formula:
        """A row of the cash flow; nothing where the plan has none."""
        return self.cash[name][month] if name in self.cash else ZERO

    def runs(self, month: int) -> Formula:
        """1 as long as the cash has not run out before this month."""
        return self.cash["active"][month]

    def while_running(self, month: int, amount: Formula, otherwise: Formula = ZERO) -> Formula:
        return either(self.runs(month).equals(1), amount, otherwise)

    def closes(self, terms: Terms, month: int) -> Formula:
        return self.sheet.month(month).equals(self.closed(terms))

    def closed(self, terms: Terms) -> Formula:
        return self.inputs(f"closed.{terms.index}")

    def value(self, terms: Terms, field: str) -> Formula:
        """A number of a financing as its documents state it."""
        return self.inputs(self.inputs.financing(terms.index, field))

    def money(self, terms: Terms, field: str) -> Formula:
        """An amount of a financing in the reporting currency."""
        return self.inputs.money(self.inputs.financing(terms.index, field))

    def label(self, terms: Terms, text: str) -> str:
        words = self.inputs.wording.words
        return words(terms.name) + words(": ") + text
