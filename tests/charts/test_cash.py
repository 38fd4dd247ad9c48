"""The cash chart of the plan: every strategy is seen, and where its cash ends."""

from datetime import date

import numpy as np
import plotly.graph_objects as go
import pytest

from core.charts.cash import cash_figure
from core.plan.answer import answers
from core.plan.scenario import Scenario
from core.plan.scenario_io import edited
from tests.plan.builders import hand_calculated
from ui.presets import presets


def same(text: str) -> str:
    return text


def two_ways(shown: int) -> tuple[Scenario, go.Figure]:
    """The hand-calculated company with its Series A, and without: dry in July 2026 (tests/plan/test_answer.py)."""
    plan = hand_calculated()
    funded = plan.strategies[0]
    alone = funded.model_copy(update={"name": "Angels alone", "financings": funded.financings[:1]})
    plan = edited(plan, {"strategies": (funded, alone)})
    return plan, cash_figure(plan, answers(plan), shown, same)


@pytest.mark.parametrize("shown", [0, 1])
def test_the_shown_strategy_lies_under_thin_broken_lines(shown: int) -> None:
    """They share their first months; a thin line below a thick one would not be seen."""
    plan, figure = two_ways(shown)
    names = [one.name for one in plan.strategies]
    thick, thin = (next(trace for trace in figure.data if trace.name == names[at]) for at in (shown, 1 - shown))
    assert figure.data.index(thick) < figure.data.index(thin)
    assert thick.line.width > thin.line.width
    assert (thick.line.dash, bool(thin.line.dash)) == (None, True)
    assert thick.line.color != thin.line.color


def test_the_legend_keeps_the_order_of_the_strategies_and_each_its_colour() -> None:
    first, second = (
        {trace.name: (trace.legendrank, trace.line.color) for trace in two_ways(shown)[1].data[:2]} for shown in (0, 1)
    )
    assert first == second
    assert [rank for rank, _ in sorted(first.values())] == [0, 1]


def test_a_cross_marks_where_cash_ends() -> None:
    """-485.40 USD at the end of July 2026, without the round that is shown and in the strategy that never plans it."""
    _, figure = two_ways(0)
    (crosses,) = (trace for trace in figure.data if trace.name == "Cash ends")
    assert set(crosses.x) == {date(2026, 7, 1)}
    thousands = 1_000 if max(np.abs(figure.data[0].y)) > 10 else 1_000_000
    assert {round(float(value) * thousands, 2) for value in crosses.y} == {-485.40}


def test_the_name_of_a_round_stands_beside_the_name_of_a_run_that_has_just_ended() -> None:
    """The first lab's 7B run is over before the Series A of February 2028; its name runs down along its band."""
    plan = presets()["first-lab"]
    figure = cash_figure(plan, answers(plan), 0, same)
    (marks,) = (trace for trace in figure.data if trace.mode == "markers+text")
    place = dict(zip(marks.text, marks.textposition, strict=True))
    assert place["Series A"] == "top right"
    assert place["Seed SAFE"] == "top center"
