"""The chosen batch on both curves, bars of a decode step in milliseconds, memory that adds up."""

import numpy as np
import pytest

from core.charts.serving import batch_figure, memory_figure, step_figure
from core.compute.serving_speed import DecodeStep
from core.plan.service import BatchCurve, MemoryUse

CURVE = BatchCurve(np.array([1.0, 10.0, 100.0]), np.array([8.0, 2.0, 1.0]), np.array([0.01, 0.02, 0.05]))


def test_chosen_batch_is_marked_on_both_curves() -> None:
    figure = batch_figure(CURVE, 2.0, 10, "EUR", str)
    cost, wait = figure.data[2], figure.data[3]
    assert (cost.x[0], cost.y[0]) == (10, 4.0)
    assert (wait.x[0], wait.y[0], wait.yaxis) == (10, 20.0, "y2")
    assert [shape.x0 for shape in figure.layout.shapes] == [10, 100]
    assert figure.layout.annotations[0].x == pytest.approx(2.0)
    assert figure.layout.annotations[0].text == "100 fit at most"


def test_bars_of_a_step_are_milliseconds() -> None:
    figure = step_figure(DecodeStep(0.002, 0.001, 0.0005, 0.006), str)
    assert [bar.x[0] for bar in figure.data] == [2.0, 1.0, 0.5, 6.0]
    assert figure.data[0].y == figure.data[1].y


def test_memory_is_one_bar_of_gigabytes() -> None:
    figure = memory_figure(MemoryUse(weights=10e9, cache=40e9, free=22e9, workspace=8e9), str)
    assert [bar.x[0] for bar in figure.data] == [10, 40, 22, 8]
    assert {bar.y for bar in figure.data} == {("Memory",)}
