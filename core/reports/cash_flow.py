"""The cash flow by month, directly from what is paid and received."""

from dataclasses import dataclass

from core.plan.answer import PATH
from core.plan.derivations import flow_names
from core.plan.operating import CENTS_PER_UNIT
from core.reports.book import Line, Make, MonthlySheet, summed
from core.reports.formula import ONE, Formula, corrected, either, every, number, rounded, total, whole_cents
from core.reports.ledger import Ledger
from core.reports.operations import Operations

RESEARCH = ("research_staff", "experiments", "data", "final_runs", "other_infrastructure")
PAID = ("serving", *RESEARCH, "other_staff", "overhead")


@dataclass(frozen=True)
class CashRows:
    """closing: cash at each month end; difference: its distance from the app's."""

    closing: Line
    difference: Line


def lay_out_cash_flow(ledger: Ledger, operations: Operations, sheet: MonthlySheet) -> CashRows:
    """Operations, investments, financing, and the cash they leave."""
    words, cash = ledger.inputs.wording.words, ledger.cash
    cash["active"] = sheet.line(
        words("The plan is running (1) or has run out of cash (0)"),
        lambda month: _running(ledger, month),
        "whole",
        "none",
    )
    operating = _lay_out_operating(ledger, operations, sheet)
    sheet.section(words("Investing activities"))
    label = flow_names(words)["collateral"]
    bought = cash["collateral"] = sheet.line(label, _scheduled(ledger, "collateral", -1))
    financing, before_claims = _lay_out_financing(ledger, sheet)
    sheet.section(words("Cash"))
    own = rounded(ledger.inputs.money("opening_cash"))
    opening = sheet.line(
        words("Cash at the start"), lambda month: closing.before(month) if month else own, "money", "none"
    )
    closing = sheet.line(
        words("Cash at month end"),
        lambda month: whole_cents(total(line[month] for line in (opening, operating, bought, financing))),
        "money",
        "last",
        "sum",
    )
    cash["opening"], cash["closing"] = opening, closing
    cash["before_claims"] = sheet.line(
        words("Cash before anything is paid back to investors"),
        lambda month: whole_cents(total(line[month] for line in (opening, operating, bought, *before_claims))),
        "money",
        "none",
    )
    return CashRows(closing, _lay_out_check(ledger, sheet, closing))


def _running(ledger: Ledger, month: int) -> Formula:
    """The month after a negative month end everything stops."""
    if month == 0:
        return ONE
    before = ledger.cash["active"].before(month) > 0, ledger.cash["closing"].before(month) >= 0
    return either(every(*before), 1)


def _lay_out_operating(ledger: Ledger, operations: Operations, sheet: MonthlySheet) -> Line:
    words, cash = ledger.inputs.wording.words, ledger.cash
    names = flow_names(words)
    sheet.section(words("Operating activities"))

    def line(name: str, label: str, make: Make) -> Line:
        cash[name] = sheet.line(label, make)
        return cash[name]

    lines = [
        line("revenue", names["revenue"], _planned(ledger, operations, "revenue", 1)),
        line("prepaid_service", names["prepaid_service"], _scheduled(ledger, "service_delivered", -1)),
        line("receivables", words("Change in receivables"), _change(ledger, "receivables")),
        line("grants", names["grants"], _scheduled(ledger, "grants", 1)),
        *(line(name, names[name], _planned(ledger, operations, name, -1)) for name in PAID),
        line("compute_credits", names["compute_credits"], _scheduled(ledger, "compute_credits", 1)),
        line("public_company", names["public_company"], _scheduled(ledger, "public_company", -1)),
        line("deposits", words("Change in deposits"), _change(ledger, "deposits")),
        line("interest_paid", words("Interest and loan fees paid"), _scheduled(ledger, "interest_paid", -1)),
        line("tax", words("Tax"), lambda month: cash["tax_due"][month]),
    ]
    return sheet.line(words("Cash from operations"), summed(lines), "money", "sum", "sum")


def _lay_out_financing(ledger: Ledger, sheet: MonthlySheet) -> tuple[Line, list[Line]]:
    """The total, and the lines but for what investors are paid back."""
    words, cash = ledger.inputs.wording.words, ledger.cash
    names = flow_names(words)
    sheet.section(words("Financing activities"))

    def fees(month: int) -> Formula:
        paid = total([ledger.sum("fees_of_stock", month), ledger.sum("fees_of_loans", month)])
        return ledger.while_running(month, -paid)

    cash["financing"] = sheet.line(names["financing"], _scheduled(ledger, "received", 1))
    cash["issuance_costs"] = sheet.line(names["issuance_costs"], fees)
    cash["principal_paid"] = sheet.line(words("Principal repaid"), _scheduled(ledger, "principal_paid", -1))
    lines = [cash[name] for name in ("financing", "issuance_costs", "principal_paid")]
    cash["investor_claims"] = sheet.line(names["investor_claims"], _scheduled(ledger, "claims_paid", -1))
    every_line = [*lines, cash["investor_claims"]]
    return sheet.line(words("Cash from financing"), summed(every_line), "money", "sum", "sum"), lines


def _lay_out_check(ledger: Ledger, sheet: MonthlySheet, closing: Line) -> Line:
    words, simulation = ledger.inputs.wording.words, ledger.inputs.answer.simulation
    plan = sheet.line(
        words("Cash at month end in the app"),
        lambda month: number(int(simulation.cash[month, PATH]) / CENTS_PER_UNIT),
        "money",
        "last",
    )
    return sheet.line(
        words("Difference (0 until an input is changed)"),
        lambda month: whole_cents(closing[month] - plan[month]),
        "money",
        "none",
    )


def _planned(ledger: Ledger, operations: Operations, name: str, sign: int) -> Make:
    """A line of the operating plan; where a long chain of growth ends a hair beside the plan's, with the cent."""
    flows = ledger.inputs.answer.simulation.flows[name]

    def make(month: int) -> Formula:
        amount = total(one[month] for one in operations.of(name))
        amount = ledger.while_running(month, amount if sign > 0 else -amount)
        return corrected(amount, int(flows[month, PATH]) / CENTS_PER_UNIT)

    return make


def _scheduled(ledger: Ledger, what: str, sign: int) -> Make:
    """A line of the financings' schedules."""

    def make(month: int) -> Formula:
        amount = ledger.sum(what, month)
        return ledger.while_running(month, amount if sign > 0 else -amount)

    return make


def _change(ledger: Ledger, what: str) -> Make:
    """What a balance takes from the cash when it grows."""

    def make(month: int) -> Formula:
        (line,) = ledger.of(what)
        return whole_cents(line.before(month) - line[month])

    return make
