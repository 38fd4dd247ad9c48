"""A product served on machines of its own: the plan books whole replicas; arithmetic by hand."""

from typing import Any

import numpy as np
import pytest

from core.compute.architecture import Architecture
from core.errors import InputError
from core.plan.operating import operating_plan
from core.plan.scenario import Scenario
from core.plan.scenario_io import edited, from_code, from_json, to_code, to_json
from core.plan.serving_setup import ServingSetup, speed
from core.plan.uncertainty import Uncertain
from tests.plan.builders import company, product, run

# Llama 2 7B (arXiv 2307.09288): 6.74e9 parameters; keys and values 2 × 32 layers × 4,096 × 2 bytes = 524,288 a token
SHAPE = Architecture(
    layers=32, hidden_size=4096, vocabulary=32000, heads=32, key_value_heads=32, head_dim=128, feed_forward_width=11008
)
HOURS_PER_MONTH = 24 * 365.25 / 12  # 730.5


def setup(**fields: Any) -> ServingSetup:
    plain: dict[str, Any] = {
        "accelerator": "h100-sxm",
        "peak_flops": 989.5e12,
        "bandwidth_bytes_per_second": 3.35e12,
        "memory_bytes": 80e9,
        "accelerators_per_replica": 1,
        "price_per_hour": 2.0,
        "efficiency": 0.4,
        "batch": 16,
        "input_tokens": 1000,
        "output_tokens": 500,
        "peak_factor": 2.0,
    }
    return ServingSetup(**plain | fields)


def served(first_month: float = 1_000.0, **fields: Any) -> Scenario:
    """A company whose product grows by nothing: the same traffic every month from its launch."""
    api = product(run="Base model", million_tokens_first_month=first_month, monthly_growth=0.0, serving=setup(**fields))
    return company(runs=(run(architecture=SHAPE),), demand=(api,))


def monthly_bill(scenario: Scenario) -> float:
    """In the first month since launch, in units of the reporting currency."""
    return float(operating_plan(scenario, {}).products[0].serving[0, 0]) / 100


def test_a_product_that_hardly_anybody_uses_still_pays_for_one_replica() -> None:
    """1 accelerator × 2 USD × 730.5 hours."""
    assert monthly_bill(served(0.0)) == monthly_bill(served(1.0)) == pytest.approx(2.0 * HOURS_PER_MONTH)


def test_two_accelerators_a_replica_cost_twice() -> None:
    assert monthly_bill(served(0.0, accelerators_per_replica=2)) == pytest.approx(4.0 * HOURS_PER_MONTH)


def test_replicas_carry_the_busiest_hour() -> None:
    """A month's tokens / (tokens of a replica in a month) × 2 for the peak, rounded up to whole replicas."""
    scenario = served(2e6)
    replica = speed(setup(), SHAPE, 0.4)
    tokens_a_month = replica.requests_per_second * (1000 + 500) * 3600 * HOURS_PER_MONTH
    replicas = np.ceil(2e12 / tokens_a_month * 2.0)
    assert replicas > 1
    assert monthly_bill(scenario) == pytest.approx(replicas * 2.0 * HOURS_PER_MONTH)


def test_half_the_efficiency_takes_twice_the_replicas_but_for_rounding() -> None:
    full, half = monthly_bill(served(2e7)), monthly_bill(served(2e7, efficiency=0.2))
    assert half / full == pytest.approx(2, rel=0.02)


def test_price_of_an_hour_is_in_the_products_currency() -> None:
    """2 yuan at 0.15031 USD, the rate of the scenario."""
    scenario = edited(served(0.0), {"demand.0.currency": "CNY"})
    assert monthly_bill(scenario) == pytest.approx(2.0 * HOURS_PER_MONTH * 0.15031, abs=0.005)


def test_a_range_over_the_efficiency_reaches_the_bill() -> None:
    ranges = (Uncertain(field="demand.0.serving.efficiency", p10=0.2, p90=0.6, shape="lognormal"),)
    scenario = edited(served(2e7), {"uncertainty": ranges})
    plan = operating_plan(scenario, {"demand.0.serving.efficiency": np.array([0.2, 0.4])})
    assert plan.products[0].serving[0, 0] / plan.products[0].serving[0, 1] == pytest.approx(2, rel=0.02)


def test_setup_without_a_shape_of_the_model_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        edited(served(), {"runs.0.architecture": None})
    assert (caught.value.code, caught.value.field) == ("missing", "demand.0.run")


def test_batch_that_does_not_fit_is_refused() -> None:
    """80 GB of an H100 less 13.5 GB of weights hold about 85 such requests (1,500 tokens × 0.52 MB), never 1,000."""
    with pytest.raises(InputError) as caught:
        edited(served(), {"demand.0.serving.batch": 1000})
    assert caught.value.field == "demand.0.serving.batch"


def test_shape_checks_itself_under_its_place_in_the_scenario() -> None:
    with pytest.raises(InputError) as caught:
        edited(served(), {"runs.0.architecture.key_value_heads": 5})
    assert (caught.value.code, caught.value.field) == ("contradiction", "runs.0.architecture.key_value_heads")


@pytest.mark.parametrize("path", ["runs.0.architecture", "demand.0.serving"])
def test_unknown_field_inside_is_refused(path: str) -> None:
    scenario = served()
    inner = scenario.model_dump(mode="json")
    for part in path.split("."):
        inner = inner[int(part)] if isinstance(inner, list | tuple) else inner[part]
    with pytest.raises(InputError) as caught:
        edited(scenario, {path: {**inner, "colour": 1}})
    assert (caught.value.code, caught.value.field) == ("unknown_field", f"{path}.colour")


def test_shape_and_setup_travel_by_link_and_file() -> None:
    scenario = served()
    assert from_code(to_code(scenario)) == from_json(to_json(scenario)) == scenario
