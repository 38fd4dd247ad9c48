"""Every loss by its id."""

from collections.abc import Mapping
from types import MappingProxyType

from core.formulas.losses import classes, distributions, margins, overlap, regression, similarity
from core.formulas.losses.row import REDUCTIONS, TRAITS, Loss, LossTerms, Reduction

LOSSES: Mapping[str, Loss] = MappingProxyType(
    {
        row.id: row
        for module in (regression, classes, distributions, margins, similarity, overlap)
        for row in module.ROWS
    }
)

__all__ = ["LOSSES", "REDUCTIONS", "TRAITS", "Loss", "LossTerms", "Reduction"]
