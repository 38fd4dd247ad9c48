"""Files of private equity and valuation through `python -m core deal`: data/deals and the examples of docs/deals.md.

Each file of data/deals names its source; the numbers below are that source's.
"""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from core.__main__ import main
from core.capital.deals.deal_files import read_deal
from core.capital.deals.deal_text import deal_figures, deal_text

ROOT = Path(__file__).resolve().parents[3]
KINDS = (
    "cash_flows",
    "growth_equity",
    "leveraged_buyout",
    "redemption",
    "valuation_adjustment",
    "venture_method",
    "discounted_cash_flow",
    "comparables",
)
DOCUMENT = (ROOT / "docs" / "deals.md").read_text(encoding="utf-8")
DOCUMENTED = {json.loads(block)["deal"]: block for block in re.findall(r"```json\n(.*?)```", DOCUMENT, re.DOTALL)}
EXAMPLES = [path for path in sorted((ROOT / "data" / "deals").glob("*.json")) if path.stem.endswith(KINDS)]


def printed(name: str, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    assert main(["deal", str(ROOT / "data" / "deals" / f"{name}.json"), "--json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


@pytest.mark.parametrize(
    ("name", "figure", "places", "value"),
    [
        ("joeco_leveraged_buyout", "exit_equity", 0, 264),
        ("joeco_leveraged_buyout", "multiple", 2, 2.64),
        ("founder_2025_redemption", "price", 0, 62_000_000),
        ("founder_2025_redemption", "uncovered", 0, 52_000_000),
        ("haifu_2012_valuation_adjustment", "cash", -3, 19_982_000),
        ("yongle_2005_valuation_adjustment", "shares_moved", 0, 46_973_800),
        ("three_rounds_venture_method", "price", 2, 2.91),
        ("three_rounds_venture_method", "retention", 4, 0.8935),
        ("circular_wacc_discounted_cash_flow", "equity_value", 0, 2_307),
        ("ejh_comparables", "lowest_of_quartiles", 0, 3_215_000_000),
        ("strip_mine_cash_flows", "net_present_value", -4, -770_000),
    ],
)
def test_example_files(name: str, figure: str, places: int, value: float, capsys: pytest.CaptureFixture[str]) -> None:
    found = printed(name, capsys)
    assert round(float(found["outcome"][figure]["decimal"]), places) == value
    assert found["source"]


def test_rates_of_example_files(capsys: pytest.CaptureFixture[str]) -> None:
    assert printed("strip_mine_cash_flows", capsys)["outcome"]["rates_of_return"] == pytest.approx([0.25, 4])
    microsoft = printed("microsoft_xirr_cash_flows", capsys)["outcome"]
    assert microsoft["rate_of_return"] == pytest.approx(0.373362535, abs=2e-9)
    assert round(microsoft["net_present_value"], 2) == 2086.65


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_example_file_reads_as_text_and_as_data(path: Path) -> None:
    deal = read_deal(path.read_bytes())
    assert deal.name
    assert deal.source
    assert len(deal_text(deal).splitlines()) > 8
    json.dumps(deal_figures(deal))


@pytest.mark.parametrize("kind", KINDS)
def test_every_documented_example_runs_and_every_term_is_documented(kind: str) -> None:
    terms = read_deal(DOCUMENTED[kind])
    json.dumps(deal_figures(terms))
    section = re.split(r"\n##", DOCUMENT.split(f"### {kind}\n")[1])[0]
    missing = [name for name in type(terms.terms).__dataclass_fields__ if f"`{name}`" not in section]
    assert missing == []


def test_a_wrong_term_in_a_file_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "deal.json"
    path.write_text('{"deal": "cash_flows", "amounts": [-1, 2], "discount_rate": 8}', encoding="utf-8")
    assert main(["deal", str(path)]) != 0
    assert "discount_rate" in capsys.readouterr().err
