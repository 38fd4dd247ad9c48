"""Files of loans and first money through `python -m core deal`: the examples of data/deals and of docs/deals.md."""

import json
import re
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from core.capital.deals.deal_files import outcome, read_deal
from core.capital.deals.deal_text import deal_figures, deal_text

ROOT = Path(__file__).resolve().parents[3]
KINDS = (
    "venture_debt",
    "loan_covenants",
    "accelerator_facility",
    "debt_or_equity",
    "revenue_share",
    "grant",
    "cloud_credits",
    "customer_prepayment",
)
BLOCKS = re.findall(r"```json\n(.*?)```", (ROOT / "docs" / "deals.md").read_text(encoding="utf-8"), re.DOTALL)
DOCUMENTED = {kind: block for block in BLOCKS if (kind := json.loads(block).get("deal")) in KINDS}
EXAMPLES = [path for path in sorted((ROOT / "data" / "deals").glob("*.json")) if path.stem.startswith(KINDS)]


@pytest.fixture(scope="module")
def loan() -> dict[str, Any]:
    """The template's loan as the command line prints it."""
    command = [sys.executable, "-W", "error", "-m", "core", "deal", "data/deals/venture_debt.json", "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_the_command_line_prints_the_published_schedule(loan: dict[str, Any]) -> None:
    """scribd.com/document/408212579: month 42 pays 2,347.65 and 244,972.40."""
    last = loan["outcome"]["schedule"][-1]
    paid = [round(Fraction(last[part]["exact"]), 2) for part in ("interest", "principal", "owed")]
    assert paid == [Fraction("2347.65"), Fraction("244972.40"), 0]
    assert loan["deal"] == "venture_debt"


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_example_says_where_it_is_from_and_comes_to_something(path: Path) -> None:
    deal = read_deal(path.read_bytes())
    assert deal.name
    assert deal.source
    assert len(deal_text(deal).splitlines()) > 8
    json.dumps(deal_figures(deal))


def test_there_is_an_example_of_each_kind_that_has_one_published() -> None:
    assert {read_deal(path.read_bytes()).terms.__class__.__name__ for path in EXAMPLES} >= {
        "VentureDebt",
        "AcceleratorFacility",
        "RevenueShare",
        "Grant",
        "CloudCredits",
        "CustomerPrepayment",
    }


@pytest.mark.parametrize("kind", KINDS)
def test_every_documented_example_runs(kind: str) -> None:
    deal = read_deal(DOCUMENTED[kind])
    assert outcome(deal.terms) is not None
    json.dumps(deal_figures(deal))


@pytest.mark.parametrize("kind", KINDS)
def test_every_term_is_documented(kind: str) -> None:
    """Each field of a kind, and of the objects in it, stands in its section of docs/deals.md."""
    text = (ROOT / "docs" / "deals.md").read_text(encoding="utf-8")
    section = re.split(r"\n##", text.split(f"### {kind}\n")[1])[0]
    terms = read_deal(DOCUMENTED[kind]).terms
    missing = [name for name in type(terms).__dataclass_fields__ if f"`{name}`" not in section]
    assert missing == []
