"""What becomes of each planned financing: whether it closes or why not, and what happens without it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import numpy as np

from core.capital.cap_table import fully_diluted
from core.plan.calendar import MONTHS_PER_YEAR, month_after
from core.plan.closing import RECURRING, debt_service
from core.plan.control import founders, held_by
from core.plan.listing_gates import gates_in, nearest_standard
from core.plan.operating import CENTS_PER_UNIT
from core.plan.replay import Step
from core.plan.scenario import Scenario
from core.plan.simulate import Simulation
from core.plan.strategies import AFTER_LISTING, Listing, Strategy
from core.plan.terms import Terms
from core.plan.this_month import RECENT_MONTHS
from core.plan.values import Currency

PATH = 0


@dataclass(frozen=True)
class Gate:
    """Why a financing is not available: the best figure reached from its date on, and the one it takes.

    kind: "revenue" (annual recurring), "coverage" (cash flow / debt service), "exchange" (its rules), "listing" or
        "value" (no value yet)
    figure, market, unit: what an exchange asks for, which one, and the currency of the two figures, None for none
    """

    kind: str
    reached: float
    needed: float
    figure: str = ""
    market: str = ""
    unit: Currency | None = None


@dataclass(frozen=True)
class FinancingOutcome:
    """One financing. status: "closed", "dry" (the company was), "past_horizon" or "not_available" (see gate).

    amount, valuation: in the reporting currency; the latter a cap or pre-money, of the month it closed, zero for debt
        and for what has no price yet; rule_value: what the valuation rule said of the old shares then
    own_amount: in the financing's own currency
    cash_out_without: the month the cash ends if this and all later financings do not come; None if it never does
    runs_without: runs that then start later than they would, or never
    needed_by: the cash-out month, or the planned start of the first of those runs where that is earlier
    raise_by: when to start raising: that month less the time a round takes
    founders_share: fully diluted, right after it
    """

    name: str
    kind: str
    status: str
    gate: Gate | None
    planned: date
    closed: date | None
    amount: float
    valuation: float
    rule_value: float
    currency: Currency
    own_amount: float
    cash_out_without: date | None
    runs_without: tuple[str, ...]
    needed_by: date | None
    raise_by: date | None
    founders_share: float | None


def financing_outcomes(
    scenario: Scenario,
    strategy: Strategy,
    simulation: Simulation,
    without: Sequence[Simulation],
    steps: tuple[Step, ...],
) -> tuple[FinancingOutcome, ...]:
    """The fate of every financing on path 0, whose history is `steps`; `without` has, for each, the plan without it and
    all later ones."""
    after = _founders_share_after(scenario, strategy, steps)
    outcomes = []
    for terms, financing in zip(simulation.terms, strategy.financings, strict=True):
        closed = int(simulation.closed[terms.index, PATH])
        status = _status(terms, simulation, closed)
        cash_out = month_or_none(scenario, without[terms.index].dry[PATH])
        late = _runs_later(scenario, simulation, without[terms.index])
        missed = min([*([cash_out] if cash_out else []), *(day for _, day in late)], default=None)
        valuation = simulation.valuation[terms.index, PATH] or terms.valuation[PATH]
        outcomes.append(
            FinancingOutcome(
                name=terms.name,
                kind=terms.kind,
                status=status,
                gate=_gate(scenario, terms, simulation) if status == "not_available" else None,
                planned=month_after(scenario.founding, terms.month),
                closed=month_or_none(scenario, closed),
                amount=float(terms.amount[PATH]),
                valuation=float(valuation * terms.rate),
                rule_value=float(simulation.rule_value[terms.index, PATH]),
                currency=financing.currency,
                own_amount=float(terms.value("amount")[PATH]),
                cash_out_without=cash_out,
                runs_without=tuple(name for name, _ in late),
                needed_by=missed if status in ("closed", "dry") else None,
                raise_by=raise_by(scenario, missed) if status in ("closed", "dry") else None,
                founders_share=float(after[terms.name]) if terms.name in after else None,
            )
        )
    return tuple(outcomes)


def month_or_none(scenario: Scenario, month: int) -> date | None:
    """The month of this number; None for the horizon, which stands for never."""
    return month_after(scenario.founding, int(month)) if month < scenario.horizon_months else None


def raise_by(scenario: Scenario, missed: date | None) -> date | None:
    """When to start raising what is missed in this month; not before the founding."""
    return max(scenario.founding, month_after(missed, -scenario.raise_lead_months)) if missed else None


def _founders_share_after(scenario: Scenario, strategy: Strategy, steps: tuple[Step, ...]) -> dict[str, Fraction]:
    names = {financing.name for financing in strategy.financings}
    shares: dict[str, Fraction] = {}
    for step in steps:
        # A SAFE bears its financing's name as its holder, every other event as its own name.
        name = getattr(step.event, "name", getattr(step.event, "holder", ""))
        if name in names:
            shares[name] = held_by(founders(scenario), fully_diluted(step.table))
    return shares


def _runs_later(scenario: Scenario, simulation: Simulation, without: Simulation) -> list[tuple[str, date]]:
    starts = zip(scenario.runs, simulation.run_start[:, PATH], without.run_start[:, PATH], strict=True)
    return [(run.name, run.start) for run, start, start_without in starts if start_without > start]


def _status(terms: Terms, simulation: Simulation, closed: int) -> str:
    if closed < simulation.months:
        return "closed"
    if terms.month >= simulation.months:
        return "past_horizon"
    gated = (
        terms.by_rule
        or _exchange(terms) != "any"
        or terms.kind in ("debt", "follow_on")
        or terms.value("revenue_gate")[PATH] > 0
    )
    return "not_available" if gated and simulation.dry[PATH] >= terms.month else "dry"


def _exchange(terms: Terms) -> str:
    return terms.financing.market if isinstance(terms.financing, Listing) else "any"


def _exchange_gate(scenario: Scenario, terms: Terms, simulation: Simulation, month: int) -> Gate | None:
    """The first figure that the exchange misses of its nearest standard."""
    outcome = gates_in(scenario, simulation, float(terms.received[PATH]), month, PATH)
    _, missing = nearest_standard(outcome, _exchange(terms))
    if not missing:
        return None
    row = missing[0]
    return Gate("exchange", float(row.value or 0), float(row.threshold), row.figure, _exchange(terms), row.currency)


def _gate(scenario: Scenario, terms: Terms, simulation: Simulation) -> Gate:
    """Judged by what was seen in the months in which it could have closed: no later than a listing or the dry month."""
    last = [simulation.months - 1, int(simulation.dry[PATH])]
    if terms.kind not in AFTER_LISTING:
        last.append(int(simulation.listed[PATH]))
    seen = [month for month in range(terms.month, min(last) + 1) if month]
    revenue = float(max((simulation.flows["revenue"][month - 1, PATH] for month in seen), default=0))
    reached, needed = revenue * MONTHS_PER_YEAR / CENTS_PER_UNIT, float(terms.reported("revenue_gate")[PATH])
    if reached < needed:
        return Gate("revenue", reached, needed)
    if terms.kind == "debt":
        recurring = np.sum([simulation.flows[name][:, PATH] for name in RECURRING], axis=0) / CENTS_PER_UNIT
        averages = [float(recurring[max(0, month - RECENT_MONTHS) : month].mean()) for month in seen]
        service = float(debt_service(terms)[PATH])
        return Gate("coverage", max(averages, default=0.0) / service, float(terms.value("coverage_gate")[PATH]))
    if _exchange(terms) != "any" and seen:
        gate = _exchange_gate(scenario, terms, simulation, seen[-1])
        if gate is not None:
            return gate
    listed = simulation.listed[PATH] < simulation.months
    return Gate("listing" if terms.kind == "follow_on" and not listed else "value", 0.0, 0.0)
