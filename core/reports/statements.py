"""Income statement and balance sheet by month, beside the cash flow: all formulas over the schedules.

How the plan is booked: training is an R&D expense of the month in which it runs; accelerators bought are an asset that
is written off in a straight line; what customers prepay is deferred revenue, earned as the service is delivered at the
price they paid; SAFEs are equity, notes are debt whose interest accrues by actual days; fees of selling stock are taken
from what it brings, all others are expenses of the day they are paid; cloud credits that cost nothing lower the compute
bill they pay, compute that was paid for with stock is an asset until it is used or expires.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from core.plan.calendar import DAYS_PER_MONTH
from core.plan.derivations import flow_names
from core.plan.this_month import COMPUTE_BILL
from core.reports.book import Book, Line, Make, MonthlySheet, summed
from core.reports.cash_flow import RESEARCH, CashRows, lay_out_cash_flow
from core.reports.formula import ZERO, Formula, most, rounded, total, whole_cents
from core.reports.ledger import Ledger
from core.reports.operations import Operations


@dataclass(frozen=True)
class Statements:
    """The three sheets and the rows that others point at; unbalanced: assets less liabilities and equity."""

    income: MonthlySheet
    cash_flow: MonthlySheet
    balance: MonthlySheet
    cash: CashRows
    net_income: Line
    unbalanced: Line


def lay_out_statements(book: Book, ledger: Ledger, operations: Operations) -> Statements:
    """The three statements over the schedules."""
    words, scenario = ledger.inputs.wording.words, ledger.inputs.scenario

    def sheet(name: str) -> MonthlySheet:
        title = words("{name}, {currency}, by month").format(name=name, currency=words(scenario.reporting_currency))
        return MonthlySheet(book, name, title, scenario.founding, scenario.horizon_months)

    _lay_out_working_capital(ledger)
    income, cash_flow, balance = (
        sheet(name) for name in (words("Income statement"), words("Cash flow"), words("Balance sheet"))
    )
    cash = lay_out_cash_flow(ledger, operations, cash_flow)
    net_income = _lay_out_income(ledger, income)
    unbalanced = _lay_out_balance(ledger, balance, net_income)
    return Statements(income, cash_flow, balance, cash, net_income, unbalanced)


def _lay_out_working_capital(ledger: Ledger) -> None:
    """What customers still owe and what lies with providers of compute: none by default."""
    words, inputs = ledger.inputs.wording.words, ledger.inputs
    ledger.sheet.section(words("Receivables and deposits"))

    def receivable(month: int) -> Formula:
        billed = ledger.flow("revenue", month) + ledger.flow("prepaid_service", month)
        amount = rounded(billed * inputs("days_of_sales_outstanding") / DAYS_PER_MONTH)
        return ledger.while_running(month, amount, receivables.before(month))

    def deposited(month: int) -> Formula:
        bill = -total(ledger.flow(name, month) for name in COMPUTE_BILL)
        return ledger.while_running(month, rounded(bill * inputs("deposit_months")), deposits.before(month))

    receivables = ledger.add("receivables", words("Receivables"), receivable, total="last")
    deposits = ledger.add("deposits", words("Deposits with providers of compute"), deposited, total="last")


def _lay_out_income(ledger: Ledger, sheet: MonthlySheet) -> Line:
    """Revenue to net income; tax on what is left after earlier losses."""
    words, names = ledger.inputs.wording.words, flow_names(ledger.inputs.wording.words)

    def same(name: str) -> Line:
        return sheet.line(names[name], lambda month: ledger.flow(name, month))

    def scheduled(label: str, what: str, sign: int = -1) -> Line:
        return sheet.line(label, lambda month: ledger.sum(what, month) if sign > 0 else -ledger.sum(what, month))

    def discounted(month: int) -> Formula:
        if not ledger.of("service_delivered"):
            return ZERO
        return ledger.sum("service_recognised", month) - ledger.sum("service_delivered", month)

    sheet.section(words("Revenue and serving"))
    discount = words("Discount to customers who prepaid")
    earned = [same("revenue"), sheet.line(discount, discounted), same("serving")]
    gross = sheet.line(words("Gross profit"), summed(earned), "money", "sum", "sum")
    sheet.section(words("Operating expenses"))
    spent = [
        *(same(name) for name in (*RESEARCH, "other_staff", "overhead", "public_company", "grants")),
        scheduled(words("Compute paid with credits that cost nothing"), "compute_given_used", 1),
        scheduled(words("Compute paid for that expired"), "compute_expired"),
    ]
    ebitda = sheet.line(words("EBITDA"), _after(gross, spent), "money", "sum", "sum")
    sheet.section(words("Below EBITDA"))
    below = [
        scheduled(words("Depreciation"), "depreciation"),
        scheduled(words("Interest and fees at the end of loans"), "interest"),
        scheduled(words("Upfront fees of loans"), "fees_of_loans"),
    ]
    before = sheet.line(words("Profit before tax"), _after(ebitda, below), "money", "sum", "sum")
    return _lay_out_tax(ledger, sheet, before)


def _lay_out_tax(ledger: Ledger, sheet: MonthlySheet, before: Line) -> Line:
    """Tax of the month on what earlier losses do not cover; gives the net income."""
    words = ledger.inputs.wording.words

    def due(month: int) -> Formula:
        return -rounded(most(before[month] - losses.before(month), 0) * ledger.inputs("tax_rate"))

    tax = ledger.cash["tax_due"] = sheet.line(words("Tax"), due)
    label = words("Net income")
    net = sheet.line(label, lambda month: whole_cents(before[month] + tax[month]), "money", "sum", "sum")
    losses = sheet.line(
        words("Losses carried forward"),
        lambda month: whole_cents(most(losses.before(month) - before[month], 0)),
        "money",
        "last",
    )
    return net


def _lay_out_balance(ledger: Ledger, sheet: MonthlySheet, net_income: Line) -> Line:
    """Assets, liabilities, equity; gives the row of their difference."""
    words, closing = ledger.inputs.wording.words, ledger.cash["closing"]

    def standing(label: str, what: str) -> Line:
        return sheet.line(label, lambda month: ledger.sum(what, month), "money", "last")

    def subtotal(label: str, lines: Sequence[Line]) -> Line:
        return sheet.line(label, summed(lines), "money", "last", "sum")

    sheet.section(words("Assets"))
    assets = [
        sheet.line(words("Cash"), lambda month: closing[month], "money", "last"),
        standing(words("Receivables"), "receivables"),
        standing(words("Deposits with providers of compute"), "deposits"),
        standing(words("Compute paid for and not used"), "prepaid_compute"),
        standing(words("Accelerators, less depreciation"), "accelerators"),
    ]
    assets_total = subtotal(words("Total assets"), assets)
    sheet.section(words("Liabilities"))
    liabilities = [
        standing(words("Loans"), "loans"),
        standing(words("Advances on revenue"), "advances"),
        standing(words("Convertible notes"), "notes"),
        standing(words("Interest accrued on notes"), "accrued"),
        standing(words("Deferred revenue"), "deferred_revenue"),
        standing(words("Owed to investors"), "claims"),
    ]
    liabilities_total = subtotal(words("Total liabilities"), liabilities)
    sheet.section(words("Equity"))
    equity_total = subtotal(words("Total equity"), _equity(ledger, sheet, net_income))
    sheet.section(words("Check"))
    return sheet.line(
        words("Assets − liabilities − equity"),
        lambda month: whole_cents(assets_total[month] - liabilities_total[month] - equity_total[month]),
        "money",
        "none",
    )


def _equity(ledger: Ledger, sheet: MonthlySheet, net_income: Line) -> list[Line]:
    """Each line from the month before and what the month adds to it."""
    words, own = ledger.inputs.wording.words, rounded(ledger.inputs.money("opening_cash"))

    def grown(label: str, by: Make) -> Line:
        line = sheet.line(label, lambda month: whole_cents(line.before(month) + by(month)), "money", "last")
        return line

    def sold(month: int) -> Formula:
        return ledger.sum("stock", month) - ledger.sum("fees_of_stock", month)

    return [
        grown(words("Founders' own cash"), lambda month: ZERO if month else own),
        grown(words("Stock sold, less fees"), sold),
        sheet.line(words("SAFEs"), lambda month: ledger.sum("safes", month), "money", "last"),
        grown(words("SAFEs and notes converted"), lambda month: ledger.sum("converted", month)),
        grown(words("Owed back to investors"), lambda month: -ledger.sum("claims_arisen", month)),
        grown(words("Retained earnings"), lambda month: net_income[month]),
    ]


def _after(first: Line, lines: Sequence[Line]) -> Make:
    """What is left of one row after the rows under it."""
    rest = summed(lines)
    return lambda month: whole_cents(first[month] + rest(month))
