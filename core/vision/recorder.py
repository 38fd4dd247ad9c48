"""What a run tells, written to its folder."""

import contextlib
from collections.abc import Iterator

from core.runs.events import Event
from core.runs.run_folder import RunFolder
from core.runs.tensorboard_files import TensorboardFiles


class Recorder:
    """Writes each event to the folder of the run, and for TensorBoard."""

    def __init__(self, folder: RunFolder) -> None:
        self.last: Event | None = None
        self._folder = folder
        self._tensorboard = TensorboardFiles(folder)

    def __call__(self, told: Event) -> None:
        self._folder.append(told)
        self._tensorboard.take(told)
        self.last = told

    def close(self) -> None:
        self._tensorboard.close()


@contextlib.contextmanager
def recorder(folder: RunFolder) -> Iterator[Recorder]:
    """A recorder of events for as long as the run lasts."""
    record = Recorder(folder)
    try:
        yield record
    finally:
        record.close()
