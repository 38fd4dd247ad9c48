"""Charts of the data bill and the payroll: what their bars and bands are."""

import pytest

from core.charts.data_and_people import data_bill_figure, payroll_figure
from core.compute.data_cost import DataPart, data_mix_cost
from core.plan.payroll import payroll_by_role
from core.plan.scenario import Role
from tests.plan.builders import company, month


def plain(text: str) -> str:
    return text


def test_bill_has_a_bar_a_line_that_costs_something() -> None:
    """2e9 tokens at 3 USD a million are 6,000, 1e9 at 1 are 1,000; two parts of one name are two bars."""
    bill = data_mix_cost(
        [DataPart("Web", "crawl", 1e9, 1.0), DataPart("Web", "crawl", 2e9, 3.0), DataPart("Code", "code", 1e9, 0.0)]
    )
    bars = data_bill_figure(bill, ["Web", "Web", "Code", "cleaning", "storage", "egress"], "USD", plain).data[0]
    assert list(bars.x) == pytest.approx([1, 6])
    assert list(bars.y) == [0, 1]


def test_long_names_are_cut_on_the_axis_and_whole_on_hover() -> None:
    name = "Expert such as physician, lawyer or doctor of science"
    bill = data_mix_cost([DataPart(name, "human", 1e6, 100.0)])
    figure = data_bill_figure(bill, [name, "cleaning", "storage", "egress"], "USD", plain)
    assert figure.layout.yaxis.ticktext == ("Expert such as physician, lawyer…",)
    assert list(figure.data[0].customdata) == [name]


def test_free_data_draws_no_bar() -> None:
    bill = data_mix_cost([DataPart("Web", "crawl", 1e9, 0.0)])
    assert not data_bill_figure(bill, ["Web", "cleaning", "storage", "egress"], "USD", plain).data[0].x


def test_payroll_has_a_band_a_role() -> None:
    """One person at 120,000 a year from the third month: 10,000 a month."""
    made = company(team=(Role(name="Research", research=True, start=month(2), headcount=1.0, yearly_cost=120_000.0),))
    (band,) = payroll_figure(made, payroll_by_role(made), plain).data
    assert list(band.y) == pytest.approx([0, 0] + [10] * 10)
    assert band.name == "Research"
