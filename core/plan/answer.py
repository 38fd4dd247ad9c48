"""The answer to a scenario under one strategy, on one path: what is needed, how long it lasts, what is left.

Words as the plan uses them: *funds needed* is the deepest cumulative cash before financing plus the reserve; *dry* is
the first month that ends below zero; *raise by* is when to start raising: the cash-out date less the months that
a round takes.
"""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import numpy as np

from core.capital.cap_table import CapTable, fully_diluted
from core.compute.training import TrainingCost
from core.plan.calendar import month_after
from core.plan.control import Votes, founders, held_by, majority_lost, votes_over_time
from core.plan.currency import reported_plainly
from core.plan.financing_outcomes import (
    FinancingOutcome,
    financing_outcomes,
    month_or_none,
    raise_by,
)
from core.plan.metrics import YearFigures, year_figures
from core.plan.operating import CENTS_PER_UNIT
from core.plan.proceeds import (
    Exit,
    ProviderReturn,
    founders_flows,
    offered_shares,
    present_value,
    provider_returns,
    value_at_horizon,
)
from core.plan.replay import history
from core.plan.run_outcomes import RunOutcome, planned_costs, run_outcomes
from core.plan.scenario import Scenario
from core.plan.simulate import FLOWS, Simulation, simulate
from core.plan.strategies import Strategy
from core.plan.values import Currency
from core.plan.what_if import WhatIf, what_ifs

PATH = 0


@dataclass(frozen=True)
class Answer:
    """Everything the Plan page and the command line show.

    currency: the reporting currency, of every amount
    operating_plan: the plan as if money were no object; deepest_operating_cash: its lowest cumulative cash
    runway_months: months from founding to the dry month; None if cash outlasts the horizon
    next_financing: the first financing still to come (after founding and the day of the scenario's figures) that the
        company cannot do without, None if there is none;
        without_next: the plan if it and all later ones do not come
    raise_by: when to start raising, so that the money comes before the dry month or, if it is planned, as the next
        financing
    founders_share: fully diluted; founders_votes: of issued stock; both at the end; votes: of everybody over time
    majority_lost: first month in which the founders have no more than half of the votes, None if they keep it
    founders_proceeds: shares sold in offerings and the exit, before tax; its present value is at founding;
        founders_sold_before: the part of it that offerings brought
    raised: all financings that closed; exit: None for a company that ran dry
    returns: what each financing that closed earns its provider, then their total: the cost of capital
    """

    strategy: str
    currency: Currency
    simulation: Simulation
    operating_plan: Simulation
    cap_table: CapTable
    funds_needed: float
    deepest_operating_cash: float
    deepest_month: date
    horizon: date
    dry: date | None
    runway_months: int | None
    next_financing: FinancingOutcome | None
    without_next: Simulation | None
    cash_out: date | None
    raise_by: date | None
    founders_share: Fraction
    founders_votes: Fraction
    votes: tuple[Votes, ...]
    majority_lost: date | None
    founders_proceeds: float
    founders_sold_before: float
    founders_present_value: float
    raised: float
    exit: Exit | None
    returns: tuple[ProviderReturn, ...]
    financings: tuple[FinancingOutcome, ...]
    runs: tuple[RunOutcome, ...]
    years: tuple[YearFigures, ...]

    @property
    def owners(self) -> tuple[str, ...]:
        """Who owns a part in any month until the cash ends, in the order in which all charts colour them."""
        held = self.simulation.ownership[: int(self.simulation.dry[PATH]) + 1, :, PATH]
        return tuple(name for index, name in enumerate(self.simulation.classes) if held[:, index].any())


def without_luck(scenario: Scenario) -> Scenario:
    """The scenario without what may come otherwise than planned, of which its answers know nothing."""
    return scenario.model_copy(update={"fundraising": None, "uncertainty": ()})


def answers(scenario: Scenario) -> tuple[Answer, ...]:
    """The answer of every strategy over the one operating plan."""
    return _answers(scenario, scenario.strategies)


def answer(scenario: Scenario, strategy: Strategy) -> Answer:
    """Simulates the plan without uncertainty and reads every headline figure off it.

    Raises InputError where a financing cannot be priced.
    """
    return _answers(scenario, (strategy,))[0]


def _answers(scenario: Scenario, strategies: tuple[Strategy, ...]) -> tuple[Answer, ...]:
    found, costs = what_ifs(scenario, strategies), planned_costs(scenario)
    return tuple(
        _answer(scenario, strategy, found.unfunded, one, costs)
        for strategy, one in zip(strategies, found.strategies, strict=True)
    )


def _answer(
    scenario: Scenario, strategy: Strategy, operating_plan: Simulation, what_if: WhatIf, costs: tuple[TrainingCost, ...]
) -> Answer:
    simulation, without = what_if.planned, what_if.without
    steps = history(scenario, strategy, simulation, PATH)
    table, cast, names = steps[-1].table, votes_over_time(scenario, steps), founders(scenario)
    operating = np.cumsum(np.sum([operating_plan.flows[name][:, PATH] for name in FLOWS], axis=0)) / CENTS_PER_UNIT
    deepest_month = int(operating.argmin())
    dry = month_or_none(scenario, simulation.dry[PATH])
    financings = financing_outcomes(scenario, strategy, simulation, without, steps)
    needed = [
        index
        for index, one in enumerate(financings)
        if dry is None and one.planned > max(scenario.founding, scenario.figures_as_of) and one.raise_by is not None
    ]
    next_financing = financings[needed[0]] if needed else None
    cash_out = next_financing.cash_out_without if next_financing else dry
    exit_value = value_at_horizon(scenario, simulation, table, PATH) if dry is None else None
    offered = offered_shares(steps, simulation, PATH)
    received = founders_flows(scenario, offered, exit_value)
    return Answer(
        strategy=strategy.name,
        currency=scenario.reporting_currency,
        simulation=simulation,
        operating_plan=operating_plan,
        cap_table=table,
        funds_needed=max(0.0, -float(operating[deepest_month])) + reported_plainly(scenario, "reserve"),
        deepest_operating_cash=float(operating[deepest_month]),
        deepest_month=month_after(scenario.founding, deepest_month),
        horizon=month_after(scenario.founding, scenario.horizon_months),
        dry=dry,
        runway_months=int(simulation.dry[PATH]) if dry else None,
        next_financing=next_financing,
        without_next=without[needed[0]] if needed else None,
        cash_out=cash_out,
        raise_by=next_financing.raise_by if next_financing else raise_by(scenario, cash_out),
        founders_share=held_by(names, fully_diluted(table)),
        founders_votes=held_by(names, cast[-1].by_holder),
        votes=cast,
        majority_lost=majority_lost(scenario, cast),
        founders_proceeds=sum(amount for _, amount in received),
        founders_sold_before=sum(amount for _, amount in founders_flows(scenario, offered, None)),
        founders_present_value=present_value(received, scenario.valuation.founders_discount_rate, scenario.founding),
        raised=sum(one.amount for one in financings if one.closed),
        exit=exit_value,
        returns=provider_returns(scenario, simulation, offered, exit_value),
        financings=financings,
        runs=run_outcomes(scenario, simulation, PATH, costs),
        years=year_figures(scenario, simulation, PATH),
    )


def founders_value(scenario: Scenario, strategy: Strategy) -> float:
    """Present value of what the founders get: an answer's one figure, by itself."""
    simulation = simulate(scenario, strategy, {})
    steps = history(scenario, strategy, simulation, PATH)
    survives = simulation.dry[PATH] == simulation.months
    exit_value = value_at_horizon(scenario, simulation, steps[-1].table, PATH) if survives else None
    received = founders_flows(scenario, offered_shares(steps, simulation, PATH), exit_value)
    return present_value(received, scenario.valuation.founders_discount_rate, scenario.founding)
