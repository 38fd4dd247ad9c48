"""Charts of a trained network."""

import numpy as np
import pytest

from core.charts.evaluation import (
    Shift,
    calibration_figure,
    confusion_figure,
    precision_recall_figure,
    roc_figure,
    scores_figure,
    seeds_figure,
    shifts_figure,
)
from core.runs.classification_metrics import calibration, precision_recall_curve, roc_curve


def plain(text: str) -> str:
    return text


def test_hits_and_mistakes_are_shaded_by_their_share_of_the_row() -> None:
    """Three of four zeros are found, one is taken for a one; what never came is empty."""
    figure = confusion_figure(np.array([[3, 1], [0, 2]]), ["0", "1"], plain)
    hits, mistakes, counts = figure.data
    assert hits.z[0][0] == 75
    assert np.isnan(hits.z[0][1])
    assert mistakes.z[0][1] == 25
    assert np.isnan(mistakes.z[1][0])
    assert [list(row) for row in mistakes.text] == [["", "1"], ["", ""]]
    assert list(zip(counts.y, counts.x, counts.text, strict=True)) == [
        ("0", "0", "3"),
        ("0", "1", "1"),
        ("1", "1", "2"),
    ]
    assert (figure.layout.xaxis.title.text, figure.layout.yaxis.title.text) == ("predicted class", "true class")


def test_curves_of_a_perfect_class_start_at_the_edge_of_the_axis() -> None:
    positive, scores = np.array([True, False]), np.array([0.9, 0.1])
    roc = roc_figure({"7": roc_curve(positive, scores)}, plain).data[0]
    assert roc.name == "7 (1.0000)"
    assert min(roc.x) == pytest.approx(0.01)
    recall = precision_recall_figure({"7": precision_recall_curve(positive, scores)}, plain).data[0]
    assert list(recall.y) == [100.0, 50.0]


def test_calibration_is_drawn_for_the_bins_that_hold_images() -> None:
    """Two images sure to 0.8, one of them right."""
    found = calibration(np.array([[0.8, 0.2], [0.8, 0.2]]), np.array([0, 1]))
    drawn = calibration_figure({"as trained": found}, plain).data[1]
    assert drawn.x == pytest.approx([80.0])
    assert drawn.y == pytest.approx([50.0])


def test_shifts_seeds_and_scores_are_in_per_cent() -> None:
    levels, accuracy = np.array([0.0, 1.0]), np.array([0.9, 0.5])
    shifted = shifts_figure(Shift("noise", "x", levels, accuracy, accuracy - 0.1, accuracy + 0.1), plain)
    assert shifted.data[1].y == pytest.approx([90.0, 50.0])
    seeds = seeds_figure([0, 1], [0.9, 0.8], [0.85, 0.7], [0.95, 0.9], plain).data[0]
    assert seeds.error_y.arrayminus == pytest.approx([5.0, 10.0])
    assert scores_figure(np.array([0.25, 0.75]), ["a", "b"], plain).data[0].y == pytest.approx([25.0, 75.0])
