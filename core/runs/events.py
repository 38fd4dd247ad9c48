"""What a training run tells while it goes on: one line of JSON an event, appended to the folder of the run."""

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from core.errors import InputError

Kind = Literal[
    "loading", "started", "resumed", "stage", "progress", "epoch", "advance", "row", "paused", "ended", "failed"
]
Command = Literal["go", "pause", "stop"]
STAGES = ("forward", "loss", "backward", "step")
REASONS = ("finished", "stopped", "early_stopping")

# Fields that an event of a kind must have; it may have more.
FIELDS: Mapping[str, tuple[str, ...]] = {
    # file that is being fetched, or "data" while it is read; total_bytes is None where unknown
    "loading": ("file", "received_bytes", "total_bytes"),
    # the environment names torch, device, device_name, threads and precision;
    # flops_per_sample of forward and backward; peak_flops of the device that MFU is measured against (None: unknown);
    # samples an epoch, steps of the whole run
    "started": ("environment", "parameters", "flops_per_sample", "peak_flops", "samples", "steps"),
    # training goes on from a saved state; steps told after it before are void
    "resumed": ("step", "epoch"),
    # one of STAGES of the first step; shown: {name: number | list} of what it computed
    "stage": ("name", "seconds", "shown"),
    # epoch counts from 0; loss, accuracy and speed are means since the last progress; seconds (of training) and joules
    # are all so far; mfu, memory_bytes and joules are None where unknown
    "progress": (
        "step",
        "epoch",
        "seconds",
        "loss",
        "accuracy",
        "rate",
        "samples_per_second",
        "mfu",
        "memory_bytes",
        "joules",
    ),
    "epoch": ("epoch", "step", "seconds", "loss", "accuracy", "validation_loss", "validation_accuracy"),
    # of a job (core.runs.jobs): so many parts of all are done; `doing` names the one under way
    "advance": ("done", "all", "doing"),
    # of a job: one line of what it found, {name: number | text | null | list}
    "row": ("values",),
    # the state is saved; the run goes on when it is resumed
    "paused": ("step", "epoch"),
    # reason of REASONS; accuracy on the test images with its 95 % interval (None where the run stopped before any)
    "ended": ("reason", "step", "seconds", "accuracy", "accuracy_low", "accuracy_high", "test_samples"),
    # an InputError of the run
    "failed": ("code", "field", "value", "expected"),
}
LAST_KINDS = ("paused", "ended", "failed")  # after one of these the run stands still


@dataclass(frozen=True)
class Event(Mapping[str, Any]):
    """One event, read like a dict of its fields: event["loss"]."""

    kind: Kind
    fields: Mapping[str, Any]

    def __post_init__(self) -> None:
        absent = [name for name in FIELDS[self.kind] if name not in self.fields]
        if absent:
            raise ValueError(f"event {self.kind!r} without {', '.join(absent)}")

    def __getitem__(self, name: str) -> Any:
        return self.fields[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.fields)

    def __len__(self) -> int:
        return len(self.fields)


def event(kind: Kind, **fields: Any) -> Event:
    """An event of plain values: numbers, texts, lists and dicts of them."""
    return Event(kind, fields)


def job_ended(reason: str, done: int, seconds: float) -> Event:
    """The end of a job, which has no accuracy of its own."""
    unknown = dict.fromkeys(("accuracy", "accuracy_low", "accuracy_high", "test_samples"))
    return Event("ended", {"reason": reason, "step": done, "seconds": seconds, **unknown})


def failure(error: InputError) -> Event:
    """What the page needs to word an error that ended the run."""
    return event("failed", code=error.code, field=error.field, value=_plain(error.value), expected=error.expected)


def to_line(told: Event) -> str:
    """One line of JSON without its end; infinite numbers and NaN become null, which every reader knows."""
    return json.dumps({"kind": told.kind, **_finite(dict(told.fields))}, allow_nan=False, separators=(",", ":"))


def from_line(line: str | bytes) -> Event:
    """The event of a line. Raises InputError for anything that `to_line` does not write."""
    try:
        fields = json.loads(line)
        kind = fields.pop("kind")
        return Event(kind, fields)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise InputError("malformed", "event", _text(line), '{"kind": ..., ...}') from None


def whole_events(lines: Iterable[bytes]) -> list[Event]:
    """The events of lines, without what a killed writer left of one. Raises InputError for any other line."""
    found = []
    for line in lines:
        try:
            found.append(from_line(line))
        except InputError:
            if _is_json(line):
                raise
    return found


def _is_json(line: bytes) -> bool:
    try:
        json.loads(line)
    except ValueError:
        return False
    return True


def _finite(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, Mapping):
        return {str(name): _finite(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(one) for one in value]
    return value


def _plain(value: object) -> object:
    return value if isinstance(value, str | int | float | bool | None) else repr(value)[:200]


def _text(line: str | bytes) -> str:
    return (line if isinstance(line, str) else line.decode(errors="replace"))[:200]
