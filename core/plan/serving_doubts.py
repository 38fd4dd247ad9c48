"""Serving setups that can be, but probably are not meant: shown with the likely right value, never refused."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from core.compute.accelerators import accelerators
from core.compute.architecture import Architecture, active_parameters, total_parameters
from core.compute.plausibility import peak_doubts
from core.compute.precision import Precision
from core.compute.published_shapes import published
from core.compute.serving_measurements import efficiency_prior, fastest_token
from core.plan.scenario import PlannedRun
from core.plan.service import Service
from core.plan.serving_proposal import FP8_BYTES

SLOWEST_READ = 0.2  # seconds an output token, a judgement: five tokens a second is about the pace of reading
TOLERATED_SIZE_ERROR = 0.15
TIMES_AS_FAST_AS_MEASURED = 2  # a judgement: beyond it talk between accelerators, which the roofline lacks, decides

DoubtCode = Literal[
    "uneven_replica",
    "unlikely_efficiency",
    "sparse_peak",
    "longer_than_context",
    "slower_than_reading",
    "faster_than_measured",
    "other_size",
]


@dataclass(frozen=True)
class ServingDoubt:
    """What looks wrong about `value`, and one or two values that look right."""

    code: DoubtCode
    value: float
    expected: tuple[float, ...]


def serving_doubts(found: Service, shape: Architecture, run: PlannedRun | None) -> tuple[ServingDoubt, ...]:
    """All doubts about a service of a model of this shape; `run` is the plan's training run that it stands for."""
    return (*_replica_doubts(found, shape), *_figures_doubts(found), *_length_doubts(found, shape), *_size(shape, run))


def even_replicas(shape: Architecture, accelerators_per_replica: int) -> tuple[int, ...]:
    """The nearest numbers, below and above, that share all heads, or all experts, evenly; () if this one does."""

    def even(count: int) -> bool:
        return shape.heads % count == 0 or (shape.moe_layers > 0 and shape.experts % count == 0)

    if even(accelerators_per_replica):
        return ()
    below = next(count for count in range(accelerators_per_replica - 1, 0, -1) if even(count))
    most = max(shape.heads, shape.experts)
    above = next((count for count in range(accelerators_per_replica + 1, most + 1) if even(count)), None)
    return (below,) if above is None else (below, above)


def _replica_doubts(found: Service, shape: Architecture) -> Iterator[ServingDoubt]:
    count = found.setup.accelerators_per_replica
    if better := even_replicas(shape, count):
        yield ServingDoubt("uneven_replica", count, tuple(float(one) for one in better))


def _figures_doubts(found: Service) -> Iterator[ServingDoubt]:
    setup, prior = found.setup, efficiency_prior()
    likely = float(prior.at(setup.accelerators_per_replica))
    if not likely * prior.low_ratio <= setup.efficiency <= likely * prior.high_ratio:
        yield ServingDoubt("unlikely_efficiency", setup.efficiency, (likely,))
    chip = accelerators().get(setup.accelerator)
    precision: Precision = "fp8" if setup.weight_bytes == FP8_BYTES else "bf16"
    if chip is not None and (precision == "bf16" or chip.fp8_dense_tflops is not None):
        for doubt in peak_doubts(setup.peak_flops, chip, precision):
            yield ServingDoubt("sparse_peak", doubt.value, (doubt.expected,))


def _length_doubts(found: Service, shape: Architecture) -> Iterator[ServingDoubt]:
    row, tokens = published(shape), found.setup.input_tokens + found.setup.output_tokens
    if row is not None and tokens > row.context_length:
        yield ServingDoubt("longer_than_context", tokens, (row.context_length,))
    seconds = float(found.speed.seconds_per_output_token)
    if seconds > SLOWEST_READ:
        yield ServingDoubt("slower_than_reading", seconds, (SLOWEST_READ,))
    shared = found.setup.accelerators_per_replica > 1
    if shared and seconds < fastest_token() / TIMES_AS_FAST_AS_MEASURED:
        yield ServingDoubt("faster_than_measured", seconds, (fastest_token(),))


def _size(shape: Architecture, run: PlannedRun | None) -> Iterator[ServingDoubt]:
    if run is None:
        return
    sizes = (
        (total_parameters(shape).total, run.total_parameters),
        (active_parameters(shape).total, run.active_parameters),
    )
    shapes, planned = max(sizes, key=lambda pair: max(pair[0] / pair[1], pair[1] / pair[0]))
    if not 1 / (1 + TOLERATED_SIZE_ERROR) <= shapes / planned <= 1 + TOLERATED_SIZE_ERROR:
        yield ServingDoubt("other_size", shapes, (planned,))
