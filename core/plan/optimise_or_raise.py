"""Optimise or raise: what faster training and cheaper serving are worth in weeks, in money and in shares.

Each optimisation stands alone against the plan as it is. Runway is that of the company without the next financing that
it needs, as on the Plan page. The money saved is taken off that financing: its amount is solved so that from its
closing on the cash falls as low as planned and no run starts later; founders then own more at the horizon.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from core.errors import InputError
from core.plan.calendar import DAYS_PER_MONTH
from core.plan.fields import field_value
from core.plan.operating import CENTS_PER_UNIT, Floats
from core.plan.outcomes_on_paths import OnPaths, on_paths
from core.plan.points import evaluated, position_of
from core.plan.scenario import Scenario
from core.plan.simulate import Simulation
from core.plan.strategies import Strategy
from core.plan.values import Currency

MFU_GAIN = 0.1
QUANTISED_SHARE = 0.5  # of the serving cost: half the bytes of every weight, and decoding waits for memory
AMOUNTS_AT_ONCE, ROUNDS = 32, 5  # to a part of 32^5 of the planned amount
DAYS_PER_WEEK = 7


@dataclass(frozen=True)
class Change:
    """A number of the scenario before and after."""

    field: str
    before: float
    after: float


@dataclass(frozen=True)
class ShrunkFinancing:
    """The next financing before and after the money saved is taken off it; amounts in its own currency.

    low_before: the lowest cash from its closing on as planned; low_after: with the optimisation, nothing taken off;
        low_shrunk: with the smaller amount; in the reporting currency
    founders_share: fully diluted at the horizon
    """

    name: str
    currency: Currency
    amount_before: float
    amount_after: float
    low_before: float
    low_after: float
    low_shrunk: float
    founders_share_before: float
    founders_share_after: float

    @property
    def not_needed(self) -> float:
        return self.amount_before - self.amount_after

    @property
    def points_kept(self) -> float:
        """Of the founders' share, 0.01 being one per cent of the company."""
        return self.founders_share_after - self.founders_share_before


@dataclass(frozen=True)
class Worth:
    """What one optimisation ("mfu", "quantised", "distilled") is worth.

    weeks_before, weeks_after: of cash without the next financing and all later ones, None past the horizon
    financing: None where the company needs no further one, or runs dry whatever comes
    """

    optimisation: str
    changes: tuple[Change, ...]
    weeks_before: float | None
    weeks_after: float | None
    financing: ShrunkFinancing | None

    @property
    def weeks_gained(self) -> float | None:
        return None if self.weeks_before is None or self.weeks_after is None else self.weeks_after - self.weeks_before


def optimise_or_raise(scenario: Scenario, strategy: Strategy, distilled_share: float = 0.3) -> tuple[Worth, ...]:
    """A tenth more MFU in every run, serving at half its cost, and serving at `distilled_share` of it; those that the
    scenario has something for. Raises InputError where the plain scenario cannot be simulated."""
    if not 0 < distilled_share <= 1:
        raise InputError("out_of_range", "distilled_share", distilled_share, "0 < share <= 1")
    position_of(scenario, strategy)
    plain = on_paths(scenario, strategy, {}, 1)
    optimisations = {
        "mfu": tuple(_faster_training(scenario)),
        "quantised": tuple(_cheaper_serving(scenario, QUANTISED_SHARE)),
        "distilled": tuple(_cheaper_serving(scenario, distilled_share)),
    }
    return tuple(_worth(plain, name, changes) for name, changes in optimisations.items() if changes)


def _faster_training(scenario: Scenario) -> Iterator[Change]:
    for index, run in enumerate(scenario.runs):
        yield Change(f"runs.{index}.mfu", run.mfu, min(run.mfu * (1 + MFU_GAIN), 1.0))


def _cheaper_serving(scenario: Scenario, share: float) -> Iterator[Change]:
    for index, product in enumerate(scenario.demand):
        setup = product.serving is not None
        field = f"demand.{index}." + ("serving.price_per_hour" if setup else "serving_cost_per_million_tokens")
        cost = field_value(scenario, field)
        yield Change(field, cost, cost * share)


def _worth(plain: OnPaths, name: str, changes: tuple[Change, ...]) -> Worth:
    better = on_paths(plain.scenario, plain.strategy, _values(changes), 1)
    index = int(plain.next_financing.position[0])
    if index < 0:
        return Worth(name, changes, weeks_of_cash(plain.planned), weeks_of_cash(better.planned), None)
    before, after = (weeks_of_cash(one.only(range(index))) for one in (plain, better))
    return Worth(name, changes, before, after, _shrunk(plain, better, index, changes))


def weeks_of_cash(simulation: Simulation) -> float | None:
    """Weeks from founding to the day the cash ends on the one path, in proportion within its month; None for never."""
    month = int(simulation.dry[0])
    if month == simulation.months:
        return None
    before = float(simulation.cash[month - 1, 0] if month else simulation.opening_cash[0])
    spent = before - float(simulation.cash[month, 0])
    return (month + max(before, 0.0) / spent) * DAYS_PER_MONTH / DAYS_PER_WEEK


def _shrunk(plain: OnPaths, better: OnPaths, index: int, changes: tuple[Change, ...]) -> ShrunkFinancing:
    """The smallest amount for which all larger ones leave as much cash as planned and every run when it then starts."""
    scenario, financing = plain.scenario, plain.strategy.financings[index]
    position = position_of(scenario, plain.strategy)
    field = f"strategies.{position}.financings.{index}.amount"
    lowest, starts = float(_low_points(plain.planned, index)[0]), better.planned.run_start

    def enough(simulation: Simulation, since: Floats) -> list[bool]:
        on_time = (simulation.run_start <= starts).all(axis=0)
        return list((since >= lowest) & on_time & (simulation.dry == simulation.months))

    without = better.only([place for place in range(len(plain.strategy.financings)) if place != index])
    closed = better.planned.closed[index, 0]
    low_without = without.cash[closed:].min(axis=0, initial=without.cash[-1, 0]) / CENTS_PER_UNIT
    amount, kept, low = 0.0, without.ownership[-1], float(low_without[0])
    if not enough(without, low_without)[0]:
        amount = _smallest_amount(
            plain, field, changes, lambda one: enough(one.planned, _low_points(one.planned, index))
        )
        shrunk = on_paths(scenario, plain.strategy, _values(changes) | {field: np.array([amount])}, 1)
        kept, low = shrunk.planned.ownership[-1], float(_low_points(shrunk.planned, index)[0])
    founders = [row for row, holder in enumerate(scenario.holders) if holder.founder]
    return ShrunkFinancing(
        name=financing.name,
        currency=financing.currency,
        amount_before=financing.amount,
        amount_after=amount,
        low_before=lowest,
        low_after=float(_low_points(better.planned, index)[0]),
        low_shrunk=low,
        founders_share_before=float(plain.founders_share[0]),
        founders_share_after=float(kept[founders].sum(axis=0)[0]),
    )


def _low_points(simulation: Simulation, index: int) -> Floats:
    """The lowest cash from the closing of a financing on, (paths,); nothing where it does not close."""
    months = np.arange(simulation.months)[:, None]
    since = np.where(months >= simulation.closed[index], simulation.cash / CENTS_PER_UNIT, np.inf).min(axis=0)
    return np.asarray(np.where(simulation.closed[index] < simulation.months, since, -np.inf))


def _smallest_amount(
    plain: OnPaths, field: str, changes: tuple[Change, ...], enough: Callable[[OnPaths], list[bool]]
) -> float:
    """To the cent above: looked for from the planned amount down, between the first that is not enough and the last
    that is, in ever smaller steps."""
    position = position_of(plain.scenario, plain.strategy)
    fixed = {one.field: one.after for one in changes}
    low, high = 0.0, float(field_value(plain.scenario, field))
    for _ in range(ROUNDS):
        amounts = [float(one) for one in np.linspace(high, low, AMOUNTS_AT_ONCE + 1)[1:-1]]
        points = [{**fixed, field: amount} for amount in amounts]
        for amount, found in zip(amounts, evaluated(plain.scenario, position, points, enough), strict=True):
            if isinstance(found, InputError) or not found:
                low = amount
                break
            high = amount
    return math.ceil(high * CENTS_PER_UNIT) / CENTS_PER_UNIT


def _values(changes: tuple[Change, ...]) -> dict[str, Floats]:
    return {one.field: np.array([one.after]) for one in changes}
