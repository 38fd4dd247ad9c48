"""Redemption and valuation adjustment: who owes what and when, against the plan's cash in that month."""

import datetime
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from core.capital.deals.redemption import Redemption, RedemptionResult, redemption_outcome
from core.capital.deals.valuation_adjustment import AdjustmentResult, ValuationAdjustment
from core.charts.deals import owed_figure, targets_figure
from core.plan.calendar import month_after
from core.plan.planned_deals import cash_by_month, cash_in, planned_adjustment, planned_redemption
from ui import formats
from ui.chart_words import draw_chart
from ui.compute.page_choices import Number, ask_number, chosen
from ui.exit import deal_form, parts
from ui.exit.deal_form import Asked, Start
from ui.exit.parts import Money
from ui.exit.plan_context import Plan
from ui.language import N_, words
from ui.tables import small_table
from ui.units import MONEY_MILLION, MONTHS, PERCENT
from ui.user_text import shown_name

RETURN = Asked("return_rate", Number(N_("Agreed return a year"), PERCENT, 0.0, 1.0))
INVESTED = Asked("payments.0.amount", Number(N_("Invested"), MONEY_MILLION, 0.01, 1e13))
CAP = Asked(
    "guarantors.0.cap",
    Number(
        N_("Founders owe at most"),
        MONEY_MILLION,
        0.0,
        1e13,
        N_("What the founders promised to pay in person if the company cannot. 0: nothing."),
    ),
)
DELAY = Number(N_("Redemption requested after"), MONTHS, 0, 240)
COMPOUNDING = {"simple": N_("simple"), "compound": N_("compound")}
STATES = {
    "met": N_("the promise was kept: nothing is owed"),
    "not_yet": N_("not due yet"),
    "in_grace": N_("within the grace period"),
    "due": N_("due"),
}
BEARERS = {"company": N_("the company"), "founder": N_("founder"), "founders": N_("founders")}
FORMULAS = {
    "each_year": N_("each year by itself"),
    "sum": N_("all years together"),
    "cumulative": N_("cumulative, as listed companies"),
}
MOST_MONTHS = 121


def show_redemption(plan: Plan) -> None:
    """What an investor may ask back."""
    begun = deal_form.start(
        "redemption", planned_redemption(plan.scenario, plan.answer), plan.currency, ("founder_2025_redemption",)
    )
    if begun is None:
        return
    planned = not begun.source
    answer = st.container()
    chart, controls = st.columns([2, 1], gap="large")
    asked = (INVESTED, RETURN, *((CAP,) if begun.terms.guarantors else ()))
    with controls:
        deal_form.ask(begun, asked)
        more: dict[str, Any] = {
            "compounding": deal_form.ask_choice(begun, "compounding", N_("The return is"), COMPOUNDING),
            "paid_on": _ask_day(begun),
        }
    if planned:
        more["company_cash"] = cash_in(plan.scenario, plan.answer, more["paid_on"])
    found = deal_form.outcome_of(begun, asked, more)
    if found is None:
        return
    terms, outcome = found
    with answer:
        _owed(terms, outcome, begun.currency)
    with chart:
        cash = cash_by_month(plan.scenario, plan.answer) if planned else {}
        start = terms.payments[0].date
        draw_chart(
            owed_figure(
                _price_by_month(terms),
                {day: amount for day, amount in cash.items() if day >= start},
                terms.paid_on,
                begun.currency,
                words,
            ),
            key=f"{begun.key}-owed",
            alt=words("What would be owed by month, against the plan's cash."),
        )
    deal_form.source_line(begun)
    _bearers(outcome, begun.currency)
    st.caption(
        words(
            "In China a company must first have reduced its capital before it may redeem (Supreme People's Court, "
            "Minutes of the Civil and Commercial Trial Work Conference, 2019, no. 5). Not legal advice."
        )
    )


def _ask_day(begun: Start) -> datetime.date:
    """The day on which the money is asked back; the start's own day while the months are as they were."""
    first, last = begun.terms.payments[0].date, begun.terms.paid_on
    own = (last.year - first.year) * 12 + last.month - first.month
    key = f"{begun.key}-delay"
    months = int(chosen(key, own))
    ask_number(key, DELAY, months)
    asked: datetime.date = last if months == own else max(month_after(first, months), first)
    return asked


def _price_by_month(terms: Redemption) -> Mapping[datetime.date, float]:
    """What would be owed in each month up to the day."""
    first = terms.payments[0].date
    days = [month_after(first, month) for month in range(MOST_MONTHS)]
    days = [first, *(day for day in days if first < day < terms.paid_on), terms.paid_on]
    return {day: float(redemption_outcome(replace(terms, paid_on=day)).price) for day in days}


def _owed(terms: Redemption, outcome: RedemptionResult, currency: Money) -> None:
    text = words("On {day} **{price}** is owed; **{uncovered}** of it nobody covers.")
    if not outcome.uncovered:
        text = words("On {day} **{price}** is owed, and it is covered.")
    parts.headline(
        text,
        day=formats.day(terms.paid_on),
        price=parts.money(outcome.price, currency),
        uncovered=parts.money(outcome.uncovered, currency),
    )
    parts.metrics(
        {
            words("Invested"): parts.money(outcome.invested, currency),
            words("Agreed return"): parts.money(outcome.agreed_return, currency),
            words("The company pays"): parts.money(outcome.paid_by_company, currency),
            words("Founders pay"): parts.money(outcome.paid_by_guarantors, currency),
            words("State"): words(STATES[outcome.state]),
        }
    )


def _bearers(outcome: RedemptionResult, currency: Money) -> None:
    rows = [
        {words("Who"): words(BEARERS.get(one.name, one.name)), words("Pays"): parts.money(one.amount, currency)}
        for one in outcome.bearers
    ]
    rows.append({words("Who"): words("nobody"), words("Pays"): parts.money(outcome.uncovered, currency)})
    small_table(rows, words("Who pays the redemption"))


def show_adjustment(plan: Plan) -> None:
    """A bet on figures."""
    files = ("haifu_2012_valuation_adjustment", "yongle_2005_valuation_adjustment")
    begun = deal_form.start("adjustment", planned_adjustment(plan.answer), plan.currency, files)
    if begun is None:
        return
    planned = not begun.source
    answer = st.container()
    chart, controls = st.columns([2, 1], gap="large")
    asked = (*_actual(begun.terms), *_agreed(begun.terms))
    with controls:
        deal_form.ask(begun, _actual(begun.terms))
        more = {}
        if begun.terms.formula is not None:
            more["formula"] = deal_form.ask_choice(begun, "formula", N_("How it is counted"), FORMULAS)
    with st.expander(words("What was agreed")), st.grid(4, min_column_width=180):
        deal_form.ask(begun, _agreed(begun.terms))
    found = deal_form.outcome_of(begun, asked, more)
    if found is None:
        return
    terms, outcome = found
    with answer:
        _adjusted(plan, terms, outcome, begun.currency, planned=planned)
    with chart:
        targets = [(words(one.name), float(one.promised), float(one.actual)) for one in outcome.targets]
        draw_chart(
            targets_figure(targets, begun.currency, words),
            key=f"{begun.key}-targets",
            alt=words("Promised and actual figures by target, side by side."),
        )
    deal_form.source_line(begun)
    if not terms.steps:
        _by_target(outcome, begun.currency)


def _actual(terms: ValuationAdjustment) -> tuple[Asked, ...]:
    """What came of each target."""
    asked = []
    for number, one in enumerate(terms.targets):
        actual = Number(words("{name}: actual").format(name=shown_name(one.name)), MONEY_MILLION, -1e14, 1e14)
        asked.append(Asked(f"targets.{number}.actual", actual))
    return tuple(asked)


def _agreed(terms: ValuationAdjustment) -> tuple[Asked, ...]:
    """The money, the cap, and what was promised of each target."""
    asked = []
    if terms.investment is not None:
        asked.append(Asked("investment", Number(N_("Investment"), MONEY_MILLION, 0.01, 1e13)))
        cap = Number(N_("Compensation at most (0: no limit)"), MONEY_MILLION, 0.0, 1e13)
        asked.append(Asked("cap", cap, blank=True))
    for number, one in enumerate(terms.targets):
        promised = Number(words("{name}: promised").format(name=shown_name(one.name)), MONEY_MILLION, 0.01, 1e14)
        asked.append(Asked(f"targets.{number}.promised", promised))
    return tuple(asked)


def _adjusted(
    plan: Plan, terms: ValuationAdjustment, outcome: AdjustmentResult, currency: Money, *, planned: bool
) -> None:
    if terms.steps:
        moved = outcome.shares_moved
        text = (
            words("**{shares}** shares move to the investor.")
            if moved >= 0
            else words("**{shares}** shares move to the founders.")
        )
        parts.headline(text, shares=parts.count(abs(moved)))
    elif not outcome.compensation:
        parts.headline(
            words("{reached} of what was promised: nothing is owed."), reached=parts.percent(outcome.reached)
        )
    else:
        text = words("{reached} of what was promised: **{amount}** is owed back, {part} of the investment.")
        part = outcome.compensation / (terms.investment or outcome.compensation)
        parts.headline(
            text,
            reached=parts.percent(outcome.reached),
            amount=parts.money(outcome.compensation + outcome.interest, currency),
            part=parts.percent(part),
        )
    figures = {
        words("Reached"): parts.percent(outcome.reached),
        words("By the formula"): parts.money(outcome.by_formula, currency) if not terms.steps else parts.NONE,
        words("In cash"): parts.money(outcome.cash, currency),
        words("Shares moved"): parts.count(outcome.shares_moved),
    }
    if planned:
        years = [year for year in plan.answer.years if year.revenue > 0]
        figures[words("Plan's cash then")] = parts.money(years[-1].cash, currency)
        if float(outcome.cash) > years[-1].cash:
            st.warning(
                words("The plan's cash would not pay it: what is left then is what the founders promised in person.")
            )
    parts.metrics(figures)


def _by_target(outcome: AdjustmentResult, currency: Money) -> None:
    rows = [
        {
            words("Target"): words(one.name),
            words("Promised"): parts.money(one.promised, currency),
            words("Actual"): parts.money(one.actual, currency),
            words("Reached"): parts.percent(one.reached),
            words("Owed back"): parts.money(one.compensation, currency),
        }
        for one in outcome.targets
    ]
    small_table(rows, words("Targets: promised, actual, owed back"))
