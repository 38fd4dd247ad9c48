"""The shared range check: which values pass, and how a refusal is worded."""

import math

import numpy as np
import pytest

from core.compute.checks import check
from core.errors import InputError


def test_values_on_the_closed_side_pass() -> None:
    check("share", 0.0, at_least=0, at_most=1)
    check("share", np.array([0.0, 1.0]), at_least=0, at_most=1)
    check("price", 1e-9, above=0)


@pytest.mark.parametrize(
    ("value", "code", "expected"),
    [
        (0.0, "out_of_range", "0 < mfu <= 1"),
        (1.1, "out_of_range", "0 < mfu <= 1"),
        (np.array([0.5, 2.0]), "out_of_range", "0 < mfu <= 1"),
        (math.nan, "not_a_number", "0 < mfu <= 1"),
        (math.inf, "not_a_number", "0 < mfu <= 1"),
    ],
)
def test_refusal_names_field_and_range(value: float, code: str, expected: str) -> None:
    with pytest.raises(InputError) as caught:
        check("mfu", value, above=0, at_most=1)
    assert (caught.value.code, caught.value.field, caught.value.expected) == (code, "mfu", expected)


def test_without_an_upper_bound_none_is_printed() -> None:
    with pytest.raises(InputError, match="0 <= price"):
        check("price", -1.0, at_least=0)
