"""What becomes of each planned run: when it starts and ends, how large it is, what it costs and what loss it buys."""

import math
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from core.compute.scaling import compute_optimal, loss
from core.compute.training import TrainingCost
from core.plan.calendar import DAYS_PER_MONTH, month_after, months_between
from core.plan.currency import reported_plainly
from core.plan.operating import CENTS_PER_UNIT, operating_plan, preparation, run_cost
from core.plan.scenario import Scenario
from core.plan.simulate import Simulation


@dataclass(frozen=True)
class RunOutcome:
    """One run on one path; `started` and `ended` are None where it did not get that far.

    size: share of the planned FLOPs; below 1 it shrank to the compute-optimal model of those FLOPs, or to fewer tokens
    parameters (active), tokens: of the model it trains, the planned one if it never starts
    loss: nats a token; None for a run that continues another model, of which no scaling law speaks
    cost: as planned, with the part of the research payroll that falls to it
    """

    name: str
    planned: date
    started: date | None
    ended: date | None
    months_late: int
    size: float
    parameters: float
    tokens: float
    loss: float | None
    cost: TrainingCost


def run_outcomes(
    scenario: Scenario, simulation: Simulation, path: int, costs: tuple[TrainingCost, ...]
) -> tuple[RunOutcome, ...]:
    """The fate of every planned run on one path; `costs` as planned."""
    return tuple(_outcome(scenario, simulation, path, index, cost) for index, cost in enumerate(costs))


def planned_costs(scenario: Scenario) -> tuple[TrainingCost, ...]:
    """The cost of every run as planned, in plain floats, with the part of the research payroll that falls to it."""
    without_staff = [_cost_without_staff(scenario, index) for index in range(len(scenario.runs))]
    staff = _research_staff(scenario, [float(cost.days) for cost in without_staff])
    return tuple(
        replace(cost, staff=its, all_in=cost.all_in + its) for cost, its in zip(without_staff, staff, strict=True)
    )


def _outcome(scenario: Scenario, simulation: Simulation, path: int, index: int, cost: TrainingCost) -> RunOutcome:
    run = scenario.runs[index]
    size = float(simulation.run_size[index, path])
    parameters, tokens = run.active_parameters, run.tokens
    if size < 1 and run.continues is None:
        pre_training = float(cost.flops) / (1 + run.post_training_share) * size
        parameters, tokens = (float(value) for value in compute_optimal(pre_training))
    elif size < 1:
        tokens *= size
    start, end = int(simulation.run_start[index, path]), int(simulation.run_end[index, path])
    dry = int(simulation.dry[path])
    started = start < simulation.months
    return RunOutcome(
        name=run.name,
        planned=run.start,
        started=month_after(scenario.founding, start) if started else None,
        ended=month_after(scenario.founding, end) if started and end <= min(dry, simulation.months) else None,
        months_late=start - months_between(scenario.founding, run.start) if started else 0,
        size=size,
        parameters=parameters,
        tokens=tokens,
        loss=float(loss(parameters, tokens)) if run.continues is None else None,
        cost=cost,
    )


def _cost_without_staff(scenario: Scenario, index: int) -> TrainingCost:
    return run_cost(scenario, index, lambda field: reported_plainly(scenario, field))


def _research_staff(scenario: Scenario, days: list[float]) -> tuple[float, ...]:
    """Research payroll that falls to each run, from its first experiment to its planned end `days` after its start.

    A month in which several runs are under way is shared between them, so that nobody is paid twice.
    """
    payroll = operating_plan(scenario, {}).fixed["research_staff"][:, 0] / CENTS_PER_UNIT
    under_way = np.zeros((len(scenario.runs), scenario.horizon_months))
    for index in range(len(scenario.runs)):
        first, start = preparation(scenario, index)[0], months_between(scenario.founding, scenario.runs[index].start)
        under_way[index, first : start + math.ceil(days[index] / DAYS_PER_MONTH)] = 1
    shares = under_way / np.maximum(under_way.sum(axis=0), 1)
    return tuple(float(amount) for amount in shares @ payroll)
