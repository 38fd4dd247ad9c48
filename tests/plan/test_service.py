"""A product served over the plan: what fits, what it costs, what is left; arithmetic by hand."""

from datetime import date
from typing import Any

import numpy as np
import pytest

from core.compute.accelerators import accelerator
from core.compute.architecture import Architecture
from core.errors import InputError
from core.plan.provenance import source_of
from core.plan.service import Service, batch_curve, fit, periods, planned_million_tokens, service
from core.plan.serving_setup import ServingSetup
from tests.plan.builders import company, month, product, run

# Llama 2 7B (arXiv 2307.09288): 6.738e9 parameters, 13.477 GB in BF16; keys and values 2 × 32 layers × 4,096 × 2 bytes
SHAPE = Architecture(
    layers=32, hidden_size=4096, vocabulary=32000, heads=32, key_value_heads=32, head_dim=128, feed_forward_width=11008
)
CACHE_BYTES = 524_288 * 1500  # of one request of 1,000 tokens in and 500 out
WEIGHTS = 13.4768e9
HOURS_PER_MONTH = 24 * 365.25 / 12


def setup(**fields: Any) -> ServingSetup:
    plain: dict[str, Any] = {
        "accelerator": "h100-sxm",
        "peak_flops": 989e12,
        "bandwidth_bytes_per_second": 3.35e12,
        "memory_bytes": 80e9,
        "accelerators_per_replica": 1,
        "price_per_hour": 2.0,
        "efficiency": 0.5,
        "batch": 16,
        "input_tokens": 1000,
        "output_tokens": 500,
        "peak_factor": 2.0,
    }
    return ServingSetup(**plain | fields)


def served(million_tokens: list[float], price: float = 1.0, **fields: Any) -> Service:
    return service(setup(**fields), SHAPE, np.array(million_tokens), price)


def test_what_fits() -> None:
    """72 of 80 GB less 13.48 GB of weights hold 74 requests of 0.786 GB; 1,000 requests take 800 GB, 12 × 72."""
    room = fit(setup(batch=1000), SHAPE)
    assert (room.largest_batch, room.accelerators_for_one, room.accelerators_for_batch) == (74, 1, 12)


def test_memory_adds_up() -> None:
    memory = served([1000.0]).memory
    assert memory.weights == pytest.approx(WEIGHTS, rel=1e-4)
    assert memory.cache == pytest.approx(16 * CACHE_BYTES)
    assert memory.workspace == pytest.approx(8e9)
    assert memory.weights + memory.cache + memory.free + memory.workspace == pytest.approx(80e9)


def test_decode_step_by_hand() -> None:
    """(13.477 GB + 16 × 1,250 tokens × 0.524 MB) / 3.35 TB/s / 0.5 = 14.31 ms."""
    step = (WEIGHTS + 16 * 1250 * 524_288) / 3.35e12 / 0.5
    assert float(served([1000.0]).speed.decode_step_seconds) == pytest.approx(step, rel=1e-4)
    assert step == pytest.approx(14.31e-3, rel=1e-3)


def test_rates_add_up_to_the_bill_of_the_whole_plan() -> None:
    """One replica for the little traffic of the first months, several at the end: tokens × rate = what is paid."""
    found = served([10.0, 1_000.0, 20_000.0])
    bill = sum(period.bill for period in periods(found, date(2027, 1, 1), by_year=False))
    assert found.accelerators[0] == 1 < found.accelerators[-1]
    assert found.blended_rate * 21_010 == pytest.approx(bill)
    assert found.gross_margin == pytest.approx(1 - bill / 21_010)


def test_idle_replica_costs_its_hours() -> None:
    """One H100 at 2 USD for a month of 730.5 hours, spread over a million tokens."""
    found = served([1.0])
    assert found.blended_rate == pytest.approx(2.0 * HOURS_PER_MONTH)
    assert found.gross_margin == pytest.approx(1 - 2.0 * HOURS_PER_MONTH)


def test_load_of_a_large_fleet_is_one_over_the_peak() -> None:
    found = served([5e7])
    assert found.load_factor == pytest.approx(0.5, rel=0.01)
    assert found.break_even_load_factor == pytest.approx(found.blended_rate * found.load_factor)


def test_product_that_nobody_uses_has_a_rate_and_no_margin_without_a_price() -> None:
    found = served([0.0, 0.0], price=0.0)
    assert found.load_factor == 0.5
    assert found.gross_margin is None
    assert found.break_even_load_factor is None
    assert next(periods(found, date(2027, 1, 1), by_year=True)).gross_margin is None


def test_years_are_calendar_years() -> None:
    """Launched in November: two months of 2027, then all of 2028."""
    rows = list(periods(served([100.0] * 14, price=2.0), date(2027, 11, 1), by_year=True))
    assert [(row.start, row.million_tokens, row.revenue) for row in rows] == [
        (date(2027, 11, 1), 200.0, 400.0),
        (date(2028, 1, 1), 1200.0, 2400.0),
    ]
    assert [row.bill for row in rows] == pytest.approx([2 * 2 * HOURS_PER_MONTH, 12 * 2 * HOURS_PER_MONTH])


def test_larger_batches_are_cheaper_and_slower() -> None:
    curve = batch_curve(served([1000.0]))
    assert (curve.batches[0], curve.batches[-1]) == (1, 74)
    assert 16 in curve.batches
    assert np.all(np.diff(curve.output_rates) < 0)
    assert np.all(np.diff(curve.seconds_per_output_token) > 0)


@pytest.mark.parametrize(
    ("fields", "field", "expected"),
    [
        ({"batch": 75}, "batch", "batch <= 74"),
        ({"memory_bytes": 12e9}, "accelerators_per_replica", "2 <= accelerators"),
        ({"cached_share": 1.0}, "cached_share", "0 <= cached_share < 1"),
    ],
)
def test_what_cannot_be_served_is_refused_at_the_setups_field(fields: Any, field: str, expected: str) -> None:
    with pytest.raises(InputError) as caught:
        served([1000.0], **fields)
    assert (caught.value.field, caught.value.expected) == (field, expected)


def test_usage_runs_from_launch_to_horizon_or_for_a_year() -> None:
    plan = company(horizon_months=12, demand=(product(launch=month(5)),))
    assert len(planned_million_tokens(plan, plan.demand[0])) == 7
    late = plan.demand[0].model_copy(update={"launch": date(2090, 1, 1)})
    assert len(planned_million_tokens(plan, late)) == 12


def test_figures_copied_from_the_table_have_its_source() -> None:
    api = product(run="Base model", serving=setup())
    plan = company(runs=(run(architecture=SHAPE),), demand=(api,))
    source = accelerator("h100-sxm").source
    for field in ("peak_flops", "bandwidth_bytes_per_second", "memory_bytes"):
        assert source_of(plan, f"demand.0.serving.{field}") == source
    assert source_of(plan, "demand.0.serving.efficiency") is None
    assert source_of(plan, "runs.0.architecture.layers") is None
