"""Every activation by its id."""

from collections.abc import Mapping
from types import MappingProxyType

from core.formulas.activations import other, over_vectors, rectified, saturating, smooth_rectified
from core.formulas.activations.row import TRAITS, Activation

ACTIVATIONS: Mapping[str, Activation] = MappingProxyType(
    {row.id: row for module in (saturating, rectified, smooth_rectified, other, over_vectors) for row in module.ROWS}
)

__all__ = ["ACTIVATIONS", "TRAITS", "Activation"]
