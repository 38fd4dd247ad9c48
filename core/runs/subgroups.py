"""Subgroups of images measured from their pixels, how well a network serves each, and what evens them out.

Three figures of a handwritten digit, bright on dark (n, side, side), each by the image's own brightest pixel:
    thickness   width in pixels of a bar with the same ink A and outline P: the smaller root of t^2 - (P/2) t + A = 0.
                The outline is the total variation of the brightness, which for a sharp image is the edge's length.
    size        side in pixels of a square with the area of the box around the ink
    slant       degrees that it leans right, from the second moments: the angle that deskewing takes away
                (LeCun et al. 1998, Proceedings of the IEEE 86(11), section III-A, deslant by moments)
The outer groups hold the lowest and the highest sixth of the training images, about what lies beyond one standard
deviation; the bounds never come from test images.
"""

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.runs.classification_metrics import Counts, Floats, wilson_interval
from core.runs.comparisons import Difference, share_difference

Right = NDArray[np.bool_]
OUTER_SHARE = 1 / 6
GROUPS = 3  # low, usual, high
FEWEST_OF_A_CLASS = 5  # images of a class in a group, to weigh them by the class
INK = 0.5  # of the brightest pixel: from there on a pixel is in the box


@dataclass(frozen=True)
class GroupScore:
    """A group's images and how many are answered right, with the 95 % interval of that share.

    even_mix: accuracy if each class that all groups have enough of were as common in every group as in all images; None
        where such classes hold less than half of the images
    """

    images: int
    right: int
    accuracy: float
    low: float
    high: float
    even_mix: float | None


@dataclass(frozen=True)
class Gap:
    """The widest gap between two groups: places of the better and the worse one.

    difference: at a confidence that covers all pairs of groups together, so that the widest of many is no find by luck
    """

    better: int
    worse: int
    difference: Difference


@dataclass(frozen=True)
class Abstention:
    """What is left when unsure answers are withheld: by group the share that is answered, and how often it is right.

    thresholds: the confidence from which on an answer is given, by group
    """

    thresholds: Floats
    images: Counts
    answered: Counts
    right: Counts

    @property
    def coverage(self) -> Floats:
        return self.answered / np.maximum(self.images, 1)

    @property
    def accuracy(self) -> Floats:
        """NaN where nothing is answered."""
        return np.where(self.answered > 0, self.right / np.maximum(self.answered, 1), np.nan)


def measured(name: str, pixels: NDArray[np.uint8]) -> Floats:
    """One figure an image (n,) of MEASURES; an empty image has thickness, size and slant 0."""
    scaled = pixels.astype(np.float64) / np.maximum(pixels.max(axis=(1, 2), keepdims=True), 1)
    return MEASURES[name](scaled)


def group_bounds(values: Floats) -> tuple[float, float]:
    """Between the low, the usual and the high group, from the training images' figures."""
    low, high = np.quantile(values, [OUTER_SHARE, 1 - OUTER_SHARE])
    return float(low), float(high)


def groups_of(values: Floats, bounds: tuple[float, float]) -> Counts:
    """0, 1 or 2 an image; the bounds belong to the outer groups, and one value alone is usual."""
    low, high = bounds
    if low == high:
        return np.where(values < low, 0, np.where(values > high, 2, 1))
    return np.where(values <= low, 0, np.where(values >= high, 2, 1))


def group_scores(groups: Counts, labels: Counts, right: Right, count: int = GROUPS) -> list[GroupScore]:
    """Of groups 0 to count - 1."""
    even = _even_mixes(groups, labels, right, count)
    found = []
    for group in range(count):
        inside = groups == group
        n, hits = int(inside.sum()), int(right[inside].sum())
        found.append(GroupScore(n, hits, hits / n if n else np.nan, *wilson_interval(hits, n), even[group]))
    return found


def widest_gap(scores: Sequence[GroupScore], families: int = 1) -> Gap | None:
    """None where fewer than two groups have images.

    families: of groups that are looked at side by side; Bonferroni's confidence is over all pairs of all of them
    """
    known = [place for place, one in enumerate(scores) if one.images]
    if len(known) < 2:
        return None
    better = max(known, key=lambda place: scores[place].accuracy)
    worse = min((place for place in known if place != better), key=lambda place: scores[place].accuracy)
    pairs = len(list(itertools.combinations(known, 2)))
    first, other = scores[better], scores[worse]
    difference = share_difference(first.right, first.images, other.right, other.images, 1 - 0.05 / (pairs * families))
    return Gap(better, worse, difference)


def equal_chances(groups: Counts) -> Floats:
    """How likely each image is drawn (n,), not normalised, so that each group that has images comes equally often."""
    counts = np.bincount(groups, minlength=GROUPS)
    chances: Floats = 1.0 / counts[groups]
    return chances


def abstention_thresholds(confidence: Floats, groups: Counts, coverage: float, *, by_group: bool) -> Floats:
    """Confidence from which on the share `coverage` of these images is answered: of all, or of each group alone.

    Choose them on validation images. A group without images has the threshold of all.
    """
    common = _threshold(confidence, coverage)
    if not by_group:
        return np.full(GROUPS, common)
    parts = [confidence[groups == group] for group in range(GROUPS)]
    return np.array([_threshold(part, coverage) if len(part) else common for part in parts])


def abstained(confidence: Floats, groups: Counts, right: Right, thresholds: Floats) -> Abstention:
    given = confidence >= thresholds[groups]
    count = len(thresholds)
    return Abstention(
        thresholds,
        np.bincount(groups, minlength=count),
        np.bincount(groups[given], minlength=count),
        np.bincount(groups[given & right], minlength=count),
    )


def _thickness(images: Floats) -> Floats:
    padded = np.pad(images, ((0, 0), (1, 1), (1, 1)))
    down, across = np.diff(padded, axis=1)[:, :, :-1], np.diff(padded, axis=2)[:, :-1, :]
    half = np.hypot(down, across).sum(axis=(1, 2)) / 2
    ink = images.sum(axis=(1, 2))
    found: Floats = (half - np.sqrt(np.maximum(half**2 - 4 * ink, 0.0))) / 2
    return found


def _size(images: Floats) -> Floats:
    inked: Right = images >= INK
    extents = []
    for axis in (2, 1):
        line: Right = np.asarray(inked.any(axis=axis))
        first, last = line.argmax(axis=1), line.shape[1] - line[:, ::-1].argmax(axis=1)
        extents.append(np.where(line.any(axis=1), last - first, 0))
    return np.sqrt(extents[0].astype(np.float64) * extents[1])


def _slant(images: Floats) -> Floats:
    side = images.shape[1]
    places = np.arange(side, dtype=np.float64)
    ink = np.maximum(images.sum(axis=(1, 2)), 1e-12)
    rows, columns = images.sum(axis=2), images.sum(axis=1)
    y, x = rows @ places / ink, columns @ places / ink
    along = np.einsum("nyx,y,x->n", images, places, places) / ink - x * y
    height = rows @ places**2 / ink - y**2
    return np.asarray(np.degrees(np.arctan2(-along, np.maximum(height, 1e-12))), dtype=np.float64)


MEASURES: Mapping[str, Callable[[Floats], Floats]] = {"thickness": _thickness, "size": _size, "slant": _slant}


def _threshold(confidence: Floats, coverage: float) -> float:
    return float(np.quantile(confidence, 1 - coverage, method="lower")) if len(confidence) else 0.0


def _even_mixes(groups: Counts, labels: Counts, right: Right, count: int) -> list[float | None]:
    """Accuracy of each group with the classes that all groups have enough of weighted as they are in all images."""
    filled = [group for group in range(count) if (groups == group).any()]
    shared = [
        one
        for one in np.unique(labels)
        if all(((groups == group) & (labels == one)).sum() >= FEWEST_OF_A_CLASS for group in filled)
    ]
    weights = np.array([(labels == one).sum() for one in shared], dtype=np.float64)
    if weights.sum() < len(labels) / 2:
        return [None] * count
    found: list[float | None] = [None] * count
    for group in filled:
        parts = [right[(groups == group) & (labels == one)].mean() for one in shared]
        found[group] = float(weights @ parts / weights.sum())
    return found
