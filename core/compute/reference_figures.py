"""Sourced scalars that plans start from: MFU, multipliers, power, staff and serving cost."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

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


def reference_figures() -> Mapping[str, ReferenceFigure]:
    """All figures by name."""
    return MappingProxyType({figure.name: figure for figure in load_table("reference_figures", ReferenceFigure)})
