"""The roofline by hand: Llama 3.1 70B on 8 H100, a toy machine in round numbers, and what is refused."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.compute.serving_speed import (
    Replica,
    Request,
    ServedModel,
    calibrated_efficiency,
    decode_step,
    largest_batch,
    memory_needed_bytes,
    peak_share,
    prefill_seconds,
    serving_speed,
    smallest_replica,
    touched_expert_share,
    weights_read_bytes,
)
from core.errors import InputError

# The Llama 3 Herd of Models (arXiv 2407.21783), table 3: 80 layers, 8 key-value heads of 128 numbers, 2 bytes each.
# By hand: 2 × 128,256 × 8,192 + 80 × (2 × 8,192² + 2 × 8,192 × 1,024 + 3 × 8,192 × 28,672) and norms = 70.5537B.
LLAMA_70B = ServedModel(70.5537e9, 70.5537e9, 2.0, key_value_bytes_per_token=2 * 80 * 8 * 128 * 2)
EIGHT_H100 = Replica(8, 989e12, 3.35e12, 80e9, efficiency=0.6)

# 1 GFLOP a token, 500 MB of weights, 1 MB of cache a token; 100 GFLOP/s, 10 GB/s, 8 GB of which 5 GB are used.
TOY = ServedModel(0.5e9, 0.5e9, 1.0, 1e6)
MACHINE = Replica(1, 1e11, 1e10, 8e9, efficiency=1.0, usable_memory_share=0.625)

# DeepSeek-V3 report (arXiv 2412.19437): 37B of 671B active, 8 of 256 routed experts.
DEEPSEEK_V3 = ServedModel(37e9, 671e9, 1.0, 70_272, experts=256, experts_per_token=8)


def test_llama_70b_key_value_cache() -> None:
    """By hand: 2 × 80 layers × 8 heads × 128 × 2 bytes = 327,680 bytes a token."""
    assert LLAMA_70B.key_value_bytes_per_token == 327_680


def test_llama_70b_decode_at_batch_64() -> None:
    """By hand: 141.11 GB / 26.8 TB/s = 5.27 ms; 64 × 4,096 × 327,680 / 26.8 TB/s = 3.21 ms; 64 / 8.47 ms = 7,556/s."""
    step = decode_step(LLAMA_70B, EIGHT_H100, 64, 4096)
    assert step.weights_seconds == pytest.approx(5.27e-3, abs=5e-6)
    assert step.key_value_seconds == pytest.approx(3.21e-3, abs=5e-6)
    assert 64 / (step.weights_seconds + step.key_value_seconds) == pytest.approx(7556, abs=1)
    assert 64 / step.seconds == pytest.approx(4533, abs=1)


def test_llama_70b_decode_alone() -> None:
    """By hand: 1 / (5.265 + 0.050) ms × 0.6 = 113 tokens a second."""
    assert 1 / decode_step(LLAMA_70B, EIGHT_H100, 1, 4096).seconds == pytest.approx(113, abs=0.5)


def test_decode_by_hand() -> None:
    """Batch 2 at context 100: 500 MB + 200 MB at 10 GB/s = 70 ms; 2 GFLOP at 100 GFLOP/s = 20 ms. Memory decides."""
    step = decode_step(TOY, MACHINE, 2, 100)
    assert (step.weights_seconds, step.key_value_seconds) == pytest.approx((0.05, 0.02))
    assert (step.compute_seconds, step.seconds) == pytest.approx((0.02, 0.07))


def test_decode_is_bound_by_compute_in_a_large_batch() -> None:
    """Batch 100 at context 1: 600 MB take 60 ms, 100 GFLOP take a second; at half the efficiency two."""
    step = decode_step(TOY, replace(MACHINE, efficiency=0.5), 100, 1)
    assert step.seconds == pytest.approx(2.0)


def test_attention_counts_where_the_shape_is_given() -> None:
    """4 × 10 layers × width 1,000 × context 50,000 = 2 GFLOP beside the parameters' 1: 30 ms instead of 10."""
    shaped = replace(TOY, layers=10, attention_width=1000)
    assert decode_step(shaped, MACHINE, 1, 50_000).compute_seconds == pytest.approx(0.03)
    assert decode_step(TOY, MACHINE, 1, 50_000).compute_seconds == pytest.approx(0.01)


def test_prefill_by_hand() -> None:
    """1,000 tokens × 1 GFLOP at 100 GFLOP/s = 10 s; with 600 of them cached 4 s; two prompts 20 s."""
    assert prefill_seconds(TOY, MACHINE, 1000) == pytest.approx(10)
    assert prefill_seconds(TOY, MACHINE, 1000, 600) == pytest.approx(4)
    assert prefill_seconds(TOY, MACHINE, 1000, prompts=2) == pytest.approx(20)


def test_prefill_of_one_token_reads_the_weights() -> None:
    """1 GFLOP takes 10 ms, reading 500 MB takes 50 ms."""
    assert prefill_seconds(TOY, MACHINE, 1) == pytest.approx(0.05)


def test_prefill_attention_is_causal() -> None:
    """1,000 tokens: 500,000 pairs × 4 × 10 × 100 = 2 GFLOP more: 20 ms. The last 400 alone: 320,000 pairs, 12.8 ms."""
    shaped = replace(TOY, layers=10, attention_width=100)
    assert prefill_seconds(shaped, MACHINE, 1000) == pytest.approx(10.02)
    assert prefill_seconds(shaped, MACHINE, 1000, 600) == pytest.approx(4.0128)


def test_gpt_oss_experts_touched_by_64_tokens() -> None:
    """InferenceX, pull request on gpt-oss 120B (128 experts, top 4): 111 of 128 experts loaded a step at batch 64."""
    assert 128 * touched_expert_share(128, 4, 64) == pytest.approx(111, abs=0.5)


def test_touched_experts_by_hand() -> None:
    """Two of four experts a token: one token touches half of them, two tokens 1 - 1/4, three 1 - 1/8."""
    assert [touched_expert_share(4, 2, tokens) for tokens in (1, 2, 3)] == pytest.approx([0.5, 0.75, 0.875])


def test_weights_read_by_hand() -> None:
    """10 parameters always used and 4 experts of 10, two a token: 30 for one token, 40 for two, 45 for three."""
    model = ServedModel(30, 50, 1.0, 1.0, experts=4, experts_per_token=2)
    read = weights_read_bytes(model, np.array([1.0, 2.0, 3.0, 1000.0]))
    assert read == pytest.approx(np.array([30, 40, 45, 50]))


def test_deepseek_v3_reads_most_of_its_experts_at_batch_64() -> None:
    """By hand: 671B - 634B × (31/32)^63 = 585B, 16 times what one token reads."""
    assert weights_read_bytes(DEEPSEEK_V3, 1) == pytest.approx(37e9)
    assert weights_read_bytes(DEEPSEEK_V3, 64) == pytest.approx(585.2e9, rel=1e-3)


def test_dense_model_reads_all_weights_at_any_batch() -> None:
    assert weights_read_bytes(TOY, np.array([1.0, 2.0, 64.0])) == pytest.approx(5e8)


def test_deepseek_day_share_of_peak() -> None:
    """DeepSeek's day: 14.8k decoded tokens a second a node of 8 H800: 2 × 37B × 14,800 / 7,912 TFLOP/s = 13.8 %.

    Prefill, 73.7k of which 56.3 % cached: 30 %.
    """
    node = Replica(8, 989e12, 3.35e12, 80e9, efficiency=1.0)
    assert peak_share(37e9, 14_800, node) == pytest.approx(0.138, abs=0.0005)
    assert peak_share(37e9, 73_700 * (1 - 0.563), node) == pytest.approx(0.30, abs=0.005)


def test_memory_by_hand() -> None:
    """5 GB usable less 500 MB of weights hold 4,500 tokens of 1 MB: 4 requests of 1,000, 45 of 100."""
    assert memory_needed_bytes(TOY, 4, 1000) == pytest.approx(4.5e9)
    assert largest_batch(TOY, MACHINE, np.array([1000.0, 100.0, 5000.0])).tolist() == [4, 45, 0]
    assert smallest_replica(TOY, MACHINE, 5, 1000) == 2


def test_what_does_not_fit_is_refused_with_what_would() -> None:
    """DeepSeek-V3 in FP8 is 671 GB: more than 8 H100 (576 GB usable), 10 of them hold it (720 GB)."""
    with pytest.raises(InputError) as caught:
        serving_speed(DEEPSEEK_V3, EIGHT_H100, Request(1000, 1000), 1)
    assert (caught.value.code, caught.value.field, caught.value.expected) == (
        "out_of_range",
        "accelerators",
        "10 <= accelerators",
    )
    with pytest.raises(InputError) as caught:
        serving_speed(TOY, MACHINE, Request(500, 500), 5)
    assert (caught.value.code, caught.value.field, caught.value.expected) == ("too_large", "batch", "batch <= 4")


def test_latency_and_throughput_by_hand() -> None:
    """Two requests of 100 in and 10 out on the toy machine, context 105 on average.

    Prefill 2 × 100 × 10 ms = 2 s. A step reads 500 + 210 MB: 71 ms, ten of them 0.71 s. Both take 2.71 s for 20 tokens.
    First token: a running step and one prompt, 1.071 s. Each further one: 71 ms and a tenth of the other's prefill.
    """
    speed = serving_speed(TOY, MACHINE, Request(100, 10), 2)
    assert speed.decode_step_seconds == pytest.approx(0.071)
    assert speed.seconds_to_first_token == pytest.approx(1.071)
    assert speed.seconds_per_output_token == pytest.approx(0.171)
    assert speed.prefill_tokens_per_second == pytest.approx(100)
    assert speed.decode_tokens_per_second == pytest.approx(2 / 0.071)
    assert speed.requests_per_second == pytest.approx(2 / 2.71)
    assert speed.output_tokens_per_second == pytest.approx(20 / 2.71)
    assert speed.prefill_share == pytest.approx(2 / 2.71)


def test_calibration_inverts_the_model() -> None:
    """A benchmark that measures half of the 20 / 2.71 tokens a second above has an efficiency of one half."""
    assert calibrated_efficiency(10 / 2.71, TOY, MACHINE, Request(100, 10), 2) == pytest.approx(0.5)
    slow = replace(MACHINE, efficiency=0.5)
    assert serving_speed(TOY, slow, Request(100, 10), 2).output_tokens_per_second == pytest.approx(10 / 2.71)


def test_measurement_above_the_roofline_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        calibrated_efficiency(8.0, TOY, MACHINE, Request(100, 10), 2)
    assert caught.value.field == "output_tokens_per_second"
    assert caught.value.expected == "0 < output_tokens_per_second <= 7.38007"


@given(batch=st.floats(1, 3), more=st.floats(0.1, 1), inputs=st.floats(1, 500), outputs=st.floats(1, 500))
def test_larger_batches_are_slower_for_each_and_faster_for_all(
    batch: float, more: float, inputs: float, outputs: float
) -> None:
    request = Request(inputs, outputs)
    for model in (TOY, replace(TOY, total_parameters=1e9, experts=8, experts_per_token=2)):
        small, large = (serving_speed(model, MACHINE, request, size) for size in (batch, batch + more))
        assert large.seconds_to_first_token >= small.seconds_to_first_token * (1 - 1e-12)
        assert large.seconds_per_output_token >= small.seconds_per_output_token * (1 - 1e-12)
        assert large.output_tokens_per_second >= small.output_tokens_per_second * (1 - 1e-12)


@given(context=st.floats(1, 1e6), more=st.floats(1, 1e6), batch=st.floats(1, 1000))
def test_longer_contexts_are_slower(context: float, more: float, batch: float) -> None:
    shorter, longer = (decode_step(DEEPSEEK_V3, EIGHT_H100, batch, tokens) for tokens in (context, context + more))
    assert longer.seconds >= shorter.seconds


def test_arrays_give_what_each_scalar_gives() -> None:
    batches = np.array([1.0, 2.0, 4.0])
    together = serving_speed(TOY, MACHINE, Request(100, 10), batches)
    for index, batch in enumerate(batches):
        alone = serving_speed(TOY, MACHINE, Request(100, 10), float(batch))
        assert np.asarray(together.requests_per_second)[index] == pytest.approx(alone.requests_per_second, rel=1e-12)


@pytest.mark.parametrize(
    ("noun", "change", "code"),
    [
        (TOY, {"active_parameters": 0.0}, "out_of_range"),
        (TOY, {"active_parameters": 1e9}, "contradiction"),  # more than in total
        (TOY, {"total_parameters": 1e9}, "contradiction"),  # sparse, but without experts
        (TOY, {"key_value_bytes_per_token": 0.0}, "out_of_range"),
        (MACHINE, {"efficiency": 60.0}, "out_of_range"),  # typed as a percentage
        (MACHINE, {"accelerators": 0}, "out_of_range"),
        (MACHINE, {"memory_bytes": float("nan")}, "not_a_number"),
        (Request(100, 10), {"cached_share": 1.0}, "out_of_range"),
        (Request(100, 10), {"output_tokens": 0}, "out_of_range"),
    ],
)
def test_refused_field(noun: ServedModel | Replica | Request, change: dict[str, float], code: str) -> None:
    with pytest.raises(InputError) as caught:
        replace(noun, **change)
    assert caught.value.code == code
