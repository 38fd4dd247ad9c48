"""`python -m core tune` as somebody at a terminal meets it: real processes that share one study."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 300
QUICK = ("tune", "--data", "digits", "--epochs", "1", "--json")


def begun(*arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "core", *arguments]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def ended(process: "subprocess.Popen[str]") -> tuple[int, str, str]:
    out, err = process.communicate(timeout=PATIENCE)
    return process.returncode, out, err


def test_two_processes_share_one_study(tmp_path: Path) -> None:
    """Together they run as many trials as were asked for, each of them some; the last one compares with fresh seeds."""
    shared = ("--trials", "6", "--study", "both", "--storage", str(tmp_path / "studies.journal"))
    processes = [begun(*QUICK, *shared) for _ in range(2)]
    told = [ended(process) for process in processes]
    assert [code for code, _, _ in told] == [0, 0], told
    found = [json.loads(out) for _, out, _ in told]
    assert sum(one["own_trials"] for one in found) == 6
    assert all(one["own_trials"] > 0 for one in found)
    verdicts = [one for one in found if one["seeds"]]
    assert verdicts
    assert verdicts[0]["trials"] == 6
    assert verdicts[0]["saved"] == pytest.approx(verdicts[0]["base_loss"] - verdicts[0]["best_loss_again"])
    joined = ended(begun(*QUICK, *shared))
    assert json.loads(joined[1])["own_trials"] == 0, "who joins a study that is done reads what it found"


def test_what_cannot_be_searched_is_said(tmp_path: Path) -> None:
    cases = (
        (("--trials", "0"), "--trials"),
        (("--storage", str(tmp_path / "no" / "file")), "--storage"),
        (("--data", "mnist", "--root", str(tmp_path)), "training.root"),
    )
    for arguments, field in cases:
        code, out, err = ended(begun(*QUICK, *arguments))
        assert (code, out) == (2, "")
        assert field in err
        assert "Traceback" not in err
