"""Figures that are probably not meant: each case is one that was seen in a published table or data sheet."""

import pytest

from core.compute.accelerators import accelerator
from core.compute.architecture import architecture
from core.compute.plausibility import (
    Doubt,
    active_parameters_doubt,
    attention_doubt,
    mfu_doubts,
    mixture_of_total,
    peak_doubts,
    token_doubts,
)
from core.errors import InputError

H100 = accelerator("h100-sxm")


def codes(doubts: tuple[Doubt, ...]) -> list[str]:
    return [doubt.code for doubt in doubts]


def test_per_cent_typed_as_33() -> None:
    assert mfu_doubts(33.0, "step MFU") == (Doubt("per_cent", "mfu", 33.0, 0.33),)


def test_share_typed_where_per_cent_go() -> None:
    """0.33 in a field of per cent is a share of 0.0033: the lowest published full run reached 6 %."""
    assert mfu_doubts(0.0033, "whole-run MFU") == (Doubt("per_cent", "mfu", 0.0033, 0.33),)
    assert mfu_doubts(0.06, "whole-run MFU") == ()


@pytest.mark.parametrize(
    ("value", "kind", "precision"),
    [
        (0.5138, "whole-run MFU", "bf16"),  # LLaMA 13B: 6 × 13B × 1T in 135,168 hours of 312 TFLOP/s
        (0.346, "whole-run MFU", "bf16"),  # Llama 3.1 405B
        (0.1731, "whole-run MFU", "fp8"),  # DeepSeek-V3
        (0.552, "step MFU", "bf16"),  # MegaScale, arXiv 2402.15627
        (0.570, "HFU", "bf16"),  # Megatron-LM 1T
    ],
)
def test_published_runs_are_believed(value: float, kind: str, precision: str) -> None:
    assert mfu_doubts(value, kind, precision=precision) == ()


@pytest.mark.parametrize(
    ("value", "kind", "precision", "expected"),
    [
        (0.60, "whole-run MFU", "bf16", 0.514),
        (0.60, "step MFU", "bf16", 0.563),
        (0.60, "HFU", "bf16", 0.57),
        (0.295, "whole-run MFU", "fp8", 0.173),  # a BF16 run's MFU of the FP8 peak: twice as fast for nothing
    ],
)
def test_above_every_published_run(value: float, kind: str, precision: str, expected: float) -> None:
    assert mfu_doubts(value, kind, precision=precision) == (Doubt("above_published_runs", "mfu", value, expected),)


def test_above_the_best_matrix_multiplication() -> None:
    """An H100 multiplies matrices at 794.5 of its 989 TFLOP/s at best, an MI300X at 668.4 of 1,307."""
    assert codes(mfu_doubts(0.85, "HFU", H100)) == ["above_published_runs", "above_matmul_ceiling"]
    assert mfu_doubts(0.85, "HFU", H100)[1].expected == pytest.approx(0.803, abs=0.0005)
    assert codes(mfu_doubts(0.52, "step MFU", accelerator("mi300x"))) == ["above_matmul_ceiling"]
    assert mfu_doubts(0.52, "step MFU", H100) == ()


@pytest.mark.parametrize("value", [0.0, -0.3, 330.0, float("nan")])
def test_no_share_and_no_per_cent_is_refused(value: float) -> None:
    with pytest.raises(InputError):
        mfu_doubts(value, "step MFU")


@pytest.mark.parametrize(
    ("value", "id", "dense"),
    [
        (1979e12, "h100-sxm", 989e12),
        (4500e12, "b200", 2250e12),
        (733e12, "l40s", 362e12),
        (624e12, "a100-80-sxm", 312e12),
        (2615e12, "mi300x", 1307e12),
    ],
)
def test_headlines_with_sparsity(value: float, id: str, dense: float) -> None:
    """Data sheets' figures "with sparsity", twice the dense ones."""
    assert peak_doubts(value, accelerator(id)) == (
        Doubt("sparse_peak", "peak_flops", value, pytest.approx(dense, rel=0.001)),
    )


def test_a_sparse_headline_is_known_without_its_accelerator() -> None:
    assert peak_doubts(624e12) == (Doubt("sparse_peak", "peak_flops", 624e12, 312e12),)


def test_dense_peaks_are_believed() -> None:
    """918 TFLOP/s is a TPU v6e, not a sparse v5p of 459; 1,979 is right in FP8, where the sparse headline is 3,958."""
    assert peak_doubts(989e12, H100) == peak_doubts(989e12) == peak_doubts(918e12) == ()
    assert peak_doubts(1979e12, H100, "fp8") == ()
    assert peak_doubts(3958e12, H100, "fp8") == (Doubt("sparse_peak", "peak_flops", 3958e12, 1979e12),)
    assert peak_doubts(3e15) == ()


@pytest.mark.parametrize(("words", "tokens"), [(1.5e12, 2e12), (1.05e12, 1.4e12), (2.625e12, 3.5e12)])
def test_epochs_words_for_tokens(words: float, tokens: float) -> None:
    """Llama 2, Chinchilla and Falcon-180B (2T, 1.4T, 3.5T tokens in their papers) in Epoch's table of August 2025."""
    published = [1.4e12, 2e12, 3.5e12, 15e12]
    assert token_doubts(words, published) == (Doubt("words_for_tokens", "tokens", words, tokens),)


def test_tokens_are_believed() -> None:
    assert token_doubts(15e12, [1.4e12, 2e12, 15e12, 20e12]) == ()  # though it is three quarters of 20e12
    assert token_doubts(9e12, [2e12]) == ()


def test_attention_left_out_of_an_8b_model_at_8k_tokens() -> None:
    """Llama 3.1 8B takes 1.068 × 6·N·D at 8,192 tokens, the 405B 1.036 (tests of the architecture have the counts)."""
    model = architecture("llama-3.1-8b")
    assert attention_doubt(model, 4096) == ()
    (doubt,) = attention_doubt(model, 8192)
    assert (doubt.code, round(doubt.value, 3), doubt.expected) == ("attention_left_out", 1.068, 1.05)
    assert attention_doubt(architecture("llama-3.1-405b"), 8192) == ()


def test_total_given_for_active() -> None:
    """671B over 37B active would make a run 18 times too dear."""
    (doubt,) = active_parameters_doubt(architecture("deepseek-v3"), 671e9)
    assert (doubt.code, doubt.value) == ("total_for_active", 671e9)
    assert doubt.expected == pytest.approx(37e9, rel=0.02)
    assert active_parameters_doubt(architecture("deepseek-v3"), 37e9) == ()
    assert active_parameters_doubt(architecture("llama-3.1-70b"), 70.6e9) == ()


def test_headline_of_a_mixture_is_known_without_its_shape() -> None:
    """DeepSeek-V3 is called 671B, Mixtral 8x7B has 46.7B; a dense 30B model is no Qwen3 30B-A3B of 30.5B."""
    found = mixture_of_total(671e9), mixture_of_total(46.7e9)
    assert [model.id if model else None for model in found] == ["deepseek-v3", "mixtral-8x7b"]
    assert mixture_of_total(30e9) is None
    assert mixture_of_total(405e9) is None
