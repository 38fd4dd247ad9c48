"""`python -m core train` and `evaluate`, with the embedded digits and with files of the user's."""

import json
from pathlib import Path

import numpy as np
import pytest

from core.__main__ import main
from core.vision.datasets import digits


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    ended = main(list(arguments))
    told = capsys.readouterr()
    return ended, told.out, told.err


def test_a_run_is_trained_evaluated_and_asked(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, idx_root: Path
) -> None:
    where = ("--runs", str(tmp_path))
    typed = ("train", "--data", "mnist", "--root", str(idx_root), "--model", "mlp", "--epochs", "6", "--json", *where)
    ended, out, err = run(capsys, *typed, "--seed", "3")
    trained = json.loads(out)
    assert (ended, trained["reason"], trained["test_samples"]) == (0, "finished", 100)
    assert err.count("\n") == 6
    again = json.loads(run(capsys, *typed, "--seed", "3")[1])
    assert again["accuracy"] == trained["accuracy"]
    ended, out, _ = run(capsys, "evaluate", trained["run"], "--json", *where)
    found = json.loads(out)
    assert (ended, found["accuracy"]) == (0, trained["accuracy"])
    assert np.trace(found["confusion"]) == round(100 * trained["accuracy"])
    assert "macro AUC" in run(capsys, "evaluate", trained["run"], *where)[1]

    _, test = digits()
    images = test.pixels[:100, 0].numpy()
    np.savez(tmp_path / "own.npz", images=images, labels=test.labels[:100].numpy())
    _, out, _ = run(capsys, "evaluate", trained["run"], "--images", str(tmp_path / "own.npz"), "--json", *where)
    assert json.loads(out)["accuracy"] == pytest.approx(trained["accuracy"])
    np.savez(tmp_path / "own.npz", images=images[:, :7])
    ended, _, err = run(capsys, "evaluate", trained["run"], "--images", str(tmp_path / "own.npz"), *where)
    assert (ended, err.split(":")[0]) == (2, "wrong_type")
    (tmp_path / "own.npz").write_bytes(b"no archive")
    assert run(capsys, "evaluate", trained["run"], "--images", str(tmp_path / "own.npz"), *where)[0] == 2
    assert "missing" in run(capsys, "evaluate", trained["run"], "--images", "none.npz", *where)[2]


def test_what_cannot_be_trained_or_evaluated_is_said(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    where = ("--runs", str(tmp_path))
    for typed, code in [
        (("train", "--data", "mnist", "--root", str(tmp_path)), "missing"),
        (("train", "--epochs", "0"), "out_of_range"),
        (("evaluate", "../../etc"), "malformed"),
        (("evaluate", "0" * 32), "unknown_name"),
    ]:
        ended, _, err = run(capsys, *typed, *where)
        assert (ended, err.split(":")[0]) == (2, code)
