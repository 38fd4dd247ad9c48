"""What predictions and targets of a loss must be, and what is said when they are not."""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from core.errors import InputError
from core.formulas.shown_code import Array

IGNORED_CLASS = -100  # torch.nn.functional.cross_entropy, ignore_index
SUM_TOLERANCE = 1e-6

Predictions = Literal["numbers", "probabilities", "distribution", "log_distribution"]
Targets = Literal["same", "counts", "probabilities", "distribution", "classes", "signs", "labels", "none"]

PREDICTIONS_SUM = "The predictions of a sample do not add up to 1: they are no probability distribution."
TARGETS_SUM = "The targets of a sample do not add up to 1: they are no probability distribution."
NO_LOG_PROBABILITIES = "The predictions are no logarithms of probabilities: their powers do not add up to 1."


@dataclass(frozen=True)
class Inputs:
    """What a loss is a function of.

    predictions: any numbers; each between 0 and 1; a distribution over the last axis, or its logarithms
    targets: numbers like the predictions; counts; class numbers; signs -1 and 1; a sequence of classes; or nothing
    by_row: a sample is a row of the last axis, so that a single vector is one sample; else each number is one
    stacked: so many inputs side by side in the first axis of the predictions, as (mean, variance)
    dimensions: how many axes the predictions may have
    """

    predictions: Predictions = "numbers"
    targets: Targets = "same"
    by_row: bool = False
    stacked: int = 1
    dimensions: tuple[int, int] = (0, 4)


def checked(
    owner: str, inputs: Inputs, predictions: Any, targets: Any, class_weights: Any
) -> tuple[Array, Array, Array | None, tuple[str, ...]]:
    """Predictions, targets and class weights as float64 arrays, and warnings. A single row becomes one of a table."""
    p, t = _numbers(f"{owner}.predictions", predictions), _numbers(f"{owner}.targets", targets)
    low, high = inputs.dimensions
    if not low <= p.ndim <= high or p.size == 0 or (inputs.stacked > 1 and p.shape[0] != inputs.stacked):
        first = f"{inputs.stacked}, " if inputs.stacked > 1 else ""
        raise InputError("malformed", f"{owner}.predictions", p.shape, f"({first}...), {low} to {high} axes")
    if inputs.by_row and inputs.targets != "labels" and p.ndim == 1:
        p, t = p[None], t[None]
    _check_shape(owner, inputs, p, t)
    _check_targets(owner, inputs, p, t)
    if inputs.predictions in {"probabilities", "distribution"}:
        _between(f"{owner}.predictions", p, 0, 1)
    weights = None if class_weights is None else _weights(owner, class_weights, p.shape[-1])
    return p, t, weights, tuple(_warnings(inputs, p, t))


def _numbers(field: str, values: Any) -> Array:
    try:
        array = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise InputError("malformed", field, values, "numbers in rows of equal length") from None
    if not np.isfinite(array).all():
        raise InputError("not_a_number", field, values, "-∞ < x < ∞")
    return array


def _check_shape(owner: str, inputs: Inputs, p: Array, t: Array) -> None:
    samples = p.shape[1:] if inputs.stacked > 1 else p.shape
    wanted = {"classes": p.shape[:-1], "signs": samples[:1] if inputs.by_row else samples}.get(inputs.targets, samples)
    if inputs.targets not in {"labels", "none"} and t.shape != wanted:
        raise InputError("malformed", f"{owner}.targets", t.shape, f"shape {wanted}")


def _check_targets(owner: str, inputs: Inputs, p: Array, t: Array) -> None:
    field = f"{owner}.targets"
    if inputs.targets in {"probabilities", "distribution"}:
        _between(field, t, 0, 1)
    elif inputs.targets == "counts":
        _between(field, t, 0, np.inf)
    elif inputs.targets == "signs" and not np.isin(t, (-1, 1)).all():
        raise InputError("out_of_range", field, t.tolist(), "targets = -1 | 1")
    elif inputs.targets == "classes":
        classes = p.shape[-1]
        if not np.isin(t, [*range(classes), IGNORED_CLASS]).all():
            raise InputError("out_of_range", field, t.tolist(), f"targets = 0 | ... | {classes - 1} | {IGNORED_CLASS}")
    elif inputs.targets == "labels":
        classes = p.shape[-1]
        if t.ndim != 1 or t.size == 0 or not np.isin(t, range(1, classes)).all():
            raise InputError("out_of_range", field, t.tolist(), f"targets = 1 | ... | {classes - 1}")
        needed = t.size + int((t[1:] == t[:-1]).sum())  # a blank must part equal neighbours
        if len(p) < needed:
            raise InputError("contradiction", f"{owner}.predictions", p.shape, f"{needed} <= rows")


def _between(field: str, values: Array, low: float, high: float) -> None:
    if not ((values >= low) & (values <= high)).all():
        name = field.rsplit(".", 1)[-1]
        raise InputError("out_of_range", field, values.tolist(), f"{low} <= {name} <= {high}")


def _weights(owner: str, class_weights: Any, classes: int) -> Array:
    weights = _numbers(f"{owner}.class_weights", class_weights)
    if weights.shape != (classes,):
        raise InputError("malformed", f"{owner}.class_weights", weights.shape, f"shape {(classes,)}")
    _between(f"{owner}.class_weights", weights, 0, np.inf)
    return weights


def _warnings(inputs: Inputs, p: Array, t: Array) -> list[str]:
    found = []
    if inputs.predictions == "distribution" and not _sums_to_one(p):
        found.append(PREDICTIONS_SUM)
    if inputs.predictions == "log_distribution" and not (p.max() < 700 and _sums_to_one(np.exp(p))):
        found.append(NO_LOG_PROBABILITIES)
    if inputs.targets == "distribution" and not _sums_to_one(t):
        found.append(TARGETS_SUM)
    return found


def _sums_to_one(values: Array) -> bool:
    return bool((np.abs(values.sum(axis=-1) - 1) <= SUM_TOLERANCE).all())
