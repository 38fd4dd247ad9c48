"""Parameters, FLOPs and key-value caches of published models, then a small model by hand, then what is refused."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.compute.architecture import (
    Architecture,
    active_parameters,
    approximate_training_flops,
    architecture,
    architectures,
    attention_flops_per_token,
    cache_bytes,
    cache_bytes_per_token,
    exact_over_approximate,
    exact_training_flops,
    forward_flops_per_token,
    palm_flops_per_token,
    routed_expert_parameters,
    total_parameters,
)
from core.errors import InputError

SMALL = Architecture(
    layers=2, hidden_size=8, vocabulary=10, heads=4, key_value_heads=2, head_dim=2, feed_forward_width=16
)
MIXTURE = replace(SMALL, moe_layers=1, experts=4, experts_per_token=2, shared_experts=1, expert_width=3)


def test_exact_counts() -> None:
    """Pythia 12B: its model card. Gemma 2 27B: Gemma 2 report, table 2, and 256,000 rows of its released embedding."""
    assert total_parameters(architecture("pythia-12b")).total == 11_846_072_320
    assert total_parameters(architecture("gemma-2-27b")).total == 26_047_480_320 + 256_000 * 4608


def test_gpt_2_with_and_without_biases() -> None:
    """karpathy/nanoGPT, transformer_sizing.ipynb: 124,337,664 without biases. With them, a layer has 9·768 in its four
    linear layers and 2·768 in its norms, and the last norm 768."""
    model = architecture("gpt-2-small")
    assert total_parameters(replace(model, biases="none", norm="scale")).total == 124_337_664
    assert total_parameters(model).total == 124_337_664 + 12 * 11 * 768 + 768


def test_deepseek_v3_main_model() -> None:
    """README_WEIGHTS.md of deepseek-ai/DeepSeek-V3: 671B and 0.9B each for embedding and output head."""
    parts = total_parameters(architecture("deepseek-v3"))
    assert round(parts.total / 1e9) == 671
    assert parts.embedding / 2 == pytest.approx(0.9e9, rel=0.04)


def test_parts_by_hand() -> None:
    """Two layers. Attention: queries 8·8, keys and values 2·8·4, output 8·8 = 192. Gated: 3·8·16 = 384. Norms: 2·8.

    Outside the layers: two tables of 10·8 and a norm of 8.
    """
    parts = total_parameters(SMALL)
    assert (parts.embedding, parts.attention, parts.feed_forward) == (160, 2 * 192, 2 * 384)
    assert (parts.router, parts.norms) == (0, 2 * 16 + 8)
    assert parts.total == 160 + 384 + 768 + 40


def test_mixture_by_hand() -> None:
    """One layer dense (384), one with 4 routed and 1 shared expert of 3·8·3 = 72; a token meets 2 and 1. Router 8·4."""
    assert total_parameters(MIXTURE).feed_forward == 384 + 5 * 72
    assert active_parameters(MIXTURE).feed_forward == 384 + 3 * 72
    assert total_parameters(MIXTURE).router == active_parameters(MIXTURE).router == 32
    assert routed_expert_parameters(MIXTURE) == 4 * 72


def test_latent_attention_by_hand() -> None:
    """Rank 3 for queries, 5 for keys and values, heads of 2 + 1 rotated and values of 2, 4 heads, width 8.

    Queries 3·8 + 3·4·3 = 60; compression 8·(5 + 1) = 48; decompression 5·4·(2 + 2) = 80; output 4·2·8 = 64; two norms.
    """
    latent = replace(SMALL, key_value_heads=4, query_rank=3, key_value_rank=5, rotary_dim=1, value_dim=2)
    parts = total_parameters(latent)
    assert parts.attention == 2 * (60 + 48 + 80 + 64)
    assert parts.norms == 2 * (16 + 8) + 8
    assert cache_bytes_per_token(latent, 1) == 2 * (5 + 1)


def test_forward_flops_by_hand() -> None:
    """Two FLOPs a weight that multiplies: 384 + 768 + 80 = 1232. Scores and values over 100 tokens, causal: mean of 50
    keys, 2·(8 + 8)·50 = 1600 in each of 2 layers; full: twice that."""
    assert forward_flops_per_token(SMALL, 100) == 2 * 1232 + 2 * 1600
    assert forward_flops_per_token(SMALL, 100, causal=False) == 2 * 1232 + 4 * 1600
    assert exact_training_flops(SMALL, 1000, 100) == 3 * (2 * 1232 + 2 * 1600) * 1000


def test_window_by_hand() -> None:
    """Window of 10 over 100 tokens: 10 - 10²/200 = 9.5 keys a token; as long as the sequence it changes nothing."""
    windowed = replace(SMALL, window=10, windowed_layers=1)
    assert attention_flops_per_token(windowed, 100) == pytest.approx(32 * (50 + 9.5), rel=1e-12)
    assert attention_flops_per_token(replace(windowed, window=100), 100) == attention_flops_per_token(SMALL, 100)
    assert cache_bytes(windowed, 100) == 2 * 2 * 2 * 2 * (100 + 10)


@pytest.mark.parametrize(
    ("id", "ratios"),
    [
        ("llama-3.1-8b", (1.00, 1.07, 1.47, 3.07)),
        ("llama-3.1-70b", (1.02, 1.06, 1.29, 2.20)),
        ("llama-3.1-405b", (1.02, 1.04, 1.16, 1.66)),
    ],
)
def test_exact_over_6nd_by_context(id: str, ratios: tuple[float, ...]) -> None:
    """By hand for 8B: 2·(8.030e9 - 128256·4096) + 2·32·4096·s over 2·8.030e9, at 8k (15.010 + 2.147) / 16.061 = 1.068.

    So: causal, N with both embeddings, the look-up free.
    """
    contexts = np.array([4096, 8192, 32768, 131072])
    assert np.round(exact_over_approximate(architecture(id), contexts), 2).tolist() == list(ratios)


def test_8k_context_costs_an_8b_model_seven_percent() -> None:
    assert round(float(exact_over_approximate(architecture("llama-3.1-8b"), 8192)), 3) == 1.068


def test_nanogpt_flops() -> None:
    """karpathy/nanoGPT, transformer_sizing.ipynb: GPT-2 small at 1,024 tokens, full attention: 874,944,921,600 FLOPs
    forward and backward, and 879,894,724,608 by PaLM's formula on its 124,337,664 parameters without biases."""
    model = architecture("gpt-2-small")
    assert exact_training_flops(model, 1024, 1024, causal=False) == 874_944_921_600
    without_biases = replace(model, biases="none", norm="scale")
    assert palm_flops_per_token(without_biases, 1024) * 1024 == 879_894_724_608


def test_palm_utilization() -> None:
    """PaLM (arXiv 2204.02311), appendix B: 238.3k tokens/s on 6,144 TPU v4 of 275 TFLOP/s are 46.2 % with attention,
    45.7 % without."""
    model, tokens_per_second, peak = architecture("palm-540b"), 238.3e3, 6144 * 275e12
    assert palm_flops_per_token(model, 2048) * tokens_per_second / peak == pytest.approx(0.462, abs=0.0005)
    assert approximate_training_flops(model, tokens_per_second) / peak == pytest.approx(0.457, abs=0.0005)


@pytest.mark.parametrize(
    ("id", "bytes_per_token"),
    [
        ("llama-3.1-8b", 131_072),  # 2 (keys, values) · 2 bytes · 32 layers · 8 heads · 128
        ("llama-3.1-70b", 327_680),
        ("llama-3.1-405b", 516_096),
        ("llama-2-7b", 524_288),
        ("gpt-3-175b", 4_718_592),
        ("deepseek-v3", 70_272),  # 2 bytes · 61 layers · (512 + 64); DeepSeek-V3 states 70 KB
    ],
)
def test_cache_bytes_per_token(id: str, bytes_per_token: int) -> None:
    assert cache_bytes_per_token(architecture(id)) == bytes_per_token
    assert cache_bytes_per_token(architecture(id), 1) == bytes_per_token / 2  # 8-bit cache
    assert cache_bytes(architecture(id), np.array([1, 1000])).tolist() == [bytes_per_token, 1000 * bytes_per_token]


def test_window_bounds_the_cache() -> None:
    """Mistral 7B keeps 4,096 tokens, however long the context: 131,072 · 4,096 bytes (arXiv 2310.06825, section 2)."""
    assert cache_bytes(architecture("mistral-7b"), np.array([4096, 32768])).tolist() == [2**29, 2**29]


@given(st.sampled_from(sorted(architectures())), st.integers(1, 2**17))
def test_causal_attention_never_costs_more_than_full(id: str, sequence_length: int) -> None:
    model = architecture(id)
    causal, full = (attention_flops_per_token(model, float(sequence_length), causal=kind) for kind in (True, False))
    assert 0 < causal <= full * (1 + 1e-12)
    assert active_parameters(model).total <= total_parameters(model).total


@pytest.mark.parametrize(
    ("change", "code", "field", "expected"),
    [
        ({"layers": 0}, "out_of_range", "layers", "1 <= layers"),
        ({"key_value_heads": 3}, "contradiction", "key_value_heads", "4 % key_value_heads = 0"),
        (
            {"moe_layers": 3, "experts": 4, "experts_per_token": 1, "expert_width": 1},
            *("out_of_range", "moe_layers"),
            "0 <= moe_layers <= 2",
        ),
        ({"moe_layers": 1}, "out_of_range", "experts", "1 <= experts"),
        ({"experts": 4, "experts_per_token": 5}, "out_of_range", "experts_per_token", "0 <= experts_per_token <= 4"),
        ({"windowed_layers": 1}, "out_of_range", "window", "1 <= window"),
        ({"key_value_rank": 4}, "out_of_range", "rotary_dim", "1 <= rotary_dim"),
        ({"feed_forward_width": 0}, "out_of_range", "feed_forward_width", "1 <= feed_forward_width"),
    ],
)
def test_impossible_shape_is_refused(change: dict[str, int], code: str, field: str, expected: str) -> None:
    with pytest.raises(InputError) as caught:
        replace(SMALL, **change)
    assert (caught.value.code, caught.value.field, caught.value.expected) == (code, field, expected)


def test_unknown_architecture_and_sequence_length_are_refused() -> None:
    with pytest.raises(InputError, match="not a known name"):
        architecture("gpt-9")
    for length in (0, -1, float("nan"), np.array([4096, 0])):
        with pytest.raises(InputError) as caught:
            forward_flops_per_token(SMALL, length)
        assert caught.value.field == "sequence_length"
