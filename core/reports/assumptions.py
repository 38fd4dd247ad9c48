"""The sheet of assumptions: every input of the scenario with its unit, source and age, each a named cell that the other
sheets calculate with; what the reports assume beyond the plan; and what the plan decided (when money comes, when runs
start), which the workbook takes as given.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.plan.answer import PATH, Answer
from core.plan.calendar import months_between
from core.plan.currency import currency_of, rate
from core.plan.provenance import source_of
from core.reports.book import Book, Cell, cell_address, serial
from core.reports.formula import ZERO, Formula, number
from core.reports.subject import Subject
from core.tables import Source

GROUPS = (
    "exchange_rates",
    "runs",
    "team",
    "demand",
    "holders",
    "strategies",
    "valuation",
    "uncertainty",
    "fundraising",
)
FIRST_ROW = 4
VALUE_COLUMN = 1
SELLS_STOCK = ("priced_round", "growth_equity", "listing", "follow_on")


@dataclass(frozen=True)
class _Row:
    label: str
    value: Cell = None
    kind: str = ""
    unit: str = ""
    note: str = ""
    source: Source | None = None
    name: str = ""
    typed: bool = False


class Assumptions:
    """The named cells. Rows are laid out on creation; more are added with `typed` and `derived`; `write` comes last."""

    def __init__(self, book: Book, subject: Subject) -> None:
        self.book, self.scenario, self.answer, self.wording = book, subject.scenario, subject.answer, subject.wording
        self.strategy = subject.shown
        self.sheet_name = subject.words("Assumptions")
        self.sheet = book.sheet(self.sheet_name)
        self._rows: list[_Row] = []
        self._named: dict[str, Formula] = {}
        self._lay_out_inputs()

    def __call__(self, path: str) -> Formula:
        """The number of an input, or of a cell that was added; 0 where the scenario leaves it empty or has none."""
        return self._named.get(_name(path), ZERO)

    def money(self, path: str) -> Formula:
        """An amount in the reporting currency."""
        currency = currency_of(self.scenario, path)
        plain = self(path)
        if currency is None or currency == self.scenario.reporting_currency or plain is ZERO:
            return plain
        return plain * self(f"rate.{currency}")

    def month(self, path: str) -> Formula:
        """The number of the month that an input names, from the founding on."""
        return self(f"{path}.month")

    def financing(self, index: int, field: str) -> str:
        """The path of a field of one of this strategy's financings."""
        return f"strategies.{self.strategy}.financings.{index}.{field}"

    def section(self, title: str) -> None:
        self._rows.append(_Row(title))

    def typed(
        self,
        path: str,
        label: str,
        value: float,
        kind: str,
        *,
        unit: str = "",
        note: str = "",
        source: Source | None = None,
    ) -> Formula:
        """A number that is not the scenario's, to be changed on the sheet."""
        return self._add(path, _Row(label, value, kind, unit, note, source, typed=True), value)

    def derived(self, path: str, label: str, formula: Formula, kind: str, unit: str = "") -> Formula:
        """A figure that follows from inputs."""
        return self._add(path, _Row(label, formula, kind, unit), formula.value)

    def write(self) -> None:
        """Everything onto the sheet."""
        words, write, sheet = self.wording.words, self.book.write, self.sheet
        write(sheet, 0, 0, self.sheet_name, "heading")
        write(sheet, 1, 0, words("Blue cells may be changed; every other sheet is calculated from them."), "note")
        titles = (
            words("Input"),
            words("Value"),
            words("Unit"),
            words("Source or note"),
            words("As of"),
            words("Age in days"),
            words("Name of the cell"),
        )
        for column, title in enumerate(titles):
            write(sheet, FIRST_ROW - 1, column, title, "title")
        for row, one in enumerate(self._rows, start=FIRST_ROW):
            self._write_row(row, one)
        sheet.freeze_panes(FIRST_ROW, 1)
        for column, width in enumerate((52, 20, 16, 60, 12, 12, 40)):
            sheet.set_column(column, column, width)

    def _write_row(self, row: int, one: _Row) -> None:
        write, sheet = self.book.write, self.sheet
        if not one.kind and one.value is None and not one.name:
            write(sheet, row, 0, one.label, "section")
            return
        write(sheet, row, 0, one.label)
        looks = [one.kind] if one.kind else []
        write(sheet, row, VALUE_COLUMN, one.value, *looks, *(["input"] if one.typed else []))
        write(sheet, row, 2, one.unit)
        if one.source is not None:
            write(sheet, row, 3, f"{one.source.citation} {one.source.url}")
            write(sheet, row, 4, one.source.as_of, "date")
            age = (date.today() - one.source.as_of).days  # noqa: DTZ011  a day either way does not matter here
            write(sheet, row, 5, Formula(f"TODAY()-E{row + 1}", float(age)), "whole")
        else:
            write(sheet, row, 3, one.note, "note")
        if one.name:
            write(sheet, row, 6, one.name)
            self.book.name(one.name, cell_address(self.sheet_name, row, VALUE_COLUMN))

    def _add(self, path: str, row: _Row, value: float) -> Formula:
        name = _name(path)
        self._rows.append(_Row(row.label, row.value, row.kind, row.unit, row.note, row.source, name, row.typed))
        self._named[name] = Formula(name, value)
        return self._named[name]

    def _lay_out_inputs(self) -> None:
        words = self.wording.words
        titles = {
            "": words("Company"),
            "exchange_rates": words("Exchange rates"),
            "runs": words("Training runs"),
            "team": words("Team"),
            "demand": words("Products"),
            "holders": words("Holders"),
            "strategies": words("Strategies"),
            "valuation": words("Valuation"),
            "uncertainty": words("Ranges"),
            "fundraising": words("How rounds may fail"),
        }
        found = list(leaves(self.scenario.model_dump()))
        for group in ("", *GROUPS):
            mine = [(path, value) for path, value in found if _group(path) == group]
            if mine:
                self.section(titles[group])
            for path, value in mine:
                self._lay_out(path, value)

    def _lay_out(self, path: str, value: Any) -> None:
        label, unit = self.wording.field(path), self.wording.unit(path)
        if isinstance(value, bool | str) or value is None:
            self._rows.append(_Row(label, self.wording.text(path, value)))
        elif isinstance(value, date):
            self._add(path, _Row(label, value, "date", typed=True), float(serial(value)))
        else:
            source = source_of(self.scenario, path)
            note = "" if source else self.wording.words("your figure, or the preset's")
            kind = "share" if unit == "%" else "count"
            self._add(path, _Row(label, value, kind, unit, note, source, typed=True), float(value))


def add_derived(inputs: Assumptions) -> None:
    """Exchange rates into the reporting currency, and the months that dates stand for."""
    words, scenario = inputs.wording.words, inputs.scenario
    inputs.section(words("What follows from them"))
    reporting = scenario.reporting_currency
    for currency in ("USD", "EUR", "CNY", "HKD"):
        if currency == reporting:
            continue
        of_one, of_reporting = (
            inputs(f"exchange_rates.usd_per_{one.lower()}") if one != "USD" else number(1)
            for one in (currency, reporting)
        )
        label = words("{reporting} for one {currency}").format(reporting=reporting, currency=currency)
        exact = Formula((of_one / of_reporting).text, float(rate(scenario, currency)))
        inputs.derived(f"rate.{currency}", label, exact, "count")
    dated = [
        *(f"runs.{index}.start" for index in range(len(scenario.runs))),
        *(f"team.{index}.start" for index in range(len(scenario.team))),
        *(f"demand.{index}.launch" for index in range(len(scenario.demand))),
    ]
    for path in dated:
        label = words("{input}: month of the plan").format(input=inputs.wording.field(path))
        inputs.derived(f"{path}.month", label, _month_number(inputs, path), "whole")


def add_decisions(inputs: Assumptions) -> None:
    """What the simulation decided, as months counted from the founding; the horizon stands for never."""
    words, simulation, scenario = inputs.wording.words, inputs.answer.simulation, inputs.scenario
    inputs.section(words("What the plan decided; the workbook takes it as given (the horizon stands for never)"))
    inputs.derived("never", words("Horizon"), inputs("horizon_months"), "whole", words("months"))
    for index, run in enumerate(scenario.runs):
        label = words("{name}: month in which it starts").format(name=words(run.name))
        inputs.typed(f"run.{index}.starts", label, int(simulation.run_start[index, PATH]), "whole")
        label = words("{name}: share of its planned FLOPs").format(name=words(run.name))
        inputs.typed(f"run.{index}.size", label, float(simulation.run_size[index, PATH]), "count")
    for terms in simulation.terms:
        closed = int(simulation.closed[terms.index, PATH])
        label = words("{name}: month in which it closes").format(name=words(terms.name))
        inputs.typed(f"closed.{terms.index}", label, closed, "whole")
        if terms.kind in ("safe", "note"):
            label = words("{name}: month in which it converts").format(name=words(terms.name))
            inputs.typed(f"converted.{terms.index}", label, _converts(inputs.answer, terms.index), "whole")
        label = words("{name}: month in which it is paid back or redeemed").format(name=words(terms.name))
        if terms.kind == "note" or terms.value("redemption_months")[PATH]:
            repaid = int(simulation.repaid[terms.index, PATH])
            inputs.typed(f"repaid.{terms.index}", label, repaid, "whole")
        if terms.value("target_months")[PATH]:
            label = words("{name}: month in which its target is tested").format(name=words(terms.name))
            inputs.typed(f"judged.{terms.index}", label, _judged(inputs.answer, terms.index), "whole")


def _converts(answer: Answer, index: int) -> int:
    """The month of the first sale of stock after a SAFE or note closed; the horizon if there is none."""
    simulation = answer.simulation
    closed = int(simulation.closed[index, PATH])
    if closed >= simulation.months:
        return simulation.months
    later = [
        int(simulation.closed[terms.index, PATH])
        for terms in simulation.terms
        if terms.kind in SELLS_STOCK and (int(simulation.closed[terms.index, PATH]), terms.index) > (closed, index)
    ]
    month = min(later, default=simulation.months)
    return month if month <= int(simulation.repaid[index, PATH]) else simulation.months


def _judged(answer: Answer, index: int) -> int:
    """The month in which a cash target is looked at; the horizon if it never is."""
    simulation = answer.simulation
    terms = simulation.terms[index]
    month = int(simulation.closed[index, PATH] + terms.value("target_months")[PATH])
    ends = (simulation.repaid[index, PATH], simulation.dry[PATH], simulation.listed[PATH], simulation.months)
    return month if month < min(int(end) for end in ends) else simulation.months


def _month_number(inputs: Assumptions, path: str) -> Formula:
    name, scenario = _name(path), inputs.scenario
    text = f"(YEAR({name})-YEAR(founding))*12+MONTH({name})-MONTH(founding)"
    owner, place, field = path.split(".")
    day = getattr(getattr(scenario, owner)[int(place)], field)
    return Formula(text, float(months_between(scenario.founding, day)))


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every plain value below one, by its path."""
    if isinstance(value, Mapping | list | tuple):
        items = value.items() if isinstance(value, Mapping) else enumerate(value)
        for key, inner in items:
            yield from leaves(inner, f"{path}.{key}" if path else str(key))
    else:
        yield path, value


def _group(path: str) -> str:
    first = path.partition(".")[0]
    return first if first in GROUPS else ""


def _name(path: str) -> str:
    return path.replace(".", "_")
