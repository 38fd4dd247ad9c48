"""Everything that the Plan page plots, as tables: one zip of CSV files, months as the first column.

Titles are in the language of the report.

Amounts are in the reporting currency with two decimals, shares are fractions of 1. A name that a spreadsheet would take
for a formula gets an apostrophe, its sign for text.
"""

import csv
import io
import zipfile
from collections.abc import Iterable

import numpy as np

from core.charts.units import titled
from core.flow.sankey import money_flows
from core.plan.answer import PATH
from core.plan.calendar import month_after
from core.plan.derivations import flow_names
from core.plan.operating import CENTS_PER_UNIT
from core.plan.scenario import Scenario
from core.plan.simulate import FLOWS, Simulation
from core.reports.subject import Subject
from core.typed_text import FORMULA_STARTS

WRITTEN = (2000, 1, 1, 0, 0, 0)  # one day for all files, so that the same plan gives the same bytes
Row = Iterable[object]


def plotted_csv(subject: Subject) -> bytes:
    """The zip: cash.csv, flows.csv, ownership.csv, votes.csv and sources_and_uses.csv."""
    memory = io.BytesIO()
    tables = {
        "cash.csv": _cash(subject),
        "flows.csv": _flows(subject),
        "ownership.csv": _ownership(subject),
        "votes.csv": _votes(subject),
        "sources_and_uses.csv": _sources_and_uses(subject),
    }
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, rows in tables.items():
            text = io.StringIO()
            csv.writer(text, lineterminator="\r\n").writerows([spreadsheet_cell(cell) for cell in row] for row in rows)
            # With the mark that tells Excel how the file is written: names may be in any language.
            packed.writestr(zipfile.ZipInfo(name, WRITTEN), text.getvalue().encode("utf-8-sig"), zipfile.ZIP_DEFLATED)
    return memory.getvalue()


def _cash(subject: Subject) -> list[Row]:
    """Month-end cash of every strategy until it ends, and of the one shown without its next financing."""
    words, scenario, answer = subject.words, subject.scenario, subject.answer
    titles = [words(one.strategy) for one in subject.answers]
    simulations = [one.simulation for one in subject.answers]
    if answer.next_financing is not None and answer.without_next is not None:
        text = words("Without {financing} and all after it")
        titles.append(text.format(financing=words(answer.next_financing.name)))
        simulations.append(answer.without_next)
    rows: list[Row] = [(_month_title(subject), *titles)]
    for month in range(scenario.horizon_months):
        cells = [_amount(one.cash[month, PATH]) if month < _end(one) else "" for one in simulations]
        rows.append((_month(scenario, month), *cells))
    return rows


def _flows(subject: Subject) -> list[Row]:
    """What came in (positive) and went out (negative) by line, and the cash it leaves."""
    words, scenario, simulation = subject.words, subject.scenario, subject.answer.simulation
    names = flow_names(words)
    rows: list[Row] = [(_month_title(subject), *(names[name] for name in FLOWS), words("Cash"))]
    for month in range(_end(simulation)):
        cells = [_amount(simulation.flows[name][month, PATH]) for name in FLOWS]
        rows.append((_month(scenario, month), *cells, _amount(simulation.cash[month, PATH])))
    return rows


def _ownership(subject: Subject) -> list[Row]:
    scenario, simulation = subject.scenario, subject.answer.simulation
    rows: list[Row] = [(subject.words("Month"), *(subject.words(name) for name in simulation.classes))]
    for month in range(_end(simulation)):
        owned = simulation.ownership[month, :, PATH]
        rows.append((_month(scenario, month), *(f"{share:.10f}" for share in owned)))
    return rows


def _votes(subject: Subject) -> list[Row]:
    """Votes by holder from each day on which they change."""
    holders = list(dict.fromkeys(name for one in subject.answer.votes for name in one.by_holder))
    rows: list[Row] = [(subject.words("Since"), *(subject.words(name) for name in holders))]
    rows.extend(
        (one.since.isoformat(), *(f"{float(one.by_holder.get(name, 0)):.10f}" for name in holders))
        for one in subject.answer.votes
    )
    return rows


def _sources_and_uses(subject: Subject) -> list[Row]:
    words = subject.words
    amount = titled(words("Amount"), words(subject.scenario.reporting_currency), words)
    rows: list[Row] = [(words("From"), words("To"), amount)]
    rows.extend((words(one.source), words(one.target), _amount(one.cents)) for one in money_flows(subject.answer))
    return rows


def _end(simulation: Simulation) -> int:
    """The month after the last one that is drawn."""
    return min(simulation.months, int(simulation.dry[PATH]) + 1)


def _month_title(subject: Subject) -> str:
    currency = subject.words(subject.scenario.reporting_currency)
    return subject.words("Month (amounts in {currency})").format(currency=currency)


def _month(scenario: Scenario, month: int) -> str:
    return f"{month_after(scenario.founding, month):%Y-%m}"


def _amount(cents: int | np.int64) -> str:
    whole, rest = divmod(abs(int(cents)), CENTS_PER_UNIT)
    return f"{'-' if cents < 0 else ''}{whole}.{rest:02d}"


def spreadsheet_cell(cell: object) -> object:
    """Names as text; amounts, which may begin with a minus, as they are."""
    if not isinstance(cell, str) or not cell.startswith(FORMULA_STARTS):
        return cell
    return cell if cell[1:].replace(".", "", 1).isdecimal() and cell.startswith("-") else f"'{cell}"
