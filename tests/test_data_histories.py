"""`data/capital_histories.csv` and `data/stage_cohorts.csv`: sourced, and as broad as a page promises."""

import csv
import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from core.capital.histories import published_companies, published_financings, refused_financings

DATA = Path(__file__).resolve().parent.parent / "data"
BANNED = ("brick-house.org", "fate-oracle.com", "winzhengfund", "gogoai")  # made-up figures
# Whose histories the page names; more may be there.
COMPANIES = {
    "OpenAI",
    "Anthropic",
    "Mistral AI",
    "Cohere",
    "Inflection AI",
    "Character.AI",
    "xAI",
    "MosaicML",
    "Databricks",
    "CoreWeave",
    "Zhipu",
    "MiniMax",
    "Moonshot AI",
    "DeepSeek",
    "Safe Superintelligence",
    "Thinking Machines Lab",
    "Reflection AI",
    "Figma",
    "Cerebras",
    "Square",
    "SpaceX",
}
KINDS = {
    "equity",
    "debt",
    "convertible",
    "listing",
    "placing",
    "tender",
    "merger",
    "licence_and_hire",
    "acquisition",
}


def read(name: str) -> list[dict[str, str]]:
    with (DATA / f"{name}.csv").open(newline="", encoding="utf-8") as handle:
        return list(csv.DictReader(handle))


ROWS = [
    pytest.param(row, id=f"{name}:{line}")
    for name in ("capital_histories", "stage_cohorts")
    for line, row in enumerate(read(name), start=2)
]


@pytest.mark.parametrize("row", ROWS)
def test_every_row_is_sourced(row: dict[str, str]) -> None:
    assert all(cell == cell.strip() for cell in row.values())
    assert row["source"]
    assert re.match(r"https://[^/]+", row["url"])
    assert not any(site in row["url"] + row["source"] for site in BANNED)
    assert date(2000, 1, 1) <= date.fromisoformat(row["as_of"]) <= datetime.now(UTC).date()
    assert row["confidence"] in {"high", "medium", "low"}


def test_the_table_holds_the_companies_and_kinds_of_event() -> None:
    assert set(published_companies()) >= COMPANIES
    assert {row.instrument for row in published_financings()} == KINDS
    assert refused_financings() == ()


def test_disputes_are_told() -> None:
    """Valuations in dispute, part payments and drawn-over-years commitments are marked, not averaged."""
    disputed = {(row.company, row.event) for row in published_financings() if row.disputed}
    assert disputed >= {
        ("OpenAI", "Round of March 2025"),
        ("Anthropic", "Series D"),
        ("xAI", "Series C"),
        ("xAI", "Series E"),
        ("DeepSeek", "First outside round"),
        ("Cerebras", "IPO (Nasdaq)"),
    }
