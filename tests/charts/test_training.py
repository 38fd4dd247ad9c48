"""Figures of the Training cost page: loss against money, memory of an accelerator, utilisation of whole runs."""

import numpy as np
import pytest

from core.charts.memory import memory_figure
from core.charts.scaling import Mark, loss_figure
from core.charts.training_cost import training_cost_figure
from core.charts.utilisation import utilisation_figure
from core.compute.memory import MemoryUse
from core.compute.training import training_cost
from core.compute.training_runs import full_runs
from core.plan.run_budget import purchase
from tests.plan.builders import company, run

PARTS = {"parameters": "weights", "gradients": "gradients", "optimizer": "Adam", "activations": "activations"}


def test_loss_curve_with_its_interval_the_run_and_the_rounds() -> None:
    plan = company(runs=(run(),))
    money = np.geomspace(1e5, 1e8, 7)
    rounds = [Mark("Seed", 2e6, 2.1), Mark("Series A", 12e6, 2.0), Mark("Bridge", 12.5e6, 1.99)]
    figure = loss_figure(
        money,
        purchase(plan, 0, money),
        purchase(plan, 0, money, "original"),
        Mark("7B", 1e6, 2.2),
        rounds,
        budget=1e6,
        currency="USD",
        words=str,
    )
    band, refit, original, marked, own = figure.data
    assert list(refit.x) == pytest.approx(list(money))
    assert np.all(np.diff(refit.y) < 0)
    assert np.all(np.diff(original.y) < 0)
    assert len(band.x) == 2 * len(money)
    assert list(marked.text) == ["Seed", "", "Bridge"]  # the larger of two sums too near to each other
    assert (own.x[0], own.y[0]) == (1e6, 2.2)
    assert figure.layout.shapes[0].x0 == 1e6


def test_memory_bar_adds_up_beside_both_limits() -> None:
    use = MemoryUse(10e9, 20e9, 30e9, 0.0, 15e9, 0.0)
    figure = memory_figure(use, usable_bytes=72e9, memory_bytes=80e9, names=PARTS, words=str)
    assert [bar.x[0] for bar in figure.data] == [10, 20, 30, 15]
    assert [line.x0 for line in figure.layout.shapes] == [72, 80]
    assert figure.layout.xaxis.range[1] == pytest.approx(84)


def test_published_runs_stand_in_order_beside_the_plan() -> None:
    figure = utilisation_figure(full_runs(), 0.3, str)
    distribution, runs = figure.data
    assert len(runs.x) == len(full_runs())
    assert np.all(np.diff(runs.x) >= 0)
    assert np.interp(0.5, distribution.y, distribution.x) == pytest.approx(0.295, abs=0.001)
    assert figure.layout.annotations[0].x == 0.3


def test_cost_of_thousands_of_millions_is_counted_in_billions() -> None:
    """6 × 1e12 × 1e13 / (1e15 × 0.5 × 3600) = 33.3 million hours at 60 USD: 2 billion."""
    cost = training_cost(1e12, 1e13, 1e15, 0.5, accelerator_count=1000, price_per_hour=60.0)
    figure = training_cost_figure(cost, "USD", str)
    assert (figure.data[0].text[0], figure.layout.xaxis.title.text) == ("2", "billion USD")
