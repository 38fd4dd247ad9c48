"""The table of breakpoints: the exact sale prices at which another class starts or stops to share in the next dollar.

Choices change only at thresholds, which do not depend on the money (see `sale_game`); between two of them a tier is
filled, a strike passed or a cap met where the money needed for that is reached.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Literal, get_args

from core.capital.sale_game import ZERO, Game, Names
from core.capital.table import CapTable
from core.capital.waterfall import PLAIN, SaleTerms, game_of, not_negative

Happening = Literal["debt", "repayment", "carve_out", "tier", "strike", "cap", "conversion", "return"]
"""What happens at a sale price, in the order in which several at one price are listed:

debt: debt and costs are paid; repayment: so are the notes that are repaid
carve_out: a bracket of a carve-out ends, or the one paid before common is covered
tier: preferences and cash of one rank are paid in full
strike: options or a warrant start to pay; cap: a participating class has its limit
conversion: a class gives up its preference or cash; return: one that had converted takes it again
"""


@dataclass(frozen=True)
class Breakpoint:
    """One sale price at which the slopes of the payouts change.

    securities: whose; () for debt and carve-outs
    common_price: of a share there, from below
    jumps: whether somebody is paid another amount just above the price than just below it. At the price itself the
        choices below still hold, unless they went in a circle
    """

    exit_value: Fraction
    happening: Happening
    securities: tuple[str, ...]
    common_price: Fraction
    jumps: bool = False


@dataclass(frozen=True)
class _Stretch:
    """An interval of money with one set of choices, open below; end None means without end."""

    start: Fraction
    end: Fraction | None
    converted: Names


def breakpoints(
    table: CapTable,
    debt: Fraction = ZERO,
    costs: Fraction = ZERO,
    terms: SaleTerms = PLAIN,
) -> tuple[Breakpoint, ...]:
    """All breakpoints of a sale of the table, the lowest price first."""
    game = game_of(table, terms)
    owed = not_negative("debt", debt) + not_negative("costs", costs)
    found = list(breakpoints_of(game))
    if owed:
        found = [Breakpoint(ZERO, "debt", (), ZERO), *found]
    return tuple(
        Breakpoint(owed + one.exit_value, one.happening, one.securities, one.common_price, one.jumps) for one in found
    )


def breakpoints_of(game: Game) -> tuple[Breakpoint, ...]:
    """The same for a game, in money after debt and costs."""
    stretches = list(_stretches(game))
    found: dict[tuple[Fraction, Happening, tuple[str, ...]], Breakpoint] = {}
    for stretch in stretches:
        for money, happening, securities in _within(game, stretch):
            key = money, happening, securities
            price = game.divide(stretch.converted, money).common_price
            found.setdefault(key, Breakpoint(*key, price))
    for below, above in pairwise(stretches):
        money = above.start
        before, after = game.divide(below.converted, money), game.divide(above.converted, money)
        jumps = before.amounts != after.amounts
        turns: tuple[tuple[Happening, Names], ...] = (
            ("conversion", above.converted - below.converted),
            ("return", below.converted - above.converted),
        )
        for happening, names in turns:
            if names:
                key = money, happening, tuple(one.name for one in game.choosers if one.name in names)
                found[key] = Breakpoint(*key, before.common_price, jumps)
    return tuple(sorted(found.values(), key=lambda one: (one.exit_value, get_args(Happening).index(one.happening))))


def _stretches(game: Game) -> Iterator[_Stretch]:
    start = begun = ZERO
    settled = game.settle(start, just_above=True)
    while settled.until is not None:
        start = settled.until
        following = game.settle(start, just_above=True)
        if following.converted != settled.converted:
            yield _Stretch(begun, start, settled.converted)
            begun = start
        settled = following
    yield _Stretch(begun, None, settled.converted)


def _within(game: Game, stretch: _Stretch) -> Iterator[tuple[Fraction, Happening, tuple[str, ...]]]:
    """What happens on the stretch but for choices.

    Its lower end belongs to it too: a strike or cap that the new price just meets has not been met before.
    """
    for money, happening, securities in (*_below_common(game, stretch.converted), *_of_common(game, stretch.converted)):
        if money and stretch.start <= money and (stretch.end is None or money <= stretch.end):
            yield money, happening, securities


def _below_common(game: Game, converted: Names) -> Iterator[tuple[Fraction, Happening, tuple[str, ...]]]:
    standing = game.standing(converted)
    if standing.debt:
        names = (claim.name for claim in game.claims.claims if claim.debt and claim.name not in converted)
        yield standing.debt, "repayment", tuple(names)
    paid = ZERO
    for tier in standing.tiers:
        for part, needed in zip(tier.needed.knots[1:], tier.needed.values[1:], strict=True):
            money = standing.debt + game.after_first_carve_outs.inverse(paid + needed)
            rights = (one for one in game.claims.rights if one.claim in tier.names and one.cash > one.strike)
            yield money, "strike", tuple(one.security for one in rights if one.strike / one.cash == part)
        paid += tier.full
        yield standing.debt + game.after_first_carve_outs.inverse(paid), "tier", tier.names
    covered = game.after_carve_outs.inverse(paid)
    if any(one.before == "common" for one in game.carve_outs):
        yield standing.debt + covered, "carve_out", ()
    # A carve-out before common bends nothing as long as it takes all that is left.
    for one in game.carve_outs:
        for edge, _ in one.brackets:
            if edge is not None and (one.before == "preferences" or covered < edge):
                yield standing.debt + edge, "carve_out", ()


def _of_common(game: Game, converted: Names) -> Iterator[tuple[Fraction, Happening, tuple[str, ...]]]:
    securities = {right.name: right.security for right in game.claims.rights}
    for price, happening, name in game.price_events(converted):
        yield game.money_for(converted, price), happening, (securities.get(name, name),)
