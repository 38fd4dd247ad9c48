"""`python -m core sweep` as somebody at a terminal meets it: real processes, real files."""

from pathlib import Path

import pandas
import pytest

from core.plan.scenario_io import to_json
from tests.plan.builders import hand_calculated
from tests.test_command_line import core


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "scenario.json"
    path.write_text(to_json(hand_calculated()), encoding="utf-8")
    return path


def test_grid_becomes_a_table(file: Path, tmp_path: Path) -> None:
    """At the planned 0.5 the figures are those of tests/plan/test_answer.py; an MFU of 2 is a row with its fault."""
    out = tmp_path / "out.parquet"
    done = core(
        "sweep", str(file), "--vary", "reserve=0,100000", "--vary", "runs.0.mfu=0.5,2", "--out", str(out)
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, f"{out}: 4 rows\n")
    assert done.stderr == "4 of 4 points\n"
    found = pandas.read_parquet(out)
    assert found["reserve"].tolist() == [0, 0, 100_000, 100_000]
    assert found["funds_needed"].tolist()[::2] == pytest.approx([321_579.15, 421_579.15])
    assert found["next_financing"].iloc[0] == "Series A"
    assert found["raise_by"].iloc[0] == "2026-03-01"
    assert [one[:24] for one in found["error"]] == ["", "out_of_range: runs.0.mfu"] * 2


def test_csv_is_written_too(file: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    done = core("sweep", str(file), "--vary", "runs.0.mfu=0.4:0.6:3", "--strategy", "Plan", "--out", str(out))
    assert done.returncode == 0
    assert pandas.read_csv(out)["runs.0.mfu"].tolist() == pytest.approx([0.4, 0.5, 0.6])


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        (("--vary", "runs.0.luck=1,2"), "unknown_field: runs.0.luck"),
        (("--vary", "runs.0.mfu=0:1:2000000"), "malformed: --vary"),
        (("--vary", "reserve=1", "--out", "out.xlsx"), "unknown_name: --out"),
        (("--vary", "reserve=1", "--strategy", "Luck"), "unknown_name: --strategy"),
        (("--vary", "reserve=1", "--jobs", "0"), "out_of_range: --jobs"),
        (("--vary", "reserve=1", "--paths", "10"), "missing: --paths"),
        (("--vary", "reserve=1", "--out", "nowhere/out.csv"), "missing: --out"),
    ],
)
def test_what_cannot_be_swept_is_named(file: Path, tmp_path: Path, changed: tuple[str, ...], message: str) -> None:
    done = core("sweep", str(file), "--out", str(tmp_path / "out.csv"), *changed)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(message)
    assert done.stderr.count("\n") == 1
    assert [one.name for one in tmp_path.iterdir()] == [file.name]
