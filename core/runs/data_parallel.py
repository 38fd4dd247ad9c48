"""Data-parallel training: what the devices tell each other, what that costs in time, and what was measured.

Each device answers its slice of the batch, then all average their gradients: an all-reduce. In a ring each of N devices
sends and receives 2 (N - 1) / N of the gradient's bytes (Patarasuk and Yuan 2009, "Bandwidth optimal all-reduce
algorithms for clusters of workstations").
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from core.tables import Source, load_table

GRADIENT_BYTES = 4  # float32
# Bytes a second one way: the bits of a link's name over eight, which small messages do not reach
LINKS: Mapping[str, float] = MappingProxyType(
    {"ethernet-1": 0.125e9, "ethernet-10": 1.25e9, "ethernet-100": 12.5e9, "infiniband-400": 50e9}
)


@dataclass(frozen=True)
class Scaling:
    """Images a second in training, the median of some windows with the slowest and the fastest, by so many processes.

    device: what each trains on; threads: of each process; batch: of all together; reduce_seconds: an all-reduce of the
    gradient alone, None for one process
    """

    machine: str
    device: str
    backend: str
    processes: int
    threads: int
    model: str
    side: int
    parameters: int
    batch: int
    images_per_second: float
    slowest: float
    fastest: float
    reduce_seconds: float | None
    source: Source


def measured_scaling() -> tuple[Scaling, ...]:
    return load_table("distributed_scaling", Scaling)


def gradient_bytes(parameters: float) -> float:
    """What is averaged once a step."""
    return GRADIENT_BYTES * parameters


def sent_bytes(parameters: float, devices: int) -> float:
    """By each device of a ring, once a step."""
    return 2 * (devices - 1) / devices * gradient_bytes(parameters)


@dataclass(frozen=True)
class Expected:
    """A step by several devices; compute, reduce: its seconds of answering and of averaging

    gain: how many times as many images a second as one device; efficiency: of the devices
    """

    compute: float
    reduce: float
    gain: float
    efficiency: float


def expected(images_per_second: float, batch: int, parameters: float, devices: int, link: float) -> Expected:
    """Where a message takes no time to arrive and nothing is averaged while the backward pass still goes on.

    images_per_second: by one device; link: bytes a second
    """
    alone = batch / images_per_second
    compute, reduce = alone / devices, sent_bytes(parameters, devices) / link
    gain = alone / (compute + reduce)
    return Expected(compute, reduce, gain, gain / devices)


def least_batch(images_per_second: float, parameters: float, devices: int, link: float) -> float:
    """The batch from which each device spends at least half of its time on images: an efficiency of one half."""
    return images_per_second * devices * sent_bytes(parameters, devices) / link
