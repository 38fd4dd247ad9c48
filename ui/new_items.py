"""What "Add" puts into a scenario: a copy of its last item under a fresh name, or a sourced first one."""

from collections.abc import Sequence
from itertools import count

from core.capital.stage_statistics import stage_statistics
from core.compute.accelerators import accelerator, default_price
from core.compute.reference_figures import reference_figures
from core.plan.scenario import PlannedRun, Product, Role, Scenario
from core.plan.strategies import Financing, Safe, Strategy
from ui.language import words

FIRST_ACCELERATOR = "h100-sxm"
FACILITY_POWER = ("server_to_accelerator_power_ratio", "power_usage_effectiveness")


def new_run(scenario: Scenario) -> PlannedRun:
    """A 7B model on a thousand billion tokens, or another like the last run."""
    name = fresh_name(words("New model"), [run.name for run in scenario.runs])
    if scenario.runs:
        return scenario.runs[-1].model_copy(update={"name": name})
    chosen, figures = accelerator(FIRST_ACCELERATOR), reference_figures()
    offer = default_price(chosen.id)
    server, pue = (figures[ratio].value for ratio in FACILITY_POWER)
    return PlannedRun(
        name=name,
        start=scenario.founding,
        total_parameters=7e9,
        active_parameters=7e9,
        tokens=1e12,
        accelerator=chosen.id,
        peak_flops=chosen.peak_flops,
        accelerator_watts=chosen.watts or 0.0,
        facility_power_ratio=server * pue,
        accelerator_count=256,
        price_usd_per_hour=offer.usd_per_hour if offer else 0.0,
        mfu=figures["whole_run_mfu"].value,
        experiment_multiplier=figures["experiment_multiplier"].value,
        other_infrastructure_multiplier=figures["other_infrastructure_multiplier"].value,
    )


def new_role(scenario: Scenario) -> Role:
    """One more kind of people."""
    name = fresh_name(words("New role"), [role.name for role in scenario.team])
    if scenario.team:
        return scenario.team[-1].model_copy(update={"name": name})
    cost = reference_figures()["research_engineer_usd_per_year"].value
    return Role(name=name, research=True, start=scenario.founding, headcount=1.0, yearly_cost_usd=cost)


def new_product(scenario: Scenario) -> Product:
    """One more product."""
    name = fresh_name(words("New product"), [product.name for product in scenario.demand])
    if scenario.demand:
        return scenario.demand[-1].model_copy(update={"name": name})
    figures = reference_figures()
    return Product(
        name=name,
        launch=scenario.founding,
        million_tokens_first_month=10_000.0,
        monthly_growth=0.1,
        growth_half_life_months=12.0,
        price_usd_per_million_tokens=figures["price_usd_per_million_tokens_7b"].value,
        serving_usd_per_million_tokens=figures["serving_usd_per_million_tokens_7b"].value,
    )


def new_financing(scenario: Scenario, strategy: Strategy) -> Financing:
    """One more round: like the last one, or a first SAFE at the published median."""
    names = [*(holder.name for holder in scenario.holders), *(one.name for one in strategy.financings)]
    name = fresh_name(words("New round"), names)
    if strategy.financings:
        return strategy.financings[-1].model_copy(update={"name": name})
    median = next(stage for stage in stage_statistics() if stage.stage == "seed-safe")
    return Safe(
        kind="safe",
        name=name,
        date=scenario.founding,
        amount_usd=median.amount_usd,
        valuation_cap_usd=median.pre_money_usd + median.amount_usd,
        ai_premium=median.ai_premium or 0.0,
    )


def fresh_name(base: str, taken: Sequence[str]) -> str:
    """The name, or the first of "name 2", "name 3", ... that is not taken."""
    return base if base not in taken else next(f"{base} {n}" for n in count(2) if f"{base} {n}" not in taken)
