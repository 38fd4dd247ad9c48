"""Event files beside a run that TensorBoard reads, written without torch."""

import time
from collections.abc import Mapping

from tensorboard.compat.proto.event_pb2 import Event as TensorboardEvent
from tensorboard.compat.proto.event_pb2 import SessionLog
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.summary.writer.event_file_writer import EventFileWriter

from core.runs.events import Event
from core.runs.run_folder import RunFolder

FLUSH_SECONDS = 5
# event kind -> field of the event -> tag in TensorBoard
TAGS: Mapping[str, Mapping[str, str]] = {
    "progress": {
        "loss": "loss/train",
        "accuracy": "accuracy/train",
        "rate": "learning_rate",
        "samples_per_second": "samples_per_second",
        "mfu": "mfu",
        "memory_bytes": "memory_bytes",
        "joules": "joules",
    },
    "epoch": {"validation_loss": "loss/validation", "validation_accuracy": "accuracy/validation"},
    "ended": {"accuracy": "accuracy/test"},
}


class TensorboardFiles:
    """Writes what events say; a resumed run tells TensorBoard to forget what it redoes."""

    def __init__(self, folder: RunFolder) -> None:
        self._writer = EventFileWriter(str(folder.tensorboard_folder), flush_secs=FLUSH_SECONDS)

    def take(self, told: Event) -> None:
        if told.kind == "resumed":
            start = SessionLog(status=SessionLog.START)
            self._add(TensorboardEvent(wall_time=time.time(), step=int(told["step"]) + 1, session_log=start))
            return
        values = [
            Summary.Value(tag=tag, simple_value=float(told[name]))
            for name, tag in TAGS.get(told.kind, {}).items()
            if isinstance(told[name], int | float)
        ]
        if values:
            step = int(told["step"])
            self._add(TensorboardEvent(wall_time=time.time(), step=step, summary=Summary(value=values)))

    def close(self) -> None:
        self._writer.close()

    def _add(self, written: TensorboardEvent) -> None:
        self._writer.add_event(written)
