"""`data/reference_figures.csv`, `data/stage_statistics.csv`: plans start from these, so all are sourced and sane."""

import csv
import re
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path

import pytest

DATA = Path(__file__).resolve().parent.parent / "data"
SOURCE = ["source", "url", "as_of", "confidence"]
BANNED = ("brick-house.org", "fate-oracle.com")  # made-up figures
STAGES = ["seed-safe", "seed-priced", "series-a", "series-b", "series-c", "series-d"]
UNKNOWN_GAPS = {"seed-safe", "seed-priced", "series-d"}  # nobody publishes the months since the previous stage

# Bounds of each unit: a figure outside was entered in another unit (per cent, cents, thousands).
UNITS = {
    "share": (0, 1),
    "ratio": (1, 20),
    "multiple": (1, 60),
    "months": (1, 60),
    "usd_per_year": (20_000, 5_000_000),
    "usd_per_kwh": (0.02, 0.5),
    "kg_per_kwh": (0, 1.1),  # above coal
    "usd_per_million_tokens": (0, 50),
    "usd": (-1, 1e9),  # a gate may be none
    "return": (-1, 3),
    "share_per_year": (0, 1),
    "usd_per_eur": (0.9, 1.4),
    "usd_per_cny": (1 / 8, 1 / 6),  # six to eight yuan a dollar
    "usd_per_hkd": (1 / 7.85, 1 / 7.75),  # the peg's band
}


def read(name: str) -> list[dict[str, str]]:
    with (DATA / f"{name}.csv").open(newline="", encoding="utf-8") as handle:
        return list(csv.DictReader(handle))


FIGURES = {row["name"]: row for row in read("reference_figures")}
MEDIANS = {row["stage"]: row for row in read("stage_statistics")}


def test_columns() -> None:
    assert list(read("reference_figures")[0]) == ["name", "value", "low", "high", "unit", *SOURCE]
    own = ["stage", "amount_usd", "pre_money_usd", "dilution", "months_since_previous", "ai_premium"]
    assert list(read("stage_statistics")[0]) == own + SOURCE


def test_names_are_unique_and_snake_case() -> None:
    assert len(FIGURES) == len(read("reference_figures")) >= 20
    assert all(re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", name) for name in FIGURES)


@pytest.mark.parametrize("row", [*FIGURES.values(), *MEDIANS.values()], ids=lambda row: row.get("name") or row["stage"])
def test_every_row_is_sourced(row: dict[str, str]) -> None:
    assert all(cell == cell.strip() for cell in row.values())
    assert all(cell for column, cell in row.items() if column not in {"low", "high", "months_since_previous"})
    assert row["url"].startswith("https://")
    assert not any(site in row["url"] + row["source"] for site in BANNED)
    assert date(2000, 1, 1) <= date.fromisoformat(row["as_of"]) <= datetime.now(UTC).date()
    assert row["confidence"] in {"high", "medium", "low"}


@pytest.mark.parametrize("row", FIGURES.values(), ids=FIGURES.keys())
def test_figures_lie_in_their_interval_and_unit(row: dict[str, str]) -> None:
    figures = [float(row[column]) for column in ("low", "value", "high") if row[column]]
    assert figures == sorted(figures)
    lowest, highest = UNITS[row["unit"]]
    assert all(lowest < figure <= highest for figure in figures)


def test_one_class_of_models_costs_less_to_serve_than_it_sells_for() -> None:
    """Cost and price of a class are used together; a default plan that loses money on every token is a wrong unit."""
    for size in ("7b", "30b", "deepseek_v3"):
        cost, price = (FIGURES[f"{kind}_usd_per_million_tokens_{size}"]["value"] for kind in ("serving", "price"))
        assert float(cost) < float(price)


def test_stages_come_in_order_with_growing_figures() -> None:
    assert list(MEDIANS) == STAGES
    assert len(read("stage_statistics")) == len(STAGES)
    for column in ("amount_usd", "pre_money_usd"):
        figures = [float(row[column]) for row in MEDIANS.values()]
        assert all(earlier < later for earlier, later in pairwise(figures))


@pytest.mark.parametrize("row", MEDIANS.values(), ids=MEDIANS.keys())
def test_dilution_fits_amount_and_valuation(row: dict[str, str]) -> None:
    """Medians of different columns need not divide exactly, but six points off is a pre-money that was a post-money."""
    amount, pre_money = float(row["amount_usd"]), float(row["pre_money_usd"])
    assert abs(float(row["dilution"]) - amount / (pre_money + amount)) < 0.06


@pytest.mark.parametrize("row", MEDIANS.values(), ids=MEDIANS.keys())
def test_gaps_and_premiums_are_plausible(row: dict[str, str]) -> None:
    assert 0 <= float(row["ai_premium"]) <= 2  # a share of the valuation, not per cent
    if row["stage"] in UNKNOWN_GAPS:
        assert row["months_since_previous"] == ""
    else:
        assert 12 <= float(row["months_since_previous"]) <= 48  # months, not days or years
