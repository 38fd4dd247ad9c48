"""Bounds of a public server, set by its host."""

import pytest

from core.errors import InputError
from core.host_limits import HostLimits, limits_of


def test_a_host_that_says_nothing_gets_safe_defaults() -> None:
    assert limits_of({"PATH": "/bin"}) == HostLimits()
    assert (HostLimits().runs_waiting, HostLimits().training_hours, HostLimits().simulated_paths) == (20, 6.0, 10_000)


def test_a_variable_sets_its_bound() -> None:
    limits = limits_of({"COMPUTE_CAPITAL_RUNS_WAITING": "5", "COMPUTE_CAPITAL_TRAINING_HOURS": "0.5"})
    assert (limits.runs_waiting, limits.training_hours) == (5, 0.5)


@pytest.mark.parametrize(
    ("variable", "value", "code"),
    [
        ("COMPUTE_CAPITAL_RUNS_WAITING", "-1", "out_of_range"),
        ("COMPUTE_CAPITAL_RUNS_WAITING", "many", "out_of_range"),
        ("COMPUTE_CAPITAL_TRAINING_HOURS", "inf", "out_of_range"),
        ("COMPUTE_CAPITAL_RUNS", "5", "unknown_field"),
    ],
)
def test_a_bound_that_cannot_be_is_refused_by_name(variable: str, value: str, code: str) -> None:
    with pytest.raises(InputError) as caught:
        limits_of({variable: value})
    assert (caught.value.code, caught.value.field, caught.value.value) == (code, variable, value)
