"""The price of a round on every path at once: the float twin of `core.capital.round_equations`, same letters.

Values at the price p are lines, fixed + shares p + per_pool times the pool's value. Each unknown takes the line that is
right at the price; the price is solved again until no unknown wants another line. A tie is the cap's, and a series' own
price is not below itself: floats must not break that, hence TIE.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.plan.operating import Floats

Flags = NDArray[np.bool_]
TIE = 1e-12  # relative; what floats may miss a tie by
MOST_CHANGES = 100


@dataclass(frozen=True)
class Converting:
    """Outstanding SAFEs and notes, (securities, paths); a dollar that is not there is 0.

    dollars: what converts, a note's interest included
    capitalization_part: of the Company Capitalization by a post-money cap or a fixed share
    pre_money_part: amount / cap of a pre-money SAFE; pool_part: owed / cap of a note
    undiscounted: dollars / (1 - discount), 0 for a fixed share
    """

    dollars: Floats
    capitalization_part: Floats
    pre_money_part: Floats
    pool_part: Floats
    undiscounted: Floats


@dataclass(frozen=True)
class ProtectedSeries:
    """Earlier series with anti-dilution, (series, paths); as_converted is 0 where there is none.

    price: the conversion price; outstanding: A of its formula; ratchet: full, not weighted average
    """

    as_converted: Floats
    price: Floats
    outstanding: Floats
    ratchet: Flags


@dataclass(frozen=True)
class Agreed:
    """What the term sheet fixes, (paths,); with_conversions: whether the pre-money buys what converts.

    value: the pre-money, and for "dollars invested" the money that converts as well
    """

    value: Floats
    new_money: Floats
    pool_target: Floats
    with_conversions: bool


@dataclass(frozen=True)
class RoundPrice:
    """The unrounded round, (paths,): not positive where it has no price; at_cap and conversions (securities, paths).

    settled: where the choices came to rest
    """

    price: Floats
    at_cap: Flags
    conversions: Floats
    pool: Floats
    settled: Flags


@dataclass(frozen=True)
class _Line:
    fixed: Floats
    shares: Floats
    per_pool: Floats

    def __add__(self, other: "_Line") -> "_Line":
        return _Line(self.fixed + other.fixed, self.shares + other.shares, self.per_pool + other.per_pool)

    def __mul__(self, factor: Floats) -> "_Line":
        return _Line(self.fixed * factor, self.shares * factor, self.per_pool * factor)

    def given(self, pool: "_Line") -> "_Line":
        shares = self.shares + self.per_pool * pool.shares
        return _Line(self.fixed + self.per_pool * pool.fixed, shares, np.zeros_like(self.per_pool))

    def at(self, price: Floats) -> Floats:
        return np.asarray(self.fixed + self.shares * price)

    def total(self) -> "_Line":
        return _Line(self.fixed.sum(axis=0), self.shares.sum(axis=0), self.per_pool.sum(axis=0))


@dataclass(frozen=True)
class _Choices:
    """at_cap: (securities, paths); pieces: (series, 1 + securities, paths), the new money first; tops_up: (paths,)"""

    at_cap: Flags
    pieces: Flags
    tops_up: Flags

    def differ(self, other: "_Choices") -> Flags:
        """Where any choice is another, (paths,)."""
        changed = (self.at_cap != other.at_cap).any(axis=0) | (self.tops_up != other.tops_up)
        return np.asarray(changed | (self.pieces != other.pieces).any(axis=(0, 1)))


@dataclass(frozen=True)
class _Values:
    capitalization: _Line
    conversions: _Line
    pool: _Line
    total: _Line
    inside: _Line


@dataclass(frozen=True)
class Standing:
    """What stands before a round, (paths,): stock as converted, the unissued pool, and what converts or adjusts."""

    stock: Floats
    pool: Floats
    converting: Converting
    protected: ProtectedSeries


def price_on_paths(agreed: Agreed, standing: Standing) -> RoundPrice:
    """Solve a round for what stands before it."""
    converting = standing.converting
    securities, paths = converting.dollars.shape
    by_cap = converting.capitalization_part + converting.pre_money_part + converting.pool_part > 0
    pieces = np.zeros((len(standing.protected.price), 1 + securities, paths), dtype=bool)
    choices = _Choices(by_cap, pieces, np.zeros(paths, dtype=bool))
    for _ in range(MOST_CHANGES):
        values = _values(agreed, standing, choices)
        price = (agreed.value - values.inside.fixed) / values.inside.shares
        priced = np.where(price > 0, price, 1.0)
        better = _improved(agreed, standing, choices, values, priced)
        changes = choices.differ(better) & (price > 0)
        if not changes.any():
            break
        choices = better
    conversions = values.conversions.at(priced) / priced
    return RoundPrice(price, choices.at_cap, conversions, values.pool.at(priced) / priced, ~changes)


def _values(agreed: Agreed, standing: Standing, choices: _Choices) -> _Values:
    stock, nothing = standing.stock, np.zeros_like(standing.stock)
    capitalization, conversions = _conversions(standing, choices.at_cap)
    converted = conversions.total()
    adjusted = _adjustments(agreed, standing, choices.pieces, conversions)
    rest = _Line(agreed.new_money, stock, nothing) + converted + adjusted
    room = 1 - agreed.pool_target * (1 + rest.per_pool)
    target = agreed.pool_target / np.where(room > 0, room, np.nan)  # no room for the pool is no price
    pool = _Line(
        np.where(choices.tops_up, rest.fixed * target, 0.0),
        np.where(choices.tops_up, rest.shares * target, standing.pool),
        nothing,
    )
    inside = _Line(nothing, stock, nothing) + adjusted + pool
    if agreed.with_conversions:
        inside = inside + converted
    return _Values(
        capitalization=capitalization.given(pool),
        conversions=conversions.given(pool),
        pool=pool,
        total=(rest + pool).given(pool),
        inside=inside.given(pool),
    )


def _conversions(standing: Standing, at_cap: Flags) -> tuple[_Line, _Line]:
    """The Company Capitalization, (paths,), and what each security converts into, (securities, paths)."""
    converting, with_pool = standing.converting, standing.stock + standing.pool
    part = np.where(at_cap, converting.capitalization_part, 0.0)
    by_pool_increase = np.where(at_cap, converting.pre_money_part, 0.0)
    direct = _Line(
        np.where(at_cap, 0.0, converting.undiscounted),
        by_pool_increase * standing.stock + np.where(at_cap, converting.pool_part, 0.0) * with_pool,
        by_pool_increase,
    )
    promised = part.sum(axis=0)
    left = np.where(promised < 1, 1 - promised, np.nan)  # promises of everything leave no price
    nothing = np.zeros_like(with_pool)
    capitalization = (direct.total() + _Line(nothing, with_pool, nothing)) * (1 / left)
    return capitalization, direct + capitalization * part


def _adjustments(agreed: Agreed, standing: Standing, pieces: Flags, conversions: _Line) -> _Line:
    """What anti-dilution adds to all series together, for the pieces that adjust each of them."""
    nothing = np.zeros_like(agreed.new_money)
    if not pieces.any():
        return _Line(nothing, nothing, nothing)
    protected, from_new_money, converted = standing.protected, pieces[:, 0], pieces[:, 1:]

    def of_pieces(new_money: Floats, of_conversions: Floats) -> Floats:
        """Summed over the pieces of each series, (series, paths)."""
        return np.asarray(from_new_money * new_money + (converted * of_conversions).sum(axis=1))

    paid = of_pieces(agreed.new_money, standing.converting.dollars)
    adjusts = paid > 0
    bought = np.where(adjusts, paid, 1.0) / protected.price
    counted = np.where(protected.ratchet, 0.0, protected.outstanding)
    weight = np.where(adjusts, protected.as_converted, 0.0) / (counted + bought)
    shares = (counted + of_pieces(nothing, conversions.shares)) * weight - protected.as_converted * adjusts
    fixed = of_pieces(agreed.new_money, conversions.fixed) * weight
    return _Line(fixed, shares, of_pieces(nothing, conversions.per_pool) * weight).total()


def _improved(agreed: Agreed, standing: Standing, choices: _Choices, values: _Values, price: Floats) -> _Choices:
    """The line that is right for each unknown at this price; where its own is as large it stays."""
    converting, stock, pool = standing.converting, standing.stock, standing.pool
    capped = converting.capitalization_part * values.capitalization.at(price)
    capped = capped + converting.pre_money_part * (stock * price + values.pool.at(price))
    capped = capped + converting.pool_part * (stock + pool) * price
    more, less = converting.undiscounted * (1 + TIE), converting.undiscounted * (1 - TIE)
    at_cap = np.where(choices.at_cap, capped >= less, capped > more)
    wanted = agreed.pool_target * values.total.at(price)
    return _Choices(at_cap, _pieces_below(standing, values, price), wanted > pool * price * (1 + TIE))


def _pieces_below(standing: Standing, values: _Values, price: Floats) -> Flags:
    """The pieces that are cheaper than each series' conversion price; a ratchet follows the cheapest alone."""
    converting, protected = standing.converting, standing.protected
    there = converting.dollars > 0
    # Stock at the round's price for a dollar paid: the more, the cheaper the piece.
    bought = np.where(there, values.conversions.at(price) / np.where(there, converting.dollars, 1.0), 0.0)
    per_dollar = np.concatenate([np.ones((1, len(price))), bought])
    exists = (protected.as_converted > 0)[:, None]
    below = exists & (per_dollar * protected.price[:, None] > price * (1 + TIE))
    cheapest = np.arange(len(per_dollar))[:, None] == per_dollar.argmax(axis=0)
    return np.asarray(below & (cheapest | ~protected.ratchet[:, None]))
