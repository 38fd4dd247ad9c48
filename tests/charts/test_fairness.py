"""Charts of groups of images."""

import numpy as np
import pytest

from core.charts.fairness import GroupPoint, abstention_points, change_figure, groups_figure
from core.runs.subgroups import Abstention


def plain(text: str) -> str:
    return text


def test_groups_stand_in_rows_with_their_intervals() -> None:
    points = [
        GroupPoint("Size", "small", 10, 0.8, 0.5, 0.95),
        GroupPoint("Size", "large", 20, 0.9, 0.7, 0.97),
        GroupPoint("Slant", "left", 5, 1.0, 0.6, 1.0),
    ]
    figure = groups_figure(points, 0.85, plain)
    size, slant = figure.data
    assert list(size.x) == [80, 90]
    assert list(size.y) == [0, 1]
    assert list(slant.y) == [2]
    assert size.error_x.array == pytest.approx([15, 7])
    assert size.error_x.arrayminus == pytest.approx([30, 20])
    assert figure.layout.shapes[0].x0 == 85
    assert list(figure.layout.yaxis.ticktext) == ["small", "large", "left"]


def test_treatments_stand_side_by_side_in_a_groups_row() -> None:
    points = [GroupPoint(kind, "thin", 10, 0.5, 0.2, 0.8) for kind in ("before", "after")]
    before, after = change_figure(points, "Before and after", plain).data
    assert before.y[0] == pytest.approx(-after.y[0])
    assert before.y[0] < 0


def test_what_is_answered_and_what_is_right_of_it() -> None:
    """Of 10 and 4 images 8 and none are answered, 6 of the 8 are right."""
    one = Abstention(np.array([0.5, 0.5]), np.array([10, 4]), np.array([8, 0]), np.array([6, 0]))
    coverage = abstention_points([("all", one)], ["thin", "thick"], coverage=True)
    assert [(point.group, point.share) for point in coverage] == [("thin", 0.8), ("thick", 0.0)]
    right = abstention_points([("all", one)], ["thin", "thick"], coverage=False)
    assert [(point.group, point.images, point.share) for point in right] == [("thin", 8, 0.75)]
