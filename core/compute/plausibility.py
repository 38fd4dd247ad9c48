"""Figures that are possible but probably not meant: per cent for a share, a sparse peak, words for tokens.

A doubt is shown, not raised: the user may know better. Its `expected` is the likely right value, in notation.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from core.compute.accelerators import Accelerator, accelerators
from core.compute.data_cost import WORDS_PER_TOKEN
from core.compute.precision import Precision, matmul_ceiling, peak_flops
from core.compute.utilisation import Utilisation, UtilisationKind

DoubtCode = Literal["per_cent", "above_published_runs", "above_matmul_ceiling", "sparse_peak", "words_for_tokens"]


@dataclass(frozen=True)
class Doubt:
    """What looks wrong about `value` of `field`, and what was probably meant."""

    code: DoubtCode
    field: str
    value: float
    expected: str


# The highest published figure of each kind, a share of the dense peak of the run's own number format, to three digits.
# Whole run: TinyLlama, 1.1B parameters on 3T tokens in 90 days on 16 A100 (github.com/jzhang38/TinyLlama);
# in FP8 DeepSeek-V3 (see precision.py). Step and hardware: Megatron-LM's 1T model (README; arXiv 2205.05198).
HIGHEST_PUBLISHED: Mapping[tuple[UtilisationKind, Precision], float] = MappingProxyType(
    {
        ("whole-run MFU", "bf16"): 0.510,
        ("whole-run MFU", "fp8"): 0.173,
        ("step MFU", "bf16"): 0.563,
        ("HFU", "bf16"): 0.570,
    }
)
SPARSITY_SPEED_UP = 2  # 2:4 sparsity, as headline figures of NVIDIA and AMD have it
SAME_FIGURE = 0.02  # data sheets round a headline and half of it apart by up to 1.3 % (L40S: 362 and 733)


def mfu_doubts(
    value: float, kind: UtilisationKind, accelerator: Accelerator | None = None, precision: Precision = "bf16"
) -> tuple[Doubt, ...]:
    """What is doubtful about a utilisation: above 1 it is per cent. No share and no per cent either: InputError."""
    if 1 < value <= 100:
        return (Doubt("per_cent", "mfu", value, f"{value / 100:g}"),)
    Utilisation(value, kind)
    doubts = []
    published = HIGHEST_PUBLISHED.get((kind, precision))
    if published is not None and round(value, 3) > published:
        doubts.append(Doubt("above_published_runs", "mfu", value, f"mfu <= {published:g}"))
    ceiling = matmul_ceiling(accelerator, precision) if accelerator is not None else None
    if ceiling is not None and value > ceiling:
        doubts.append(Doubt("above_matmul_ceiling", "mfu", value, f"mfu <= {ceiling:.3f}"))
    return tuple(doubts)


def peak_doubts(
    value: float, accelerator: Accelerator | None = None, precision: Precision = "bf16"
) -> tuple[Doubt, ...]:
    """Whether a peak in FLOP/s is twice the dense one of this accelerator, or of any known one if none is named.

    Twice a BF16 peak is the headline with sparsity and often the FP8 peak too: neither belongs to a BF16 run's MFU.
    """
    known = [accelerator] if accelerator is not None else list(accelerators().values())
    dense = [peak_flops(chip, precision) for chip in known if precision == "bf16" or chip.fp8_dense_tflops is not None]
    if any(_same(value, peak) for peak in dense):
        return ()
    sparse = next((peak for peak in dense if _same(value, SPARSITY_SPEED_UP * peak)), None)
    return () if sparse is None else (Doubt("sparse_peak", "peak_flops", value, f"{sparse:g}"),)


def token_doubts(value: float, published_tokens: Iterable[float]) -> tuple[Doubt, ...]:
    """Whether a count of tokens is three quarters of a published one: Epoch's dataset sizes are in words."""
    published = list(published_tokens)
    if any(_same(value, tokens) for tokens in published):
        return ()
    meant = next((tokens for tokens in published if _same(value, WORDS_PER_TOKEN * tokens)), None)
    return () if meant is None else (Doubt("words_for_tokens", "tokens", value, f"{meant:g}"),)


def _same(value: float, other: float) -> bool:
    return abs(value / other - 1) <= SAME_FIGURE
