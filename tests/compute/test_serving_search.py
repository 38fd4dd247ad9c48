"""The cheapest replica and batch: against trying them all, and what is said where nothing meets the limits."""

from dataclasses import replace

import pytest

from core.compute.serving_cost import token_rates, value
from core.compute.serving_search import (
    LatencyLimits,
    ServingChoice,
    cheapest_serving,
    largest_batch_within,
    resized,
)
from core.compute.serving_speed import Replica, Request, ServedModel, serving_speed
from core.errors import InputError

# 1 GFLOP a token, 500 MB of weights, 0.1 MB of cache a token; 10 TFLOP/s, 10 GB/s, 4 GB usable.
TOY = ServedModel(0.5e9, 0.5e9, 1.0, 1e5)
MACHINE = Replica(1, 1e13, 1e10, 4e9, efficiency=0.8, usable_memory_share=1.0)
REQUEST = Request(100, 100)


def cheapest(**changes: object) -> ServingChoice:
    settings: dict[str, object] = {"kept_per_doubling": 0.8, **changes}
    return cheapest_serving(TOY, MACHINE, REQUEST, 2.0, **settings)  # type: ignore[arg-type]


def test_resized_by_hand() -> None:
    """Four times the accelerators are two doublings: 0.8 × 0.5² = 0.2. Half of them: 0.8 / 0.5, but at most 1."""
    assert resized(MACHINE, 4, 0.5).efficiency == pytest.approx(0.2)
    assert resized(replace(MACHINE, accelerators=2), 1, 0.5).efficiency == 1.0


def test_without_limits_memory_decides() -> None:
    """4 GB less 500 MB of weights hold 35,000 tokens: 175 requests of 200."""
    assert largest_batch_within(TOY, MACHINE, REQUEST, LatencyLimits()) == 175


@pytest.mark.parametrize("limit", [0.0632, 0.07, 0.08, 0.0957, 1.0])
def test_largest_batch_within_a_limit_is_the_last_that_meets_it(limit: float) -> None:
    limits = LatencyLimits(seconds_per_output_token=limit)
    batch = largest_batch_within(TOY, MACHINE, REQUEST, limits)
    meeting = [
        size for size in range(1, 176) if serving_speed(TOY, MACHINE, REQUEST, size).seconds_per_output_token <= limit
    ]
    assert batch == max(meeting, default=0)


@pytest.mark.parametrize("limits", [LatencyLimits(), LatencyLimits(seconds_per_output_token=0.06), LatencyLimits(0.2)])
@pytest.mark.parametrize("kept", [0.6, 0.9])
def test_search_finds_what_trying_all_finds(limits: LatencyLimits, kept: float) -> None:
    choice = cheapest(limits=limits, kept_per_doubling=kept)
    costs = {}
    for size in (1, 2, 4, 8):
        replica = resized(MACHINE, size, kept)
        for batch in range(1, 10_000):
            try:
                speed = serving_speed(TOY, replica, REQUEST, batch)
            except InputError:
                break
            if limits.met_by(speed):
                costs[size, batch] = value(token_rates(speed, size, 2.0), REQUEST)
    assert choice.cost_per_request == pytest.approx(min(costs.values()), rel=1e-12)
    assert costs[int(choice.replica.accelerators), choice.batch] == pytest.approx(choice.cost_per_request, rel=1e-12)


def test_choice_meets_the_limits_and_a_tighter_one_costs_more() -> None:
    loose, tight = (LatencyLimits(1.0, limit) for limit in (0.1, 0.02))
    slow, fast = cheapest(limits=loose), cheapest(limits=tight)
    assert loose.met_by(slow.speed)
    assert tight.met_by(fast.speed)
    assert fast.cost_per_request > slow.cost_per_request
    assert fast.replica.accelerators > slow.replica.accelerators


def test_limit_that_nothing_meets_is_answered_with_the_best() -> None:
    """Alone on 8 machines at 0.8 × 0.8³ = 0.4096: (500 + 15 MB) / 80 GB/s / 0.4096 = 15.72 ms."""
    with pytest.raises(InputError) as caught:
        cheapest(limits=LatencyLimits(seconds_per_output_token=0.01))
    assert (caught.value.field, caught.value.expected) == (
        "seconds_per_output_token",
        "0.01572 <= seconds_per_output_token",
    )
    with pytest.raises(InputError) as caught:
        cheapest(limits=LatencyLimits(seconds_to_first_token=0.001))
    assert caught.value.field == "seconds_to_first_token"


def test_model_that_fits_no_size_is_answered_with_the_accelerators() -> None:
    """100 GB of weights on machines of 4 GB: 8 are too few, 26 hold them and a request."""
    large = replace(TOY, active_parameters=1e11, total_parameters=1e11)
    with pytest.raises(InputError) as caught:
        cheapest_serving(large, MACHINE, REQUEST, 2.0, kept_per_doubling=0.8)
    assert (caught.value.field, caught.value.value, caught.value.expected) == ("accelerators", 8, "26 <= accelerators")


def test_limit_of_no_time_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        LatencyLimits(seconds_per_output_token=0.0)
    assert caught.value.expected == "0 < seconds_per_output_token"
