"""A planned run in the columns of the record, and its place among the published ones."""

import pytest

from core.compute.backtest import backtest
from core.plan.scenario_io import edited
from core.plan.track_record import as_training_run, placement
from ui.presets import presets

V3 = presets()["deepseek-v3-class"]


def test_planned_hours_are_those_of_its_mfu() -> None:
    """6 · 37e9 · 14.8e12 / (989e12 · 0.331 · 3600 s) = 2.788 million hours, as DeepSeek-V3 took in all."""
    run = as_training_run(V3.runs[0])
    assert run.accelerator_hours == pytest.approx(2.788e6, rel=0.001)
    assert run.implied_mfu == pytest.approx(0.331)
    assert (run.year, run.accelerator) == (2028, "H800 SXM5 80 GB")


def test_hours_planned_in_fp8_count_against_the_bf16_peak() -> None:
    """17.3 % of an FP8 peak of 1,979 TFLOP/s is 34.6 % of the BF16 peak of 989."""
    fp8 = edited(V3, {"runs.0.precision": "fp8", "runs.0.peak_flops": 1979e12, "runs.0.mfu": 0.173})
    run = as_training_run(fp8.runs[0])
    assert run.peak_dense_tflops == 989
    assert run.implied_mfu == pytest.approx(0.346, abs=0.0005)


def test_a_plan_among_published_mixtures_on_hopper() -> None:
    """Mixtures of 7.4B to 185B active: V2 20.5, V3 34.6, Scout 22.9, Maverick 26.5, dots.llm1 18.1 %."""
    found = placement(as_training_run(V3.runs[0]))
    assert {run.id for run in found.comparable} == {
        "deepseek-v2", "deepseek-v3", "llama-4-scout", "llama-4-maverick", "dots-llm1"
    }  # fmt: skip
    assert found.above == 4


def test_a_plan_is_predicted_from_the_whole_record() -> None:
    (one,) = backtest([as_training_run(V3.runs[0])])
    expected = placement(one.run).estimate.median
    assert one.predicted_accelerator_hours == pytest.approx(one.run.accelerator_hours * 0.331 / expected)
