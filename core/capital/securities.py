"""The nouns of a company's capital: the dated events that change who owns it, and what a cap table holds.

Money is a Fraction of one currency (an int is taken as one), shares are whole. Every event checks its own fields; what
depends on the table is checked by `apply`. Notes stand in `core.capital.notes`, rarer events in
`core.capital.stock_events`.
"""

import datetime
import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, get_args

from core.capital.checks import (
    check_all,
    check_choice,
    check_date,
    check_flag,
    check_name,
    check_whole,
    path,
    settle,
    settle_if_given,
)
from core.capital.terms import ComputeCredits, PayToPlay, PreferredTerms, ProRata, Vesting
from core.errors import InputError

COMMON = "common"
OPTIONS = "options"
PRICE_STEP = Fraction(1, 10_000)
UNISSUED_POOL = "unissued pool"
"""Stands beside the holders' names in an ownership mapping, so no holder may bear it."""

KEPT_BEGINNINGS = ("SAFE ", "Note ", "Warrant ", f"{OPTIONS} at ", "carve-out", "promised options")
"""What the names of SAFEs, notes and warrants begin with, and other names in a report or a sale that are no stock."""

SafeForm = Literal["post_money", "pre_money"]
Basis = Literal["post_money", "pre_money", "dollars_invested"]


@dataclass(frozen=True)
class Event:
    """Something that happens to the company on a day."""

    date: datetime.date

    def __post_init__(self) -> None:
        check_date(self, "date")


@dataclass(frozen=True)
class SharesIssued(Event):
    """Common stock issued to a founder or an employee. The first one founds the company.

    security: the class of common; votes_per_share is a term of the class, the same each time it is issued
    vesting: what has not vested the company may buy back; it is owned, votes and is paid at a sale all the same
    """

    holder: str
    shares: int
    security: str = COMMON
    votes_per_share: int = 1
    vesting: Vesting | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        check_holder(self, "holder")
        check_name(self, "security")
        check_whole(self, "shares", 1)
        check_whole(self, "votes_per_share", 0)
        _check_vesting(self)


@dataclass(frozen=True)
class PoolIncreased(Event):
    """Options added to the unissued pool; nobody owns them until they are granted."""

    shares: int

    def __post_init__(self) -> None:
        super().__post_init__()
        check_whole(self, "shares", 1)


@dataclass(frozen=True)
class OptionsGranted(Event):
    """Options moved from the unissued pool to a holder; what was promised to him counts as granted first.

    strike: price of a share on exercise; vesting: None means that all of them are vested
    """

    holder: str
    shares: int
    strike: Fraction = Fraction(0)
    vesting: Vesting | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        check_holder(self, "holder")
        check_whole(self, "shares", 1)
        settle(self, "strike", "0 <= strike", lambda strike: strike >= 0)
        _check_vesting(self)


@dataclass(frozen=True)
class SafeIssued(Event):
    """A Y Combinator SAFE: money now for shares of the next priced round's stock, at the better of its prices.

    amount: the Purchase Amount
    valuation_cap: None means uncapped. Post-money: the cap counts all converting securities and the pool, so the SAFE
        buys amount/cap of the company just before the round. Pre-money: it counts no SAFE and no note, but the pool
        with its increase in the round
    discount: fraction off the round's price; the SAFE's text states the Discount Rate, 1 - discount
    mfn: may take the cap and discount of one SAFE issued later together in place of its own, never a part of each,
        whether that one is still outstanding or not (MFN Safe, section 3: issued "prior to termination of this Safe")
    fixed_share: a part of the company after SAFEs and notes convert and before the new money, whatever the price
    """

    holder: str
    amount: Fraction
    valuation_cap: Fraction | None = None
    discount: Fraction = Fraction(0)
    form: SafeForm = "post_money"
    mfn: bool = False
    fixed_share: Fraction | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        check_holder(self, "holder")
        settle(self, "amount", "0 < amount", lambda amount: amount > 0)
        settle_if_given(self, "valuation_cap", "0 < valuation_cap", lambda cap: cap > 0)
        settle(self, "discount", "0 <= discount < 1", lambda discount: 0 <= discount < 1)
        settle_if_given(self, "fixed_share", "0 < fixed_share < 1", lambda share: 0 < share < 1)
        check_choice(self, "form", get_args(SafeForm))
        check_flag(self, "mfn")
        if self.mfn and self.form == "pre_money":
            raise InputError("contradiction", "SafeIssued.mfn", True, 'form = "post_money"')
        if self.fixed_share is not None and (
            self.valuation_cap is not None or self.discount or self.mfn or self.form == "pre_money"
        ):
            expected = "no valuation_cap, discount, mfn or pre-money form beside fixed_share"
            raise InputError("contradiction", "SafeIssued.fixed_share", self.fixed_share, expected)

    @property
    def share(self) -> Fraction:
        """Fraction of the company owned before new money and pool increase; 0 where only a round settles it."""
        if self.fixed_share is not None:
            return self.fixed_share
        if self.valuation_cap is None or self.form == "pre_money":
            return Fraction(0)
        return self.amount / self.valuation_cap

    @property
    def undiscounted(self) -> Fraction:
        """What the shares bought at the discount price are worth at the round's price, amount/(1 - discount)."""
        return self.amount / (1 - self.discount)


@dataclass(frozen=True)
class Investment:
    """One investor's cheque in a priced round; `credits` is the part of `amount` that is paid in compute."""

    holder: str
    amount: Fraction
    credits: ComputeCredits | None = None

    def __post_init__(self) -> None:
        check_holder(self, "holder")
        settle(self, "amount", "0 < amount", lambda amount: amount > 0)
        if self.credits is None:
            return
        if not isinstance(self.credits, ComputeCredits):
            raise InputError("wrong_type", "Investment.credits", self.credits, "ComputeCredits | None")
        if self.credits.amount > self.amount:
            raise InputError("contradiction", "Investment.credits", self.credits.amount, f"amount <= {self.amount}")


@dataclass(frozen=True)
class PricedRound(Event, PreferredTerms):
    """A sale of preferred stock at one price, into which all outstanding SAFEs and notes convert.

    name: of the new series, e.g. "Series A"
    pre_money: agreed value before the money
    pool_target: unissued pool as a share of the post-money fully diluted count; the pool only grows
    liquidation_multiple: preference as a multiple of the money invested; 0 means none
    seniority: a higher number is paid first, equal numbers are paid pari passu
    price_step: the documents state the price per share as a whole number of these; None leaves it exact
    basis: what the pre-money buys beside the shares that stand. "post_money": the converting SAFEs and notes as well,
        so post-money = pre-money + new money. "pre_money": not them, so that they dilute the new money too.
        "dollars_invested": them, and the post-money grows by the money that converts
    pool_in_pre_money: whether the pool's increase is inside the pre-money or dilutes the new money too
    adjustment_in_price: whether the price counts the shares that anti-dilution gives to earlier series
    pro_rata: holders who buy their share of the round first; the investments are cut back to what they leave
    pro_rata_counts_pool: whether the unissued pool is in the count that a holder's share is taken of
    waiting: holders whose SAFEs and notes stay outstanding, by their consent
    """

    name: str
    investments: tuple[Investment, ...]
    pre_money: Fraction
    pool_target: Fraction = Fraction(0)
    liquidation_multiple: Fraction = Fraction(1)
    seniority: int = 0
    price_step: Fraction | None = PRICE_STEP
    basis: Basis = "post_money"
    pool_in_pre_money: bool = True
    adjustment_in_price: bool = True
    pay_to_play: PayToPlay | None = None
    pro_rata: tuple[ProRata, ...] = ()
    pro_rata_counts_pool: bool = False
    waiting: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        Event.__post_init__(self)
        PreferredTerms.__post_init__(self)
        check_name(self, "name")
        check_all(self, "investments", Investment, least=1)
        settle(self, "pre_money", "0 < pre_money", lambda pre_money: pre_money > 0)
        settle(self, "pool_target", "0 <= pool_target < 1", lambda target: 0 <= target < 1)
        settle(self, "liquidation_multiple", "0 <= liquidation_multiple", lambda multiple: multiple >= 0)
        check_whole(self, "seniority")
        settle_if_given(self, "price_step", "0 < price_step", lambda step: step > 0)
        check_choice(self, "basis", get_args(Basis))
        for flag in ("pool_in_pre_money", "adjustment_in_price", "pro_rata_counts_pool"):
            check_flag(self, flag)
        if self.pay_to_play is not None and not isinstance(self.pay_to_play, PayToPlay):
            raise InputError("wrong_type", "PricedRound.pay_to_play", self.pay_to_play, "PayToPlay | None")
        check_all(self, "pro_rata", ProRata)
        check_all(self, "waiting", str)
        if self.pay_to_play is not None and self.pro_rata:
            # What a holder must pay would depend on what his right lets him pay, and that on who paid.
            raise InputError("contradiction", "PricedRound.pro_rata", self.pro_rata, "() beside pay_to_play")
        if len({right.holder for right in self.pro_rata}) < len(self.pro_rata):
            raise InputError("duplicate_name", "PricedRound.pro_rata", self.pro_rata, "each holder once")

    @property
    def new_money(self) -> Fraction:
        return sum((one.amount for one in self.investments), Fraction(0))


@dataclass(frozen=True)
class PublicOffering(Event):
    """New common stock sold to the public at one price; before it every series, SAFE and note converts into common.

    name: of the public holders; pre_money: value of the old shares at the offer price, SAFEs and notes converted
    secondary_share: part of every holder's stock that is sold along with the new shares
    """

    name: str
    amount: Fraction
    pre_money: Fraction
    secondary_share: Fraction = Fraction(0)
    price_step: Fraction = PRICE_STEP

    def __post_init__(self) -> None:
        super().__post_init__()
        check_name(self, "name")
        settle(self, "amount", "0 < amount", lambda amount: amount > 0)
        settle(self, "pre_money", "0 < pre_money", lambda pre_money: pre_money > 0)
        settle(self, "secondary_share", "0 <= secondary_share < 1", lambda share: 0 <= share < 1)
        settle(self, "price_step", "0 < price_step", lambda step: step > 0)


@dataclass(frozen=True)
class Holding:
    """Shares (or granted options) of one security in one hand."""

    holder: str
    security: str
    shares: int


@dataclass(frozen=True)
class Series(PreferredTerms):
    """Terms of one series of preferred stock.

    original_issue_price: the price per share; of a converted SAFE its own conversion price, not the round's
    invested: the cheques, or the SAFE's Purchase Amount. The preference is counted on it, so that rounding down to
        whole shares (less than one share's price for each investor) takes no dollar of preference away
    conversion_price: None means the original issue price, that is one share of common for each share
    issued: the day from which dividends accrue
    """

    name: str
    original_issue_price: Fraction
    liquidation_multiple: Fraction
    seniority: int
    invested: Fraction
    conversion_price: Fraction | None = None
    issued: datetime.date | None = None

    @property
    def preference(self) -> Fraction:
        return self.liquidation_multiple * self.invested

    @property
    def promised_at_offering(self) -> Fraction:
        """What the series must be worth at an offer price, 0 where nothing is promised."""
        return Fraction(0) if self.offering_return is None else self.invested * (1 + self.offering_return)

    @property
    def conversion_ratio(self) -> Fraction:
        """Shares of common for a share of the series."""
        return Fraction(1) if self.conversion_price is None else self.original_issue_price / self.conversion_price

    def as_converted(self, shares: int) -> int:
        """Whole shares of common that one holder's shares convert into."""
        return math.floor(shares * self.conversion_ratio)


@dataclass(frozen=True)
class Grant:
    """Outstanding options of one grant. The options in a table's holdings are the sum of a holder's grants.

    exercised: how many have become stock and left `shares`; vesting counts them, as they were vested
    cancelled: how many were taken back and left `shares`; vesting counts them, as the last that would have vested
    """

    holder: str
    shares: int
    strike: Fraction
    granted: datetime.date
    vesting: Vesting | None = None
    exercised: int = 0
    cancelled: int = 0

    def vested(self, on: datetime.date) -> int:
        """How many of the outstanding options may be exercised on that day."""
        if self.vesting is None:
            return self.shares
        granted = self.shares + self.exercised + self.cancelled
        return max(0, min(self.shares, self.vesting.vested(granted, on) - self.exercised))


@dataclass(frozen=True)
class VestingStock:
    """Common stock of one issue that vests over time.

    shares: as issued; bought_back: of them, which were the last that would have vested
    """

    holder: str
    security: str
    shares: int
    vesting: Vesting
    bought_back: int = 0

    def unvested(self, on: datetime.date) -> int:
        """How many the company may still buy back on that day."""
        return max(0, self.shares - self.bought_back - self.vesting.vested(self.shares, on))


def safe_name(position: int) -> str:
    """Name of the outstanding SAFE at this position of `CapTable.safes`, in the order of issue from 0."""
    return f"SAFE {position + 1}"


def check_free(field: str, name: str, taken: set[str]) -> None:
    """Refuse the name of a security that another one bears or that a table or a sale gives to something else."""
    kept = {OPTIONS, UNISSUED_POOL}
    if name in taken | kept or name.startswith(KEPT_BEGINNINGS):
        expected = f"not in {sorted(taken | kept | {f'{beginning}*' for beginning in KEPT_BEGINNINGS})}"
        raise InputError("duplicate_name", field, name, expected)


def check_holder(noun: object, field: str) -> None:
    """A holder's name, which may not be that of the unissued pool."""
    check_name(noun, field)
    if getattr(noun, field) == UNISSUED_POOL:
        raise InputError("duplicate_name", path(noun, field), UNISSUED_POOL, f"{field} != {UNISSUED_POOL!r}")


def _check_vesting(noun: SharesIssued | OptionsGranted) -> None:
    if noun.vesting is not None and not isinstance(noun.vesting, Vesting):
        raise InputError("wrong_type", path(noun, "vesting"), noun.vesting, "Vesting | None")
