"""What strangers may take of the host that serves the app: safe defaults, each changed by an environment variable.

COMPUTE_CAPITAL_RUNS_WAITING=5 sets `runs_waiting`; docs/deployment.md lists them all.
"""

import os
from collections.abc import Mapping
from functools import lru_cache
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from core.errors import InputError

PREFIX = "COMPUTE_CAPITAL_"


class HostLimits(BaseModel):
    """Bounds of one server.

    runs_waiting: in the queue for training beside the one that trains; 0 switches training off
    turn_seconds: after so long a run lets the next one train and goes on after it
    training_hours: after so long without a stop a run is paused, its state saved; who wants more resumes it
    runs_kept, runs_kept_gigabytes, runs_kept_days: the newest runs that fit in all three are kept
    simulated_paths: of one simulation at most; simulation_megabytes: of results kept for all sessions
    simulation_wait_seconds: for one's turn, before the page says that the server is busy
    document_objects: events of a cap-table file or package, with their parts; time grows with the square
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    runs_waiting: Annotated[int, Field(ge=0, le=1_000)] = 20
    turn_seconds: Annotated[float, Field(gt=0, le=86_400)] = 300.0
    training_hours: Annotated[float, Field(gt=0, le=8_760)] = 6.0
    runs_kept: Annotated[int, Field(ge=1, le=1_000_000)] = 200
    runs_kept_gigabytes: Annotated[float, Field(gt=0, le=1e6)] = 2.0
    runs_kept_days: Annotated[float, Field(gt=0, le=36_500)] = 30.0
    simulated_paths: Annotated[int, Field(ge=1_000, le=1_000_000)] = 10_000
    simulation_megabytes: Annotated[float, Field(gt=0, le=1e6)] = 100.0
    simulation_wait_seconds: Annotated[float, Field(gt=0, le=3_600)] = 30.0
    document_objects: Annotated[int, Field(ge=50, le=100_000)] = 500


def limits_of(environment: Mapping[str, str]) -> HostLimits:
    """Raises InputError for a variable that is none of ours, or whose value is out of bounds."""
    values = {
        name.removeprefix(PREFIX).lower(): value for name, value in environment.items() if name.startswith(PREFIX)
    }
    try:
        return HostLimits.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0])
        code = "unknown_field" if first["type"] == "extra_forbidden" else "out_of_range"
        known = ", ".join(PREFIX + field.upper() for field in HostLimits.model_fields)
        expected = known if code == "unknown_field" else str(first["msg"])
        raise InputError(code, PREFIX + name.upper(), values[name], expected) from None


@lru_cache(maxsize=1)
def host_limits() -> HostLimits:
    """Those of this process, read once."""
    return limits_of(os.environ)
