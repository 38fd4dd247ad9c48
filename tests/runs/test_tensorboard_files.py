"""TensorBoard reads what is written, and forgets what a resumed run redoes."""

from pathlib import Path

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from core.runs.events import FIELDS, event
from core.runs.run_folder import new_run
from core.runs.tensorboard_files import TensorboardFiles
from core.runs.training_config import TrainingConfig


def test_tensorboard_reads_the_scalars(tmp_path: Path) -> None:
    folder = new_run(TrainingConfig(), tmp_path)
    unknown = dict.fromkeys(FIELDS["progress"])
    files = TensorboardFiles(folder)
    files.take(event("progress", **unknown | {"step": 10, "loss": 2.5, "rate": 0.01}))
    files.take(event("progress", **unknown | {"step": 20, "loss": 9.0}))
    files.take(event("resumed", step=10, epoch=0))
    files.take(event("progress", **unknown | {"step": 20, "loss": 1.5}))
    files.close()
    read = EventAccumulator(str(folder.tensorboard_folder)).Reload()
    assert [(one.step, one.value) for one in read.Scalars("loss/train")] == [(10, 2.5), (20, 1.5)]
    assert "mfu" not in read.Tags()["scalars"]
