"""Bands of heights as a picture, read back by an independent reader."""

import base64
import io

import numpy as np
import pytest

from core.charts.picture import FINENESS, banded_picture

Image = pytest.importorskip("PIL.Image")
SCALE = ((0.0, "#000000"), (1.0, "#0000ff"))


def read(heights: np.ndarray, lowest: float, highest: float, bands: int) -> np.ndarray:
    kind, _, data = banded_picture(heights, lowest, highest, bands, SCALE).partition(",")
    assert kind == "data:image/png;base64"
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(data))).convert("RGBA"))


def test_heights_rise_from_the_foot_in_bands_with_lines_between() -> None:
    """From 0 at the foot to 1 at the top in two bands: black below, a white line, blue above."""
    picture = read(np.array([[0.0, 0.0], [1.0, 1.0]]), 0.0, 1.0, 2)
    assert picture.shape == (FINENESS + 1, FINENESS + 1, 4)
    assert tuple(picture[-1, 0]) == (0, 0, 0, 255)
    assert tuple(picture[0, 0]) == (0, 0, 255, 255)
    assert [tuple(pixel) for pixel in picture[:, 0]].count((255, 255, 255, 255)) == 1


def test_a_height_without_a_value_is_transparent() -> None:
    picture = read(np.array([[np.nan, 0.0, 1.0], [0.0, 0.0, 1.0]]), 0.0, 1.0, 2)
    assert picture[-1, 0, 3] == 0
    assert picture[0, -1, 3] == 255


def test_a_flat_surface_is_one_band() -> None:
    assert np.unique(read(np.full((3, 3), 5.0), 5.0, 5.0, 4)[..., :3]).tolist() == [0]
