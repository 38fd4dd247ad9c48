"""What the worker does for each kind of job."""

from collections.abc import Callable, Mapping
from typing import Any

from core.errors import InputError
from core.runs.events import failure
from core.runs.jobs import Job
from core.runs.run_folder import RunFolder
from core.vision.train import Control, Observe

Do = Callable[[Any, RunFolder, Observe, Control], None]
JOBS: Mapping[str, Do] = {}


def do_job(job: Job, folder: RunFolder, observe: Observe, control: Control) -> None:
    """Does a job, or goes on with it. Raises InputError, after a "failed" event."""
    try:
        JOBS[job.kind](job, folder, observe, control)
    except InputError as error:
        observe(failure(error))
        raise
