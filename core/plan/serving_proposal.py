"""A way to serve that a plan can start from: nearest published shape, smallest replica, cheapest batch in time."""

from math import ceil, log

from pydantic import ValidationError

from core.compute.accelerators import Accelerator
from core.compute.architecture import (
    Architecture,
)
from core.compute.published_shapes import published
from core.compute.serving_cost import DEFAULT_LOAD_FACTOR
from core.compute.serving_measurements import efficiency_prior
from core.compute.serving_search import (
    NO_LIMITS,
    REPLICA_SIZES,
    LatencyLimits,
    cheapest_serving,
    largest_batch_within,
    resized,
)
from core.compute.training import Real
from core.errors import InputError
from core.plan.service import fit
from core.plan.serving_setup import ServingSetup, replica, request, served

# Judgement. Lengths: near the 3.6 input tokens an output token of DeepSeek's published day (608 billion in, 168 billion
# out; `serving_usd_per_million_tokens_deepseek_v3` in data/reference_figures.csv). Latency: ten tokens a second, faster
# than people read; MLPerf Inference 5.0 calls 0.45 s and 0.04 s "interactive" for Llama 2 70B (mlcommons.org, 2025-04).
USUAL_INPUT_TOKENS = 2000
USUAL_OUTPUT_TOKENS = 500
USUAL_LIMITS = LatencyLimits(seconds_to_first_token=2.0, seconds_per_output_token=0.1)
USUAL_PEAK_FACTOR = round(1 / DEFAULT_LOAD_FACTOR, 1)

BF16_BYTES, FP8_BYTES, FOUR_BITS = 2.0, 1.0, 0.5
EFFICIENCY_DIGITS = 3
LEAST_EFFICIENCY = 0.001


def proposed_setup(shape: Architecture, chip: Accelerator, price_per_hour: float) -> ServingSetup:
    """FP8 where the accelerator has it, as most measurements; the cheapest replica and batch within `USUAL_LIMITS`.

    Requests are shorter where the model was released for less. Where no replica meets the limits, the cheapest of all.
    Raises InputError for a model that no replica holds.
    """
    weight_bytes = BF16_BYTES if chip.fp8_dense_tflops is None else FP8_BYTES
    row = published(shape)
    scale = min(1.0, row.context_length / (USUAL_INPUT_TOKENS + USUAL_OUTPUT_TOKENS)) if row else 1.0
    start = ServingSetup(
        accelerator=chip.id,
        peak_flops=peak_flops(chip, weight_bytes),
        bandwidth_bytes_per_second=chip.bandwidth_tb_per_s * 1e12,
        memory_bytes=chip.memory_gb * 1e9,
        accelerators_per_replica=1,
        price_per_hour=price_per_hour,
        efficiency=likely_efficiency(1),
        weight_bytes=weight_bytes,
        cache_bytes=BF16_BYTES if shape.latent else weight_bytes,  # as those who measured it served it
        batch=1,
        input_tokens=int(scale * USUAL_INPUT_TOKENS),
        output_tokens=int(scale * USUAL_OUTPUT_TOKENS),
        peak_factor=USUAL_PEAK_FACTOR,
    )
    try:
        return cheapest_setup(start, shape, USUAL_LIMITS)
    except InputError:
        return cheapest_setup(start, shape, NO_LIMITS)


def cheapest_setup(setup: ServingSetup, shape: Architecture, limits: LatencyLimits) -> ServingSetup:
    """The setup on the replica and at the batch of least cost that meet the limits.

    Tried are the smallest replica, in powers of two, that holds one request, and three doublings of it. Raises
    InputError with the best latency where none meets a limit.
    """
    found = cheapest_serving(
        served(setup, shape),
        replica(setup, setup.efficiency),
        request(setup),
        setup.price_per_hour,
        kept_per_doubling=efficiency_prior().kept_per_doubling,
        limits=limits,
        replica_sizes=[size * _power_of_two(fit(setup, shape).accelerators_for_one) for size in REPLICA_SIZES],
    )
    efficiency = _rounded(found.replica.efficiency)
    sized = changed(setup, accelerators_per_replica=int(found.replica.accelerators), efficiency=efficiency, batch=1)
    batch = largest_batch_within(served(sized, shape), replica(sized, efficiency), request(sized), limits)
    return changed(sized, batch=max(batch, 1))


def on_accelerator(setup: ServingSetup, shape: Architecture, chip: Accelerator, price_per_hour: float) -> ServingSetup:
    """The setup on another accelerator: FP8 weights become BF16 where it has no FP8, and what fits is served."""
    no_fp8 = setup.weight_bytes == FP8_BYTES and chip.fp8_dense_tflops is None
    weight_bytes = BF16_BYTES if no_fp8 else setup.weight_bytes
    moved = changed(
        setup,
        accelerator=chip.id,
        peak_flops=peak_flops(chip, weight_bytes),
        bandwidth_bytes_per_second=chip.bandwidth_tb_per_s * 1e12,
        memory_bytes=chip.memory_gb * 1e9,
        weight_bytes=weight_bytes,
        cache_bytes=BF16_BYTES if no_fp8 else setup.cache_bytes,
        price_per_hour=price_per_hour,
    )
    return fitted(moved, shape)


def fitted(setup: ServingSetup, shape: Architecture) -> ServingSetup:
    """The setup that fits: a larger replica if it does not hold one request, a smaller batch if it holds fewer."""
    needed = fit(setup, shape).accelerators_for_one
    if needed > setup.accelerators_per_replica:
        setup = resized_setup(setup, _power_of_two(needed))
    return changed(setup, batch=min(setup.batch, fit(setup, shape).largest_batch))


def resized_setup(setup: ServingSetup, accelerators: int) -> ServingSetup:
    """The setup on more or fewer accelerators, its efficiency moved along the measurements' line."""
    sized = resized(replica(setup, setup.efficiency), accelerators, efficiency_prior().kept_per_doubling)
    return changed(setup, accelerators_per_replica=accelerators, efficiency=_rounded(sized.efficiency))


def likely_efficiency(accelerators: int) -> float:
    """What the measurements lead to expect of a replica of that many accelerators."""
    return _rounded(efficiency_prior().at(accelerators))


def peak_flops(chip: Accelerator, weight_bytes: float) -> float:
    """Dense peak for weights of that width: FP8's for one byte; 4-bit weights are multiplied in BF16."""
    if weight_bytes == FP8_BYTES and chip.fp8_dense_tflops is not None:
        return chip.fp8_dense_tflops * 1e12
    return chip.peak_flops


def changed(setup: ServingSetup, **changes: object) -> ServingSetup:
    """The setup with some fields replaced and all checked again. Raises InputError."""
    try:
        return ServingSetup.model_validate(setup.model_dump() | changes)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        bounds = ", ".join(f"{sign} {bound}" for sign, bound in first.get("ctx", {}).items())
        raise InputError("out_of_range", str(first["loc"][0]), first["input"], bounds or first["msg"]) from None


def _rounded(efficiency: Real) -> float:
    return max(round(float(efficiency), EFFICIENCY_DIGITS), LEAST_EFFICIENCY)


def _power_of_two(least: int) -> int:
    return 1 << ceil(log(least, 2) - 1e-9) if least > 1 else 1
