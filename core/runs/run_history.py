"""A run's events folded into columns for a chart: each event is read once, a resumed run replaces what it redoes."""

import threading
from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.runs.events import FIELDS, Event
from core.runs.run_folder import RunFolder

Columns = dict[str, NDArray[np.float64]]
MOST_POINTS = 400
_KEPT_HISTORIES = 16  # a long run's columns take about 3 MB


@dataclass
class RunHistory:
    """What is known of a run so far.

    progress, epochs: columns by the fields of their events, NaN where a value is unknown
    started, stages, last: the events themselves; stages by name
    """

    folder: RunFolder
    started: Event | None = None
    last: Event | None = None
    stages: dict[str, Event] = field(default_factory=dict)
    _progress: dict[str, "array[float]"] = field(default_factory=lambda: _empty("progress"))
    _epochs: dict[str, "array[float]"] = field(default_factory=lambda: _empty("epoch"))
    _read_bytes: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def update(self) -> None:
        """Reads what the run has told since."""
        with self._lock:
            while True:
                told, self._read_bytes = self.folder.events(self._read_bytes)
                if not told:
                    return
                for one in told:
                    self._take(one)

    def progress(self, most: int = MOST_POINTS) -> Columns:
        """Columns of at most about `most` points, evenly strided, the last one always among them."""
        with self._lock:
            return _strided(self._progress, most)

    def epochs(self) -> Columns:
        with self._lock:
            return _strided(self._epochs, MOST_POINTS)

    def latest(self, name: str) -> float | None:
        """The last known value of a column of progress, None where there is none."""
        with self._lock:
            column = self._progress[name]
            return column[-1] if column and not np.isnan(column[-1]) else None

    def _take(self, told: Event) -> None:
        self.last = told
        if told.kind == "started":
            self.started, self.stages = told, {}
            self._progress, self._epochs = _empty("progress"), _empty("epoch")
        elif told.kind == "resumed":
            _forget_after(self._progress, told["step"])
            _forget_after(self._epochs, told["step"])
        elif told.kind == "stage":
            self.stages[told["name"]] = told
        elif told.kind == "progress":
            _add(self._progress, told)
        elif told.kind == "epoch":
            _add(self._epochs, told)


@lru_cache(maxsize=_KEPT_HISTORIES)
def history(path: Path) -> RunHistory:
    """The one history of a folder that all viewers share; call `update` before reading it."""
    return RunHistory(RunFolder(path))


def _empty(kind: str) -> dict[str, "array[float]"]:
    return {name: array("d") for name in FIELDS[kind]}


def _add(columns: Mapping[str, "array[float]"], told: Mapping[str, Any]) -> None:
    for name, column in columns.items():
        value = told[name]
        column.append(float(value) if isinstance(value, int | float) else np.nan)


def _forget_after(columns: Mapping[str, "array[float]"], step: int) -> None:
    steps = columns["step"]
    kept = len(steps)
    while kept and steps[kept - 1] > step:
        kept -= 1
    for column in columns.values():
        del column[kept:]


def _strided(columns: Mapping[str, "array[float]"], most: int) -> Columns:
    count = len(columns["step"])
    stride = max(1, -(-count // most))
    picked = np.arange(count - 1, -1, -stride)[::-1]
    return {name: np.array(column, dtype=np.float64)[picked] for name, column in columns.items()}
