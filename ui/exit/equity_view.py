"""Growth equity and the leveraged deal: what a fund puts in and gets, where the gain comes from, what is missing."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import streamlit as st

from core.capital.deals.buyout_terms import BuyoutResult, Gap, LeveragedBuyout
from core.capital.deals.growth_equity import GrowthEquityResult
from core.charts.deals import bridge_figure, debt_figure, sources_uses_figure
from core.plan.planned_deals import planned_buyout, planned_growth_equity
from ui import formats
from ui.chart_words import draw_chart
from ui.compute.page_choices import Number
from ui.exit import deal_form, parts
from ui.exit.deal_form import Asked, Start
from ui.exit.exit_words import FIGURES
from ui.exit.parts import Money
from ui.exit.plan_context import YEARS, Plan
from ui.language import N_, words
from ui.units import MONEY_MILLION, PERCENT, TIMES

GROWTH = (
    Asked("amount", Number(N_("New money"), MONEY_MILLION, 0.0, 1e13)),
    Asked("pre_money", Number(N_("Pre-money"), MONEY_MILLION, 0.0, 1e14)),
    Asked("revenue_growth_rate", Number(N_("Revenue growth a year"), PERCENT, -0.9, 10.0)),
    Asked("exit_multiple", Number(N_("Exit, times revenue"), TIMES, 0.01, 500.0)),
    Asked(
        "guaranteed_return",
        Number(N_("Promised return a year (ratchet)"), PERCENT, 0.0, 2.0, N_("0: no ratchet.")),
        True,
    ),
)
GROWTH_MORE = (
    Asked("revenue", Number(N_("Revenue now"), MONEY_MILLION, 0.0, 1e13)),
    Asked("years", Number(N_("Exit after"), YEARS, 0.5, 20.0)),
    Asked("secondary", Number(N_("Bought from holders"), MONEY_MILLION, 0.0, 1e13)),
    Asked("net_cash", Number(N_("Cash less debt now"), MONEY_MILLION, -1e13, 1e13)),
    Asked("exit_net_cash", Number(N_("Cash less debt at the exit"), MONEY_MILLION, -1e13, 1e13)),
    Asked("later_dilution_share", Number(N_("Later rounds take, of every share"), PERCENT, 0.0, 0.99)),
    Asked("preference_multiple", Number(N_("Preference, times the money"), TIMES, 0.0, 10.0)),
    Asked("most_share", Number(N_("The ratchet may lift the investor to"), PERCENT, 0.0, 0.99), True),
)
GROWTH_CAUSES = {
    "revenue growth": N_("revenue growth"),
    "multiple change": N_("multiple"),
    "growth and multiple together": N_("both together"),
    "net cash": N_("net cash"),
    "debt beyond the company's value": N_("debt beyond value"),
    "later dilution": N_("later dilution"),
    "preference": N_("preference"),
    "ratchet": N_("ratchet"),
}
BUYOUT_CAUSES = {
    "EBITDA growth": N_("EBITDA growth"),
    "multiple change": N_("multiple"),
    "growth and multiple together": N_("both together"),
    "net debt paid down": N_("debt paid down"),
    "fees": N_("fees"),
    "borne by lenders": N_("borne by lenders"),
    "not explained": N_("not explained"),
}
USES = {
    "equity purchase": N_("equity bought"),
    "net debt refinanced": N_("net debt refinanced"),
    "transaction fees": N_("transaction fees"),
    "financing fees": N_("financing fees"),
    "minimum cash": N_("cash on the balance sheet"),
    "rollover": N_("rollover of management"),
    "sponsor equity": N_("fund's equity"),
    "Term loan": N_("term loan"),
    "debt": N_("debt"),
    "bank debt": N_("bank debt"),
    "senior notes": N_("senior notes"),
}
INTEREST = {"opening_balance": N_("opening balance"), "average_balance": N_("average balance")}


def show_growth(plan: Plan) -> None:
    """A minority investment."""
    planned: Any = None if plan.end is None else planned_growth_equity(plan.end)
    begun = deal_form.start("growth", planned, plan.currency, ("growth_equity",))
    if begun is None:
        return
    answer = st.container()
    chart, controls = st.columns([2, 1], gap="large")
    with controls:
        deal_form.ask(begun, GROWTH)
        exits = {"sale": N_("a sale"), "listing": N_("a listing: the preference falls away")}
        more = {"exit_by": deal_form.ask_choice(begun, "exit_by", N_("The exit is"), exits)}
    with st.expander(words("All terms of the investment")), st.grid(4, min_column_width=180):
        deal_form.ask(begun, GROWTH_MORE)
    found = deal_form.outcome_of(begun, (*GROWTH, *GROWTH_MORE), more)
    if found is None:
        return
    outcome: GrowthEquityResult = found[1]
    with answer:
        _growth_answer(outcome, begun.currency)
    with chart:
        causes = {words(GROWTH_CAUSES[name]): float(outcome.value_bridge[name]) for name in GROWTH_CAUSES}
        title = words("Where the investor's gain comes from")
        draw_chart(
            bridge_figure(causes, words("gain"), begun.currency, words, title=title),
            key=f"{begun.key}-bridge",
            alt=words("The investor's gain by cause, as a waterfall."),
        )
    deal_form.source_line(begun)


def _growth_answer(outcome: GrowthEquityResult, currency: Money) -> None:
    text = words("The investor buys **{share}** and makes **{multiple}**, **{rate}** a year.")
    parts.headline(
        text,
        share=parts.percent(outcome.share),
        multiple=parts.times(outcome.multiple),
        rate=formats.percent(outcome.rate_of_return),
    )
    parts.metrics(
        {
            words("Post-money"): parts.money(outcome.post_money, currency),
            words("Paid, times revenue"): parts.times(outcome.entry_multiple),
            words("Company at the exit"): parts.money(outcome.exit_value, currency),
            words("Investor gets"): parts.money(outcome.proceeds, currency),
            words("Everybody else gets"): parts.money(outcome.others_at_exit, currency),
        }
    )
    if outcome.ratchet is not None:
        text = words(
            "The ratchet is set off: {promised} was promised, {without} would have come. It takes {shares} more shares "
            "and lifts the investor to {share}."
        ).format(
            promised=parts.money(outcome.ratchet.promised, currency),
            without=parts.money(outcome.ratchet.without, currency),
            shares=parts.count(outcome.ratchet.shares),
            share=parts.percent(outcome.share_at_exit),
        )
        st.warning(formats.in_markdown(text), icon=":material/warning:")


def show_buyout(plan: Plan) -> None:
    """A purchase with debt; the plan's at the most that the fund of the comparison can pay."""
    planned: Any = None if plan.end is None else planned_buyout(plan.end, plan.fund)
    files = ("joeco_leveraged_buyout", "two_tranches_leveraged_buyout")
    begun = deal_form.start("buyout", planned, plan.currency, files)
    if begun is None:
        return
    asked, folded = _buyout_inputs(begun.terms)
    answer = st.container()
    chart, controls = st.columns([2, 1], gap="large")
    with controls:
        deal_form.ask(begun, asked)
    with st.expander(words("All terms of the purchase and its loans")):
        with st.grid(4, min_column_width=180):
            deal_form.ask(begun, folded)
        more = {"interest_on": deal_form.ask_choice(begun, "interest_on", N_("Interest is on the"), INTEREST)}
    found = deal_form.outcome_of(begun, (*asked, *folded), more)
    if found is None:
        return
    outcome: BuyoutResult = found[1]
    with answer:
        _buyout_answer(outcome, begun.currency)
    with chart:
        _debt_chart(begun, outcome)
    deal_form.source_line(begun)
    _more_charts(begun, outcome)
    _years(outcome, begun.currency)


def _buyout_inputs(terms: LeveragedBuyout) -> tuple[tuple[Asked, ...], tuple[Asked, ...]]:
    """What is asked beside the chart, and what is folded: each loan has its size, interest and repayment."""
    price = Asked("purchase_price", Number(N_("Price (enterprise value)"), MONEY_MILLION, 0.0, 1e14))
    entry = Asked("entry_multiple", Number(N_("Price, times EBITDA"), TIMES, 0.01, 500.0))
    asked = [price if terms.entry_multiple is None else entry]
    asked.append(Asked("exit_multiple", Number(N_("Exit, times EBITDA (0: as bought)"), TIMES, 0.0, 500.0), blank=True))
    case = terms.operations
    if case.ebitda_growth_rate is not None:
        asked.append(Asked("operations.ebitda_growth_rate", Number(N_("EBITDA growth a year"), PERCENT, -0.9, 5.0)))
    folded = [
        Asked("years", Number(N_("Exit after"), YEARS, 1, 15)),
        Asked("tax_rate", Number(N_("Tax rate"), PERCENT, 0.0, 1.0)),
        Asked("minimum_cash", Number(N_("Cash kept"), MONEY_MILLION, 0.0, 1e13)),
        Asked("transaction_fee_rate", Number(N_("Transaction fees, of the price"), PERCENT, 0.0, 0.5)),
        Asked("option_share", Number(N_("Management's options, of the gain"), PERCENT, 0.0, 1.0)),
        Asked("least_cover", Number(N_("Minimum debt service cover (DSCR), 0: none"), TIMES, 0.0, 10.0), blank=True),
    ]
    for number, one in enumerate(terms.tranches):
        name = words(USES.get(one.name, one.name))
        place = f"tranches.{number}"
        size = Number(words("{name}, times EBITDA").format(name=name), TIMES, 0.0, 15.0)
        asked.append(Asked(f"{place}.ebitda_multiple", size))
        rate = Number(words("{name}, interest").format(name=name), PERCENT, 0.0, 1.0)
        swept = Number(words("{name}, share of spare cash it takes (sweep)").format(name=name), PERCENT, 0.0, 1.0)
        due = Number(words("{name}, repaid each year").format(name=name), PERCENT, 0.0, 1.0)
        asked.append(Asked(f"{place}.interest_rate", rate))
        folded += [Asked(f"{place}.sweep_share", swept), Asked(f"{place}.amortization_rate", due)]
    return tuple(asked), tuple(folded)


def _buyout_answer(outcome: BuyoutResult, currency: Money) -> None:
    price = parts.money(outcome.enterprise_value, currency)
    if outcome.available and outcome.rate_of_return is not None:
        text = words("At **{price}** the fund earns **{rate}** a year, **{multiple}** its money.")
        rate = formats.percent(outcome.rate_of_return)
        parts.headline(text, price=price, rate=rate, multiple=parts.times(outcome.multiple))
    else:
        parts.headline(words("At **{price}** the deal is not available."), price=price)
    for gap in outcome.gaps:
        st.warning(formats.in_markdown(_gap(gap, currency)), icon=":material/lock:")
    cover = [year.debt_service_cover for year in outcome.years if year.debt_service_cover is not None]
    parts.metrics(
        {
            words("Price, times EBITDA"): parts.times(outcome.entry_multiple),
            words("Debt, times EBITDA"): parts.times(outcome.debt_multiple),
            words("Equity share"): parts.percent(outcome.equity_share),
            words("Lowest DSCR"): parts.times(min(cover) if cover else None),
            words("Equity at the exit"): parts.money(outcome.exit_equity, currency),
        },
        {
            words("Equity share"): words("Equity, of all sources."),
            words("Lowest DSCR"): words(
                "Cash before debt service over interest and due repayments, in the worst year."
            ),
        },
    )


def _gap(gap: Gap, currency: Money) -> str:
    told = parts.times if gap.figure == "debt_service_cover" else lambda amount: parts.money(amount, currency)
    text = words("Year {year}: {figure} is {found}, {needed} needed, {missing} missing.")
    amounts = {"found": told(gap.found), "needed": told(gap.needed), "missing": told(gap.missing)}
    return text.format(year=gap.year, figure=words(GAP_FIGURES[gap.figure]), **amounts)


GAP_FIGURES: Mapping[str, str] = {**FIGURES, "ebitda": N_("EBITDA")}


def _debt_chart(begun: Start, outcome: BuyoutResult) -> None:
    balances: dict[str, list[float]] = {}
    for row in outcome.tranche_years:
        name = words(USES.get(row.name, row.name))
        balances.setdefault(name, [float(row.opening)] if row.year == 1 else []).append(float(row.closing))
    covers = [_float(year.debt_service_cover) for year in outcome.years]
    draw_chart(
        debt_figure(balances, covers, begun.currency, words),
        key=f"{begun.key}-balances",
        alt=words("Debt by loan at each year's end, and debt service cover as a line."),
    )


def _more_charts(begun: Start, outcome: BuyoutResult) -> None:
    """Sources and uses beside the bridge of the gain."""
    sources, uses = (
        {words(USES.get(name, name)): float(amount) for name, amount in part.items()}
        for part in (outcome.sources, outcome.uses)
    )
    causes = {words(name): float(outcome.value_bridge[cause]) for cause, name in BUYOUT_CAUSES.items()}
    title = words("Where the equity's gain comes from")
    left, right = st.columns(2, gap="large")
    with left:
        draw_chart(
            sources_uses_figure(sources, uses, begun.currency, words),
            key=f"{begun.key}-sources",
            alt=words("Sources and uses of the purchase as two stacked bars."),
        )
    with right:
        draw_chart(
            bridge_figure(causes, words("gain of the equity"), begun.currency, words, title=title),
            key=f"{begun.key}-bridge",
            alt=words("The equity's gain by cause, as a waterfall."),
        )


def _years(outcome: BuyoutResult, currency: Money) -> None:
    with st.expander(words("Year by year")):
        rows = [
            {
                words("Year"): str(year.year),
                words("EBITDA"): parts.money(year.ebitda, currency),
                words("Interest"): parts.money(year.interest, currency),
                words("Tax"): parts.money(year.tax, currency),
                words("Investment"): parts.money(year.capital_expenditure, currency),
                words("Free cash flow"): parts.money(year.free_cash_flow, currency),
                words("Repaid"): parts.money(year.repaid, currency),
                words("Debt"): parts.money(year.debt, currency),
                words("Debt / EBITDA"): parts.times(year.leverage),
                words("DSCR"): parts.times(year.debt_service_cover),
            }
            for year in outcome.years
        ]
        parts.table(rows, words("The buyout year by year"))


def _float(number: Fraction | None) -> float | None:
    return None if number is None else float(number)
