"""Number formats: what an accelerator's peak, its attainable matrix multiplication and a run's MFU are in BF16 or FP8.

MFU in FP8 is a share of the FP8 peak. Taking the FP8 peak and a BF16 run's MFU would silently halve every cost: no
published run came near that speed-up, since the optimizer, attention and communication stay in wider formats.
"""

from dataclasses import dataclass
from typing import Literal

from core.compute.accelerators import Accelerator
from core.compute.checks import check
from core.compute.training import Real
from core.compute.utilisation import WHOLE_RUN_MFU
from core.errors import InputError
from core.tables import Source, load_table

Precision = Literal["bf16", "fp8"]

# DeepSeek-V3 (arXiv 2412.19437, table 1): 2.664M H800-hours of pre-training 37B active parameters on 14.8T tokens in
# FP8 are 34.6 % of the BF16 peak, 17.3 % of the FP8 peak: 1.17 times as fast as the geometric mean of BF16 runs. It is
# the one FP8 run with published hours, so the speed-up is a choice, and a cautious one.
DEEPSEEK_V3_SHARE_OF_BF16_PEAK = 0.346
FP8_SPEED_UP = DEEPSEEK_V3_SHARE_OF_BF16_PEAK / WHOLE_RUN_MFU.geometric_mean


@dataclass(frozen=True)
class Pace:
    """A dense peak in FLOP/s and the share of that very peak that a whole run reaches."""

    peak_flops: float
    mfu: Real


@dataclass(frozen=True)
class MatmulCeiling:
    """The fastest matrix multiplication anyone measured on an accelerator, dense."""

    accelerator: str
    precision: Precision
    measured_tflops: float
    source: Source


def peak_flops(accelerator: Accelerator, precision: Precision) -> float:
    """Dense peak in FLOP/s. Raises InputError for FP8 on an accelerator without it."""
    if precision == "bf16":
        return accelerator.peak_flops
    if accelerator.fp8_dense_tflops is None:
        raise InputError("missing", f"{accelerator.id}.fp8_dense_tflops", None, "precision = bf16")
    return accelerator.fp8_dense_tflops * 1e12


def pace(accelerator: Accelerator, precision: Precision, bf16_mfu: Real = WHOLE_RUN_MFU.geometric_mean) -> Pace:
    """Peak and whole-run MFU to plan with, given the MFU that the run would reach in BF16.

    FP8 makes a run `FP8_SPEED_UP` times as fast, less where the FP8 peak is hardly above the BF16 peak.
    """
    check("bf16_mfu", bf16_mfu, above=0, at_most=1)
    peak = peak_flops(accelerator, precision)
    if precision == "bf16":
        return Pace(peak, bf16_mfu)
    peak_ratio = peak / accelerator.peak_flops
    return Pace(peak, bf16_mfu * min(FP8_SPEED_UP, peak_ratio) / peak_ratio)


def precisions(accelerator: Accelerator) -> tuple[Precision, ...]:
    """The formats that an accelerator multiplies in."""
    return ("bf16",) if accelerator.fp8_dense_tflops is None else ("bf16", "fp8")


def converted_mfu(accelerator: Accelerator, mfu: float, given: Precision, wanted: Precision) -> float:
    """MFU of the same run in another number format, a share of that format's peak, at most 1. Raises InputError where
    the accelerator has no FP8."""
    ratio = float(pace(accelerator, wanted).mfu) / float(pace(accelerator, given).mfu)
    return min(mfu * ratio, 1.0)


def matmul_ceiling(accelerator: Accelerator, precision: Precision) -> float | None:
    """Share of the peak that the best measured matrix multiplication reaches; None where nobody measured."""
    for ceiling in load_table("matmul_ceilings", MatmulCeiling):
        if (ceiling.accelerator, ceiling.precision) == (accelerator.id, precision):
            return ceiling.measured_tflops * 1e12 / peak_flops(accelerator, precision)
    return None
