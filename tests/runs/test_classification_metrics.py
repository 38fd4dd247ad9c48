"""Shares, curves and calibration by hand and against SciPy; scikit-learn's answers are in tests/vision."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from core.runs.classification_metrics import (
    best_temperature,
    calibration,
    class_scores,
    confusion,
    mean_interval,
    negative_log_likelihood,
    precision_recall_curve,
    roc_curve,
    softmax,
    wilson_interval,
)
from core.runs.label_errors import label_errors


@given(st.integers(1, 2000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), st.floats(0.5, 0.999))
def test_wilsons_interval_is_scipys(trials: tuple[int, int], confidence: float) -> None:
    hits, n = trials
    expected = binomtest(hits, n).proportion_ci(confidence, method="wilson")
    assert wilson_interval(hits, n, confidence) == pytest.approx((expected.low, expected.high), abs=1e-9)


def test_wilsons_interval_at_its_ends() -> None:
    assert wilson_interval(0, 0) == (0.0, 1.0)
    assert list(wilson_interval(1000, 1000)) == pytest.approx([1000 / (1000 + 1.959964**2), 1.0])


def test_the_interval_of_a_mean_by_hand() -> None:
    """Mean 3, deviation √2.5, t(4) at 97.5 % is 2.776445: ± 1.963."""
    mean, low, high = mean_interval([1, 2, 3, 4, 5])
    assert (mean, low, high) == pytest.approx((3, 3 - 2.776445 * math.sqrt(0.5), 3 + 2.776445 * math.sqrt(0.5)))
    assert mean_interval([4]) == (4, -math.inf, math.inf)


def test_precision_recall_and_f1_by_hand() -> None:
    """Three classes, the third never answered and the fourth never there."""
    matrix = confusion(np.array([0, 0, 0, 1, 1, 2]), np.array([0, 0, 1, 1, 0, 1]), 4)
    assert matrix.tolist() == [[2, 1, 0, 0], [1, 1, 0, 0], [0, 1, 0, 0], [0, 0, 0, 0]]
    scores = class_scores(matrix)
    assert scores.precision == pytest.approx([2 / 3, 1 / 3, 0, 0])
    assert scores.recall == pytest.approx([2 / 3, 1 / 2, 0, 0])
    assert scores.f1 == pytest.approx([2 / 3, 2 / 5, 0, 0])
    assert scores.support.tolist() == [3, 2, 1, 0]


def test_curves_by_hand() -> None:
    """Scores 0.9+, 0.8-, 0.7+, 0.7-: the two at 0.7 come at once."""
    truth, scores = [True, False, True, False], [0.9, 0.8, 0.7, 0.7]
    roc = roc_curve(truth, scores)
    assert list(zip(roc.x, roc.y, strict=True)) == [(0, 0), (0, 0.5), (0.5, 0.5), (1, 1)]
    assert roc.area == pytest.approx(0.5 * 0.5 + 0.5 * 0.75)
    curve = precision_recall_curve(truth, scores)
    assert list(zip(curve.x, curve.y, strict=True)) == [(0.5, 1), (0.5, 0.5), (1, 0.5)]
    assert curve.area == pytest.approx(0.5 * 1 + 0.5 * 0.5)
    assert math.isnan(roc_curve([True, True], [0.1, 0.2]).area)
    assert math.isnan(precision_recall_curve([False], [0.1]).area)


def test_calibration_by_hand() -> None:
    """Confidences 0.6, 0.6, 0.9, 0.9, 1 of which right: one, none; both; one. Two bins of ten hold 0.6 and 0.9."""
    first = np.array([0.6, 0.6, 0.9, 0.9, 1.0])
    found = calibration(np.stack([first, 1 - first], 1), np.array([0, 1, 0, 0, 0]), bins=10)
    assert found.images.tolist() == [0, 0, 0, 0, 0, 2, 0, 0, 2, 1]
    assert found.accuracy[[5, 8, 9]] == pytest.approx([0.5, 1, 1])
    assert found.expected_error == pytest.approx((2 * 0.1 + 2 * 0.1 + 0) / 5)
    assert found.largest_error == pytest.approx(0.1)


def test_a_temperature_undoes_the_scale_of_the_scores() -> None:
    generator = np.random.default_rng(0)
    logits = generator.normal(size=(4000, 10)) * 2
    labels = np.array([generator.choice(10, p=row) for row in softmax(logits)])
    assert best_temperature(logits, labels) == pytest.approx(1, abs=0.05)
    assert best_temperature(logits * 3, labels) == pytest.approx(3 * best_temperature(logits, labels), rel=1e-3)
    assert negative_log_likelihood(np.zeros((5, 10)), labels[:5]) == pytest.approx(math.log(10))
    assert np.isfinite(negative_log_likelihood(np.full((1, 10), 1e4), labels[:1]))


def test_published_label_errors_are_places_in_the_test_images() -> None:
    """Northcutt et al. 2021, table 1: 15 of MNIST's 10,000 test labels were found wrong by people."""
    errors = label_errors()
    assert len(errors) == len({one.index for one in errors}) == 15
    assert all(0 <= one.index < 10_000 and one.label != one.proposed for one in errors)
