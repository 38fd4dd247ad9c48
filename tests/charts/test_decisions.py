"""What the figures of decisions draw: bars from the plan's result, maps with empty places, the plan's point."""

import pytest

from core.charts.decisions import (
    frontier_figure,
    heat_map_figure,
    result_scale,
    sobol_figure,
    tornado_figure,
)
from core.errors import InputError
from core.plan.candidates import Outcome
from core.plan.points import CHANCE
from core.plan.risk import Estimate
from core.plan.sensitivity import HeatMap, Index, Sobol, Tornado, Variation

NAMES = {"a": "Run · Price", "b": "MFU", "c": "Overhead", "d": "Growth"}


def same(text: str) -> str:
    return text


def shown(field: str, value: float) -> str:
    return f"{field} {value:g}"


def test_tornado_runs_from_the_plan_to_both_ends_and_leaves_out_what_moves_nothing() -> None:
    """Proceeds of 10 million as planned: 4 and 12 at the ends of one number, 9 at one end of another."""
    error = InputError("out_of_range", "c", 2.0, "c < 1")
    found = Tornado(
        "founders_proceeds",
        10e6,
        (
            Variation("a", 2.0, 4.0, low=12e6, high=4e6, base=10e6),
            Variation("b", 0.2, 0.4, low=9e6, high=10e6, base=10e6),
            Variation("d", 1.0, 2.0, low=10e6, high=10e6, base=10e6),
            Variation("c", 1.0, 2.0, low=3e6, high=None, base=10e6, error=error),
        ),
    )
    scale = result_scale(found.result, 12e6, "USD", same)
    figure = tornado_figure(found, NAMES, shown, title="Proceeds", scale=scale, words=same)
    low, high = figure.data
    assert figure.layout.yaxis.ticktext == ("Run<br>Price", "MFU")
    assert low.base == high.base == 10.0
    assert list(low.x) == [2.0, -1.0]
    assert list(high.x) == [-6.0, 0.0]
    assert low.customdata[0][0] == "a 2"
    assert low.customdata[0][1] == 12.0
    assert scale.unit == "million USD"


def test_shares_are_not_scaled_and_months_have_their_unit() -> None:
    assert result_scale(CHANCE, 1.0, "USD", same).divisor == 1.0
    assert result_scale("founders_share", 1.0, "USD", same).unit == ""
    assert result_scale("runway_months", 60.0, "USD", same).unit == "months"
    assert result_scale("founders_proceeds", 5e5, "USD", same).divisor == 1e3


def test_heat_map_leaves_impossible_places_empty() -> None:
    error = InputError("out_of_range", "a", 2.0, "a < 2")
    found = HeatMap("funds_needed", "a", "b", (1.0, 2.0), (0.0, 6.0), ((3e6, None), (5e6, 7e6)), {(0, 1): error})
    scale = result_scale("funds_needed", 7e6, "USD", same)
    figure = heat_map_figure(found, ("Price", "Delay"), shown, title="Funds", scale=scale, words=same)
    (drawn,) = figure.data
    assert [list(row) for row in drawn.z] == [[3.0, None], [5.0, 7.0]]
    assert figure.layout.xaxis.ticktext == ("a 1", "a 2")
    assert figure.layout.yaxis.ticktext == ("b 0", "b 6")
    assert figure.layout.yaxis.title.text == "Delay"


def outcome(dry: float, share: float) -> Outcome:
    return Outcome(Estimate(dry, dry / 2, dry * 2), share, ())


def test_frontier_marks_the_plan_and_the_chance_agreed_to() -> None:
    points = ((0.5, outcome(0.4, 0.8)), (1.0, outcome(0.1, 0.7)), (2.0, outcome(0.0, 0.5)))
    figure = frontier_figure(points, points[1][1], 0.05, same)
    line, plan = figure.data
    assert list(line.x) == [0.4, 0.1, 0.0]
    assert list(line.y) == [0.8, 0.7, 0.5]
    assert (plan.x[0], plan.y[0]) == (0.1, 0.7)
    assert figure.layout.shapes[0].x0 == 0.05
    assert not frontier_figure(points, points[1][1], None, same).layout.shapes


def test_sobol_bars_have_their_intervals() -> None:
    found = Sobol("founders_share", 0.5, 0.1, 1_000, (Index("a", 0.3, 0.2, 0.4, 0.6, 0.5, 0.9),))
    total, first = sobol_figure(found, NAMES, "Share", same).data
    assert (total.x[0], first.x[0]) == (0.6, 0.3)
    assert total.error_x.array[0] == pytest.approx(0.3)
    assert total.error_x.arrayminus[0] == pytest.approx(0.1)
