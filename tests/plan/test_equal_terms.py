"""A strategy's name and kind are labels: whoever it says provides the money, equal terms give equal figures."""

from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from core.plan.answer import answer
from core.plan.comparison import compare, verdict
from core.plan.scenario import Scenario
from tests.plan.builders import funded_scenarios

# The name itself, and the path "strategies.1.financings.0..." that an error would name.
LABELS = ("strategy", "field")


def figures(value: Any, at: str = "") -> dict[str, Any]:
    """Every figure of a result by its path; labels are left out."""
    if is_dataclass(value):
        inside = {field.name: getattr(value, field.name) for field in fields(value) if field.name not in LABELS}
    elif isinstance(value, tuple | list):
        inside = {str(position): one for position, one in enumerate(value)}
    elif isinstance(value, dict):
        inside = value
    else:
        return {at: value.tolist() if isinstance(value, np.ndarray) else value}
    return {path: one for name, inner in inside.items() for path, one in figures(inner, f"{at}.{name}").items()}


def test_figures_are_told_apart_wherever_they_stand() -> None:
    assert figures((1, {"cash": np.array([1, 2])})) == {".0": 1, ".1.cash": [1, 2]}


@given(funded_scenarios(), st.sampled_from(["venture", "private_equity", "early_ipo"]), st.text("abc", min_size=1))
@settings(max_examples=40)
def test_copy_under_any_kind_and_name_has_equal_figures(made: Scenario, kind: Any, name: str) -> None:
    original = made.strategies[0]
    copy = original.model_copy(update={"name": f"{name} of {original.name}", "kind": kind})
    made = made.model_copy(update={"strategies": (original, copy)})
    both = tuple(answer(made, strategy) for strategy in made.strategies)
    assert figures(both[0]) == figures(both[1])
    assert all(row.best == () and row.values[0] == row.values[1] for row in compare(both))
    assert verdict(made, both).turning_multiple is None
