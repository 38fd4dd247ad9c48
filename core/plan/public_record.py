"""What a real company published, beside what its plan simulates for the same period.

A plan is of a company when the company's name opens the plan's ("Zhipu, as published").
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from core.capital.histories import (
    PublishedFigure,
    PublishedFinancing,
    PublishedModel,
    published_figures,
    published_financings,
    published_models,
)
from core.plan.calendar import MONTHS_PER_YEAR, months_between
from core.plan.currency import converted
from core.plan.operating import CENTS_PER_UNIT, COSTS
from core.plan.scenario import Scenario
from core.plan.simulate import Simulation

# What no income statement calls a cost of the business.
OPERATING_COSTS = tuple(name for name in COSTS if name not in ("issuance_costs", "debt_service"))
COMPUTE = ("experiments", "final_runs", "other_infrastructure")
# An adjusted loss is costs less revenue; like the plan it leaves out share-based pay and changes of fair value.
FLOWS_OF: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "revenue": ("revenue",),
        "adjusted_net_loss": ("revenue", *OPERATING_COSTS),
        "compute_spending": COMPUTE,
        "planned_capital_spending": COMPUTE,
    }
)
STOCKS = ("cash", "annualised_revenue", "employees")
SPENDING = ("adjusted_net_loss", "compute_spending", "planned_capital_spending")
MONTHS_OF_PART = {"": MONTHS_PER_YEAR, "9M": 9, "H1": 6}


@dataclass(frozen=True)
class Beside:
    """A published figure in the reporting currency (a count as it is) and the plan's own; None where it has none."""

    figure: PublishedFigure
    published: float
    simulated: float | None


@dataclass(frozen=True)
class PublicRecord:
    """All that is published about the company whose plan this is."""

    company: str
    figures: tuple[Beside, ...]
    models: tuple[PublishedModel, ...]
    financings: tuple[PublishedFinancing, ...]


def public_record(scenario: Scenario, simulation: Simulation) -> PublicRecord | None:
    """The record beside this plan's first path; None where the plan is no published company's."""
    company = company_of(scenario)
    if company is None:
        return None
    return PublicRecord(
        company=company,
        figures=tuple(beside(scenario, simulation, one) for one in published_figures() if one.company == company),
        models=tuple(one for one in published_models() if one.company == company),
        financings=tuple(one for one in published_financings() if one.company == company),
    )


def company_of(scenario: Scenario) -> str | None:
    companies = dict.fromkeys(one.company for one in published_financings())
    return next((company for company in companies if scenario.name.startswith(f"{company},")), None)


def beside(scenario: Scenario, simulation: Simulation, figure: PublishedFigure) -> Beside:
    """One figure and the plan's own: flows of its period, or a stock at the end of its month."""
    published = figure.value
    if figure.currency is not None:
        published = converted(scenario, figure.value, figure.currency, scenario.reporting_currency)
    return Beside(figure, published, _simulated(scenario, simulation, figure))


def _simulated(scenario: Scenario, simulation: Simulation, figure: PublishedFigure) -> float | None:
    if figure.figure in FLOWS_OF:
        return _over_period(scenario, simulation, figure)
    return _at_day(scenario, simulation, figure) if figure.figure in STOCKS else None


def _over_period(scenario: Scenario, simulation: Simulation, figure: PublishedFigure) -> float | None:
    year, _, part = figure.period.partition("-")
    first = months_between(scenario.founding, date(int(year), 1, 1))
    end = first + MONTHS_OF_PART[part]
    if not 0 <= first < end <= simulation.months:
        return None
    total = sum(float(simulation.flows[name][first:end, 0].sum()) for name in FLOWS_OF[figure.figure])
    return (-total if figure.figure in SPENDING else total) / CENTS_PER_UNIT


def _at_day(scenario: Scenario, simulation: Simulation, figure: PublishedFigure) -> float | None:
    day = date.fromisoformat(figure.period)
    month = months_between(scenario.founding, day.replace(day=1))
    if not 0 <= month < simulation.months:
        return None
    if figure.figure == "employees":
        return headcount(scenario, day)
    if figure.figure == "annualised_revenue":
        return MONTHS_PER_YEAR * float(simulation.flows["revenue"][month, 0]) / CENTS_PER_UNIT
    return float(simulation.cash[month, 0]) / CENTS_PER_UNIT


def headcount(scenario: Scenario, day: date) -> float:
    """People of all roles that have begun by then."""
    return sum(
        role.headcount + role.hires_per_year * months_between(role.start, day.replace(day=1)) / MONTHS_PER_YEAR
        for role in scenario.team
        if role.start <= day
    )
