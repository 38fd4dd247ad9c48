"""Doubts about planned runs, each with the values that would put it right; published runs raise none."""

from typing import Any

import pytest

from core.compute.architecture import architecture
from core.compute.published_shapes import plain
from core.plan.run_doubts import RunDoubt, run_doubts
from tests.plan.builders import run
from ui.presets import presets

LLAMA_8B, V3 = plain(architecture("llama-3.1-8b")), plain(architecture("deepseek-v3"))
LLAMA: dict[str, Any] = {
    "total_parameters": 8.03e9,
    "active_parameters": 8.03e9,
    "tokens": 15e12,
    "peak_flops": 989e12,
    "mfu": 0.3,
}


def doubts(sequence_length: int = 4096, **fields: Any) -> tuple[RunDoubt, ...]:
    return run_doubts(run(**LLAMA | fields), sequence_length)


def test_believable_run_raises_none() -> None:
    assert doubts() == doubts(architecture=LLAMA_8B) == ()


def test_presets_raise_none() -> None:
    for scenario in presets().values():
        for planned in scenario.runs:
            assert run_doubts(planned, 4096) == ()


def test_share_typed_as_per_cent() -> None:
    (doubt,) = doubts(mfu=0.0033)
    assert (doubt.code, doubt.right) == ("per_cent", {"mfu": 0.33})


def test_mfu_above_every_maker_and_above_every_product() -> None:
    """51.4 % is the highest reported; 80.3 % is an H100's best matrix multiplication (794.5 of 989 TFLOP/s)."""
    (high,), (impossible,) = doubts(mfu=0.6), doubts(mfu=0.9)
    assert (high.code, high.expected, high.right) == ("above_published_runs", 0.514, {"mfu": 0.295})
    assert (impossible.code, round(impossible.expected, 3)) == ("above_matmul_ceiling", 0.803)


def test_fp8_run_is_held_against_the_fp8_run() -> None:
    """A BF16 run's 30 % of the FP8 peak would halve the cost for nothing; 17.3 % is DeepSeek-V3's."""
    (doubt,) = doubts(accelerator="h800-sxm", precision="fp8", peak_flops=1979e12, mfu=0.3)
    assert (doubt.expected, doubt.right) == (0.173, {"mfu": 0.173})


def test_sparse_peak() -> None:
    (doubt,) = doubts(peak_flops=1979e12)
    assert (doubt.code, doubt.right) == ("sparse_peak", {"peak_flops": 989e12})


def test_tokens_in_words_only_for_models_of_that_size() -> None:
    """Three quarters of Llama 3.1 8B's 15T tokens; the same figure for a 2B model is nobody's."""
    (doubt,) = doubts(tokens=11.25e12)
    assert (doubt.code, doubt.right) == ("words_for_tokens", {"tokens": 15e12})
    assert doubt.model
    assert doubts(tokens=11.25e12, total_parameters=2e9, active_parameters=2e9) == ()


def test_total_parameters_for_active_ones_with_and_without_a_shape() -> None:
    """DeepSeek-V3: 671B in total, 37.6B active with its embeddings."""
    sizes = {"total_parameters": 671e9, "active_parameters": 671e9}
    (named,) = doubts(**sizes, tokens=1e12)
    assert (named.code, named.model) == ("total_for_active", "DeepSeek-V3")
    assert named.right == {"active_parameters": pytest.approx(37.55e9, rel=0.001)}
    shaped = doubts(**sizes, tokens=1e12, architecture=V3)[0]
    assert shaped.code == "total_for_active"
    assert set(shaped.right) == {"total_parameters", "active_parameters"}


def test_parameters_that_are_not_those_of_the_shape() -> None:
    (doubt,) = doubts(architecture=LLAMA_8B, total_parameters=9e9, active_parameters=8e9)
    assert (doubt.code, doubt.value) == ("other_than_shape", 9e9)
    assert doubt.right["total_parameters"] == 8_030_261_248


def test_attention_in_long_sequences() -> None:
    """An 8B model at 8,192 tokens takes 1.068 × 6·N·D; nothing to take, the MFU may already be right."""
    (doubt,) = doubts(8192, architecture=LLAMA_8B)
    assert (doubt.code, round(doubt.value, 3), doubt.right) == ("attention_left_out", 1.068, {})
