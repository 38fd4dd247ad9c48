"""An answer's headline figures on every path at once: what `core.plan.answer` says of one, read off arrays.

Counts, months and money of the company are the same to the cent; shares, votes and proceeds are those of the float twin
of the cap table, which agrees with the exact one to about nine digits.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from core.plan.calendar import month_after
from core.plan.closing import rule_on_paths
from core.plan.company_state import as_converted
from core.plan.currency import reported
from core.plan.draws import Draws
from core.plan.exit_on_paths import founders_exit
from core.plan.fields import field_value
from core.plan.operating import CENTS_PER_UNIT, Cents, Floats, OperatingPlan, operating_plan, to_cents
from core.plan.proceeds import DAYS_PER_YEAR, DatedFlows, founders_flows, offered_shares, value_at_horizon
from core.plan.replay import history
from core.plan.round_prices import TIE
from core.plan.scenario import Scenario
from core.plan.simulate import FLOWS, UNLIMITED_CASH, Simulation, run_plan
from core.plan.strategies import Listing, Preferred, Strategy
from core.plan.terms import Terms, strategy_terms
from core.plan.uncertainty import DRAWN_FIELDS
from core.plan.valuation_rule import multiple_field, value_of

LONGEST_LOCK_UP_MONTHS = 60
Months = NDArray[np.int64]


@dataclass(frozen=True)
class NextFinancing:
    """The first financing that the company cannot do without: its position, -1 for none.

    cash_out: month in which the cash ends if it and all later ones do not come; without one, in which it ends anyway
    raise_by: month by which the money has to be raised; the horizon, and -1 for `raise_by`, stand for never
    """

    position: Months
    cash_out: Months
    raise_by: Months


@dataclass(frozen=True)
class OnPaths:
    """One strategy on `paths` paths, its drawn numbers laid over the scenario; every figure is of shape (paths,).

    Months count from founding, the horizon stands for never; amounts are in the reporting currency. Nothing is
    simulated before it is asked for. Raises InputError like `simulate`.
    """

    scenario: Scenario
    strategy: Strategy
    draws: Draws
    paths: int

    @cached_property
    def planned(self) -> Simulation:
        """The plan with all its financings."""
        return self.only(range(len(self._terms)))

    def only(self, coming: Collection[int]) -> Simulation:
        """The plan with the financings at these positions alone."""
        none = np.zeros(self.paths, dtype=bool)
        terms = tuple(one if one.index in coming else replace(one, may_close=none) for one in self._terms)
        opening: Cents = to_cents(reported(self.scenario, self.draws, "opening_cash"))
        return run_plan(self.scenario, self._operating, terms, np.broadcast_to(opening, (self.paths,)), self.draws)

    @cached_property
    def funds_needed(self) -> Floats:
        """The deepest cumulative cash of the operating plan, as if money were no object, plus the reserve."""
        unfunded = run_plan(self.scenario, self._operating, (), UNLIMITED_CASH, self.draws)
        operating = np.cumsum(np.sum([unfunded.flows[name] for name in FLOWS], axis=0), axis=0) / CENTS_PER_UNIT
        return np.asarray(np.maximum(0.0, -operating.min(axis=0)) + reported(self.scenario, self.draws, "reserve"))

    @property
    def dry(self) -> Months:
        return self.planned.dry

    @cached_property
    def raised(self) -> Floats:
        """What all financings that closed bring."""
        closed = self.planned.closed < self.planned.months
        amounts = [np.where(closed[terms.index], terms.amount, 0.0) for terms in self.planned.terms]
        return np.asarray(sum(amounts, np.zeros(self.paths)))

    @cached_property
    def lowest_cash(self) -> Floats:
        return np.asarray(self.planned.cash.min(axis=0) / CENTS_PER_UNIT)

    @cached_property
    def founders_share(self) -> Floats:
        """Fully diluted, at the end."""
        return np.asarray(self.planned.ownership[-1][self._founders].sum(axis=0))

    @cached_property
    def founders_votes(self) -> Floats:
        """Of issued stock, at the end."""
        final, holders = self.planned.final, len(self.scenario.holders)
        each = np.array([holder.votes_per_share for holder in self.scenario.holders], dtype=np.float64)
        cast = final.shares[:holders] * each[:, None]
        stock = np.floor(as_converted(final, holders + 1) * (1 + TIE)) + final.common
        return np.asarray(cast[self._founders].sum(axis=0) / (cast.sum(axis=0) + stock.sum(axis=0)))

    @cached_property
    def enterprise_value(self) -> Floats:
        """At the horizon by the valuation rule; NaN where the company ran dry."""
        rule, planned = rule_on_paths(self.scenario, self.draws), self.planned
        by_revenue = self.scenario.valuation.basis == "revenue"
        earned = planned.forward_revenue if by_revenue else planned.forward_ebitda
        private = planned.listed == planned.months
        worth = value_of(earned / CENTS_PER_UNIT, rule.multiple, np.where(private, rule.discount, 0.0))
        return np.where(planned.dry == planned.months, worth, np.nan)

    @cached_property
    def founders_proceeds(self) -> Floats:
        """Shares sold in offerings and the exit, before tax."""
        return np.asarray(sum((amounts for _, amounts in self._founders_flows), np.zeros(self.paths)))

    @cached_property
    def founders_present_value(self) -> Floats:
        growth = 1 + self.scenario.valuation.founders_discount_rate
        values = [amounts * growth ** (-days / DAYS_PER_YEAR) for days, amounts in self._founders_flows]
        return np.asarray(sum(values, np.zeros(self.paths)))

    @cached_property
    def next_financing(self) -> NextFinancing:
        months, lead = self.planned.months, self.scenario.raise_lead_months
        survives = self.planned.dry == months
        position, cash_out = np.full(self.paths, -1), self.planned.dry.copy()
        missed = self.planned.dry.copy()
        today = max(self.scenario.founding, self.scenario.figures_as_of)
        for index in reversed(range(len(self.strategy.financings))):
            terms = self.planned.terms[index]
            if month_after(self.scenario.founding, terms.month) <= today:
                continue
            without = self.only([one.index for one in self._terms if one.index < index])
            lost = self._first_month_lost(without)
            needs = survives & (lost < months) & self._comes(terms)
            position, cash_out = np.where(needs, index, position), np.where(needs, without.dry, cash_out)
            missed = np.where(needs, lost, missed)
        raise_by = np.where(missed < months, np.maximum(missed - lead, 0), -1)
        return NextFinancing(position, cash_out, raise_by)

    def _first_month_lost(self, without: Simulation) -> Months:
        """The month in which cash ends, or the planned one of the first run that starts later than it would."""
        lost = without.dry
        for run, start, start_without in zip(
            self._operating.runs, self.planned.run_start, without.run_start, strict=True
        ):
            lost = np.where(start_without > start, np.minimum(lost, run.planned_start), lost)
        return np.asarray(lost)

    def _comes(self, terms: Terms) -> NDArray[np.bool_]:
        """Where a financing closes, or only a company that ran dry keeps it from closing."""
        closed = self.planned.closed[terms.index] < self.planned.months
        exchange = isinstance(terms.financing, Listing) and terms.financing.market != "any"
        gated = terms.by_rule or exchange or terms.kind in ("debt", "follow_on")
        if gated or terms.month >= self.planned.months:
            return np.asarray(closed)
        return np.asarray(closed | (terms.value("revenue_gate") <= 0))

    @property
    def _founders(self) -> list[int]:
        return [row for row, holder in enumerate(self.scenario.holders) if holder.founder]

    @cached_property
    def _operating(self) -> OperatingPlan:
        return replace(operating_plan(self.scenario, self.draws), paths=self.paths)

    @cached_property
    def _terms(self) -> tuple[Terms, ...]:
        return strategy_terms(self.scenario, self.strategy, self.draws, self.paths)

    @cached_property
    def _founders_flows(self) -> tuple[tuple[Floats, Floats], ...]:
        """Days from founding and what founders then get."""
        if not self._terms or any(_moves_between_holders(one.financing) for one in self._terms):
            return self._replayed_flows
        scenario, planned = self.scenario, self.planned
        rule = rule_on_paths(scenario, self.draws)
        received = founders_exit(scenario, planned, rule.multiple, rule.discount)
        sellable = np.full(self.paths, planned.months)
        flows = []
        for terms in self._terms:
            if terms.kind == "listing":
                until = np.where(
                    planned.listed < planned.months, planned.listed + terms.value("lock_up_months"), 0
                ).astype(np.int64)
                sellable = np.maximum(sellable, until)
                flows.append((self._days(planned.closed[terms.index]), self._sold(terms)))
        return (*flows, (self._days(sellable), received))

    def _sold(self, terms: Terms) -> Floats:
        """What founders get for the shares that they sell in a listing; a later offering changes the last price."""
        later = any(one.kind == "follow_on" for one in self._terms)
        listed = self.only([one.index for one in self._terms if one.kind != "follow_on"]) if later else self.planned
        held = np.array([holder.shares for holder in self.scenario.holders], dtype=np.float64)[self._founders]
        shares = (held[:, None] - listed.final.shares[self._founders]).sum(axis=0)
        sold = shares * listed.final.last_price * (1 - terms.value("spread"))
        return np.where(listed.closed[terms.index] < listed.months, sold, 0.0)

    def _days(self, months: Months) -> Floats:
        last = self.scenario.horizon_months + LONGEST_LOCK_UP_MONTHS
        days = [(month_after(self.scenario.founding, one) - self.scenario.founding).days for one in range(last + 1)]
        return np.array(days, dtype=np.float64)[months]

    @cached_property
    def _replayed_flows(self) -> tuple[tuple[Floats, Floats], ...]:
        """The same from the exact cap table of each path, a few milliseconds for each."""
        flows = [self._replayed(path) for path in range(self.paths)]
        places = max((len(one) for one in flows), default=0)
        days, amounts = np.zeros((places, self.paths)), np.zeros((places, self.paths))
        for path, dated in enumerate(flows):
            for place, (day, amount) in enumerate(dated):
                days[place, path], amounts[place, path] = (day - self.scenario.founding).days, amount
        return tuple(zip(days, amounts, strict=True))

    def _replayed(self, path: int) -> DatedFlows:
        rule = self.scenario.valuation
        on_paths = rule_on_paths(self.scenario, self.draws)
        multiple, discount = (
            float(np.broadcast_to(one, (self.paths,))[path]) for one in (on_paths.multiple, on_paths.discount)
        )
        update = {multiple_field(rule): multiple, "discount": discount}
        scenario = self.scenario.model_copy(update={"valuation": rule.model_copy(update=update)})
        steps = history(scenario, self.strategy, self.planned, path)
        lives = self.planned.dry[path] == self.planned.months
        exit_value = value_at_horizon(scenario, self.planned, steps[-1].table, path) if lives else None
        return founders_flows(scenario, offered_shares(steps, self.planned, path), exit_value)


def _moves_between_holders(document: object) -> bool:
    """Whether founders may owe an investor money or shares, which the float twin of the sale knows nothing of."""
    if not isinstance(document, Preferred):
        return False
    owes_money = document.redemption_owed_by == "founders" and document.redemption_months > 0
    return owes_money or (document.target_paid_in == "founder_shares" and document.target_months > 0)


def is_drawn(scenario: Scenario, field: str) -> bool:
    """Whether the field is a number that may differ by path. Raises InputError for an unknown field."""
    group, _, name = field.partition(".")
    drawn = group in DRAWN_FIELDS if not name else name.rpartition(".")[2] in DRAWN_FIELDS.get(group, ())
    return isinstance(field_value(scenario, field), float) and drawn


def on_paths(scenario: Scenario, strategy: Strategy, values: Mapping[str, Floats], paths: int) -> OnPaths:
    """The plan without luck but for these values of drawn fields, each of shape (paths,)."""
    plain = {"opening_cash": np.full(paths, scenario.opening_cash)}
    return OnPaths(scenario, strategy, plain | dict(values), paths)
