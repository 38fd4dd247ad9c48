"""Figures that are possible but probably not meant: per cent for a share, a sparse peak, words for tokens.

A doubt is shown, not raised: the user may know better.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from core.compute.accelerators import Accelerator, accelerators
from core.compute.architecture import (
    Architecture,
    PublishedArchitecture,
    active_parameters,
    architectures,
    exact_over_approximate,
    total_parameters,
)
from core.compute.data_cost import WORDS_PER_TOKEN
from core.compute.precision import Precision, matmul_ceiling, peak_flops
from core.compute.utilisation import Utilisation, UtilisationKind

DoubtCode = Literal[
    "per_cent",
    "above_published_runs",
    "above_matmul_ceiling",
    "sparse_peak",
    "words_for_tokens",
    "total_for_active",
    "attention_left_out",
]


@dataclass(frozen=True)
class Doubt:
    """What looks wrong about `value` of `field`.

    expected: what was probably meant; the limit that `value` is over in above_published_runs, above_matmul_ceiling and
        attention_left_out, whose value is exact FLOPs / 6·N·D
    """

    code: DoubtCode
    field: str
    value: float
    expected: float


# The highest published figure of each kind, a share of the dense peak of the run's own number format, to three digits.
# Whole run: LLaMA 13B, 1T tokens in 135,168 A100-hours (arXiv 2302.13971, table 15), the highest whose hours its maker
# reports; a few runs of some days on at most 96 accelerators, derived from rounded days, come out higher still. In FP8
# DeepSeek-V3 (see precision.py). Step and hardware: Megatron-LM's 1T model (README; arXiv 2205.05198).
HIGHEST_PUBLISHED: Mapping[tuple[UtilisationKind, Precision], float] = MappingProxyType(
    {
        ("whole-run MFU", "bf16"): 0.514,
        ("whole-run MFU", "fp8"): 0.173,
        ("step MFU", "bf16"): 0.563,
        ("HFU", "bf16"): 0.570,
    }
)
SPARSITY_SPEED_UP = 2  # 2:4 sparsity, as headline figures of NVIDIA and AMD have it
SAME_FIGURE = 0.02  # data sheets round a headline and half of it apart by up to 1.3 % (L40S: 362 and 733)
LEAST_BELIEVED_MFU = 0.01  # the lowest published full run reached 6 %: 0.33 % was a share, typed where per cent go
TOLERATED_6ND_ERROR = 0.05
# Total over active parameters where a mixture begins: below it, makers round by more than the two differ.
LEAST_MIXTURE = 1.2
AS_ROUNDED = 0.005  # a headline of parameters has three digits: 671B of 671.03B, but 30B is no 30.5B


def mfu_doubts(
    value: float, kind: UtilisationKind, accelerator: Accelerator | None = None, precision: Precision = "bf16"
) -> tuple[Doubt, ...]:
    """What is doubtful about a utilisation: above 1 it is per cent, below a hundredth a share divided once too often.

    Raises InputError for what is neither a share nor per cent.
    """
    if 1 < value <= 100:
        return (Doubt("per_cent", "mfu", value, _tidy(value / 100)),)
    Utilisation(value, kind)
    if value <= LEAST_BELIEVED_MFU:
        return (Doubt("per_cent", "mfu", value, _tidy(value * 100)),)
    doubts = []
    published = HIGHEST_PUBLISHED.get((kind, precision))
    if published is not None and round(value, 3) > published:
        doubts.append(Doubt("above_published_runs", "mfu", value, published))
    ceiling = matmul_ceiling(accelerator, precision) if accelerator is not None else None
    if ceiling is not None and value > ceiling:
        doubts.append(Doubt("above_matmul_ceiling", "mfu", value, ceiling))
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
    return () if sparse is None else (Doubt("sparse_peak", "peak_flops", value, sparse),)


def token_doubts(value: float, published_tokens: Iterable[float]) -> tuple[Doubt, ...]:
    """Whether a count of tokens is three quarters of a published one: Epoch's dataset sizes are in words."""
    published = list(published_tokens)
    if any(_same(value, tokens) for tokens in published):
        return ()
    meant = next((tokens for tokens in published if _same(value, WORDS_PER_TOKEN * tokens)), None)
    return () if meant is None else (Doubt("words_for_tokens", "tokens", value, meant),)


def attention_doubt(
    model: Architecture, sequence_length: float, limit: float = TOLERATED_6ND_ERROR
) -> tuple[Doubt, ...]:
    """Whether 6·N·D understates the exact FLOPs by more than `limit` at this sequence length."""
    ratio = float(exact_over_approximate(model, sequence_length))
    return (Doubt("attention_left_out", "sequence_length", ratio, 1 + limit),) if ratio > 1 + limit else ()


def active_parameters_doubt(model: Architecture, given: float) -> tuple[Doubt, ...]:
    """Whether `given` as active parameters of a mixture of experts is nearer to its total (on a log scale)."""
    active, total = active_parameters(model).total, total_parameters(model).total
    if total / active < LEAST_MIXTURE or given <= math.sqrt(total * active):
        return ()
    return (Doubt("total_for_active", "active_parameters", given, float(active)),)


def mixture_of_total(parameters: float) -> PublishedArchitecture | None:
    """The published mixture of experts that has so many parameters in total: a run that counts as many active ones
    probably took the headline for them."""
    for model in architectures().values():
        total = total_parameters(model).total
        if total / active_parameters(model).total >= LEAST_MIXTURE and abs(parameters / total - 1) <= AS_ROUNDED:
            return model
    return None


def _tidy(share: float) -> float:
    """Without the digits that dividing by 100 adds."""
    return float(f"{share:.12g}")


def _same(value: float, other: float) -> bool:
    return abs(value / other - 1) <= SAME_FIGURE
