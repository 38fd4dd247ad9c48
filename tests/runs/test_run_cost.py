"""The cost of a run from its events."""

from pathlib import Path

import pytest

from core.runs.events import FIELDS, Event, event
from core.runs.run_cost import run_cost
from core.runs.run_folder import RunFolder, new_run
from core.runs.run_history import RunHistory
from core.runs.training_config import TrainingConfig

CONFIG = TrainingConfig(epochs=4)


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    return new_run(CONFIG, tmp_path)


def started(peak_flops: float | None) -> Event:
    """Ten steps an epoch of 100 images, a thousand FLOP each."""
    given = {"samples": 1000, "steps": 40, "flops_per_sample": 1000, "peak_flops": peak_flops}
    return event("started", **dict.fromkeys(FIELDS["started"]) | given)


def progress(joules: float | None) -> Event:
    given = {"step": 20, "epoch": 1, "seconds": 2.0, "joules": joules}
    return event("progress", **dict.fromkeys(FIELDS["progress"]) | given)


def told(folder: RunFolder, *events: Event) -> RunHistory:
    for one in events:
        folder.append(one)
    history = RunHistory(folder)
    history.update()
    return history


def test_flops_speed_and_utilisation_follow_from_the_images_shown(folder: RunFolder) -> None:
    """20 steps of 100 images at 1,000 FLOP are 2 MFLOP; in 2 s that is 1 MFLOP/s, a fifth of a peak of 5."""
    cost = run_cost(told(folder, started(5e6), progress(7.2e6)), CONFIG)
    assert cost is not None
    assert (cost.images, cost.flops, cost.images_per_second) == (2000, 2e6, 1000)
    assert cost.mfu == pytest.approx(0.2)
    assert cost.kwh == pytest.approx(2.0)  # 3.6 MJ each


def test_what_the_machine_hides_stays_unknown(folder: RunFolder) -> None:
    cost = run_cost(told(folder, started(None), progress(None)), CONFIG)
    assert cost is not None
    assert (cost.mfu, cost.kwh) == (None, None)


def test_before_its_first_step_a_run_has_cost_nothing(folder: RunFolder) -> None:
    assert run_cost(told(folder), CONFIG) is None
    assert run_cost(told(folder, started(5e6)), CONFIG) is None
