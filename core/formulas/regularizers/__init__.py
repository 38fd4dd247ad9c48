"""Everything that keeps a net from learning its training data by heart, by its id."""

from collections.abc import Mapping
from types import MappingProxyType

from core.formulas.regularizers import masks, normalization, training, weights
from core.formulas.regularizers.row import Regularizer

REGULARIZERS: Mapping[str, Regularizer] = MappingProxyType(
    {row.id: row for module in (weights, masks, normalization, training) for row in module.ROWS}
)

__all__ = ["REGULARIZERS", "Regularizer"]
