"""What money buys on one planned run's terms: the range of its cost, a budget's loss, the cheapest life of a model.

All amounts are in the reporting currency. A budget here is money for compute and the infrastructure beside it: data and
people come on top.
"""

from dataclasses import dataclass
from typing import Literal

from core.compute.accelerators import accelerators
from core.compute.architecture import active_parameters
from core.compute.inference_aware import (
    SERVING_FLOPS_PER_PARAMETER_AND_TOKEN,
    Lifetime,
    cheapest_model,
    lifetime,
    price_per_flop,
)
from core.compute.precision import pace
from core.compute.published_shapes import nearest_architecture, plain
from core.compute.scaling import (
    EPOCH_REFIT,
    HOFFMANN_FIT,
    BudgetLoss,
    ChinchillaFit,
    compute_optimal,
    flops_of_budget,
    loss,
    loss_of_budget,
)
from core.compute.serving_speed import serving_speed
from core.compute.training import Real, TrainingCost
from core.compute.utilisation import mfu_quantile
from core.plan.currency import converted, reported_plainly
from core.plan.scenario import PlannedRun, Product, Scenario
from core.plan.service import planned_million_tokens
from core.plan.serving_proposal import USUAL_INPUT_TOKENS, USUAL_OUTPUT_TOKENS, proposed_setup
from core.plan.serving_setup import replica, request, served

Law = Literal["refit", "original"]
FITS: dict[Law, ChinchillaFit] = {"refit": EPOCH_REFIT, "original": HOFFMANN_FIT}
TOKENS_PER_MILLION = 1e6


@dataclass(frozen=True)
class CostRange:
    """What the run costs at the utilisation below which a tenth, and nine tenths, of published runs stay."""

    low_mfu: float
    high_mfu: float
    final_run: tuple[float, float]
    all_in: tuple[float, float]


@dataclass(frozen=True)
class Purchase:
    """The best model for a budget: FLOPs of pre-training, size, tokens, loss; interval: by the refit alone."""

    flops: Real
    parameters: Real
    tokens: Real
    loss: Real
    interval: BudgetLoss | None


@dataclass(frozen=True)
class ServingPrices:
    """Tokens served over a model's life, and what a FLOP of serving costs: an hour's price over peak × utilisation."""

    input_tokens: float
    output_tokens: float
    price_per_hour: float
    peak_flops: float
    prefill_mfu: float
    decode_mfu: float


@dataclass(frozen=True)
class Lives:
    """Three models of one loss: the planned one, the cheapest to train, the cheapest to train and serve."""

    planned: Lifetime
    cheapest_to_train: Lifetime
    cheapest: Lifetime


def cost_range(run: PlannedRun, cost: TrainingCost, probability: float = 0.8) -> CostRange:
    """The middle `probability` of published runs; of an FP8 run, as FP8 would have sped them up. Staff stays."""
    chip = accelerators().get(run.accelerator)
    tails = ((1 - probability) / 2, (1 + probability) / 2)
    low, high = (mfu_quantile(tail) for tail in tails)
    if run.precision == "fp8" and chip is not None and chip.fp8_dense_tflops is not None:
        low, high = (float(pace(chip, "fp8", mfu).mfu) for mfu in (low, high))
    final, compute = float(cost.final_run), float(cost.all_compute + cost.other_infrastructure)
    rest = float(cost.data + cost.staff)
    return CostRange(
        low_mfu=low,
        high_mfu=high,
        final_run=(final * run.mfu / high, final * run.mfu / low),
        all_in=(compute * run.mfu / high + rest, compute * run.mfu / low + rest),
    )


def compute_bill(cost: TrainingCost) -> float:
    """What the run's compute costs with its experiments and infrastructure: the budget that buys exactly this run."""
    return float(cost.all_compute + cost.other_infrastructure)


def purchase(scenario: Scenario, index: int, money: Real, law: Law = "refit") -> Purchase:
    """What loss this money buys at best at the run's price, peak, MFU and multipliers. Raises InputError if an hour is
    free."""
    run = scenario.runs[index]
    terms = {
        "experiment_multiplier": run.experiment_multiplier,
        "other_infrastructure_multiplier": run.other_infrastructure_multiplier,
        "post_training_share": run.post_training_share,
    }
    price = reported_plainly(scenario, f"runs.{index}.price_per_hour")
    if law == "refit":
        best = loss_of_budget(money, price, run.peak_flops, run.mfu, **terms)
        return Purchase(best.flops, best.parameters.middle, best.tokens.middle, best.loss.middle, best)
    flops = flops_of_budget(money, price, run.peak_flops, run.mfu, **terms)
    parameters, tokens = compute_optimal(flops, FITS[law])
    return Purchase(flops, parameters, tokens, loss(parameters, tokens, FITS[law]), None)


def money_for(scenario: Scenario, index: int, flops: float) -> float:
    """The budget that buys so many FLOP of pre-training on the run's terms. Raises InputError as `purchase` does."""
    return flops / float(purchase(scenario, index, 1.0, "original").flops)


def likely_serving(scenario: Scenario, index: int) -> ServingPrices:
    """The traffic of the products that this run's model serves, to the horizon, at the speed their serving reaches.

    A product without a setup is served as `proposed_setup` would, on the run's own accelerators. Raises InputError
    where they cannot hold the model.
    """
    run = scenario.runs[index]
    products = [product for product in scenario.demand if product.run == run.name]
    shape = run.architecture or plain(nearest_architecture(run.total_parameters, run.active_parameters))
    price, setup = reported_plainly(scenario, f"runs.{index}.price_per_hour"), None
    laid_out = next((product for product in products if product.serving is not None), None)
    if laid_out is not None and laid_out.serving is not None:
        setup = laid_out.serving
        price = converted(scenario, setup.price_per_hour, laid_out.currency, scenario.reporting_currency)
    elif run.accelerator in accelerators():
        setup = proposed_setup(shape, accelerators()[run.accelerator], price)
    traffic = [_traffic(scenario, product) for product in products]
    inputs, outputs = (sum(tokens) for tokens in zip(*traffic, strict=True)) if traffic else (0.0, 0.0)
    if setup is None:
        return ServingPrices(inputs, outputs, price, run.peak_flops, run.mfu, run.mfu)
    speed = serving_speed(served(setup, shape), replica(setup, setup.efficiency), request(setup), setup.batch)
    flops_per_token = SERVING_FLOPS_PER_PARAMETER_AND_TOKEN * active_parameters(shape).total
    peak = setup.peak_flops * setup.accelerators_per_replica
    return ServingPrices(
        input_tokens=_rounded(inputs),
        output_tokens=_rounded(outputs),
        price_per_hour=price,
        peak_flops=setup.peak_flops,
        prefill_mfu=_rounded(float(speed.prefill_tokens_per_second) * flops_per_token / peak),
        decode_mfu=_rounded(float(speed.decode_tokens_per_second) * flops_per_token / peak),
    )


def lives(scenario: Scenario, index: int, serving: ServingPrices, law: Law = "refit") -> Lives:
    """What the planned model costs over its life, and the cheapest models of its loss.

    A FLOP of training costs what it does in the plan, with its share of post-training, experiments and infrastructure.
    Raises InputError for prices that are not positive.
    """
    run = scenario.runs[index]
    price = reported_plainly(scenario, f"runs.{index}.price_per_hour")
    multiplier = run.experiment_multiplier * run.other_infrastructure_multiplier * (1 + run.post_training_share)
    prices = {
        "training_price": multiplier * price_per_flop(price, run.peak_flops, run.mfu),
        "prefill_price": price_per_flop(serving.price_per_hour, serving.peak_flops, serving.prefill_mfu),
        "decode_price": price_per_flop(serving.price_per_hour, serving.peak_flops, serving.decode_mfu),
    }
    target = loss(run.active_parameters, run.tokens, FITS[law])
    tokens = (serving.input_tokens, serving.output_tokens)
    to_train = cheapest_model(target, 0.0, 0.0, **prices, fit=FITS[law])
    return Lives(
        planned=lifetime(run.active_parameters, run.tokens, *tokens, **prices),
        cheapest_to_train=lifetime(to_train.parameters, to_train.tokens, *tokens, **prices),
        cheapest=cheapest_model(target, *tokens, **prices, fit=FITS[law]),
    )


def unique_tokens(run: PlannedRun) -> float:
    """Tokens that the run sees for the first time: by the epochs of its data mix, else all of them."""
    if run.data_mix is None:
        return run.tokens
    weights = sum(part.weight for part in run.data_mix.parts)
    return sum(run.tokens * part.weight / weights / part.epochs for part in run.data_mix.parts)


def _rounded(estimate: float) -> float:
    """To three digits: more would pretend to know."""
    return float(f"{estimate:.3g}")


def _traffic(scenario: Scenario, product: Product) -> tuple[float, float]:
    """Input and output tokens from launch to horizon."""
    tokens = float(planned_million_tokens(scenario, product).sum()) * TOKENS_PER_MILLION
    asked = product.serving
    lengths = (asked.input_tokens, asked.output_tokens) if asked else (USUAL_INPUT_TOKENS, USUAL_OUTPUT_TOKENS)
    return tokens * lengths[0] / sum(lengths), tokens * lengths[1] / sum(lengths)
