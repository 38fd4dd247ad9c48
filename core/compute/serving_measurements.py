"""What serving reaches of the roofline: published measurements, and the efficiency that a plan starts from."""

from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

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


@dataclass(frozen=True)
class SpeedPrediction:
    """A measurement beside what the model says without knowing it: the roofline × the line through all others.

    efficiency: measured / roofline; error: predicted / measured - 1
    """

    measurement: ServingMeasurement
    efficiency: float
    predicted_tokens_per_second: float

    @property
    def error(self) -> float:
        return self.predicted_tokens_per_second / self.measurement.tokens_per_second - 1


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


@cache
def efficiency_prior() -> EfficiencyPrior:
    """The default efficiency and its range, from all measurements of the table."""
    ratios, doublings = _ratios_and_doublings()
    one_accelerator, kept_per_doubling = _line(ratios, doublings)
    low, median, high = np.percentile(ratios, [10, 50, 90])
    line = one_accelerator * kept_per_doubling**doublings
    low_ratio, high_ratio = np.percentile(ratios / line, [10, 90])
    return EfficiencyPrior(
        median=float(median),
        low=float(low),
        high=float(high),
        one_accelerator=one_accelerator,
        kept_per_doubling=kept_per_doubling,
        low_ratio=float(low_ratio),
        high_ratio=float(high_ratio),
        count=len(ratios),
    )


@cache
def speed_predictions() -> tuple[SpeedPrediction, ...]:
    """Every measurement, each predicted from all others (leave-one-out), in the order of the table."""
    ratios, doublings = _ratios_and_doublings()
    predictions = []
    for index, measurement in enumerate(serving_measurements()):
        one_accelerator, kept = _line(np.delete(ratios, index), np.delete(doublings, index))
        expected = one_accelerator * kept ** doublings[index]
        predicted = measurement.tokens_per_second / ratios[index] * expected
        predictions.append(SpeedPrediction(measurement, float(ratios[index]), float(predicted)))
    return tuple(predictions)


def median_error() -> float:
    """Median of the absolute leave-one-out errors, a share of the measured speed."""
    return float(np.median([abs(one.error) for one in speed_predictions()]))


@cache
def fastest_token() -> float:
    """Seconds an output token took in the fastest of the measurements that state their batch."""
    timed = [row for row in serving_measurements() if row.batch is not None and row.phase != "prefill"]
    return min(row.batch / row.tokens_per_second for row in timed if row.batch is not None)


def _ratios_and_doublings() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    measurements = serving_measurements()
    ratios = np.array([measured_efficiency(measurement) for measurement in measurements])
    return ratios, np.log2([measurement.accelerators for measurement in measurements])


def _line(ratios: NDArray[np.float64], doublings: NDArray[np.float64]) -> tuple[float, float]:
    """Efficiency of one accelerator and what each doubling keeps: least squares on the logarithms."""
    slope, intercept = np.polyfit(doublings, np.log(ratios), 1)
    return float(np.exp(intercept)), float(np.exp(slope))
