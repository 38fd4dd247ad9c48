"""How a network serves the subgroups of images, from the worker's answer to {"kind": "subgroups"}."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError
from core.runs.answers import Answer, read_answer
from core.runs.classification_metrics import Counts, Floats
from core.runs.networks import CLASSES
from core.runs.subgroups import MEASURES, Gap, GroupScore, Right, group_scores, groups_of, widest_gap

_KEPT = 8


@dataclass(frozen=True)
class Part:
    """The answers to a part of the images, and their measures by name; each (n,)."""

    labels: Counts
    predicted: Counts
    confidence: Floats
    measures: Mapping[str, Floats]

    @property
    def right(self) -> Right:
        return np.asarray(self.predicted == self.labels)


@dataclass(frozen=True)
class Subgroups:
    """By measure: bounds between the groups, training images in each (3,), examples (3, n, side, side)."""

    test: Part
    validation: Part
    bounds: Mapping[str, tuple[float, float]]
    training: Mapping[str, Counts]
    examples: Mapping[str, NDArray[np.uint8]]

    def groups(self, measure: str, part: Part) -> Counts:
        return groups_of(part.measures[measure], self.bounds[measure])

    def scores(self, measure: str) -> list[GroupScore]:
        """Of the test images."""
        return group_scores(self.groups(measure, self.test), self.test.labels, self.test.right)

    def gap(self, measure: str) -> Gap | None:
        """The widest, at a confidence that covers all pairs of all measures together."""
        return widest_gap(self.scores(measure), len(MEASURES))

    def class_scores(self) -> list[GroupScore]:
        return group_scores(self.test.labels, self.test.labels, self.test.right, CLASSES)


@lru_cache(maxsize=_KEPT)
def subgroups(path: Path) -> Subgroups:
    """An answer's file never changes. Raises InputError."""
    return subgroups_of(read_answer(path))


def subgroups_of(answer: Answer) -> Subgroups:
    """Raises InputError for an answer that lacks something."""
    arrays = answer.arrays
    try:
        return Subgroups(
            _part(answer, "test"),
            _part(answer, "validation"),
            {name: (float(arrays[f"bounds_{name}"][0]), float(arrays[f"bounds_{name}"][1])) for name in MEASURES},
            {name: arrays[f"training_{name}"] for name in MEASURES},
            {name: arrays[f"examples_{name}"] for name in MEASURES},
        )
    except KeyError as error:
        raise InputError("missing", "run.answer", str(error), "labels, predicted, confidence") from None


def _part(answer: Answer, part: str) -> Part:
    labels, predicted, confidence = (answer.arrays[f"{part}_{name}"] for name in ("labels", "predicted", "confidence"))
    return Part(labels, predicted, confidence, {name: answer.arrays[f"{part}_{name}"] for name in MEASURES})
