"""What all charts share: labels that do not lie on each other, numbers as they are."""

import plotly.graph_objects as go

from core.charts.layout import labelled, laid_out


def test_heavier_points_are_labelled_first_and_none_near_another() -> None:
    """Months 10, 12 and 20, four apart: the 9 at month 12 keeps its label, the 5 beside it does not."""
    assert labelled([10, 12, 20], [5, 9, 1], 4) == [False, True, True]


def test_points_exactly_the_least_distance_apart_are_both_labelled() -> None:
    assert labelled([0, 4], [1, 1], 4) == [True, True]


def test_axes_have_no_letters_of_plotlys_own() -> None:
    """Plotly's default, exponentformat "B", writes 20k and 1B: https://plotly.com/javascript/reference/layout/yaxis/."""
    drawn = laid_out(go.Figure(go.Scatter(x=[1, 2], y=[20_000, 1e9])), "Steps", "")
    assert (drawn.layout.yaxis.exponentformat, drawn.layout.yaxis.separatethousands) == ("none", True)
