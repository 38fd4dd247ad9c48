"""`python -m core plan` as somebody at a terminal meets it: real processes, real files."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from core.plan.scenario_io import edited, to_json
from tests.plan.builders import hand_calculated

ROOT = Path(__file__).resolve().parent.parent


def core(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "error", "-m", "core", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", timeout=60, check=False)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The hand-calculated scenario, named in Chinese."""
    path = tmp_path / "计划.json"
    path.write_text(to_json(edited(hand_calculated(), {"name": "手算"})), encoding="utf-8")
    return path


def test_json_holds_the_figures_of_the_plan(file: Path) -> None:
    """The arithmetic stands in tests/plan/test_answer.py."""
    done = core("plan", str(file), "--json")
    assert (done.returncode, done.stderr) == (0, "")
    figures = json.loads(done.stdout)
    assert figures["scenario"] == "手算"
    (plan,) = figures["strategies"]
    assert plan["strategy"] == "Plan"
    assert plan["funds_needed"] == pytest.approx(321_579.15)
    assert (plan["cash_out"], plan["raise_by"], plan["next_financing"]) == ("2026-07-01", "2026-03-01", "Series A")
    assert (plan["dry"], plan["runway_months"]) == (None, None)
    assert plan["founders_share_fully_diluted"] == pytest.approx(8_250_000 / 14_285_713)
    assert [one["closed"] for one in plan["financings"]] == ["2026-01-01", "2026-05-01"]
    assert plan["runs"][0]["cost"]["final_run"] == pytest.approx(26_298)
    assert plan["years"][0]["arr"] == pytest.approx(253_125)


def test_text_shows_the_same_figures(file: Path) -> None:
    done = core("plan", str(file))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("手算\n")
    for shown in ("321,579.15 USD", "57.75%", "2026-03 for Series A", "Base model"):
        assert shown in done.stdout


@pytest.mark.parametrize(
    ("text", "code", "field"),
    [
        (to_json(hand_calculated()).replace('"mfu": 0.5', '"mfu": 33.1'), "out_of_range", "runs.0.mfu"),
        (to_json(hand_calculated()).replace('"mfu": 0.5,', ""), "missing", "runs.0.mfu"),
        (to_json(hand_calculated()).replace('"pre_money": 4000000.0', '"pre_money": 100.0'),
         "over_100_percent", "strategies.0.financings.1.pre_money"),
        ("{", "malformed", "scenario"),
        ("", "malformed", "scenario"),
        (" " * 300_000, "too_large", "scenario"),
    ],
)  # fmt: skip
def test_bad_file_names_the_fault_and_the_field(tmp_path: Path, text: str, code: str, field: str) -> None:
    path = tmp_path / "bad.json"
    path.write_text(text, encoding="utf-8")
    done = core("plan", str(path), "--json")
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith(f"{code}: {field}: ")
    assert done.stderr.count("\n") == 1  # a message, no traceback


@pytest.mark.parametrize("name", ["nowhere.json", "."])
def test_file_that_cannot_be_read_is_named(tmp_path: Path, name: str) -> None:
    done = core("plan", str(tmp_path / name))
    assert done.returncode == 2
    assert done.stderr.startswith("missing: scenario: ")
    assert str(tmp_path)[:40] in done.stderr
    assert "Traceback" not in done.stderr


def test_no_command_shows_how_it_is_used() -> None:
    done = core()
    assert done.returncode == 2
    assert done.stderr.startswith("usage: python -m core")
