"""What the figures of the Losses page plot."""

import numpy as np
import pytest

from core.charts.losses import (
    Curve,
    Here,
    before_and_after_figure,
    loss_figure,
    mask_figure,
    penalty_figure,
    shrinkage_figure,
)
from core.formulas.losses import LOSSES
from core.formulas.losses.data import along
from core.formulas.regularizers.decay_or_penalty import shrinkage


def same(text: str) -> str:
    return text


def test_loss_stands_over_its_slope_with_the_tangent_at_the_prediction() -> None:
    """(x - 1)² / 1 at x = 3: 4, slope 4; its tangent is a straight line of slope 4 through that point."""
    steps = np.linspace(-1.0, 4.0, 11)
    curves = [Curve(name, along(LOSSES[name], [3.0], [1.0], (0, 0, 0), steps)) for name in ("mse", "mae")]
    figure = loss_figure(curves, Here(3.0, 4.0, 4.0), 1.0, "prediction", same)

    by_axis = [(trace.name, trace.yaxis) for trace in figure.data[:4]]
    assert by_axis == [("mse", "y"), ("slope of mse", "y2"), ("mae", "y"), ("slope of mae", "y2")]
    tangent = next(trace for trace in figure.data if trace.name == "tangent")
    assert (tangent.y[1] - tangent.y[0]) / (tangent.x[1] - tangent.x[0]) == pytest.approx(4.0)
    assert np.mean(tangent.y) == pytest.approx(4.0)
    assert figure.layout.shapes[0].x0 == 1.0
    assert figure.layout.yaxis.domain[0] > figure.layout.yaxis2.domain[1]
    assert not any(trace.line.simplify for trace in figure.data[:4])  # Plotly would give a bow corners


def test_infinite_loss_is_a_gap_without_a_mark() -> None:
    curve = Curve(
        "loss", along(LOSSES["cross_entropy_of_distributions"], [0.0, 1.0], [0.5, 0.5], (0, 0, 0), np.array([0.0, 0.5]))
    )
    figure = loss_figure([curve], Here(0.0, np.inf, -np.inf), None, "prediction", same)
    assert np.isnan(figure.data[0].y[0])
    assert len(figure.data) == 2


def test_penalty_stands_over_its_derivative() -> None:
    weights = np.array([-1.0, 1.0])
    figure = penalty_figure("L1", weights, np.abs(weights), np.sign(weights), same)
    assert [trace.yaxis for trace in figure.data] == ["y", "y2"]
    assert before_and_after_figure("", weights, [("before", weights)], "weight").data[0].name == "before"


def test_penalty_in_adam_fades_with_the_gradient_and_decay_does_not() -> None:
    figure = shrinkage_figure(shrinkage(), same)
    small, _, large, decay = (trace.y[-1] for trace in figure.data)
    assert small < large
    assert decay == pytest.approx((1 - 0.01 * 0.1) ** 200, abs=0.02)  # 1 - αλ a step, and what Adam itself wandered


def test_mask_shows_numbers_before_and_after() -> None:
    figure = mask_figure(np.array([1.0, 2.0]), np.array([0.0, 4.0]), "dropout", same)
    assert [list(trace.y) for trace in figure.data] == [[1.0, 2.0], [0.0, 4.0]]
