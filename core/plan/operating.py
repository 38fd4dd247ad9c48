"""The operating plan month by month: what is spent and earned, before anybody funds it.

What does not depend on cash is laid out here once, as whole cents of shape (months, paths); what does (when a run
starts, how large it is, when its product launches) the simulation decides and reads off `RunPlan`, `ProductPlan`.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.compute.data_and_staff import staff_cost
from core.compute.serving import tokens_value, usage_million_tokens
from core.compute.training import Real, TrainingCost, training_cost
from core.errors import InputError
from core.plan.calendar import DAYS_PER_MONTH, MONTHS_PER_YEAR, months_between
from core.plan.currency import rate, reported
from core.plan.draws import Draws, path_count
from core.plan.scenario import Scenario, run_data_cost, served_architecture
from core.plan.serving_setup import monthly_fleet

Cents = NDArray[np.int64]
Floats = NDArray[np.float64]
CENTS_PER_UNIT = 100
LARGEST_AMOUNT = 1e13

FIXED_COSTS = ("research_staff", "other_staff", "overhead", "experiments", "data")
COSTS = (
    *FIXED_COSTS,
    "final_runs",
    "other_infrastructure",
    "serving",
    "issuance_costs",
    "debt_service",
    "public_company",
    "collateral",
    "investor_claims",
)


@dataclass(frozen=True)
class RunPlan:
    """A final run as planned; arrays of shape (paths,). `duration_months` counts from the first day of its month."""

    planned_start: int
    duration_months: Floats
    final_run: Floats
    infrastructure_share: Floats
    may_shrink: bool

    @property
    def committed(self) -> Floats:
        """What starting the run commits the company to: accelerators and the infrastructure around them."""
        return self.final_run * (1 + self.infrastructure_share)


@dataclass(frozen=True)
class ProductPlan:
    """A product as planned; revenue and serving cost by months since launch, shape (horizon + 12, paths).

    revenue_until, serving_until: their sums before each age, (horizon + 13, paths)
    """

    planned_launch: int
    run: int | None
    revenue: Cents
    revenue_until: Cents
    serving: Cents
    serving_until: Cents


@dataclass(frozen=True)
class OperatingPlan:
    """The plan before cash decides anything. `fixed` holds each cost of FIXED_COSTS and the infrastructure around
    experiments, as positive cents of shape (horizon, paths)."""

    months: int
    paths: int
    fixed: dict[str, Cents]
    runs: tuple[RunPlan, ...]
    products: tuple[ProductPlan, ...]


def to_cents(amount: Floats | float) -> Cents:
    """Whole cents, each amount rounded once (half to even). Raises InputError above `LARGEST_AMOUNT`."""
    if np.any(np.abs(amount) > LARGEST_AMOUNT):
        raise InputError("too_large", "amount", float(np.max(np.abs(amount))), f"amount <= {LARGEST_AMOUNT:.0e}")
    return np.asarray(np.rint(np.asarray(amount) * CENTS_PER_UNIT), dtype=np.int64)


def operating_plan(scenario: Scenario, draws: Draws) -> OperatingPlan:
    """Lays out the scenario's team, overhead, preparation, runs and products over the horizon."""
    months, paths = scenario.horizon_months, path_count(draws)

    def value(field: str) -> Floats:
        return reported(scenario, draws, field)

    fixed = {name: np.zeros((months, paths), dtype=np.int64) for name in (*FIXED_COSTS, "other_infrastructure")}
    fixed["overhead"] += to_cents(value("overhead_per_month"))
    for index, role in enumerate(scenario.team):
        line = "research_staff" if role.research else "other_staff"
        fixed[line] += _payroll(scenario, index, value)
    runs = []
    for index in range(len(scenario.runs)):
        cost = run_cost(scenario, index, value)
        _lay_out_preparation(scenario, index, cost, value, fixed)
        runs.append(_run_plan(scenario, index, cost, value, paths))
    products = tuple(_product_plan(scenario, index, value, paths) for index in range(len(scenario.demand)))
    return OperatingPlan(months, paths, fixed, tuple(runs), products)


def run_cost(scenario: Scenario, index: int, value: Callable[[str], Real]) -> TrainingCost:
    """The training cost of one planned run, its fields read by `value`; without staff, which the payroll books."""
    run, at = scenario.runs[index], f"runs.{index}."
    return training_cost(
        value(at + "active_parameters"),
        value(at + "tokens"),
        value(at + "peak_flops"),
        value(at + "mfu"),
        accelerator_count=run.accelerator_count,
        price_per_hour=value(at + "price_per_hour"),
        post_training_share=value(at + "post_training_share"),
        experiment_multiplier=value(at + "experiment_multiplier"),
        other_infrastructure_multiplier=value(at + "other_infrastructure_multiplier"),
        data=_run_data(scenario, index, value),
        accelerator_watts=value(at + "accelerator_watts"),
        facility_power_ratio=value(at + "facility_power_ratio"),
    )


def _run_data(scenario: Scenario, index: int, value: Callable[[str], Real]) -> Real:
    run, at = scenario.runs[index], f"runs.{index}."
    if run.data_mix is None:
        return run_data_cost(run, value(at + "tokens"), value(at + "data_cost_per_million_tokens"))
    return run_data_cost(run, value(at + "tokens"), 0.0) * float(rate(scenario, run.currency))


def preparation(scenario: Scenario, index: int) -> tuple[int, int]:
    """First month of a run's experiments and the month after their last; its start month if there is none before."""
    start = months_between(scenario.founding, scenario.runs[index].start)
    first = max(0, start - scenario.runs[index].preparation_months)
    return (first, start) if first < start else (start, start + 1)


def _payroll(scenario: Scenario, index: int, value: Callable[[str], Floats]) -> Cents:
    at = f"team.{index}."
    months_in_role = np.arange(scenario.horizon_months) - months_between(scenario.founding, scenario.team[index].start)
    years_in_role = months_in_role[:, None] / MONTHS_PER_YEAR
    headcount = value(at + "headcount") + value(at + "hires_per_year") * years_in_role
    return to_cents(np.where(years_in_role >= 0, staff_cost(headcount, value(at + "yearly_cost")), 0.0))


def _lay_out_preparation(
    scenario: Scenario, index: int, cost: TrainingCost, value: Callable[[str], Floats], fixed: dict[str, Cents]
) -> None:
    first, end = preparation(scenario, index)
    experiments = np.asarray(cost.all_compute - cost.final_run)
    share = value(f"runs.{index}.other_infrastructure_multiplier") - 1
    for line, amount in (
        ("experiments", experiments),
        ("data", np.asarray(cost.data)),
        ("other_infrastructure", experiments * share),
    ):
        total = to_cents(amount)
        for month in range(first, min(end, scenario.horizon_months)):
            done, after = month - first, month - first + 1
            fixed[line][month] += spread(total, after / (end - first)) - spread(total, done / (end - first))


def _run_plan(
    scenario: Scenario, index: int, cost: TrainingCost, value: Callable[[str], Floats], paths: int
) -> RunPlan:
    run = scenario.runs[index]

    def each_path(values: object) -> Floats:
        return np.broadcast_to(np.asarray(values, dtype=np.float64), (paths,))

    return RunPlan(
        planned_start=months_between(scenario.founding, run.start),
        duration_months=each_path(cost.days * value(f"runs.{index}.schedule_slip")) / DAYS_PER_MONTH,
        final_run=each_path(cost.final_run),
        infrastructure_share=each_path(value(f"runs.{index}.other_infrastructure_multiplier") - 1),
        may_shrink=run.if_cash_is_short == "shrink",
    )


def _product_plan(scenario: Scenario, index: int, value: Callable[[str], Floats], paths: int) -> ProductPlan:
    product, at = scenario.demand[index], f"demand.{index}."
    usage = usage_million_tokens(
        value(at + "million_tokens_first_month"),
        value(at + "monthly_growth"),
        value(at + "growth_half_life_months"),
        scenario.horizon_months + MONTHS_PER_YEAR,
    )
    shape = (scenario.horizon_months + MONTHS_PER_YEAR, paths)
    revenue = to_cents(tokens_value(usage, value(at + "price_per_million_tokens")))
    serving = to_cents(_serving_cost(scenario, index, usage, value))

    def until(cents: Cents) -> Cents:
        sums = np.concatenate([np.zeros_like(cents[:1]), np.cumsum(cents, axis=0)])
        return np.broadcast_to(sums, (shape[0] + 1, paths))

    names = [run.name for run in scenario.runs]
    return ProductPlan(
        planned_launch=months_between(scenario.founding, product.launch),
        run=names.index(product.run) if product.run is not None else None,
        revenue=np.broadcast_to(revenue, shape),
        revenue_until=until(revenue),
        serving=np.broadcast_to(serving, shape),
        serving_until=until(serving),
    )


def _serving_cost(scenario: Scenario, index: int, usage: Floats, value: Callable[[str], Floats]) -> Floats:
    product, at = scenario.demand[index], f"demand.{index}."
    if product.serving is None:
        return np.asarray(tokens_value(usage, value(at + "serving_cost_per_million_tokens")))
    architecture = served_architecture(scenario, product)
    assert architecture is not None, "the scenario has refused it"
    carried = monthly_fleet(
        product.serving,
        architecture,
        usage,
        efficiency=value(at + "serving.efficiency"),
        price_per_hour=value(at + "serving.price_per_hour"),
    )
    return np.asarray(carried.bill_per_month)


def spread(total: Cents, share: Floats | float) -> Cents:
    """Whole cents booked when a share (0 to 1) of a total is done; differences of it add up to the total exactly."""
    return np.asarray(np.rint(total * share), dtype=np.int64)
