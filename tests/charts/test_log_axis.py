"""Ticks of logarithmic axes."""

import numpy as np
import pytest

from core.charts.log_axis import log_ticks, power_ticks


def test_a_logarithmic_axis_has_round_ticks() -> None:
    assert log_ticks(np.array([0.3, 2.5]))["ticktext"][:6] == ["0.01", "0.02", "0.05", "0.1", "0.2", "0.5"]
    assert log_ticks(np.array([0.001, 2.5]))["ticktext"] == ["0.0001", "0.001", "0.01", "0.1", "1", "10"]
    assert log_ticks(np.array([np.nan])) == {}


def test_many_decades_have_a_tick_at_every_power_or_at_every_few() -> None:
    """0.003 to 200 lies between 10⁻³ and 10³; from 10⁻¹⁶ to 1 are 16 decades, in at most seven steps of three."""
    assert power_ticks(np.array([0.003, 200.0]))["tickvals"] == pytest.approx([0.001, 0.01, 0.1, 1, 10, 100, 1000])
    assert power_ticks(np.array([0.003, 0.5]))["ticktext"] == [
        "10<sup>−3</sup>",
        "10<sup>−2</sup>",
        "10<sup>−1</sup>",
        "1",
    ]
    assert np.log10(power_ticks(np.array([1e-16, 1.0]))["tickvals"]) == pytest.approx([-16, -13, -10, -7, -4, -1])
    assert power_ticks(np.array([0.0, np.nan])) == {}


def test_values_within_a_decade_have_ticks_between_the_powers() -> None:
    """From 2.1 to 8.4 lies 5, and no power of ten; 2.5 to 8 times 10⁻¹² likewise."""
    near = power_ticks(np.array([2.1, 8.4]))
    assert near["ticktext"] == ["1", "2", "5", "10", "20", "50"]
    assert near["tickvals"] == pytest.approx([1, 2, 5, 10, 20, 50])
    assert "5 · 10<sup>−12</sup>" in power_ticks(np.array([2.5e-12, 8e-12]))["ticktext"]
    assert len(power_ticks(np.array([3.0]))["tickvals"]) > 0
