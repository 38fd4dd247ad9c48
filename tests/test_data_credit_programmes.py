"""`data/credit_programmes.csv`: programmes of credits, vouchers and grants, each with what was published and where."""

import csv
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

TABLE = Path(__file__).resolve().parent.parent / "data" / "credit_programmes.csv"
OPTIONAL = {"amount", "months_to_expiry", "funded_share"}
BANNED = ("brick-house.org", "fate-oracle.com")  # made-up figures

with TABLE.open(newline="", encoding="utf-8") as handle:
    ROWS = list(csv.DictReader(handle))


def test_columns_and_names() -> None:
    own = ["programme", "provider", "form", "amount", "currency", "months_to_expiry", "funded_share", "conditions"]
    assert list(ROWS[0]) == [*own, "source", "url", "as_of", "confidence"]
    assert len({row["programme"] for row in ROWS}) == len(ROWS) >= 10
    assert {row["form"] for row in ROWS} == {"credits", "voucher", "grant"}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["programme"])
def test_every_row_is_sourced_and_plausible(row: dict[str, str]) -> None:
    assert all(cell == cell.strip() for cell in row.values())
    assert all(cell for column, cell in row.items() if column not in OPTIONAL)
    assert row["url"].startswith("https://")
    assert not any(site in row["url"] for site in BANNED)
    assert date(2023, 1, 1) <= date.fromisoformat(row["as_of"]) <= datetime.now(UTC).date()
    assert row["confidence"] in {"high", "medium", "low"}
    assert row["amount"] or row["funded_share"]
    if row["amount"]:
        assert 1_000 <= int(row["amount"]) <= 20_000_000  # one company's, not the programme's whole budget
    if row["months_to_expiry"]:
        assert 6 <= int(row["months_to_expiry"]) <= 36
    if row["funded_share"]:
        assert 0 < float(row["funded_share"]) <= 1  # not per cent


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["programme"])
def test_who_pays_beside_it(row: dict[str, str]) -> None:
    """Credits are given; vouchers and grants pay a share of a cost."""
    assert bool(row["funded_share"]) == (row["form"] != "credits")


def test_published_anchors() -> None:
    """AWS (aws.amazon.com/startups/credits), Microsoft (startups/apply), Shenzhen's measures of 2024-12-18."""
    amounts = {row["programme"]: (row["amount"], row["currency"], row["funded_share"]) for row in ROWS}
    assert amounts["AWS Activate Founders"] == ("5000", "USD", "")
    assert amounts["AWS Activate Portfolio"] == ("200000", "USD", "")
    assert amounts["Microsoft for Startups"] == ("150000", "USD", "")
    assert amounts["Shenzhen training vouchers (训力券)"] == ("10000000", "CNY", "0.5")
