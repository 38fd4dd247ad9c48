"""Who is paid how much in each month, role by role, in the reporting currency."""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from core.compute.people import headcount_by_month, payroll, staff_share
from core.plan.answer import Answer
from core.plan.calendar import MONTHS_PER_YEAR, months_between
from core.plan.currency import reported_plainly
from core.plan.scenario import Scenario


@dataclass(frozen=True)
class Payroll:
    """Arrays of shape (months, roles): people, and what they cost."""

    people: NDArray[np.float64]
    cost: NDArray[np.float64]


def payroll_by_role(scenario: Scenario) -> Payroll:
    """All roles of the team over the horizon; the plan books the same payroll as research and other staff."""
    people = headcount_by_month(
        np.array([role.headcount for role in scenario.team]),
        np.array([role.hires_per_year for role in scenario.team]),
        scenario.horizon_months,
        np.array([float(months_between(scenario.founding, role.start)) for role in scenario.team]),
    )
    yearly = np.array([reported_plainly(scenario, f"team.{index}.yearly_cost") for index in range(len(scenario.team))])
    return Payroll(people, payroll(people, yearly))


def research_cost_per_year(scenario: Scenario, payroll: Payroll, day: date) -> float:
    """Twelve times the research payroll of a month, the horizon's last month at the latest."""
    month = min(months_between(scenario.founding, day), scenario.horizon_months - 1)
    research = np.array([role.research for role in scenario.team], dtype=bool)
    return float(payroll.cost[month, research].sum()) * MONTHS_PER_YEAR


def planned_staff_share(answer: Answer) -> float | None:
    """Research staff over research staff and compute of all planned runs; None where no run is planned or paid for."""
    staff = sum(float(run.cost.staff) for run in answer.runs)
    compute = sum(float(run.cost.all_compute + run.cost.other_infrastructure) for run in answer.runs)
    return float(staff_share(staff, compute)) if staff + compute > 0 else None
