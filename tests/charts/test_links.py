"""Plotly makes links of `<a href>` in names (plotly.com/python/reference, "text"); ours are shown as typed."""

import numpy as np
import plotly.graph_objects as go

from core.charts.links import without_links

NAME = '<A href="http://example.org">Ada</a>'


def test_a_name_is_no_link_and_the_figures_stay() -> None:
    figure = go.Figure(go.Bar(name=NAME, x=["<b>bold</b>"], y=np.array([2.0]), customdata=[[NAME]]))
    figure.update_layout(title=NAME)
    shown = without_links(figure)
    assert shown.data[0].name == shown.layout.title.text == shown.data[0].customdata[0][0] == "&lt;" + NAME[1:]
    assert "\\u003ca" not in shown.to_json().lower()
    assert shown.data[0].x[0] == "<b>bold</b>"
    assert figure.data[0].name == NAME


def test_a_chart_without_a_link_is_itself() -> None:
    figure = go.Figure(go.Bar(name="a < b", x=["<br>"], y=[1.0]))
    assert without_links(figure) is figure
