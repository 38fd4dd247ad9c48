"""Published mistakes by their ids: the article's in its order, then famous ones elsewhere."""

from collections.abc import Mapping
from types import MappingProxyType

from core.formulas.errata import article_losses, article_optimizers, article_training, elsewhere
from core.formulas.errata.row import Curve, Damage, Erratum, Figure

ERRATA: Mapping[str, Erratum] = MappingProxyType(
    {row.id: row for module in (article_losses, article_optimizers, article_training, elsewhere) for row in module.ROWS}
)

__all__ = ["ERRATA", "Curve", "Damage", "Erratum", "Figure"]
