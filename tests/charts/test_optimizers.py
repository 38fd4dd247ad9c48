"""Ways over a surface, values, sweeps and schedules: the numbers that are drawn are those of the runs."""

import math

import numpy as np
import pytest

from core.charts.ground import ground
from core.charts.optimizers import (
    MOST_FRAMES,
    Runner,
    landscape_figure,
    map_figure,
    sweep_figure,
    values_figure,
)
from core.charts.schedules import Planned, schedules_figure
from core.formulas.races import race, sweep
from core.formulas.schedules import SCHEDULES
from core.formulas.settings import Choice, completed
from core.formulas.surfaces import SURFACES, Surface, own_surface, ravine

ROSENBROCK, START = SURFACES["rosenbrock"], (-1.2, 1.0)
CHOICES = (Choice("momentum", {"learning_rate": 1e-3}), Choice("sgd", {"learning_rate": 0.1}))
PATHS = race(ROSENBROCK, CHOICES, START, 100)
RUNNERS = [Runner(name, path) for name, path in zip(("momentum", "descent"), PATHS, strict=True)]


def test_heights_are_powers_of_ten_where_most_of_the_surface_is_low() -> None:
    """Rosenbrock from 0 to 2,509 at (-2, -1): 9 + 100 · 25. The ravine of κ = 100 reaches 850 evenly."""
    land = ground(ROSENBROCK, 0.0)
    assert land.logarithmic
    assert land.heights.max() == pytest.approx(math.log10(2509))
    assert land.height(np.array([100.0])) == pytest.approx([2.0])
    plain = ground(ravine(100.0), 0.0)
    assert not plain.logarithmic
    assert plain.heights.max() == pytest.approx(850)


def test_powers_of_ten_have_the_same_names_beside_the_ground_as_on_an_axis() -> None:
    bar = map_figure(ROSENBROCK, RUNNERS, 0.0, str).data[0].colorbar
    named = dict(zip(bar.tickvals, bar.ticktext, strict=True))
    assert (named[-1], named[0], named[1], named[2]) == ("10<sup>−1</sup>", "1", "10", "10<sup>2</sup>")


@pytest.mark.parametrize("surface", SURFACES.values(), ids=lambda one: one.id)
def test_every_surface_is_drawn_with_finite_heights(surface: Surface) -> None:
    assert np.isfinite(ground(surface, 0.0).heights).all()


def test_a_place_without_a_value_is_a_gap_and_a_surface_without_any_is_empty() -> None:
    heights = ground(own_surface("ln(x) + y^2"), 0.0).heights
    assert np.isnan(heights[:, 0]).all()
    assert np.isfinite(heights[:, -1]).all()
    assert np.isnan(ground(own_surface("sqrt(-1 - x^2)"), 0.0).heights).all()


def test_each_way_is_drawn_whole_and_a_dot_plays_along_it() -> None:
    figure = map_figure(ROSENBROCK, RUNNERS, 0.0, str)
    way = next(trace for trace in figure.data if trace.name == "momentum")
    assert np.column_stack([way.x, way.y]) == pytest.approx(PATHS[0].points)
    assert len(figure.frames) <= MOST_FRAMES
    first, last = figure.frames[0], figure.frames[-1]
    assert (first.name, last.name) == ("0", "100")
    assert (first.data[0].x[0], first.data[0].y[0]) == START
    # the run that was lost waits where it was last seen
    assert last.data[0].x[1] == PATHS[1].points[-1, 0]
    assert {len(frame.data) for frame in figure.frames} == {1}
    assert {frame.traces for frame in figure.frames} == {(len(figure.data) - 1,)}


def test_in_three_dimensions_a_way_is_cut_at_the_window_and_stands_on_the_surface() -> None:
    figure = landscape_figure(ROSENBROCK, RUNNERS, 0.0, str)
    momentum = next(trace for trace in figure.data if trace.name == "momentum")
    assert momentum.z[0] == pytest.approx(math.log10(24.2))
    lost = next(trace for trace in figure.data if trace.name == "descent")
    assert np.isnan(np.array(lost.x, dtype=float)[1:]).all()


def test_values_stand_above_the_lowest_and_a_lost_run_ends_in_a_cross() -> None:
    """torch 2.13: f after 100 steps of momentum at 0.001 is 0.1430672965."""
    figure = values_figure(RUNNERS, 0.0, str)
    assert figure.data[0].y[-1] == pytest.approx(0.1430672965)
    assert figure.layout.yaxis.type == "log"
    assert figure.data[-1].marker.symbol == "x"
    assert values_figure(RUNNERS, None, str).layout.yaxis.type is None


def test_the_sweep_shows_lost_rates_and_the_stability_line() -> None:
    """κ = 100: gradient descent is lost above 2/100."""
    swept = sweep(ravine(100.0), Choice("sgd"), (1.0, 1.0), 400, [0.01, 0.019, 0.03])
    figure = sweep_figure({"descent": swept}, 0.0, {"descent": 0.019}, {"descent": 0.02}, str)
    crosses = next(trace for trace in figure.data if trace.name == "descent: lost")
    assert list(crosses.x) == [0.03]
    assert figure.layout.shapes[0].x0 == 0.02
    star = next(trace for trace in figure.data if trace.marker.symbol == "star")
    assert star.y[0] == pytest.approx(swept.final[1])


def test_schedules_by_hand() -> None:
    """Step: 0.1, a tenth from step 10 on. Cosine: half way down at half the run."""
    planned = [
        Planned(name, SCHEDULES[name], completed(SCHEDULES[name].settings, {"learning_rate": 0.1}, name))
        for name in ("step", "cosine")
    ]
    step, cosine = schedules_figure(planned, 20, str).data
    assert list(step.y[:11]) == pytest.approx([0.1] * 10 + [0.01])
    assert cosine.y[10] == pytest.approx(0.05)
    assert len(schedules_figure(planned, 100_000, str).data[0].x) <= 500


def test_the_ground_stays_while_the_dots_play() -> None:
    """Plotly drops contours from a map that plays; a picture of the same bands lies below them."""
    figure = map_figure(ravine(100.0), RUNNERS, 0.0, str)
    (picture,) = figure.layout.images
    assert (picture.x, picture.y, picture.sizex, picture.sizey) == (-10, 4, 20, 8)
    contours = figure.data[0].contours
    assert (contours.start, contours.size) == pytest.approx((850 / 24, 850 / 24))
    assert figure.data[0].colorbar.dtick == 200


def test_a_level_surface_and_one_without_values_are_drawn() -> None:
    for text in ("3", "sqrt(-1 - x^2)", "exp(5.5*x^3)"):
        assert map_figure(own_surface(text), RUNNERS, 0.0, str).data
        assert landscape_figure(own_surface(text), RUNNERS, 0.0, str).data
