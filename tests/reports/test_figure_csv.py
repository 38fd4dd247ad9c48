"""A figure read back from its table."""

import csv
import io

import numpy as np
import plotly.graph_objects as go

from core.reports.figure_csv import figure_csv, table_csv


def rows(figure: go.Figure) -> list[list[str]]:
    return list(csv.reader(io.StringIO(figure_csv(figure, str).decode("utf-8-sig"))))


def test_each_point_is_a_row_with_the_name_of_its_line() -> None:
    figure = go.Figure([go.Scatter(x=np.array([0.0, 0.1]), y=[1, None], name="value"), go.Bar(y=[3], name="bars")])
    assert rows(figure) == [
        ["Series", "x", "y"],
        ["value", "0.0", "1.0"],
        ["value", "0.1", ""],
        ["bars", "0.0", "3.0"],
    ]


def test_surface_has_a_height_for_each_pair() -> None:
    figure = go.Figure(go.Contour(x=[0, 1], y=[5], z=[[2, 3]]))
    assert rows(figure) == [["Series", "x", "y", "z"], ["", "0.0", "5.0", "2.0"], ["", "1.0", "5.0", "3.0"]]


def test_surface_with_a_grid_of_its_own() -> None:
    across, up = np.meshgrid([0.0, 1.0], [2.0, 3.0])
    table = rows(go.Figure(go.Surface(x=across, y=up, z=across + up)))
    assert table[-1] == ["", "1.0", "3.0", "4.0"]


def test_points_in_space() -> None:
    assert rows(go.Figure(go.Scatter3d(x=[1], y=[2], z=[3])))[1] == ["", "1.0", "2.0", "3.0"]


def test_numbers_keep_all_their_digits_and_names_are_no_formulas() -> None:
    figure = go.Figure(go.Bar(x=["=1+1"], y=[1 / 3], name="-a"))
    assert rows(figure)[1] == ["'-a", "'=1+1", "0.3333333333333333"]
    assert rows(go.Figure(go.Scatter(y=[np.inf, np.nan])))[1:] == [["", "0.0", "inf"], ["", "1.0", ""]]


def test_empty_figure_is_a_table_of_titles() -> None:
    assert rows(go.Figure()) == [["Series", "x", "y"]]
    assert rows(go.Figure(go.Scatter(name="nothing"))) == [["Series", "x", "y"]]


def test_any_table_keeps_its_digits_and_its_gaps() -> None:
    written = table_csv(("step", "=x"), [(1, 1 / 3), (2, None), (3, np.float64(-0.5), "no column for it")])
    table = list(csv.reader(io.StringIO(written.decode("utf-8-sig"))))
    assert table == [["step", "'=x"], ["1.0", "0.3333333333333333"], ["2.0", ""], ["3.0", "-0.5"]]
