"""A race at each optimizer's best rate, and what is said about a surface's curvature."""

import numpy as np
import pytest

from core.formulas.races import best_rates, race
from core.formulas.settings import Choice
from core.formulas.surfaces import SURFACES, own_surface, ravine
from core.formulas.tuned_races import (
    arithmetic,
    at_best_rate,
    curvatures,
    lowest_value,
    place_to_settle,
    raced,
    swept,
)

ROSENBROCK, START = SURFACES["rosenbrock"], (-1.2, 1.0)


def test_runs_are_those_of_a_race() -> None:
    """torch 2.13 in float64 from (-1.2, 1): f after 100 steps of momentum at 0.001 is 0.1430672965."""
    (path,) = raced(ROSENBROCK, [Choice("momentum", {"learning_rate": 1e-3})], START, 100)
    assert path.values[-1] == pytest.approx(0.14306729651, abs=1e-9)
    assert raced(ROSENBROCK, [Choice("momentum", {"learning_rate": 1e-3})], START, 100)[0] is path


def test_the_best_rate_of_descent_in_a_ravine_is_the_nearest_tried_to_the_law() -> None:
    """κ = 100 from (1, 1): 2/101 = 0.0198 by Polyak; of eight rates a power of ten 0.0178 is the last below 2/100."""
    choice = at_best_rate(ravine(100.0), Choice("sgd"), (1.0, 1.0), 400)
    assert choice.settings["learning_rate"] == pytest.approx(10**-1.75)
    assert choice.settings["learning_rate"] < best_rates(1, 100).descent_rate


def test_a_best_rate_keeps_the_other_settings_and_no_other_tried_rate_ends_lower() -> None:
    choice = at_best_rate(ROSENBROCK, Choice("momentum", {"momentum": 0.5}), START, 100)
    assert choice.settings["momentum"] == 0.5
    tried = swept(ROSENBROCK, Choice("momentum", {"momentum": 0.5, "learning_rate": 3.0}), START, 100)
    (path,) = race(ROSENBROCK, [choice], START, 100)
    assert path.values[-1] == pytest.approx(float(tried.final.min()))


def test_where_every_rate_is_lost_the_choice_stays() -> None:
    surface = own_surface("exp(x^4) * 1000000")
    choice = Choice("sgd", {"learning_rate": 0.25})
    assert at_best_rate(surface, choice, (5.0, 0.0), 20) is choice


def test_curvatures_of_known_surfaces() -> None:
    """Rosenbrock's Hessian at (1, 1) is (802, -400; -400, 200): 0.3994 and 1001.6. Ackley's tip has none."""
    assert curvatures(ROSENBROCK, (1.0, 1.0)) == pytest.approx((0.39936077, 1001.60064), rel=1e-6)
    assert curvatures(ravine(30.0), (5.0, 5.0)) == (1.0, 30.0)
    assert curvatures(SURFACES["ackley"], (0.0, 0.0)) is None


def test_the_lowest_value_is_the_known_one_or_what_was_reached() -> None:
    paths = race(SURFACES["himmelblau"], [Choice("sgd", {"learning_rate": 0.01})], (-4.5, 0.5), 200)
    assert lowest_value(SURFACES["himmelblau"], paths) == pytest.approx(0, abs=1e-12)
    assert place_to_settle(SURFACES["himmelblau"], paths) == pytest.approx(tuple(paths[0].points[-1]), abs=1e-3)
    own = own_surface("(x - 1)^2 + y^2 + 7")
    paths = race(own, [Choice("sgd", {"learning_rate": 0.1})], (0.0, 0.0), 200)
    assert lowest_value(own, paths) == pytest.approx(7)
    assert place_to_settle(own, paths) == pytest.approx((1, 0), abs=1e-9)


def test_the_arithmetic_walks_the_path_and_shows_the_step_that_was_lost() -> None:
    (path,) = race(ROSENBROCK, [Choice("adam", {"learning_rate": 0.1})], START, 5)
    steps = arithmetic(path)
    assert np.array([step["parameters"] for step in steps]) == pytest.approx(path.points[1:])
    # Adam's first step is the learning rate in every coordinate, whatever the gradient
    assert np.abs(steps[0]["update"]) == pytest.approx([0.1, 0.1], rel=1e-6)
    (lost,) = race(ROSENBROCK, [Choice("sgd", {"learning_rate": 0.1})], START, 20)
    assert lost.lost is not None
    assert len(arithmetic(lost)) == lost.lost.step
    (newton,) = race(ROSENBROCK, [Choice("newton")], START, 3)
    assert arithmetic(newton) == ()
