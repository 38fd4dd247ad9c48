"""Published statistics of venture rounds by stage, cohort and whether companies do AI; which defaults are theirs."""

from collections.abc import Sequence
from datetime import date

import pandas as pd
import streamlit as st

from core.capital.stage_cohorts import (
    CohortStatistic,
    Group,
    Stage,
    Statistic,
    is_stale,
    periods,
    spread,
    stage_cohorts,
    statistic,
)
from core.charts.histories import Spread, spread_figure
from core.charts.units import HOVER
from core.plan.fields import field_value
from core.plan.provenance import STAGE_FIELDS, source_of
from core.plan.scenario import Scenario
from ui.capital import statistic_table
from ui.capital.history_words import GROUPS, STAGES, STATISTICS
from ui.chart_words import draw_chart
from ui.compute.page_choices import ask_one, choose, chosen
from ui.inputs import field_name, shown_value
from ui.language import words
from ui.outcome_tables import NONE
from ui.sources import CONFIDENCE, age_text

ROUNDS: tuple[Stage, ...] = (
    "pre-seed-safe",
    "seed-safe",
    "seed-priced",
    "series-a",
    "series-b",
    "series-c",
    "series-d",
)
COLUMNS: tuple[Statistic, ...] = (
    "amount",
    "pre_money",
    "post_money",
    "dilution",
    "months_to_next_round",
    "graduation_rate_2y",
)
FIRST_DRAWN: Statistic = "post_money"
LATEST = ""
STALE_MARK = "*"
CELL_WIDTH = 150  # pixels: an amount in either language and its period
GROUP, PERIOD, DRAWN = "stages-group", "stages-period", "stages-drawn"


def show(scenario: Scenario, today: date) -> None:
    """The choices, a table of stages by statistics, one statistic as a chart of ranges, every row with its source."""
    group, period = _choices()
    rows = [row for row in stage_cohorts() if row.ai == group and period in (LATEST, row.period)]
    cells = {(stage, name): statistic(name, stage, group, period or None) for stage in ROUNDS for name in COLUMNS}
    _matrix(cells, today)
    drawn = [name for name in COLUMNS if any(row.statistic == name and row.stage in ROUNDS for row in rows)]
    if drawn:
        first = FIRST_DRAWN if FIRST_DRAWN in drawn else drawn[0]
        name = ask_one(DRAWN, words("Statistic"), {one: words(STATISTICS[one]) for one in drawn}, first)
        _chart([row for row in rows if row.statistic == name and row.stage in ROUNDS], name)
    st.markdown("#### " + words("Which defaults of this plan come from these tables"))
    _defaults(scenario)
    st.markdown("#### " + words("Every published figure of these companies, with its source"))
    statistic_table.show(
        rows, today, "stages-rows", words("Every published figure of these companies, with its source")
    )


def _choices() -> tuple[Group, str]:
    """Which companies, and rounds of which period."""
    names = {group: words(name) for group, name in GROUPS.items()}
    st.session_state[GROUP] = chosen(GROUP, "all")
    left, right = st.columns([2, 1], vertical_alignment="bottom")
    with left:
        picked = st.segmented_control(
            words("Companies"),
            list(names),
            format_func=names.__getitem__,
            key=GROUP,
            required=True,
            on_change=lambda: choose(GROUP, st.session_state[GROUP]),
        )
        group: Group = picked or "all"
    with right:
        found = sorted(
            {one for stage in ROUNDS for name in COLUMNS for one in periods(name, stage, group)}, reverse=True
        )
        cohorts = {LATEST: words("the most recent of each")} | {one: one for one in found}
        period = str(
            ask_one(
                PERIOD,
                words("Rounds of"),
                cohorts,
                LATEST,
                words("A quarter, a half-year or a year; of survival and graduation, when the companies began."),
            )
        )
    return group, period


def _matrix(cells: dict[tuple[Stage, Statistic], CohortStatistic | None], today: date) -> None:
    shown = [stage for stage in ROUNDS if any(cells[stage, name] for name in COLUMNS)]
    if not shown:
        st.info(words("No median of a round is published for these companies and this period."))
        return
    rows = [
        {words("Stage"): words(STAGES[stage])}
        | {words(STATISTICS[name]): _with_period(cells[stage, name], today) for name in COLUMNS}
        for stage in shown
    ]
    width = st.column_config.TextColumn(width=CELL_WIDTH)
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        height="content",
        column_config={words(STATISTICS[name]): width for name in COLUMNS},
        alt=words("Medians of venture rounds by stage and statistic"),
    )
    st.caption(
        words(
            "{mark} older than 180 days. Customers of one vendor in the US; each figure is a median of its own, so "
            "that amount over valuation is not the share sold. Months are of companies that did raise again."
        ).format(mark=r"\*")
    )


def _with_period(row: CohortStatistic | None, today: date) -> str:
    if row is None:
        return NONE
    text = words("{name} ({note})").format(name=statistic_table.value_text(row), note=row.period)
    return text + (STALE_MARK if is_stale(row, today) else "")


def _chart(found: Sequence[CohortStatistic], name: Statistic) -> None:
    cohorts = sorted({(ROUNDS.index(row.stage), row.period) for row in found})
    unit = found[0].unit
    units = {"usd": words("USD"), "months": words("months")}
    figure = spread_figure(
        [_spread([row for row in found if (row.stage, row.period) == (ROUNDS[at], when)]) for at, when in cohorts],
        words(STATISTICS[name]),
        units.get(unit, ""),
        words,
        tick_format=".0%" if unit == "share" else HOVER,
        currency="USD" if unit == "usd" else "",
    )
    draw_chart(figure, key="stages", alt=words("Percentiles of one statistic by stage and period"))


def _spread(rows: Sequence[CohortStatistic]) -> Spread:
    """All percentiles of one stage and period; of several sources, the one with the most."""
    fullest = max((spread(row) for row in rows), key=len)
    middle = next((fullest[one] for one in ("p50", "share", "mean") if one in fullest), None)
    known = [fullest.get("p25"), middle, fullest.get("p75"), fullest.get("p95")]
    return Spread(words(STAGES[rows[0].stage]), rows[0].period, *known)


def _defaults(scenario: Scenario) -> None:
    """Fields of the plan's financings whose number stands in the tables today, and those whose does not."""
    paths = [
        f"strategies.{at}.financings.{which}.{field}"
        for at, strategy in enumerate(scenario.strategies)
        for which, financing in enumerate(strategy.financings)
        for field in STAGE_FIELDS
        if getattr(financing, field, None)
    ]
    known = {path: source_of(scenario, path) for path in paths}
    # The strategies of a plan share financings: each is named once.
    rows = {
        (field_name(path), shown_value(path, field_value(scenario, path))): source
        for path, source in known.items()
        if source is not None
    }
    if rows:
        table = [
            {
                words("Field"): name,
                words("Value"): value,
                words("As of"): age_text(source),
                words("Confidence"): words(CONFIDENCE[source.confidence]),
                words("Source"): source.url,
                words("Citation"): source.citation,
            }
            for (name, value), source in rows.items()
        ]
        st.dataframe(
            pd.DataFrame(table),
            hide_index=True,
            key="stages-defaults",
            column_config={words("Source"): st.column_config.LinkColumn(display_text=words("open"))},
            alt=words("Which defaults of this plan come from these tables"),
        )
    others = {field_name(path) for path, source in known.items() if source is None}
    st.caption(
        words(
            "{count} other amounts, valuations and premiums of this plan's financings are yours, or the preset's."
        ).format(count=len(others))
    )
