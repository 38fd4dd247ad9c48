"""A public server keeps a bounded number of runs."""

import os
from pathlib import Path

from core.host_limits import HostLimits
from core.runs.retention import tidy, tidy_answers
from core.runs.run_folder import RunFolder, new_run, run_folders
from core.runs.training_config import TrainingConfig

DAY = 86_400


def run_of(root: Path, changed: float, size: int = 0) -> RunFolder:
    folder = new_run(TrainingConfig(), root)
    (folder.path / "checkpoint.safetensors").write_bytes(b"0" * size)
    for file in folder.path.iterdir():
        os.utime(file, (changed, changed))
    return folder


def test_the_newest_runs_stay(tmp_path: Path) -> None:
    runs = [run_of(tmp_path, 1000.0 + age) for age in range(5)]
    gone = tidy(tmp_path, HostLimits(runs_kept=2), now=2000.0)
    assert set(gone) == {run.id for run in runs[:3]}
    assert {run.id for run in run_folders(tmp_path)} == {run.id for run in runs[3:]}


def test_old_runs_go_but_never_a_busy_one(tmp_path: Path) -> None:
    old, busy, new = run_of(tmp_path, 0.0), run_of(tmp_path, 0.0), run_of(tmp_path, 40.0 * DAY)
    assert tidy(tmp_path, HostLimits(), [busy.id], now=41.0 * DAY) == [old.id]
    assert {run.id for run in run_folders(tmp_path)} == {busy.id, new.id}


def test_large_runs_go_once_the_disk_is_theirs(tmp_path: Path) -> None:
    first, second = run_of(tmp_path, 1.0, 60_000), run_of(tmp_path, 2.0, 60_000)
    assert tidy(tmp_path, HostLimits(runs_kept_gigabytes=100_000 / 1e9), now=3.0) == [first.id]
    assert [run.id for run in run_folders(tmp_path)] == [second.id]


def test_answers_of_the_worker_are_bounded_too(tmp_path: Path) -> None:
    for age in range(5):
        file = tmp_path / f"{age}.npz"
        file.write_bytes(b"")
        os.utime(file, (age, age))
    tidy_answers(tmp_path, most=2)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["3.npz", "4.npz"]
