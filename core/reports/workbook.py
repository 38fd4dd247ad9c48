"""The plan as an Excel workbook whose figures are formulas over one sheet of assumptions.

The values that the file holds beside its formulas are the app's own, so that a viewer that does not calculate shows
them too. The schedules round each amount where the plan does; where a spreadsheet would round a half the other way, the
formula carries the cent.
"""

from core.compute.ownership_defaults import ownership_defaults
from core.plan.calendar import MONTHS_PER_YEAR
from core.reports.assumptions import Assumptions, add_decisions, add_derived
from core.reports.book import Book, MonthlySheet, evaluated
from core.reports.cap_table_sheet import add_cap_table
from core.reports.financing_schedules import lay_out_financings
from core.reports.ledger import Ledger
from core.reports.operations import add_launches, add_runs, operations
from core.reports.statements import lay_out_statements
from core.reports.subject import Subject
from core.reports.tables import add_comparison, add_distributions, write_summary


def workbook(subject: Subject) -> bytes:
    """The file (.xlsx) of one strategy's plan, with the others compared."""
    words, scenario = subject.words, subject.scenario
    book = Book(words)
    summary = book.sheet(words("Summary"))
    inputs = Assumptions(book, subject)
    _add_report_inputs(inputs)
    add_derived(inputs)
    add_decisions(inputs)
    add_runs(inputs)
    add_launches(inputs)
    currency = words(scenario.reporting_currency)
    title = words("{name}, {currency}, by month").format(name=words("Schedules"), currency=currency)
    schedules = MonthlySheet(book, words("Schedules"), title, scenario.founding, scenario.horizon_months)
    plan = operations(inputs, schedules)
    ledger = Ledger(inputs, schedules)
    lay_out_financings(ledger)
    statements = lay_out_statements(book, ledger, plan)
    sheets = (statements.income, statements.cash_flow, statements.balance, schedules)
    evaluated(sheets, scenario.horizon_months)
    for sheet in sheets:
        sheet.write(words("Total"), words("At the end"), words("Month"))
    add_cap_table(book, subject)
    add_comparison(book, subject)
    if subject.distributions:
        add_distributions(book, subject)
    inputs.write()
    write_summary(book, summary, subject, statements)
    return book.done()


def _add_report_inputs(inputs: Assumptions) -> None:
    """What statements need and the plan does not know; chosen so that the cash is the plan's."""
    words = inputs.wording.words
    inputs.section(words("What the reports assume beyond the plan"))
    note = words("0 so that the cash is the app's")
    label = words("Tax on profits after losses carried forward")
    inputs.typed("tax_rate", label, 0.0, "share", unit="%", note=note)
    label = words("Days until customers pay")
    inputs.typed("days_of_sales_outstanding", label, 0.0, "count", unit=words("days"), note=note)
    label = words("Deposits with providers of compute, in months of their bill")
    inputs.typed("deposit_months", label, 0.0, "count", unit=words("months"), note=note)
    life = ownership_defaults()["life_years"]
    label, months = words("Accelerators owned are written off over"), life.value * MONTHS_PER_YEAR
    inputs.typed("depreciation_months", label, months, "count", unit=words("months"), source=life.source)
