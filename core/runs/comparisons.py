"""Whether two figures differ by more than chance: shares, answers to the same images, and scores of two kinds."""

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from core.runs.classification_metrics import wilson_interval

Floats = NDArray[np.float64]
CONFIDENCE = 0.95


@dataclass(frozen=True)
class Difference:
    """A difference with its interval."""

    value: float
    low: float
    high: float

    @property
    def beyond_chance(self) -> bool:
        return self.low > 0 or self.high < 0


@dataclass(frozen=True)
class Separation:
    """How well scores tell two kinds apart: the chance that a positive scores above a negative, with its interval."""

    area: float
    low: float
    high: float


def share_difference(hits: int, n: int, other_hits: int, other_n: int, confidence: float = CONFIDENCE) -> Difference:
    """First share less the other of independent images (Newcombe 1998, Statistics in Medicine 17(8), method 10)."""
    if n == 0 or other_n == 0:
        return Difference(math.nan, -1.0, 1.0)
    first, other = hits / n, other_hits / other_n
    low, high = wilson_interval(hits, n, confidence)
    other_low, other_high = wilson_interval(other_hits, other_n, confidence)
    value = first - other
    return Difference(
        value,
        value - math.hypot(first - low, other_high - other),
        value + math.hypot(high - first, other - other_low),
    )


def paired_difference(before: NDArray[np.bool_], after: NDArray[np.bool_]) -> Difference:
    """Share right after less before, on the same images, each (n,); half an image is added to each of the four kinds
    (Agresti and Min 2005, Statistics in Medicine 24(5))."""
    n = len(before)
    if n == 0:
        return Difference(math.nan, -1.0, 1.0)
    gained, lost = int((after & ~before).sum()), int((before & ~after).sum())
    b, c, padded = gained + 0.5, lost + 0.5, n + 2.0
    middle = (b - c) / padded
    half = _z(CONFIDENCE) * math.sqrt(((b + c) - (b - c) ** 2 / padded) / padded**2)
    return Difference((gained - lost) / n, middle - half, middle + half)


def separation(positive: Floats, negative: Floats) -> Separation:
    """Area under the ROC curve with its interval by placements (DeLong et al. 1988, Biometrics 44(3))."""
    m, n = len(positive), len(negative)
    if m < 2 or n < 2:
        return Separation(math.nan, 0.0, 1.0)
    ranks = _ranks(np.concatenate([positive, negative]))
    above = (ranks[:m] - _ranks(positive)) / n  # share of the negatives below each positive, ties half
    below = 1 - (ranks[m:] - _ranks(negative)) / m
    area = float(above.mean())
    half = _z(CONFIDENCE) * math.sqrt(float(above.var(ddof=1)) / m + float(below.var(ddof=1)) / n)
    return Separation(area, max(0.0, area - half), min(1.0, area + half))


def _ranks(values: Floats) -> Floats:
    """From 1 on; equal values share the mean of theirs."""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return np.asarray((last - (counts - 1) / 2)[place], dtype=np.float64)


def _z(confidence: float) -> float:
    return NormalDist().inv_cdf((1 + confidence) / 2)
