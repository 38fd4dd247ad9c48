"""The error of bad input: its text, and that it survives the way between processes."""

import pickle

import pytest

from core.errors import InputError


def test_it_names_field_value_and_what_is_right() -> None:
    error = InputError("out_of_range", "runs.0.mfu", 33.1, "0 < mfu <= 1")
    assert str(error) == "runs.0.mfu: out of range (got 33.1; expected 0 < mfu <= 1)"


def test_it_crosses_processes_whole() -> None:
    error = pickle.loads(pickle.dumps(InputError("missing", "runs", None, "a run")))
    assert (error.code, error.field, error.value, error.expected) == ("missing", "runs", None, "a run")


def test_an_unknown_code_is_a_fault_of_ours() -> None:
    with pytest.raises(ValueError, match="unknown error code"):
        InputError("odd", "runs", None, "a run")
