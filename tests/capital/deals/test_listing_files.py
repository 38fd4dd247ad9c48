"""The example files of offerings, ratchets, listings and licence-and-hire exits on the command line, and those of the
documentation."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from core.__main__ import main
from core.capital.deals.deal_files import outcome, read_deal

ROOT = Path(__file__).resolve().parents[3]
KINDS = ("offering", "ipo_ratchet", "hong_kong_offering", "listing_check", "licence_and_hire")


def figures(name: str, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    assert main(["deal", str(ROOT / "data" / "deals" / f"{name}.json"), "--json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


@pytest.mark.parametrize(
    ("name", "path", "value"),
    [
        ("square_2015_offering", ("first_day", "left_on_the_table"), "109890000"),
        ("square_2015_ratchet", ("penalty",), "92677878"),
        ("zhipu_2026_hong_kong_offering", ("net",), "4173400000"),
        ("minimax_2026_hong_kong_offering", ("gross_with_over_allotment",), "5540244600"),
        ("inflection_2024_licence_and_hire", ("funding_gap",), "1117500000"),
        ("character_2024_licence_and_hire", ("founders_total",), "750000000"),
    ],
)
def test_example_files(name: str, path: tuple[str, ...], value: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = figures(name, capsys)
    assert found["source"]
    node = found["outcome"]
    for step in path:
        node = node[step]
    assert node["exact"] == value


def test_zhipu_before_its_listing_lacks_only_research_figures_in_hong_kong(capsys: pytest.CaptureFixture[str]) -> None:
    found = figures("zhipu_2026_listing_check", capsys)["outcome"]
    commercial = next(row for row in found["standards"] if row["standard"] == "commercial")
    assert commercial["missing"] == ["rd_share_of_spending"]


def test_example_files_as_text(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["deal", str(ROOT / "data" / "deals" / "square_2015_offering.json")]) == 0
    assert "109,890,000.00" in capsys.readouterr().out


def documented() -> dict[str, str]:
    """The examples of the documentation by kind."""
    text = (ROOT / "docs" / "deals.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```json\n(.*?)```", text, flags=re.DOTALL)
    return {json.loads(block)["deal"]: block for block in blocks}


@pytest.mark.parametrize("kind", KINDS)
def test_documented_example_runs(kind: str) -> None:
    deal = read_deal(documented()[kind])
    assert outcome(deal.terms) is not None
