"""An offering on the Main Board of Hong Kong: tranches after clawback, cornerstones, float and what the company gets.

Rules for listing documents from 4 August 2025 on: HKEX, Consultation Conclusions on Proposals to Optimise IPO Price
Discovery and Open Market Requirements, 1 August 2025 (Mechanisms A and B, public float, free float), and Chapter 18C of
the Main Board Rules (specialist technology companies). Other steps are typed as `clawback`.
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
    check_name,
    check_whole,
    path,
    settle,
    settle_if_given,
)
from core.errors import InputError

Allocation = Literal["mechanism_a", "mechanism_b", "specialist_technology"]

LARGEST_OPTION = Fraction(15, 100)
"""Of the shares before it: the offer size adjustment option and the over-allotment option each."""

COSTS_OF_BUYERS = {
    "brokerage": Fraction("0.01"),
    "sfc_transaction_levy": Fraction("0.000027"),
    "stock_exchange_trading_fee": Fraction("0.0000565"),
    "afrc_transaction_levy": Fraction("0.0000015"),
}
"""On the offer price; levies and fee as HKEX, Securities (Hong Kong) transaction fees, states them."""

CORNERSTONE_MONTHS = 6
MECHANISM_B_SHARES = (Fraction(10, 100), Fraction(60, 100))
LEAST_BOOKBUILDING_SHARE = Fraction(40, 100)
"""Of the shares initially on offer, to others than cornerstones; not for specialist technology companies, where half go
to independent price-setting investors, cornerstones or not (Rule 18C.08)."""

LEAST_FREE_FLOAT = (Fraction(10, 100), Fraction(50_000_000))
LEAST_FREE_FLOAT_VALUE = Fraction(600_000_000)
"""A tenth of the shares worth HK$50M, or HK$600M."""


@dataclass(frozen=True)
class ClawbackStep:
    """The public tranche's part of the offer where it is subscribed at least so many times."""

    times: Fraction
    public_share: Fraction

    def __post_init__(self) -> None:
        settle(self, "times", "0 <= times", lambda times: times >= 0)
        settle(self, "public_share", "0 < public_share < 1", lambda part: 0 < part < 1)


def _steps(*pairs: tuple[int, int]) -> tuple[ClawbackStep, ...]:
    return tuple(ClawbackStep(Fraction(times), Fraction(per_cent, 100)) for times, per_cent in pairs)


CLAWBACK = {
    "mechanism_a": _steps((0, 5), (15, 15), (50, 25), (100, 35)),
    "specialist_technology": _steps((0, 5), (10, 10), (50, 20)),
}


@dataclass(frozen=True)
class Cornerstone:
    """An investor who is sure of his shares: an amount at the offer price, in whole lots, or the shares themselves."""

    name: str
    amount: Fraction | None = None
    shares: int | None = None

    def __post_init__(self) -> None:
        check_name(self, "name")
        settle_if_given(self, "amount", "0 < amount", lambda amount: amount > 0)
        if self.shares is not None:
            check_whole(self, "shares", 1)
        if (self.amount is None) == (self.shares is None):
            raise InputError("contradiction", path(self, "amount"), self.amount, "either amount or shares")


@dataclass(frozen=True, kw_only=True)
class HongKongOffering:
    """Terms, in HKD.

    offer_shares: initially on offer, all sold by the company
    allocation: how the public tranche is set; public_share: its fixed part under Mechanism B
    clawback: other steps than the rules'; over_subscription: times the initial public tranche that was applied for
    offer_size_adjustment_shares: added before allotment and divided like the rest
    over_allotment_shares: the option, sold internationally where it is exercised
    shares_after: all shares at listing, over-allotment left out
    other_public_shares: of the class that is listed, held by the public beside the offering; None where not known
    locked_public_shares: of other_public_shares, those that may not be sold at listing
    commission_rate: underwriters' part of the gross; listing_expenses: what else the company pays
    """

    offer_price: Fraction
    offer_shares: int
    allocation: Allocation = "mechanism_a"
    public_share: Fraction | None = None
    clawback: tuple[ClawbackStep, ...] = ()
    over_subscription: Fraction = Fraction(1)
    board_lot: int = 1
    offer_size_adjustment_shares: int = 0
    over_allotment_shares: int = 0
    over_allotment_exercised_share: Fraction = Fraction(0)
    cornerstones: tuple[Cornerstone, ...] = ()
    shares_after: int | None = None
    other_public_shares: int | None = None
    locked_public_shares: int = 0
    commission_rate: Fraction = Fraction(0)
    listing_expenses: Fraction = Fraction(0)
    closing_price: Fraction | None = None
    listed_on: datetime.date | None = None

    def __post_init__(self) -> None:
        settle(self, "offer_price", "0 < offer_price", lambda price: price > 0)
        settle_if_given(self, "closing_price", "0 < closing_price", lambda price: price > 0)
        settle(self, "over_subscription", "0 <= over_subscription", lambda times: times >= 0)
        settle(self, "over_allotment_exercised_share", "0 <= ... <= 1", lambda part: 0 <= part <= 1)
        settle(self, "commission_rate", "0 <= commission_rate < 1", lambda rate: 0 <= rate < 1)
        settle(self, "listing_expenses", "0 <= listing_expenses", lambda money: money >= 0)
        for field in ("offer_shares", "board_lot"):
            check_whole(self, field, 1)
        options = ("offer_size_adjustment_shares", "over_allotment_shares")
        for field in (*options, "other_public_shares", "locked_public_shares"):
            if getattr(self, field) is not None:
                check_whole(self, field, 0)
        if self.shares_after is not None:
            check_whole(self, "shares_after", self.offer_shares + self.offer_size_adjustment_shares)
        check_choice(self, "allocation", ("mechanism_a", "mechanism_b", "specialist_technology"))
        check_all(self, "clawback", ClawbackStep)
        check_all(self, "cornerstones", Cornerstone)
        if self.listed_on is not None:
            check_date(self, "listed_on")
        self._check_rules()

    def _check_rules(self) -> None:
        low, high = MECHANISM_B_SHARES
        settle_if_given(self, "public_share", f"{low} <= public_share <= {high}", lambda part: low <= part <= high)
        adjustable = LARGEST_OPTION * self.offer_shares
        allotted = LARGEST_OPTION * self.shares
        order = [step.times for step in self.clawback]
        faults = {
            "public_share": (
                (self.allocation == "mechanism_b") != (self.public_share is not None),
                'public_share given if and only if allocation = "mechanism_b"',
            ),
            "clawback": (
                bool(order) and (self.allocation == "mechanism_b" or order[0] != 0 or order != sorted(set(order))),
                "times 0 first, then ascending; none under mechanism_b",
            ),
            "offer_size_adjustment_shares": (
                self.offer_size_adjustment_shares > adjustable,
                f"offer_size_adjustment_shares <= 15% * offer_shares = {adjustable}",
            ),
            "over_allotment_shares": (
                self.over_allotment_shares > allotted,
                f"over_allotment_shares <= 15% of the shares offered = {allotted}",
            ),
            "locked_public_shares": (
                self.locked_public_shares > (self.other_public_shares or 0),
                "locked_public_shares <= other_public_shares",
            ),
        }
        for field, (wrong, expected) in faults.items():
            if wrong:
                raise InputError("contradiction", path(self, field), getattr(self, field), expected)

    @property
    def shares(self) -> int:
        """Offered with the size adjustment, over-allotment left out."""
        return self.offer_shares + self.offer_size_adjustment_shares


@dataclass(frozen=True)
class Tranches:
    """Shares; initial: as the offer opens; public + cornerstones + bookbuilding = all that are offered."""

    initial_public: int
    initial_international: int
    public: int
    international: int
    cornerstones: int
    bookbuilding: int


@dataclass(frozen=True)
class CornerstoneRow:
    """of_offer: part of the shares offered; locked_until: six months after listing."""

    name: str
    shares: int
    amount: Fraction
    of_offer: Fraction
    locked_until: datetime.date | None


@dataclass(frozen=True)
class Float:
    """Parts of all shares at listing. free: public less cornerstones and other locked shares.

    public_required: least public part at that market value; free_float_met: a tenth worth HK$50M, or HK$600M. Where the
    other public shares are not known these are the least, and what the offering alone does not meet is None.
    """

    market_cap: Fraction
    public: Fraction
    public_required: Fraction
    public_met: bool | None
    free: Fraction
    free_value: Fraction
    free_float_met: bool | None


@dataclass(frozen=True)
class HongKongOutcome:
    """net = gross − commission − expenses; with over-allotment the commission is on all of it.

    lot_cost: what a buyer pays for a board lot; bookbuilding_met: None for specialist technology companies
    """

    shares: int
    public: Fraction
    international: Fraction
    cornerstone: Fraction
    cornerstone_of_international: Fraction
    bookbuilding_met: bool | None
    gross: Fraction
    commission: Fraction
    net: Fraction
    cost: Fraction
    gross_with_over_allotment: Fraction
    net_with_over_allotment: Fraction
    lot_cost: Fraction
    buyers_costs: Fraction
    first_day_return: Fraction | None
    left_on_the_table: Fraction | None
    tranches: Tranches
    float: Float | None
    cornerstones: tuple[CornerstoneRow, ...]


def hong_kong_outcome(offering: HongKongOffering) -> HongKongOutcome:
    """What each tranche, the company and the first buyers get."""
    price, shares = offering.offer_price, offering.shares
    rows = tuple(_cornerstone(offering, one) for one in offering.cornerstones)
    tranches = _tranches(offering, sum(row.shares for row in rows))
    over = math.floor(offering.over_allotment_shares * offering.over_allotment_exercised_share)
    gross, gross_with = price * shares, price * (shares + over)
    commission = gross * offering.commission_rate
    net = gross - commission - offering.listing_expenses
    close = offering.closing_price
    buyers = sum(COSTS_OF_BUYERS.values())
    return HongKongOutcome(
        shares=shares,
        public=Fraction(tranches.public, shares),
        international=Fraction(tranches.international, shares),
        cornerstone=Fraction(tranches.cornerstones, shares),
        cornerstone_of_international=Fraction(tranches.cornerstones, tranches.international),
        bookbuilding_met=_bookbuilding_met(offering, tranches),
        gross=gross,
        commission=commission,
        net=net,
        cost=1 - net / gross,
        gross_with_over_allotment=gross_with,
        net_with_over_allotment=gross_with * (1 - offering.commission_rate) - offering.listing_expenses,
        lot_cost=price * offering.board_lot * (1 + buyers),
        buyers_costs=gross * buyers,
        first_day_return=None if close is None else close / price - 1,
        left_on_the_table=None if close is None else (close - price) * shares,
        tranches=tranches,
        float=_float(offering, tranches),
        cornerstones=rows,
    )


def public_part(offering: HongKongOffering) -> Fraction:
    """The public tranche's part of the offer after clawback."""
    if offering.public_share is not None:
        return offering.public_share
    steps = offering.clawback or CLAWBACK[offering.allocation]
    return [step.public_share for step in steps if step.times <= offering.over_subscription][-1]


def required_public_float(market_value: Fraction) -> Fraction:
    """Least part in public hands of a class worth so much: a quarter to HK$6bn, then falling to a tenth."""
    billion = 1_000_000_000
    if market_value <= 6 * billion:
        return Fraction(25, 100)
    if market_value <= 30 * billion:
        return max(Fraction(3 * billion, 2) / market_value, Fraction(15, 100))
    return max(Fraction(9 * billion, 2) / market_value, Fraction(10, 100))


def _lots(offering: HongKongOffering, shares: Fraction) -> int:
    """Whole board lots, rounded up as allotment announcements do, at most the shares there are."""
    return math.ceil(shares / offering.board_lot) * offering.board_lot


def _tranches(offering: HongKongOffering, cornerstones: int) -> Tranches:
    opening = offering.public_share
    if opening is None:
        opening = (offering.clawback or CLAWBACK[offering.allocation])[0].public_share
    initial = _lots(offering, opening * offering.offer_shares)
    public = _lots(offering, public_part(offering) * offering.shares)
    if offering.over_subscription < 1:
        # What the public did not apply for goes to the international tranche.
        public = min(public, _lots(offering, initial * offering.over_subscription))
    international = offering.shares - public
    if cornerstones > international or international <= 0:
        expected = f"cornerstones <= international tranche after clawback = {international}"
        raise InputError("contradiction", path(offering, "cornerstones"), cornerstones, expected)
    return Tranches(
        initial_public=initial,
        initial_international=offering.offer_shares - initial,
        public=public,
        international=international,
        cornerstones=cornerstones,
        bookbuilding=international - cornerstones,
    )


def _cornerstone(offering: HongKongOffering, one: Cornerstone) -> CornerstoneRow:
    shares = one.shares
    if shares is None:
        assert one.amount is not None
        shares = math.floor(one.amount / offering.offer_price / offering.board_lot) * offering.board_lot
    until = None if offering.listed_on is None else _months_later(offering.listed_on, CORNERSTONE_MONTHS)
    return CornerstoneRow(one.name, shares, shares * offering.offer_price, Fraction(shares, offering.shares), until)


def _months_later(day: datetime.date, months: int) -> datetime.date:
    """The same day of a later month, or its last one."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    following = datetime.date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    last = (following - datetime.timedelta(days=1)).day
    return datetime.date(year, month + 1, min(day.day, last))


def _bookbuilding_met(offering: HongKongOffering, tranches: Tranches) -> bool | None:
    if offering.allocation == "specialist_technology":
        return None
    initial = tranches.initial_international - tranches.cornerstones
    return initial >= LEAST_BOOKBUILDING_SHARE * offering.offer_shares


def _float(offering: HongKongOffering, tranches: Tranches) -> Float | None:
    total = offering.shares_after
    if total is None:
        return None
    known = offering.other_public_shares is not None
    public_shares = offering.shares + (offering.other_public_shares or 0)
    if public_shares > total:
        expected = f"other_public_shares + shares offered <= shares_after = {total}"
        raise InputError("contradiction", path(offering, "other_public_shares"), public_shares, expected)
    value = offering.offer_price * total
    free_shares = public_shares - tranches.cornerstones - offering.locked_public_shares
    free, free_value = Fraction(free_shares, total), free_shares * offering.offer_price
    part, least = LEAST_FREE_FLOAT
    required = required_public_float(value)
    enough = free_value >= LEAST_FREE_FLOAT_VALUE or (free >= part and free_value >= least)
    return Float(
        market_cap=value,
        public=Fraction(public_shares, total),
        public_required=required,
        public_met=True if Fraction(public_shares, total) >= required else False if known else None,
        free=free,
        free_value=free_value,
        free_float_met=True if enough else False if known else None,
    )
