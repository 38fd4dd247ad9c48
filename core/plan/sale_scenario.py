"""A sale of a company's cap table at any price: payouts along the prices, breakpoints, what else could come out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from core.capital.breakpoints import Breakpoint, breakpoints
from core.capital.table import CapTable
from core.capital.waterfall import OtherOutcomes, Payout, SaleTerms, other_outcomes, payouts_by_exit, sale

CURVE_POINTS = 121
JUST_ABOVE = Fraction(1, 100)  # a cent, to draw a jump as one


@dataclass(frozen=True)
class SaleScenario:
    """The sale at the chosen price, and at prices from nothing to well past it.

    exits, along: prices in order, with every breakpoint among them, and the payout at each
    """

    payout: Payout
    exits: tuple[Fraction, ...]
    along: tuple[Payout, ...]
    breakpoints: tuple[Breakpoint, ...]
    others: OtherOutcomes


def sale_scenario(table: CapTable, price: Fraction, debt: Fraction, costs: Fraction, terms: SaleTerms) -> SaleScenario:
    """Everything about one sale. Raises InputError for amounts below zero or a table that nobody holds."""
    found = breakpoints(table, debt, costs, terms)
    exits = _prices(found, _highest(table, price, debt + costs))
    return SaleScenario(
        payout=sale(table, price, debt, costs, terms),
        exits=exits,
        along=payouts_by_exit(table, exits, debt, costs, terms),
        breakpoints=found,
        others=other_outcomes(table, price, debt, costs, terms),
    )


def amounts_along(payouts: Sequence[Payout], by: str) -> Mapping[str, tuple[float, ...]]:
    """Amounts at each price by "holder" or "class", in the order in which they first are paid."""
    split = [one.by_holder if by == "holder" else one.by_class for one in payouts]
    names = dict.fromkeys(name for one in split for name, amount in one.items() if amount)
    return {name: tuple(float(one.get(name, 0)) for one in split) for name in names}


def _highest(table: CapTable, price: Fraction, owed: Fraction) -> Fraction:
    """A price well past the chosen one and past all that is preferred, so that the picture shows everybody convert."""
    preferred = sum((series.preference for series in table.series), Fraction(0))
    preferred += sum((safe.amount for safe in table.safes), Fraction(0))
    return max(2 * price, owed + 4 * preferred, Fraction(1))


def _prices(found: Iterable[Breakpoint], highest: Fraction) -> tuple[Fraction, ...]:
    grid = {highest * step / (CURVE_POINTS - 1) for step in range(CURVE_POINTS)}
    turns = {one.exit_value for one in found} | {one.exit_value + JUST_ABOVE for one in found if one.jumps}
    return tuple(sorted(grid | {value for value in turns if value <= highest}))
