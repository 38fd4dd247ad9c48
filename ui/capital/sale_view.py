"""A sale of the company: who gets what at a price, and at which prices that changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import pandas as pd
import streamlit as st

from core.capital.breakpoints import Breakpoint
from core.capital.cap_table_words import happening_names
from core.capital.claims import CarveOut, warrant_name
from core.capital.securities import COMMON, OPTIONS
from core.capital.table import CapTable
from core.capital.waterfall import CARVE_OUT, Payout, SaleTerms
from core.charts.waterfall import waterfall_figure
from core.errors import InputError
from core.plan.sale_scenario import SaleScenario, amounts_along, sale_scenario
from core.plan.scenario import Scenario
from core.plan.values import Currency
from ui import formats
from ui.capital.holdings_view import HOLDER_PIXELS, ROWS_SHOWN, grouped
from ui.chart_words import draw_chart
from ui.compute.page_choices import Number, ask_number, ask_one, chosen
from ui.errors import error_text
from ui.language import N_, sentences, words
from ui.tables import small_table
from ui.units import MONEY_MILLION, PERCENT
from ui.user_text import shown_name

MANAGEMENT = N_("Management carve-out")
PRICE = Number(N_("Sale price"), MONEY_MILLION, 0.0)
DEBT = Number(N_("Debt to repay"), MONEY_MILLION, 0.0)
COSTS = Number(N_("Costs of the sale"), MONEY_MILLION, 0.0, help=N_("Bankers, lawyers, escrow that is never released."))
SHARE_OF_MANAGEMENT = Number(
    N_("Carve-out for management"), PERCENT, 0.0, 0.99, N_("Of what debt and costs leave, ahead of all preferences.")
)
SPLITS = {"class": N_("by class"), "holder": N_("by holder")}


@dataclass(frozen=True)
class SaleDefaults:
    """What a sale is asked with at first; `founders` are the holders whose part the answer names.

    owners: in whose order holders are coloured
    on: the day until which dividends and interest run, None for that of the last event
    forecast: whether the table is one of a plan, whose cents mean nothing
    """

    price: float
    debt: float
    costs: float
    founders: frozenset[str]
    owners: tuple[str, ...]
    on: date | None = None
    forecast: bool = False


def show(key: str, table: CapTable, defaults: SaleDefaults, currency: Currency) -> None:
    """The sale of one table; `key` keeps its choices apart from those of other tables."""
    answer = st.container()
    chart, controls = st.columns([2, 1], gap="large")
    with controls:
        price, debt, costs, share, split = _ask(key, defaults, currency)
    carve_outs = (CarveOut(MANAGEMENT, ((None, exact(share)),)),) if share else ()
    try:
        amounts = exact(price), exact(debt), exact(costs)
        found = sale_scenario(table, *amounts, SaleTerms(on=defaults.on, carve_outs=carve_outs))
    except InputError as error:
        st.error(error_text(error), icon=":material/block:")
        return
    with answer:
        _answer(found.payout, defaults, currency)
    st.subheader(words("Who gets what at this price"))
    _payouts_table(found.payout, table, defaults, currency)
    st.subheader(words("At which prices it changes (breakpoints)"))
    _breakpoints_table(found.breakpoints, defaults, currency)
    _outcomes(found, defaults, currency)
    # Last, for a chart takes the browser longest, and the answer above would wait for it.
    with chart:
        marks = [float(one.exit_value) for one in found.breakpoints]
        owners = [words(name) for name in defaults.owners]
        paid = {words(name): amounts for name, amounts in amounts_along(found.along, split).items()}
        draw_chart(
            waterfall_figure(
                [float(one) for one in found.exits],
                paid,
                marks=marks,
                chosen=price,
                currency=currency,
                words=words,
                owners=owners,
            ),
            key=f"waterfall-{key}",
            alt=words("Payouts stacked against the price of a sale; the tables below have the figures."),
        )


def plan_note(scenario: Scenario) -> str:
    """How a sale of the plan's company is shared, its option pool included."""
    text = words("By the sale {share} of the option pool counts as granted and vested; the rest vanishes.")
    if scenario.valuation.option_pool_vested == 1:
        text = words("By the sale the whole option pool counts as granted and vested.")
    return sentences(
        words(
            "Every preferred series and SAFE takes its preference or converts, whichever pays more, given what the "
            "others do."
        ),
        text.format(share=formats.percent(scenario.valuation.option_pool_vested, 0)),
        words("Before tax; not legal advice."),
    )


def to_edit(amount: float) -> float:
    """A figure of the plan in six digits, as an input shows it whole; the tables tell five."""
    return float(f"{amount:.6g}")


def exact(amount: float) -> Fraction:
    """The decimal number that was typed."""
    return Fraction(repr(float(amount)))


def _ask(key: str, defaults: SaleDefaults, currency: Currency) -> tuple[float, float, float, float, str]:
    asked = (("price", PRICE, defaults.price), ("debt", DEBT, defaults.debt), ("costs", COSTS, defaults.costs))
    amounts = []
    for name, number, default in asked:
        amounts.append(float(chosen(f"sale-{key}-{name}", default)))
        ask_number(f"sale-{key}-{name}", number, amounts[-1], currency=currency)
    share = float(chosen(f"sale-{key}-carve-out", 0.0))
    ask_number(f"sale-{key}-carve-out", SHARE_OF_MANAGEMENT, share)
    labels = {split: words(name) for split, name in SPLITS.items()}
    split = ask_one(f"sale-{key}-split", words("Shown"), labels, "class")
    return amounts[0], amounts[1], amounts[2], share, split


def _answer(payout: Payout, defaults: SaleDefaults, currency: Currency) -> None:
    founders = _of_founders(payout, defaults)
    share = founders / payout.distributed if payout.distributed else Fraction(0)
    text = words("A sale at **{price}** pays the founders **{amount}**, {share} of what debt and costs leave.")
    st.markdown(
        "## "
        + text.format(
            price=formats.in_markdown(formats.money(float(payout.proceeds), currency)),
            amount=formats.in_markdown(formats.money(float(founders), currency)),
            share=formats.percent(float(share), 1),
        )
    )
    with st.grid(4, min_column_width=150):
        left, common = float(payout.distributed), float(payout.common_price)
        st.metric(words("To all holders"), formats.money(left, currency), border=True)
        st.metric(words("A common share"), formats.money(common, currency), border=True)
        st.metric(words("Classes that convert"), formats.decimal(len(payout.converted), 0), border=True)
        st.metric(words("Debt not covered"), formats.money(float(payout.shortfall), currency), border=True)
    if payout.unsettled:
        text = words("No choice is stable here: {names} could gain by switching alone.")
        st.warning(
            text.format(names=words(", ").join(shown_name(name) for name in payout.unsettled)),
            icon=":material/warning:",
        )


def _of_founders(payout: Payout, defaults: SaleDefaults) -> Fraction:
    return sum((amount for holder, amount in payout.by_holder.items() if holder in defaults.founders), Fraction(0))


def _payouts_table(payout: Payout, table: CapTable, defaults: SaleDefaults, currency: Currency) -> None:
    roles = _roles(payout, table)
    rows = [
        {
            words("Holder"): words(one.holder),
            words("Gets"): formats.money_listed(float(one.amount), currency, forecast=defaults.forecast),
            words("Of all"): formats.percent(float(one.amount / payout.distributed)) if payout.distributed else "–",
            words("Security"): words(one.security),
            words("As"): roles.get(one.security, words("money back")),
        }
        for one in grouped(payout.paid, lambda one: one.holder)
        if one.amount
    ]
    if not rows:
        st.caption(words("Nothing is left for anybody at this price."))
        return
    pinned = {words("Holder"): st.column_config.TextColumn(width=HOLDER_PIXELS, pinned=True)}
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        height="content" if len(rows) <= ROWS_SHOWN else "auto",
        column_config=pinned,
        alt=words("Payout by holder and security"),
    )


def _roles(payout: Payout, table: CapTable) -> dict[str, str]:
    """By security, what its holder is paid as; SAFEs and notes that do not convert are missing."""
    return (
        {COMMON: words("common"), OPTIONS: words("common"), CARVE_OUT: words("carve-out")}
        | {warrant_name(number): words("common, less the strike") for number in range(len(table.warrants))}
        | {
            one.name: words("preference") if one.participation == "none" else words("preference and participation")
            for one in table.series
        }
        | {name: words("converted into common") for name in payout.converted}
    )


def _breakpoints_table(found: Sequence[Breakpoint], defaults: SaleDefaults, currency: Currency) -> None:
    if not found:
        st.caption(words("Common alone: every price is shared in the same proportions."))
        return
    rows = [
        {
            words("Line"): formats.decimal(number, 0),
            words("From a price of"): formats.money_listed(float(one.exit_value), currency, forecast=defaults.forecast),
            words("What happens"): _happening(one),
            words("A common share"): formats.money_exact(float(one.common_price), currency, 4),
        }
        for number, one in enumerate(found, 1)
    ]
    small_table(rows, words("Breakpoints: the sale prices at which payouts change"))
    st.caption(words("The numbers stand above the dotted lines of the chart, as far as there is room."))


def _happening(one: Breakpoint) -> str:
    """Such as "Series A: conversion into common"."""
    happening = happening_names(words)[one.happening]
    if not one.securities:
        return happening
    return words("{names}: {happening}").format(names=words(", ").join(map(words, one.securities)), happening=happening)


def _outcomes(found: SaleScenario, defaults: SaleDefaults, currency: Currency) -> None:
    """Other stable choices at this price, which some engines would take."""
    if not found.others.payouts:
        return
    text = words(
        "At this price {count} other outcomes are stable too: once reached, nobody gains by choosing differently "
        "alone. Shown above is the one with the fewest conversions."
    ).format(count=len(found.others.payouts))
    st.subheader(words("How else it could come out"))
    st.info(text if found.others.complete else sentences(text, words("Not all of them could be searched.")))
    rows = [
        {
            words("Outcome"): words("shown above") if number == 0 else formats.decimal(number, 0),
            words("Converted"): words(", ").join(words(name) for name in one.converted) or words("nobody"),
            words("A common share"): formats.money_exact(float(one.common_price), currency, 4),
            words("Founders get"): formats.money_listed(
                float(_of_founders(one, defaults)), currency, 0, forecast=defaults.forecast
            ),
        }
        for number, one in enumerate((found.payout, *found.others.payouts))
    ]
    small_table(rows, words("Other stable outcomes of the sale"))
