"""Published statistics row by row, each with its period, size, age, confidence and source."""

from collections.abc import Sequence
from datetime import date

import pandas as pd
import streamlit as st

from core.capital.stage_cohorts import CohortStatistic, is_stale
from ui import formats
from ui.capital.history_words import STAGES, STATISTICS
from ui.language import N_, words
from ui.outcome_tables import NONE
from ui.sources import CONFIDENCE, age_text

PERCENTILES = {
    "p25": N_("25th percentile"),
    "p50": N_("Median"),
    "p75": N_("75th percentile"),
    "p95": N_("95th percentile"),
    "mean": N_("Mean"),
    "share": N_("Share"),
}


def show(rows: Sequence[CohortStatistic], today: date, key: str, alt: str) -> None:
    """The rows as a table whose sources can be opened."""
    table = [
        {
            words("Stage"): words(STAGES[row.stage]),
            words("Statistic"): words(STATISTICS[row.statistic]),
            words("Which"): words(PERCENTILES[row.percentile]),
            words("Value"): value_text(row),
            words("Period"): row.period,
            words("Rounds or companies"): formats.decimal(row.sample_size, 0) if row.sample_size else NONE,
            words("Older than 180 days"): words("yes") if is_stale(row, today) else words("no"),
            words("As of"): age_text(row.source),
            words("Confidence"): words(CONFIDENCE[row.source.confidence]),
            words("Source"): row.source.url,
            words("Citation"): row.source.citation,
        }
        for row in rows
    ]
    st.dataframe(
        pd.DataFrame(table),
        hide_index=True,
        key=key,
        column_config={words("Source"): st.column_config.LinkColumn(display_text=words("open"))},
        alt=alt,
    )


def value_text(row: CohortStatistic) -> str:
    """A statistic in its unit: dollars, a share, months or times."""
    if row.unit == "usd":
        return formats.money(row.value, "USD")
    if row.unit in ("share", "rate"):
        return formats.percent(row.value)
    return formats.decimal(row.value, 1)
