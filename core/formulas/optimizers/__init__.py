"""Every optimizer by its id, each written once over NumPy or torch."""

from collections.abc import Mapping
from types import MappingProxyType

from core.errors import InputError
from core.formulas.optimizers import adam, adaptive, mistaken, momentum, recent
from core.formulas.optimizers.step import QUANTITIES, Optimizer, State, trace
from core.formulas.settings import Choice, Settings, completed

OPTIMIZERS: Mapping[str, Optimizer] = MappingProxyType(
    {row.id: row for module in (momentum, adaptive, adam, recent) for row in module.ROWS}
)
MISTAKEN_OPTIMIZERS: Mapping[str, Optimizer] = MappingProxyType({row.id: row for row in mistaken.ROWS})


def optimizer(choice: Choice) -> tuple[Optimizer, Settings]:
    """The row of a choice and all its settings. Raises InputError for an unknown name or a setting out of bounds."""
    row = OPTIMIZERS.get(choice.name) or MISTAKEN_OPTIMIZERS.get(choice.name)
    if row is None:
        raise InputError("unknown_name", "optimizer", choice.name, " | ".join(OPTIMIZERS))
    return row, completed(row.settings, choice.settings, f"optimizer.{choice.name}")


__all__ = ["MISTAKEN_OPTIMIZERS", "OPTIMIZERS", "QUANTITIES", "Optimizer", "State", "optimizer", "trace"]
