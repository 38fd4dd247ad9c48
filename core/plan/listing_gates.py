"""Whether each exchange would list the plan's company, month by month, and what is missing."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import numpy as np

from core.capital.deals.listing_rules import (
    FIRST_DAY,
    FigureRow,
    ListingCheck,
    ListingOutcome,
    PeriodFigures,
    StandardRow,
    listing_gates,
)
from core.plan.calendar import MONTHS_PER_YEAR, month_after, months_between
from core.plan.currency import rate
from core.plan.listing_rules import FIGURES, Company
from core.plan.operating import CENTS_PER_UNIT, OperatingPlan, operating_plan
from core.plan.scenario import Scenario
from core.plan.simulate import Simulation, forward_figures
from core.plan.valuation_rule import enterprise_value
from core.plan.values import Currency

ANY_PRICE = Fraction(10**6)
RULE_CURRENCIES: tuple[Currency, ...] = ("USD", "HKD", "CNY")


@dataclass(frozen=True)
class GateMonth:
    """What each market says in one month: `met` names the markets that would list the company."""

    date: date
    outcome: ListingOutcome

    @property
    def met(self) -> tuple[str, ...]:
        return self.outcome.markets_met


def gates_by_month(scenario: Scenario, simulation: Simulation, gross: float, path: int) -> tuple[GateMonth, ...]:
    """Every market's rules in each month in which the company lives, from its second year and the rules' first day on;
    `gross` is what an offering would sell."""
    plan, end = operating_plan(scenario, {}), min(simulation.months, int(simulation.dry[path]))
    figures = _figures(simulation, end, path)
    first = max(MONTHS_PER_YEAR, months_between(scenario.founding, FIRST_DAY.replace(day=1)) + 1)
    return tuple(
        GateMonth(
            month_after(scenario.founding, month),
            _check(scenario, _company(scenario, simulation, plan, gross, month), figures[:month], path),
        )
        for month in range(first, end)
    )


def gates_in(scenario: Scenario, simulation: Simulation, gross: float, month: int, path: int) -> ListingOutcome:
    """Every market's rules in one month, the first being 1."""
    company = _company(scenario, simulation, operating_plan(scenario, {}), gross, month)
    return _check(scenario, company, _figures(simulation, month, path), path)


def nearest_standard(outcome: ListingOutcome, market: str) -> tuple[StandardRow, tuple[FigureRow, ...]]:
    """The standard of a market that lacks the fewest figures, by the least, and the rows of those that it lacks."""

    def lacking(standard: StandardRow) -> tuple[FigureRow, ...]:
        own = (standard.market, standard.standard)
        return tuple(one for one in outcome.figures if (one.market, one.standard) == own and not one.met)

    def distance(standard: StandardRow) -> tuple[int, Fraction]:
        reached = [(one.value or Fraction(0)) / one.threshold for one in lacking(standard) if one.threshold]
        return len(standard.missing), -min(reached, default=Fraction(0))

    best = min((one for one in outcome.standards if one.market == market), key=distance)
    return best, lacking(best)


def _company(scenario: Scenario, simulation: Simulation, plan: OperatingPlan, gross: float, month: int) -> Company:
    revenue, ebitda = (cents / CENTS_PER_UNIT for cents in forward_figures(simulation, plan, month))
    cash, debt = (amounts[month - 1] / CENTS_PER_UNIT for amounts in (simulation.cash, simulation.debts))
    value = np.maximum(enterprise_value(scenario.valuation, revenue, ebitda, listed=True) + cash - debt, 0.0)
    return Company(month, simulation.flows, cash, debt, value, np.full_like(value, gross))


def _exactly(amount: float) -> Fraction:
    return Fraction(round(float(amount) * CENTS_PER_UNIT), CENTS_PER_UNIT)


def _figures(simulation: Simulation, months: int, path: int) -> tuple[PeriodFigures, ...]:
    """The figures of each of the first months."""
    nothing = np.zeros(simulation.cash.shape[1])
    company = Company(months, simulation.flows, nothing, nothing, nothing, nothing)
    kept = {name: company.monthly(name)[:, path] for name in FIGURES}
    return tuple(
        PeriodFigures(**{name: _exactly(values[month]) for name, values in kept.items()}) for month in range(months)
    )


def _check(scenario: Scenario, company: Company, months: tuple[PeriodFigures, ...], path: int) -> ListingOutcome:
    """The exact check of one path, its figures with their source and what is missing."""
    at, reporting = company.at_listing, scenario.reporting_currency
    others = [currency for currency in RULE_CURRENCIES if currency != reporting]
    return listing_gates(
        ListingCheck(
            on=month_after(scenario.founding, company.month),
            currency=reporting,
            rates=tuple((currency, 1 / rate(scenario, currency)) for currency in others),
            months=months,
            market_capitalization=_exactly(at["market_capitalization"][path]),
            public_float_value=_exactly(at["public_float_value"][path]),
            offering_gross=_exactly(at["offering_gross"][path]),
            offer_price=ANY_PRICE,
            total_assets=_exactly(at["total_assets"][path]),
            stockholders_equity=_exactly(at["stockholders_equity"][path]),
            operating_years=Fraction(company.month, MONTHS_PER_YEAR),
            sophisticated_investors=True,
        )
    )
