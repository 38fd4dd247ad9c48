"""What the figures of an ensemble show of hand-made members."""

import math

import numpy as np
import pytest

from core.charts.ensembles import LEAST_POINTS, agreement_figure, members_figure
from core.runs.ensembles import by_number


def same(text: str) -> str:
    return text


def test_the_figure_starts_at_the_mean_member() -> None:
    """Probabilities 0.5 and 0.125 of the label: ln 2 and 3 ln 2 alone, ln 3.2 together."""
    found = by_number(np.array([[[0.5, 0.5]], [[0.125, 0.875]]]), np.array([0]))
    figure = members_figure(found, same)
    loss = figure.data[0]
    assert list(loss.x) == [1, 2]
    assert list(loss.y) == pytest.approx([2 * math.log(2), math.log(3.2)])
    assert loss.error_y.array[0] == pytest.approx(math.log(2))
    assert loss.error_y.arrayminus[0] == pytest.approx(math.log(2))
    low, high = figure.layout.yaxis2.range
    assert high - low >= LEAST_POINTS


def test_the_diagonal_of_agreement_is_empty() -> None:
    figure = agreement_figure(np.array([[1.0, 0.975], [0.975, 1.0]]), ["a", "b"], same)
    shown = np.array(figure.data[0].z, dtype=float)
    assert np.isnan(np.diagonal(shown)).all()
    assert shown[0, 1] == pytest.approx(97.5)
