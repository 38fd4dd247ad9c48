"""The folder of a training run: everything that is known about it, readable without torch.

    ROOT/<32 hex digits>/
        config.json           TrainingConfig
        events.jsonl          one Event a line, appended
        environment.json      versions, device, threads
        checkpoint.safetensors   the trained weights
        state.safetensors     with state.json beside it: everything that a resumed run needs
        result.json           figures of the finished run
        tb/                   event files of TensorBoard

The id is 128 random bits: who knows it may see the run. Files are replaced whole: a killed writer leaves the old one.
"""

import json
import os
import re
import secrets
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, NewType

from core.errors import InputError
from core.runs.events import Event, to_line, whole_events
from core.runs.training_config import TrainingConfig, from_json

RunId = NewType("RunId", str)
RUNS = Path(__file__).resolve().parents[2] / "runs"
_ID = re.compile(r"[0-9a-f]{32}")
LARGEST_EVENTS_READ = 8 * 1024 * 1024


@dataclass(frozen=True)
class RunFolder:
    """A run's folder; `path` ends in its id."""

    path: Path

    @property
    def id(self) -> RunId:
        return RunId(self.path.name)

    @property
    def events_file(self) -> Path:
        return self.path / "events.jsonl"

    @property
    def checkpoint_file(self) -> Path:
        return self.path / "checkpoint.safetensors"

    @property
    def state_file(self) -> Path:
        return self.path / "state.safetensors"

    @property
    def tensorboard_folder(self) -> Path:
        return self.path / "tb"

    def config(self) -> TrainingConfig:
        return from_json(self._bytes("config.json"))

    def read_json(self, name: str) -> dict[str, Any] | None:
        """A JSON file of the folder ("result.json"); None where it does not exist."""
        if not (self.path / name).exists():
            return None
        try:
            read = json.loads(self._bytes(name))
        except ValueError:
            raise InputError("malformed", f"run.{name}", self.id, "JSON") from None
        if not isinstance(read, dict):
            raise InputError("wrong_type", f"run.{name}", self.id, "{...}")
        return read

    def write_json(self, name: str, value: Mapping[str, Any]) -> None:
        replace_file(self.path / name, lambda file: file.write(json.dumps(value, indent=1).encode()))

    def append(self, told: Event) -> None:
        """Adds one event, in one write, so that a reader never sees two halves of different writers."""
        with self.events_file.open("ab+") as file:
            start = b"\n" if _ends_within_a_line(file) else b""
            file.write(start + to_line(told).encode() + b"\n")

    def events(self, since: int = 0) -> tuple[list[Event], int]:
        """Events from the byte `since` on, and the byte to ask for next; a line that is not whole yet waits.

        What a killed writer left of a line is passed over.
        """
        if not self.events_file.exists():
            return [], since
        with self.events_file.open("rb") as file:
            file.seek(since)
            read = file.read(LARGEST_EVENTS_READ)
        whole = read[: read.rfind(b"\n") + 1]
        return whole_events(whole.splitlines()), since + len(whole)

    def _bytes(self, name: str) -> bytes:
        try:
            return (self.path / name).read_bytes()
        except OSError:
            raise InputError("missing", f"run.{name}", self.id, "a run of this server") from None


def new_run(config: TrainingConfig, root: Path = RUNS) -> RunFolder:
    """A folder with a fresh id that holds the config alone."""
    folder = RunFolder(root / secrets.token_hex(16))
    folder.path.mkdir(parents=True, mode=0o700)
    replace_file(folder.path / "config.json", lambda file: file.write(config.model_dump_json(indent=1).encode()))
    return folder


def find_run(run: str, root: Path = RUNS) -> RunFolder:
    """The folder of a run. Raises InputError for what is no id (so for every path) and for an unknown run."""
    if not _ID.fullmatch(run):
        raise InputError("malformed", "run", run, "32 digits of 0-9a-f")
    folder = RunFolder(root / run)
    if not (folder.path / "config.json").exists():
        raise InputError("unknown_name", "run", run, "a run of this server")
    return folder


def delete_run(folder: RunFolder) -> None:
    shutil.rmtree(folder.path, ignore_errors=True)


def replace_file(path: Path, write: Callable[[BinaryIO], object]) -> None:
    """Writes a file beside the old one and puts it in its place at once; a full disk leaves the old one."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _ends_within_a_line(file: BinaryIO) -> bool:
    """Whether its last writer was killed while he wrote."""
    if file.seek(0, os.SEEK_END) == 0:
        return False
    file.seek(-1, os.SEEK_END)
    return file.read(1) != b"\n"


def run_folders(root: Path = RUNS) -> list[RunFolder]:
    """All runs of a server, in no order."""
    found = root.iterdir() if root.is_dir() else ()
    return [RunFolder(path) for path in found if _ID.fullmatch(path.name) and path.is_dir()]
