"""A strategy's name and kind are labels: whoever it says provides the money, equal terms give equal figures."""

from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from core.plan.answer import answer
from core.plan.comparison import compare, verdict
from core.plan.scenario import Scenario
from core.plan.simulate import simulate
from tests.plan.builders import funded_scenarios

# The name itself, and the path "strategies.1.financings.0..." that an error would name.
LABELS = ("strategy", "field")


def differences(one: Any, other: Any, at: str = "answer") -> list[str]:
    """Where two results differ, down to the last number; labels are left out."""
    if type(one) is not type(other):
        return [at]
    if is_dataclass(one):
        names = [field.name for field in fields(one) if field.name not in LABELS]
        return [found for name in names for found in differences(getattr(one, name), getattr(other, name), name)]
    if isinstance(one, dict):
        if one.keys() != other.keys():
            return [at]
        return [found for key in one for found in differences(one[key], other[key], f"{at}[{key}]")]
    if isinstance(one, tuple | list):
        if len(one) != len(other):
            return [at]
        return [found for pair in zip(one, other, strict=True) for found in differences(*pair, at)]
    if isinstance(one, np.ndarray):
        return [] if np.array_equal(one, other) else [at]
    return [] if one == other else [at]


def test_a_difference_anywhere_is_seen() -> None:
    assert differences((1, {"cash": np.array([1, 2])}), (1, {"cash": np.array([1, 3])})) == ["answer[cash]"]
    assert differences((1, 2), (1,)) == differences(1, 1.0) == ["answer"]


@given(funded_scenarios(), st.sampled_from(["venture", "private_equity", "early_ipo"]), st.text("abc", min_size=1))
@settings(max_examples=40)
def test_copy_under_any_kind_and_name_has_equal_figures(made: Scenario, kind: Any, name: str) -> None:
    original = made.strategies[0]
    copy = original.model_copy(update={"name": f"{name} of {original.name}", "kind": kind})
    made = made.model_copy(update={"strategies": (original, copy)})
    both = tuple(answer(made, strategy) for strategy in made.strategies)
    assert differences(*both) == []
    assert differences(*(simulate(made, strategy, {}) for strategy in made.strategies)) == []
    assert all(row.best == () and row.values[0] == row.values[1] for row in compare(both))
    assert verdict(made, both).turning_multiple is None
