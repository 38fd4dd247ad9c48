"""Learning-rate schedules by their ids: the rate of each step from 0, as torch.optim.lr_scheduler sets it."""

from collections.abc import Mapping
from types import MappingProxyType

from core.errors import InputError
from core.formulas.schedules.plateau import PLATEAU_SETTINGS, plateau_rates
from core.formulas.schedules.row import Schedule
from core.formulas.schedules.rows import ROWS
from core.formulas.settings import Choice, Settings, completed

SCHEDULES: Mapping[str, Schedule] = MappingProxyType({row.id: row for row in ROWS})


def schedule(choice: Choice) -> tuple[Schedule, Settings]:
    """The row of a choice and all its settings. Raises InputError for an unknown name or a setting out of bounds."""
    if choice.name not in SCHEDULES:
        raise InputError("unknown_name", "schedule", choice.name, " | ".join(SCHEDULES))
    row = SCHEDULES[choice.name]
    return row, completed(row.settings, choice.settings, f"schedule.{choice.name}")


__all__ = ["PLATEAU_SETTINGS", "SCHEDULES", "Schedule", "plateau_rates", "schedule"]
