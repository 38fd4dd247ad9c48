"""The cheapest way to serve under limits of latency: how many accelerators a replica has, and at which batch."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import inf, log2

from core.compute.checks import check
from core.compute.serving_cost import DEFAULT_LOAD_FACTOR, TokenRates, token_rates, value
from core.compute.serving_speed import (
    Replica,
    Request,
    ServedModel,
    ServingSpeed,
    check_fits,
    largest_batch,
    serving_speed,
)
from core.errors import InputError

REPLICA_SIZES = (1, 2, 4, 8)  # inside one server, where tensor parallelism has the fast links it needs


@dataclass(frozen=True)
class LatencyLimits:
    """Seconds a user waits for the first token and, on average, for each further one."""

    seconds_to_first_token: float = inf
    seconds_per_output_token: float = inf

    def __post_init__(self) -> None:
        for field in ("seconds_to_first_token", "seconds_per_output_token"):
            seconds = getattr(self, field)
            if not seconds > 0:
                raise InputError("out_of_range", field, seconds, f"0 < {field}")

    def met_by(self, speed: ServingSpeed) -> bool:
        """Both limits."""
        return bool(
            speed.seconds_to_first_token <= self.seconds_to_first_token
            and speed.seconds_per_output_token <= self.seconds_per_output_token
        )


NO_LIMITS = LatencyLimits()


@dataclass(frozen=True)
class ServingChoice:
    """One way to serve: replica, batch, what it does and what its tokens cost."""

    replica: Replica
    batch: int
    speed: ServingSpeed
    rates: TokenRates
    cost_per_request: float


def resized(replica: Replica, accelerators: float, kept_per_doubling: float) -> Replica:
    """The replica on another number of accelerators; each doubling keeps that share of the efficiency (at most 1)."""
    check("kept_per_doubling", kept_per_doubling, above=0, at_most=1)
    doublings = log2(accelerators / float(replica.accelerators))
    efficiency = min(float(replica.efficiency) * kept_per_doubling**doublings, 1.0)
    return replace(replica, accelerators=accelerators, efficiency=efficiency)


def largest_batch_within(model: ServedModel, replica: Replica, request: Request, limits: LatencyLimits) -> int:
    """Most requests in flight that fit in memory and meet the limits; 0 where one alone does not.

    Both latencies grow with the batch, so the batches that meet the limits are those up to one, found by halving.
    """
    low, high = 0, int(largest_batch(model, replica, _tokens(request)))
    while low < high:
        middle = (low + high + 1) // 2
        if limits.met_by(serving_speed(model, replica, request, middle)):
            low = middle
        else:
            high = middle - 1
    return low


def cheapest_serving(
    model: ServedModel,
    replica: Replica,
    request: Request,
    price_per_hour: float,
    *,
    kept_per_doubling: float,
    limits: LatencyLimits = NO_LIMITS,
    load_factor: float = DEFAULT_LOAD_FACTOR,
    replica_sizes: Sequence[int] = REPLICA_SIZES,
) -> ServingChoice:
    """The (replica size, batch) of least cost a request that meets the limits; plain numbers, no arrays.

    replica: its efficiency holds at its own number of accelerators, see `resized`
    price_per_hour: of one accelerator
    At one size a larger batch is never dearer: weights are read once for all. So each size is tried at its largest.
    Raises InputError where the model fits no size, or with the best latency where no size meets a limit.
    """
    check("price_per_hour", price_per_hour, at_least=0)
    sizes = [resized(replica, size, kept_per_doubling) for size in replica_sizes]
    choices = [
        _choice(model, sized, request, batch, price_per_hour=price_per_hour, load_factor=load_factor)
        for sized in sizes
        if (batch := largest_batch_within(model, sized, request, limits))
    ]
    if not choices:
        check_fits(model, max(sizes, key=lambda sized: float(sized.accelerators)), 1, _tokens(request))
        raise _unmet(model, sizes, request, limits)
    return min(choices, key=lambda choice: choice.cost_per_request)


def _choice(
    model: ServedModel, replica: Replica, request: Request, batch: int, *, price_per_hour: float, load_factor: float
) -> ServingChoice:
    speed = serving_speed(model, replica, request, batch)
    rates = token_rates(speed, replica.accelerators, price_per_hour, load_factor)
    return ServingChoice(replica, batch, speed, rates, float(value(rates, request)))


def _unmet(model: ServedModel, sizes: Sequence[Replica], request: Request, limits: LatencyLimits) -> InputError:
    """The first limit that no size meets with one request alone, among the sizes that meet the limit before it."""
    alone = [serving_speed(model, size, request, 1) for size in sizes if largest_batch(model, size, _tokens(request))]
    soonest = min(float(speed.seconds_to_first_token) for speed in alone)
    if soonest > limits.seconds_to_first_token:
        field, best, limit = "seconds_to_first_token", soonest, limits.seconds_to_first_token
    else:
        in_time = [speed for speed in alone if speed.seconds_to_first_token <= limits.seconds_to_first_token]
        best = min(float(speed.seconds_per_output_token) for speed in in_time)
        field, limit = "seconds_per_output_token", limits.seconds_per_output_token
    return InputError("out_of_range", field, limit, f"{best:.4g} <= {field}")


def _tokens(request: Request) -> float:
    return float(request.input_tokens + request.output_tokens)
