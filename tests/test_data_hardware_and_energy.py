"""`data/price_history.csv`, `data/grid_carbon.csv`, `data/hardware_costs.csv`: sourced, in their units, plausible."""

import csv
import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

DATA = Path(__file__).resolve().parent.parent / "data"
SOURCE = ["source", "url", "as_of", "confidence"]
BANNED = ("brick-house.org", "fate-oracle.com")  # made-up figures
INTERVALS = {
    "price_history": ("low_usd_per_hour", "usd_per_hour", "high_usd_per_hour"),
    "hardware_costs": ("low", "central", "high"),
    "grid_carbon": ("kg_per_kwh",),
}
OPTIONAL = {"age_months", "low", "high", "low_usd_per_hour", "usd_per_hour", "high_usd_per_hour"}

# Bounds of each kind: a figure outside was entered in another unit.
COSTS = {
    "purchase": ("usd", 5_000, 80_000),  # one accelerator, not a server of eight
    "useful_life": ("years", 1, 8),
    "resale": ("usd", 1_000, 60_000),
    "later_price": ("share", 0, 1),
    "colocation": ("usd_per_kilowatt_month", 50, 500),  # not a square foot, not a year
    "loan_rate": ("share_per_year", 0.02, 0.3),
    "loan_to_value": ("share", 0, 1),
    "commitment_discount": ("share", 0.05, 0.8),
}


def read(name: str) -> list[dict[str, str]]:
    with (DATA / f"{name}.csv").open(newline="", encoding="utf-8") as handle:
        return list(csv.DictReader(handle))


ROWS = [(name, row) for name in INTERVALS for row in read(name)]
ACCELERATORS = {row["id"] for row in read("accelerators")}
GRIDS = {row["place"]: row for row in read("grid_carbon")}


def test_columns() -> None:
    assert list(read("price_history")[0]) == [
        "accelerator",
        "provider",
        "commitment",
        *INTERVALS["price_history"],
        *SOURCE,
    ]
    assert list(read("grid_carbon")[0]) == ["place", "name", "kg_per_kwh", "basis", *SOURCE]
    own = ["kind", "subject", "age_months", "low", "central", "high", "unit"]
    assert list(read("hardware_costs")[0]) == own + SOURCE


@pytest.mark.parametrize(("name", "row"), ROWS, ids=lambda value: value if isinstance(value, str) else "")
def test_every_row_is_sourced_and_its_interval_in_order(name: str, row: dict[str, str]) -> None:
    assert all(cell == cell.strip() for cell in row.values())
    assert all(cell for column, cell in row.items() if column not in OPTIONAL)
    assert row["url"].startswith("https://")
    assert not any(site in row["url"] for site in BANNED)
    assert date(2015, 1, 1) <= date.fromisoformat(row["as_of"]) <= datetime.now(UTC).date()
    assert row["confidence"] in {"high", "medium", "low"}
    figures = [float(row[column]) for column in INTERVALS[name] if row[column]]
    assert figures
    assert figures == sorted(figures)


@pytest.mark.parametrize("row", read("price_history"), ids=lambda row: f"{row['accelerator']}-{row['as_of']}")
def test_past_rents_are_per_accelerator_hour(row: dict[str, str]) -> None:
    assert row["accelerator"] in ACCELERATORS
    assert row["commitment"] in {"on-demand", "spot", "1-year"}
    assert all(0.05 <= float(row[column]) <= 30 for column in INTERVALS["price_history"] if row[column])


@pytest.mark.parametrize("row", read("hardware_costs"), ids=lambda row: f"{row['kind']}-{row['subject']}")
def test_hardware_costs_are_in_their_unit(row: dict[str, str]) -> None:
    unit, lowest, highest = COSTS[row["kind"]]
    assert row["unit"] == unit
    assert all(lowest <= float(row[column]) <= highest for column in INTERVALS["hardware_costs"] if row[column])
    assert bool(row["age_months"]) == (row["kind"] in {"resale", "later_price"})
    assert row["kind"] not in {"purchase", "resale"} or row["subject"] in ACCELERATORS


def test_grids_of_the_big_data_centre_regions_are_there() -> None:
    assert len(GRIDS) == len(read("grid_carbon"))
    assert GRIDS.keys() >= {"us", "us-virginia", "us-texas", "us-ohio", "us-oregon", "us-iowa"}
    assert GRIDS.keys() >= {"fr", "de", "se", "gb", "cn", "sg", "jp"}
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", place) for place in GRIDS)


@pytest.mark.parametrize("row", GRIDS.values(), ids=GRIDS.keys())
def test_grids_are_kilograms_between_hydropower_and_coal(row: dict[str, str]) -> None:
    assert 0.01 <= float(row["kg_per_kwh"]) <= 1.1
    assert row["basis"] == ("stack" if row["place"].startswith("us") else "life-cycle")


@pytest.mark.parametrize(
    "row", [row for row in GRIDS.values() if row["place"].startswith("us-")], ids=lambda r: r["place"]
)
def test_pounds_a_megawatt_hour_were_converted(row: dict[str, str]) -> None:
    """A pound is 0.45359237 kg."""
    pounds = re.search(r"([\d.]+) lb/MWh", row["source"])
    assert pounds is not None
    assert float(row["kg_per_kwh"]) == pytest.approx(float(pounds[1]) * 0.45359237 / 1000, abs=5e-5)
