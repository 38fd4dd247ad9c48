"""The speed ladder on the 8 x 8 digits, in short windows: what is measured, left out, halted and gone on with."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from torch.nn import functional

from core.runs.events import Command, Event
from core.runs.jobs import SpeedJob
from core.runs.run_folder import RunFolder, new_run
from core.runs.speed_ladder import RUNGS, Ladder, ladder
from core.runs.training_config import TrainingConfig
from core.vision import speed
from core.vision.jobs import do_job

ROUNDS = 3


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Few and short windows, and a machine without a compiler, whose work would take half a minute."""
    monkeypatch.setattr(speed, "ROUNDS", ROUNDS)
    monkeypatch.setattr(speed, "WINDOW_SECONDS", 0.02)
    monkeypatch.setitem(speed.COPY_BYTES, "cpu", 2**22)
    monkeypatch.setenv("PATH", str(tmp_path))


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    return new_run(TrainingConfig(model="mlp", threads=1, device="cpu"), tmp_path)


def measure(folder: RunFolder, *commands: Command) -> list[Event]:
    given = iter(commands)
    do_job(SpeedJob(), folder, folder.append, lambda: next(given, "go"))
    return folder.events()[0]


def rows(folder: RunFolder) -> list[dict[str, object]]:
    return [one["values"] for one in folder.events()[0] if one.kind == "row"]


def found(folder: RunFolder) -> Ladder:
    made = ladder(rows(folder))
    assert made is not None
    return made


def test_each_rung_is_measured_in_every_round_or_left_out_with_its_reason(folder: RunFolder) -> None:
    told = measure(folder)
    assert (told[-1].kind, told[-1]["reason"]) == ("ended", "finished")
    made = found(folder)
    assert {one.name for one in made.rungs} | set(made.skipped) == set(RUNGS)
    assert made.skipped["compile"] == "compiler"
    assert made.skipped["graph"] == "cuda"
    assert all(set(one.windows) == set(range(ROUNDS)) for one in made.rungs)
    assert all(one.slowest <= one.images_per_second <= one.fastest for one in made.rungs)
    assert (made.model, made.side, made.batch) == ("mlp", 8, 100)
    first, resident = made.rungs[:2]
    assert first.name == "article"
    assert made.gain(resident, first) > 1.5  # without opening a hundred images one by one
    assert made.limit(first) in ("loader", "overhead")


def test_a_ladder_that_stood_still_measures_only_what_is_left(folder: RunFolder) -> None:
    told = measure(folder, "go", "go", "go", "pause")
    assert told[-1].kind == "paused"
    before = rows(folder)
    assert [row["row"] for row in before] == ["machine", "roofs", "rung", "window", "rung", "window"]
    told = measure(folder)
    assert told[-1]["reason"] == "finished"
    assert rows(folder)[: len(before)] == before
    windows = [(row["name"], row["round"]) for row in rows(folder) if row["row"] == "window"]
    assert len(windows) == len(set(windows)) == ROUNDS * len(found(folder).rungs)
    ready = [row["name"] for row in rows(folder) if row["row"] == "rung"]
    assert len(ready) == len(set(ready)) == len(RUNGS)


def test_a_stopped_ladder_ends_with_what_it_has(folder: RunFolder) -> None:
    told = measure(folder, "go", "go", "stop")
    assert (told[-1].kind, told[-1]["reason"], told[-1]["step"]) == ("ended", "stopped", 2)
    assert [one.name for one in found(folder).rungs] == ["article"]


@pytest.mark.parametrize("name", ["article", "resident", "flat", "bfloat16"])
def test_a_step_lowers_the_loss_of_its_network(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Seen where the rungs compute it: the loss of the first of 60 steps, and of the last."""
    losses: list[float] = []

    def kept(loss: Callable[..., torch.Tensor]) -> Callable[..., torch.Tensor]:
        def computed(*given: torch.Tensor, **settings: float) -> torch.Tensor:
            found = loss(*given, **settings)
            losses.append(float(found.detach()))
            return found

        return computed

    monkeypatch.setattr(functional, "nll_loss", kept(functional.nll_loss))
    monkeypatch.setattr(functional, "cross_entropy", kept(functional.cross_entropy))
    bench = speed._bench(TrainingConfig(model="mlp", threads=1, device="cpu"), lambda _: None)
    _, step = speed._MAKERS[name](bench)
    for _ in range(60):
        step()
    assert losses[0] == pytest.approx(2.3, abs=0.15)  # ln 10: guessing
    assert losses[-1] < 0.8


def test_a_copy_is_counted_as_read_and_written() -> None:
    """More than a hundredth and less than a hundred times 10 GB/s: a mistaken unit is a factor of a thousand."""
    assert 1e8 < speed.byte_roof(torch.device("cpu")) < 1e12
