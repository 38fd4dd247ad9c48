"""What a formula can be set to, and one choice of a formula with its settings.

A `Choice` is the seam between the pages and the training room: the same value drives a 2-D surface and a network.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from core.errors import InputError

Settings = Mapping[str, float]
NONE: Settings = MappingProxyType({})


@dataclass(frozen=True)
class Setting:
    """One number a formula can be set to.

    name: as in code; symbol: as in the formula (LaTeX); meaning: English text for the page
    minimum, maximum: both allowed; whole: only integers; a switch is a whole setting from 0 to 1
    """

    name: str
    symbol: str
    default: float
    minimum: float
    maximum: float
    meaning: str
    whole: bool = False

    @property
    def bounds(self) -> str:
        return f"{self.minimum:g} <= {self.name} <= {self.maximum:g}"


@dataclass(frozen=True)
class Choice:
    """A row of a catalogue by its id, with the settings that differ from the defaults."""

    name: str
    settings: Settings = field(default_factory=lambda: NONE)


def completed(known: tuple[Setting, ...], given: Settings, where: str) -> Settings:
    """All settings of a row: `given` over the defaults.

    Raises InputError with the field "where.setting" for an unknown name or a number out of bounds.
    """
    by_name = {setting.name: setting for setting in known}
    for name, value in given.items():
        place = f"{where}.{name}"
        if name not in by_name:
            raise InputError("unknown_field", place, value, " | ".join(by_name))
        setting = by_name[name]
        if not math.isfinite(value):
            raise InputError("not_a_number", place, value, setting.bounds)
        if not setting.minimum <= value <= setting.maximum:
            raise InputError("out_of_range", place, value, setting.bounds)
        if setting.whole and value != int(value):
            raise InputError("wrong_type", place, value, f"{setting.name} = 0, 1, 2, ...")
    return MappingProxyType({setting.name: float(given.get(setting.name, setting.default)) for setting in known})
