"""What all charts share: labels that do not lie on each other, numbers as they are."""

import plotly.graph_objects as go

from core.charts.layout import in_lines, labelled, laid_out


def test_heavier_points_are_labelled_first_and_none_near_another() -> None:
    """Months 10, 12 and 20, four apart: the 9 at month 12 keeps its label, the 5 beside it does not."""
    assert labelled([10, 12, 20], [5, 9, 1], 4) == [False, True, True]


def test_points_exactly_the_least_distance_apart_are_both_labelled() -> None:
    assert labelled([0, 4], [1, 1], 4) == [True, True]


def test_axes_have_no_letters_of_plotlys_own() -> None:
    """Plotly's default, exponentformat "B", writes 20k and 1B: https://plotly.com/javascript/reference/layout/yaxis/."""
    drawn = laid_out(go.Figure(go.Scatter(x=[1, 2], y=[20_000, 1e9])), "Steps", "")
    assert (drawn.layout.yaxis.exponentformat, drawn.layout.yaxis.separatethousands) == ("none", True)


def test_long_names_break_between_words_and_chinese_anywhere() -> None:
    """Fourteen letters a line: seven characters of Chinese, for each is as wide as two Latin letters."""
    assert in_lines("Other infrastructure", 14) == "Other<br>infrastructure"
    assert in_lines("Price of an accelerator-hour", 14) == "Price of an<br>accelerator-hour"
    assert in_lines("每卡时的计算资源价格", 14) == "每卡时的计算资<br>源价格"


def test_a_mark_does_not_begin_a_line() -> None:
    """Chinese marks stay with what they close: W3C, Requirements for Chinese Text Layout, 3.1.6."""
    assert in_lines("全部成本，美元", 8) == "全部成<br>本，美元"
    assert in_lines("2. 种子轮 SAFE", 11) == "2. 种子轮<br>SAFE"
