"""How good a classifier is, from its probabilities: counts, ratios, curves and intervals, in NumPy alone.

Classes are numbered from 0; `probabilities` are (n, classes), `labels` (n,).
"""

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]
CALIBRATION_BINS = 15  # Guo et al. 2017, arXiv 1706.04599, section 2


@dataclass(frozen=True)
class ClassScores:
    """By class; 0 where nothing was found or nothing was there. support: images of the class."""

    precision: Floats
    recall: Floats
    f1: Floats
    support: Counts


@dataclass(frozen=True)
class Curve:
    """A ROC curve (false positive rate, true positive rate) or a precision-recall curve (recall, precision).

    area: under the ROC curve by trapezoids; average precision (the sum of precision over steps of recall) for the other
    thresholds: the score from which on an image counts as positive, falling
    """

    x: Floats
    y: Floats
    thresholds: Floats
    area: float


@dataclass(frozen=True)
class Calibration:
    """By bin of confidence: images, mean confidence and accuracy (NaN where empty).

    expected_error: mean gap weighted by images; largest_error: the widest gap
    """

    edges: Floats
    images: Counts
    confidence: Floats
    accuracy: Floats
    expected_error: float
    largest_error: float


def wilson_interval(hits: int, n: int, confidence: float = 0.95) -> tuple[float, float]:
    """Interval of a share (Wilson 1927, JASA 22(158)); (0, 1) without trials."""
    if n == 0:
        return 0.0, 1.0
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    share = hits / n
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return max(0.0, middle - half), min(1.0, middle + half)


def mean_interval(values: Any, confidence: float = 0.95) -> tuple[float, float, float]:
    """Mean of repeated runs and its interval by Student's t (Student 1908); the interval is infinite for one run."""
    found = np.asarray(values, dtype=np.float64)
    mean = float(found.mean())
    if found.size < 2:
        return mean, -math.inf, math.inf
    from scipy.stats import t  # noqa: PLC0415  a second to import

    half = float(t.ppf((1 + confidence) / 2, found.size - 1)) * float(found.std(ddof=1)) / math.sqrt(found.size)
    return mean, mean - half, mean + half


def confusion(labels: Counts, predicted: Counts, classes: int) -> Counts:
    """(classes, classes): rows are the truth, columns what was answered."""
    return np.bincount(labels * classes + predicted, minlength=classes * classes).reshape(classes, classes)


def class_scores(matrix: Counts) -> ClassScores:
    """From a confusion matrix."""
    hits = np.diagonal(matrix).astype(np.float64)
    answered, support = matrix.sum(axis=0), matrix.sum(axis=1)
    precision, recall = _ratio(hits, answered), _ratio(hits, support)
    return ClassScores(precision, recall, _ratio(2 * hits, answered + support), support)


def roc_curve(positive: Any, scores: Any) -> Curve:
    """One class against the rest; area NaN where one side is empty."""
    found, missed, thresholds = _cumulative(positive, scores)
    x, y = _ratio(missed, missed[-1:]), _ratio(found, found[-1:])
    whole = found[-1] > 0 and missed[-1] > 0
    area = float(np.trapezoid(y, x)) if whole else math.nan
    return Curve(x, y, thresholds, area)


def precision_recall_curve(positive: Any, scores: Any) -> Curve:
    """One class against the rest, from the surest answer on; area NaN without positives."""
    found, missed, thresholds = (values[1:] for values in _cumulative(positive, scores))
    recall, precision = _ratio(found, found[-1:]), _ratio(found, found + missed)
    area = float(np.sum(np.diff(recall, prepend=0.0) * precision)) if found[-1] > 0 else math.nan
    return Curve(recall, precision, thresholds, area)


def calibration(probabilities: Floats, labels: Counts, bins: int = CALIBRATION_BINS) -> Calibration:
    """Confidence, the largest probability, against accuracy, in bins of equal width that include their upper edge."""
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == labels
    edges = np.linspace(0.0, 1.0, bins + 1)
    place = np.clip(np.searchsorted(edges, confidence, side="left") - 1, 0, bins - 1)
    images = np.bincount(place, minlength=bins)
    with np.errstate(invalid="ignore"):
        mean_confidence = np.bincount(place, confidence, bins) / images
        accuracy = np.bincount(place, right.astype(np.float64), bins) / images
    gaps = np.abs(np.nan_to_num(accuracy - mean_confidence))
    return Calibration(
        edges, images, mean_confidence, accuracy, float(gaps @ images / max(1, len(labels))), float(gaps.max())
    )


def negative_log_likelihood(logits: Floats, labels: Counts, temperature: float = 1.0) -> float:
    """Mean over the images, of the softmax of logits / temperature."""
    scaled = logits / temperature
    top = scaled.max(axis=1, keepdims=True)
    normaliser = top[:, 0] + np.log(np.exp(scaled - top).sum(axis=1))
    return float(np.mean(normaliser - scaled[np.arange(len(labels)), labels]))


def best_temperature(logits: Floats, labels: Counts) -> float:
    """Between 0.05 and 20, with the least negative log likelihood (Guo et al. 2017): fit it on images set apart."""
    from scipy.optimize import minimize_scalar  # noqa: PLC0415  a second to import

    found = minimize_scalar(
        lambda log_t: negative_log_likelihood(logits, labels, math.exp(log_t)),
        bounds=(math.log(0.05), math.log(20.0)),
        method="bounded",
    )
    return math.exp(float(found.x))


def softmax(logits: Floats, temperature: float = 1.0) -> Floats:
    scaled = np.exp((logits - logits.max(axis=1, keepdims=True)) / temperature)
    shares: Floats = scaled / scaled.sum(axis=1, keepdims=True)
    return shares


def _cumulative(positive: Any, scores: Any) -> tuple[Floats, Floats, Floats]:
    """Positives and negatives at or above each distinct score, falling, with (0, 0) at an infinite one before."""
    truth, values = np.asarray(positive, dtype=bool), np.asarray(scores, dtype=np.float64)
    order = np.argsort(-values, kind="stable")
    truth, values = truth[order], values[order]
    last = np.flatnonzero(np.append(np.diff(values) != 0, True))
    found = np.cumsum(truth)[last].astype(np.float64)
    return (
        np.concatenate([[0.0], found]),
        np.concatenate([[0.0], last + 1 - found]),
        np.concatenate([[math.inf], values[last]]),
    )


def _ratio(above: Any, below: Any) -> Floats:
    above, below = np.broadcast_arrays(np.asarray(above, np.float64), np.asarray(below, np.float64))
    found: Floats = np.divide(above, below, out=np.zeros(above.shape), where=below > 0)
    return found
