"""What the company of a preset published, beside what its plan simulates."""

import pandas as pd
import streamlit as st

from core.plan.answer import Answer
from core.plan.public_record import Beside, company_of, public_record
from core.plan.scenario import Scenario
from core.plan.values import Currency
from ui import formats
from ui.language import N_, words
from ui.outcome_tables import NONE
from ui.sources import age_text

FIGURES = {
    "revenue": N_("Revenue"),
    "adjusted_net_loss": N_("Adjusted net loss"),
    "net_loss": N_("Net loss"),
    "research_and_development": N_("Research and development"),
    "compute_spending": N_("Spent on compute"),
    "cash": N_("Cash and short-term investments"),
    "employees": N_("Employees"),
    "annualised_revenue": N_("Annualised revenue"),
    "planned_capital_spending": N_("Planned capital spending"),
}
PARTS_OF_A_YEAR = {"H1": N_("first half of {year}"), "9M": N_("first nine months of {year}")}


def show(scenario: Scenario, answer: Answer) -> None:
    """An expander with the published figures, models and their sources; nothing for a plan of nobody."""
    company = company_of(scenario)
    if company is None:
        return
    title = words("What {company} published, beside this plan").format(company=words(company))
    box = st.expander(title, key="public-record", on_change="rerun")
    record = public_record(scenario, answer.simulation) if box.open else None
    if record is None:
        return
    with box:
        _table([_figure_row(one, answer.currency) for one in record.figures], title)
        st.caption(
            words(
                "Published figures in other currencies are converted at this scenario's rates. An empty place in the "
                "plan's column: the plan has no such figure, or looks at other months."
            )
        )
        models = [
            {
                words("Model"): one.model,
                words("Released"): formats.month(one.month),
                words("Total parameters"): formats.quantity(one.total_parameters),
                words("Parameters active"): formats.quantity(one.active_parameters),
                words("Tokens"): formats.quantity(one.tokens) if one.tokens else NONE,
                words("Accelerator-hours"): formats.quantity(one.accelerator_hours) if one.accelerator_hours else NONE,
                words("As of"): age_text(one.source),
                words("Source"): one.source.url,
            }
            for one in record.models
        ]
        _table(models, words("Published models: size, tokens and accelerator-hours"))
        financings = [
            {
                words("Financing"): words(one.event),
                words("Date"): formats.day(one.date),
                words("Amount"): formats.money(one.amount, one.currency),
                words("Pre-money valuation"): formats.money(one.pre_money, one.currency) if one.pre_money else NONE,
                words("Sold"): formats.percent(one.share_sold) if one.share_sold else NONE,
                words("As of"): age_text(one.source),
                words("Source"): one.source.url,
            }
            for one in record.financings
        ]
        _table(financings, words("Published financings: date, amount, valuation and share sold"))


def _figure_row(one: Beside, currency: Currency) -> dict[str, str]:
    def shown(value: float | None) -> str:
        if value is None:
            return NONE
        return formats.decimal(value, 0) if one.figure.currency is None else formats.money(value, currency)

    ratio = one.simulated / one.published if one.simulated is not None and one.published else None
    return {
        words("Figure"): words(FIGURES[one.figure.figure]),
        words("Period"): _period(one.figure.period),
        words("Published"): shown(one.published),
        words("This plan"): shown(one.simulated),
        words("Plan / published"): formats.percent(ratio, 0) if ratio is not None else NONE,
        words("As of"): age_text(one.figure.source),
        words("Source"): one.figure.source.url,
    }


def _period(period: str) -> str:
    year, _, part = period.partition("-")
    if part in PARTS_OF_A_YEAR:
        return words(PARTS_OF_A_YEAR[part]).format(year=year)
    return formats.day(pd.Timestamp(period).date()) if part else year


def _table(rows: list[dict[str, str]], alt: str) -> None:
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        alt=alt,
        column_config={words("Source"): st.column_config.LinkColumn(display_text=words("open"))},
    )
