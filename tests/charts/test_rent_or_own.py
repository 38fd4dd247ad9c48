"""Bars that add up to what an option costs, a break-even on its curve, past rents in their currency."""

from datetime import date

import numpy as np
import pytest

from core.charts.rent_or_own import hour_figure, obligations_figure, options_figure, rents_figure
from core.compute.ownership import Ownership
from core.compute.price_scenarios import price_paths, rent_history
from core.compute.rent_or_own import Loan, Need, Reservation, cost_parts, rent_or_own

OWNERSHIP = Ownership(all_in_price=12_000.0, life_years=1.0, server_watts=1_000.0, price_per_kwh=0.1)
OPTIONS = rent_or_own(Need(2, 365.0, 3), 2.0, Reservation(1.0, 12), OWNERSHIP, Loan(0.5, 0.12, 2))
NAMES = {
    name: name.capitalize()
    for name in (
        *("on-demand", "reserved", "owned", "owned-with-loan", "1-year", "spot"),
        *("rent", "purchase", "interest", "energy", "colocation", "maintenance", "resale"),
    )
}


def test_bars_of_an_option_add_up_to_its_cost() -> None:
    """By hand in tests/compute/test_rent_or_own.py: 4,380, 17,520, 6,219 and 6,399.30 USD."""
    figure = options_figure(OPTIONS, [cost_parts(one, OWNERSHIP) for one in OPTIONS], NAMES, "USD", str)
    bars = [trace for trace in figure.data if trace.type == "bar"]
    sums = np.sum([bar.y for bar in bars], axis=0)
    assert sums == pytest.approx([4.380, 17.520, 6.219, 6.3993], rel=1e-5)
    assert [bar.name for bar in bars] == ["Rent", "Purchase", "Interest", "Energy", "Resale"]
    assert figure.data[-1].text[1] == "<b>17.5</b>"


def test_break_even_lies_where_the_curves_cross() -> None:
    uses = np.array([0.25, 0.5, 1.0])
    curves = {"on-demand": np.full(3, 2.0), "owned": np.array([4.0, 2.0, 1.0])}
    figure = hour_figure(uses, curves, NAMES, planned=0.3, break_even=0.5, currency="EUR", words=str)
    marker = figure.data[-1]
    assert (marker.x[0], marker.y[0]) == (0.5, 2.0)
    assert figure.layout.shapes[0].x0 == 0.3
    assert "EUR" in figure.layout.yaxis.title.text
    assert len(hour_figure(uses, curves, NAMES, planned=0.3, break_even=None, currency="EUR", words=str).data) == 2


def test_past_rents_are_in_the_currency_of_the_paths() -> None:
    """Lambda's H100 at 3.99 USD in September 2026, at 0.5 euros a dollar."""
    figure = rents_figure(
        price_paths(2.0, 12),
        date(2026, 11, 24),
        rent_history("h100-sxm"),
        NAMES,
        units_per_usd=0.5,
        currency="EUR",
        words=str,
    )
    past = figure.data[-1]
    assert past.y[-1] == pytest.approx(1.995)
    assert past.text[-1] == "Lambda, On-demand"
    assert figure.data[0].x[0] == date(2026, 11, 1)


def test_obligations_of_a_reservation_and_a_loan() -> None:
    """17,520 owed on signing the reservation, 12,000 of the loan; hardware of 24,000."""
    figure = obligations_figure(OPTIONS, date(2027, 1, 1), NAMES, "USD", str)
    assert [trace.name for trace in figure.data] == ["Reserved", "Owned-with-loan", "Hardware would sell for"]
    assert [trace.y[0] for trace in figure.data] == pytest.approx([17.52, 12, 24])
    assert figure.data[1].x[2] == date(2027, 3, 1)
