"""Differences against published examples, areas against scikit-learn and against pairs counted by hand."""

import itertools

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from core.runs.comparisons import paired_difference, separation, share_difference


def test_newcombes_example() -> None:
    """Newcombe 1998, table II, 56/70 against 48/80 by method 10: 0.0524 to 0.3339."""
    found = share_difference(56, 70, 48, 80)
    assert found.value == pytest.approx(0.2)
    assert (found.low, found.high) == pytest.approx((0.0524, 0.3339), abs=1e-4)
    assert found.beyond_chance


def test_few_images_are_no_gap() -> None:
    assert not share_difference(9, 10, 8, 10).beyond_chance
    assert not share_difference(1, 1, 0, 0).beyond_chance


def test_a_paired_change_by_hand() -> None:
    """Of 100 images 12 are gained and 4 lost: b = 12.5, c = 4.5, n = 102 after Agresti and Min."""
    before, after = np.zeros(100, dtype=bool), np.zeros(100, dtype=bool)
    after[:12] = True
    before[12:16] = True
    found = paired_difference(before, after)
    half = 1.959964 * np.sqrt((17 - 8**2 / 102) / 102**2)
    assert found.value == pytest.approx(0.08)
    assert (found.low, found.high) == pytest.approx((8 / 102 - half, 8 / 102 + half))


def test_the_area_is_the_share_of_pairs_and_scikit_learns() -> None:
    generator = np.random.default_rng(3)
    positive, negative = generator.normal(0.5, 1, 60).round(1), generator.normal(0, 1, 40).round(1)
    pairs = np.mean([(a > b) + (a == b) / 2 for a, b in itertools.product(positive, negative)])
    found = separation(positive, negative)
    assert found.area == pytest.approx(pairs)
    truth = [1] * 60 + [0] * 40
    assert found.area == pytest.approx(roc_auc_score(truth, np.concatenate([positive, negative])))


def test_the_areas_interval_covers_as_often_as_it_says() -> None:
    """Scores from normals half a deviation apart: the true area is Phi(0.5 / sqrt 2) = 0.6382."""
    generator = np.random.default_rng(0)
    hits = 0
    for _ in range(400):
        found = separation(generator.normal(0.5, 1, 80), generator.normal(0, 1, 120))
        hits += found.low <= 0.6382 <= found.high
    assert 0.92 < hits / 400 < 0.98
