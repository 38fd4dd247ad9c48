"""An initial public offering at one price: who sells what, who pays the underwriters, what first-day buyers gain.

Money left on the table is (first close − offer price) × shares offered, the over-allotment left out (J. R. Ritter);
the same gain on over-allotted shares stands on a line of its own. With P0 the offer price, P1 the first close and Np
the company's shares, Np (1 − P0/P1) of them would not have been needed for the same money at P1.

A fixed-price offering states the offer price, a book-built one may have its range beside it; with a range alone the
results are at its middle.
"""

import datetime
import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from core.capital.checks import (
    check_all,
    check_choice,
    check_date,
    check_whole,
    path,
    settle,
    settle_if_given,
)
from core.capital.deals.lock_ups import LockUp, Release, releases
from core.errors import InputError

CUSTOMARY_MANAGEMENT = CUSTOMARY_UNDERWRITING = Fraction(1, 5)
"""Parts of the spread, the selling concession being the rest: S. Torstila, The Distribution of Fees Within the IPO
Syndicate."""


@dataclass(frozen=True)
class SpreadStep:
    """The spread of offerings whose gross, over-allotment left out, is at least this; on all of it."""

    gross_from: Fraction
    spread_rate: Fraction

    def __post_init__(self) -> None:
        settle(self, "gross_from", "0 <= gross_from", lambda gross: gross >= 0)
        settle(self, "spread_rate", "0 <= spread_rate < 1", lambda rate: 0 <= rate < 1)


@dataclass(frozen=True, kw_only=True)
class Offering:
    """Terms; money in one currency.

    offer_price, range_low, range_high: a price, a range, or both
    primary_shares, target_company_net: what the company sells, or what it wants to have after spread and expenses
    secondary_shares: what holders sell
    shares_before, shares_after: all shares, basic or fully diluted as they are typed, before the offering or after it
        without over-allotment; preferred stock, SAFEs and notes converted
    over_allotment_shares: the option, and which part of it is exercised by whom
    spread_rate, spread_per_share, spread_schedule: underwriters' share of the gross, money a share, or by size of the
        gross
    expenses: of the company alone
    shares_demanded: that buyers asked for
    lock_up_from: day from which lock-ups run; average_daily_volume: shares traded a day
    """

    offer_price: Fraction | None = None
    range_low: Fraction | None = None
    range_high: Fraction | None = None
    primary_shares: int | None = None
    target_company_net: Fraction | None = None
    secondary_shares: int = 0
    shares_before: int | None = None
    shares_after: int | None = None
    over_allotment_shares: int = 0
    over_allotment_exercised_share: Fraction = Fraction(0)
    over_allotment_sold_by: Literal["company", "holders"] = "company"
    spread_rate: Fraction = Fraction(0)
    spread_per_share: Fraction | None = None
    spread_schedule: tuple[SpreadStep, ...] = ()
    management_share: Fraction = CUSTOMARY_MANAGEMENT
    underwriting_share: Fraction = CUSTOMARY_UNDERWRITING
    expenses: Fraction = Fraction(0)
    closing_price: Fraction | None = None
    shares_demanded: int | None = None
    lock_ups: tuple[LockUp, ...] = ()
    lock_up_from: datetime.date | None = None
    average_daily_volume: int | None = None

    def __post_init__(self) -> None:
        for field in ("offer_price", "range_low", "range_high", "target_company_net", "closing_price"):
            settle_if_given(self, field, f"0 < {field}", lambda money: money > 0)
        for field in ("over_allotment_exercised_share", "management_share", "underwriting_share"):
            settle(self, field, f"0 <= {field} <= 1", lambda part: 0 <= part <= 1)
        settle(self, "spread_rate", "0 <= spread_rate < 1", lambda rate: 0 <= rate < 1)
        settle_if_given(self, "spread_per_share", "0 <= spread_per_share", lambda money: money >= 0)
        settle(self, "expenses", "0 <= expenses", lambda money: money >= 0)
        for field in ("secondary_shares", "over_allotment_shares"):
            check_whole(self, field, 0)
        for field in ("primary_shares", "shares_before", "shares_after", "shares_demanded", "average_daily_volume"):
            if getattr(self, field) is not None:
                check_whole(self, field, 0 if field in ("primary_shares", "shares_demanded") else 1)
        check_choice(self, "over_allotment_sold_by", ("company", "holders"))
        check_all(self, "spread_schedule", SpreadStep)
        check_all(self, "lock_ups", LockUp)
        if self.lock_up_from is not None:
            check_date(self, "lock_up_from")
        self._check_together()

    def _check_together(self) -> None:
        low, high = self.range_low, self.range_high
        shares = None if self.primary_shares is None else self.primary_shares + self.secondary_shares
        order = [step.gross_from for step in self.spread_schedule]
        faults = {
            "offer_price": (self.offer_price is None and low is None, "offer_price | range_low and range_high"),
            "range_high": ((low is None) != (high is None), "range_low and range_high"),
            "range_low": (low is not None and high is not None and low > high, "range_low <= range_high"),
            "target_company_net": (
                (self.primary_shares is None) == (self.target_company_net is None),
                "either primary_shares or target_company_net",
            ),
            "primary_shares": (shares == 0, "0 < primary_shares + secondary_shares"),
            "shares_after": (
                self.shares_after is not None and self.shares_before is not None,
                "either shares_before or shares_after",
            ),
            "underwriting_share": (
                self.management_share + self.underwriting_share > 1,
                "management_share + underwriting_share <= 1",
            ),
            "spread_schedule": (
                bool(order) and (order[0] != 0 or order != sorted(set(order))),
                "gross_from 0 first, then ascending",
            ),
            "spread_rate": (
                (self.spread_rate > 0) + (self.spread_per_share is not None) + bool(order) > 1,
                "either spread_rate, spread_per_share or spread_schedule",
            ),
        }
        for field, (wrong, expected) in faults.items():
            if wrong:
                raise InputError("contradiction", path(self, field), getattr(self, field), expected)
        if self.plain_spread >= 1:
            raise InputError(
                "out_of_range",
                path(self, "spread_per_share"),
                self.spread_per_share,
                f"spread_per_share < {self.price}",
            )

    @property
    def price(self) -> Fraction:
        """The offer price, or the middle of the range."""
        if self.offer_price is not None:
            return self.offer_price
        assert self.range_low is not None
        assert self.range_high is not None
        return (self.range_low + self.range_high) / 2

    @property
    def plain_spread(self) -> Fraction:
        """The spread without a schedule, as a share of the gross."""
        return self.spread_rate if self.spread_per_share is None else self.spread_per_share / self.price


@dataclass(frozen=True)
class Proceeds:
    """company_net + sellers_net + spread + expenses = gross; the spread is paid by each on what they sell."""

    shares: int
    gross: Fraction
    spread: Fraction
    management_fee: Fraction
    underwriting_fee: Fraction
    selling_concession: Fraction
    company_gross: Fraction
    company_net: Fraction
    sellers_gross: Fraction
    sellers_net: Fraction


@dataclass(frozen=True)
class Shares:
    """After the offering, over-allotted shares sold included; parts are of all shares after it.

    dilution: by how much a holder's part falls who sells nothing
    """

    before: int
    after: int
    pre_money: Fraction
    market_cap: Fraction
    free_float_shares: int
    free_float: Fraction
    old_holders: Fraction
    dilution: Fraction


@dataclass(frozen=True)
class FirstDay:
    """At the first close. over_allotment: the same gain on over-allotted shares, which is no part of left_on_the_table.

    over_issued_shares: of the company's, that the close would have made unnecessary
    """

    first_day_return: Fraction
    left_on_the_table: Fraction
    company_left: Fraction
    sellers_left: Fraction
    over_allotment: Fraction
    over_issued_shares: Fraction
    market_cap: Fraction | None


@dataclass(frozen=True)
class AtPrice:
    """One price of the range, without over-allotment."""

    price: Fraction
    gross: Fraction
    company_net: Fraction
    sellers_net: Fraction
    pre_money: Fraction | None
    market_cap: Fraction | None


@dataclass(frozen=True)
class OfferingOutcome:
    """company_cost: the company's spread and expenses as a part of its gross; nothing is rounded.

    over_allotment_option: of the shares offered; proceeds_with_over_allotment: None where none of it is exercised
    demand: shares asked for, as a multiple of those offered
    """

    offer_price: Fraction
    primary_shares: int
    secondary_shares: int
    spread_rate: Fraction
    expenses: Fraction
    company_cost: Fraction | None
    over_allotment_option: Fraction
    proceeds: Proceeds
    proceeds_with_over_allotment: Proceeds | None
    shares: Shares | None
    first_day: FirstDay | None
    demand: Fraction | None
    range: tuple[AtPrice, ...]
    lock_ups: tuple[Release, ...]


def offering_outcome(offering: Offering) -> OfferingOutcome:
    """What each side gets and what the company is worth at the offer price."""
    price = offering.price
    primary = offering.primary_shares
    if primary is None:
        primary = shares_for_net(offering, price)
    firm = _proceeds(offering, price, primary)
    over = _over_allotted(offering)
    rate = spread_of(offering, firm.gross)
    shares = _shares(offering, price, primary, over)
    return OfferingOutcome(
        offer_price=price,
        primary_shares=primary,
        secondary_shares=offering.secondary_shares,
        spread_rate=rate,
        expenses=offering.expenses,
        company_cost=1 - firm.company_net / firm.company_gross if primary else None,
        over_allotment_option=Fraction(offering.over_allotment_shares, firm.shares),
        proceeds=firm,
        proceeds_with_over_allotment=_proceeds(offering, price, primary, over) if over else None,
        shares=shares,
        first_day=_first_day(offering, price, primary, over, shares),
        demand=None if offering.shares_demanded is None else Fraction(offering.shares_demanded, firm.shares),
        range=_range(offering, primary),
        lock_ups=releases(
            offering.lock_ups,
            firm.shares + over,
            price if offering.closing_price is None else offering.closing_price,
            offering.lock_up_from,
            offering.average_daily_volume,
        ),
    )


def spread_of(offering: Offering, gross: Fraction) -> Fraction:
    """The underwriters' share of an offering of that gross, over-allotment left out."""
    steps = [step.spread_rate for step in offering.spread_schedule if step.gross_from <= gross]
    return steps[-1] if steps else offering.plain_spread


def shares_for_net(offering: Offering, price: Fraction) -> int:
    """The fewest primary shares that leave the company its target after spread and expenses.

    With a schedule the net jumps where the rate changes, so each step is tried by itself, the smallest first.
    """
    assert offering.target_company_net is not None
    needed = offering.target_company_net + offering.expenses
    steps = offering.spread_schedule or (SpreadStep(Fraction(0), offering.plain_spread),)
    ends: list[Fraction | None] = [*(step.gross_from for step in steps[1:]), None]
    for step, end in zip(steps, ends, strict=True):
        least = max(0, math.ceil(step.gross_from / price) - offering.secondary_shares)
        shares = max(least, math.ceil(needed / (price * (1 - step.spread_rate))))
        if end is None or price * (shares + offering.secondary_shares) < end:
            return shares
    raise AssertionError("the last step has no end")


def _over_allotted(offering: Offering) -> int:
    """Whole shares of the option that are exercised, rounded down."""
    return math.floor(offering.over_allotment_shares * offering.over_allotment_exercised_share)


def _proceeds(offering: Offering, price: Fraction, primary: int, over: int = 0) -> Proceeds:
    rate = spread_of(offering, price * (primary + offering.secondary_shares))
    of_company = over if offering.over_allotment_sold_by == "company" else 0
    company = price * (primary + of_company)
    sellers = price * (offering.secondary_shares + over - of_company)
    spread = (company + sellers) * rate
    management, underwriting = spread * offering.management_share, spread * offering.underwriting_share
    return Proceeds(
        shares=primary + offering.secondary_shares + over,
        gross=company + sellers,
        spread=spread,
        management_fee=management,
        underwriting_fee=underwriting,
        selling_concession=spread - management - underwriting,
        company_gross=company,
        company_net=company * (1 - rate) - offering.expenses,
        sellers_gross=sellers,
        sellers_net=sellers * (1 - rate),
    )


def _before(offering: Offering, primary: int) -> int | None:
    if offering.shares_after is not None:
        return offering.shares_after - primary
    return offering.shares_before


def _shares(offering: Offering, price: Fraction, primary: int, over: int) -> Shares | None:
    before = _before(offering, primary)
    if before is None:
        return None
    issued = primary + (over if offering.over_allotment_sold_by == "company" else 0)
    offered = primary + offering.secondary_shares + over
    sold_by_holders = offered - issued
    if before < max(sold_by_holders, 1):
        field, expected = ("shares_before", "secondary_shares + over-allotted ones of holders <= shares_before")
        if offering.shares_after is not None:
            field, expected = "shares_after", "primary_shares + secondary_shares <= shares_after"
        raise InputError("contradiction", path(offering, field), getattr(offering, field), expected)
    after = before + issued
    return Shares(
        before=before,
        after=after,
        pre_money=price * before,
        market_cap=price * after,
        free_float_shares=offered,
        free_float=Fraction(offered, after),
        old_holders=Fraction(before - sold_by_holders, after),
        dilution=Fraction(issued, after),
    )


def _first_day(offering: Offering, price: Fraction, primary: int, over: int, shares: Shares | None) -> FirstDay | None:
    close = offering.closing_price
    if close is None:
        return None
    gain = close - price
    return FirstDay(
        first_day_return=close / price - 1,
        left_on_the_table=gain * (primary + offering.secondary_shares),
        company_left=gain * primary,
        sellers_left=gain * offering.secondary_shares,
        over_allotment=gain * over,
        over_issued_shares=primary * (1 - price / close),
        market_cap=None if shares is None else close * shares.after,
    )


def _range(offering: Offering, primary: int) -> tuple[AtPrice, ...]:
    low, high = offering.range_low, offering.range_high
    if low is None or high is None:
        return ()
    before = _before(offering, primary)
    rows = []
    for price in (low, (low + high) / 2, high):
        proceeds = _proceeds(offering, price, primary)
        values = (None, None) if before is None else (price * before, price * (before + primary))
        rows.append(AtPrice(price, proceeds.gross, proceeds.company_net, proceeds.sellers_net, *values))
    return tuple(rows)
