"""Who is paid what when the company is sold: debt, preferences by rank, then common, with everybody's best choice.

Each non-participating or capped series takes its preference or converts into common, whichever pays it more, and so
does each SAFE and note that is still outstanding; what it pays depends on what the others choose, so a waterfall is a
game. Start from nobody converting; while somebody gains by switching alone, the one with the lowest preference per
converted share switches; a tie keeps the preference. `claims` says what each may choose, `sale_game` how it comes out.

*Series alone.* With T converted, common is worth p(T) = (what the preferences leave) / (shares). Series X, with
preference L and n shares, moves p to (p shares + L)/(shares + n), between p and L/n, so it gains exactly while
p > L/n: series convert in the order of L/n, none regrets it, and the end is the one least fixed point. Notes and
pre-money SAFEs with a cap, whose shares are a fixed number, options and participation at its cap change none of it.

*Post-money SAFEs* own amount/Cap of a count that grows with every conversion: a SAFE gains from others converting,
payouts jump at others' thresholds, and of several possible outcomes this takes the one with the fewest conversions
(some engines take the one with the most); `other_outcomes` lists the rest.

*SAFEs beside series.* A SAFE's conversion dilutes a converted series, whose retreat may undo the SAFE's gain: the
game may have no stable outcome at all. Then the choices go in a circle, and the sale is settled where they pass a
point at which nobody who has converted regrets it; `Payout.unsettled` names who keeps cash there and could gain.
(Of 20,000 random games of up to three series and three SAFEs, all choices tried one by one: 20 had no stable outcome,
none circled past one.)

*Without a cap* a SAFE or note converts into amount/(1 - discount) of money, from the first dollar that leaves common
something beside it: payouts jump there too.
"""

import datetime
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from core.capital.checks import check_all, check_date, check_flag, exact_number
from core.capital.claims import CarveOut, Part, claims_of, parts_of
from core.capital.sale_game import Division, Game, Names, Settled
from core.capital.table import CapTable
from core.errors import InputError

CARVE_OUT = "carve-out"
MOST_CHOOSERS = 10
"""All choices of so many classes are tried one by one, 2^10 of them; of more, none."""


@dataclass(frozen=True)
class Paid:
    """What one holder gets for one class: "common", "options", a series, or in the order of issue "SAFE 1", "Note 1",
    "Warrant 1"; rights net of their strike."""

    holder: str
    security: str
    amount: Fraction


@dataclass(frozen=True)
class Payout:
    """A sale settled, exact; `paid` sums to distributed.

    distributed: proceeds less debt and costs, not below 0
    shortfall: debt and costs that the proceeds do not cover
    common_price: what one share of common gets
    converted: series, SAFEs and notes that take common instead of their preference or cash
    unsettled: classes that could gain by switching alone; always () where every SAFE and note has
        a number of shares that does not depend on who converts
    """

    proceeds: Fraction
    distributed: Fraction
    shortfall: Fraction
    common_price: Fraction
    paid: tuple[Paid, ...]
    converted: tuple[str, ...]
    unsettled: tuple[str, ...]

    @property
    def by_holder(self) -> Mapping[str, Fraction]:
        """USD by holder."""
        return _totals((one.holder, one.amount) for one in self.paid)

    @property
    def by_class(self) -> Mapping[str, Fraction]:
        """USD by class."""
        return _totals((one.security, one.amount) for one in self.paid)


@dataclass(frozen=True)
class SaleTerms:
    """What else a sale settles; the defaults are a plain sale.

    on: the day, to which dividends and interest accrue and options vest; None is the day of the table's last event
    carve_outs: for management, paid before everybody else's equity or before common
    accelerated: whether the sale vests all options
    """

    on: datetime.date | None = None
    carve_outs: tuple[CarveOut, ...] = ()
    accelerated: bool = False

    def __post_init__(self) -> None:
        if self.on is not None:
            check_date(self, "on")
        check_all(self, "carve_outs", CarveOut)
        check_flag(self, "accelerated")


@dataclass(frozen=True)
class OtherOutcomes:
    """Outcomes that are stable too, once they are reached; complete is False where too many classes have a choice."""

    payouts: tuple[Payout, ...]
    complete: bool


PLAIN = SaleTerms()


def sale(
    table: CapTable,
    proceeds: Fraction,
    debt: Fraction = Fraction(0),
    costs: Fraction = Fraction(0),
    terms: SaleTerms = PLAIN,
) -> Payout:
    """Share the proceeds of a sale, after debt and costs, among the holders of the table.

    Options and warrants take part net of their strike where common is worth more; the unissued pool vanishes.
    """
    return payouts_by_exit(table, (proceeds,), debt, costs, terms)[0]


def payouts_by_exit(
    table: CapTable,
    exits: Iterable[Fraction],
    debt: Fraction = Fraction(0),
    costs: Fraction = Fraction(0),
    terms: SaleTerms = PLAIN,
) -> tuple[Payout, ...]:
    """The sale at each of many prices, each as exact as alone, for little more than the first costs."""
    game, parts = game_of(table, terms), parts_of(table, terms.on, terms.accelerated)
    owed = not_negative("debt", debt) + not_negative("costs", costs)
    prices = [not_negative("proceeds", proceeds) for proceeds in exits]
    settled = game.settle_each(max(price - owed, Fraction(0)) for price in prices)
    return tuple(_payout(game, parts, price, price - owed, settled[max(price - owed, Fraction(0))]) for price in prices)


def other_outcomes(
    table: CapTable,
    proceeds: Fraction,
    debt: Fraction = Fraction(0),
    costs: Fraction = Fraction(0),
    terms: SaleTerms = PLAIN,
) -> OtherOutcomes:
    """The outcomes beside that of `sale` in which nobody gains by switching alone and somebody is paid differently.

    There is none where nothing outstanding converts into a part of the company or at the sale's own price.
    """
    game, parts = game_of(table, terms), parts_of(table, terms.on, terms.accelerated)
    proceeds = not_negative("proceeds", proceeds)
    left = proceeds - not_negative("debt", debt) - not_negative("costs", costs)
    if all(not claim.fraction and claim.worth is None for claim in game.choosers):
        return OtherOutcomes((), complete=True)
    if len(game.choosers) > MOST_CHOOSERS:
        return OtherOutcomes((), complete=False)
    money = max(left, Fraction(0))
    settled = game.settle(money)
    taken = _payout(game, parts, proceeds, left, settled)
    found: dict[tuple[Fraction, ...], Payout] = {_amounts(taken): taken}
    names = [claim.name for claim in game.choosers]
    for size in range(len(names) + 1):
        for chosen in combinations(names, size):
            if game.is_stable(frozenset(chosen), money):
                payout = _payout(game, parts, proceeds, left, Settled(frozenset(chosen), (), None))
                found.setdefault(_amounts(payout), payout)
    return OtherOutcomes(tuple(payout for payout in found.values() if payout is not taken), complete=True)


def game_of(table: CapTable, terms: SaleTerms = PLAIN) -> Game:
    """The table's claims and the carve-outs as a game for any amount of money."""
    return Game(claims_of(table, terms.on, terms.accelerated), terms.carve_outs)


def rounded_to_cents(amounts: Mapping[str, Fraction]) -> dict[str, int]:
    """Whole cents that sum to the rounded total: round down, then a cent each to the largest remainders, in order."""
    exact = {name: amount * 100 for name, amount in amounts.items()}
    cents = {name: math.floor(amount) for name, amount in exact.items()}
    missing = round(sum(exact.values(), Fraction(0))) - sum(cents.values())
    for name in sorted(exact, key=lambda name: cents[name] - exact[name])[:missing]:
        cents[name] += 1
    return cents


def not_negative(field: str, value: Fraction) -> Fraction:
    """The amount as a Fraction; InputError if it is a float or below 0."""
    exact = exact_number(field, value)
    if exact < 0:
        raise InputError("out_of_range", field, value, f"0 <= {field}")
    return exact


def _payout(game: Game, parts: tuple[Part, ...], proceeds: Fraction, left: Fraction, settled: Settled) -> Payout:
    division = game.divide(settled.converted, max(left, Fraction(0)))
    return Payout(
        proceeds=proceeds,
        distributed=max(left, Fraction(0)),
        shortfall=max(-left, Fraction(0)),
        common_price=division.common_price,
        paid=_paid(game, parts, division, settled.converted),
        converted=tuple(claim.name for claim in game.choosers if claim.name in settled.converted),
        unsettled=settled.unsettled,
    )


def _paid(game: Game, parts: tuple[Part, ...], division: Division, converted: Names) -> tuple[Paid, ...]:
    paid = []
    for part in parts:
        amount = Fraction(0)
        for name, kept, as_converted in part.sources:
            amount += division.amounts[name] * (as_converted if name in converted else kept)
        paid.append(Paid(part.holder, part.security, amount))
    for one, cut in zip(game.carve_outs, division.carved_out, strict=True):
        paid.append(Paid(one.holder, CARVE_OUT, cut))
    return tuple(paid)


def _amounts(payout: Payout) -> tuple[Fraction, ...]:
    return tuple(one.amount for one in payout.paid)


def _totals(amounts: Iterable[tuple[str, Fraction]]) -> dict[str, Fraction]:
    totals: defaultdict[str, Fraction] = defaultdict(Fraction)
    for name, amount in amounts:
        totals[name] += amount
    return dict(totals)
