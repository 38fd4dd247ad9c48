"""An offering at one price: who gets what, what first-day buyers gained, who owns what, when lock-ups end."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from core.capital.deals.lock_ups import LockUp
from core.capital.deals.offering import Offering, OfferingOutcome
from core.charts.exits import offering_figure, overhang_figure
from ui import formats
from ui.chart_words import draw_chart
from ui.compute.page_choices import Number, ask_number, ask_one, chosen
from ui.exit import deal_form, parts
from ui.exit.deal_form import Asked, Start
from ui.exit.parts import Money
from ui.exit.plan_context import Plan
from ui.language import N_, words
from ui.tables import small_table
from ui.units import COUNT, MONEY_MILLION, MONEY_PRICE, PERCENT, Unit

DAYS = Unit(N_("days"), 1.0, 1.0)
PRICE = Asked("offer_price", Number(N_("Offer price"), MONEY_PRICE, 0.0, 1e9), blank=True)
RANGE = (
    Asked("range_low", Number(N_("Range from"), MONEY_PRICE, 0.0, 1e9), blank=True),
    Asked("range_high", Number(N_("Range to"), MONEY_PRICE, 0.0, 1e9), blank=True),
)
MAIN = (
    Asked("primary_shares", Number(N_("New shares (primary)"), COUNT, 0, 10**12)),
    Asked("secondary_shares", Number(N_("Holders' shares (secondary)"), COUNT, 0, 10**12)),
    Asked("closing_price", Number(N_("First close"), MONEY_PRICE, 0.0, 1e9, N_("0: not known yet.")), blank=True),
    Asked("spread_rate", Number(N_("Spread"), PERCENT, 0.0, 0.5, N_("The underwriters' share of the gross."))),
)
MORE = (
    Asked("expenses", Number(N_("The company's own expenses"), MONEY_MILLION, 0.0, 1e12)),
    Asked(
        "over_allotment_shares",
        Number(
            N_("Over-allotment option (greenshoe)"),
            COUNT,
            0,
            10**12,
            N_("Shares that underwriters may sell on top, 15% by custom, if demand is there."),
        ),
    ),
    Asked("over_allotment_exercised_share", Number(N_("Exercised, of the option"), PERCENT, 0.0, 1.0)),
)
LOCK_UP = Number(
    N_("Lock-up of the founders"),
    DAYS,
    0,
    1000,
    N_("180 days by custom; everybody else's shares come out as entered beside it."),
)
OTHERS = Number(N_("Lock-up of everybody else"), DAYS, 0, 1000)
BOOK, FIXED = "book", "fixed"
METHODS = {BOOK: N_("book-built: price from a range"), FIXED: N_("fixed price")}
FILES = ("square_2015_offering", "coreweave_2025_offering")


def show(plan: Plan) -> None:
    """The offering of the plan at its horizon, or a published one."""
    begun = deal_form.start("offering", None if plan.end is None else plan.offering, plan.currency, FILES)
    if begun is None:
        return
    answer = st.container()
    chart, controls = st.columns([2, 1], gap="large")
    planned = begun.terms is plan.offering
    with controls:
        more = _ask(begun, plan, planned=planned)
    with st.expander(words("All terms of the offering")), st.grid(4, min_column_width=180):
        deal_form.ask(begun, MORE)
        if planned:
            more |= _ask_lock_ups(begun, plan)
    found = deal_form.outcome_of(begun, (PRICE, *RANGE, *MAIN, *MORE), more)
    if found is None:
        return
    terms, outcome = found
    with answer:
        _answer(outcome, begun.currency)
    with chart:
        _charts(begun, terms, outcome)
    if not outcome.company_cost:
        st.caption(words("Without the underwriters' spread and expenses: type them to see what is left."))
    deal_form.source_line(begun)
    _tables(outcome, begun.currency)


def _ask(begun: Start, plan: Plan, *, planned: bool) -> dict[str, Any]:
    """The main inputs; what the choice of a method takes out of the terms."""
    methods = {method: words(name) for method, name in METHODS.items()}
    default = FIXED if begun.terms.range_low is None else BOOK
    method = ask_one(f"{begun.key}-method", words("How the price is found"), methods, default)
    sources = {"spread_rate": plan.spread_source} if planned and plan.spread_source else {}
    deal_form.ask(begun, (PRICE, *(RANGE if method == BOOK else ()), *MAIN), sources)
    return {} if method == BOOK else {"range_low": None, "range_high": None}


def _ask_lock_ups(begun: Start, plan: Plan) -> dict[str, Any]:
    """Lock-ups by who holds, so that they need not all end on one day."""
    names = {holder.name for holder in plan.scenario.holders if holder.founder}
    default = max((one.days for one in begun.terms.lock_ups), default=0)
    days = {}
    for key, number, tip in (("founders", LOCK_UP, True), ("others", OTHERS, False)):
        days[tip] = int(chosen(f"{begun.key}-lock-{key}", default))
        ask_number(f"{begun.key}-lock-{key}", number, days[tip])
    kept = [(one.holder, one.shares, days[one.holder in names]) for one in begun.terms.lock_ups]
    return {"lock_ups": tuple(LockUp(holder, shares, until) for holder, shares, until in kept if until)}


def _answer(outcome: OfferingOutcome, currency: Money) -> None:
    proceeds, first = outcome.proceeds, outcome.first_day
    if first is None or first.left_on_the_table == 0:
        text = words("At **{price}** a share the company gets **{net}** after spread and expenses.")
        if not outcome.company_cost:
            text = words("At **{price}** a share the company gets **{net}** before spread and expenses.")
        parts.headline(
            text, price=parts.price(outcome.offer_price, currency), net=parts.money(proceeds.company_net, currency)
        )
    else:
        text = words(
            "At **{price}** a share the company gets **{net}**; the first close leaves **{left}** on the table."
        )
        if first.left_on_the_table < 0:
            text = words("At **{price}** a share the company gets **{net}**; first-day buyers lose **{left}**.")
        parts.headline(
            text,
            price=parts.price(outcome.offer_price, currency),
            net=parts.money(proceeds.company_net, currency),
            left=parts.money(abs(first.left_on_the_table), currency),
        )
    shares = outcome.shares
    figures = {
        words("Gross proceeds"): parts.money(proceeds.gross, currency),
        words("First-day return"): parts.percent(first.first_day_return if first else None),
        words("Market value"): parts.money(shares.market_cap if shares else None, currency),
        words("Free float"): parts.percent(shares.free_float if shares else None),
        words("Cost of issue"): parts.percent(outcome.company_cost or None, 2),
    }
    tips = {
        words("Market value"): words("All shares after the offering at the offer price."),
        words("Free float"): words("Shares sold in the offering, of all shares after it."),
        words("Cost of issue"): words("Spread and expenses, of what the company sells."),
    }
    parts.metrics(figures, tips)


def _charts(begun: Start, terms: Offering, outcome: OfferingOutcome) -> None:
    draw_chart(
        offering_figure(outcome, begun.currency, words),
        key=f"{begun.key}-proceeds",
        alt=words(
            "Gross proceeds by who gets them, and what was left on the table; the tables below have the figures."
        ),
    )
    if outcome.lock_ups:
        draw_chart(
            overhang_figure(outcome.lock_ups, words, terms.lock_up_from),
            key=f"{begun.key}-overhang",
            alt=words("Shares that may be sold over time as a multiple of the float."),
        )


def _tables(outcome: OfferingOutcome, currency: Money) -> None:
    proceeds, first = outcome.proceeds, outcome.first_day
    figures = {
        words("Shares offered"): parts.count(proceeds.shares),
        words("The company, gross"): parts.money(proceeds.company_gross, currency),
        words("The company, net"): parts.money(proceeds.company_net, currency),
        words("Selling holders, net"): parts.money(proceeds.sellers_net, currency),
        words("Spread: management fee"): parts.money(proceeds.management_fee, currency),
        words("Spread: underwriting fee"): parts.money(proceeds.underwriting_fee, currency),
        words("Spread: selling concession"): parts.money(proceeds.selling_concession, currency),
        words("Expenses"): parts.money(outcome.expenses, currency),
    }
    if first is not None:
        figures |= {
            words("Left on the table"): parts.money(first.left_on_the_table, currency),
            words("of it by the company"): parts.money(first.company_left, currency),
            words("of it by selling holders"): parts.money(first.sellers_left, currency),
            words("New shares that the first close would have made unnecessary"): parts.count(first.over_issued_shares),
        }
    if outcome.proceeds_with_over_allotment is not None:
        with_it = outcome.proceeds_with_over_allotment
        figures[words("The company, net, with the over-allotment")] = parts.money(with_it.company_net, currency)
    if outcome.shares is not None:
        figures[words("Shares before / after")] = (
            f"{parts.count(outcome.shares.before)} / {parts.count(outcome.shares.after)}"
        )
        figures[words("Old holders after it")] = parts.percent(outcome.shares.old_holders)
        figures[words("Value before the new money")] = parts.money(outcome.shares.pre_money, currency)
    with st.expander(words("How these figures are reached")):
        parts.lines(words("Figure"), words("Value"), figures, words("The offering in figures"))
        st.caption(
            words(
                "Left on the table is (first close − offer price) × shares offered, without the over-allotment (J. R. "
                "Ritter): money that buyers of the offer gained and the company and its selling holders did not get."
            )
        )
    _range(outcome, currency)
    _releases(outcome, currency)


def _range(outcome: OfferingOutcome, currency: Money) -> None:
    if not outcome.range:
        return
    with st.expander(words("Across the price range")):
        rows: list[Mapping[str, str]] = [
            {
                words("Price"): parts.price(row.price, currency),
                words("Gross proceeds"): parts.money(row.gross, currency),
                words("The company, net"): parts.money(row.company_net, currency),
                words("Market value"): parts.money(row.market_cap, currency),
            }
            for row in outcome.range
        ]
        small_table(rows, words("Proceeds and value at the ends and the middle of the range"))


def _releases(outcome: OfferingOutcome, currency: Money) -> None:
    if not outcome.lock_ups:
        return
    with st.expander(words("When locked shares come out (lock-up)")):
        rows = [
            {
                words("Day"): formats.day(row.date) if row.date else words("day {count}").format(count=row.days),
                words("Shares"): parts.count(row.shares),
                words("Times the float"): parts.times(row.times_float),
                words("Worth, at the first close"): parts.money(row.value, currency),
            }
            for row in outcome.lock_ups
        ]
        small_table(rows, words("Lock-ups: shares that come out, by day"))
