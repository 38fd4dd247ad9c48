"""Who decides: votes by holder after each financing, and when the founders lose the majority.

Only issued stock votes, so much as each share has: options, SAFEs and the unissued pool do not.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from core.capital.cap_table import CapTable
from core.capital.securities import OPTIONS
from core.plan.replay import Step
from core.plan.scenario import Scenario

MAJORITY = Fraction(1, 2)


@dataclass(frozen=True)
class Votes:
    """Voting power by holder from a day on."""

    since: date
    by_holder: Mapping[str, Fraction]


def founders(scenario: Scenario) -> set[str]:
    """The names of the founders."""
    return {holder.name for holder in scenario.holders if holder.founder}


def held_by(names: set[str], held: Mapping[str, Fraction]) -> Fraction:
    """What these holders have together."""
    return sum((share for name, share in held.items() if name in names), Fraction(0))


def votes(scenario: Scenario, table: CapTable) -> dict[str, Fraction]:
    """Voting power by holder: issued stock as converted times votes a share; options and SAFEs do not vote."""
    weights = {holder.name: holder.votes_per_share for holder in scenario.holders}
    cast: dict[str, int] = {}
    for holding in table.holdings:
        if holding.security != OPTIONS:
            stock = table.as_converted(holding) * weights.get(holding.holder, 1)
            cast[holding.holder] = cast.get(holding.holder, 0) + stock
    return {holder: Fraction(count, sum(cast.values())) for holder, count in cast.items()}


def votes_over_time(scenario: Scenario, steps: tuple[Step, ...]) -> tuple[Votes, ...]:
    """Votes from the founding on, one entry for each day on which something happens to the shares."""
    last_of_day = {step.event.date: step.table for step in steps}
    return tuple(Votes(day, votes(scenario, table)) for day, table in last_of_day.items())


def majority_lost(scenario: Scenario, over_time: tuple[Votes, ...]) -> date | None:
    """The first day on which the founders have no more than half of the votes; None if they keep the majority."""
    names = founders(scenario)
    return next((one.since for one in over_time if held_by(names, one.by_holder) <= MAJORITY), None)
