"""A product as it is served over the plan: what a token costs, what is left of its price, and how the fleet grows.

Amounts are in the product's currency; arrays go by months since the launch.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from core.compute.architecture import Architecture
from core.compute.serving import usage_million_tokens
from core.compute.serving_cost import Fleet, TokenRates, blended_rate, token_rates
from core.compute.serving_speed import (
    Replica,
    Request,
    ServedModel,
    ServingSpeed,
    largest_batch,
    memory_needed_bytes,
    serving_speed,
    smallest_replica,
)
from core.plan.calendar import MONTHS_PER_YEAR, month_after, months_between
from core.plan.scenario import Product, Scenario
from core.plan.serving_setup import (
    SMALLEST_TRAFFIC_MILLION_TOKENS,
    ServingSetup,
    monthly_fleet,
    replica,
    request,
    served,
)

Floats = NDArray[np.float64]
POINTS_OF_CURVE = 40


@dataclass(frozen=True)
class Fit:
    """What a replica holds of a setup's requests: the largest batch, and the accelerators that its batch would take."""

    largest_batch: int
    accelerators_for_one: int
    accelerators_for_batch: int


@dataclass(frozen=True)
class MemoryUse:
    """Bytes of a replica's memory. workspace: kept for activations and the engine; free: for more requests."""

    weights: float
    cache: float
    free: float
    workspace: float


@dataclass(frozen=True)
class BatchCurve:
    """What other batches would do on the same replica at the same load, up to the largest that fits."""

    batches: Floats
    output_rates: Floats
    seconds_per_output_token: Floats


@dataclass(frozen=True)
class Period:
    """The fleet over some months from `start`: replicas and accelerators at the end, amounts over all of it."""

    start: date
    million_tokens: float
    replicas: int
    accelerators: int
    load_factor: float
    bill: float
    revenue: float

    @property
    def gross_margin(self) -> float | None:
        """Share of the revenue left after serving; None without revenue."""
        return 1 - self.bill / self.revenue if self.revenue > 0 else None


@dataclass(frozen=True)
class Service:
    """A product served from its launch to the end of the plan.

    load_factor: work done / work that the fleet could do, over all months; with no traffic the load of the busiest hour
    accelerators: of the fleet in each month
    rates: cost per million tokens at that load; with the plan's tokens it adds up to the plan's bill
    """

    setup: ServingSetup
    model: ServedModel
    replica: Replica
    request: Request
    speed: ServingSpeed
    fleet: Fleet
    accelerators: Floats
    million_tokens: Floats
    price_per_million_tokens: float
    load_factor: float
    rates: TokenRates

    @property
    def blended_rate(self) -> float:
        """Cost per million tokens, input and output together."""
        return float(blended_rate(self.rates, self.request))

    @property
    def gross_margin(self) -> float | None:
        """Share of the price left after serving; None where the tokens are given away."""
        price = self.price_per_million_tokens
        return 1 - self.blended_rate / price if price > 0 else None

    @property
    def break_even_load_factor(self) -> float | None:
        """Load factor at which the price pays for the accelerators; above 1 one that never does."""
        price = self.price_per_million_tokens
        return self.blended_rate * self.load_factor / price if price > 0 else None

    @property
    def memory(self) -> MemoryUse:
        return memory_use(self.model, self.replica, self.setup)


def service(setup: ServingSetup, architecture: Architecture, million_tokens: Floats, price: float) -> Service:
    """A setup under a product's monthly traffic. Raises InputError where its batch does not fit."""
    fleet = monthly_fleet(
        setup, architecture, million_tokens, efficiency=setup.efficiency, price_per_hour=setup.price_per_hour
    )
    model, copy, asked = served(setup, architecture), replica(setup, setup.efficiency), request(setup)
    speed = serving_speed(model, copy, asked, setup.batch)
    busy = np.max(million_tokens) > SMALLEST_TRAFFIC_MILLION_TOKENS
    load = float(np.average(fleet.load_factor, weights=fleet.replicas)) if busy else 1 / setup.peak_factor
    return Service(
        setup=setup,
        model=model,
        replica=copy,
        request=asked,
        speed=speed,
        fleet=fleet,
        accelerators=np.asarray(fleet.accelerators),
        million_tokens=million_tokens,
        price_per_million_tokens=price,
        load_factor=load,
        rates=token_rates(speed, setup.accelerators_per_replica, setup.price_per_hour, load),
    )


def planned_million_tokens(scenario: Scenario, product: Product) -> Floats:
    """A product's usage in each month from its planned launch to the horizon; its first year if it launches later."""
    months = scenario.horizon_months - months_between(scenario.founding, product.launch)
    return usage_million_tokens(
        product.million_tokens_first_month,
        product.monthly_growth,
        product.growth_half_life_months,
        months if months > 0 else MONTHS_PER_YEAR,
    )


def fit(setup: ServingSetup, architecture: Architecture) -> Fit:
    """How many requests of the setup fit, and what would hold as many as it asks for."""
    model, copy = served(setup, architecture), replica(setup, setup.efficiency)
    tokens = setup.input_tokens + setup.output_tokens
    return Fit(
        largest_batch=int(largest_batch(model, copy, tokens)),
        accelerators_for_one=int(smallest_replica(model, copy, 1, tokens)),
        accelerators_for_batch=int(smallest_replica(model, copy, setup.batch, tokens)),
    )


def memory_use(model: ServedModel, copy: Replica, setup: ServingSetup) -> MemoryUse:
    """Where the memory of one replica goes when its batch is at its longest."""
    tokens = setup.input_tokens + setup.output_tokens
    total = float(copy.accelerators * copy.memory_bytes)
    weights = float(memory_needed_bytes(model, 0, tokens))
    cache = float(memory_needed_bytes(model, setup.batch, tokens)) - weights
    usable = total * float(copy.usable_memory_share)
    return MemoryUse(weights=weights, cache=cache, free=usable - weights - cache, workspace=total - usable)


def batch_curve(found: Service) -> BatchCurve:
    """Cost of an output token and its latency against the batch."""
    tokens = found.request.input_tokens + found.request.output_tokens
    most = float(largest_batch(found.model, found.replica, tokens))
    batches = np.unique(np.append(np.rint(np.geomspace(1, most, POINTS_OF_CURVE)), found.setup.batch))
    speeds = serving_speed(found.model, found.replica, found.request, batches)
    rates = token_rates(speeds, found.replica.accelerators, found.setup.price_per_hour, found.load_factor)
    return BatchCurve(batches, np.asarray(rates.output_tokens), np.asarray(speeds.seconds_per_output_token))


def periods(found: Service, launch: date, *, by_year: bool) -> Iterator[Period]:
    """The fleet by calendar year, or by month."""
    months = [month_after(launch, age) for age in range(len(found.million_tokens))]
    starts = [age for age, day in enumerate(months) if age == 0 or not by_year or day.month == 1]
    replicas, loads = np.asarray(found.fleet.replicas), np.asarray(found.fleet.load_factor)
    bills = np.asarray(found.fleet.bill_per_month)
    for first, end in zip(starts, [*starts[1:], len(months)], strict=True):
        span = slice(first, end)
        tokens = float(found.million_tokens[span].sum())
        yield Period(
            start=months[first],
            million_tokens=tokens,
            replicas=int(replicas[end - 1]),
            accelerators=int(found.accelerators[end - 1]),
            load_factor=float(np.average(loads[span], weights=replicas[span])),
            bill=float(bills[span].sum()),
            revenue=tokens * found.price_per_million_tokens,
        )
