"""Pictures and curves of explanations."""

import numpy as np
import pytest

from core.charts.colours import AGAINST, FOR, SILENT
from core.charts.explain import (
    attribution_figure,
    gradient_figure,
    hiding_figure,
    kernels_picture,
    overlay,
    randomised_figure,
    strength,
)


def plain(text: str) -> str:
    return text


def rgb(colour: str) -> list[int]:
    return list(bytes.fromhex(colour[1:]))


def test_an_overlay_is_orange_for_blue_against_and_the_dark_image_between() -> None:
    values = np.array([[1.0, -1.0], [0.0, 0.0]])
    drawn = overlay(np.array([[0, 0], [0, 255]]), values, 20)
    assert drawn.shape == (20, 20, 3)
    assert drawn[0, 0].tolist() == rgb(FOR)
    assert drawn[0, 19].tolist() == rgb(AGAINST)
    assert drawn[19, 0].tolist() == rgb(SILENT)
    assert drawn[19, 19].min() > drawn[19, 0].max()  # ink that says nothing is grey


def test_one_loud_pixel_does_not_pale_the_rest() -> None:
    """The 99th percentile of 400 sizes leaves out the four largest."""
    values = np.ones((20, 20))
    values[0, 0] = 1000.0
    assert strength(values) == pytest.approx(1.0)
    assert strength(np.zeros((3, 3))) == 1.0
    alone = np.zeros((20, 20))
    alone[3, 3] = 7.0
    assert strength(alone) == 7.0


def test_kernels_stand_in_rows_with_a_grey_line_between() -> None:
    """2 x 3 kernels of 3 x 3 at 100 pixels: (100 // 3 - 2) // 3 = 10 a weight, 32 a kernel with its line."""
    kernels = np.ones((2, 3, 3, 3))
    kernels[1, 2] = -1.0
    drawn = kernels_picture(kernels, 100)
    assert drawn.shape == (2 * 32 - 2, 3 * 32 - 2, 3)
    assert drawn[0, 0].tolist() == rgb(FOR)
    assert drawn[-1, -1].tolist() == rgb(AGAINST)
    assert drawn[0, 30].tolist() == [128, 136, 144]


def test_the_large_map_is_symmetrical_about_nothing() -> None:
    figure = attribution_figure(np.zeros((2, 2)), np.array([[0.5, -2.0], [0.0, 0.0]]), "Saliency", plain)
    heat = figure.data[0]
    assert heat.zmin == -heat.zmax
    assert heat.colorscale[1] == (0.5, SILENT)
    assert figure.layout.yaxis.autorange == "reversed"


def test_curves_are_in_per_cent_and_end_soon_after_the_ink() -> None:
    orders = np.tile(np.linspace(1, 0, 51), (20, 1))
    figure = hiding_figure({"LIME": np.linspace(1, 0, 51)}, orders, 0.2, "hidden", plain)
    assert [one.name for one in figure.data[1:]] == ["ink at random", "LIME"]
    assert figure.data[2].y[5] == pytest.approx(90.0)
    assert figure.layout.xaxis.range == (0, pytest.approx(30.0))
    assert len(hiding_figure({"LIME": orders[0]}, None, 0.9, "shown", plain).data) == 1


def test_likeness_starts_at_one_with_no_random_layer() -> None:
    figure = randomised_figure({"Saliency": (("fc2", "conv1"), np.array([0.4, 0.1]))}, "none", "colours", plain)
    assert list(figure.data[0].x) == ["none", "fc2", "conv1"]
    assert list(figure.data[0].y) == [1.0, 0.4, 0.1]


def test_gradients_of_nought_stay_on_the_logarithm() -> None:
    figure = gradient_figure(["conv1", "fc2"], np.array([0.0, 2.0]), np.array([1.0, 1.0]), plain)
    assert figure.layout.yaxis.type == "log"
    assert min(figure.data[1].y) > 0
