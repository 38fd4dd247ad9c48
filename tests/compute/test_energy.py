"""Electricity and carbon of published runs, then by hand, then what is refused."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.compute.energy import energy_kwh, footprint, grid_carbon, grid_carbon_of
from core.compute.reference_figures import reference_figures
from core.errors import InputError

LLAMA_405B_HOURS = 30.84e6  # H100-hours, Llama 3.1 model card


def test_gpt3() -> None:
    """Patterson et al. 2021 (arXiv 2104.10350), table 4: 1,287 MWh for 10,000 V100 at 330 W, 14.8 days, PUE 1.10."""
    hours = 14.8 * 24 * 10_000
    assert energy_kwh(hours, 330.0, 1.10) == pytest.approx(1.287e6, rel=0.002)


def test_llama_3_1_405b_card() -> None:
    """Model card: 30.84M hours at 700 W and 8,930 t location-based, so 0.414 t a MWh; market-based 0, all of it
    matched with renewable energy."""
    assert energy_kwh(LLAMA_405B_HOURS, 700.0, 1.0) == pytest.approx(21.588e6)
    run = footprint(LLAMA_405B_HOURS, 700.0, 1.0, 0.4137, zero_carbon_share=1.0)
    assert run.location_based_kg == pytest.approx(8_930e3, rel=1e-3)
    assert run.market_based_kg == 0


def test_llama_3_1_405b_with_server_and_building() -> None:
    """The card counts the chip alone. With 1,472 W of server, storage and network an H100 and PUE 1.1 it is 49.9 GWh,
    2.3 times as much."""
    whole = energy_kwh(LLAMA_405B_HOURS, 1_472.0, 1.1)
    assert whole == pytest.approx(49.9e6, rel=0.001)
    assert whole / energy_kwh(LLAMA_405B_HOURS, 700.0, 1.0) == pytest.approx(2.313, abs=0.001)


def test_both_methods_by_hand() -> None:
    """1,000 h × 1,250 W × 1.2 = 1,500 kWh. At 0.4 kg: 600 kg. With 60 % contracted and a residual mix of 0.5:
    1,500 × 0.4 × 0.5 = 300 kg."""
    run = footprint(1_000.0, 1_250.0, 1.2, 0.4, zero_carbon_share=0.6, residual_kg_per_kwh=0.5)
    assert (run.energy_kwh, run.location_based_kg, run.market_based_kg) == pytest.approx((1_500, 600, 300))


def test_without_contracts_or_residual_mix_both_methods_agree() -> None:
    run = footprint(1_000.0, 1_250.0, 1.2, 0.4)
    assert run.market_based_kg == run.location_based_kg


@given(share=st.floats(0, 1), grid=st.floats(0, 1.2))
def test_contracting_more_never_raises_market_based_carbon(share: float, grid: float) -> None:
    none, some = (footprint(1e6, 1_300.0, 1.1, grid, zero_carbon_share=given).market_based_kg for given in (0.0, share))
    assert 0 <= some <= none


def test_arrays() -> None:
    run = footprint(np.array([1_000.0, 2_000.0]), 1_250.0, 1.2, np.array([0.4, 0.1]))
    assert run.location_based_kg == pytest.approx([600, 300])


def test_places() -> None:
    """EIA 2023 for the US; Ember 2024 for France, 44 g, and China, 560 g: thirteen times as much."""
    assert grid_carbon_of("us").kg_per_kwh == 0.367
    assert grid_carbon_of("fr").kg_per_kwh == 0.0442
    assert grid_carbon_of("cn").kg_per_kwh / grid_carbon_of("fr").kg_per_kwh == pytest.approx(12.7, abs=0.1)


def test_the_us_average_is_the_figure_that_plans_start_from() -> None:
    assert grid_carbon()["us"].kg_per_kwh == reference_figures()["carbon_kg_per_kwh"].value


def test_unknown_place_is_refused_with_the_known_ones() -> None:
    with pytest.raises(InputError) as caught:
        grid_carbon_of("mars")
    assert (caught.value.code, caught.value.field) == ("unknown_name", "place")
    assert "se" in caught.value.expected.split(" | ")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("accelerator_hours", -1.0),
        ("server_watts", math.nan),
        ("power_usage_effectiveness", 0.9),
        ("grid_kg_per_kwh", -0.1),
        ("zero_carbon_share", 1.1),
        ("residual_kg_per_kwh", -0.1),
    ],
)
def test_refused_argument_is_named(field: str, value: float) -> None:
    run = {"accelerator_hours": 1.0, "server_watts": 1.0, "power_usage_effectiveness": 1.0, "grid_kg_per_kwh": 0.4}
    with pytest.raises(InputError) as caught:
        footprint(**run | {field: value})
    assert caught.value.field == field
