"""What served tokens cost and earn: money per million tokens, margin, break-even, and the fleet for a day's traffic.

A replica that is paid for all the time works for a share of it, the load factor; its cost is spread over the tokens it
serves, input and output by the replica's time that each takes. Amounts have the currency of the price of an hour.
"""

from dataclasses import dataclass

import numpy as np

from core.compute.checks import check
from core.compute.serving_speed import Request, ServingSpeed
from core.compute.training import HOURS_PER_DAY, SECONDS_PER_HOUR, Real

TOKENS_PER_MILLION = 1e6
DAYS_PER_MONTH = 365.25 / 12

# Judgement, no published figure: traffic follows the day and capacity the peak. Low and high of the range to show.
DEFAULT_LOAD_FACTOR = 0.30
LOAD_FACTOR_RANGE = (0.10, 0.60)


@dataclass(frozen=True)
class TokenRates:
    """Money per million tokens, a cost or a price. `cached_input`: of input tokens found in the prefix cache."""

    input_tokens: Real
    output_tokens: Real
    cached_input_tokens: Real = 0.0

    def __post_init__(self) -> None:
        for field in ("input_tokens", "output_tokens", "cached_input_tokens"):
            check(field, getattr(self, field), at_least=0)


@dataclass(frozen=True)
class Fleet:
    """Replicas that carry the peak of a day's traffic, and what all of them cost.

    load_factor: average traffic / what the fleet can serve
    bill_per_month: all accelerators, all hours
    rates: cost per million tokens at that load; with the month's tokens it adds up to the bill
    """

    replicas: Real
    accelerators: Real
    load_factor: Real
    bill_per_month: Real
    rates: TokenRates


def cost_per_million_tokens(tokens_per_second: Real, price_per_hour: Real, load_factor: Real = 1.0) -> Real:
    """Money per million tokens of a machine of that price and full speed that works `load_factor` of the time."""
    check("tokens_per_second", tokens_per_second, above=0)
    check("price_per_hour", price_per_hour, at_least=0)
    check("load_factor", load_factor, above=0, at_most=1)
    return price_per_hour / (SECONDS_PER_HOUR * tokens_per_second * load_factor) * TOKENS_PER_MILLION


def token_rates(
    speed: ServingSpeed, accelerators: Real, price_per_hour: Real, load_factor: Real = DEFAULT_LOAD_FACTOR
) -> TokenRates:
    """Cost per million input and output tokens at a price of one accelerator-hour.

    Cached input tokens cost nothing: the disk or memory of the prefix cache is not counted.
    """
    check("accelerators", accelerators, at_least=1)
    replica_hour = accelerators * price_per_hour
    return TokenRates(
        input_tokens=cost_per_million_tokens(speed.prefill_tokens_per_second, replica_hour, load_factor),
        output_tokens=cost_per_million_tokens(speed.decode_tokens_per_second, replica_hour, load_factor),
    )


def value(rates: TokenRates, request: Request, requests: Real = 1.0) -> Real:
    """Money for a number of requests at these rates: their cost, or the revenue from them."""
    cached = request.input_tokens * request.cached_share
    per_request = (
        rates.input_tokens * (request.input_tokens - cached)
        + rates.cached_input_tokens * cached
        + rates.output_tokens * request.output_tokens
    )
    return requests * per_request / TOKENS_PER_MILLION


def blended_rate(rates: TokenRates, request: Request) -> Real:
    """Money per million tokens, input and output together in the request's proportion."""
    return value(rates, request) / (request.input_tokens + request.output_tokens) * TOKENS_PER_MILLION


def gross_margin(costs: TokenRates, prices: TokenRates, request: Request) -> Real:
    """Share of the revenue left after serving, negative for a loss; serving is the only cost of sales counted."""
    revenue = value(prices, request)
    check("revenue", revenue, above=0)
    return 1 - value(costs, request) / revenue


def break_even_load_factor(full_load_costs: TokenRates, prices: TokenRates, request: Request) -> Real:
    """Load factor at which revenue pays for the accelerators; above 1 a price that never does.

    full_load_costs: `token_rates` at a load factor of 1
    """
    revenue = value(prices, request)
    check("revenue", revenue, above=0)
    return value(full_load_costs, request) / revenue


def fleet(
    speed: ServingSpeed,
    request: Request,
    accelerators: Real,
    price_per_hour: Real,
    *,
    tokens_per_day: Real,
    peak_factor: Real,
) -> Fleet:
    """Whole replicas for `tokens_per_day` (input and output) when the busiest hour has `peak_factor` × the average.

    All replicas run all day. The load factor follows: 1 / peak_factor, less for a replica that is not full.
    """
    check("tokens_per_day", tokens_per_day, above=0)
    check("peak_factor", peak_factor, at_least=1)
    check("price_per_hour", price_per_hour, at_least=0)
    requests_per_day = tokens_per_day / (request.input_tokens + request.output_tokens)
    needed = requests_per_day / (HOURS_PER_DAY * SECONDS_PER_HOUR * speed.requests_per_second)
    replicas = np.ceil(needed * peak_factor)
    load_factor = needed / replicas
    return Fleet(
        replicas=replicas,
        accelerators=replicas * accelerators,
        load_factor=load_factor,
        bill_per_month=replicas * accelerators * price_per_hour * HOURS_PER_DAY * DAYS_PER_MONTH,
        rates=token_rates(speed, accelerators, price_per_hour, load_factor),
    )
