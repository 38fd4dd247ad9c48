"""Runs from start to end: what they tell, that they are the same each time, and that they go on after any end."""

import itertools
import json
import math
import resource
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from core.errors import InputError
from core.formulas.settings import Choice
from core.runs.events import STAGES, Command, Event
from core.runs.run_folder import RunFolder, new_run
from core.runs.training_config import TrainingConfig
from core.vision.checkpoints import load_checkpoint
from core.vision.datasets import load
from core.vision.learner import Learner
from core.vision.train import train
from tests.vision.conftest import QUICK, Train

AWKWARD = {  # whatever keeps a memory between steps
    "model": "mobile",  # running means of normalisations
    "epochs": 3,
    "schedule": Choice("one_cycle"),
    "shift_pixels": 1,
    "noise": 0.1,
    "dropout": 0.2,
    "weight_average": 0.9,
    "precision": "bfloat16",
    "channels_last": True,
}


def weights(folder: RunFolder) -> dict[str, torch.Tensor]:
    return load_file(folder.checkpoint_file)


def same(first: RunFolder, second: RunFolder) -> bool:
    ours, theirs = weights(first), weights(second)
    return ours.keys() == theirs.keys() and all(torch.equal(ours[name], theirs[name]) for name in ours)


def halting(after: int, command: Command) -> list[Command]:
    return [*["go"] * after, command]  # type: ignore[list-item]


def test_a_run_learns_and_tells_its_course(trained: Train) -> None:
    run = trained(epochs=5)
    assert run.kinds()[:5] == ["started", *["stage"] * 4]
    assert [one["name"] for one in run.events if one.kind == "stage"] == list(STAGES)
    assert run.kinds().count("epoch") == 5
    started, ended = run.last("started"), run.last("ended")
    assert started["samples"] == 64 * ((1437 - 144) // 64)  # a tenth apart, whole batches
    assert started["flops_per_sample"] == 2 * 3 * (64 * 256 + 256 * 128 + 128 * 10) - 2 * 64 * 256
    assert (ended["reason"], ended["test_samples"]) == ("finished", 360)
    assert run.result.accuracy is not None
    assert run.result.accuracy > 0.85
    assert run.folder.read_json("result.json") is not None
    losses = [one["loss"] for one in run.events if one.kind == "epoch"]
    assert losses[-1] < losses[0] / 3


def test_the_first_loss_is_that_of_guessing(trained: Train) -> None:
    """A fresh network knows nothing: the mean loss is near ln 10 = 2.303."""
    stages = {one["name"]: one["shown"] for one in trained(epochs=1).events if one.kind == "stage"}
    assert stages["loss"]["loss"] == pytest.approx(math.log(10), abs=0.15)
    assert stages["loss"]["loss_of_guessing"] == pytest.approx(math.log(10))
    assert sum(stages["forward"]["first_image"]) == pytest.approx(1, abs=1e-5)
    assert stages["step"]["update_norm"] > 0


def test_four_stages_are_the_step(trained: Train) -> None:
    config = TrainingConfig(**{**QUICK, "clip_norm": 0.5, "l1": 1e-4, "l2": 1e-3, "dropout": 0.1})
    data = load("digits", None, 0.1, lambda *_: None)
    shown, plain = (Learner(config, data.train, data.standard, None) for _ in range(2))
    for learner, step in ((shown, shown.first_step), (plain, plain.step)):
        learner.begin_epoch(0)
        step()
        learner.step()
    assert torch.equal(shown.parameters.vector, plain.parameters.vector)


def test_a_plain_run_is_pytorchs_own_loop() -> None:
    """Adam on the same batches by torch.optim, in PyTorch's own words."""
    config = TrainingConfig(**{**QUICK, "model": "simple_cnn", "l2": 0.01, "clip_norm": 1.0})
    data = load("digits", None, 0.1, lambda *_: None)
    ours, oracle = (Learner(config, data.train, data.standard, None) for _ in range(2))
    network = oracle.network
    optimizer = torch.optim.Adam(network.parameters(), lr=0.005)
    ours.begin_epoch(0)
    for step in range(10):
        index = ours.order[64 * step : 64 * (step + 1)]
        optimizer.zero_grad()
        logits = network(data.standard.of(data.train.pixels[index]))
        loss = torch.nn.functional.cross_entropy(logits, data.train.labels[index])
        for one in network.parameters():
            loss = loss + 0.005 * one.square().sum() * (one.ndim > 1)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        ours.step()
    assert torch.allclose(ours.parameters.vector, oracle.parameters.vector, atol=2e-5)


def test_a_seed_gives_the_same_weights_each_time(trained: Train) -> None:
    first, second, other = trained(epochs=1), trained(epochs=1), trained(epochs=1, seed=1)
    assert same(first.folder, second.folder)
    assert not same(first.folder, other.folder)


@pytest.mark.parametrize("changes", [{}, AWKWARD, {"optimizer": Choice("muon"), "model": "simple_cnn", "epochs": 2}])
def test_a_paused_run_ends_with_the_weights_of_one_that_was_not(trained: Train, changes: dict[str, object]) -> None:
    whole = trained(**changes)
    commands = iter(halting(27, "pause"))  # in the middle of the second epoch
    paused = trained(commands=lambda: next(commands), **changes)
    assert (paused.result.reason, paused.kinds()[-1]) == ("paused", "paused")
    resumed = trained(folder=paused.folder)
    assert "resumed" in resumed.kinds()
    assert resumed.result.steps == whole.result.steps
    assert resumed.result.accuracy == whole.result.accuracy
    assert same(resumed.folder, whole.folder)


KILLED = """
import os, signal, sys
from pathlib import Path
import core.vision, torch
from core.runs.run_folder import RunFolder
from core.vision.train import train
torch.set_num_threads(1)
folder = RunFolder(Path(sys.argv[1]))
seen = []
def observe(event):
    seen.append(event.kind)
def control():
    if seen.count("epoch") == 1 and (len(asked) > 25):
        os.kill(os.getpid(), signal.SIGKILL)
    asked.append(1)
    return "go"
asked = []
train(folder.config(), folder, observe, control)
"""


def test_a_killed_run_goes_on_to_the_same_weights(trained: Train, tmp_path: Path) -> None:
    """kill -9 between two steps of the second epoch: the state of the first epoch's end is what is left."""
    config = TrainingConfig(**{**QUICK, **AWKWARD})
    folder = new_run(config, tmp_path)
    ended = subprocess.run([sys.executable, "-c", KILLED, str(folder.path)], check=False, timeout=120)
    assert ended.returncode == -signal.SIGKILL
    assert not folder.checkpoint_file.exists()
    resumed = trained(folder=folder)
    assert resumed.last("resumed")["step"] == 20
    assert same(resumed.folder, trained(**AWKWARD).folder)


def test_a_stopped_run_keeps_what_it_has_learned(trained: Train) -> None:
    commands = iter(halting(10, "stop"))
    run = trained(commands=lambda: next(commands))
    assert (run.result.reason, run.result.steps, run.result.accuracy) == ("stopped", 10, None)
    assert load_checkpoint(run.folder.checkpoint_file).model == "mlp"


def test_a_run_stops_early_when_nothing_is_gained(trained: Train) -> None:
    run = trained(optimizer=Choice("sgd", {"learning_rate": 1e-12}), epochs=50, early_stopping_epochs=2)
    assert run.result.reason == "early_stopping"
    assert run.kinds().count("epoch") <= 6


def test_weights_pass_to_another_network_where_they_fit(trained: Train) -> None:
    """The convolutions know no image size, and the padded network's first linear layer has another one."""
    first = trained(model="simple_cnn", epochs=1)
    second = trained(model="simple_cnn_padded", epochs=1, initial=first.folder.id)
    assert set(second.last("started")["initialised"]) >= {"layers.conv1.weight", "layers.conv2.weight"}
    assert "layers.fc1.weight" not in second.last("started")["initialised"]
    with pytest.raises(InputError):
        trained(epochs=1, initial=first.folder.id, model="squeeze")


def test_a_loss_that_is_no_number_ends_the_run_with_its_name(trained: Train, tmp_path: Path) -> None:
    config = TrainingConfig(**{**QUICK, "optimizer": Choice("sgd", {"learning_rate": 10.0}), "loss": Choice("mse")})
    events: list[Event] = []
    with pytest.raises(InputError) as caught:
        train(config, new_run(config, tmp_path), events.append, lambda: "go")
    assert (caught.value.code, caught.value.field) == ("not_a_number", "training.loss")
    assert events[-1].kind == "failed"
    assert json.loads(json.dumps(dict(events[-1].fields)))["code"] == "not_a_number"


def test_a_full_disk_ends_the_run_with_its_name_and_keeps_the_last_state(trained: Train, tmp_path: Path) -> None:
    """No file may grow past 100 kB, as on a full disk; the network's state has 600 kB."""
    config = TrainingConfig(**QUICK)
    folder = new_run(config, tmp_path)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
    try:
        with pytest.raises(InputError) as caught:
            train(config, folder, lambda _: None, lambda: "go")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)
    assert (caught.value.code, caught.value.field) == ("out_of_range", "server.disk")
    assert (caught.value.code, caught.value.field) == ("out_of_range", "server.disk")
    assert sorted(one.name for one in folder.path.iterdir()) == ["config.json", "environment.json"]
    assert trained(folder=folder).result.reason == "finished"


@pytest.mark.parametrize("damage", [lambda content: content[:1000], lambda _: b"", lambda content: content[::-1]])
def test_a_damaged_state_is_refused(trained: Train, damage: Callable[[bytes], bytes]) -> None:
    commands = iter(halting(3, "pause"))
    run = trained(commands=lambda: next(commands))
    run.folder.state_file.write_bytes(damage(run.folder.state_file.read_bytes()))
    with pytest.raises(InputError) as caught:
        trained(folder=run.folder)
    assert (caught.value.code, caught.value.field) == ("malformed", "run.state")


def test_a_schedule_moves_the_rate_over_the_whole_run(trained: Train) -> None:
    """Smith's one cycle starts at 1/25 of the height and ends near 0."""
    run = trained(schedule=Choice("one_cycle"), epochs=2)
    told = [one for one in run.events if one.kind == "progress"]
    assert told[0]["rate"] == pytest.approx(0.005 / 25, rel=0.05)
    assert told[-1]["rate"] < 1e-5
    with pytest.raises(InputError):
        trained(schedule=Choice("one_cycle", {"learning_rate": 0.1}))


def test_control_is_asked_before_every_step(trained: Train) -> None:
    asked = itertools.count()
    run = trained(epochs=1, commands=lambda: "stop" if next(asked) == 7 else "go")
    assert run.result.steps == 7
