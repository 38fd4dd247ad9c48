"""Every way to draw first weights by its id."""

from collections.abc import Mapping
from types import MappingProxyType

from core.formulas.initializers import plain, scaled, structured
from core.formulas.initializers.row import Initializer, fans, gain

INITIALIZERS: Mapping[str, Initializer] = MappingProxyType(
    {row.id: row for module in (plain, scaled, structured) for row in module.ROWS}
)

__all__ = ["INITIALIZERS", "Initializer", "fans", "gain"]
