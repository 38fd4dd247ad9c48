"""Figures of exits and deals: what is drawn are the published figures or sums by hand."""

from datetime import date
from fractions import Fraction

import pytest

from core.capital.deals.hong_kong_offering import CLAWBACK
from core.capital.deals.lock_ups import LockUp, releases
from core.capital.deals.offering import Offering, offering_outcome
from core.charts.deals import ValueRange, bridge_figure, debt_figure, football_figure, sources_uses_figure
from core.charts.exits import ExitBar, clawback_figure, exits_figure, offering_figure, overhang_figure
from core.charts.listing_gates import gates_figure


def same(text: str) -> str:
    return text


def test_square_2015_by_who_gets_it() -> None:
    """25,650,000 new and 1,350,000 old shares at 9 dollars; 4.07 dollars a share more at the first close."""
    square = Offering(
        offer_price=Fraction(9), primary_shares=25_650_000, secondary_shares=1_350_000, closing_price=Fraction("13.07")
    )
    figure = offering_figure(offering_outcome(square), "USD", same)
    drawn = {one.name: sum(one.x) for one in figure.data}
    assert drawn == pytest.approx(
        {
            "the company, net": 230.85,
            "selling holders, net": 12.15,
            "forgone by the company": 104.3955,
            "forgone by selling holders": 5.4945,
        }
    )


def test_parts_of_the_founders_add_up() -> None:
    figure = exits_figure([ExitBar("a", 10e6, 0.0, 0.0), ExitBar("b", 4e6, 3e6, 2e6)], "USD", same)
    assert sum(sum(one.x) for one in figure.data) == pytest.approx(19.0)


def test_overhang_is_the_float_and_what_came_out() -> None:
    """A float of 100; 300 shares after 90 days, 200 after 180: 4 times, then 6 times the float."""
    rows = releases((LockUp("a", 300, 90), LockUp("b", 200, 180)), 100, Fraction(1), date(2030, 1, 1))
    figure = overhang_figure(rows, same, date(2030, 1, 1))
    assert list(figure.data[0].y) == [1, 4, 6, 6]
    assert figure.data[0].x[1] == date(2030, 4, 1)


def test_clawback_of_zhipu_is_a_fifth() -> None:
    """Chapter 18C: a fifth from fifty times on; the public tranche was subscribed 1,159 times."""
    figure = clawback_figure(CLAWBACK["specialist_technology"], Fraction("1159.46"), same)
    assert list(figure.data[0].y) == [0.05, 0.1, 0.2, 0.2]
    assert list(figure.data[1].y) == [0.2]


def test_bridge_ends_at_the_sum() -> None:
    figure = bridge_figure({"up": 30e6, "down": -10e6, "none": 0.0}, "gain", "USD", same, title="t")
    assert list(figure.data[0].y) == ["up", "down", "gain"]
    assert list(figure.data[0].x) == [30, -10, 20]


def test_sources_are_as_high_as_uses() -> None:
    """JoeCo: 100 of debt and 100 of equity buy it for 200, which no currency is stated of."""
    figure = sources_uses_figure({"debt": 100.0, "equity": 100.0}, {"price": 200.0}, "", same)
    assert [sum(one.y[at] or 0 for one in figure.data) for at in (0, 1)] == [200, 200]


def test_debt_begins_before_the_first_cover() -> None:
    figure = debt_figure({"loan": [3e6, 2e6, 1e6]}, [1.5, 2.0], "USD", same)
    assert list(figure.data[0].y) == [3, 2, 1]
    assert list(figure.data[1].y) == [None, 1.5, 2.0]


def test_football_field_has_a_bar_from_low_to_high() -> None:
    figure = football_figure([ValueRange("a", 20e6, 50e6, 30e6), ValueRange("b", 10e6, 15e6)], 25e6, "USD", same)
    assert list(figure.data[0].base) == [20, 10]
    assert list(figure.data[0].x) == [30, 5]
    assert figure.layout.shapes[0].x0 == 25


def test_gates_are_a_strip_a_market() -> None:
    figure = gates_figure([date(2030, 1, 1), date(2030, 2, 1)], {"a": [False, True], "b": [False, False]}, same)
    assert figure.data[0].z == ([0, 1], [0, 0]) or [list(row) for row in figure.data[0].z] == [[0, 1], [0, 0]]
