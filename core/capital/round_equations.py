"""The simultaneous equations of a priced round, solved exactly: the one price at which everything fits.

Everything is counted in value at the price p, because then each unknown is a line `fixed + shares p`.

    B      shares that stand: stock as converted, options, warrants, promises; P0 the pool that is not promised
    C      Company Capitalization, B + P0 + S, and S all that SAFEs and notes convert into
    S      a discount gives amount/(1 - d); a post-money cap (amount/cap) p C; a pre-money cap (amount/cap) p (B +
           pool); a note's cap (owed/cap) p times its count; a fixed share f p C; each takes its largest
    D      what anti-dilution adds: n p ((A + issued)/(A + paid/CP1) - 1) for a weighted average, n p (CP1/lowest price
           - 1) for a full ratchet; n are the shares as converted at CP1. New money and each conversion that counts are
           pieces of the round: each is tested at its own price, and only those below CP1 are issued and paid
    pool   the larger of p P0 and q times everything, q the target
    I      new money; M the money that converts

The agreed pre-money buys B, D, the pool and, by basis, S (all as values):

    post_money        B + D + pool + S = pre
    pre_money         B + D + pool     = pre
    dollars_invested  B + D + pool + S = pre + M

The left side rises with p, so there is one price. To find it, choose a line for each unknown, solve the linear
equations, and let each unknown change to the line that is right at that price. Where unknowns take their largest
line, each change raises the left side, so the price only falls, and as there are finitely many choices the loop ends
(Howard's policy iteration). The test of pieces is no maximum: if the choices go in a circle, the round is refused.

Company Capitalization counts neither the pool's increase nor what anti-dilution adds: both come with the financing,
and the SAFE's text takes the company "immediately prior" to it.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from core.capital.checks import check_whole, settle
from core.capital.conversions import Way
from core.capital.securities import PricedRound, Series
from core.errors import InputError

ZERO = Fraction(0)
NEW_MONEY = -1
"""Stands for the new money among the positions of SAFEs and notes."""


@dataclass(frozen=True)
class Protected:
    """A series with anti-dilution as it stands before a round.

    outstanding: A before the conversions
    pieces: positions of the SAFEs and notes whose conversion is an issue of this round against the series
    in_outstanding: positions of those that are in A at the shares they become
    """

    series: Series
    shares: int
    outstanding: Fraction
    pieces: frozenset[int] = frozenset()
    in_outstanding: frozenset[int] = frozenset()

    @property
    def conversion_price(self) -> Fraction:
        return self.series.conversion_price or self.series.original_issue_price

    @property
    def as_converted(self) -> Fraction:
        return self.shares * self.series.conversion_ratio

    @property
    def ratchets(self) -> bool:
        return self.series.anti_dilution is not None and self.series.anti_dilution.protection == "full_ratchet"


@dataclass(frozen=True)
class Company:
    """What stands before a round, in shares as converted into common; exact, so not always whole.

    rights: granted and promised options and warrants; unissued_pool: what is not promised
    held: stock, options and warrants by holder, for pro-rata rights
    """

    common: int
    preferred: Fraction = ZERO
    rights: int = 0
    unissued_pool: int = 0
    protected: tuple[Protected, ...] = ()
    held: Mapping[str, Fraction] = field(default_factory=dict)

    def __post_init__(self) -> None:
        check_whole(self, "common", 0)
        settle(self, "preferred", "0 <= preferred", lambda shares: shares >= 0)
        check_whole(self, "rights", 0)
        check_whole(self, "unissued_pool", 0)
        if self.without_pool == 0:
            raise InputError("out_of_range", "Company.common", self.common, "0 < common + preferred + rights")

    @property
    def without_pool(self) -> Fraction:
        return self.common + self.preferred + self.rights

    @property
    def with_pool(self) -> Fraction:
        return self.without_pool + self.unissued_pool


@dataclass(frozen=True)
class Solution:
    """The unrounded round: shares for each SAFE and note by its best way, and all shares after the round."""

    price: Fraction
    ways: tuple[Way, ...]
    conversions: tuple[Fraction, ...]
    company_capitalization: Fraction
    pool: Fraction
    total: Fraction


@dataclass(frozen=True)
class _Line:
    """Value at a price, fixed + shares x price, and per_pool times the pool's value, as long as that is unknown."""

    fixed: Fraction = ZERO
    shares: Fraction = ZERO
    per_pool: Fraction = ZERO

    def __add__(self, other: "_Line") -> "_Line":
        return _Line(self.fixed + other.fixed, self.shares + other.shares, self.per_pool + other.per_pool)

    def __mul__(self, factor: Fraction) -> "_Line":
        return _Line(self.fixed * factor, self.shares * factor, self.per_pool * factor)

    def given(self, pool: "_Line") -> "_Line":
        return _Line(self.fixed + self.per_pool * pool.fixed, self.shares + self.per_pool * pool.shares)

    def at(self, price: Fraction) -> Fraction:
        return self.fixed + self.shares * price


@dataclass(frozen=True)
class _Choices:
    """Which line each unknown takes: a way for each convertible, the pieces that adjust each series, pool topped up."""

    ways: tuple[int, ...]
    pieces: tuple[frozenset[int], ...]
    tops_up: bool


@dataclass(frozen=True)
class _Values:
    """Every unknown as a line, for one set of choices; `inside` is what the pre-money buys."""

    capitalization: _Line
    conversions: tuple[_Line, ...]
    pool: _Line
    total: _Line
    inside: _Line


@dataclass(frozen=True)
class _Round:
    terms: PricedRound
    company: Company
    ways: Sequence[Sequence[Way]]
    dollars: Sequence[Fraction]

    @property
    def protected(self) -> tuple[Protected, ...]:
        return self.company.protected if self.terms.adjustment_in_price else ()


def solve(terms: PricedRound, company: Company, ways: Sequence[Sequence[Way]], dollars: Sequence[Fraction]) -> Solution:
    """The price and everything that depends on it; `dollars` is the money of each SAFE and note."""
    problem = _Round(terms, company, ways, dollars)
    choices = _Choices((0,) * len(ways), (frozenset(),) * len(problem.protected), tops_up=False)
    converting = sum(dollars, ZERO) if terms.basis == "dollars_invested" else ZERO
    seen: set[_Choices] = set()
    while choices not in seen:
        seen.add(choices)
        values = _values(problem, choices)
        price = (terms.pre_money + converting - values.inside.fixed) / values.inside.shares
        if price <= 0:
            least = math.ceil(_least_agreed(problem, choices) - converting)
            raise InputError("over_100_percent", "PricedRound.pre_money", terms.pre_money, f"{least} < pre_money")
        better = _improved(problem, choices, values, price)
        if better == choices:
            return _solution(problem, choices, values, price)
        choices = better
    raise InputError("contradiction", "PricedRound.adjustment_in_price", True, "adjustment_in_price = False")


def _values(problem: _Round, choices: _Choices) -> _Values:
    terms, company = problem.terms, problem.company
    chosen = [ways[choice] for ways, choice in zip(problem.ways, choices.ways, strict=True)]
    stock = _Line(shares=company.without_pool)
    capitalization = _capitalization(company, chosen)
    conversions = [
        capitalization * way.factor if way.counts == "company_capitalization" else _direct(company, way)
        for way in chosen
    ]
    old_pool = _Line(shares=Fraction(company.unissued_pool))
    adjustments = _total(
        _adjustment(problem, one, pieces, conversions, None if choices.tops_up else old_pool)
        for one, pieces in zip(problem.protected, choices.pieces, strict=True)
    )
    converted = _total(conversions)
    rest = stock + _Line(fixed=terms.new_money) + adjustments + converted
    pool = old_pool
    if choices.tops_up:
        room = 1 - terms.pool_target * (1 + rest.per_pool)
        if room <= 0:
            expected = "pool_target (1 + pre-money SAFEs' amount / valuation_cap) < 1"
            raise InputError("over_100_percent", "PricedRound.pool_target", terms.pool_target, expected)
        pool = _Line(rest.fixed, rest.shares) * (terms.pool_target / room)
    inside = stock + adjustments + (pool if terms.pool_in_pre_money else old_pool)
    if terms.basis != "pre_money":
        inside += converted
    return _Values(
        capitalization=capitalization.given(pool),
        conversions=tuple(one.given(pool) for one in conversions),
        pool=pool,
        total=(rest + pool).given(pool),
        inside=inside.given(pool),
    )


def _capitalization(company: Company, chosen: Sequence[Way]) -> _Line:
    """C = (B + P0 + what converts without regard to C)/(1 - the parts of C that are promised)."""
    promised = sum((way.factor for way in chosen if way.counts == "company_capitalization"), ZERO)
    if promised >= 1:
        raise InputError("over_100_percent", "NoteIssued.principal", promised, "sum(owed / valuation_cap) < 1")
    others = _total(_direct(company, way) for way in chosen if way.counts != "company_capitalization")
    return (_Line(shares=company.with_pool) + others) * (1 / (1 - promised))


def _direct(company: Company, way: Way) -> _Line:
    """A conversion that does not depend on the Company Capitalization."""
    if way.counts == "money":
        return _Line(fixed=way.factor)
    if way.counts == "with_pool_increase":
        return _Line(shares=company.without_pool, per_pool=Fraction(1)) * way.factor
    count = {"common": Fraction(company.common), "without_pool": company.without_pool, "with_pool": company.with_pool}
    return _Line(shares=way.factor * count[way.counts])


def _adjustment(
    problem: _Round, one: Protected, pieces: frozenset[int], conversions: Sequence[_Line], pool: _Line | None
) -> _Line:
    """D of one series for the pieces that adjust it; `pool` is None while its value is unknown."""
    if not pieces:
        return _Line()
    issued = _total(_Line(fixed=problem.terms.new_money) if at == NEW_MONEY else conversions[at] for at in pieces)
    paid = sum((problem.terms.new_money if at == NEW_MONEY else problem.dollars[at] for at in pieces), ZERO)
    unadjusted = _Line(shares=-one.as_converted)
    if one.ratchets:
        return unadjusted + issued * (one.as_converted * one.conversion_price / paid)
    inside = _total(conversions[at] for at in one.in_outstanding)
    inside = inside if pool is None else inside.given(pool)
    if inside.fixed or inside.per_pool:
        # A that moves with the price would make the price the root of a quadratic, which is no fraction.
        raise InputError("contradiction", "PricedRound.adjustment_in_price", True, "adjustment_in_price = False")
    outstanding = one.outstanding + inside.shares
    weight = one.as_converted / (outstanding + paid / one.conversion_price)
    return unadjusted + (_Line(shares=outstanding) + issued) * weight


def _improved(problem: _Round, choices: _Choices, values: _Values, price: Fraction) -> _Choices:
    """The line that is right for each unknown at this price; where its own is as large it stays."""
    ways = []
    for options, choice in zip(problem.ways, choices.ways, strict=True):
        worth = [_worth(problem.company, way, values, price) for way in options]
        ways.append(choice if worth[choice] == max(worth) else worth.index(max(worth)))
    pieces = tuple(_pieces_below(problem, one, values, price) for one in problem.protected)
    wanted = problem.terms.pool_target * values.total.at(price)
    return _Choices(tuple(ways), pieces, wanted > problem.company.unissued_pool * price)


def _pieces_below(problem: _Round, one: Protected, values: _Values, price: Fraction) -> frozenset[int]:
    """The pieces that are cheaper than the series' conversion price; a ratchet follows the cheapest alone."""
    # Stock at the round's price for a dollar paid: the more, the cheaper the piece.
    per_dollar = {NEW_MONEY: Fraction(1)}
    per_dollar |= {at: values.conversions[at].at(price) / problem.dollars[at] for at in sorted(one.pieces)}
    below = [at for at, value in per_dollar.items() if value * one.conversion_price > price]
    if one.ratchets and below:
        return frozenset({max(below, key=lambda at: per_dollar[at])})
    return frozenset(below)


def _worth(company: Company, way: Way, values: _Values, price: Fraction) -> Fraction:
    if way.counts == "company_capitalization":
        return way.factor * values.capitalization.at(price)
    return _direct(company, way).given(values.pool).at(price)


def _least_agreed(problem: _Round, choices: _Choices) -> Fraction:
    """What the left side comes to at a price of 0: an agreed value up to this leaves no price above 0."""
    seen: set[_Choices] = set()
    while choices not in seen:
        seen.add(choices)
        values = _values(problem, choices)
        choices = _improved(problem, choices, values, ZERO)
    return values.inside.fixed


def _solution(problem: _Round, choices: _Choices, values: _Values, price: Fraction) -> Solution:
    return Solution(
        price=price,
        ways=tuple(ways[choice] for ways, choice in zip(problem.ways, choices.ways, strict=True)),
        conversions=tuple(one.at(price) / price for one in values.conversions),
        company_capitalization=values.capitalization.at(price) / price,
        pool=values.pool.at(price) / price,
        total=values.total.at(price) / price,
    )


def _total(lines: Iterable[_Line]) -> _Line:
    total = _Line()
    for line in lines:
        total += line
    return total
