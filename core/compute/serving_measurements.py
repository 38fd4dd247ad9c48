"""What serving reaches of the roofline: published measurements, and the efficiency that a plan starts from."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from core.compute.architecture import architecture
from core.compute.serving_setup import replica_of, served_model
from core.compute.serving_speed import Request, decode_step, largest_batch, prefill_seconds, serving_speed
from core.compute.training import Real
from core.tables import Source, load_table


@dataclass(frozen=True)
class ServingMeasurement:
    """One published speed of one replica.

    phase: "request" counts output tokens over prefill and decode; "decode" the same while only decoding; "prefill"
        computed input tokens. For "decode", input_tokens is the mean context.
    batch: requests in flight; None where the engine took what it could: compared at the most that fit, which engines do
        not always reach, so these ratios lean low
    """

    architecture: str
    engine: str
    accelerator: str
    accelerators: int
    precision: Literal["fp8", "fp16", "bf16"]
    cache_bytes_per_element: float
    phase: Literal["request", "prefill", "decode"]
    batch: int | None
    input_tokens: int
    output_tokens: int
    tokens_per_second: float
    source: Source


@dataclass(frozen=True)
class EfficiencyPrior:
    """Measured / roofline over the published measurements.

    median, low, high: over all, low and high the 10th and 90th percentile
    one_accelerator, kept_per_doubling: the line through the logarithms, efficiency = one_accelerator ×
        kept_per_doubling^log2(accelerators), least squares; what larger replicas lose is their communication
    low_ratio, high_ratio: 10th and 90th percentile of measured / line
    """

    median: float
    low: float
    high: float
    one_accelerator: float
    kept_per_doubling: float
    low_ratio: float
    high_ratio: float
    count: int

    def at(self, accelerators: Real) -> Real:
        """Expected efficiency of a replica of that many accelerators."""
        return self.one_accelerator * self.kept_per_doubling ** np.log2(accelerators)


def serving_measurements() -> tuple[ServingMeasurement, ...]:
    """All published measurements, in the order of the table."""
    return load_table("serving_measurements", ServingMeasurement)


def measured_efficiency(measurement: ServingMeasurement) -> float:
    """Measured speed / roofline at the same batch, lengths and accelerators."""
    model = served_model(
        architecture(measurement.architecture), measurement.precision, measurement.cache_bytes_per_element
    )
    replica = replica_of(measurement.accelerator, measurement.accelerators, measurement.precision, efficiency=1.0)
    tokens = measurement.input_tokens + measurement.output_tokens
    batch = measurement.batch or float(largest_batch(model, replica, tokens))
    if measurement.phase == "prefill":
        ideal = batch * measurement.input_tokens / prefill_seconds(model, replica, measurement.input_tokens, 0.0, batch)
    elif measurement.phase == "decode":
        ideal = batch / decode_step(model, replica, batch, measurement.input_tokens).seconds
    else:
        request = Request(measurement.input_tokens, measurement.output_tokens)
        ideal = serving_speed(model, replica, request, batch).output_tokens_per_second
    return float(measurement.tokens_per_second / ideal)


def efficiency_prior() -> EfficiencyPrior:
    """The default efficiency and its range, from all measurements of the table."""
    measurements = serving_measurements()
    ratios = np.array([measured_efficiency(measurement) for measurement in measurements])
    doublings = np.log2([measurement.accelerators for measurement in measurements])
    slope, intercept = np.polyfit(doublings, np.log(ratios), 1)
    low, median, high = np.percentile(ratios, [10, 50, 90])
    low_ratio, high_ratio = np.percentile(ratios / np.exp(intercept + slope * doublings), [10, 90])
    return EfficiencyPrior(
        median=float(median),
        low=float(low),
        high=float(high),
        one_accelerator=float(np.exp(intercept)),
        kept_per_doubling=float(np.exp(slope)),
        low_ratio=float(low_ratio),
        high_ratio=float(high_ratio),
        count=len(ratios),
    )
