"""Events as lines of JSON."""

import math

import pytest

from core.errors import InputError
from core.runs.events import FIELDS, Event, event, failure, from_line, to_line

PROGRESS = dict.fromkeys(FIELDS["progress"], 0.5)


def test_an_event_survives_its_line() -> None:
    told = event("epoch", **dict.fromkeys(FIELDS["epoch"], 1.25))
    assert from_line(to_line(told)) == told
    assert told["validation_loss"] == 1.25


def test_what_json_cannot_say_is_unknown() -> None:
    """RFC 8259, section 6: infinity and NaN are not permitted."""
    told = event("progress", **PROGRESS | {"loss": math.nan, "joules": math.inf})
    assert from_line(to_line(told))["loss"] is None
    assert from_line(to_line(told))["joules"] is None


def test_an_event_has_all_its_fields() -> None:
    with pytest.raises(ValueError, match="without step"):
        event("paused", epoch=3)


def test_a_refusal_becomes_an_event() -> None:
    told = failure(InputError("out_of_range", "training.loss", math.nan, "finite"))
    assert isinstance(told, Event)
    assert (told.kind, told["code"], told["field"]) == ("failed", "out_of_range", "training.loss")


@pytest.mark.parametrize("line", ["", "[]", "{}", '{"kind": "party"}', '{"kind": "paused"}', "\x00"])
def test_other_lines_are_refused(line: str) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        from_line(line)
