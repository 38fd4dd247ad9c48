"""Published medians of venture rounds by stage: how much is raised, at what valuation, how long after the last one."""

from dataclasses import dataclass

from core.tables import Source, load_table


@dataclass(frozen=True)
class StageStatistics:
    """Medians of one stage.

    pre_money_usd: of SAFEs the post-money cap less the amount
    dilution: share of the company sold; months_since_previous: among companies that raised again
    ai_premium: by which fraction AI companies' pre-money valuations exceed the others'
    """

    stage: str
    amount_usd: float
    pre_money_usd: float
    dilution: float
    months_since_previous: float | None
    ai_premium: float | None
    source: Source


def stage_statistics() -> tuple[StageStatistics, ...]:
    """All stages, earliest first."""
    return load_table("stage_statistics", StageStatistics)
