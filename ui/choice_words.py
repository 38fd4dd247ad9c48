"""How the scenario's choices are said: what is stored as "post_money" or True is a name, or yes and no."""

from collections.abc import Mapping

from core.compute.accelerators import accelerators
from ui.financing_inputs import CHOICES, KIND_NAMES
from ui.language import words
from ui.new_items import STRATEGY_NAMES
from ui.scenario_inputs import IF_SHORT, PRECISIONS, VALUED_BY

NONE = "–"


def choice_text(path: str, value: str | bool | None) -> str:
    """The value at a path of the scenario that is no number, for people; a name of the user's own as it is."""
    if value is None:
        return NONE
    if isinstance(value, bool):
        return words("yes") if value else words("no")
    field = path.rpartition(".")[2]
    if field == "accelerator":
        known = accelerators().get(value)
        return known.name if known else value
    return words(_names(path, field).get(value, value))


def _names(path: str, field: str) -> Mapping[str, str]:
    if path == "valuation.basis":
        return VALUED_BY
    own = {"kind": {**KIND_NAMES, **STRATEGY_NAMES}, "if_cash_is_short": IF_SHORT, "precision": PRECISIONS}
    return own.get(field) or CHOICES.get(field, {})
