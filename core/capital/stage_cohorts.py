"""Published statistics of venture rounds and companies, by stage, cohort and whether the companies do AI.

One vendor, US companies, medians of different columns: each row names its source, date and, where given, sample. Times
between rounds are of companies that did raise again, so that they understate the wait of the others.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from core.tables import Source, load_table

Statistic = Literal[
    "post_money",
    "pre_money",
    "amount",
    "dilution",
    "months_to_next_round",
    "graduation_rate_1y",
    "graduation_rate_2y",
    "graduation_rate_4y",
    "survival",
    "closed",
    "acquired",
    "still_live",
    "down_round_share",
    "bridge_share",
    "burn_multiple",
    "runway_months",
    "loss_of_money_share",
    "tenfold_share",
    "target_irr",
    "success_rate",
]
Stage = Literal[
    "pre-seed-safe",
    "seed-safe",
    "seed-priced",
    "series-a",
    "series-b",
    "series-c",
    "series-d",
    "buyout",
    "idea",
    "development",
    "startup",
    "expansion",
    "growth",
    "all",
]
Group = Literal["all", "ai", "non_ai"]
Percentile = Literal["p25", "p50", "p75", "p95", "mean", "share"]

STALE_AFTER_DAYS = 180
HEADLINES: tuple[Percentile, ...] = ("p50", "share", "mean")  # what `statistic` answers with, in this order


@dataclass(frozen=True)
class CohortStatistic:
    """One published number.

    statistic: a valuation of SAFEs is the post-money cap; months_to_next_round: from this stage to the one after it;
        graduation_rate_2y: share of a stage's cohort that raised the next one within two years; survival: share of all
        companies founded in the period that raised this stage; target_irr, success_rate: of investors in this stage
    period: of the rounds or, of cohorts, of the founding: "2024", "2024-Q4", "2022-H1", or years from and to
    ai: companies that do AI, the others, or both together
    percentile: "share" for a share of companies or rounds, "mean" for an average
    unit: "usd", "share" (of one), "months", "multiple", "rate" (a year)
    sample_size: rounds or companies of the whole study, where published
    """

    statistic: Statistic
    stage: Stage
    period: str
    ai: Group
    percentile: Percentile
    value: float
    unit: Literal["usd", "share", "months", "multiple", "rate"]
    sample_size: int | None
    source: Source


def stage_cohorts() -> tuple[CohortStatistic, ...]:
    """Every row of the table, in file order."""
    return load_table("stage_cohorts", CohortStatistic)


def statistic(
    name: Statistic, stage: Stage, ai: Group = "all", cohort: str | None = None, on: date | None = None
) -> CohortStatistic | None:
    """The median, else the share, else the mean that was the most recent on a day; None where none was published.

    cohort: its `period`; None for any. on: rows dated later are left out; None leaves none out. AI companies are never
    stood in for by all companies, nor the reverse.
    """
    found = [
        row
        for row in stage_cohorts()
        if (row.statistic, row.stage, row.ai) == (name, stage, ai)
        and row.percentile in HEADLINES
        and (cohort is None or row.period == cohort)
        and (on is None or row.source.as_of <= on)
    ]
    return max(found, key=_recency, default=None)


def spread(row: CohortStatistic) -> dict[Percentile, float]:
    """All percentiles that the same source gives of the same statistic and cohort."""
    same = (row.statistic, row.stage, row.period, row.ai, row.source.url)
    return {
        one.percentile: one.value
        for one in stage_cohorts()
        if (one.statistic, one.stage, one.period, one.ai, one.source.url) == same
    }


def periods(name: Statistic, stage: Stage, ai: Group = "all") -> tuple[str, ...]:
    """The cohorts that `statistic` can be asked for, earliest first."""
    rows = stage_cohorts()
    return _sorted(row.period for row in rows if (row.statistic, row.stage, row.ai) == (name, stage, ai))


def is_stale(row: CohortStatistic, today: date) -> bool:
    """Whether the number is older than half a year, and so due to be looked up again."""
    return (today - row.source.as_of).days > STALE_AFTER_DAYS


def _recency(row: CohortStatistic) -> tuple[date, str, int]:
    return (row.source.as_of, row.period, -HEADLINES.index(row.percentile))


def _sorted(found: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(found)))
