"""Figures that investors ask for: burn multiple, Rule of 40, default alive. Undefined ones are None, never 0."""

import math
from dataclasses import dataclass
from datetime import date

from core.plan.calendar import MONTHS_PER_YEAR, month_after
from core.plan.currency import converted
from core.plan.operating import CENTS_PER_UNIT, COSTS
from core.plan.scenario import Scenario
from core.plan.simulate import Simulation

LONGEST_WAIT_MONTHS = 240
RECENT_MONTHS = 3
# The rule is one for companies at scale; its author has it speak from 1M USD of monthly recurring revenue on (Feld,
# "The Rule of 40% for a Healthy SaaS Company", 3 February 2015). Growth from less says little.
RULE_OF_40_ARR_USD = 12e6
COMPUTE = ("experiments", "final_runs", "other_infrastructure", "serving")


@dataclass(frozen=True)
class YearFigures:
    """Twelve months (fewer in the last year of the horizon), the last of them `last_month`; USD.

    arr: annual recurring revenue, twelve times the last month's revenue
    net_burn: costs that no compute credits paid less revenue; negative for a company that earns more than it spends
    rule_of_40: None unless the year before ended with an ARR of RULE_OF_40_ARR_USD
    default_alive: at the costs and growth of the last three months, so without the training runs still to come
    """

    last_month: date
    revenue: float
    costs: float
    compute: float
    net_burn: float
    cash: float
    arr: float
    burn_multiple: float | None
    rule_of_40: float | None
    default_alive: bool


def burn_multiple(net_burn: float, net_new_arr: float) -> float | None:
    """Net burn for each USD of new annual recurring revenue (Sacks 2020); None without new revenue or without burn."""
    if net_burn <= 0 or net_new_arr <= 0:
        return None
    return net_burn / net_new_arr


def rule_of_40(revenue: float, revenue_before: float, profit: float) -> float | None:
    """Growth plus margin over a year, as a fraction (Feld 2015: at least 0.4); None in the first year of revenue."""
    if revenue <= 0 or revenue_before <= 0:
        return None
    return revenue / revenue_before - 1 + profit / revenue


def default_alive(cash: float, gross_profit_per_month: float, monthly_growth: float, costs_per_month: float) -> bool:
    """Whether today's cash lasts until profit, costs constant and gross profit growing as lately (Graham 2015)."""
    for _ in range(LONGEST_WAIT_MONTHS):
        if gross_profit_per_month >= costs_per_month:
            return True
        cash += gross_profit_per_month - costs_per_month
        if cash < 0:
            return False
        gross_profit_per_month *= 1 + monthly_growth
    return False


def year_figures(scenario: Scenario, simulation: Simulation, path: int) -> tuple[YearFigures, ...]:
    """The figures of each year from founding to the horizon, or to the month the cash ran out."""
    end = min(simulation.months, int(simulation.dry[path]) + 1)
    least_arr = converted(scenario, RULE_OF_40_ARR_USD, "USD", scenario.reporting_currency)
    years: list[YearFigures] = []
    for first in range(0, end, MONTHS_PER_YEAR):
        span = slice(first, min(first + MONTHS_PER_YEAR, end))
        flows = {name: simulation.flows[name][span, path] / CENTS_PER_UNIT for name in simulation.flows}
        revenue = float(flows["revenue"].sum())
        costs = -sum(float(flows[name].sum()) for name in COSTS)
        arr = float(flows["revenue"][-1]) * MONTHS_PER_YEAR
        net_burn = costs - revenue - float(flows["compute_credits"].sum())
        before = years[-1] if years else None
        whole_year = span.stop - span.start == MONTHS_PER_YEAR
        years.append(
            YearFigures(
                last_month=month_after(scenario.founding, span.stop - 1),
                revenue=revenue,
                costs=costs,
                compute=-sum(float(flows[name].sum()) for name in COMPUTE),
                net_burn=net_burn,
                cash=float(simulation.cash[span.stop - 1, path]) / CENTS_PER_UNIT,
                arr=arr,
                burn_multiple=burn_multiple(net_burn, arr - (before.arr if before else 0.0)),
                rule_of_40=rule_of_40(revenue, before.revenue, revenue - costs)
                if before and whole_year and before.arr >= least_arr
                else None,
                default_alive=_default_alive(simulation, path, span.stop - 1),
            )
        )
    return tuple(years)


def _default_alive(simulation: Simulation, path: int, month: int) -> bool:
    recent = slice(max(0, month + 1 - RECENT_MONTHS), month + 1)
    before = slice(max(0, recent.start - RECENT_MONTHS), recent.start)

    def monthly(names: tuple[str, ...], span: slice) -> float:
        months = float(max(1, span.stop - span.start))
        return sum(float(simulation.flows[name][span, path].sum()) for name in names) / CENTS_PER_UNIT / months

    revenue, revenue_before = monthly(("revenue",), recent), monthly(("revenue",), before)
    growing = revenue > 0 and revenue_before > 0
    growth = math.pow(revenue / revenue_before, 1 / RECENT_MONTHS) - 1 if growing else 0.0
    fixed = tuple(name for name in COSTS if name != "serving")
    cash = float(simulation.cash[month, path]) / CENTS_PER_UNIT
    return default_alive(cash, monthly(("revenue", "serving"), recent), growth, -monthly(fixed, recent))
