"""The networks side by side: each a run of its own, halted and gone on with, its figures those of that run."""

import itertools
from pathlib import Path

import pytest

from core.formulas.settings import Choice
from core.runs.events import Command
from core.runs.jobs import NetworksJob
from core.runs.network_comparison import CHILDREN_FILE, best, compared
from core.runs.networks import NETWORKS
from core.runs.run_folder import RunFolder, find_run, new_run
from core.runs.training_config import TrainingConfig
from core.vision import network_trials
from core.vision.jobs import do_job


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RunFolder:
    monkeypatch.setattr(network_trials, "ONE_TRIES", 3)
    monkeypatch.setattr(network_trials, "MANY_TRIES", 1)
    quick = TrainingConfig(
        optimizer=Choice("adam", {"learning_rate": 0.005}), epochs=1, batch_size=64, threads=1, device="cpu"
    )
    return new_run(quick, tmp_path)


def rows(folder: RunFolder) -> list[dict[str, object]]:
    return [one["values"] for one in folder.events()[0] if one.kind == "row"]


def test_every_network_is_trained_and_timed_once_though_the_job_stood_still(folder: RunFolder) -> None:
    asked = itertools.count()

    def paused_in_the_second() -> Command:  # an epoch of 20 steps each
        return "pause" if next(asked) >= 30 else "go"

    do_job(NetworksJob(), folder, folder.append, paused_in_the_second)
    assert folder.events()[0][-1].kind == "paused"
    assert [row["model"] for row in rows(folder)] == ["simple_cnn"]
    children = folder.read_json(CHILDREN_FILE)
    assert children is not None
    assert list(children) == ["simple_cnn", "simple_cnn_padded"]

    do_job(NetworksJob(), folder, folder.append, lambda: "go")
    assert folder.events()[0][-1]["reason"] == "finished"
    assert [row["model"] for row in rows(folder)] == list(NETWORKS)
    second = find_run(children["simple_cnn_padded"], folder.path.parent)
    assert [one.kind for one in second.events()[0]].count("resumed") == 1

    networks = compared(8, rows(folder))
    for one in networks:
        assert one.measured is not None
        run = find_run(one.measured.run, folder.path.parent)
        result = run.read_json("result.json")
        assert result is not None
        assert run.config().model == one.model
        assert (one.measured.accuracy, one.parameters) == (result["accuracy"], result["parameters"])
        shown = one.measured.training_rate * one.measured.training_seconds
        assert shown == pytest.approx(20 * 64)  # of 1,293 images, in batches of 64
        assert one.measured.many == 360
    found = best(networks)
    assert found is not None
    assert found.accurate in found.as_good


def test_a_stopped_job_ends(folder: RunFolder) -> None:
    do_job(NetworksJob(), folder, folder.append, lambda: "stop")
    last = folder.events()[0][-1]
    assert (last.kind, last["reason"], last["step"]) == ("ended", "stopped", 0)
