"""What a run costs: published runs first, then the three USD figures and the energy by hand, then what is refused."""

import math
from dataclasses import astuple, fields

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.compute.data_and_staff import data_cost, staff_cost
from core.compute.training import SECONDS_PER_HOUR, TrainingCost, training_cost, training_flops
from core.errors import InputError

RUN = {
    "active_parameters": 1e9,
    "tokens": 1.2e12,
    "peak_flops": 1e15,
    "mfu": 0.5,
    "accelerator_count": 8,
    "price_per_hour": 3.0,
}


def deepseek_v3(mfu: float) -> TrainingCost:
    """DeepSeek-V3 report (arXiv 2412.19437): 37B active of 671B, 14.8T tokens, 2,048 H800 at a stated 2 USD/h."""
    return training_cost(37e9, 14.8e12, 989e12, mfu, accelerator_count=2048, price_per_hour=2.0)


def test_gpt3_flops() -> None:
    """Brown et al. 2020, table D.1: GPT-3 of 175B parameters on 300B tokens, 3.14e23 with 174.6B; 6·N·D = 3.15e23."""
    assert training_flops(175e9, 300e9) == pytest.approx(3.15e23, rel=1e-12)


def test_deepseek_v3_hours_and_usd() -> None:
    """Report, table 1: 2.788M H800 hours and 5.576M USD in all, which 33.1 % of the dense BF16 peak explains."""
    cost = deepseek_v3(0.331)
    assert cost.accelerator_hours == pytest.approx(2.788e6, rel=0.002)
    assert cost.final_run == pytest.approx(5.576e6, rel=0.002)
    assert cost.days == pytest.approx(2.788e6 / (24 * 2048), rel=0.002)


def test_deepseek_v3_at_the_median_mfu_of_published_runs() -> None:
    """By hand: 3.2856e24 / (989e12 × 0.30 × 3600) = 3.076M hours, 10 % above what DeepSeek reports."""
    assert deepseek_v3(0.30).accelerator_hours == pytest.approx(3.08e6, rel=0.005)


def test_llama_2_70b_implied_mfu() -> None:
    """Llama 2 (arXiv 2307.09288, table 2): 1,720,320 A100 hours for 68.98B parameters on 2T tokens: 42.8 %."""
    implied = 68.98e9 * 2e12 * 6 / (312e12 * 1_720_320 * 3600)
    assert implied == pytest.approx(0.428, abs=0.0005)
    cost = training_cost(68.98e9, 2e12, 312e12, 0.428, accelerator_count=2000, price_per_hour=1.0)
    assert cost.accelerator_hours == pytest.approx(1_720_320, rel=0.001)


def test_three_usd_figures_by_hand() -> None:
    """C = 6 × 1e9 × 1.2e12 = 7.2e21, with 25 % post-training 9e21; / (1e15 × 0.5 × 3600) = 5,000 h; × 3 = 15,000 USD.

    All compute: × 4 = 60,000. Other infrastructure: a tenth of it, 6,000. All-in: 60,000 + 6,000 + 1,000 + 50,000.
    """
    cost = training_cost(
        **RUN,
        post_training_share=0.25,
        experiment_multiplier=4.0,
        other_infrastructure_multiplier=1.1,
        data=1_000.0,
        staff=50_000.0,
    )
    assert cost.flops == pytest.approx(9e21, rel=1e-12)
    assert cost.accelerator_hours == pytest.approx(5_000, rel=1e-12)
    assert cost.final_run == pytest.approx(15_000, rel=1e-12)
    assert cost.all_compute == pytest.approx(60_000, rel=1e-12)
    assert cost.other_infrastructure == pytest.approx(6_000, rel=1e-12)
    assert cost.all_in == pytest.approx(117_000, rel=1e-12)


def test_days_and_energy_by_hand() -> None:
    """4,000 h on 8 accelerators: 500 h = 20.83 days. 4,000 h × 700 W = 2,800 kWh, × 1.5 at the meter = 4,200 kWh."""
    cost = training_cost(**RUN, accelerator_watts=700.0, facility_power_ratio=1.5)
    assert cost.days == pytest.approx(500 / 24, rel=1e-12)
    assert cost.energy_kwh == pytest.approx(4_200, rel=1e-12)


def test_without_multipliers_the_three_figures_are_one() -> None:
    cost = training_cost(**RUN)
    assert cost.final_run == cost.all_compute == cost.all_in == pytest.approx(12_000, rel=1e-12)
    assert (cost.energy_kwh, cost.other_infrastructure) == (0, 0)


def test_data_and_staff_by_hand() -> None:
    """2T tokens at 0.5 USD a million: 1M USD. 12 people at 200,000 USD a year for 3 months: 600,000 USD."""
    assert data_cost(2e12, 0.5) == pytest.approx(1e6, rel=1e-12)
    assert staff_cost(12, 200_000.0, 3.0) == pytest.approx(600_000, rel=1e-12)


@given(
    parameters=st.lists(st.floats(1e6, 1e13), min_size=1, max_size=5),
    mfu=st.floats(0.01, 1),
    price=st.floats(0, 100),
    multiplier=st.floats(1, 10),
)
def test_arrays_give_what_each_scalar_gives(
    parameters: list[float], mfu: float, price: float, multiplier: float
) -> None:
    def cost(active: float | np.ndarray) -> TrainingCost:
        return training_cost(
            active, 1e12, 989e12, mfu, accelerator_count=64, price_per_hour=price, experiment_multiplier=multiplier
        )

    together = cost(np.array(parameters))
    for index, one in enumerate(parameters):
        for field, value in zip(fields(TrainingCost), astuple(cost(one)), strict=True):
            assert np.broadcast_to(getattr(together, field.name), (len(parameters),))[index] == value


def test_arrays_broadcast_against_each_other() -> None:
    """Two sizes by three prices: a table of six costs. Twice the size or thrice the price is that much dearer."""
    sizes, prices = np.array([[1e9], [2e9]]), np.array([1.0, 2.0, 3.0])
    usd = training_cost(**RUN | {"active_parameters": sizes, "price_per_hour": prices}).final_run
    assert usd.shape == (2, 3)
    assert usd / usd[0, 0] == pytest.approx(np.array([[1, 2, 3], [2, 4, 6]]))


@pytest.mark.parametrize(
    ("field", "value", "code", "expected"),
    [
        ("mfu", 33.1, "out_of_range", "0 < mfu <= 1"),  # typed as a percentage
        ("mfu", 0.0, "out_of_range", "0 < mfu <= 1"),
        ("mfu", -0.3, "out_of_range", "0 < mfu <= 1"),
        ("mfu", math.nan, "not_a_number", "0 < mfu <= 1"),
        ("mfu", np.array([0.3, 1.5]), "out_of_range", "0 < mfu <= 1"),
        ("active_parameters", 0.0, "out_of_range", "0 < active_parameters"),
        ("active_parameters", math.inf, "not_a_number", "0 < active_parameters"),
        ("tokens", -1.0, "out_of_range", "0 < tokens"),
        ("tokens", np.array([1e12, math.nan]), "not_a_number", "0 < tokens"),
        ("peak_flops", 0.0, "out_of_range", "0 < peak_flops"),
        ("accelerator_count", 0, "out_of_range", "1 <= accelerator_count"),
        ("price_per_hour", -2.0, "out_of_range", "0 <= price_per_hour"),
        ("post_training_share", -0.1, "out_of_range", "0 <= post_training_share"),
        ("experiment_multiplier", 0.5, "out_of_range", "1 <= experiment_multiplier"),
        ("other_infrastructure_multiplier", 0.9, "out_of_range", "1 <= other_infrastructure_multiplier"),
        ("facility_power_ratio", 0.9, "out_of_range", "1 <= facility_power_ratio"),
        ("data", -1.0, "out_of_range", "0 <= data"),
        ("staff", math.nan, "not_a_number", "0 <= staff"),
        ("accelerator_watts", -700.0, "out_of_range", "0 <= accelerator_watts"),
    ],
)
def test_refused_argument_is_named(field: str, value: float, code: str, expected: str) -> None:
    with pytest.raises(InputError) as caught:
        training_cost(**RUN | {field: value})
    assert (caught.value.code, caught.value.field, caught.value.expected) == (code, field, expected)


def test_hours_fall_as_mfu_rises() -> None:
    """Twice the MFU takes half the hours: C / (P · MFU · 3600)."""
    slow, fast = (training_cost(**RUN | {"mfu": mfu}).accelerator_hours for mfu in (0.25, 0.5))
    assert slow == 2 * fast == pytest.approx(7.2e21 / (1e15 * 0.25 * SECONDS_PER_HOUR))
