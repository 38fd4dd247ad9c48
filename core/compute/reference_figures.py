"""Sourced scalars that plans start from: MFU, multipliers, power, staff and serving cost."""

from dataclasses import dataclass

from core.errors import InputError
from core.tables import Source, load_table


@dataclass(frozen=True)
class ReferenceFigure:
    """One published or derived figure with its interval (None where none is known)."""

    name: str
    value: float
    low: float | None
    high: float | None
    unit: str
    source: Source


def reference_figure(name: str) -> ReferenceFigure:
    """The figure of this name. Raises InputError for an unknown one."""
    figures = {figure.name: figure for figure in load_table("reference_figures", ReferenceFigure)}
    if name not in figures:
        raise InputError("unknown_name", "reference_figures.name", name, " | ".join(figures))
    return figures[name]
