"""What the worker does for each kind of job."""

from collections.abc import Callable, Mapping
from typing import Any

from core.errors import InputError
from core.runs.events import failure
from core.runs.jobs import Job, TuningJob
from core.runs.run_folder import RunFolder
from core.vision.network_trials import try_networks
from core.vision.speed import measure_speed
from core.vision.train import Control, Observe


def _tune(job: TuningJob, folder: RunFolder, observe: Observe, control: Control) -> None:
    from core.vision.tuning import tune  # noqa: PLC0415  Optuna takes a while, and few start a search

    tune(job, folder, observe, control)


Do = Callable[[Any, RunFolder, Observe, Control], None]
JOBS: Mapping[str, Do] = {"tune": _tune, "speed": measure_speed, "networks": try_networks}


def do_job(job: Job, folder: RunFolder, observe: Observe, control: Control) -> None:
    """Does a job, or goes on with it. Raises InputError, after a "failed" event."""
    try:
        JOBS[job.kind](job, folder, observe, control)
    except InputError as error:
        observe(failure(error))
        raise
