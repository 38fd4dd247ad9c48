"""How a product is served: on which accelerators, in which batches, for what requests; and what a month of it costs."""

from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from core.compute.architecture import Architecture
from core.compute.serving_cost import DAYS_PER_MONTH, TOKENS_PER_MILLION, Fleet, fleet
from core.compute.serving_setup import model_in_bytes
from core.compute.serving_speed import Replica, Request, ServedModel, ServingSpeed, serving_speed
from core.compute.training import Real
from core.errors import InputError
from core.plan.values import Frozen, Name

FIELDS_BY_NAME_IN_COMPUTE = {"accelerators": "accelerators_per_replica", "cached_share": "cached_share"}
SMALLEST_TRAFFIC_MILLION_TOKENS = 1e-9  # a product that nobody uses yet still keeps one replica


class ServingSetup(Frozen):
    """One replica and the requests it gets; as many run as the busiest hour needs. Amounts in the product's currency.

    peak_flops, bandwidth, memory: of one accelerator, copied from the table; peak in the precision of the weights
    efficiency: measured speed / roofline; peak_factor: traffic of the busiest hour / the average
    weight_bytes, cache_bytes: of one parameter, and of one element of the key-value cache
    cached_share: of input tokens, found in the prefix cache
    """

    accelerator: Name
    peak_flops: Annotated[float, Field(ge=1e10, le=1e18)]
    bandwidth_bytes_per_second: Annotated[float, Field(ge=1e9, le=1e15)]
    memory_bytes: Annotated[float, Field(ge=1e9, le=1e13)]
    accelerators_per_replica: Annotated[int, Field(ge=1, le=10_000)]
    price_per_hour: Annotated[float, Field(ge=0, le=1000)]
    efficiency: Annotated[float, Field(ge=0.001, le=1)]
    weight_bytes: Annotated[float, Field(ge=0.25, le=4)] = 2.0
    cache_bytes: Annotated[float, Field(ge=0.25, le=4)] = 2.0
    batch: Annotated[int, Field(ge=1, le=100_000)]
    input_tokens: Annotated[int, Field(ge=1, le=10_000_000)]
    output_tokens: Annotated[int, Field(ge=1, le=10_000_000)]
    cached_share: Annotated[float, Field(ge=0, le=1)] = 0.0
    peak_factor: Annotated[float, Field(ge=1, le=100)]


def served(setup: ServingSetup, architecture: Architecture) -> ServedModel:
    """The model as this setup keeps it in memory."""
    return model_in_bytes(architecture, setup.weight_bytes, setup.cache_bytes)


def replica(setup: ServingSetup, efficiency: Real) -> Replica:
    return Replica(
        accelerators=setup.accelerators_per_replica,
        peak_flops=setup.peak_flops,
        bandwidth_bytes_per_second=setup.bandwidth_bytes_per_second,
        memory_bytes=setup.memory_bytes,
        efficiency=efficiency,
    )


def request(setup: ServingSetup) -> Request:
    return Request(setup.input_tokens, setup.output_tokens, setup.cached_share)


def speed(setup: ServingSetup, architecture: Architecture, efficiency: Real) -> ServingSpeed:
    """Speed of one replica at this setup's batch. Raises InputError, at a field of the setup, where it does not fit."""
    try:
        return serving_speed(served(setup, architecture), replica(setup, efficiency), request(setup), setup.batch)
    except InputError as error:
        field = FIELDS_BY_NAME_IN_COMPUTE.get(error.field, "batch")
        raise InputError(error.code, field, getattr(setup, field), error.expected) from None


def monthly_fleet(
    setup: ServingSetup,
    architecture: Architecture,
    million_tokens: NDArray[np.float64],
    *,
    efficiency: Real,
    price_per_hour: Real,
) -> Fleet:
    """Whole replicas and their bill in each month of `million_tokens`, input and output together."""
    busy = np.maximum(million_tokens, SMALLEST_TRAFFIC_MILLION_TOKENS)
    return fleet(
        speed(setup, architecture, efficiency),
        request(setup),
        setup.accelerators_per_replica,
        price_per_hour,
        tokens_per_day=busy * TOKENS_PER_MILLION / DAYS_PER_MONTH,
        peak_factor=setup.peak_factor,
    )
