"""The arithmetic of an initial public offering: who sells what, who pays the underwriters, what first-day buyers gain.

Money left on the table is (first-day close − offer price) × shares offered, the over-allotment left out (Ritter); the
company's own part is that of the primary shares.
"""

from dataclasses import dataclass
from fractions import Fraction

from core.capital.checks import exact_number
from core.errors import InputError


@dataclass(frozen=True)
class Offering:
    """An offering at one price in USD; spread is the underwriters' share of the gross proceeds.

    primary_shares are the company's, secondary_shares its holders'; over_allotment_shares are sold only if exercised
    """

    offer_price: Fraction
    primary_shares: int
    secondary_shares: int = 0
    over_allotment_shares: int = 0
    spread: Fraction = Fraction(0)
    expenses: Fraction = Fraction(0)

    def __post_init__(self) -> None:
        for field, more_than in (("offer_price", 0), ("primary_shares", -1), ("secondary_shares", -1)):
            self._check(field, f"{more_than} < {field}", exact_number(_path(field), getattr(self, field)) > more_than)
        self._check("primary_shares", "0 < primary_shares + secondary_shares", self.shares > 0)
        self._check("over_allotment_shares", "0 <= over_allotment_shares", self.over_allotment_shares >= 0)
        self._check("spread", "0 <= spread < 1", 0 <= exact_number(_path("spread"), self.spread) < 1)
        self._check("expenses", "0 <= expenses", exact_number(_path("expenses"), self.expenses) >= 0)

    def _check(self, field: str, expected: str, holds: bool) -> None:
        if not holds:
            raise InputError("out_of_range", _path(field), getattr(self, field), expected)

    @property
    def shares(self) -> int:
        """Shares offered, without the over-allotment."""
        return self.primary_shares + self.secondary_shares

    @property
    def gross(self) -> Fraction:
        return self.offer_price * self.shares

    @property
    def company_gross(self) -> Fraction:
        return self.offer_price * self.primary_shares

    @property
    def company_net(self) -> Fraction:
        return self.company_gross * (1 - self.spread) - self.expenses

    @property
    def sellers_net(self) -> Fraction:
        return self.offer_price * self.secondary_shares * (1 - self.spread)

    @property
    def over_allotment_share(self) -> Fraction:
        """Over-allotment as a share of the shares offered, at most 15 % by custom."""
        return Fraction(self.over_allotment_shares, self.shares)

    def first_day_return(self, closing_price: Fraction) -> Fraction:
        """By how much the first close lies above the offer price."""
        return closing_price / self.offer_price - 1

    def money_left_on_the_table(self, closing_price: Fraction) -> Fraction:
        """What the buyers of the offered shares gained on the first day."""
        return (closing_price - self.offer_price) * self.shares

    def company_money_left_on_the_table(self, closing_price: Fraction) -> Fraction:
        """The part of it that the company would have received."""
        return (closing_price - self.offer_price) * self.primary_shares


def _path(field: str) -> str:
    return f"Offering.{field}"
