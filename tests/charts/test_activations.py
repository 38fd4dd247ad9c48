"""What the figures of the Activations page plot."""

import math

import numpy as np
import pytest

from core.charts.activations import (
    Drawn,
    activation_figure,
    jacobian_figure,
    shares_figure,
    signal_figure,
    sizes,
)
from core.formulas.activations import ACTIVATIONS
from core.formulas.activations.behaviour import signal_through_depth
from core.formulas.settings import Choice


def same(text: str) -> str:
    return text


def test_function_stands_over_its_slope_and_is_marked_at_the_input() -> None:
    """σ(2) = 0.880797078, σ′(2) = σ(2)(1 - σ(2)) = 0.104993585."""
    row = ACTIVATIONS["sigmoid"]
    figure = activation_figure([Drawn(row, "Sigmoid", {})], 2.0, (), same)
    marks = [trace for trace in figure.data if trace.mode == "markers"]
    assert [trace.y[0] for trace in marks] == pytest.approx([0.880797078, 0.104993585], abs=1e-9)
    assert [trace.yaxis for trace in figure.data[:2]] == ["y", "y2"]
    assert (figure.data[0].x[0], figure.data[0].x[-1]) == (-6.0, 6.0)
    assert [trace.line.simplify for trace in figure.data[:2]] == [False, False]  # Plotly would give a bow corners


def test_a_jump_is_a_gap_and_a_bend_is_none() -> None:
    step, relu = (activation_figure([Drawn(ACTIVATIONS[name], name, {})], 9.0, (), same) for name in ("step", "relu"))
    assert np.isnan(step.data[0].y).sum() == 1
    assert np.isnan(relu.data[0].y).sum() == 0
    assert np.isnan(relu.data[1].y).sum() == 1  # its slope jumps from 0 to 1


def test_dead_inputs_are_shaded_within_the_axis() -> None:
    figure = activation_figure([Drawn(ACTIVATIONS["relu"], "ReLU", {})], 2.0, ((-math.inf, 0.0), (8.0, math.inf)), same)
    assert [(shape.x0, shape.x1) for shape in figure.layout.shapes] == [(-6.0, 0.0)]


def test_shares_and_their_slopes() -> None:
    """Two equal shares: s(1 - s) = ¼ on the diagonal, -¼ beside it."""
    row, x = ACTIVATIONS["softmax"], np.zeros(2)
    bars = shares_figure(["1", "2"], x, row.value(x), "Softmax", same)
    assert list(bars.data[1].y) == [0.5, 0.5]
    heat = jacobian_figure(["1", "2"], row.derivative(x), same)
    assert np.asarray(heat.data[0].z).tolist() == [[0.25, -0.25], [-0.25, 0.25]]
    assert (heat.data[0].zmin, heat.data[0].zmax) == (-0.25, 0.25)


def test_gate_has_half_as_many_outputs() -> None:
    row, x = ACTIVATIONS["glu"], np.array([1.0, 2.0, 0.0, 0.0])
    bars = shares_figure(["1", "2", "3", "4"], x, row.value(x), "GLU", same)
    assert (len(bars.data[0].x), len(bars.data[1].x)) == (4, 2)


def test_signal_that_dies_leaves_a_gap_and_a_size_of_nothing() -> None:
    """Weights of 0: nothing comes out of the first layer, and no gradient comes back."""
    dead = signal_through_depth(Choice("relu"), Choice("zeros"), 8, 3, seed=1, samples=8)
    figure = signal_figure([("zeros", dead)], same)
    assert np.isnan(figure.data[0].y).all()
    assert figure.data[1].y[-1] == pytest.approx(1.0, abs=0.3)  # N(0, 1) at the last layer
    assert sizes(dead.means, dead.variances).tolist() == [0.0, 0.0, 0.0]
    assert sizes(np.array([3.0]), np.array([16.0])).tolist() == [5.0]
