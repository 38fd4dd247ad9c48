"""What changes when an item of a scenario's list is taken out: the list, and the ranges that lay over the item."""

from core.plan.fields import field_value
from core.plan.scenario import Scenario
from core.plan.uncertainty import Uncertain


def without_item(scenario: Scenario, path: str, index: int) -> dict[str, object]:
    """Changes for `edited` that remove an item of the list at a path, e.g. ("runs", 0).

    Ranges over it go with it; those over later items follow their items to the new places.
    """
    items = field_value(scenario, path)
    kept = [moved for one in scenario.uncertainty if (moved := _moved(one, path, index)) is not None]
    return {path: [*items[:index], *items[index + 1 :]], "uncertainty": kept}


def _moved(uncertain: Uncertain, path: str, index: int) -> Uncertain | None:
    if not uncertain.field.startswith(path + "."):
        return uncertain
    place, _, rest = uncertain.field.removeprefix(path + ".").partition(".")
    if int(place) == index:
        return None
    if int(place) < index:
        return uncertain
    return uncertain.model_copy(update={"field": f"{path}.{int(place) - 1}.{rest}"})
