"""Measures of drawn bars, groups and their gaps by hand."""

import numpy as np
import pytest

from core.runs.subgroups import (
    abstained,
    abstention_thresholds,
    equal_chances,
    group_bounds,
    group_scores,
    groups_of,
    measured,
    widest_gap,
)


def bar(width: int, height: int = 20, lean: float = 0.0) -> np.ndarray:
    """One image (1, 28, 28) of a bar; `lean` columns to the right for each row upwards."""
    image = np.zeros((1, 28, 28), dtype=np.uint8)
    for row in range(height):
        left = round(13 - width / 2 + lean * (height / 2 - row))
        image[0, 4 + row, left : left + width] = 200
    return image


@pytest.mark.parametrize("width", [2, 3, 4, 6])
def test_the_thickness_of_a_bar_is_its_width(width: int) -> None:
    assert measured("thickness", bar(width))[0] == pytest.approx(width, abs=0.15)  # corners count a little


def test_thickness_knows_no_brightness_and_no_direction() -> None:
    upright = bar(3)
    assert measured("thickness", upright // 2) == pytest.approx(measured("thickness", upright))
    assert measured("thickness", upright.transpose(0, 2, 1)) == pytest.approx(measured("thickness", upright))


def test_size_is_the_side_of_a_square_like_the_box() -> None:
    """4 by 16 pixels: a square of 8."""
    assert measured("size", bar(4, 16))[0] == 8.0


def test_slant_is_the_angle_of_the_bar() -> None:
    """A bar that moves a column a row leans by 45 degrees, to the right where its top is on the right."""
    assert measured("slant", bar(3))[0] == pytest.approx(0)
    assert measured("slant", bar(3, lean=1.0))[0] == pytest.approx(45, abs=0.5)
    assert measured("slant", bar(3, lean=-0.5))[0] == pytest.approx(-np.degrees(np.arctan(0.5)), abs=1)


def test_an_empty_image_measures_nothing() -> None:
    empty = np.zeros((1, 8, 8), dtype=np.uint8)
    assert [measured(name, empty)[0] for name in ("thickness", "size", "slant")] == [0, 0, 0]


def test_an_outer_group_is_a_sixth() -> None:
    values = np.arange(600.0)
    groups = groups_of(values, group_bounds(values))
    assert np.bincount(groups).tolist() == [100, 400, 100]


def test_equal_values_are_all_usual() -> None:
    values = np.full(10, 3.0)
    assert groups_of(values, group_bounds(values)).tolist() == [1] * 10


def test_scores_of_groups_by_hand() -> None:
    """Wilson for 8 of 10: 0.4902 to 0.9433 (Newcombe 1998, Statistics in Medicine 17(8), 857-872, method 3)."""
    groups = np.repeat([0, 1], 10)
    labels = np.tile([0, 1], 10)
    right = np.ones(20, dtype=bool)
    right[:2] = False
    first, second, third = group_scores(groups, labels, right)
    assert (first.images, first.right, first.accuracy) == (10, 8, 0.8)
    assert (first.low, first.high) == pytest.approx((0.4902, 0.9433), abs=1e-4)
    assert second.accuracy == 1
    assert third.images == 0
    assert third.even_mix is None


def test_an_even_mix_takes_away_what_the_classes_do() -> None:
    """Class 1 is read right half the time in both groups; the groups differ in how much of it they hold."""
    groups = np.repeat([0, 1], 18)
    labels = np.array([0] * 6 + [1] * 12 + [0] * 12 + [1] * 6)
    right = labels == 0
    right[6:12] = True
    right[33:] = True
    first, second, _ = group_scores(groups, labels, right)
    assert (first.accuracy, second.accuracy) == pytest.approx((12 / 18, 15 / 18))
    assert (first.even_mix, second.even_mix) == pytest.approx((0.75, 0.75))


def test_the_widest_of_many_gaps_must_be_wider_to_count() -> None:
    """60 of 100 against 75 of 100: alone more than chance (Newcombe), not as the widest of three groups or of nine."""
    groups = np.repeat([0, 1], 100)
    right = np.arange(200) % 100 < np.where(groups == 0, 60, 75)
    two = widest_gap(group_scores(groups, np.zeros(200, dtype=int), right, 2))
    assert two is not None
    assert (two.better, two.worse) == (1, 0)
    assert two.difference.value == pytest.approx(0.15)
    assert two.difference.beyond_chance
    many = widest_gap(group_scores(groups, np.zeros(200, dtype=int), right, 2), families=9)
    assert many is not None
    assert not many.difference.beyond_chance


def test_one_group_has_no_gap() -> None:
    assert widest_gap(group_scores(np.zeros(5, dtype=int), np.zeros(5, dtype=int), np.ones(5, dtype=bool))) is None


def test_rare_groups_are_drawn_as_often_as_the_usual_one() -> None:
    groups = np.array([0, 1, 1, 1, 1, 2])
    chances = equal_chances(groups)
    assert [chances[groups == group].sum() for group in range(3)] == pytest.approx([1, 1, 1])


def test_thresholds_for_all_and_for_each() -> None:
    """Group 0 is unsure: one threshold turns half of it away, one a group a quarter of each."""
    groups = np.repeat([0, 1], 4)
    confidence = np.array([0.2, 0.4, 0.6, 0.8, 0.85, 0.9, 0.95, 0.99])
    right = np.array([False, True, True, True, True, True, True, True])
    common = abstention_thresholds(confidence, groups, 0.75, by_group=False)
    assert common.tolist() == [0.4] * 3
    one = abstained(confidence, groups, right, common)
    assert one.coverage.tolist() == [0.75, 1, 0]
    each = abstained(confidence, groups, right, abstention_thresholds(confidence, groups, 0.5, by_group=True))
    assert each.coverage[:2].tolist() == [0.75, 0.75]
    assert each.accuracy[:2].tolist() == [1, 1]
    assert np.isnan(each.accuracy[2])
