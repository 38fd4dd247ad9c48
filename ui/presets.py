"""The presets of `data/presets/`: one scenario file each, the first one shown to a new visitor."""

import json
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from core.plan.scenario import Scenario
from core.plan.scenario_io import from_json
from core.tables import DATA

PRESETS = DATA / "presets"


@lru_cache(maxsize=1)
def presets() -> Mapping[str, Scenario]:
    """Scenarios by preset id, in the order of `order.json`; all sessions share them, and none can change them."""
    order = json.loads((PRESETS / "order.json").read_text(encoding="utf-8"))
    return MappingProxyType({name: from_json((PRESETS / f"{name}.json").read_text(encoding="utf-8")) for name in order})
