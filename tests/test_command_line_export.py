"""`python -m core export` as somebody at a terminal meets it, on a small network trained by `core train`."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime  # type: ignore[import-untyped]
import pytest

from core.vision.datasets import digits

ROOT = Path(__file__).resolve().parent.parent


def told(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "core", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the command line said of the run: its id, its folder, its accuracy and the interval."""
    runs = tmp_path_factory.mktemp("runs")
    done = told("train", "--data", "digits", "--model", "mlp", "--epochs", "2", "--runs", str(runs), "--json")
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def exported(trained: dict[str, Any], out: Path, *more: str) -> subprocess.CompletedProcess[str]:
    return told("export", trained["run"], "--runs", runs_of(trained), "--out", str(out), *more)


def runs_of(trained: dict[str, Any]) -> str:
    return str(Path(trained["folder"]).parent)


@pytest.mark.parametrize(
    ("language", "kind", "title"),
    [
        ("en", "card", "Model card: mlp on 8 × 8 digits"),
        ("zh_CN", "card", "模型卡"),
        ("en", "report", "Lab report: mlp learns 8 × 8 digits"),
        ("zh_CN", "report", "实验报告"),
    ],
)
def test_card_and_report_tell_the_runs_own_accuracy(
    trained: dict[str, Any], tmp_path: Path, language: str, kind: str, title: str
) -> None:
    """In both languages and both forms: the figures are those that the training printed."""
    for form in ("md", "html"):
        out = tmp_path / f"{kind}.{form}"
        done = exported(trained, out, "--to", kind, "--language", language)
        assert done.returncode == 0, done.stderr
        text = out.read_text(encoding="utf-8")
        assert title in text
        for name in ("accuracy", "accuracy_low", "accuracy_high"):
            assert f"{trained[name]:.2%}" in text
        assert f"{trained['parameters']:,}" in text
        assert trained["run"] in text


def test_the_card_has_each_class_as_it_was_evaluated(trained: dict[str, Any], tmp_path: Path) -> None:
    done = told("evaluate", trained["run"], "--runs", runs_of(trained), "--json")
    scores = json.loads(done.stdout)
    out = tmp_path / "card.md"
    exported(trained, out, "--to", "card")
    rows = [line for line in out.read_text(encoding="utf-8").splitlines() if line.startswith("|")]
    for digit in range(10):
        row = next(line for line in rows if line.startswith(f"| {digit} |"))
        assert f"{scores['precision'][digit]:.2%}" in row
        assert f"{scores['recall'][digit]:.2%}" in row


def test_the_onnx_file_answers_as_the_run_did(trained: dict[str, Any], tmp_path: Path) -> None:
    """Right as often on the 360 test images as the training said."""
    out = tmp_path / "network.onnx"
    done = exported(trained, out, "--to", "onnx")
    assert done.returncode == 0, done.stderr
    session = onnxruntime.InferenceSession(str(out))
    _, test = digits()
    logits = session.run(None, {"pixels": test.pixels.numpy()})[0]
    assert np.mean(logits.argmax(axis=1) == test.labels.numpy()) == pytest.approx(trained["accuracy"])


def test_the_script_repeats_the_run_elsewhere(trained: dict[str, Any], tmp_path: Path) -> None:
    """In an isolated interpreter, in a folder where this project is not: the accuracy that the training printed."""
    out = tmp_path / "repeat.py"
    done = exported(trained, out, "--to", "script")
    assert done.returncode == 0, done.stderr
    repeated = subprocess.run(
        [sys.executable, "-I", str(out)], cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False
    )
    assert repeated.returncode == 0, repeated.stderr
    assert f"test accuracy {trained['accuracy']:.6f} on 360 images" in repeated.stdout


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [(("0" * 32, "--to", "onnx"), "unknown_name"), (("no-id", "--to", "card"), "malformed")],
)
def test_a_run_that_is_not_there_is_named(tmp_path: Path, arguments: tuple[str, ...], expected: str) -> None:
    done = told("export", *arguments, "--runs", str(tmp_path))
    assert done.returncode == 2
    assert done.stderr.startswith(expected)


def test_a_report_has_a_form_that_is_known(trained: dict[str, Any], tmp_path: Path) -> None:
    done = exported(trained, tmp_path / "card.pdf", "--to", "card")
    assert done.returncode == 2
    assert "*.md | *.html" in done.stderr
