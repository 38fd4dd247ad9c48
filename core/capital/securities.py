"""The nouns of a company's capital: the dated events that change who owns it, and what a cap table holds.

Money is a Fraction of one currency (an int is taken as one), shares are whole. A float is refused, because a price of
0.1 is not the fraction 1/10. Every event checks its own fields; what depends on the table is checked by `apply`.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from core.errors import InputError

COMMON = "common"
OPTIONS = "options"
PRICE_STEP = Fraction(1, 10_000)
UNISSUED_POOL = "unissued pool"
"""Stands beside the holders' names in an ownership mapping, so no holder may bear it."""


@dataclass(frozen=True)
class SharesIssued:
    """Common stock issued to a founder or an employee. The first one founds the company."""

    date: datetime.date
    holder: str
    shares: int
    security: str = COMMON

    def __post_init__(self) -> None:
        _check_date(self, "date")
        _check_name(self, "holder")
        _check_name(self, "security")
        _check_whole(self, "shares", 1)


@dataclass(frozen=True)
class PoolIncreased:
    """Options added to the unissued pool; nobody owns them until they are granted."""

    date: datetime.date
    shares: int

    def __post_init__(self) -> None:
        _check_date(self, "date")
        _check_whole(self, "shares", 1)


@dataclass(frozen=True)
class OptionsGranted:
    """Options moved from the unissued pool to a holder. Strike price 0: at a sale each one is worth a common share."""

    date: datetime.date
    holder: str
    shares: int

    def __post_init__(self) -> None:
        _check_date(self, "date")
        _check_name(self, "holder")
        _check_whole(self, "shares", 1)


@dataclass(frozen=True)
class SafeIssued:
    """A Y Combinator post-money SAFE: money now for amount/cap of the company just before the next priced round.

    amount: the Purchase Amount
    valuation_cap: the Post-Money Valuation Cap, which counts all SAFEs and the unissued pool
    discount: fraction off the round's price; the SAFE's text states the Discount Rate, 1 - discount
    """

    date: datetime.date
    holder: str
    amount: Fraction
    valuation_cap: Fraction
    discount: Fraction = Fraction(0)

    def __post_init__(self) -> None:
        _check_date(self, "date")
        _check_name(self, "holder")
        _settle(self, "amount", "0 < amount", lambda amount: amount > 0)
        _settle(self, "valuation_cap", "0 < valuation_cap", lambda cap: cap > 0)
        _settle(self, "discount", "0 <= discount < 1", lambda discount: 0 <= discount < 1)

    @property
    def share(self) -> Fraction:
        """Fraction of the company owned at the cap, amount/cap, before new money and pool increase."""
        return self.amount / self.valuation_cap

    @property
    def undiscounted(self) -> Fraction:
        """What the shares bought at the discount price are worth at the round's price, amount/(1 - discount)."""
        return self.amount / (1 - self.discount)


@dataclass(frozen=True)
class Investment:
    """One investor's cheque in a priced round."""

    holder: str
    amount: Fraction

    def __post_init__(self) -> None:
        _check_name(self, "holder")
        _settle(self, "amount", "0 < amount", lambda amount: amount > 0)


@dataclass(frozen=True)
class PricedRound:
    """A sale of non-participating preferred stock at one price, into which all outstanding SAFEs convert.

    name: of the new series, e.g. "Series A"
    pre_money: agreed value before the money; converting SAFEs and the pool's increase are inside it
    pool_target: unissued pool as a share of the post-money fully diluted count, topped up before the money
    liquidation_multiple: preference as a multiple of the money invested; 0 means none
    seniority: a higher number is paid first, equal numbers are paid pari passu
    price_step: the documents state the price per share as a whole number of these
    """

    date: datetime.date
    name: str
    investments: tuple[Investment, ...]
    pre_money: Fraction
    pool_target: Fraction = Fraction(0)
    liquidation_multiple: Fraction = Fraction(1)
    seniority: int = 0
    price_step: Fraction = PRICE_STEP

    def __post_init__(self) -> None:
        _check_date(self, "date")
        _check_name(self, "name")
        if not isinstance(self.investments, tuple) or not all(isinstance(one, Investment) for one in self.investments):
            raise InputError("wrong_type", "PricedRound.investments", self.investments, "tuple[Investment, ...]")
        if not self.investments:
            raise InputError("missing", "PricedRound.investments", self.investments, "1 <= len(investments)")
        _settle(self, "pre_money", "0 < pre_money", lambda pre_money: pre_money > 0)
        _settle(self, "pool_target", "0 <= pool_target < 1", lambda target: 0 <= target < 1)
        _settle(self, "liquidation_multiple", "0 <= liquidation_multiple", lambda multiple: multiple >= 0)
        _check_whole(self, "seniority")
        _settle(self, "price_step", "0 < price_step", lambda step: step > 0)

    @property
    def new_money(self) -> Fraction:
        return sum((one.amount for one in self.investments), Fraction(0))

    @property
    def post_money(self) -> Fraction:
        return self.pre_money + self.new_money


@dataclass(frozen=True)
class PublicOffering:
    """New common stock sold to the public at one price; before it every series and SAFE converts into common.

    name: of the public holders; pre_money: value of the old shares at the offer price, SAFEs converted
    secondary_share: part of every holder's stock that is sold along with the new shares
    """

    date: datetime.date
    name: str
    amount: Fraction
    pre_money: Fraction
    secondary_share: Fraction = Fraction(0)
    price_step: Fraction = PRICE_STEP

    def __post_init__(self) -> None:
        _check_date(self, "date")
        _check_name(self, "name")
        _settle(self, "amount", "0 < amount", lambda amount: amount > 0)
        _settle(self, "pre_money", "0 < pre_money", lambda pre_money: pre_money > 0)
        _settle(self, "secondary_share", "0 <= secondary_share < 1", lambda share: 0 <= share < 1)
        _settle(self, "price_step", "0 < price_step", lambda step: step > 0)


Event = SharesIssued | PoolIncreased | OptionsGranted | SafeIssued | PricedRound | PublicOffering


@dataclass(frozen=True)
class Holding:
    """Shares (or granted options) of one security in one hand."""

    holder: str
    security: str
    shares: int


@dataclass(frozen=True)
class Series:
    """Terms of one series of non-participating preferred stock, convertible one for one into common.

    original_issue_price: the price per share; of a converted SAFE its own conversion price, not the round's
    invested: the cheques, or the SAFE's Purchase Amount. The preference is counted on it, so that rounding down to
        whole shares (less than one share's price for each investor) takes no dollar of preference away
    """

    name: str
    original_issue_price: Fraction
    liquidation_multiple: Fraction
    seniority: int
    invested: Fraction

    @property
    def preference(self) -> Fraction:
        return self.liquidation_multiple * self.invested


def safe_name(position: int) -> str:
    """Name of the outstanding SAFE at this position of `CapTable.safes`, in the order of issue from 0."""
    return f"SAFE {position + 1}"


def exact_number(field: str, value: object) -> Fraction:
    """The int or Fraction as a Fraction; InputError wrong_type for anything else, floats included."""
    if isinstance(value, bool) or not isinstance(value, (int, Fraction)):
        raise InputError("wrong_type", field, value, "Fraction | int")
    return Fraction(value)


def check_free(field: str, name: str, taken: set[str]) -> None:
    """Refuse the name of a security that another one bears or that is kept for options, pool and SAFEs."""
    if name in taken | {OPTIONS, UNISSUED_POOL} or name.startswith("SAFE "):
        raise InputError("duplicate_name", field, name, f"not in {sorted(taken | {OPTIONS, UNISSUED_POOL, 'SAFE *'})}")


def _path(noun: object, field: str) -> str:
    return f"{type(noun).__name__}.{field}"


def _check_date(noun: object, field: str) -> None:
    value = getattr(noun, field)
    if not isinstance(value, datetime.date) or isinstance(value, datetime.datetime):
        raise InputError("wrong_type", _path(noun, field), value, "datetime.date")


def _check_name(noun: object, field: str) -> None:
    value = getattr(noun, field)
    if not isinstance(value, str):
        raise InputError("wrong_type", _path(noun, field), value, "str")
    if not value.strip():
        raise InputError("missing", _path(noun, field), value, f"{field} != ''")
    if field == "holder" and value == UNISSUED_POOL:
        raise InputError("duplicate_name", _path(noun, field), value, f"{field} != {UNISSUED_POOL!r}")


def _check_whole(noun: object, field: str, least: int | None = None) -> None:
    value = getattr(noun, field)
    if isinstance(value, bool) or not isinstance(value, int):
        raise InputError("wrong_type", _path(noun, field), value, "int")
    if least is not None and value < least:
        raise InputError("out_of_range", _path(noun, field), value, f"{least} <= {field}")


def _settle(noun: object, field: str, expected: str, holds: Callable[[Fraction], bool]) -> None:
    """Check the field and keep it as a Fraction: int / int would silently be a float later."""
    exact = exact_number(_path(noun, field), getattr(noun, field))
    if not holds(exact):
        raise InputError("out_of_range", _path(noun, field), getattr(noun, field), expected)
    object.__setattr__(noun, field, exact)
