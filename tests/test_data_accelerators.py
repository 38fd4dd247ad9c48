"""`data/accelerators.csv` and `data/prices.csv`: dense peaks only, every price on a known chip, every row sourced."""

import csv
import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

DATA = Path(__file__).resolve().parent.parent / "data"
SOURCE = ["source", "url", "as_of", "confidence"]
PEAKS = ["bf16_dense_tflops", "fp8_dense_tflops"]
COMMITMENTS = {
    "on-demand",
    "spot",
    "1-year",
    "3-year",
    "reserved",
    "capacity-block",
    "market-median",
    "stated-assumption",
}
BANNED = ("brick-house.org", "fate-oracle.com")  # made-up figures

# Headline figures that are not the dense BF16 peak: with 2:4 sparsity (datasheet footnotes), FP8, or FP16 accumulate.
OTHER_HEADLINES = {
    "a100-40-sxm": (624,),
    "a100-80-sxm": (624,),
    "a100-80-pcie": (624,),
    "a10": (250,),
    "h100-sxm": (1979,),
    "h100-pcie": (1513,),
    "h800-sxm": (1979,),
    "h200-sxm": (1979,),
    "gh200": (1979,),
    "h20": (296,),
    "b200": (4500,),
    "b300": (4500,),
    "gb200": (5000,),
    "gb300": (5000,),
    "l4": (242,),
    "l40s": (733,),
    "rtx-3090": (142, 285),
    "rtx-4090": (330, 660),
    "rtx-5090": (419, 838),
    "mi300x": (2615,),
    "mi325x": (2615,),
    "mi355x": (5000,),
    "trainium2": (1299, 2563),
    "trainium3": (2517,),
}

# FP8 more than twice BF16: the maker says so.
FAST_FP8 = {
    "l40s": 2.03,  # the datasheet prints 362.05 and 733
    "trainium3": 3.76,  # AWS Neuron: MXFP8 2517 against BF16 671
}


def read(name: str) -> list[dict[str, str]]:
    with (DATA / f"{name}.csv").open(newline="", encoding="utf-8") as handle:
        return list(csv.DictReader(handle))


ACCELERATORS = {row["id"]: row for row in read("accelerators")}
PRICES = read("prices")


def test_columns() -> None:
    own = ["id", "name", "vendor", "year", *PEAKS, "memory_gb", "bandwidth_tb_per_s", "watts"]
    assert list(read("accelerators")[0]) == own + SOURCE
    assert list(PRICES[0]) == ["accelerator", "provider", "region", "commitment", "usd_per_hour", *SOURCE]


def test_ids_are_unique_slugs() -> None:
    assert len(ACCELERATORS) == len(read("accelerators")) >= 20
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", chip) for chip in ACCELERATORS)


@pytest.mark.parametrize("row", [*ACCELERATORS.values(), *PRICES], ids=lambda row: row.get("id") or row["accelerator"])
def test_every_row_is_sourced(row: dict[str, str]) -> None:
    assert all(cell == cell.strip() for cell in row.values())
    assert all(cell for column, cell in row.items() if column not in {"fp8_dense_tflops", "watts"})
    assert row["url"].startswith("https://")
    assert not any(site in row["url"] for site in BANNED)
    assert date(2012, 1, 1) <= date.fromisoformat(row["as_of"]) <= datetime.now(UTC).date()
    assert row["confidence"] in {"high", "medium", "low"}


@pytest.mark.parametrize("chip", OTHER_HEADLINES)
def test_bf16_peak_is_dense(chip: str) -> None:
    peak = float(ACCELERATORS[chip]["bf16_dense_tflops"])
    assert all(abs(peak / headline - 1) > 0.01 for headline in OTHER_HEADLINES[chip])


def test_hopper_and_ampere_anchors() -> None:
    """H800 and H200 have the H100's tensor cores; published utilizations divide by 989 and 312."""
    for chip in ("h100-sxm", "h800-sxm", "h200-sxm"):
        assert float(ACCELERATORS[chip]["bf16_dense_tflops"]) == 989
    for chip in ("a100-40-sxm", "a100-80-sxm", "a100-80-pcie"):
        assert float(ACCELERATORS[chip]["bf16_dense_tflops"]) == 312


@pytest.mark.parametrize("row", ACCELERATORS.values(), ids=ACCELERATORS.keys())
def test_figures_are_plausible(row: dict[str, str]) -> None:
    assert 50 <= float(row["bf16_dense_tflops"]) <= 3000
    if row["fp8_dense_tflops"]:
        ratio = float(row["fp8_dense_tflops"]) / float(row["bf16_dense_tflops"])
        assert 1 <= ratio <= FAST_FP8.get(row["id"], 2.01)
    assert 16 <= float(row["memory_gb"]) <= 288  # T4 to B300
    assert 0.1 <= float(row["bandwidth_tb_per_s"]) <= 10  # TB/s: GDDR6 to HBM3e, not GB/s
    assert 2017 <= int(row["year"]) <= datetime.now(UTC).year
    if row["watts"]:
        assert 50 <= float(row["watts"]) <= 1500  # one board, not a server


@pytest.mark.parametrize("row", PRICES, ids=lambda row: f"{row['accelerator']}-{row['provider']}-{row['commitment']}")
def test_prices_are_per_accelerator_hour(row: dict[str, str]) -> None:
    assert row["accelerator"] in ACCELERATORS
    assert row["commitment"] in COMMITMENTS
    assert 0.05 <= float(row["usd_per_hour"]) <= 30  # above: an instance's price was not divided by its accelerators


def test_spot_is_cheaper_than_on_demand() -> None:
    """Aggregators have swapped the two labels before."""
    listed: dict[tuple[str, ...], float] = {}
    for row in PRICES:
        if row["commitment"] == "on-demand":
            key = (row["accelerator"], row["provider"], row["region"])
            listed[key] = min(float(row["usd_per_hour"]), listed.get(key, 30.0))
    for row in PRICES:
        if row["commitment"] in {"spot", "1-year", "3-year"}:
            key = (row["accelerator"], row["provider"], row["region"])
            assert float(row["usd_per_hour"]) < listed.get(key, 30.0)


def test_reference_rows() -> None:
    """The market median and DeepSeek-V3's own rental price, which published costs are stated at."""
    known = {(row["accelerator"], row["commitment"], float(row["usd_per_hour"])) for row in PRICES}
    assert {("h100-sxm", "market-median", 2.95), ("h800-sxm", "stated-assumption", 2.0)} <= known
    assert len(PRICES) >= 45
    assert len({row["provider"] for row in PRICES}) >= 8
