"""Work of the worker that is more than one training run: it waits in the same queue, and its folder is a run's.

A job stands in job.json beside the config that it starts from. It tells "advance" and "row" events, can be paused,
stopped and resumed as a run can, and ends with "ended".
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from core.errors import InputError
from core.runs.run_folder import RunFolder

JOB_FILE = "job.json"


class TuningJob(BaseModel):
    """A search for settings with a lower validation loss than the config's.

    pruner: what gives up on hopeless trials; structure: whether other networks are searched, too
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    kind: Literal["tune"] = "tune"
    trials: Annotated[int, Field(ge=1, le=1000)] = 20
    pruner: Literal["median", "hyperband"] = "median"
    structure: bool = True


class SpeedJob(BaseModel):
    """The rungs of the speed ladder, measured on this machine with the config's network and data."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    kind: Literal["speed"] = "speed"


class NetworksJob(BaseModel):
    """The small networks side by side, each trained with the config's recipe."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    kind: Literal["networks"] = "networks"


Job = Annotated[TuningJob | SpeedJob | NetworksJob, Field(discriminator="kind")]
_JOB: TypeAdapter[Job] = TypeAdapter(Job)


def job_of(folder: RunFolder) -> Job | None:
    """The job of a folder; None where it is a plain training run. Raises InputError for a file that is none."""
    read = folder.read_json(JOB_FILE)
    if read is None:
        return None
    try:
        return _JOB.validate_python(read)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise InputError("malformed", "job", str(first["loc"]), str(first["msg"])) from None
