"""The exported script, run where nothing of this project can be imported, ends with the run's own numbers.

Both on one thread of the CPU. Bar: test accuracy and validation loss to 1e-4; they are in fact the same, so the looser
digits that the script prints are all there is to compare.
"""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch

from core.formulas.activations import ACTIVATIONS
from core.formulas.losses import LOSSES
from core.formulas.settings import Choice
from core.reports.training_script import Told, training_script, unrepeated
from core.reports.training_script.formulas import VECTORS, VECTORS_RATE, schedule_code
from core.reports.training_script.network import ACTIVATION_CODE, POOLED_BEFORE, activation_code, loss_code
from core.reports.training_script.script import WIDTH
from core.runs.networks import NETWORKS
from core.runs.run_folder import RunFolder, new_run
from core.runs.training_config import TrainingConfig, recommended, trainable
from core.vision import parameters
from core.vision.activations import NEVER_FALLING, activation
from core.vision.losses import loss_function
from core.vision.train import train
from tests.vision.conftest import QUICK
from ui.language import speaking, words

TOLERANCE = 1e-4
RECIPES: dict[str, dict[str, Any]] = {
    "the default": {**recommended("digits").model_dump(), "device": "cpu", "threads": 1, "epochs": 4}
    | {name: getattr(recommended("digits"), name) for name in ("loss", "optimizer", "schedule")},
    "penalties, clipping, RMSProp": {
        "optimizer": Choice("rmsprop", {"momentum": 0.5, "learning_rate": 0.001}),
        "l1": 1e-4,
        "l2": 1e-3,
        "clip_norm": 0.5,
        "loss": Choice("focal"),
        "validation_share": 0.2,
    },
    "normalisation, bfloat16, average": {
        "model": "mobile",
        "precision": "bfloat16",
        "channels_last": True,
        "weight_average": 0.9,
        "shift_pixels": 1,
        "noise": 0.1,
        "dropout": 0.2,
        "schedule": Choice("one_cycle"),
        "activation": Choice("rrelu"),
        "resample": "bootstrap",
        "epochs": 2,
    },
    "matrices, layer by layer": {
        "model": "squeeze",
        "optimizer": Choice("muon", {"learning_rate": 0.02}),
        "channels_last": True,
        "rotate_degrees": 10.0,
        "epochs": 2,
    },
    "a searched network, moved and turned": {
        "model": "cnn-4x2k3",
        "optimizer": Choice("nesterov", {"learning_rate": 0.02}),
        "activation": Choice("prelu"),
        "rotate_degrees": 10.0,
        "shift_pixels": 1,
        "label_smoothing": 0.1,
        "epochs": 2,
    },
    "momentum that a schedule moves": {
        "optimizer": Choice("momentum", {"learning_rate": 0.05}),
        "schedule": Choice("one_cycle"),
        "epochs": 2,
    },
    "no validation images": {"validation_share": 0.0, "weight_average": 0.9, "noise": 0.2, "epochs": 2},
    "early stopping": {"optimizer": Choice("adam", {"learning_rate": 0.05}), "early_stopping_epochs": 1, "epochs": 30},
}


def finished(root: Path, config: TrainingConfig) -> RunFolder:
    folder = new_run(config, root)
    train(config, folder, folder.append, lambda: "go")
    return folder


def rerun(folder: RunFolder, where: Path, *options: str) -> tuple[list[float], float]:
    """Validation losses and test accuracy that the script prints, in a folder of its own, isolated (-I) from here."""
    where.mkdir(exist_ok=True)
    (where / "train.py").write_text(training_script(Told.of(folder)), encoding="utf-8")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    ended = subprocess.run(
        [sys.executable, "-I", "-W", "error::SyntaxWarning", "train.py", *options],
        cwd=where,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    losses = [float(one) for one in re.findall(r"validation loss ([-\d.]+)", ended.stdout)]
    [accuracy] = re.findall(r"test accuracy ([\d.]+)", ended.stdout)
    return losses, float(accuracy)


@pytest.mark.parametrize("recipe", RECIPES)
def test_the_script_repeats_the_run(recipe: str, tmp_path: Path) -> None:
    folder = finished(tmp_path, TrainingConfig(**{**QUICK, **RECIPES[recipe]}))
    assert unrepeated(Told.of(folder)) == ()
    losses, accuracy = rerun(folder, tmp_path / "elsewhere")
    epochs = [one["validation_loss"] for one in folder.events()[0] if one.kind == "epoch"]
    told = [loss for loss in epochs if loss is not None]
    result = folder.read_json("result.json")
    assert result is not None
    assert len(losses) == len(told)
    assert losses == pytest.approx(told, abs=TOLERANCE)
    assert accuracy == pytest.approx(result["accuracy"], abs=TOLERANCE)


def test_files_of_the_users_and_the_weights_of_another_run(tmp_path: Path, idx_root: Path) -> None:
    first = finished(tmp_path, TrainingConfig(**{**QUICK, "epochs": 1}))
    changes = {"data": "mnist", "root": str(idx_root), "initial": first.id, "loss": Choice("multi_margin")}
    folder = finished(tmp_path, TrainingConfig(**{**QUICK, **changes}))
    where = tmp_path / "elsewhere"
    where.mkdir()
    (where / "train.py").write_text(training_script(Told.of(folder), side=8), encoding="utf-8")
    options = ("--root", str(idx_root), "--start", str(first.checkpoint_file), "--save", "weights.pt")
    ended = subprocess.run(
        [sys.executable, "-I", "train.py", *options],
        cwd=where,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    result = folder.read_json("result.json")
    assert result is not None
    [accuracy] = re.findall(r"test accuracy ([\d.]+)", ended.stdout)
    assert float(accuracy) == pytest.approx(result["accuracy"], abs=TOLERANCE)
    assert "layers.fc1.weight" in torch.load(where / "weights.pt", weights_only=True)


def told_of(config: TrainingConfig, **environment: Any) -> Told:
    known = {"device_name": "a CPU", "device": "cpu", "threads": 2, "precision": config.precision, "torch": "2"}
    return Told("0" * 32, config, {**known, **environment}, {}, None)


@pytest.mark.parametrize("model", [*NETWORKS, "cnn-4x3k3"])
@pytest.mark.parametrize("optimizer", sorted(trainable("optimizer")))
def test_every_script_is_python_that_needs_nothing_of_this_project(model: str, optimizer: str) -> None:
    one_cycle = Choice("one_cycle")
    config = TrainingConfig(model=model, optimizer=Choice(optimizer), schedule=one_cycle, data="fashion-mnist")
    text = training_script(told_of(config))
    tree = ast.parse(text)
    roots = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            roots |= {one.name.split(".")[0] for one in node.names}
        elif isinstance(node, ast.ImportFrom):
            roots.add(str(node.module).split(".")[0])
    assert roots <= {"argparse", "gzip", "math", "collections", "pathlib", "numpy", "torch"}
    functions = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
    assert len(functions) == len(set(functions))
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    assert not names & {"xp", "Working", "Any", "Settings"}
    assert max(len(line) for line in text.splitlines()) <= 120


@pytest.mark.parametrize("schedule", sorted(trainable("schedule")))
def test_every_schedule_stands_on_its_own(schedule: str) -> None:
    space: dict[str, Any] = {}
    exec("import math\nimport numpy as np\n" + schedule_code(Choice(schedule), 0.1), space)
    rates = space["rate_rule"](space["np"].arange(30.0), 30, space["SCHEDULE"])
    assert (rates <= 0.1 + 1e-12).all()


@pytest.mark.parametrize("name", sorted(trainable("activation")))
def test_activations_are_those_of_the_training_room(name: str) -> None:
    """PyTorch's own by what they say of themselves; the three others by their values."""
    ours = activation(Choice(name))
    text = activation_code(Choice(name))
    if text.startswith("nn."):
        assert repr(eval(text, {"nn": torch.nn})) == repr(ours)
    else:
        assert name in ("relu_squared", "sine", "snake")
    assert set(ACTIVATION_CODE) == set(trainable("activation"))
    assert ACTIVATIONS[name]


def test_what_is_said_twice_is_said_alike() -> None:
    assert POOLED_BEFORE == NEVER_FALLING
    assert Choice(parameters.VECTORS) == VECTORS
    assert parameters.VECTORS_RATE == VECTORS_RATE


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
@pytest.mark.parametrize("name", sorted(trainable("loss")))
def test_losses_are_those_of_the_training_room(name: str, smoothing: float) -> None:
    if name == "multi_margin" and smoothing:
        return
    generator = torch.Generator().manual_seed(1)
    logits = torch.randn(12, 10, generator=generator)
    classes = torch.randint(0, 10, (12,), generator=generator)
    space: dict[str, Any] = {}
    exec("import math, torch\nimport torch.nn.functional as F\n" + loss_code(Choice(name), smoothing), space)
    assert torch.equal(space["loss_function"](logits, classes), loss_function(Choice(name), smoothing)(logits, classes))
    assert LOSSES[name]


def test_what_is_not_repeated_is_said_at_the_top() -> None:
    config = TrainingConfig(resample="slant", private_clip=1.0, private_noise=0.5, boost_on=("0" * 32,))
    told = told_of(config, processes=2)
    assert set(unrepeated(told)) == {"resample", "private_clip", "private_noise", "boost_on", "processes"}
    head = training_script(told).split('"""')[1]
    assert "NOT REPEATED HERE" in head
    assert "slant" not in training_script(told).split('"""', 2)[2]


def test_the_top_of_the_file_speaks_the_language_of_the_page() -> None:
    """What the run was is for a reader; the code below it is the same in every language."""
    told = told_of(TrainingConfig(data="mnist"))
    with speaking("zh_CN"):
        chinese = training_script(told, words=words)
    head, code = chinese.split('"""', 2)[1:]
    assert "训练" in head
    assert "a CPU" in head
    assert max(len(line) for line in head.splitlines()) <= WIDTH / 2  # a character is as wide as two letters
    assert ast.dump(ast.parse(chinese).body[-1]) == ast.dump(ast.parse(training_script(told)).body[-1])
    assert "def main(" in code
