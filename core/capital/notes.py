"""Convertible notes: loans that convert with their interest into the stock of the next priced round.

Notes have no standard form, so day count, compounding and what the cap is divided by are terms. Day counts follow the
ISDA 2006 definitions (30/360 is the bond basis).
"""

import datetime
import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, get_args

from core.capital.checks import check_choice, check_date, settle, settle_if_given
from core.capital.securities import Event, SafeIssued, check_holder
from core.errors import InputError

Interest = Literal["simple", "annual", "monthly"]
DayCount = Literal["actual/365", "actual/360", "30/360"]
CapCounts = Literal["with_pool", "without_pool", "common", "with_pool_increase", "company_capitalization"]
SaleMultiplies = Literal["principal", "principal_and_interest"]


@dataclass(frozen=True)
class NoteIssued(Event):
    """A convertible note: a loan that converts with its interest into the next priced round's stock.

    interest: simple, or compounding once a year or a month; day_count makes years of days
    valuation_cap: None means uncapped; divided by the shares that `cap_counts` names, as converted: "common" is common
        stock alone, "without_pool" all stock, options and warrants, "with_pool" the unissued pool too,
        "with_pool_increase" the pool after the round, "company_capitalization" what a post-money SAFE counts
    qualified_financing: new money below which a round does not convert the note
    maturity: states when it is due; nothing happens by itself, as notes may be repaid, converted or extended then
    sale_multiple: what a sale pays if the holder takes cash, for each unit of principal and beside the interest (the
        repayment premium of Cooley's Series Seed note is of principal), or by sale_multiplies for each unit of both
    """

    holder: str
    principal: Fraction
    interest_rate: Fraction = Fraction(0)
    interest: Interest = "simple"
    day_count: DayCount = "actual/365"
    valuation_cap: Fraction | None = None
    discount: Fraction = Fraction(0)
    maturity: datetime.date | None = None
    cap_counts: CapCounts = "with_pool"
    sale_multiple: Fraction = Fraction(1)
    qualified_financing: Fraction = Fraction(0)
    sale_multiplies: SaleMultiplies = "principal"

    def __post_init__(self) -> None:
        super().__post_init__()
        check_holder(self, "holder")
        settle(self, "principal", "0 < principal", lambda principal: principal > 0)
        settle(self, "interest_rate", "0 <= interest_rate", lambda rate: rate >= 0)
        check_choice(self, "interest", get_args(Interest))
        check_choice(self, "day_count", get_args(DayCount))
        settle_if_given(self, "valuation_cap", "0 < valuation_cap", lambda cap: cap > 0)
        settle(self, "discount", "0 <= discount < 1", lambda discount: 0 <= discount < 1)
        check_choice(self, "cap_counts", get_args(CapCounts))
        settle(self, "sale_multiple", "1 <= sale_multiple", lambda multiple: multiple >= 1)
        check_choice(self, "sale_multiplies", get_args(SaleMultiplies))
        settle(self, "qualified_financing", "0 <= qualified_financing", lambda money: money >= 0)
        if self.maturity is not None:
            check_date(self, "maturity")
            if self.maturity <= self.date:
                raise InputError("contradiction", "NoteIssued.maturity", self.maturity, f"{self.date} < maturity")

    def years(self, on: datetime.date) -> Fraction:
        """Years from the issue to the day, by the note's day count."""
        if self.day_count == "30/360":
            first, last = min(self.date.day, 30), min(on.day, 30) if self.date.day >= 30 else on.day
            months = (on.year - self.date.year) * 12 + on.month - self.date.month
            return Fraction(months * 30 + last - first, 360)
        return Fraction((on - self.date).days, 365 if self.day_count == "actual/365" else 360)

    def owed(self, on: datetime.date) -> Fraction:
        """Principal and interest on that day. Whole periods compound; the days after the last earn simple interest."""
        years = self.years(on)
        if years < 0:
            raise InputError("out_of_order", "NoteIssued.date", on, f"{self.date} <= date")
        if self.interest == "simple":
            return self.principal * (1 + self.interest_rate * years)
        per_year = 1 if self.interest == "annual" else 12
        rate, periods = self.interest_rate / per_year, years * per_year
        whole = math.floor(periods)
        return self.principal * (1 + rate) ** whole * (1 + rate * (periods - whole))


Convertible = SafeIssued | NoteIssued


def note_name(position: int) -> str:
    """Name of the outstanding note at this position of `CapTable.notes`, in the order of issue from 0."""
    return f"Note {position + 1}"
