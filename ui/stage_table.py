"""Published medians of venture rounds by stage, beside the plan's own prices."""

from collections.abc import Callable

import pandas as pd
import streamlit as st

from core.capital.stage_statistics import stage_statistics
from core.plan.currency import converted
from core.plan.scenario import Scenario
from ui import formats
from ui.language import N_, words
from ui.sources import age_text

STAGES = {
    "seed-safe": N_("Seed, on SAFEs"),
    "seed-priced": N_("Seed, priced"),
    "series-a": N_("Series A"),
    "series-b": N_("Series B"),
    "series-c": N_("Series C"),
    "series-d": N_("Series D"),
}


def show(scenario: Scenario) -> None:
    """One row a stage, amounts in the reporting currency."""

    def money(usd: float) -> str:
        currency = scenario.reporting_currency
        return formats.money(converted(scenario, usd, "USD", currency), currency)

    def optional(value: float | None, form: Callable[[float], str]) -> str:
        return form(value) if value is not None else "–"

    rows = [
        {
            words("Stage"): words(STAGES[one.stage]),
            words("Amount"): money(one.amount_usd),
            words("Pre-money valuation"): money(one.pre_money_usd),
            words("Sold"): formats.percent(one.dilution),
            words("Months since the last"): optional(one.months_since_previous, formats.decimal),
            words("AI premium"): optional(one.ai_premium, lambda share: formats.percent(share, 0)),
            words("As of"): age_text(one.source),
            words("Source"): one.source.url,
        }
        for one in stage_statistics()
    ]
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        column_config={words("Source"): st.column_config.LinkColumn(display_text=words("open"))},
        alt=words("Published medians of venture rounds by stage"),
    )
