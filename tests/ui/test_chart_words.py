"""Charts told in words: what they show and the figures in them."""

import re
from pathlib import Path

import numpy as np
import plotly.graph_objects as go
import pytest

from tests.ui.test_pages import LOCALES, opened
from ui.chart_words import figure_words

ROOT = Path(__file__).resolve().parents[2]
DRAWERS = re.compile(r"\.(plotly_chart|mermaid_chart|image|line_chart|bar_chart)\(")


def test_a_line_is_told_by_its_ends_and_extremes() -> None:
    line = go.Scatter(x=["2027-01-01", "2027-02-01", "2027-03-01"], y=np.array([2.0, -1.25, 3.0]), name="Cash")
    figure = go.Figure(line, {"yaxis": {"title": {"text": "million USD"}}})
    assert figure_words(figure) == (
        "million USD: Cash: from 2 (2027-01-01) to 3 (2027-03-01), lowest −1.25, highest 3."
    )


def test_what_runs_away_or_fades_is_told_in_powers_of_ten() -> None:
    line = go.Scatter(x=[0, 30], y=[2e-7, 1e40])
    assert figure_words(go.Figure(line)) == "from 2 × 10⁻⁷ (0) to 1 × 10⁴⁰ (30), lowest 2 × 10⁻⁷, highest 1 × 10⁴⁰."


def test_a_few_bars_are_told_one_by_one() -> None:
    lying = go.Bar(y=["Rent", "Own"], x=[12.0, 9.5], orientation="h", name="Cost")
    assert figure_words(go.Figure(lying)) == "Cost: Rent 12, Own 9.5."


def test_many_series_are_told_by_the_first_and_their_number() -> None:
    figure = go.Figure([go.Scatter(x=[0, 1], y=[n, n], name=f"Loss {n}") for n in range(8)])
    told = figure_words(figure)
    assert "Loss 4" in told
    assert told.endswith("And 3 more.")


def test_a_field_is_told_by_its_extremes() -> None:
    assert figure_words(go.Figure(go.Heatmap(z=[[0.5, None], [0.125, 1.0]]))) == "lowest 0.125, highest 1."


@pytest.mark.parametrize("language", LOCALES)
def test_the_plans_charts_tell_their_figures(language: str) -> None:
    app = opened("plan/plan.py", "first-lab", language)
    alternatives = [chart.proto.alt for chart in app.get("plotly_chart")]
    assert len(alternatives) >= 2
    assert all(re.search(r"\d", alternative) for alternative in alternatives), alternatives


def test_nothing_is_drawn_without_words() -> None:
    """Charts go through `draw_chart`; graphs and images name their alternative text where they are drawn."""
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
                through = drawn[1] not in ("image", "mermaid_chart") and path.name != "chart_words.py"
                if through or "alt=" not in text[drawn.start() : end]:
                    silent.append(f"{path.relative_to(ROOT)}: {text[drawn.start() : end][:60]}")
    assert silent == []
