"""Events folded into columns."""

from pathlib import Path

import numpy as np
import pytest

from core.runs.events import FIELDS, Event, event
from core.runs.run_folder import RunFolder, new_run
from core.runs.run_history import RunHistory
from core.runs.training_config import TrainingConfig


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    return new_run(TrainingConfig(), tmp_path)


def progress(step: int, loss: float) -> Event:
    return event("progress", **dict.fromkeys(FIELDS["progress"]) | {"step": step, "epoch": 1, "loss": loss})


def epoch(step: int) -> Event:
    return event("epoch", **dict.fromkeys(FIELDS["epoch"], 0.5) | {"step": step})


def test_columns_grow_with_the_run(folder: RunFolder) -> None:
    told = RunHistory(folder)
    folder.append(progress(10, 2.3))
    told.update()
    folder.append(progress(20, 1.2))
    told.update()
    assert told.progress()["loss"].tolist() == [2.3, 1.2]
    assert np.isnan(told.progress()["mfu"]).all()
    assert told.latest("loss") == 1.2
    assert told.latest("mfu") is None


def test_a_resumed_run_replaces_what_it_redoes(folder: RunFolder) -> None:
    """Killed at step 30, saved at step 20: the points after 20 are void."""
    for told in (progress(10, 2.0), progress(20, 1.5), epoch(20), progress(30, 9.9)):
        folder.append(told)
    folder.append(event("resumed", step=20, epoch=1))
    folder.append(progress(30, 1.1))
    history = RunHistory(folder)
    history.update()
    assert history.progress()["step"].tolist() == [10, 20, 30]
    assert history.progress()["loss"].tolist() == [2.0, 1.5, 1.1]
    assert history.epochs()["step"].tolist() == [20]


def test_a_long_run_is_drawn_with_few_points_and_its_last(folder: RunFolder) -> None:
    with folder.events_file.open("w") as file:
        from core.runs.events import to_line

        file.writelines(to_line(progress(step, 1.0)) + "\n" for step in range(10_000))
    history = RunHistory(folder)
    history.update()
    steps = history.progress(400)["step"]
    assert len(steps) <= 400
    assert steps[-1] == 9_999
    assert set(np.diff(steps)) == {25}
