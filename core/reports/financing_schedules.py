"""Schedules of the financings: what each brings, what it costs in later months, and what is owed at each month end.

Formulas follow `core.plan.obligations` and `core.plan.closing` step by step, so that each cent is rounded where the
plan rounds it. One function a kind of financing, in a table.
"""

from collections.abc import Callable, Mapping

import numpy as np

from core.plan.answer import PATH
from core.plan.calendar import MONTHS_PER_YEAR, month_after
from core.plan.company_state import DAYS_PER_YEAR
from core.plan.strategies import Preferred
from core.plan.terms import Terms
from core.plan.this_month import COMPUTE_BILL
from core.reports.book import Line, serial
from core.reports.formula import (
    CENTS,
    ZERO,
    Formula,
    cents_up,
    either,
    every,
    least,
    most,
    number,
    rounded,
    total,
    whole_cents,
)
from core.reports.ledger import Ledger
from core.reports.loans import lay_out_loan


def lay_out_financings(ledger: Ledger) -> None:
    """Every financing's schedules, in the order in which the plan meets what it owes."""
    for terms in ledger.inputs.answer.simulation.terms:
        ledger.sheet.section(ledger.inputs.wording.words(terms.name))
        KINDS[terms.kind](ledger, terms)


def _received(ledger: Ledger, terms: Terms, what: tuple[str, ...]) -> Line:
    """The cash of the closing, before fees."""
    words = ledger.inputs.wording.words

    def make(month: int) -> Formula:
        amount = ledger.money(terms, "amount")
        if terms.value("compute_share")[PATH]:
            amount = amount * (1 - ledger.value(terms, "compute_share"))
        if terms.value("over_allotment_share")[PATH]:
            amount = amount * (1 + ledger.value(terms, "over_allotment_share"))
        return either(ledger.closes(terms, month), rounded(amount))

    return ledger.add(("received", *what), ledger.label(terms, words("received")), make)


def _fee(ledger: Ledger, terms: Terms, what: str, fee: Formula) -> None:
    words = ledger.inputs.wording.words
    ledger.add(
        what, ledger.label(terms, words("fees")), lambda month: either(ledger.closes(terms, month), rounded(fee))
    )


def _stock(ledger: Ledger, terms: Terms) -> None:
    """A sale of stock: money, perhaps compute; promises beside the price."""
    _received(ledger, terms, ("stock",))
    if terms.kind in ("listing", "follow_on"):
        gross = ledger.money(terms, "amount")
        if terms.value("over_allotment_share")[PATH]:
            gross = gross * (1 + ledger.value(terms, "over_allotment_share"))
        expenses = ledger.money(terms, "expenses")
        fee = gross * ledger.value(terms, "spread")
        _fee(ledger, terms, "fees_of_stock", fee if expenses is ZERO else fee + expenses)
        if terms.value("public_cost_per_year")[PATH]:
            _public(ledger, terms)
        return
    if terms.value("compute_share")[PATH]:
        in_kind = ledger.add(
            "stock",
            ledger.label(terms, ledger.inputs.wording.words("compute received for stock")),
            lambda month: either(
                ledger.closes(terms, month),
                rounded(ledger.money(terms, "amount") * ledger.value(terms, "compute_share")),
            ),
        )
        _compute(ledger, terms, in_kind, number(1), ledger.value(terms, "compute_expiry_months"), bought=True)
    _promises(ledger, terms)


def _public(ledger: Ledger, terms: Terms) -> None:
    monthly = ledger.money(terms, "public_cost_per_year") / MONTHS_PER_YEAR
    ledger.add(
        "public_company",
        ledger.label(terms, ledger.inputs.wording.words("cost of being public")),
        lambda month: either(ledger.sheet.month(month) >= ledger.closed(terms), rounded(monthly)),
    )


def _credits(ledger: Ledger, terms: Terms) -> None:
    given = ledger.add(
        "compute_given",
        ledger.label(terms, ledger.inputs.wording.words("compute credits received")),
        lambda month: either(ledger.closes(terms, month), rounded(ledger.money(terms, "amount"))),
    )
    _compute(
        ledger, terms, given, ledger.value(terms, "usable_share"), ledger.value(terms, "expiry_months"), bought=False
    )


def _compute(ledger: Ledger, terms: Terms, given: Line, usable: Formula, expiry: Formula, *, bought: bool) -> None:
    """Credits pay a part of each month's compute bill until they expire."""
    words, earlier = ledger.inputs.wording.words, list(ledger.of("compute_credits"))

    def hand(month: int) -> Formula:
        return left.before(month) + given[month]

    def use(month: int) -> Formula:
        bill = -total(ledger.flow(name, month) for name in COMPUTE_BILL)
        unpaid = most(total([bill, *(-line[month] for line in earlier)]), 0)
        part = rounded(unpaid * usable, np.rint(unpaid.value * CENTS) * usable.value)
        return ledger.while_running(month, least(hand(month), part))

    used = ledger.add(
        ("compute_credits", "compute_bought_used" if bought else "compute_given_used"),
        ledger.label(terms, words("compute paid with credits")),
        use,
    )

    def remain(month: int) -> Formula:
        lapsed = ledger.sheet.month(month) + 1 - ledger.closed(terms) >= expiry
        rest = whole_cents(hand(month) - used[month])
        return ledger.while_running(month, either(lapsed, 0, rest), hand(month))

    what = "prepaid_compute" if bought else "compute_held"
    left = ledger.add(what, ledger.label(terms, words("compute credits left")), remain, total="last")
    if bought:
        ledger.add(
            "compute_expired",
            ledger.label(terms, words("compute credits expired")),
            lambda month: hand(month) - used[month] - left[month],
        )


def _grant(ledger: Ledger, terms: Terms) -> None:
    paid_over, amount = ledger.value(terms, "payment_months"), ledger.money(terms, "amount")

    def make(month: int) -> Formula:
        age = ledger.sheet.month(month) - ledger.closed(terms)
        whole = rounded(amount)
        parts = [
            rounded(whole * done, np.rint(whole.value * CENTS) * done.value)
            for done in (most(0, least(1, since / paid_over)) for since in (age + 1, age))
        ]
        return parts[0] - parts[1]

    ledger.add("grants", ledger.label(terms, ledger.inputs.wording.words("received")), make)


def _prepayment(ledger: Ledger, terms: Terms) -> None:
    """Customers pay ahead: revenue is deferred, and earned at the price they paid as the service is delivered."""
    words, earlier = ledger.inputs.wording.words, list(ledger.of("service_delivered"))
    received = _received(ledger, terms, ("prepayments",))
    worth = rounded(ledger.money(terms, "amount") / (1 - ledger.value(terms, "discount")))
    part = cents_up(worth / ledger.value(terms, "service_months"))

    def owed(month: int) -> Formula:
        return left.before(month) + either(ledger.closes(terms, month), worth)

    def deliver(month: int) -> Formula:
        revenue = total([ledger.flow("revenue", month), *(-line[month] for line in earlier)])
        due = most(least(left.before(month), part, revenue), 0)
        return ledger.while_running(month, either(ledger.sheet.month(month) > ledger.closed(terms), due))

    delivered = ledger.add("service_delivered", ledger.label(terms, words("service delivered, at list price")), deliver)
    left = ledger.add(
        "service_owed",
        ledger.label(terms, words("service still owed, at list price")),
        lambda month: whole_cents(owed(month) - delivered[month]),
        total="last",
    )

    def defer(month: int) -> Formula:
        there = ledger.sheet.month(month) >= ledger.closed(terms)
        return either(there, rounded(rounded(ledger.money(terms, "amount")) * left[month] / worth))

    deferred = ledger.add("deferred_revenue", ledger.label(terms, words("deferred revenue")), defer, total="last")
    ledger.add(
        "service_recognised",
        ledger.label(terms, words("revenue recognised")),
        lambda month: deferred.before(month) + received[month] - deferred[month],
    )


def _revenue_share(ledger: Ledger, terms: Terms) -> None:
    """An advance is paid back by a part of revenue; what is paid beyond it is interest, earned in proportion."""
    words = ledger.inputs.wording.words
    received = _received(ledger, terms, ())
    _fee(ledger, terms, "fees_of_loans", ledger.money(terms, "amount") * ledger.value(terms, "upfront_fee_share"))
    whole = rounded(ledger.money(terms, "amount") * ledger.value(terms, "repayment_multiple"))

    def pay(month: int) -> Formula:
        revenue, share = ledger.flow("revenue", month), ledger.value(terms, "share_of_revenue")
        part = rounded(revenue * share, np.rint(revenue.value * CENTS) * share.value)
        due = ledger.sheet.month(month) > ledger.closed(terms)
        return ledger.while_running(month, either(due, least(owed.before(month), part)))

    paid = ledger.add("paid_to_lenders", ledger.label(terms, words("paid back")), pay)
    owed = ledger.add(
        "owed_in_all",
        ledger.label(terms, words("still to be paid, with what it costs")),
        lambda month: whole_cents(owed.before(month) + either(ledger.closes(terms, month), whole) - paid[month]),
        total="last",
    )
    advance = ledger.add(
        "advances",
        ledger.label(terms, words("advance owed")),
        lambda month: rounded(rounded(ledger.money(terms, "amount")) * owed[month] / whole),
        total="last",
    )
    principal = ledger.add(
        "principal_paid",
        ledger.label(terms, words("of which principal")),
        lambda month: whole_cents(advance.before(month) + received[month] - advance[month]),
    )
    ledger.add(
        ("interest_paid", "interest"),
        ledger.label(terms, words("of which interest")),
        lambda month: whole_cents(paid[month] - principal[month]),
    )


def _safe(ledger: Ledger, terms: Terms) -> None:
    received = _received(ledger, terms, ())
    _convertible(ledger, terms, received, "safes")


def _convertible(ledger: Ledger, terms: Terms, received: Line, what: str) -> tuple[Line, Line]:
    """The balance until it converts or is paid back, and what becomes of it."""
    words = ledger.inputs.wording.words
    converted, repaid = ledger.inputs(f"converted.{terms.index}"), ledger.inputs(f"repaid.{terms.index}")
    ends = least(converted, repaid) if repaid is not ZERO else converted

    def outstanding(month: int) -> Formula:
        now = ledger.sheet.month(month)
        return either(every(now >= ledger.closed(terms), now < ends), rounded(ledger.money(terms, "amount")))

    balance = ledger.add(what, ledger.label(terms, words("outstanding")), outstanding, total="last")
    becomes = ledger.add(
        "converted",
        ledger.label(terms, words("converted into stock")),
        lambda month: either(ledger.sheet.month(month).equals(converted), balance.before(month) + received[month]),
    )
    return balance, becomes


def _note(ledger: Ledger, terms: Terms) -> None:
    """A note bears simple interest by actual days; it converts with it or is paid back with it."""
    words, inputs = ledger.inputs.wording.words, ledger.inputs
    received = _received(ledger, terms, ())
    balance, _ = _convertible(ledger, terms, received, "notes")
    repaid, converted = inputs(f"repaid.{terms.index}"), inputs(f"converted.{terms.index}")
    yearly, amount = ledger.value(terms, "interest_rate"), ledger.money(terms, "amount")

    def accrue(month: int) -> Formula:
        there = balance[month] > 0
        until = rounded(amount * yearly * (_days(ledger, terms, month + 1) / DAYS_PER_YEAR))
        return either(there, ledger.while_running(month, until, accrued.before(month)))

    accrued = ledger.add("accrued", ledger.label(terms, words("interest accrued")), accrue, total="last")
    ledger.add(
        "converted",
        ledger.label(terms, words("interest converted into stock")),
        lambda month: either(ledger.sheet.month(month).equals(converted), accrued.before(month)),
    )

    def pay(month: int) -> Formula:
        grown = 1 + yearly * (_days(ledger, terms, month) / DAYS_PER_YEAR)
        return either(ledger.sheet.month(month).equals(repaid), rounded(amount * grown))

    paid = ledger.add("paid_to_lenders", ledger.label(terms, words("paid back")), pay)
    principal = ledger.add(
        "principal_paid",
        ledger.label(terms, words("of which principal")),
        lambda month: either(paid[month] > 0, balance.before(month)),
    )
    settled = ledger.add(
        "interest_paid",
        ledger.label(terms, words("of which interest")),
        lambda month: whole_cents(paid[month] - principal[month]),
    )

    def cost(month: int) -> Formula:
        converts = ledger.sheet.month(month).equals(converted)
        grown = accrued[month] - accrued.before(month) + settled[month]
        return either(converts, 0, whole_cents(grown))

    ledger.add("interest", ledger.label(terms, words("interest of the month")), cost)


def _days(ledger: Ledger, terms: Terms, month: int) -> Formula:
    """Days from its closing to the first day of a month."""
    inputs, closed = ledger.inputs, int(ledger.inputs.answer.simulation.closed[terms.index, PATH])
    founding = inputs.scenario.founding
    start, end = (serial(month_after(founding, one)) for one in (closed, month))
    text = f"EDATE(founding,{month})-EDATE(founding,{ledger.closed(terms).text})"
    return Formula(f"({text})", float(end - start))


def _promises(ledger: Ledger, terms: Terms) -> None:
    """Money that is owed back to investors: redemption, and what a missed target costs in cash."""
    document, words = terms.financing, ledger.inputs.wording.words
    assert isinstance(document, Preferred)
    arising: list[Line] = []
    if document.redemption_months and document.redemption_owed_by == "company":
        arising.append(
            ledger.add(
                "claims_arisen",
                ledger.label(terms, words("money owed back")),
                lambda month: _redemption(ledger, terms, month),
            )
        )
    if document.target_months and document.target_paid_in == "cash":
        arising.append(
            ledger.add(
                "claims_arisen",
                ledger.label(terms, words("owed for a missed target")),
                lambda month: _missed(ledger, terms, month),
            )
        )
    if not arising:
        return
    earlier = list(ledger.of("claims_paid"))

    def pay(month: int) -> Formula:
        owing = total([owed.before(month), *(line[month] for line in arising)])
        cash = total([ledger.cash["before_claims"][month], *(-line[month] for line in earlier)])
        return ledger.while_running(month, least(owing, most(cash, 0)))

    paid = ledger.add("claims_paid", ledger.label(terms, words("paid back")), pay)
    owed = ledger.add(
        "claims",
        ledger.label(terms, words("still owed")),
        lambda month: whole_cents(total([owed.before(month), *(line[month] for line in arising)]) - paid[month]),
        total="last",
    )


def _redemption(ledger: Ledger, terms: Terms, month: int) -> Formula:
    document = terms.financing
    assert isinstance(document, Preferred)
    years, yearly = _days(ledger, terms, month) / DAYS_PER_YEAR, ledger.value(terms, "redemption_return")
    grown = 1 + yearly * years if document.redemption_interest == "simple" else (1 + yearly) ** years
    due = ledger.sheet.month(month).equals(ledger.inputs(f"repaid.{terms.index}"))
    return either(due, rounded(ledger.money(terms, "amount") * grown))


def _missed(ledger: Ledger, terms: Terms, month: int) -> Formula:
    target = rounded(ledger.money(terms, "target_revenue"))
    reached = ledger.cash["revenue"].over(max(0, month - MONTHS_PER_YEAR), month) if "revenue" in ledger.cash else ZERO
    missing = rounded(ledger.money(terms, "amount") * (1 - most(reached, 0) / most(target, 0.01)))
    due = ledger.sheet.month(month).equals(ledger.inputs(f"judged.{terms.index}"))
    return either(every(due, reached < target), missing)


def _loan(ledger: Ledger, terms: Terms) -> None:
    _fee(ledger, terms, "fees_of_loans", ledger.money(terms, "amount") * ledger.value(terms, "upfront_fee_share"))
    lay_out_loan(ledger, terms, _received(ledger, terms, ()))


KINDS: Mapping[str, Callable[[Ledger, Terms], None]] = {
    "safe": _safe,
    "note": _note,
    "priced_round": _stock,
    "growth_equity": _stock,
    "listing": _stock,
    "follow_on": _stock,
    "grant": _grant,
    "credits": _credits,
    "prepayment": _prepayment,
    "revenue_share": _revenue_share,
    "debt": _loan,
}
