"""Terms that documents attach to a security: of preferred stock, against dilution, and how options vest.

Anti-dilution follows the NVCA model charter: a series protects its conversion price CP1 against an issue below it,

    weighted average  CP2 = CP1 (A + B)/(A + C)      full ratchet  CP2 = the new price

with A the shares outstanding before the issue, B what the money would have bought at CP1, C the shares issued. What A
counts is agreed in each charter, so it is a term here. Options, warrants, splits and further closings of a round are
the usual exempted securities. A SAFE or a note issued after the series counts once its shares are known, in the round
that converts it, at its own price; one that was there before the series bought is in A.
"""

import datetime
import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, get_args

from core.capital.checks import (
    check_choice,
    check_date,
    check_flag,
    check_name,
    check_whole,
    exact_number,
    path,
    settle,
    settle_if_given,
)
from core.errors import InputError

Participation = Literal["none", "capped", "full"]
Dividends = Literal["none", "simple", "compounding"]
Protection = Literal["full_ratchet", "weighted_average"]
Counted = Literal["outstanding", "outstanding_and_pool", "preferred", "own_series"]
PartlyPaid = Literal["all_converts", "unpaid_part_converts"]


@dataclass(frozen=True)
class AntiDilution:
    """How a series' conversion price follows a priced round below it.

    counted: what A counts, as converted: "outstanding" is stock, granted options and warrants (broad-based),
        "outstanding_and_pool" the unissued pool too, "preferred" all preferred (narrow-based), "own_series" that alone
    conversions: whether a SAFE or note issued after the series counts as an issue when it converts, or is exempt and
        then in A like one issued before the series
    price_step: CP2 is rounded to a whole number of these, half up; None leaves it exact
    """

    protection: Protection
    counted: Counted = "outstanding"
    conversions: Literal["count", "exempt"] = "count"
    price_step: Fraction | None = None

    def __post_init__(self) -> None:
        check_choice(self, "protection", get_args(Protection))
        check_choice(self, "counted", get_args(Counted))
        check_choice(self, "conversions", ("count", "exempt"))
        settle_if_given(self, "price_step", "0 < price_step", lambda step: step > 0)


@dataclass(frozen=True, kw_only=True)
class PreferredTerms:
    """Economic terms that a round and the series it sells have in common; the defaults are plain preferred stock.

    participation: after its preference a series shares with common not at all, up to a cap, or without one
    participation_cap: all it may get without converting, as a multiple of the money invested
    dividend_rate: cumulative dividends a year on the money invested, simple or compounding
    anti_dilution: None means that no later round changes the conversion price
    offering_return: promised at a public offering (an IPO ratchet): shares worth (1 + this) times the money invested at
        the offer price, where the series is worth less
    votes_per_share: for each share of common that a share converts into
    """

    participation: Participation = "none"
    participation_cap: Fraction | None = None
    dividend_rate: Fraction = Fraction(0)
    dividends: Dividends = "none"
    anti_dilution: AntiDilution | None = None
    offering_return: Fraction | None = None
    votes_per_share: int = 1

    def __post_init__(self) -> None:
        settle_if_given(self, "offering_return", "-1 < offering_return", lambda promised: promised > -1)
        check_choice(self, "participation", get_args(Participation))
        check_choice(self, "dividends", get_args(Dividends))
        settle_if_given(self, "participation_cap", "0 < participation_cap", lambda cap: cap > 0)
        settle(self, "dividend_rate", "0 <= dividend_rate", lambda rate: rate >= 0)
        check_whole(self, "votes_per_share", 0)
        if self.anti_dilution is not None and not isinstance(self.anti_dilution, AntiDilution):
            raise InputError("wrong_type", path(self, "anti_dilution"), self.anti_dilution, "AntiDilution | None")
        if (self.participation == "capped") != (self.participation_cap is not None):
            expected = 'participation_cap given if and only if participation = "capped"'
            raise InputError("contradiction", path(self, "participation_cap"), self.participation_cap, expected)
        if (self.dividends == "none") != (self.dividend_rate == 0):
            expected = 'dividend_rate > 0 if and only if dividends != "none"'
            raise InputError("contradiction", path(self, "dividend_rate"), self.dividend_rate, expected)


@dataclass(frozen=True)
class PayToPlay:
    """Holders of the named series buy their part of `offered` in this round or lose preferred stock to common.

    offered: split by shares as converted among all holders of the named series
    common_per_share: series and how many common one of its shares becomes, 1/10 for "ten to one"
    partly_paid: whether a holder who bought a part loses all of his shares or the part he did not pay for
    priced_before: whether the round is priced on the shares before the conversion; anti-dilution always comes after it
    """

    offered: Fraction
    common_per_share: tuple[tuple[str, Fraction], ...]
    partly_paid: PartlyPaid = "all_converts"
    priced_before: bool = False

    def __post_init__(self) -> None:
        settle(self, "offered", "0 < offered", lambda offered: offered > 0)
        check_choice(self, "partly_paid", get_args(PartlyPaid))
        check_flag(self, "priced_before")
        pairs = self.common_per_share
        if not isinstance(pairs, tuple) or not all(isinstance(pair, tuple) and len(pair) == 2 for pair in pairs):
            raise InputError("wrong_type", "PayToPlay.common_per_share", pairs, "tuple[tuple[str, Fraction], ...]")
        if not pairs or len({series for series, _ in pairs}) < len(pairs):
            raise InputError("duplicate_name", "PayToPlay.common_per_share", pairs, "each series once")
        for _, ratio in pairs:
            if exact_number("PayToPlay.common_per_share", ratio) <= 0:
                raise InputError("out_of_range", "PayToPlay.common_per_share", ratio, "0 < common_per_share")


@dataclass(frozen=True)
class ProRata:
    """A holder's right to buy his share of a round before the others; `taken` is the part he makes use of."""

    holder: str
    taken: Fraction = Fraction(1)

    def __post_init__(self) -> None:
        check_name(self, "holder")
        settle(self, "taken", "0 < taken <= 1", lambda taken: 0 < taken <= 1)


@dataclass(frozen=True)
class ComputeCredits:
    """The part of a cheque that is paid in compute instead of cash, at the provider's list price.

    amount: at list price; market_discount: what the same compute costs less elsewhere, as a fraction of the list price
    usable: part of the credits that the company will use before they expire
    """

    amount: Fraction
    market_discount: Fraction = Fraction(0)
    usable: Fraction = Fraction(1)

    def __post_init__(self) -> None:
        settle(self, "amount", "0 < amount", lambda amount: amount > 0)
        settle(self, "market_discount", "0 <= market_discount < 1", lambda discount: 0 <= discount < 1)
        settle(self, "usable", "0 <= usable <= 1", lambda usable: 0 <= usable <= 1)

    @property
    def cash_equivalent(self) -> Fraction:
        """What the company would have paid in cash for the compute that it will use."""
        return self.amount * (1 - self.market_discount) * self.usable


@dataclass(frozen=True)
class Vesting:
    """Equal monthly parts from `start` over `months`, nothing before the cliff."""

    start: datetime.date
    months: int = 48
    cliff_months: int = 12

    def __post_init__(self) -> None:
        check_date(self, "start")
        check_whole(self, "months", 1)
        check_whole(self, "cliff_months", 0)
        if self.cliff_months > self.months:
            raise InputError("contradiction", "Vesting.cliff_months", self.cliff_months, "cliff_months <= months")

    def vested(self, shares: int, on: datetime.date) -> int:
        """How many of the shares have vested by the end of that day, rounded down."""
        months = (on.year - self.start.year) * 12 + on.month - self.start.month
        # A month that began on the 31st is over on the last day of a shorter month.
        day_due = min(self.start.day, _days_in_month(on))
        passed = months if on.day >= day_due else months - 1
        if passed < self.cliff_months:
            return 0
        return math.floor(shares * Fraction(max(0, min(passed, self.months)), self.months))


def _days_in_month(day: datetime.date) -> int:
    next_month = (day.replace(day=28) + datetime.timedelta(days=4)).replace(day=1)
    return (next_month - datetime.timedelta(days=1)).day
