"""A loan or a round: the step-up at which both leave founders the same, and what a venture loan costs with warrants."""

from typing import Any

import streamlit as st

from core.capital.deals.debt_or_equity import DebtOrEquity, DebtOrEquityOutcome
from core.capital.deals.venture_debt import VentureDebtOutcome
from core.charts.colours import ORANGE
from core.charts.deals import Curve, curves_figure, loan_figure
from core.plan.planned_deals import planned_choice, planned_venture_debt
from ui import formats
from ui.chart_words import draw_chart
from ui.compute.page_choices import Number
from ui.exit import deal_form, parts
from ui.exit.deal_form import Asked, Start
from ui.exit.parts import Money
from ui.exit.plan_context import Plan
from ui.language import N_, words
from ui.units import COUNT, MONEY_MILLION, MONEY_PRICE, MONTHS, PERCENT

CHOICE = (
    Asked("amount", Number(N_("Needed now"), MONEY_MILLION, 0.01, 1e13)),
    Asked("pre_money", Number(N_("Pre-money today"), MONEY_MILLION, 0.01, 1e14)),
    Asked("effective_cost_rate", Number(N_("The loan costs a year, all in"), PERCENT, 0.0, 3.0)),
    Asked("months_to_later_round", Number(N_("Later round after"), MONTHS, 1, 120)),
)
CHOICE_MORE = (
    Asked("later_money", Number(N_("Raised in the later round either way"), MONEY_MILLION, 0.0, 1e13)),
    Asked("founders_share", Number(N_("Founders' share today"), PERCENT, 0.001, 1.0)),
    Asked("warrant_coverage_share", Number(N_("Warrants"), PERCENT, 0.0, 0.99)),
)
LATER = {
    "debt_taken_off": N_("with the debt taken off its price"),
    "ignores_debt": N_("whatever is owed"),
}
COVERAGE = {"share_of_loan": N_("of the loan"), "share_of_fully_diluted": N_("of all shares")}
LOAN = (
    Asked("amount", Number(N_("Loan"), MONEY_MILLION, 0.01, 1e13)),
    Asked("interest_rate", Number(N_("Interest a year"), PERCENT, 0.0, 1.0)),
    Asked("interest_only_months", Number(N_("Interest only for"), MONTHS, 0, 120)),
    Asked("amortization_months", Number(N_("Repaid over"), MONTHS, 0, 240)),
)
FEES = (
    Asked("upfront_fee_share", Number(N_("Fee at closing, of the loan"), PERCENT, 0.0, 0.5)),
    Asked("upfront_fee", Number(N_("Fee at closing, as a sum"), MONEY_MILLION, 0.0, 1e12)),
    Asked("end_of_term_fee_share", Number(N_("Fee at the end, of the loan"), PERCENT, 0.0, 0.5)),
    Asked("deposit_rate", Number(N_("The balance earns a year"), PERCENT, 0.0, 0.5)),
)
UNITS = {
    "share_of_loan": N_("share of the loan"),
    "share_of_fully_diluted": N_("share of the company"),
    "number_of_shares": N_("number of shares"),
}
WARRANTS = (
    Asked("warrants.strike_price", Number(N_("Strike"), MONEY_PRICE, 0.0001, 1e9)),
    Asked("warrants.exit_share_price", Number(N_("A share at the exit"), MONEY_PRICE, 0.0, 1e9)),
)
SHARE = Asked("warrants.coverage_share", Number(N_("Warrants"), PERCENT, 0.0001, 1.0))
NUMBER = Asked("warrants.shares", Number(N_("Warrants"), COUNT, 1, 10**10))
POINTS, FURTHEST = 60, 3.0


def show_choice(plan: Plan) -> None:
    """Debt now and a round later, or a round now."""
    begun = deal_form.start("choice", planned_choice(plan.answer), plan.currency, ())
    if begun is None:
        return
    answer = st.container()
    chart, controls = st.columns([2, 1], gap="large")
    with controls:
        deal_form.ask(begun, CHOICE)
    with st.expander(words("All terms of the loan and the later round")), st.grid(4, min_column_width=180):
        deal_form.ask(begun, CHOICE_MORE)
        more: dict[str, Any] = {
            "later_pre_money": deal_form.ask_choice(begun, "later_pre_money", N_("The later investor pays"), LATER),
            "warrant_unit": deal_form.ask_choice(begun, "warrant_unit", N_("Warrants are"), COVERAGE),
        }
    if not deal_form.choice(begun, "warrant_coverage_share"):
        more["warrant_unit"] = None
    found = deal_form.outcome_of(begun, (*CHOICE, *CHOICE_MORE), more)
    if found is None:
        return
    terms, outcome = found
    with answer:
        _choice_answer(outcome, begun.currency)
    with chart:
        _choice_chart(begun, terms, outcome)


def _choice_answer(outcome: DebtOrEquityOutcome, currency: Money) -> None:
    even = outcome.break_even_step_up_on_post_money
    if even is None:
        parts.headline(
            words("The warrants alone cost more than the round would: no later value makes up for the loan.")
        )
    else:
        text = words("A loan leaves the founders more once the later pre-money is **{times}** today's post-money.")
        parts.headline(text, times=parts.times(even))
    parts.metrics(
        {
            words("Even at"): parts.money(outcome.break_even_pre_money, currency),
            words("Owed then"): parts.money(outcome.owed_at_later_round, currency),
            words("Owed over lent"): parts.times(outcome.repayment_multiple),
            words("A round sells"): parts.percent(outcome.sold_now),
            words("Warrants take"): parts.percent(outcome.warrant_share, 2),
        },
        {
            words("Even at"): words("The later pre-money at which loan and round leave the founders the same."),
            words("Owed then"): words("To the lender at the later round, which pays it back."),
            words("A round sells"): words("What a round for the same money would sell today."),
        },
    )


def _choice_chart(begun: Start, terms: DebtOrEquity, outcome: DebtOrEquityOutcome) -> None:
    post = terms.pre_money + terms.amount
    even = outcome.break_even_step_up_on_post_money
    last = max(FURTHEST, 1.5 * float(even or 0))
    steps = [last * (number + 1) / POINTS for number in range(POINTS)]
    later = [deal_form.exact(step) * post for step in steps]
    curves = [
        Curve(words("loan now, round later"), steps, [float(terms.founders_with_debt(value)) for value in later]),
        Curve(words("round now"), steps, [float(terms.founders_with_equity(value)) for value in later], ORANGE),
    ]
    draw_chart(
        curves_figure(
            curves,
            title=words("Founders' share after the later round"),
            x_title=words("later pre-money, times today's post-money"),
            y_title=words("share of the company"),
            y_format=".1%",
            marks={words("even"): float(even)} if even is not None else None,
        ),
        key=f"{begun.key}-curve",
        alt=words("Founders' share with debt and with equity, against the value of the later round."),
    )


def show_loan(plan: Plan) -> None:
    """What a venture loan costs a year."""
    files = ("venture_debt", "venture_debt_with_warrants")
    begun = deal_form.start("loan", planned_venture_debt(plan.answer, plan.table, plan.end), plan.currency, files)
    if begun is None:
        return
    answer = st.container()
    chart, controls = st.columns([2, 1], gap="large")
    asked: tuple[Asked, ...] = (*LOAN, *FEES)
    more: dict[str, Any] = {}
    with controls:
        deal_form.ask(begun, LOAN)
        if begun.terms.warrants is not None:
            shown, more = _ask_warrants(begun)
            asked = (*asked, *shown)
    with st.expander(words("Fees of the loan")), st.grid(4, min_column_width=180):
        deal_form.ask(begun, FEES)
    found = deal_form.outcome_of(begun, asked, more)
    if found is None:
        return
    outcome: VentureDebtOutcome = found[1]
    with answer:
        _loan_answer(outcome, begun.currency)
    with chart:
        rows = outcome.schedule
        paid = {
            words("interest"): [float(row.interest) for row in rows],
            words("repaid"): [float(row.principal) for row in rows],
            words("fees"): [float(row.fee) for row in rows],
        }
        draw_chart(
            loan_figure([float(row.owed) for row in rows], paid, begun.currency, words),
            key=f"{begun.key}-months",
            alt=words("What is owed and paid in each month of the loan."),
        )
    deal_form.source_line(begun)


def _ask_warrants(begun: Start) -> tuple[tuple[Asked, ...], dict[str, Any]]:
    """The warrants by the unit that is chosen: 10 % of a loan and 10 % of a company are not the same."""
    unit = deal_form.ask_choice(begun, "warrants.unit", N_("Warrants are quoted as a"), UNITS)
    size = NUMBER if unit == "number_of_shares" else SHARE
    shown = (size, *WARRANTS)
    deal_form.ask(begun, shown)
    more: dict[str, Any] = {"warrants.unit": unit}
    if unit == "number_of_shares":
        more |= {"warrants.coverage_share": None}
        if deal_form.choice(begun, NUMBER.place) is None:
            more[NUMBER.place] = 1
    else:
        more["warrants.shares"] = None
    return shown, more


def _loan_answer(outcome: VentureDebtOutcome, currency: Money) -> None:
    cost, with_warrants = outcome.effective_cost, outcome.effective_cost_with_warrants
    if with_warrants is None:
        text = words("The loan costs **{cost}** a year, fees included.")
    else:
        text = words("The loan costs **{cost}** a year, fees included; with its warrants **{all}**.")
    told = {"cost": formats.percent(cost) if cost is not None else parts.NONE}
    told["all"] = formats.percent(with_warrants) if with_warrants is not None else parts.NONE
    parts.headline(text, **told)
    warrants = outcome.warrants
    parts.metrics(
        {
            words("Paid out"): parts.money(outcome.net_proceeds, currency),
            words("Interest and fees"): parts.money(outcome.total_cost, currency),
            words("Paid a month"): parts.money(outcome.level_payment, currency),
            words("Warrants worth"): parts.money(warrants.value_at_exit if warrants else None, currency),
            words("Dilution"): parts.percent(warrants.treasury_method_dilution if warrants else None, 2),
        },
        {
            words("Paid a month"): words("Level payment of interest and principal; none where the principal is level."),
            words("Warrants worth"): words("At the price of a share at the exit, less the strike."),
            words("Dilution"): words("By the treasury-stock method: the exercise money buys shares back."),
        },
    )
