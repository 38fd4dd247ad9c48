"""Published models and accelerators of the tables as serving takes them."""

import pytest

from core.compute.architecture import architecture
from core.compute.serving_setup import replica_of, served_model
from core.errors import InputError


@pytest.mark.parametrize(
    ("id", "key_value_bytes"),
    [
        ("llama-2-7b", 524_288),  # 2 × 32 layers × 32 heads × 128 × 2 bytes
        ("llama-3.1-8b", 131_072),  # 2 × 32 × 8 × 128 × 2
        ("llama-3.1-70b", 327_680),  # 2 × 80 × 8 × 128 × 2
        ("llama-3.1-405b", 516_096),  # 2 × 126 × 8 × 128 × 2
        ("mixtral-8x7b", 131_072),  # 2 × 32 × 8 × 128 × 2
        ("qwen3-235b-a22b", 192_512),  # 2 × 94 × 4 × 128 × 2
        ("deepseek-v3", 70_272),  # 61 × (512 + 64) × 2
    ],
)
def test_key_value_cache_by_hand(id: str, key_value_bytes: int) -> None:
    assert served_model(architecture(id), "bf16", 2).key_value_bytes_per_token == key_value_bytes


def test_mixture_keeps_its_experts_and_a_dense_model_has_none() -> None:
    """Mixtral (arXiv 2401.04088): 2 of 8 experts a token, 47B in all, 13B active. Llama 3.1 70B is dense."""
    mixtral = served_model(architecture("mixtral-8x7b"), "fp8", 1)
    assert (mixtral.experts, mixtral.experts_per_token) == (8, 2)
    assert (mixtral.total_parameters, mixtral.active_parameters) == pytest.approx((47e9, 13e9), rel=0.01)
    llama = served_model(architecture("llama-3.1-70b"), "bf16", 2)
    assert (llama.experts, llama.experts_per_token, llama.attention_width) == (1, 1, 8192)
    assert llama.total_parameters == llama.active_parameters


def test_latent_attention_width_by_hand() -> None:
    """DeepSeek-V3: 128 heads with keys of 128 + 64 and values of 128: 128 × (192 + 128) / 2 = 20,480."""
    assert served_model(architecture("deepseek-v3"), "fp8", 2).attention_width == 20_480


def test_fp8_has_its_own_peak_and_halves_the_weights() -> None:
    """NVIDIA H100 SXM: 1,979 TFLOP/s dense in FP8, 989 in BF16."""
    assert [replica_of("h100-sxm", 1, precision, 0.6).peak_flops for precision in ("fp8", "bf16")] == [1979e12, 989e12]
    shape = architecture("llama-3.1-8b")
    assert [served_model(shape, precision, 2).weight_bytes_per_parameter for precision in ("fp8", "bf16")] == [1, 2]


def test_unknown_names_are_refused() -> None:
    for accelerator, precision, field in (
        ("h100-sxm", "int1", "precision"),
        ("abacus", "fp8", "accelerator"),
        ("a100-80-sxm", "fp8", "precision"),  # Ampere has no FP8
    ):
        with pytest.raises(InputError) as caught:
            replica_of(accelerator, 1, precision, 0.5)
        assert caught.value.field == field
