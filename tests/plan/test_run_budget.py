"""What money buys on a run's terms: its own budget buys it back, its cost at others' utilisation, the cheapest life."""

import pytest

from core.compute.architecture import architecture
from core.compute.published_shapes import plain
from core.compute.scaling import HOFFMANN_FIT, loss, optimal_tokens
from core.plan.data_mix import DataMix, DataShare
from core.plan.run_budget import (
    ServingPrices,
    compute_bill,
    cost_range,
    likely_serving,
    lives,
    money_for,
    purchase,
    unique_tokens,
)
from core.plan.run_outcomes import planned_costs
from core.plan.scenario import Product, Scenario
from tests.plan.builders import FOUNDING, company, run

RUN = run(experiment_multiplier=4.0, other_infrastructure_multiplier=1.4, post_training_share=0.1)
PLAN = company(runs=(RUN,))


def test_cost_at_the_utilisation_of_others_by_hand() -> None:
    """ln MFU is normal around 29.5 %, deviation 0.38: 80 % lie within 29.5 % × e^(±1.2816 × 0.38), 18.1 to 48.0 %.

    A final run of 26,298 USD × 1.1 at 50 % then costs 28,928 × 0.5 / 0.480 to 28,928 × 0.5 / 0.181.
    """
    (cost,) = planned_costs(PLAN)
    found = cost_range(RUN, cost)
    assert (found.low_mfu, found.high_mfu) == pytest.approx((0.1813, 0.4801), abs=0.0002)
    assert found.final_run == pytest.approx((30_127, 79_780), rel=0.001)
    assert found.all_in == pytest.approx(tuple(5.6 * final for final in found.final_run))


def test_range_of_an_fp8_run_is_in_its_own_peak() -> None:
    """The same runs sped up 1.173 times and counted against twice the peak: 10.6 to 28.1 %."""
    in_fp8 = RUN.model_copy(update={"precision": "fp8", "peak_flops": 1979e12, "mfu": 0.173})
    found = cost_range(in_fp8, planned_costs(company(runs=(in_fp8,)))[0])
    assert (found.low_mfu, found.high_mfu) == pytest.approx((0.1063, 0.2814), abs=0.0003)


def test_budget_of_a_run_buys_its_flops() -> None:
    """6 × 1e10 × 2.6298e11 = 1.578e22 FLOP of pre-training; the best use of them is no worse than the run."""
    (cost,) = planned_costs(PLAN)
    best = purchase(PLAN, 0, compute_bill(cost))
    assert best.flops == pytest.approx(1.57788e22)
    assert best.loss <= loss(1e10, 2.6298e11)
    assert 6 * best.parameters * best.tokens == pytest.approx(1.57788e22)
    assert best.interval is not None
    assert best.interval.loss.low < best.loss < best.interval.loss.high


def test_flops_cost_what_buys_them() -> None:
    """The run's own 1.578e22 FLOP cost its own bill."""
    assert money_for(PLAN, 0, 1.57788e22) == pytest.approx(compute_bill(planned_costs(PLAN)[0]))


def test_published_law_asks_for_more_tokens_and_has_no_interval() -> None:
    refit, original = purchase(PLAN, 0, 1e6), purchase(PLAN, 0, 1e6, "original")
    assert original.interval is None
    assert original.tokens / original.parameters > refit.tokens / refit.parameters
    assert original.loss == pytest.approx(loss(original.parameters, original.tokens, HOFFMANN_FIT))


def test_budget_is_in_the_reporting_currency() -> None:
    """At 1.1172 USD for a euro, 1 million EUR buys what 1.1172 million USD do."""
    in_euros = company(runs=(RUN,), reporting_currency="EUR")
    assert purchase(in_euros, 0, 1e6).flops == pytest.approx(purchase(PLAN, 0, 1.1172e6).flops)


def test_nothing_served_makes_the_cheapest_to_train_the_cheapest() -> None:
    found = lives(PLAN, 0, ServingPrices(0.0, 0.0, 3.0, 989e12, 0.4, 0.1))
    assert found.cheapest.parameters == pytest.approx(found.cheapest_to_train.parameters, rel=1e-6)
    assert found.planned.training == pytest.approx(compute_bill(planned_costs(PLAN)[0]))


def test_sardanas_13b_model_in_money() -> None:
    """At one price a FLOP, 2T tokens in on a compute-optimal 13B by Hoffmann's law: 7.1B (arXiv 2401.00448, figure 1).

    One price: serving at the training's price and utilisation, and no experiments beside the run.
    """
    tokens = float(optimal_tokens(13e9, HOFFMANN_FIT))
    plan = company(runs=(run(total_parameters=13e9, active_parameters=13e9, tokens=tokens),))
    found = lives(plan, 0, ServingPrices(2e12, 0.0, 3.0, 1e15, 0.5, 0.5), "original")
    assert found.cheapest.parameters == pytest.approx(7.1e9, abs=0.05e9)
    assert found.cheapest.total < found.planned.total


def with_product(**fields: object) -> Scenario:
    product = Product(
        name="Chat",
        run=RUN.name,
        launch=FOUNDING,
        million_tokens_first_month=100.0,
        monthly_growth=0.0,
        growth_half_life_months=12.0,
        price_per_million_tokens=1.0,
        serving_cost_per_million_tokens=0.5,
    )
    return company(runs=(RUN.model_copy(update=fields),), demand=(product,))


def test_traffic_of_the_models_own_products() -> None:
    """100 million tokens in each of 12 months, four in for one out: 960 and 240 million."""
    likely = likely_serving(with_product(), 0)
    assert (likely.input_tokens, likely.output_tokens) == pytest.approx((0.96e9, 0.24e9))


def test_reading_uses_more_of_the_peak_than_writing() -> None:
    likely = likely_serving(with_product(architecture=plain(architecture("llama-2-7b"))), 0)
    assert likely.prefill_mfu > 3 * likely.decode_mfu
    assert likely_serving(company(runs=(RUN,)), 0).input_tokens == 0


def test_unique_tokens_of_a_mix_by_hand() -> None:
    """Half of the tokens once, half four times: 1/2 + 1/8 of them are new."""
    parts = tuple(
        DataShare(name=name, kind="crawl", weight=1.0, price_per_million_tokens=0.0, epochs=epochs)
        for name, epochs in (("web", 1.0), ("code", 4.0))
    )
    assert unique_tokens(RUN) == RUN.tokens
    mixed = RUN.model_copy(update={"data_mix": DataMix(parts=parts)})
    assert unique_tokens(mixed) == pytest.approx(RUN.tokens * 0.625)
