"""A run's folder: its id is the permission to see it, and its files are whole or not there."""

import os
from pathlib import Path

import pytest

from core.errors import InputError
from core.runs.events import event
from core.runs.run_folder import delete_run, find_run, new_run, replace_file, run_folders
from core.runs.training_config import TrainingConfig


def test_a_new_run_is_found_by_its_128_bits(tmp_path: Path) -> None:
    folder = new_run(TrainingConfig(seed=7), tmp_path)
    assert len(folder.id) * 4 == 128
    assert find_run(folder.id, tmp_path).config().seed == 7
    assert [one.id for one in run_folders(tmp_path)] == [folder.id]
    delete_run(folder)
    assert run_folders(tmp_path) == []


@pytest.mark.parametrize("run", ["", "../x", "a" * 31, "A" * 32, "a" * 33, "a" * 32 + "\n", "..", "/etc/passwd"])
def test_what_is_no_id_reaches_no_file(run: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        find_run(run, tmp_path)


def test_an_unknown_id_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not a known name"):
        find_run("0" * 32, tmp_path)


def test_only_its_owner_reads_the_folder(tmp_path: Path) -> None:
    assert new_run(TrainingConfig(), tmp_path).path.stat().st_mode & 0o077 == 0


def test_events_are_read_on_from_where_the_last_reading_ended(tmp_path: Path) -> None:
    folder = new_run(TrainingConfig(), tmp_path)
    assert folder.events() == ([], 0)
    folder.append(event("paused", step=1, epoch=0))
    first, place = folder.events()
    folder.append(event("paused", step=2, epoch=0))
    with folder.events_file.open("ab") as file:
        file.write(b'{"kind":"paused","st')  # a line that is not whole yet
    second, place = folder.events(place)
    assert [one["step"] for one in (*first, *second)] == [1, 2]
    assert folder.events(place) == ([], place)


def test_a_writer_that_fails_leaves_the_old_file(tmp_path: Path) -> None:
    file = tmp_path / "result.json"
    file.write_bytes(b"old")

    def fails(_file: object) -> None:
        raise OSError(28, os.strerror(28))

    with pytest.raises(OSError, match="No space left"):
        replace_file(file, fails)
    assert file.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [file]
