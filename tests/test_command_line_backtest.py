"""`python -m core backtest` as somebody at a terminal meets it: real processes, real files."""

import json
from pathlib import Path

import pytest

from core.compute.training_runs import REQUIRED_COLUMNS
from tests.test_command_line import core

HEADER = ",".join(REQUIRED_COLUMNS)
BLOOM = "BLOOM-176B,BigScience,2022,176247000000,,366e9,A100,312,1082990,reported"
GPT_3 = "GPT-3,OpenAI,2020,175e9,175e9,300e9,V100,125,3552000,third-party"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "训练.csv"
    path.write_text(f"{HEADER}\n{BLOOM}\n{GPT_3}\n", encoding="utf-8-sig")
    return path


def test_shipped_record_as_json() -> None:
    done = core("backtest", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    found = json.loads(done.stdout)
    assert set(found["rows"][0]) >= {
        "name", "predicted_accelerator_hours", "low", "high", "accelerator_hours", "error", "within_interval",
    }  # fmt: skip
    assert set(found["summary"]) == {"n", "mdape", "within_1_5x", "coverage", "fixed_40_mdape"}
    assert found["cohorts"]["frozen"]["n"] == 32
    assert found["cohorts"]["frozen"]["fixed_40_mdape"] == pytest.approx(0.285, abs=0.001)


def test_shipped_record_as_text() -> None:
    done = core("backtest")
    assert (done.returncode, done.stderr) == (0, "")
    for shown in ("LLaMA-65B", "1,022,362", "not scored: step benchmark", "frozen runs: n 32", "28.5%"):
        assert shown in done.stdout


def test_a_users_runs_as_json(file: Path) -> None:
    done = core("backtest", "--runs", str(file), "--json")
    assert (done.returncode, done.stderr) == (0, "")
    found = json.loads(done.stdout)
    bloom, gpt_3 = found["rows"]
    assert bloom["error"] == pytest.approx(bloom["predicted_accelerator_hours"] / 1082990 - 1)
    assert bloom["within_interval"] == (bloom["low"] <= 1082990 <= bloom["high"])
    assert (gpt_3["error"], gpt_3["within_interval"], gpt_3["not_scored"]) == (None, None, "third-party hours")
    assert found["summary"]["n"] == 1
    assert found["summary"]["mdape"] == pytest.approx(abs(bloom["error"]))


def test_a_users_runs_as_text(file: Path) -> None:
    done = core("backtest", "--runs", str(file))
    assert done.returncode == 0
    assert "all scored runs: n 1" in done.stdout
    assert "not scored: third-party hours" in done.stdout


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (f"{HEADER}\n{BLOOM.replace('312', '624')}\n".encode(), "contradiction: bad.csv:2 peak_dense_tflops: "),
        (f"{HEADER}\n{BLOOM.replace('366e9', '366B')}\n".encode(), "not_a_number: bad.csv:2 tokens: "),
        (b"\xff\xfe\x00", "malformed: runs: "),
        (b"x" * 1_000_001, "too_large: runs: "),
    ],
)
def test_bad_file_names_the_fault_and_the_line(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "bad.csv"
    path.write_bytes(content)
    done = core("backtest", "--runs", str(path), "--json")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(said)
    assert done.stderr.count("\n") == 1


def test_file_that_is_not_there(tmp_path: Path) -> None:
    done = core("backtest", "--runs", str(tmp_path / "nowhere.csv"))
    assert done.returncode == 2
    assert done.stderr.startswith("missing: runs: ")
