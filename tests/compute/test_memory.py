"""Memory of published formulas, measurements and runs, then by hand, then what must hold for every layout."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.compute.accelerators import accelerator
from core.compute.architecture import Architecture, architecture, total_parameters
from core.compute.layout import Layout
from core.compute.memory import (
    ADAM,
    ADAM_8_BIT,
    ADAM_16_BIT_GRADIENTS,
    MUON,
    UNFUSED_ACTIVATIONS,
    activation_bytes_per_layer,
    fits,
    largest_batch,
    memory_per_accelerator,
    minimum_accelerators,
    serving_memory,
)
from core.errors import InputError

GPT_3 = architecture("gpt-3-175b")  # 96 heads, width 12,288
H100 = accelerator("h100-sxm")
SMALL = Architecture(
    layers=4, hidden_size=8, vocabulary=16, heads=4, key_value_heads=4, head_dim=2, feed_forward_width=16
)


def test_states_a_parameter() -> None:
    """ZeRO (arXiv 1910.02054), section 3.1: 16 bytes with Adam; Megatron-LM, 18 with gradients in 32 bits."""
    assert (ADAM.total_bytes, ADAM_16_BIT_GRADIENTS.total_bytes) == (18, 16)
    assert (ADAM_8_BIT.total_bytes, MUON.total_bytes) == (12, 14)


def test_minimum_accelerators() -> None:
    """70e9 · 18 = 1.26 TB / (0.9 · 80 GB) = 17.5; 405e9 · 18 = 7.29 TB / 72 GB = 101.25. Activations come on top."""
    assert minimum_accelerators(np.array([70e9, 405e9]), 80e9).tolist() == [18, 102]
    assert minimum_accelerators(70e9, 80e9, activation_bytes=36e9 + 1) == 19  # 1.296 TB / 72 GB = 18 exactly


@pytest.mark.parametrize(
    ("options", "factor"),
    [
        ({"recompute": "none"}, 34 + 80),  # 5·a·s/h = 80
        ({"recompute": "none", "tensor": 8}, 10 + 24 / 8 + 80 / 8),
        ({"recompute": "none", "tensor": 8, "sequence_parallel": True}, (34 + 80) / 8),
        ({"recompute": "selective", "tensor": 8}, 10 + 24 / 8),
        ({"recompute": "selective", "tensor": 8, "sequence_parallel": True}, 34 / 8),
        ({"recompute": "full"}, 2),
    ],
)
def test_korthikanti_table_2(options: dict[str, object], factor: float) -> None:
    """Activations a layer in units of s·b·h for GPT-3 at 2,048 tokens (arXiv 2205.05198, table 2 and section 5)."""
    bytes_per_layer = activation_bytes_per_layer(GPT_3, 2048, micro_batch=3, dropout=True, **options)
    assert bytes_per_layer / (2048 * 3 * 12288) == pytest.approx(factor, rel=1e-12)


def test_selective_recomputation_saves_70_and_65_percent() -> None:
    """Korthikanti et al. 2022, section 5, for GPT-3 and for MT-NLG 530B (128 heads, width 20,480), at 2,048 tokens."""
    mt_nlg = replace(GPT_3, heads=128, key_value_heads=128, head_dim=160, hidden_size=20480, feed_forward_width=81920)
    saved = [
        1
        - activation_bytes_per_layer(model, 2048, dropout=True, recompute="selective")
        / activation_bytes_per_layer(model, 2048, dropout=True, recompute="none")
        for model in (GPT_3, mt_nlg)
    ]
    assert saved == pytest.approx([0.70, 0.65], abs=0.005)


def test_llama_8b_layer_at_32k() -> None:
    """stas00/ml-engineering measures 28 hidden states of 2 bytes a layer, kernels unfused: 2·28·32768·4096 = 7 GiB.

    Fused, by hand in hidden states: norms 2, inputs of projections 2, queries and outputs 2, keys and values 2/4, gate,
    up and product 3·3.5: 17, that is 4.25 GiB. The formula is a lower bound, the factor its calibration.
    """
    fused = activation_bytes_per_layer(architecture("llama-3.1-8b"), 32768, recompute="selective")
    assert fused == 17 * 2 * 32768 * 4096 == 4.25 * 2**30
    assert fused * UNFUSED_ACTIVATIONS == pytest.approx(7 * 2**30, rel=1e-12)


def test_llama_3_405b_fits_as_trained() -> None:
    """Llama 3 (arXiv 2407.21783), section 3.3.2 and table 4: 8,192 tokens on H100 with 80 GB, tensor 8, pipeline 16,
    data 128, optimizer and gradients sharded, no recomputation beyond fused attention.

    By hand, second stage of 8 layers, 15 micro-batches in flight, a token and layer of 2·(4·16384 + 2·16384 +
    2·1024 + 3·53248) = 520,192 bytes: 8 · 15 · 8192 · 520,192 / 8 = 63.9 GB; weights 2 · 3.19e9 · 8 / 8 = 6.4 GB.
    """
    layout = Layout(tensor=8, pipeline=16, data=128, zero_stage=2, sequence_parallel=True)
    use = memory_per_accelerator(architecture("llama-3.1-405b"), layout, 8192)
    assert use.activations == pytest.approx(63.9e9, rel=0.001)
    assert use.parameters == pytest.approx(6.4e9, rel=0.01)
    assert fits(use, H100)
    assert not fits(use, accelerator("a100-40-sxm"))


def test_one_accelerator_by_hand() -> None:
    """Four layers of 4·8·8 + 3·8·16 + 2·8 = 656, two tables of 128, a norm of 8: 2,888 parameters.

    A token and layer, in elements of 2 bytes: norms 2·8, inputs 2·8, queries, keys, values and outputs 4·8, gate, up
    and product 3·16: 112. Logits: 6 bytes of 16 a token.
    """
    use = memory_per_accelerator(SMALL, Layout(micro_batch=2), 10)
    assert (use.parameters, use.gradients, use.optimizer) == (2 * 2888, 4 * 2888, 12 * 2888)
    assert use.activations == 4 * 2 * 112 * 20
    assert use.logits == 6 * 16 * 20
    assert use.gathered == 0
    assert use.total == 18 * 2888 + 4 * 224 * 20 + 96 * 20


@pytest.mark.parametrize(
    ("zero_stage", "states"),
    [(0, 18), (1, 6 + 12 / 4), (2, 2 + 16 / 4), (3, 18 / 4)],
)
def test_zero_by_hand(zero_stage: int, states: float) -> None:
    """ZeRO, figure 1, with 18 bytes and 4 data-parallel ranks; stage 3 gathers the layer in work, 656 weights of 2
    bytes and the last norm."""
    use = memory_per_accelerator(SMALL, Layout(data=4, zero_stage=zero_stage), 10)
    assert use.states == pytest.approx(2888 * states, rel=1e-12)
    assert use.gathered == (2 * (656 + 8) if zero_stage == 3 else 0)


def test_pipeline_by_hand() -> None:
    """Two stages of two layers. First: a table, two micro-batches in flight; last: a table, the logits, one."""
    use = memory_per_accelerator(SMALL, Layout(pipeline=2), 10)
    assert use.parameters == 2 * (2 * 656 + 128 + 8)
    assert use.activations == 2 * 2 * 224 * 10
    assert use.logits == 0
    wide = replace(SMALL, vocabulary=16_000)  # the logits outweigh the micro-batches
    assert memory_per_accelerator(wide, Layout(pipeline=2), 10).logits == 6 * 16_000 * 10


def test_interleaving_keeps_more_in_flight() -> None:
    """Korthikanti et al. 2022, section 4.2.3: (1 + (p - 1)/(p·v)) of the plain schedule's; 4 stages, 2 chunks: 11/8."""
    model = replace(SMALL, layers=8)
    plain, interleaved = (memory_per_accelerator(model, Layout(pipeline=4, interleave=v), 100) for v in (1, 2))
    assert interleaved.activations == pytest.approx(plain.activations * 11 / 8, rel=1e-12)


def test_full_recomputation_by_hand() -> None:
    """A layer's input of 2·8 bytes a token for each of four layers, and one layer's 224 in work."""
    assert memory_per_accelerator(SMALL, Layout(recompute="full"), 10).activations == 10 * (4 * 16 + 224)


def test_experts_are_shared_by_expert_ranks() -> None:
    """Two layers of 4 experts of 3·8·4 = 96 over 2 ranks, 4 data-parallel ranks in all: half the experts on each."""
    model = replace(SMALL, moe_layers=2, experts=4, experts_per_token=2, expert_width=4)
    spread, whole = (memory_per_accelerator(model, Layout(data=4, expert=size), 10) for size in (2, 1))
    assert whole.parameters - spread.parameters == 2 * (2 * 4 * 96) / 2
    assert spread.activations == whole.activations
    shared = [memory_per_accelerator(model, Layout(data=4, expert=size, zero_stage=1), 10).optimizer for size in (1, 2)]
    assert shared[0] == shared[1] == pytest.approx(12 * total_parameters(model).total / 4, rel=1e-12)


def test_serving_70b_on_eight_h100() -> None:
    """By hand: 70.554e9 · 2 / 8 = 17.64 GB of weights; 64 · 4096 · 327,680 / 8 = 10.74 GB of cache, 8 heads on 8.

    Largest batch: (72 - 17.64) GB / (4096 · 40,960) = 324.
    """
    model = architecture("llama-3.1-70b")
    use = serving_memory(model, 64, 4096, accelerator_count=8)
    assert use.weights == pytest.approx(17.64e9, rel=0.001)
    assert use.cache == 64 * 4096 * 327_680 / 8
    assert largest_batch(model, 4096, H100, accelerator_count=8) == 324
    assert largest_batch(model, np.array([4096, 8192]), H100, accelerator_count=8).tolist() == [324, 162]
    assert largest_batch(model, 4096, H100) == 0  # 141 GB of weights
    assert largest_batch(model, 4096, H100, accelerator_count=2, bytes_per_weight=1.0) > 0


def test_more_accelerators_than_key_value_heads_keep_copies_of_the_cache() -> None:
    model = architecture("llama-3.1-70b")
    eight, sixteen = (serving_memory(model, 1, 4096, accelerator_count=count) for count in (8, 16))
    assert sixteen.cache == eight.cache
    assert sixteen.weights == eight.weights / 2


RUNS = st.tuples(
    st.sampled_from(["llama-3.1-8b", "gpt-3-175b", "gemma-2-27b", "deepseek-v3", "qwen3-235b-a22b"]),
    st.builds(
        Layout,
        data=st.sampled_from([1, 2, 16]),
        tensor=st.sampled_from([1, 2, 4]),
        zero_stage=st.integers(0, 3),
        sequence_parallel=st.booleans(),
        recompute=st.sampled_from(["none", "selective", "full"]),
        micro_batch=st.integers(1, 4),
    ),
    st.integers(1, 2**15),
)


@given(RUNS)
def test_saving_memory_saves_memory(run: tuple[str, Layout, int]) -> None:
    """More tensor or data parallelism, a higher ZeRO stage, sequence parallelism, more recomputation: no more bytes."""
    model, layout, sequence_length = architecture(run[0]), run[1], run[2]

    def total(**change: object) -> float:
        return memory_per_accelerator(model, replace(layout, **change), sequence_length).total

    now = total() * (1 + 1e-12)
    assert total(tensor=2 * layout.tensor) <= now
    assert total(sequence_parallel=True) <= now
    assert total(recompute="full") <= total(recompute="selective") <= total(recompute="none")
    if layout.data > 1:
        assert total(zero_stage=min(3, layout.zero_stage + 1)) <= now
        assert total(data=2 * layout.data) <= now


@given(RUNS.filter(lambda run: not architecture(run[0]).moe_layers), st.sampled_from([2, 4, 8]))
def test_a_pipeline_of_even_stages_saves_memory(run: tuple[str, Layout, int], pipeline: int) -> None:
    """Activations in flight stay, states fall. ZeRO stage 3 apart, where each stage gathers its layer in work."""
    model, layout = replace(architecture(run[0]), layers=32, windowed_layers=0), replace(run[1], zero_stage=0)
    one, many = (memory_per_accelerator(model, replace(layout, pipeline=size), run[2]) for size in (1, pipeline))
    assert many.total <= one.total


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"sequence_length": 0}, "sequence_length"),
        ({"sequence_length": 10, "activation_factor": 0.0}, "activation_factor"),
        ({"sequence_length": 10, "activation_factor": float("nan")}, "activation_factor"),
        ({"sequence_length": 10, "layout": Layout(tensor=3)}, "layout.tensor"),
    ],
)
def test_refused_argument_is_named(options: dict[str, object], field: str) -> None:
    with pytest.raises(InputError) as caught:
        memory_per_accelerator(**{"model": SMALL, "layout": Layout(), **options})
    assert caught.value.field == field


def test_refused_counts() -> None:
    with pytest.raises(InputError, match="parameters"):
        minimum_accelerators(np.array([70e9, 0.0]), 80e9)
    with pytest.raises(InputError, match="bytes_per_accelerator"):
        minimum_accelerators(70e9, 0.0)
    with pytest.raises(InputError, match="accelerator_count"):
        serving_memory(SMALL, 1, 10, accelerator_count=0)
