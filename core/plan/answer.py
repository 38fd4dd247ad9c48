"""The answer to a scenario under one strategy, on one path: what is needed, how long it lasts, what is left.

Words as the plan uses them: *funds needed* is the deepest cumulative cash before financing plus the reserve; *dry* is
the first month that ends below zero; *raise by* is the cash-out date less the months that a round takes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import numpy as np

from core.capital.cap_table import CapTable, apply, fold, fully_diluted
from core.capital.securities import OptionsGranted
from core.capital.waterfall import Payout, sale
from core.plan.calendar import month_after
from core.plan.metrics import YearFigures, year_figures
from core.plan.operating import CENTS_PER_USD
from core.plan.replay import exact, path_events, replay
from core.plan.run_outcomes import RunOutcome, run_outcomes
from core.plan.scenario import OPTION_POOL, Scenario
from core.plan.simulate import FLOWS, Simulation, simulate, unfunded
from core.plan.strategies import Strategy

PATH = 0


@dataclass(frozen=True)
class FinancingOutcome:
    """One financing: `closed` is None where the company had run dry or the date is past the horizon.

    cash_out_without: the month the cash ends if this and all later financings do not come; None if it never does
    runs_without: runs that then start later than they would, or never
    raise_by: the cash-out month, or the planned start of the first of those runs, less the time a round takes
    founders_share: fully diluted, right after it
    """

    name: str
    kind: str
    planned: date
    closed: date | None
    amount_usd: float
    valuation_usd: float
    cash_out_without: date | None
    runs_without: tuple[str, ...]
    raise_by: date | None
    founders_share: float | None


@dataclass(frozen=True)
class Exit:
    """The company valued at the horizon and sold: enterprise value, cash and costs make the proceeds."""

    month: date
    forward_revenue_usd: float
    enterprise_value_usd: float
    cash_usd: float
    transaction_cost_usd: float
    payout: Payout


@dataclass(frozen=True)
class Answer:
    """Everything the Plan page and the command line show.

    operating_plan: the plan as if money were no object; deepest_operating_cash_usd: its lowest cumulative cash
    runway_months: months from founding to the dry month; None if cash outlasts the horizon
    next_financing: the first financing after founding that the company cannot do without, None if there is none;
        without_next: the plan if it and all later ones do not come
    raise_by: when to have the missing money: before the dry month, or before the next financing is due
    exit: None for a company that ran dry
    """

    strategy: str
    simulation: Simulation
    operating_plan: Simulation
    cap_table: CapTable
    funds_needed_usd: float
    deepest_operating_cash_usd: float
    deepest_month: date
    horizon: date
    dry: date | None
    runway_months: int | None
    next_financing: FinancingOutcome | None
    without_next: Simulation | None
    cash_out: date | None
    raise_by: date | None
    founders_share: Fraction
    founders_proceeds_usd: Fraction
    exit: Exit | None
    financings: tuple[FinancingOutcome, ...]
    runs: tuple[RunOutcome, ...]
    years: tuple[YearFigures, ...]


def answer(scenario: Scenario, strategy: Strategy) -> Answer:
    """Simulates the plan without uncertainty and reads every headline figure off it.

    Raises InputError where a financing cannot be priced.
    """
    simulation = simulate(scenario, strategy, {})
    table = replay(scenario, strategy, simulation, PATH)
    operating_plan = unfunded(scenario, {})
    operating = np.cumsum(np.sum([operating_plan.flows[name][:, PATH] for name in FLOWS], axis=0)) / CENTS_PER_USD
    deepest_month = int(operating.argmin())
    dry = _month(scenario, simulation.dry[PATH])
    without = [_without(scenario, strategy, index) for index in range(len(strategy.financings))]
    financings = _financing_outcomes(scenario, strategy, simulation, without)
    needed = [
        index
        for index, one in enumerate(financings)
        if dry is None and one.planned > scenario.founding and one.raise_by is not None
    ]
    next_financing = financings[needed[0]] if needed else None
    cash_out = next_financing.cash_out_without if next_financing else dry
    founders = {holder.name for holder in scenario.holders if holder.founder}
    sold = _sold(scenario, simulation, table) if dry is None else None
    return Answer(
        strategy=strategy.name,
        simulation=simulation,
        operating_plan=operating_plan,
        cap_table=table,
        funds_needed_usd=max(0.0, -float(operating[deepest_month])) + scenario.reserve_usd,
        deepest_operating_cash_usd=float(operating[deepest_month]),
        deepest_month=month_after(scenario.founding, deepest_month),
        horizon=month_after(scenario.founding, scenario.horizon_months),
        dry=dry,
        runway_months=int(simulation.dry[PATH]) if dry else None,
        next_financing=next_financing,
        without_next=without[needed[0]] if needed else None,
        cash_out=cash_out,
        raise_by=next_financing.raise_by if next_financing else _raise_by(scenario, cash_out),
        founders_share=_held_by(founders, fully_diluted(table)),
        founders_proceeds_usd=_held_by(founders, sold.payout.by_holder) if sold else Fraction(0),
        exit=sold,
        financings=financings,
        runs=run_outcomes(scenario, simulation, PATH),
        years=year_figures(scenario, simulation, PATH),
    )


def _financing_outcomes(
    scenario: Scenario, strategy: Strategy, simulation: Simulation, without: list[Simulation]
) -> tuple[FinancingOutcome, ...]:
    outcomes = []
    founders = {holder.name for holder in scenario.holders if holder.founder}
    events = path_events(scenario, strategy, simulation, PATH)
    # The last tables are those after the financings that closed, in order; the first are the founding's.
    tables = iter(fold(events)[len(events) - int((simulation.closed[:, PATH] < simulation.months).sum()) :])
    for index, financing in enumerate(strategy.financings):
        terms, closed = simulation.terms[index], int(simulation.closed[index, PATH])
        cash_out = _month(scenario, without[index].dry[PATH])
        happened = closed < simulation.months
        late = [
            run
            for run, start, start_without in zip(
                scenario.runs, simulation.run_start[:, PATH], without[index].run_start[:, PATH], strict=True
            )
            if start_without > start
        ]
        missed = min([*([cash_out] if cash_out else []), *(run.start for run in late)], default=None)
        outcomes.append(
            FinancingOutcome(
                name=financing.name,
                kind=financing.kind,
                planned=financing.date,
                closed=_month(scenario, closed),
                amount_usd=float(terms.amount_usd[PATH]),
                valuation_usd=float(terms.valuation_usd[PATH]),
                cash_out_without=cash_out,
                runs_without=tuple(run.name for run in late),
                raise_by=_raise_by(scenario, missed),
                founders_share=float(_held_by(founders, fully_diluted(next(tables)))) if happened else None,
            )
        )
    return tuple(outcomes)


def _without(scenario: Scenario, strategy: Strategy, index: int) -> Simulation:
    """The plan if the financings from this one on do not come."""
    shorter = strategy.model_copy(update={"financings": strategy.financings[:index]})
    return simulate(scenario.model_copy(update={"strategies": (shorter,)}), shorter, {})


def _sold(scenario: Scenario, simulation: Simulation, table: CapTable) -> Exit:
    rule = scenario.valuation
    forward_revenue = int(simulation.forward_revenue[PATH]) / CENTS_PER_USD
    enterprise_value = forward_revenue * rule.forward_revenue_multiple * (1 - rule.discount)
    cash = int(simulation.cash[-1, PATH]) / CENTS_PER_USD
    costs = enterprise_value * rule.transaction_cost_share
    horizon = month_after(scenario.founding, scenario.horizon_months)
    payout = sale(with_vested_pool(scenario, table), _cents(enterprise_value + cash), costs_usd=_cents(costs))
    return Exit(horizon, forward_revenue, enterprise_value, cash, costs, payout)


def with_vested_pool(scenario: Scenario, table: CapTable) -> CapTable:
    """The table as a sale at the horizon finds it: the vested part of the pool is granted, the rest will vanish."""
    vested = int(table.unissued_pool * exact(scenario.valuation.option_pool_vested))
    horizon = month_after(scenario.founding, scenario.horizon_months)
    return apply(table, OptionsGranted(horizon, OPTION_POOL, vested)) if vested else table


def _cents(usd: float) -> Fraction:
    return Fraction(round(usd * CENTS_PER_USD), CENTS_PER_USD)


def _held_by(names: set[str], held: Mapping[str, Fraction]) -> Fraction:
    return sum((share for name, share in held.items() if name in names), Fraction(0))


def _month(scenario: Scenario, month: int) -> date | None:
    return month_after(scenario.founding, int(month)) if month < scenario.horizon_months else None


def _raise_by(scenario: Scenario, cash_out: date | None) -> date | None:
    if cash_out is None:
        return None
    return max(scenario.founding, month_after(cash_out, -scenario.raise_lead_months))
