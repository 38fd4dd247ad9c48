"""Schedule of a term loan: interest, principal, fees, and what a broken promise makes due."""

from dataclasses import dataclass

import numpy as np

from core.plan.calendar import MONTHS_PER_YEAR
from core.plan.strategies import Debt
from core.plan.terms import Terms
from core.plan.this_month import OPERATIONS, RECENT_MONTHS
from core.reports.book import Line
from core.reports.formula import CENTS, Formula, either, every, least, most, rounded, some, total, whole_cents
from core.reports.ledger import Ledger

# What the plan knows of a month when it looks at a loan's covenant.
BEFORE_LOANS = ("financing", "grants", *OPERATIONS, "issuance_costs", "public_company", "collateral", "compute_credits")


def lay_out_loan(ledger: Ledger, terms: Terms, received: Line) -> None:
    """Interest only, then equal instalments; see `core.plan.strategies.Debt`."""
    words, document = ledger.inputs.wording.words, terms.financing
    assert isinstance(document, Debt)
    if document.collateral_cost:
        _lay_out_collateral(ledger, terms)
    breached = _lay_out_covenant(ledger, terms) if document.minimum_cash_months else None
    loan = _Loan(ledger, terms, document, breached)
    interest = ledger.add(
        ("interest_paid", "interest"),
        ledger.label(terms, words("interest")),
        lambda month: loan.interest(month, owed.before(month)),
    )
    principal = ledger.add(
        "principal_paid",
        ledger.label(terms, words("principal")),
        lambda month: loan.principal(month, owed.before(month)),
    )
    if document.end_of_term_fee_share:
        fee = ledger.add(
            ("interest_paid", "interest"),
            ledger.label(terms, words("fee at the end")),
            lambda month: loan.fee(month, owed.before(month), principal[month], fee.over(0, month)),
        )
    owed = ledger.add(
        "loans",
        ledger.label(terms, words("owed")),
        lambda month: whole_cents(owed.before(month) + received[month] - principal[month]),
        total="last",
    )
    assert interest.row < owed.row, "the balance closes the block"


@dataclass(frozen=True)
class _Loan:
    """A loan's terms; breached: the row of its cash covenant, None where it has none."""

    ledger: Ledger
    terms: Terms
    document: Debt
    breached: Line | None

    def value(self, field: str) -> Formula:
        return self.ledger.value(self.terms, field)

    @property
    def accelerates(self) -> bool:
        return self.breached is not None and self.document.breach == "acceleration"

    @property
    def term(self) -> Formula:
        return self.value("interest_only_months") + self.value("amortization_months")

    def age(self, month: int) -> Formula:
        return self.ledger.sheet.month(month) - self.ledger.closed(self.terms)

    def broken(self, month: int) -> Formula:
        assert self.breached is not None, "asked of a loan with a covenant"
        return self.breached[month].equals(1)

    def interest(self, month: int, owed: Formula) -> Formula:
        """A month's interest, with what a broken covenant adds."""
        agreed = _monthly(owed, self.value("interest_rate"))
        if self.breached is not None and not self.accelerates:
            agreed = agreed + either(self.broken(month), _monthly(owed, self.value("default_margin")))
        return self.ledger.while_running(month, either(self.age(month) > 0, agreed))

    def principal(self, month: int, owed: Formula) -> Formula:
        """The instalment less interest, what brings the loan back below its collateral, or all that is owed."""
        age = self.age(month)
        level = least(most(self.instalment() - _monthly(owed, self.value("interest_rate")), 0), owed)
        level = either(age > self.value("interest_only_months"), level)
        if self.document.maximum_loan_to_value:
            level = level + least(self.cure(owed - level, age), owed - level)
        at_once = age >= self.term
        if self.accelerates:
            at_once = some(at_once, self.broken(month))
        return whole_cents(self.ledger.while_running(month, either(age > 0, either(at_once, owed, level))))

    def fee(self, month: int, owed: Formula, principal: Formula, paid_before: Formula) -> Formula:
        """With the last instalment, or once when the loan is paid back before."""
        age = self.age(month)
        due = age.equals(self.term)
        if self.accelerates or self.document.collateral_cost:
            early = every(owed > 0, principal.equals(owed), age < self.term)
            if not self.document.collateral_cost:
                early = every(early, self.broken(month))
            due = every(some(due, early), paid_before.equals(0))
        whole = rounded(self.ledger.money(self.terms, "amount") * self.value("end_of_term_fee_share"))
        return self.ledger.while_running(month, either(every(age > 0, due), whole))

    def instalment(self) -> Formula:
        """The level payment of `core.capital.debt.instalment`."""
        amount, months = rounded(self.ledger.money(self.terms, "amount")), self.value("amortization_months")
        monthly = self.value("interest_rate") / MONTHS_PER_YEAR
        if not monthly.value:
            return rounded(amount / months)
        return rounded(amount * monthly / (1 - (1 + monthly) ** -months))

    def cure(self, owed: Formula, age: Formula) -> Formula:
        """What brings the loan back to its share of the collateral's value."""
        kept = self.value("collateral_retention") ** (most(age, 0) / MONTHS_PER_YEAR)
        limit = self.value("maximum_loan_to_value")
        return most(owed - rounded(self.ledger.money(self.terms, "collateral_cost") * kept * limit), 0)


def _monthly(owed: Formula, yearly: Formula) -> Formula:
    """A month's interest, to the cent as the plan rounds it."""
    return rounded(owed * yearly / MONTHS_PER_YEAR, np.rint(owed.value * CENTS) * yearly.value / MONTHS_PER_YEAR)


def _lay_out_collateral(ledger: Ledger, terms: Terms) -> None:
    """Accelerators bought with the loan, written off in a straight line."""
    words = ledger.inputs.wording.words
    cost = ledger.money(terms, "collateral_cost")
    bought = ledger.add(
        "collateral",
        ledger.label(terms, words("accelerators bought")),
        lambda month: either(ledger.closes(terms, month), rounded(cost)),
    )

    def worth(month: int) -> Formula:
        age = ledger.sheet.month(month) - ledger.closed(terms) + 1
        left = rounded(rounded(cost) * most(0, 1 - age / ledger.inputs("depreciation_months")))
        there = ledger.sheet.month(month) >= ledger.closed(terms)
        return either(there, ledger.while_running(month, left, value.before(month)))

    value = ledger.add("accelerators", ledger.label(terms, words("book value")), worth, total="last")
    ledger.add(
        "depreciation",
        ledger.label(terms, words("depreciation")),
        lambda month: whole_cents(value.before(month) + bought[month] - value[month]),
    )


def _lay_out_covenant(ledger: Ledger, terms: Terms) -> Line:
    """1 where a month would end with less cash than the company promised to hold."""
    words, months = ledger.inputs.wording.words, ledger.value(terms, "minimum_cash_months")
    earlier = [line for name in ("interest_paid", "principal_paid") for line in ledger.of(name)]
    operated = ledger.sheet.line(
        ledger.label(terms, words("cash from operations")),
        lambda month: total(ledger.flow(name, month) for name in OPERATIONS),
    )

    def broken(month: int) -> Formula:
        flows = [ledger.flow(name, month) for name in BEFORE_LOANS]
        held = total([ledger.cash["opening"][month], *flows, *(-line[month] for line in earlier)])
        first = max(0, month - RECENT_MONTHS)
        burn = -operated.over(first, month) / max(1, month - first)
        return either(whole_cents(held) < months * most(burn, 0), 1)

    return ledger.sheet.line(ledger.label(terms, words("cash covenant broken (1 = yes)")), broken, "whole")
