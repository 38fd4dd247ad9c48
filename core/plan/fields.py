"""Field paths such as "runs.0.mfu": how edits, ranges and pages name one value of a scenario."""

import math
from dataclasses import fields, is_dataclass
from typing import Any

from pydantic import BaseModel

from core.errors import InputError


def field_value(model: BaseModel, path: str) -> Any:
    """The value at a path. Raises InputError for an unknown one."""
    value: Any = model
    for part in path.split("."):
        try:
            value = _member(value, part)
        except (IndexError, ValueError, KeyError):
            raise InputError("unknown_field", path, part, "a field of the scenario") from None
    return value


def field_bounds(model: BaseModel, path: str) -> tuple[float, float]:
    """Closed bounds of the number at a path; infinite where there is none, an open bound moved by one float."""
    parent, name = path.rpartition(".")[::2]
    owner = field_value(model, parent) if parent else model
    low, high = -math.inf, math.inf
    if not isinstance(owner, BaseModel):
        return low, high  # a value of compute, which checks itself
    for limit in type(owner).model_fields[name].metadata:
        low = max(low, getattr(limit, "ge", -math.inf), math.nextafter(getattr(limit, "gt", -math.inf), math.inf))
        high = min(high, getattr(limit, "le", math.inf), math.nextafter(getattr(limit, "lt", math.inf), -math.inf))
    return low, high


def position(part: str) -> int:
    """A place in a list as a path spells it: 0, 1, 2 and nothing else."""
    if not (part.isascii() and part.isdigit()) or (part[0] == "0" and part != "0"):
        raise ValueError(part)
    return int(part)


def _member(value: Any, part: str) -> Any:
    if isinstance(value, tuple):
        return value[position(part)]
    if isinstance(value, BaseModel):
        if part not in type(value).model_fields:
            raise KeyError(part)
        return getattr(value, part)
    if is_dataclass(value) and part in {field.name for field in fields(value)}:
        return getattr(value, part)
    raise KeyError(part)
