"""All ways out of the plan's company beside each other: what founders and investors get, and what is missing."""

import streamlit as st

from core.charts.exits import ExitBar, exits_figure
from core.errors import InputError
from core.plan.exits import ExitRow, exits
from core.plan.values import Currency
from ui import formats
from ui.chart_words import draw_chart
from ui.exit import deal_form, parts
from ui.exit.exit_words import EXITS, missing_text
from ui.exit.plan_context import FUND, FUND_MORE, LICENCE, LISTING, LISTING_MORE, Plan
from ui.language import words

NONE = "–"


def show(plan: Plan) -> None:
    """The comparison; a company that runs dry has no exit."""
    answer = st.container()
    if plan.end is None:
        answer.markdown("## " + words("The plan runs dry before its horizon: there is nothing to sell or to list."))
        return
    chart, controls = st.columns([2, 1], gap="large")
    with controls:
        deal_form.ask(plan.start, (FUND[0], FUND[1], LISTING[0], LISTING[2], *LICENCE[:2]))
    with st.expander(words("All terms: fund, offering, licence")), st.grid(4, min_column_width=180):
        deal_form.ask(plan.start, (*FUND[2:], *FUND_MORE, LISTING[1], *LISTING_MORE, *LICENCE[2:]))
    try:
        found = exits(plan.scenario, plan.answer, plan.exit_terms)
    except InputError as error:
        deal_form.refused(plan.start, error)
        return
    with answer:
        _answer(found.rows, plan)
    with chart:
        bars = [
            ExitBar(_name(row, plan), float(row.founders_now), float(row.founders_later), float(row.founders_outside))
            for row in found.rows
            if not row.missing
        ]
        draw_chart(
            exits_figure(bars, plan.currency, words),
            key="exits",
            alt=words("What the founders get by each way out; the table below has the figures."),
        )
    _table(found.rows, plan)
    st.caption(
        words(
            "All at the horizon, through the same cap table, before tax. A sale and a buyout pay for the cash too, "
            "and their headline includes it; a licence leaves the cash with the company, which passes it on. Locked-up "
            "shares are counted at the first close; nobody knows their price later."
        )
    )
    st.caption(
        words(
            "A fund is assumed to sell at no more than {multiple} × EBITDA, the median of buyouts in 2024 (McKinsey, "
            "Global Private Markets Report 2025, on data of PitchBook and StepStone)."
        ).format(multiple=formats.decimal(11.9, 1))
    )


def _answer(rows: tuple[ExitRow, ...], plan: Plan) -> None:
    currency = plan.currency
    open_ = [row for row in rows if not row.missing]
    best = max(open_, key=lambda row: row.founders_total)
    text = words("Of {count} ways out **{exit}** leaves the founders most: **{amount}** of {headline}.")
    if best.founders_later:
        text = words("Of {count} ways out **{exit}** leaves the founders most: **{amount}**, locked up at first.")
    st.markdown(
        "## "
        + text.format(
            count=len(open_),
            exit=_name(best, plan),
            amount=formats.in_markdown(formats.money(float(best.founders_total), currency)),
            headline=formats.in_markdown(formats.money(float(best.headline or 0), currency)),
        )
    )
    for row in rows:
        if row.missing:
            reasons = words("; ").join(missing_text(one) for one in row.missing)
            text = words("{exit}: not available. {missing}.").format(exit=words(EXITS[row.kind]), missing=reasons)
            st.warning(formats.in_markdown(text), icon=":material/lock:")


def _table(rows: tuple[ExitRow, ...], plan: Plan) -> None:
    currency = plan.currency
    cells = [
        {
            words("Way out"): _name(row, plan),
            words("Headline price"): _money(row.headline, currency),
            words("Founders now"): _money(None if row.missing else row.founders_now, currency),
            words("Founders later"): _later(row, currency),
            words("Outside the cap table"): _money(None if row.missing else row.founders_outside, currency),
            words("Investors' multiple"): NONE
            if row.investors_multiple is None
            else formats.decimal(float(row.investors_multiple)) + " ×",
            words("Missing"): words("; ").join(missing_text(one) for one in row.missing) or NONE,
        }
        for row in rows
    ]
    parts.table(
        cells, words("Ways out: headline price, when the founders get how much, investors' multiple, what is missing")
    )


def _name(row: ExitRow, plan: Plan) -> str:
    """A listed company is not sold: its shares are worth their price."""
    listed = plan.end is not None and plan.end.listed and row.kind == "sale"
    return words("Shares at their market price") if listed else words(EXITS[row.kind])


def _later(row: ExitRow, currency: Currency) -> str:
    if row.missing:
        return NONE
    text = formats.money(float(row.founders_later), currency)
    note = formats.month(row.later_on) if row.later_on else ""
    return words("{name} ({note})").format(name=text, note=note) if note else text


def _money(amount: object, currency: Currency) -> str:
    return NONE if amount is None else formats.money(float(amount), currency)  # type: ignore[arg-type]
