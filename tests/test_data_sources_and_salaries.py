"""`data/data_sources.csv`, `data/salaries.csv`, `data/employer_costs.csv`: sourced, in their units, in order."""

import csv
import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

DATA = Path(__file__).resolve().parent.parent / "data"
SOURCE = ["source", "url", "as_of", "confidence"]
BANNED = ("brick-house.org", "fate-oracle.com")  # made-up figures
MAY_BE_EMPTY = {"low", "high", "tokens_per_unit"}

# Bounds of a unit's price in USD, and of the tokens that one yields: outside, it was entered in another unit.
UNITS = {
    "million_tokens": ((0, 1e5), (1e6, 1e6)),
    "accelerator_hour": ((1, 15), (1e5, 1e11)),
    "word": ((1e-5, 2), (1.2, 1.5)),
    "title": ((100, 100_000), (2e4, 1e6)),
    "comparison": ((0.001, 50), None),
    "hour": ((1, 500), None),
    "contract": ((1e5, 1e9), None),
    "year": ((1e6, 1e9), None),
    "terabyte_month": ((1, 50), (1e11, 1e12)),
    "terabyte": ((0, 200), (1e11, 1e12)),
}
KINDS = {"crawl", "code", "licensed", "synthetic", "human", "cleaning", "storage", "egress"}

# Yearly gross pay: above a month's pay and below a fortune, in each currency.
PAY = {
    "USD": (60_000, 2_000_000),
    "GBP": (25_000, 500_000),
    "EUR": (30_000, 500_000),
    "CNY": (100_000, 5_000_000),
    "CAD": (50_000, 500_000),
    "INR": (300_000, 20_000_000),
}
CURRENCY_OF = {
    "us": "USD",
    "uk": "GBP",
    "france": "EUR",
    "germany": "EUR",
    "china": "CNY",
    "canada": "CAD",
    "india": "INR",
}


def read(name: str) -> list[dict[str, str]]:
    with (DATA / f"{name}.csv").open(newline="", encoding="utf-8") as handle:
        return list(csv.DictReader(handle))


PRICES = {row["id"]: row for row in read("data_sources")}
SALARIES = read("salaries")
EMPLOYER_COSTS = {row["country"]: row for row in read("employer_costs")}
ALL_ROWS = [*PRICES.values(), *SALARIES, *EMPLOYER_COSTS.values()]


def figures(row: dict[str, str], central: str) -> list[float]:
    return [float(row[column]) for column in ("low", central, "high") if row[column]]


def test_columns() -> None:
    own = ["id", "name", "kind", "unit", "usd_per_unit", "low", "high", "tokens_per_unit"]
    assert list(next(iter(PRICES.values()))) == own + SOURCE
    own = ["role", "region", "country", "employer", "currency", "basis", "pay", "low", "high"]
    assert list(SALARIES[0]) == own + SOURCE
    assert list(next(iter(EMPLOYER_COSTS.values()))) == ["country", "loading", "low", "high", *SOURCE]


def test_enough_rows_with_names_of_their_own() -> None:
    assert len(PRICES) == len(read("data_sources")) >= 18
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name) for name in PRICES)
    assert len(SALARIES) >= 20
    market = [(row["role"], row["region"]) for row in SALARIES if row["employer"] == "market"]
    assert len(market) == len(set(market))


@pytest.mark.parametrize("row", ALL_ROWS, ids=lambda row: row.get("id") or row.get("role") or row["country"])
def test_every_row_is_sourced(row: dict[str, str]) -> None:
    assert all(cell == cell.strip() for cell in row.values())
    assert all(cell for column, cell in row.items() if column not in MAY_BE_EMPTY)
    assert row["url"].startswith("https://")
    assert not any(site in row["url"] + row["source"] for site in BANNED)
    assert date(2012, 1, 1) <= date.fromisoformat(row["as_of"]) <= datetime.now(UTC).date()
    assert row["confidence"] in {"high", "medium", "low"}


@pytest.mark.parametrize("row", PRICES.values(), ids=PRICES.keys())
def test_prices_lie_in_their_range_and_unit(row: dict[str, str]) -> None:
    assert row["kind"] in KINDS
    price, tokens = UNITS[row["unit"]]
    prices = figures(row, "usd_per_unit")
    assert prices == sorted(prices)
    assert all(price[0] <= value <= price[1] for value in prices)
    if tokens is None:
        assert row["tokens_per_unit"] == ""  # nobody says how much text a comparison, an hour or a contract is
    else:
        assert tokens[0] <= float(row["tokens_per_unit"]) <= tokens[1]


def test_every_kind_of_data_has_a_price() -> None:
    assert {row["kind"] for row in PRICES.values()} == KINDS


@pytest.mark.parametrize("row", SALARIES, ids=lambda row: f"{row['role']}-{row['region']}-{row['employer']}")
def test_pay_lies_in_its_range_and_currency(row: dict[str, str]) -> None:
    assert row["currency"] == CURRENCY_OF[row["country"]]
    assert row["region"].startswith(row["country"])
    pay = figures(row, "pay")
    lowest, highest = PAY[row["currency"]]
    assert pay == sorted(pay)
    assert all(lowest <= value <= highest for value in pay)


def test_every_country_with_pay_has_a_loading() -> None:
    assert {row["country"] for row in SALARIES} == set(EMPLOYER_COSTS)


@pytest.mark.parametrize("row", EMPLOYER_COSTS.values(), ids=EMPLOYER_COSTS.keys())
def test_loading_is_a_factor_of_gross_pay(row: dict[str, str]) -> None:
    """A surcharge of 20 % is 1.20, neither 0.20 nor 20; France's is the highest of the large economies."""
    loading = figures(row, "loading")
    assert loading == sorted(loading)
    assert all(1 < value <= float(EMPLOYER_COSTS["france"]["loading"]) for value in loading)
