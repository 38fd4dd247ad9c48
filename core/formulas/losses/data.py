"""The data of a loss as a table that can be typed, every summand beside its prediction, and the loss along one of them.

Three shapes of table: a row a sample (a prediction and a target), a row a part of a sample (of a distribution or a
mask), a row a sample with a column for each class or component.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from core.errors import InputError
from core.formulas.losses import LOSSES
from core.formulas.losses.inputs import Inputs
from core.formulas.losses.row import Loss, LossTerms, Reduction
from core.formulas.settings import NONE, Settings, completed
from core.formulas.shown_code import Array

Rows = tuple[tuple[float, ...], ...]
Place = tuple[int, int, int]  # of a prediction: which input, which sample, which part
BY_PART = ("same", "probabilities", "distribution")
WIDEST = 5.0  # how far a curve reaches to both sides of a score


@dataclass(frozen=True)
class Column:
    """kind: the number of the sample, a prediction or the target; input: of several side by side; part: of a vector."""

    kind: Literal["sample", "prediction", "target"]
    input: int = 0
    part: int | None = None


@dataclass(frozen=True)
class Term:
    """One prediction with its target, and its slope in the value of the loss.

    term: its summand; None where a sample's summand is not made of such parts, and stands at its first prediction
    """

    place: Place
    prediction: float
    target: float | None
    term: float | None
    slope: float


@dataclass(frozen=True)
class Along:
    """A loss and its slope as one prediction moves and all else stays."""

    predictions: Array
    values: Array
    slopes: Array


def columns(inputs: Inputs, parts: int) -> tuple[Column, ...]:
    """The columns of the table for vectors of so many parts. A sequence of labels is no part of it."""
    if not inputs.by_row:
        return (*(Column("prediction", at) for at in range(inputs.stacked)), Column("target"))
    if inputs.targets in BY_PART:
        return Column("sample"), Column("prediction"), Column("target")
    predictions = [Column("prediction", at, part) for at in range(inputs.stacked) for part in range(parts)]
    return (*predictions, *([Column("target")] if inputs.targets in {"classes", "signs"} else []))


def parts_of(row: Loss) -> int:
    """Parts of a vector in the row's example; 1 where predictions are single numbers."""
    return int(np.shape(row.example[0])[-1]) if row.inputs.by_row else 1


def example_rows(row: Loss) -> Rows:
    """The row's example as such a table."""
    p, t = _cube(row.inputs, row.example[0]), np.asarray(row.example[1], dtype=float)
    inputs, samples, parts = p.shape
    if row.inputs.by_row and row.inputs.targets in BY_PART:
        wanted = t.reshape(samples, parts)
        return tuple(
            (at + 1.0, float(p[0, at, c]), float(wanted[at, c])) for at in range(samples) for c in range(parts)
        )
    ends = t.reshape(samples, 1) if row.inputs.targets not in {"none", "labels"} else np.empty((samples, 0))
    table = np.concatenate([p.transpose(1, 0, 2).reshape(samples, inputs * parts), ends], axis=1)
    return tuple(tuple(float(cell) for cell in line) for line in table)


def same_data(row: Loss) -> str:
    """Id of the first loss with the same example of the same inputs: all of them share one table."""
    return next(one.id for one in LOSSES.values() if (one.inputs, one.example) == (row.inputs, row.example))


def as_arrays(row: Loss, parts: int, rows: Sequence[Sequence[float]], labels: Sequence[float] = ()) -> tuple[Any, Any]:
    """Predictions and targets of a typed table.

    labels: the targets of a loss of sequences. Raises InputError for no rows, or samples of unequal length.
    """
    if not rows:
        raise InputError("missing", f"{row.id}.predictions", "", "1 <= rows")
    table, inputs = np.asarray(rows, dtype=float), row.inputs
    if not inputs.by_row:
        predictions, targets = table[:, :-1].T, table[:, -1]
        return (predictions if inputs.stacked > 1 else predictions[0]), targets
    if inputs.targets in BY_PART:
        lengths = {sample: int((table[:, 0] == sample).sum()) for sample in dict.fromkeys(table[:, 0])}
        if len(set(lengths.values())) > 1:
            raise InputError("malformed", f"{row.id}.predictions", list(lengths.values()), "n₁ = n₂ = ...")
        ordered = np.concatenate([table[table[:, 0] == sample] for sample in lengths])
        return ordered[:, 1].reshape(len(lengths), -1), ordered[:, 2].reshape(len(lengths), -1)
    wide = inputs.stacked * parts
    cube = table[:, :wide].reshape(len(table), inputs.stacked, parts).transpose(1, 0, 2)
    targets = np.asarray(labels, dtype=float) if inputs.targets == "labels" else table[:, wide:].reshape(-1)
    return (cube if inputs.stacked > 1 else cube[0]), targets


def resized(row: Loss, rows: Rows, before: int, after: int) -> Rows:
    """A row-a-sample table with another number of classes or components: new ones are 0, targets stay known classes."""
    wide, found = row.inputs.stacked * before, []
    for line in rows:
        predictions = [
            line[at * before + part] if part < before else 0.0
            for at in range(row.inputs.stacked)
            for part in range(after)
        ]
        ends = [min(cell, after - 1.0) for cell in line[wide:]] if row.inputs.targets == "classes" else line[wide:]
        found.append((*predictions, *ends))
    return tuple(found)


def samples_of(row: Loss, predictions: Any) -> int:
    """How many samples the data are; a sequence is one."""
    return 1 if row.inputs.targets == "labels" else int(_cube(row.inputs, predictions).shape[1])


def breakdown(row: Loss, predictions: Any, targets: Any, result: LossTerms) -> tuple[Term, ...]:
    """Every prediction with its summand; the summands add up to the value times the divisor."""
    p, slopes = _cube(row.inputs, predictions), _cube(row.inputs, result.gradient)
    t = np.asarray(targets, dtype=float)
    terms = result.terms if row.inputs.by_row else result.terms.reshape(-1, 1)
    found = []
    for sample in range(p.shape[1]):
        for at, part in np.ndindex(p.shape[0], p.shape[2]):
            has_term = at == 0 and sample < terms.shape[0] and part < terms.shape[1]
            found.append(
                Term(
                    (at, sample, part),
                    float(p[at, sample, part]),
                    _target(row.inputs, t, sample, part),
                    float(terms[sample, part]) if has_term else None,
                    float(slopes[at, sample, part]),
                )
            )
    return tuple(found)


def along(
    row: Loss,
    predictions: Any,
    targets: Any,
    place: Place,
    steps: Array,
    *,
    reduction: Reduction = "mean",
    class_weights: Any = None,
    settings: Settings = NONE,
) -> Along:
    """The loss as the prediction at `place` takes the values of `steps`; without a reduction that of its sample."""
    cube = _cube(row.inputs, predictions).copy()
    values, slopes = [], []
    for step in steps:
        cube[place] = step
        result = row.terms(cube.reshape(np.shape(predictions)), targets, reduction, class_weights, **settings)
        by_sample = result.value.reshape(-1)
        values.append(by_sample[min(place[1], by_sample.size - 1)])
        slopes.append(_cube(row.inputs, result.gradient)[place])
    return Along(np.asarray(steps), np.array(values), np.array(slopes))


def window(row: Loss, prediction: float, target: float | None, place: Place) -> tuple[float, float]:
    """Where a curve along this prediction is worth drawing, and allowed."""
    if row.inputs.predictions in {"probabilities", "distribution"}:
        return 0.001, 0.999
    if row.inputs.predictions == "log_distribution":
        return min(prediction, -WIDEST), -0.001
    if row.id == "gaussian_nll" and place[0] == 1:
        return 0.02, max(2 * prediction, 3.0)
    if row.inputs.targets == "same" and target is not None:
        reach = max(2.0, 1.25 * abs(prediction - target))
        return min(prediction, target) - reach, max(prediction, target) + reach
    reach = 3.0 if row.inputs.targets in {"signs", "counts", "none"} else WIDEST
    return prediction - reach, prediction + reach


def fitting(predictions: Any, targets: Any) -> tuple[str, ...]:
    """Ids of the losses that take these data and find them in order."""
    return tuple(row.id for row in LOSSES.values() if _takes(row, predictions, targets))


def pulls(terms: Iterable[Term]) -> Mapping[int, float]:
    """Share of each sample in the sum of all slopes' sizes: whom a step listens to. Empty where all are flat."""
    sizes: dict[int, float] = {}
    for one in terms:
        sizes[one.place[1]] = sizes.get(one.place[1], 0.0) + abs(one.slope)
    total = sum(sizes.values())
    return {sample: size / total for sample, size in sizes.items()} if 0 < total < np.inf else {}


def runnable(
    row: Loss,
    predictions: Any,
    targets: Any,
    result: LossTerms,
    *,
    class_weights: Any = None,
    settings: Settings = NONE,
) -> str:
    """Code that runs by itself and prints the loss of these data."""
    arguments = [f"{name}={value!r}" for name, value in completed(row.settings, settings, row.id).items()]
    if row.class_weights:
        weights = None if class_weights is None else f"np.array({np.asarray(class_weights, dtype=float).tolist()})"
        arguments.append(f"class_weights={weights}")
    p, t = np.asarray(predictions, dtype=float), np.asarray(targets, dtype=float)
    if row.inputs.by_row and row.inputs.targets != "labels" and p.ndim == 1:
        p, t = p[None], t[None]
    kind = ", dtype=int" if row.inputs.targets == "labels" else ""
    target = t.astype(int).tolist() if kind else t.tolist()
    ending = {"mean": f".sum() / {result.divisor!r}", "sum": ".sum()", "none": ".sum(axis=-1)"}[result.reduction]
    if result.reduction == "none" and not row.inputs.by_row:
        ending = ""
    code = row.code if "import numpy as np" in row.code else f"import numpy as np\n{row.code}"
    call = ", ".join(["p", "t", *arguments])
    return (
        f"{code}\n\np = np.array({p.tolist()})\nt = np.array({target}{kind})\n"
        f"print({row.summands.__name__}({call}){ending})\n"
    )


def _cube(inputs: Inputs, predictions: Any) -> Array:
    """(inputs side by side, samples, parts)."""
    p = np.asarray(predictions, dtype=float)
    parts = p.shape[-1] if inputs.by_row else 1
    return p.reshape(inputs.stacked, -1, parts)


def _target(inputs: Inputs, targets: Array, sample: int, part: int) -> float | None:
    if inputs.targets in {"labels", "none"}:
        return None
    whole = inputs.by_row and inputs.targets in BY_PART
    return float(targets.reshape(-1, targets.shape[-1])[sample, part] if whole else targets.reshape(-1)[sample])


def _takes(row: Loss, predictions: Any, targets: Any) -> bool:
    try:
        result = row.terms(predictions, targets)
    except InputError:
        return False
    return not result.warnings and bool(np.isfinite(result.value))
