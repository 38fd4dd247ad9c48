"""The arithmetic of an initial public offering: who sells what, who pays the underwriters, what first-day buyers gain.

Money left on the table is (first-day close − offer price) × shares offered, the over-allotment left out (Ritter); the
company's own part is that of the primary shares.
"""

from dataclasses import dataclass
from fractions import Fraction

from core.errors import InputError


@dataclass(frozen=True)
class Offering:
    """An offering at one price in USD; spread is the underwriters' share of the gross proceeds.

    primary_shares are the company's, secondary_shares its holders'; over_allotment_shares are sold only if exercised
    """

    offer_price_usd: Fraction
    primary_shares: int
    secondary_shares: int = 0
    over_allotment_shares: int = 0
    spread: Fraction = Fraction(0)
    expenses_usd: Fraction = Fraction(0)

    def __post_init__(self) -> None:
        for field, least in (("offer_price_usd", 1), ("primary_shares", 0), ("secondary_shares", 0)):
            if getattr(self, field) < least and not (field == "offer_price_usd" and self.offer_price_usd > 0):
                raise InputError("out_of_range", f"Offering.{field}", getattr(self, field), f"{field} > 0")
        if not 0 <= self.spread < 1:
            raise InputError("out_of_range", "Offering.spread", self.spread, "0 <= spread < 1")

    @property
    def shares(self) -> int:
        """Shares offered, without the over-allotment."""
        return self.primary_shares + self.secondary_shares

    @property
    def gross_usd(self) -> Fraction:
        return self.offer_price_usd * self.shares

    @property
    def company_gross_usd(self) -> Fraction:
        return self.offer_price_usd * self.primary_shares

    @property
    def company_net_usd(self) -> Fraction:
        return self.company_gross_usd * (1 - self.spread) - self.expenses_usd

    @property
    def sellers_net_usd(self) -> Fraction:
        return self.offer_price_usd * self.secondary_shares * (1 - self.spread)

    @property
    def over_allotment_share(self) -> Fraction:
        """Over-allotment as a share of the shares offered, at most 15 % by custom."""
        return Fraction(self.over_allotment_shares, self.shares)

    def first_day_return(self, close_usd: Fraction) -> Fraction:
        """By how much the first close lies above the offer price."""
        return close_usd / self.offer_price_usd - 1

    def money_left_on_the_table_usd(self, close_usd: Fraction) -> Fraction:
        """What the buyers of the offered shares gained on the first day."""
        return (close_usd - self.offer_price_usd) * self.shares

    def company_money_left_on_the_table_usd(self, close_usd: Fraction) -> Fraction:
        """The part of it that the company would have received."""
        return (close_usd - self.offer_price_usd) * self.primary_shares
