"""Charts told in words: what they show and the figures in them."""

import re
from pathlib import Path

import numpy as np
import plotly.graph_objects as go
import pytest

from tests.ui.test_pages import LOCALES, opened
from ui.chart_words import figure_words

ROOT = Path(__file__).resolve().parents[2]
TOLD_ELSEWHERE = ("image", "mermaid_chart", "dataframe", "data_editor", "table")
DRAWERS = re.compile(rf"\bst\.(plotly_chart|line_chart|bar_chart|{'|'.join(TOLD_ELSEWHERE)})\(")


def test_a_line_is_told_by_its_ends_and_extremes() -> None:
    line = go.Scatter(x=["2027-01-01", "2027-02-01", "2027-03-01"], y=np.array([2.0, -1.25, 3.0]), name="Cash")
    layout = {"yaxis": {"title": {"text": "million USD"}}, "xaxis": {"title": {"text": "month"}, "tickformat": "%b %Y"}}
    assert figure_words(go.Figure(line, layout)) == (
        "Across: month; Up: million USD. Cash: from 2 (Jan 2027) to 3 (Mar 2027), lowest −1.25, highest 3."
    )


def test_shares_are_told_in_per_cent_and_days_as_days() -> None:
    line = go.Scatter(x=["2027-01-01", "2027-02-15"], y=[0.76, 0.511], name="Founders")
    assert figure_words(go.Figure(line, {"yaxis": {"tickformat": ".0%"}})) == (
        "Founders: from 76.0% (Jan 1, 2027) to 51.1% (Feb 15, 2027), lowest 51.1%, highest 76.0%."
    )


def test_what_runs_away_or_fades_is_told_in_powers_of_ten() -> None:
    line = go.Scatter(x=[0, 30], y=[2e-7, 1e40])
    assert figure_words(go.Figure(line)) == "from 2 × 10⁻⁷ (0) to 1 × 10⁴⁰ (30), lowest 2 × 10⁻⁷, highest 1 × 10⁴⁰."


def test_large_numbers_are_told_in_words_and_what_does_not_change_once() -> None:
    rent = go.Scatter(x=[1, 2], y=[157e9, 157e9], name="Rent")
    assert figure_words(go.Figure(rent)) == "Rent: 157 billion throughout."


def test_points_in_no_order_are_told_by_their_number_and_extremes() -> None:
    points = go.Scatter(x=[3, 1, 2], y=[5.0, 7.0, 6.0], mode="markers", name="Runs")
    alone = go.Scatter(x=[2], y=[6.0], mode="markers", name="Yours")
    unnamed = go.Scatter(x=[2], y=[6.0], mode="markers")
    assert (
        figure_words(go.Figure([points, alone, unnamed]))
        == "Runs: 3 points, lowest 5 (3), highest 7 (1). Yours: 6 (2)."
    )


def test_a_few_bars_are_told_one_by_one() -> None:
    lying = go.Bar(y=["Rent", "Own"], x=[12.0, 9.5], orientation="h", name="Cost")
    assert figure_words(go.Figure(lying)) == "Cost: Rent 12, Own 9.5."


def test_many_series_are_told_by_the_first_and_the_names_of_the_others() -> None:
    figure = go.Figure([go.Scatter(x=[0, 1], y=[n, n], name=f"Loss {n}") for n in range(8)])
    told = figure_words(figure)
    assert "Loss 5: 5 throughout." in told
    assert told.endswith("And 2 more: Loss 6, Loss 7.")


def test_a_field_is_told_by_its_extremes() -> None:
    assert figure_words(go.Figure(go.Heatmap(z=[[0.5, None], [0.125, 1.0]]))) == "lowest 0.125, highest 1."


def test_flows_are_told_from_where_to_where_the_widest_first() -> None:
    flows = go.Sankey(
        node={"label": ["Cash", "Series A", "Salaries"]},
        link={"source": [0, 1], "target": [2, 0], "value": [3.5, 20.0]},
    )
    assert figure_words(go.Figure(flows)) == "Series A → Cash 20, Cash → Salaries 3.5."


def test_a_drawing_without_axes_has_no_figures() -> None:
    net = go.Figure(go.Scatter(x=[0, 1], y=[0, 1]), {"xaxis": {"visible": False}})
    assert figure_words(net) == ""


@pytest.mark.parametrize("language", LOCALES)
def test_the_plans_charts_tell_their_figures(language: str) -> None:
    app = opened("plan/plan.py", "first-lab", language)
    alternatives = [chart.proto.alt for chart in app.get("plotly_chart")]
    assert len(alternatives) >= 2
    assert all(re.search(r"\d", alternative) for alternative in alternatives), alternatives
    # 51.1%: shares by hand in tests/browser/test_founder_path.py
    founders, share = {"en-US": ("Founders", "51.1% (Dec 2031)"), "zh-CN": ("创始人", "51.1%（2031年12月）")}[language]
    assert any(founders in alternative and share in alternative for alternative in alternatives), alternatives


def test_nothing_is_drawn_without_words() -> None:
    """Charts go through `draw_chart`; graphs, images and tables name their alternative text where they are drawn."""
    silent = []
    for room in ("ui", "pages"):
        for path in sorted((ROOT / room).rglob("*.py")):
            text = path.read_text(encoding="utf-8")
            for drawn in DRAWERS.finditer(text):
                depth, end = 0, drawn.end() - 1
                while True:
                    depth += {"(": 1, ")": -1}.get(text[end], 0)
                    end += 1
                    if depth == 0:
                        break
                through = drawn[1] not in TOLD_ELSEWHERE and path.name != "chart_words.py"
                if through or "alt=" not in text[drawn.start() : end]:
                    silent.append(f"{path.relative_to(ROOT)}: {text[drawn.start() : end][:60]}")
    assert silent == []
