"""Ratchets at an offering: series that are promised a return at the offer price, and what that costs everybody else."""

from typing import Any

import streamlit as st

from core.capital.deals.ipo_ratchet import IpoRatchet, IpoRatchetOutcome, ipo_ratchet_outcome
from core.charts.colours import NEUTRAL, ORANGE
from core.charts.deals import Curve, curves_figure
from core.charts.units import money_scale, titled
from core.plan.planned_deals import planned_ratchet
from ui import formats
from ui.chart_words import draw_chart
from ui.compute.page_choices import Number, ask_number, ask_whether, chosen
from ui.exit import deal_form, parts
from ui.exit.deal_form import Asked, Start
from ui.exit.plan_context import Plan
from ui.language import N_, words
from ui.units import MONEY_MILLION, MONEY_PRICE, PERCENT
from ui.user_text import shown_name

PRE_MONEY = Asked("pre_money", Number(N_("Pre-money of the offering"), MONEY_MILLION, 0.0, 1e13))
PRICE = Asked("offer_price", Number(N_("Offer price"), MONEY_PRICE, 0.0, 1e9))
AMOUNT = Asked("amount", Number(N_("New money, gross"), MONEY_MILLION, 0.0, 1e13), blank=True)
FILES = ("square_2015_ratchet",)
POINTS, FURTHEST, NEAREST, FROM_PROMISED = 80, 2.0, 1.02, 1.5


def show(plan: Plan) -> None:
    """The ratchets of the plan's series, or those of a published offering."""
    planned: Any = None
    if plan.end is not None:
        planned = planned_ratchet(plan.scenario, plan.table, plan.end, plan.listing)
    begun = deal_form.start("ratchet", planned, plan.currency, FILES)
    if begun is None:
        return
    answer = st.container()
    chart, controls = st.columns([2, 1], gap="large")
    asked: tuple[Asked, ...] = (PRE_MONEY if begun.terms.offer_price is None else PRICE,)
    asked += (AMOUNT,) if begun.terms.amount is not None else ()
    with controls:
        deal_form.ask(begun, asked)
        more = _ask_series(begun)
    found = deal_form.outcome_of(begun, asked, more)
    if found is None:
        return
    terms, outcome = found
    with answer:
        _answer(begun, outcome)
    with chart:
        _curve(begun, terms, outcome)
    deal_form.source_line(begun)
    _table(begun, outcome)


def _ask_series(begun: Start) -> dict[str, Any]:
    """Which series are promised what."""
    more: dict[str, Any] = {}
    for number, one in enumerate(begun.terms.series):
        key = f"{begun.key}-series-{number}"
        promised = one.guarantee > 0
        on = ask_whether(
            f"{key}-on", words("{series} has a ratchet").format(series=shown_name(one.name)), default=promised
        )
        place = f"series.{number}.guaranteed_return"
        more[place] = None
        if on:
            rate = float(chosen(f"{key}-return", float(one.guaranteed_return or 0)))
            label = Number(
                words("{series}, guaranteed return").format(series=shown_name(one.name)), PERCENT, -0.99, 10.0
            )
            ask_number(f"{key}-return", label, rate)
            more[place] = deal_form.exact(rate)
    return more


def _answer(begun: Start, outcome: IpoRatchetOutcome) -> None:
    currency = begun.currency
    if outcome.extra_shares:
        text = words(
            "At **{price}** the ratchets take **{shares}** more shares, worth **{penalty}**, from everybody else."
        )
    else:
        text = words("At **{price}** no ratchet is set off: {shares} more shares, {penalty}.")
    parts.headline(
        text,
        price=parts.price(outcome.offer_price, currency),
        shares=parts.count(outcome.extra_shares),
        penalty=parts.money(outcome.penalty, currency),
    )
    parts.metrics(
        {
            words("Price without ratchets"): parts.price(outcome.price_without_ratchets, currency),
            words("No ratchet from a price of"): parts.price(outcome.price_without_trigger, currency),
            words("Common stock, after it"): parts.percent(outcome.others),
            words("without ratchets"): parts.percent(outcome.others_without_ratchets),
        }
    )
    if outcome.consent_needed:
        text = words("Below the qualified offering: {series} convert only if they consent.")
        st.warning(
            text.format(series=words(", ").join(map(shown_name, outcome.consent_needed))), icon=":material/warning:"
        )


def _curve(begun: Start, terms: IpoRatchet, outcome: IpoRatchetOutcome) -> None:
    """Offer price by pre-money with and without ratchets, and the extra shares."""
    promised = float(sum(one.guarantee for one in terms.series))
    here = float(outcome.pre_money)
    low = max(min(FROM_PROMISED * promised, (promised + here) / 2), NEAREST * promised, here / POINTS)
    high = max(FURTHEST * here, 3 * promised)
    values = [low + (high - low) * step / (POINTS - 1) for step in range(POINTS)]
    found = [_at(terms, value) for value in values]
    divisor, unit = money_scale(high, begun.currency, words)
    x = [value / divisor for value in values]
    prices = [
        Curve(words("with ratchets"), x, [float(one.offer_price) for one in found]),
        Curve(words("without"), x, [float(one.price_without_ratchets) for one in found], NEUTRAL),
    ]
    marks = {words("here"): here / divisor}
    x_title = titled(words("pre-money"), unit, words)
    draw_chart(
        curves_figure(
            prices, title=words("Offer price by pre-money"), x_title=x_title, y_title=words(begun.currency), marks=marks
        ),
        key=f"{begun.key}-prices",
        alt=words("Offer price against pre-money, with and without ratchets."),
    )
    extra = [Curve(words("extra shares"), x, [float(one.extra_shares) for one in found], ORANGE)]
    draw_chart(
        curves_figure(
            extra, title=words("Extra shares by pre-money"), x_title=x_title, y_title=words("shares"), marks=marks
        ),
        key=f"{begun.key}-extra",
        alt=words("Shares that ratchets add, against pre-money."),
    )
    if promised >= here:
        text = words("Below a pre-money of {promised} no price exists: the guarantees promise more than there is.")
        st.caption(text.format(promised=formats.in_markdown(parts.money(promised, begun.currency))))


def _at(terms: IpoRatchet, pre_money: float) -> IpoRatchetOutcome:
    changed = {"offer_price": None, "pre_money": deal_form.exact(pre_money)}
    at: IpoRatchetOutcome = ipo_ratchet_outcome(deal_form.with_values(terms, changed))
    return at


def _table(begun: Start, outcome: IpoRatchetOutcome) -> None:
    rows = [
        {
            words("Series"): words(row.name),
            words("Invested"): parts.money(row.invested, begun.currency),
            words("Promised"): parts.money(row.guarantee, begun.currency) if row.guarantee else parts.NONE,
            words("Shares without"): parts.count(row.shares_without),
            words("Extra shares"): parts.count(row.extra_shares),
            words("Worth at the offer price"): parts.money(row.value, begun.currency),
            words("Multiple"): parts.times(row.multiple),
        }
        for row in outcome.series
    ]
    parts.table(rows, words("Series at the offering: promised, extra shares, worth"))
