"""The people who build a model: what they are paid, what they cost, how many there are in each month.

Pay is cash, in its own currency: base salary, or base with bonus and sign-on where the source says no more. Equity is
no cost in cash and is left out; OpenAI's was 1.5 million US dollars a head in 2025 (Wall Street Journal, as quoted by
TechSpot). The loading turns gross pay into the employer's cost: payroll taxes, pension, insurance. Desks, laptops and
recruiters are overhead, not in it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from core.compute.checks import check
from core.compute.data_and_staff import MONTHS_PER_YEAR, staff_cost
from core.compute.training import Real
from core.errors import InputError
from core.tables import Source, load_table

RoleName = Literal[
    "research_scientist",
    "research_engineer",
    "ml_infrastructure_engineer",
    "data_engineer",
    "software_engineer",
    "data_annotation_manager",
    "product_manager",
    "sales",
    "operations",
]
Region = Literal["us", "us-bay-area", "uk", "uk-london", "france", "germany", "china", "canada", "india"]
Country = Literal["us", "uk", "france", "germany", "china", "canada", "india"]
PayCurrency = Literal["USD", "GBP", "EUR", "CNY", "CAD", "INR"]
Employer = Literal["market", "frontier"]

# Cottier et al. 2024, "The rising costs of training frontier AI models" (arXiv 2405.21015), as Epoch AI sums it up: R&D
# staff were 29-49 % of what models such as GPT-4 and Gemini Ultra took to develop; hardware, written off over its life,
# 47-67 % and energy 2-6 %, of experiments and final run. Their notebook counts equity as staff cost.
LEAST_STAFF_SHARE = 0.29
MOST_STAFF_SHARE = 0.49


@dataclass(frozen=True)
class Salary:
    """Yearly gross pay of one role in one place, in `currency`; low and high are as the source defines them.

    employer: "frontier" for what the best known labs were reported to pay, the high end and not the market
    basis: "base" salary or "cash" with bonus, commission or sign-on
    """

    role: RoleName
    region: Region
    country: Country
    employer: Employer
    currency: PayCurrency
    basis: Literal["base", "cash"]
    pay: float
    low: float | None
    high: float | None
    source: Source


@dataclass(frozen=True)
class EmployerCost:
    """A country's `loading`: employer's cost over gross pay, with its range.

    An average: where contributions stop at a ceiling, as in the US, Canada and China, high pay is loaded by less.
    """

    country: Country
    loading: float
    low: float | None
    high: float | None
    source: Source


@dataclass(frozen=True)
class YearlyCost:
    """Fully loaded cost of one person and year in `currency`: what a planned role takes as its yearly cost."""

    currency: PayCurrency
    central: float
    low: float | None
    high: float | None


def yearly_cost(salary: Salary) -> YearlyCost:
    """The salary with its country's loading; the range is the pay's alone."""
    loading = employer_costs()[salary.country].loading

    def loaded(pay: float | None) -> float | None:
        return None if pay is None else float(loaded_cost(pay, loading))

    return YearlyCost(salary.currency, float(loaded_cost(salary.pay, loading)), loaded(salary.low), loaded(salary.high))


def loaded_cost(pay: Real, loading: Real) -> Real:
    """What a person costs the employer, in the currency of the pay. `loading` is a factor, 1.2 for a fifth on top."""
    check("pay", pay, at_least=0)
    check("loading", loading, at_least=1, at_most=3)
    return pay * loading


def headcount_by_month(
    headcount: Real, hires_per_year: Real, months: int, first_month: Real = 0.0
) -> NDArray[np.float64]:
    """People in each month, shape (months, roles): `headcount` from `first_month` on, and hires spread evenly after it.

    headcount, hires_per_year, first_month: one number, or one for each role
    """
    if months < 1:
        raise InputError("out_of_range", "months", months, "1 <= months")
    check("headcount", headcount, at_least=0)
    check("hires_per_year", hires_per_year, at_least=0)
    check("first_month", first_month, at_least=0)
    roles = np.broadcast_shapes(np.shape(headcount), np.shape(hires_per_year), np.shape(first_month), (1,))
    months_in_role = np.arange(months)[:, None] - np.broadcast_to(first_month, roles)
    people = headcount + hires_per_year * months_in_role / MONTHS_PER_YEAR
    return np.where(months_in_role >= 0, people, 0.0)


def payroll(headcount: NDArray[Any], yearly_cost_of_role: Real) -> NDArray[np.float64]:
    """Cost by month and role, shape (months, roles), of people counted by `headcount_by_month`."""
    check("yearly_cost", yearly_cost_of_role, at_least=0)
    return np.asarray(staff_cost(headcount, yearly_cost_of_role))


def staff_share(research_staff: Real, compute: Real) -> Real:
    """R&D staff over R&D staff and compute, as Cottier et al. define it.

    compute: accelerators, servers, network and energy of all experiments and the final run; no data, no other staff
    """
    check("research_staff", research_staff, at_least=0)
    check("compute", compute, at_least=0)
    if not np.all(np.asarray(research_staff) + compute > 0):
        raise InputError("out_of_range", "compute", compute, "0 < research_staff + compute")
    return research_staff / (research_staff + compute)


def staff_share_place(share: float) -> Literal["below", "within", "above"]:
    """Where a plan's staff share lies against published frontier runs.

    A share below is to be expected of cash pay beside rented accelerators: the published one has equity in it and
    hardware at its own cost. A share above means a model that is small for its team.
    """
    check("share", share, at_least=0, at_most=1)
    if share < LEAST_STAFF_SHARE:
        return "below"
    return "within" if share <= MOST_STAFF_SHARE else "above"


def salaries() -> tuple[Salary, ...]:
    """All published pay, in the order of the table."""
    return load_table("salaries", Salary)


def salary(role: str, region: str, employer: Employer = "market") -> Salary:
    """The first row for a role in a region. Raises InputError naming the regions that are known for the role."""
    known = [row for row in salaries() if row.role == role and row.employer == employer]
    if not known:
        roles = dict.fromkeys(row.role for row in salaries() if row.employer == employer)
        raise InputError("unknown_name", "role", role, " | ".join(roles))
    for row in known:
        if row.region == region:
            return row
    raise InputError("unknown_name", "region", region, " | ".join(dict.fromkeys(row.region for row in known)))


def employer_costs() -> Mapping[str, EmployerCost]:
    """The loading of each country."""
    return MappingProxyType({row.country: row for row in load_table("employer_costs", EmployerCost)})
