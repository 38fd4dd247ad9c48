"""What all charts share: units that keep numbers short, labels that do not lie on each other."""

from core.charts.layout import labelled, money_scale


def same(text: str) -> str:
    return text


def test_axis_of_ten_billion_and_more_is_in_billions() -> None:
    assert money_scale(9_999e6, "USD", same) == (1e6, "million USD")
    assert money_scale(63e9, "CNY", same) == (1e9, "billion CNY")
    assert money_scale(77_100, "USD", same) == (1e3, "thousand USD")


def test_heavier_points_are_labelled_first_and_none_near_another() -> None:
    """Months 10, 12 and 20, four apart: the 9 at month 12 keeps its label, the 5 beside it does not."""
    assert labelled([10, 12, 20], [5, 9, 1], 4) == [False, True, True]


def test_points_exactly_the_least_distance_apart_are_both_labelled() -> None:
    assert labelled([0, 4], [1, 1], 4) == [True, True]
