"""A planned run in BF16 or FP8: its peak and its MFU go together, since MFU is a share of that very peak."""

from core.compute.accelerators import Accelerator, accelerators
from core.compute.precision import Precision, converted_mfu, peak_flops, precisions
from core.plan.scenario import PlannedRun

MFU_DIGITS = 4


def in_number_format(run: PlannedRun, accelerator: Accelerator, wanted: Precision) -> dict[str, object]:
    """Fields of the run when it trains on this accelerator in the wanted format, or in BF16 where it lacks it."""
    precision = wanted if wanted in precisions(accelerator) else "bf16"
    fields: dict[str, object] = {"precision": precision, "peak_flops": peak_flops(accelerator, precision)}
    both = [chip for chip in (accelerator, accelerators().get(run.accelerator)) if chip and "fp8" in precisions(chip)]
    if precision != run.precision and both:
        fields["mfu"] = round(converted_mfu(both[0], run.mfu, run.precision, precision), MFU_DIGITS)
    return fields
