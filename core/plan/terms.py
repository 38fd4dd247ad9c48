"""A financing's terms on every path at once: its numbers drawn, its valuation with the AI premium."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from core.capital.securities import PRICE_STEP
from core.plan.calendar import month_after, months_between
from core.plan.currency import rate
from core.plan.draws import Draws, drawn
from core.plan.operating import Floats
from core.plan.round_risk import RoundRisk, bridge_note, round_risk
from core.plan.scenario import Scenario
from core.plan.strategies import (
    WITHOUT_SHARES,
    Debt,
    Financing,
    FollowOn,
    Listing,
    Note,
    Preferred,
    Safe,
    Strategy,
)


@dataclass(frozen=True)
class Terms:
    """One financing's terms. `values` has its numbers on every path by field; `ready` is where it closes now,
    `may_close` where it comes at all. `values` and `valuation` are as its documents state them, in its own currency.

    financing: what its documents say in words
    month_starts: numbers of the days on which the months begin, the first after the horizon included
    rate: units of the reporting currency for one of its own
    valuation: cap or pre-money with the AI premium; zero where the scenario's valuation rule sets it (`by_rule`)
    rule_value: what that rule says of the old shares this month, in the reporting currency
    risk: how it may be missed, None for never; bridges: position of the missed round that this is the bridge of
    """

    name: str
    kind: str
    field: str
    financing: Financing
    month_starts: NDArray[np.int64]
    month: int
    index: int
    row: int
    pool_row: int
    founder_rows: tuple[int, ...]
    by_rule: bool
    rate: Fraction
    valuation: Floats
    rule_value: Floats
    values: Mapping[str, Floats]
    ready: NDArray[np.bool_]
    may_close: NDArray[np.bool_]
    risk: RoundRisk | None = None
    bridges: int | None = None

    def value(self, field: str) -> Floats:
        """A field's number on every path; zero for a field that this kind does not have."""
        return self.values[field] if field in self.values else np.zeros_like(self.values["amount"])

    def reported(self, field: str) -> Floats:
        """An amount on every path in the reporting currency."""
        return self.value(field) * float(self.rate)

    @property
    def amount(self) -> Floats:
        """What it brings, in the reporting currency."""
        return self.reported("amount")

    @property
    def received(self) -> Floats:
        """The cash of the day it closes, in the reporting currency: no compute, and of a grant nothing yet."""
        if self.kind in ("grant", "credits"):
            return np.zeros_like(self.amount)
        more = 1 + self.value("over_allotment_share")
        return self.amount * (1 - self.value("compute_share")) * more

    @property
    def changes_shares(self) -> bool:
        """Whether its closing changes who owns what."""
        document = self.financing
        return not isinstance(document, WITHOUT_SHARES) or (isinstance(document, Debt) and document.warrants != "none")

    @property
    def reported_valuation(self) -> Floats:
        return self.valuation * float(self.rate)

    @property
    def price_steps_per_unit(self) -> float:
        """How many of the steps that a price per share is stated in make one unit of the reporting currency."""
        return float(1 / (PRICE_STEP * self.rate))


def strategy_terms(scenario: Scenario, strategy: Strategy, draws: Draws, paths: int) -> tuple[Terms, ...]:
    """The terms of a strategy's financings, its AI premium applied where it is switched on; where rounds may be missed
    each that may is followed, after all of them, by the bridge that its investors may give."""
    planned = len(strategy.financings)
    terms: list[Terms] = []
    bridges: list[tuple[int, Note]] = []
    for index in range(planned):
        risk = round_risk(scenario, strategy, index, draws, bridge=planned + len(bridges))
        if risk is not None:
            bridges.append((index, bridge_note(strategy, index, risk.model)))
        terms.append(replace(_terms(scenario, strategy, index, draws, paths), risk=risk))
    for position, (missed, note) in enumerate(bridges, start=planned):
        extended = strategy.model_copy(update={"financings": (*strategy.financings, note)})
        made = _terms(scenario, extended, planned, {}, paths, document=note)
        terms.append(replace(made, index=position, row=made.pool_row + 1 + position, bridges=missed))
    return tuple(terms)


def _terms(
    scenario: Scenario, strategy: Strategy, index: int, draws: Draws, paths: int, *, document: Note | None = None
) -> Terms:
    """One financing's terms; a `document` that is none of the scenario's has no draws."""
    financing = document or strategy.financings[index]
    at = f"strategies.{_position(scenario, strategy)}.financings.{index}."

    def value(name: str) -> Floats:
        number = getattr(financing, name) if document else drawn(scenario, draws, at + name)
        return np.broadcast_to(np.asarray(number, dtype=np.float64), (paths,))

    fields = [name for name in type(financing).model_fields if isinstance(getattr(financing, name), int | float)]
    values = {name: value(name) for name in fields}
    if isinstance(financing, Debt):
        values["accelerates"] = np.full(paths, float(financing.breach == "acceleration"))
    priced = "valuation_cap" if isinstance(financing, Safe | Note) else "pre_money"
    nothing = np.zeros(paths)
    valuation = values.get(priced, nothing)
    if priced in values and strategy.ai_premium:
        valuation = with_premium(valuation, values.get("ai_premium", nothing))
    months = range(scenario.horizon_months + 1)
    return Terms(
        name=financing.name,
        kind=financing.kind,
        field=at + priced,
        financing=financing,
        month_starts=np.array([month_after(scenario.founding, month).toordinal() for month in months]),
        month=months_between(scenario.founding, financing.date),
        index=index,
        row=len(scenario.holders) + 1 + index,
        pool_row=len(scenario.holders),
        founder_rows=tuple(row for row, holder in enumerate(scenario.holders) if holder.founder),
        by_rule=isinstance(financing, Preferred | Listing | FollowOn) and priced not in values,
        rate=rate(scenario, financing.currency),
        valuation=valuation,
        rule_value=nothing,
        values=values,
        ready=np.zeros(paths, dtype=bool),
        may_close=np.ones(paths, dtype=bool),
    )


def _position(scenario: Scenario, strategy: Strategy) -> int:
    """The strategy's place in the scenario; an extended one has that of its name."""
    return next(place for place, one in enumerate(scenario.strategies) if one.name == strategy.name)


def with_premium(valuation: Floats, premium: Floats) -> Floats:
    """A valuation with the premium that AI companies are paid, to the cent."""
    return np.asarray(np.maximum(np.rint(valuation * (1 + premium) * 100), 1) / 100)
