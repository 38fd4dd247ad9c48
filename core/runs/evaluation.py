"""What a trained network is worth on its test images: every figure from the scores that the worker answered with."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError
from core.runs.answers import Answer, read_answer
from core.runs.classification_metrics import (
    Calibration,
    ClassScores,
    Counts,
    Curve,
    Floats,
    calibration,
    class_scores,
    confusion,
    negative_log_likelihood,
    precision_recall_curve,
    roc_curve,
    softmax,
    wilson_interval,
)
from core.runs.label_errors import LabelError, label_errors
from core.runs.networks import CLASSES
from core.runs.run_folder import RunFolder, find_run
from core.runs.training_config import TrainingConfig

MNIST_TEST = 10_000  # with all of them, the published errors of its labels are known by their places
_KEPT = 4  # of 10,000 test images one takes 6 MB


@dataclass(frozen=True)
class Mistakes:
    """The test images that were answered wrong, the dearest first.

    index: place among the test images; probability: of the wrong answer; pixels (n, side, side)
    known_error: whether the label is one of MNIST's published errors
    """

    index: Counts
    labels: Counts
    predicted: Counts
    probability: Floats
    pixels: NDArray[np.uint8]
    known_error: NDArray[np.bool_]


@dataclass(frozen=True)
class Evaluation:
    """One network on its test images.

    predicted (n,), probability (n,) of that answer; confusion: rows are the truth
    roc, precision_recall: each class against the rest; macro_auc: mean of the ROC areas
    temperature: that fits the validation images best, None without any; calibrated: with it
    """

    labels: Counts
    predicted: Counts
    probability: Floats
    accuracy: float
    interval: tuple[float, float]
    negative_log_likelihood: float
    confusion: Counts
    scores: ClassScores
    roc: tuple[Curve, ...]
    precision_recall: tuple[Curve, ...]
    macro_auc: float
    calibration: Calibration
    temperature: float | None
    calibrated: Calibration | None
    mistakes: Mistakes


@dataclass(frozen=True)
class KnownError:
    """A published error of MNIST's labels, and what this network answers there."""

    published: LabelError
    answered: int
    probability: float


@dataclass(frozen=True)
class SeedResult:
    """A finished run of a recipe; the recipes of several differ in their seeds alone."""

    run: str
    seed: int
    accuracy: float
    low: float
    high: float


@lru_cache(maxsize=_KEPT)
def evaluation(path: Path) -> Evaluation:
    """From the worker's answer to {"kind": "evaluate"}; an answer's file never changes. Raises InputError."""
    return evaluated(read_answer(path))


def evaluated(answer: Answer) -> Evaluation:
    """Raises InputError for an answer that lacks something."""
    try:
        logits, labels = answer.arrays["logits"].astype(np.float64), answer.arrays["labels"].astype(np.int64)
        temperature = answer.figures["temperature"]
        mistakes = _mistakes(answer)
    except KeyError as error:
        raise InputError("missing", "run.answer", str(error), "logits, labels, temperature") from None
    probabilities, predicted = softmax(logits), logits.argmax(axis=1)
    right = int((predicted == labels).sum())
    matrix = confusion(labels, predicted, CLASSES)
    roc = tuple(roc_curve(labels == one, probabilities[:, one]) for one in range(CLASSES))
    areas = [one.area for one in roc if not np.isnan(one.area)]
    return Evaluation(
        labels=labels,
        predicted=predicted,
        probability=probabilities.max(axis=1),
        accuracy=right / len(labels),
        interval=wilson_interval(right, len(labels)),
        negative_log_likelihood=negative_log_likelihood(logits, labels),
        confusion=matrix,
        scores=class_scores(matrix),
        roc=roc,
        precision_recall=tuple(precision_recall_curve(labels == one, probabilities[:, one]) for one in range(CLASSES)),
        macro_auc=float(np.mean(areas)) if areas else float("nan"),
        calibration=calibration(probabilities, labels),
        temperature=temperature,
        calibrated=None if temperature is None else calibration(softmax(logits, temperature), labels),
        mistakes=mistakes,
    )


def known_errors(config: TrainingConfig, found: Evaluation) -> tuple[KnownError, ...]:
    """Empty unless the test images are all of MNIST's."""
    if config.data != "mnist" or len(found.labels) != MNIST_TEST:
        return ()
    return tuple(
        KnownError(one, int(found.predicted[one.index]), float(found.probability[one.index])) for one in label_errors()
    )


def of_other_seeds(folder: RunFolder, among: Sequence[str]) -> tuple[list[SeedResult], list[str]]:
    """Of these runs, and the run itself, the finished ones of the same recipe; and those that are not finished yet."""
    recipe = _without_seed(folder.config())
    results, open_runs = [], []
    for run in dict.fromkeys((folder.id, *among)):
        try:
            other = find_run(run, folder.path.parent)
            config, result = other.config(), other.read_json("result.json")
        except InputError:  # tidied away, or of an older version
            continue
        if _without_seed(config) != recipe:
            continue
        if result is None or result.get("accuracy") is None:
            open_runs.append(run)
        else:
            seen = (float(result[name]) for name in ("accuracy", "accuracy_low", "accuracy_high"))
            results.append(SeedResult(run, config.seed, *seen))
    return sorted(results, key=lambda one: one.seed), open_runs


def _without_seed(config: TrainingConfig) -> dict[str, Any]:
    return {name: value for name, value in config.model_dump().items() if name != "seed"}


def _mistakes(answer: Answer) -> Mistakes:
    names = ("index", "labels", "predicted", "probability", "pixels", "known_error")
    return Mistakes(*(answer.arrays[f"mistake_{name}"] for name in names))
