"""An offering in Hong Kong: tranches after clawback, cornerstones, size adjustment, what the company and buyers pay."""

from typing import Any

import streamlit as st

from core.capital.deals.hong_kong_offering import CLAWBACK, COSTS_OF_BUYERS, HongKongOffering, HongKongOutcome
from core.charts.exits import clawback_figure, tranches_figure
from core.plan.exits import Missing
from core.plan.planned_deals import planned_hong_kong
from ui import formats
from ui.chart_words import draw_chart
from ui.compute.page_choices import Number
from ui.exit import deal_form, parts
from ui.exit.deal_form import Asked
from ui.exit.plan_context import Plan
from ui.language import N_, words
from ui.units import COUNT, MONEY_MILLION, MONEY_PRICE, PERCENT, TIMES
from ui.user_text import shown_name

MAIN = (
    Asked("offer_price", Number(N_("Offer price"), MONEY_PRICE, 0.0, 1e9)),
    Asked("offer_shares", Number(N_("Shares on offer"), COUNT, 1, 10**12)),
    Asked("over_subscription", Number(N_("Public tranche subscribed"), TIMES, 0.0, 1e6)),
    Asked("closing_price", Number(N_("First close"), MONEY_PRICE, 0.0, 1e9, N_("0: not known yet.")), blank=True),
)
MORE = (
    Asked(
        "offer_size_adjustment_shares",
        Number(N_("Offer size adjustment"), COUNT, 0, 10**12, N_("Up to 15% more shares, divided like the rest.")),
    ),
    Asked("over_allotment_shares", Number(N_("Over-allotment option (greenshoe)"), COUNT, 0, 10**12)),
    Asked("over_allotment_exercised_share", Number(N_("Exercised, of the option"), PERCENT, 0.0, 1.0)),
    Asked("commission_rate", Number(N_("Commission"), PERCENT, 0.0, 0.5)),
    Asked("listing_expenses", Number(N_("Listing expenses"), MONEY_MILLION, 0.0, 1e12)),
    Asked("shares_after", Number(N_("Shares after the offering"), COUNT, 0, 10**13, N_("0: not known.")), blank=True),
    Asked("board_lot", Number(N_("Shares a board lot"), COUNT, 1, 10**6)),
)
SHARED = Asked("public_share", Number(N_("Public tranche, fixed"), PERCENT, 0.1, 0.6))
MECHANISMS = {
    "specialist_technology": N_("Chapter 18C: 5, 10, 20%"),
    "mechanism_a": N_("Mechanism A: 5, 15, 25, 35%"),
    "mechanism_b": N_("Mechanism B: fixed"),
}
FILES = ("zhipu_2026_hong_kong_offering", "minimax_2026_hong_kong_offering")


def show(plan: Plan) -> None:
    """The plan's offering in Hong Kong dollars at the scenario's rates, or a published one."""
    offering = plan.offering
    planned: Any = None
    if plan.end is not None:
        planned = offering if isinstance(offering, Missing) else planned_hong_kong(plan.scenario, offering)
    begun = deal_form.start("hong-kong", planned, "HKD", FILES)
    if begun is None:
        return
    answer = st.container()
    chart, controls = st.columns([2, 1], gap="large")
    fixed = deal_form.choice(begun, "allocation") == "mechanism_b"
    with controls:
        allocation = deal_form.ask_choice(begun, "allocation", N_("How the public tranche is set"), MECHANISMS)
        deal_form.ask(begun, MAIN)
    more: dict[str, Any] = {"allocation": allocation, "public_share": None}
    asked: tuple[Asked, ...] = (*MAIN, *MORE)
    if fixed:
        more = {"allocation": allocation}
        if begun.terms.public_share is None:
            more["public_share"] = deal_form.exact(0.1)
        asked = (*asked, SHARED)
    with st.expander(words("All terms of the offering in Hong Kong")), st.grid(4, min_column_width=180):
        deal_form.ask(begun, (*MORE, *_cornerstones(begun.terms)))
    found = deal_form.outcome_of(begun, (*asked, *_cornerstones(begun.terms)), more)
    if found is None:
        return
    terms, outcome = found
    with answer:
        _answer(outcome)
    with chart:
        _charts(begun.key, terms, outcome)
    deal_form.source_line(begun)
    _tables(outcome)


def _cornerstones(terms: HongKongOffering) -> tuple[Asked, ...]:
    """One number for each cornerstone: shares, or the money that buys them."""
    asked = []
    for number, one in enumerate(terms.cornerstones):
        if one.shares is None:
            label = Number(words("{name}: money").format(name=shown_name(one.name)), MONEY_MILLION, 0.0, 1e13)
            asked.append(Asked(f"cornerstones.{number}.amount", label))
        else:
            label = Number(words("{name}: shares").format(name=shown_name(one.name)), COUNT, 1, 10**12)
            asked.append(Asked(f"cornerstones.{number}.shares", label))
    return tuple(asked)


def _answer(outcome: HongKongOutcome) -> None:
    text = words("The company gets **{net}** net; the public gets {public} of the shares, cornerstones {cornerstones}.")
    parts.headline(
        text,
        net=parts.money(outcome.net, "HKD"),
        public=parts.percent(outcome.public),
        cornerstones=parts.percent(outcome.cornerstone),
    )
    parts.metrics(
        {
            words("Gross proceeds"): parts.money(outcome.gross, "HKD"),
            words("Cost of issue"): parts.percent(outcome.cost, 2),
            words("First-day return"): parts.percent(outcome.first_day_return),
            words("Left on the table"): parts.money(outcome.left_on_the_table, "HKD"),
            words("A board lot"): parts.money(outcome.lot_cost, "HKD"),
        },
        {words("A board lot"): words("With brokerage, levies and trading fee, as a buyer pays it.")},
    )
    if outcome.bookbuilding_met is False:
        st.warning(words("Too few shares for book-building: 40% of the offer must go to others than cornerstones."))
    found = outcome.float
    if found is not None and found.public_met is False:
        text = words("Too few shares in public hands: {public}, {needed} needed.")
        st.warning(text.format(public=parts.percent(found.public), needed=parts.percent(found.public_required)))


def _charts(key: str, terms: HongKongOffering, outcome: HongKongOutcome) -> None:
    steps = terms.clawback or CLAWBACK.get(terms.allocation, ())
    draw_chart(
        tranches_figure(outcome, words), key=f"{key}-tranches", alt=words("Shares by tranche, as a stacked bar.")
    )
    if steps:
        draw_chart(
            clawback_figure(steps, terms.over_subscription, words),
            key=f"{key}-clawback",
            alt=words("The public tranche's share by how often it was subscribed."),
        )


def _tables(outcome: HongKongOutcome) -> None:
    tranches, found = outcome.tranches, outcome.float
    figures = {
        words("Shares offered"): parts.count(outcome.shares),
        words("Public tranche, as it opened"): parts.count(tranches.initial_public),
        words("Public tranche, after clawback"): parts.count(tranches.public),
        words("Cornerstones"): parts.count(tranches.cornerstones),
        words("Book-building"): parts.count(tranches.bookbuilding),
        words("Commission"): parts.money(outcome.commission, "HKD"),
        words("Net proceeds"): parts.money(outcome.net, "HKD"),
        words("Net proceeds with the over-allotment"): parts.money(outcome.net_with_over_allotment, "HKD"),
        words("What buyers pay on top"): parts.money(outcome.buyers_costs, "HKD"),
    }
    if found is not None:
        figures[words("Value of all shares")] = parts.money(found.market_cap, "HKD")
        figures[words("In public hands, at least")] = (
            f"{parts.percent(found.public)} / {parts.percent(found.public_required)}"
        )
        figures[words("Free float, at least")] = parts.percent(found.free)
    with st.expander(words("How these figures are reached")):
        parts.lines(words("Figure"), words("Value"), figures, words("The offering in Hong Kong in figures"))
        names = {
            "brokerage": words("brokerage"),
            "sfc_transaction_levy": words("SFC transaction levy"),
            "stock_exchange_trading_fee": words("exchange trading fee"),
            "afrc_transaction_levy": words("AFRC transaction levy"),
        }
        costs = words(", ").join(
            f"{names[name]} {formats.percent(float(rate), 5)}" for name, rate in COSTS_OF_BUYERS.items()
        )
        st.caption(words("Buyers pay on top: {costs}.").format(costs=costs))
        st.caption(
            words(
                "Rules from 4 August 2025 on: HKEX, Consultation Conclusions on Proposals to Optimise IPO Price "
                "Discovery and Open Market Requirements; Main Board Rules, Chapter 18C."
            )
        )
    if outcome.cornerstones:
        with st.expander(words("Cornerstones")):
            rows = [
                {
                    words("Investor"): words(row.name),
                    words("Shares"): parts.count(row.shares),
                    words("Pays"): parts.money(row.amount, "HKD"),
                    words("Of the offer"): parts.percent(row.of_offer),
                    words("Locked up until"): formats.day(row.locked_until)
                    if row.locked_until
                    else words("six months"),
                }
                for row in outcome.cornerstones
            ]
            parts.table(rows, words("Cornerstones: shares, money, lock-up"))
