"""What the series are called that the SAFEs and notes of a round become: "Series A-S1", "Series A-N1"."""

import re

_SHADOW = re.compile(r"(.+)(-[SN]\d+)")


def shadow_names(series: str, safes: int, notes: int) -> list[str]:
    """A name for each SAFE, then for each note, that converts in the round of this series."""
    return [f"{series}-S{number + 1}" for number in range(safes)] + [
        f"{series}-N{number + 1}" for number in range(notes)
    ]


def shadow_parts(name: str) -> tuple[str, str] | None:
    """The series and what is put after it, ("Series A", "-S1"); None for a name that is not of this form."""
    found = _SHADOW.fullmatch(name)
    return (found[1], found[2]) if found else None
