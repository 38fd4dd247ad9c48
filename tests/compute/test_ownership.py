"""What an owned hour costs: an H100 to the cent, Epoch's depreciation, small cases by hand, properties."""

import math
from dataclasses import astuple, replace
from functools import partial
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core.compute.ownership import (
    Ownership,
    all_in_price,
    annuity,
    break_even_utilisation,
    owned_hour,
    resale_value,
    yearly_capital_cost,
)
from core.errors import InputError

# An H100 of 25,000 USD. The server draws 1.3 kW an accelerator (DGX H100: 10.2 kW / 8), 0.6 kW of it also when the
# 0.7 kW accelerator idles; PUE 1.1 and 8.26 cents a kWh, US industry in 2025: 11.8 cents of electricity a full hour.
H100 = Ownership(
    all_in_price=all_in_price(25_000.0),
    life_years=4.0,
    server_watts=1_300.0,
    power_usage_effectiveness=1.1,
    price_per_kwh=0.0826,
    idle_power_share=600 / 1_300,
)

# The same with 11 cents of electricity in a used hour and none in an idle one.
OFF_WHEN_IDLE = replace(H100, server_watts=1_000.0, price_per_kwh=0.1, idle_power_share=0.0)

# 36,500 over 2 years at 8,760 h: 18,250 a year, 2.083 an hour. By hand throughout: no interest, all other costs round.
BY_HAND = Ownership(
    all_in_price=36_500.0,
    life_years=2.0,
    server_watts=1_000.0,
    power_usage_effectiveness=1.5,
    price_per_kwh=0.1,
    colocation_per_kilowatt_month=146.0,
    maintenance_share=0.12,
)


def test_all_in_price_of_an_h100() -> None:
    """25,000 × 1.64 / (1 − 0.19) = 50,617: Cottier et al. 2024 (arXiv 2405.21015), server ratio and interconnect."""
    assert all_in_price(25_000.0) == pytest.approx(50_617, abs=1)


@pytest.mark.parametrize(
    ("life_years", "cost_of_capital", "utilisation", "usd_per_hour"),
    [
        (4, 0.00, 1.0, 1.56),
        (4, 0.00, 0.7, 2.21),
        (4, 0.00, 0.4, 3.81),
        (4, 0.12, 1.0, 2.02),
        (4, 0.12, 0.7, 2.86),
        (3, 0.12, 1.0, 2.52),
        (6, 0.12, 1.0, 1.52),
    ],
)
def test_owned_h100_hour_to_the_cent(
    life_years: float, cost_of_capital: float, utilisation: float, usd_per_hour: float
) -> None:
    """Worked example of an H100 at 50,617 USD all-in; capital alone is 1.44 at 4 years without interest.

    Convention that gives these cents: yearly annuity, 8,760 hours, an idle server draws its host's power.
    """
    owned = owned_hour(replace(H100, life_years=life_years, cost_of_capital=cost_of_capital), utilisation)
    assert round(float(owned.total), 2) == usd_per_hour


def test_capital_of_the_h100_hour() -> None:
    """50,617 / (4 × 8,760) = 1.4446."""
    assert owned_hour(H100, 1.0).capital == pytest.approx(1.4446, abs=5e-5)


@pytest.mark.parametrize(
    ("life_years", "cost_of_capital", "price_per_hour", "percent"),
    [
        (4, 0.00, 2.95, 51),
        (4, 0.12, 2.95, 67),
        (3, 0.12, 2.95, 85),
        (6, 0.12, 2.95, 49),
        (4, 0.00, 2.35, 64),
        (4, 0.12, 2.35, 85),
        (3, 0.12, 2.35, None),
        (6, 0.12, 2.35, 63),
    ],
)
def test_break_even_of_the_h100_to_the_per_cent(
    life_years: float, cost_of_capital: float, price_per_hour: float, percent: int | None
) -> None:
    """Against 2.95 USD on demand (median of 37 providers, May 2026) and 2.35 for a year (SemiAnalysis, March 2026).

    Convention that gives these per cents: 11 cents of electricity in a used hour, none in an idle one. A host left on
    raises them by one or two.
    """
    ownership = replace(OFF_WHEN_IDLE, life_years=life_years, cost_of_capital=cost_of_capital)
    found = break_even_utilisation(ownership, price_per_hour)
    assert (None if found is None else round(100 * found)) == percent


def test_each_part_by_hand() -> None:
    """At half use: 18,250 / 4,380 h = 4.167; 1 kW × 1.5 × 0.1 = 0.15 in a used hour alone; rent 146 a month over 365
    used hours = 0.4; upkeep 4,380 a year over 4,380 used hours = 1."""
    owned = owned_hour(BY_HAND, 0.5)
    assert astuple(owned) == pytest.approx((18_250 / 4_380, 0.15, 0.4, 1.0))
    assert owned.total == pytest.approx(5.7166667)


def test_idle_power_by_hand() -> None:
    """Half the power when idle, half the hours: 0.15 × (0.5 + 0.5 × 0.5) / 0.5 = 0.225 for a used hour."""
    assert owned_hour(replace(BY_HAND, idle_power_share=0.5), 0.5).energy == pytest.approx(0.225)


def test_annuity_by_hand() -> None:
    """1,000 over 2 years at 10 %: 1,000 × 0.1 / (1 − 1.21⁻¹) = 576.19. Without interest 500."""
    assert annuity(1_000.0, 0.10, 2) == pytest.approx(576.190476)
    assert annuity(1_000.0, 0.0, 2) == 500


def test_resale_lowers_the_capital_cost() -> None:
    """36,500 sold for a fifth, 7,300, after 2 years: (36,500 − 7,300) / 2 = 14,600 a year; at 10 % the sale is worth
    7,300 / 1.21 = 6,033.06 today: 30,466.94 × 0.576190 = 17,554.76."""
    sold = replace(BY_HAND, resale_share=0.2)
    assert yearly_capital_cost(sold) == pytest.approx(14_600)
    assert yearly_capital_cost(replace(sold, cost_of_capital=0.10)) == pytest.approx(17_554.76, abs=0.01)


def test_straight_line_value_by_hand() -> None:
    """36,500 falls to a tenth in 24 months: half-way at 20,075, and no further than 3,650."""
    ownership = replace(BY_HAND, resale_share=0.1)
    values = resale_value(ownership, np.array([0.0, 12.0, 24.0, 36.0]))
    assert values == pytest.approx([36_500, 20_075, 3_650, 3_650])


def test_price_performance_value() -> None:
    """Epoch: 0.14 orders of magnitude a year, so × 0.724 in one year; its depreciation rate at first is
    price × 0.14 × ln 10 / 8,760 an hour, 1.8626 for 50,617."""
    ownership = replace(H100, depreciation="price-performance")
    assert resale_value(ownership, 12.0) == pytest.approx(50_617.28 * 0.72444, rel=1e-5)
    first_hour = resale_value(ownership, 0.0) - resale_value(ownership, 12 / 8_760)
    assert first_hour == pytest.approx(50_617.28 * 0.14 * math.log(10) / 8_760, rel=1e-4)


def test_arrays_give_what_each_scalar_gives() -> None:
    lives = np.array([3.0, 4.0, 6.0])
    together = owned_hour(replace(H100, life_years=lives, cost_of_capital=np.array([0.0, 0.12, 0.12])), 0.7)
    each = [
        owned_hour(replace(H100, life_years=life, cost_of_capital=rate), 0.7).total
        for life, rate in zip(lives, (0.0, 0.12, 0.12), strict=True)
    ]
    assert together.total == pytest.approx(each)


@given(
    ownership=st.builds(
        partial(replace, H100),
        life_years=st.floats(1, 8),
        cost_of_capital=st.floats(0, 0.3),
        idle_power_share=st.floats(0, 1),
        resale_share=st.floats(0, 1),
        colocation_per_kilowatt_month=st.floats(0, 300),
    ),
    price=st.floats(0.01, 20),
)
def test_at_break_even_owning_costs_the_rental_price(ownership: Ownership, price: float) -> None:
    found = break_even_utilisation(ownership, price)
    if found is None:
        assert owned_hour(ownership, 1.0).total > price * (1 - 1e-9)
    else:
        assume(found > 1e-9)
        assert owned_hour(ownership, min(found, 1.0)).total == pytest.approx(price, rel=1e-6)


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("all_in_price", 0.0, "0 < all_in_price"),
        ("life_years", 0.0, "0 < life_years"),
        ("cost_of_capital", -0.1, "0 <= cost_of_capital"),
        ("depreciation", "declining", "straight-line | price-performance"),
        ("resale_share", 1.2, "0 <= resale_share <= 1"),
        ("server_watts", -1.0, "0 <= server_watts"),
        ("power_usage_effectiveness", 0.9, "1 <= power_usage_effectiveness"),
        ("price_per_kwh", math.nan, "0 <= price_per_kwh"),
        ("idle_power_share", 2.0, "0 <= idle_power_share <= 1"),
        ("colocation_per_kilowatt_month", -1.0, "0 <= colocation_per_kilowatt_month"),
        ("maintenance_share", -0.1, "0 <= maintenance_share"),
    ],
)
def test_refused_field_is_named(field: str, value: Any, expected: str) -> None:
    with pytest.raises(InputError) as caught:
        replace(H100, **{field: value})
    assert (caught.value.field, caught.value.expected) == (field, expected)


@pytest.mark.parametrize("utilisation", [0.0, 1.5, math.nan])
def test_utilisation_is_a_positive_share(utilisation: float) -> None:
    with pytest.raises(InputError, match="0 < utilisation <= 1"):
        owned_hour(H100, utilisation)


def test_price_per_used_hour_that_no_use_can_reach() -> None:
    """Electricity alone is 15 cents an hour: a rental at 15 cents cannot be beaten, nor one for nothing."""
    assert break_even_utilisation(BY_HAND, 0.15) is None
    assert break_even_utilisation(BY_HAND, 0.0) is None


@pytest.mark.parametrize(("argument", "value"), [("server_ratio", 0.9), ("interconnect_share", 1.0)])
def test_all_in_price_refuses_impossible_ratios(argument: str, value: float) -> None:
    with pytest.raises(InputError, match=argument):
        all_in_price(25_000.0, **{argument: value})
