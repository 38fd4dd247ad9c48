"""What happens when: financings, training runs and years as tables."""

import pandas as pd
import streamlit as st

from core.plan.answer import Answer
from core.plan.financing_outcomes import FinancingOutcome, Gate
from core.plan.values import Currency
from ui import formats
from ui.exchange_words import FIGURES, MARKETS
from ui.language import words

NONE = "–"


def financings_table(answer: Answer) -> None:
    """Each financing: what it brings, what it leaves the founders, and what happens without it."""
    on_time = all(one.closed == one.planned for one in answer.financings)
    rows = [
        {words("Financing"): words(one.name)}
        | ({} if on_time else {words("Planned"): formats.month(one.planned)})
        | {
            words("Closed"): closing_text(one, answer.currency),
            words("Amount"): _stated_amount(one, answer.currency),
            words("Cap or pre-money"): formats.money(one.valuation, answer.currency) if one.valuation else NONE,
            words("By the valuation rule"): formats.money(one.rule_value, answer.currency) if one.closed else NONE,
            words("Founders keep"): formats.percent(one.founders_share) if one.founders_share is not None else NONE,
            words("Cash ends without it"): formats.month(one.cash_out_without) if one.cash_out_without else NONE,
            words("Runs that then wait"): words(", ").join(words(name) for name in one.runs_without) or NONE,
        }
        for one in answer.financings
    ]
    _table(rows, words("Financings: amount, valuation, founders' share, and what happens without each"))


def closing_text(one: FinancingOutcome, currency: Currency) -> str:
    """When a financing closed, or why it did not, with the missing figure."""
    if one.closed is not None:
        return formats.month(one.closed)
    if one.gate is None:
        return words("after the horizon") if one.status == "past_horizon" else words("the company had run dry")
    return _gate_text(one.gate, currency)


def _gate_text(gate: Gate, currency: Currency) -> str:
    """Why a financing does not come, with the missing figure."""
    if gate.kind == "revenue":
        text = words("not available: revenue of {reached} a year, {needed} needed")
        reached, needed = (formats.money(amount, currency) for amount in (gate.reached, gate.needed))
        return text.format(reached=reached, needed=needed)
    if gate.kind == "coverage":
        text = words("not available: cash flow {reached} × debt service, {needed} × needed")
        return text.format(reached=formats.decimal(gate.reached), needed=formats.decimal(gate.needed))
    if gate.kind == "exchange":
        return _exchange_text(gate)
    if gate.kind == "listing":
        return words("not available: the company is not listed")
    return words("not available: the company is worth less than what it owes")


def _exchange_text(gate: Gate) -> str:
    """What the exchange's nearest standard still asks for."""

    def shown(number: float) -> str:
        return formats.money(number, gate.unit) if gate.unit else formats.decimal(number, 2)

    text = words("not available: {market} asks for {figure} of {needed}, {reached} reached")
    return text.format(
        market=words(MARKETS[gate.market]),
        figure=words(FIGURES[gate.figure]),
        needed=shown(gate.needed),
        reached=shown(gate.reached),
    )


def runs_table(answer: Answer) -> None:
    """Each training run: when it happens, what it costs, what loss it buys."""
    rows = [
        {
            words("Model"): words(run.name),
            words("Planned"): formats.month(run.planned),
            words("Starts"): formats.month(run.started) if run.started else words("never"),
            words("Ends"): formats.month(run.ended) if run.ended else NONE,
            words("Parameters active"): formats.quantity(run.parameters),
            words("Tokens"): formats.quantity(run.tokens),
            words("Final run"): formats.money(float(run.cost.final_run) * run.size, answer.currency),
            words("All-in"): formats.money(float(run.cost.all_in), answer.currency),
            words("Loss, nats a token"): formats.decimal(run.loss, 3) if run.loss is not None else NONE,
        }
        for run in answer.runs
    ]
    _table(rows, words("Training runs: dates, size, cost and loss"))


def years_table(answer: Answer) -> None:
    """Revenue, costs, cash and the figures investors ask for, year by year."""
    rows = [
        {
            words("Twelve months to"): formats.month(year.last_month),
            words("Revenue"): formats.money(year.revenue, answer.currency),
            words("Costs"): formats.money(year.costs, answer.currency),
            words("of which compute"): formats.money(year.compute, answer.currency),
            words("Cash at the end"): formats.money(year.cash, answer.currency),
            words("Burn multiple"): formats.decimal(year.burn_multiple, 1) if year.burn_multiple is not None else NONE,
            words("Rule of 40"): formats.percent(year.rule_of_40, 0) if year.rule_of_40 is not None else NONE,
            words("Default alive"): words("yes") if year.default_alive else words("no"),
        }
        for year in answer.years
    ]
    _table(rows, words("Year by year: revenue, costs, cash and efficiency"))
    st.caption(
        words(
            "Rule of 40: growth plus margin, once the year before ended with a million US dollars of revenue a month. "
            "Default alive: at the costs and growth of the last three months the cash lasts until the company earns "
            "money; training runs still planned are not counted."
        )
    )


def _stated_amount(one: FinancingOutcome, currency: Currency) -> str:
    """In the financing's own currency, and in the reporting currency where that is another."""
    stated = formats.money(one.own_amount, one.currency)
    if one.currency == currency:
        return stated
    return words("{name} ({note})").format(name=stated, note=formats.money(one.amount, currency))


def _table(rows: list[dict[str, str]], alt: str) -> None:
    if rows:
        first = {next(iter(rows[0])): st.column_config.TextColumn(pinned=True)}
        st.dataframe(pd.DataFrame(rows), hide_index=True, column_config=first, alt=alt)
    else:
        st.caption(words("None planned."))
