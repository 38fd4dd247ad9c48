"""Events outside a priced round that move, make or end shares and rights: options, warrants, notes, stock, splits."""

import datetime
from dataclasses import dataclass
from fractions import Fraction

from core.capital.checks import check_all, check_date, check_flag, check_name, check_whole, settle, settle_if_given
from core.capital.securities import COMMON, Event, Investment, check_holder
from core.errors import InputError


@dataclass(frozen=True)
class OptionsPromised(Event):
    """Options promised in an offer letter and not yet granted. They come out of the unissued pool when granted.

    A SAFE's Company Capitalization counts them, beyond the pool where they exceed it (YC: "Promised Options").
    """

    holder: str
    shares: int

    def __post_init__(self) -> None:
        super().__post_init__()
        check_holder(self, "holder")
        check_whole(self, "shares", 1)


@dataclass(frozen=True)
class OptionsExercised(Event):
    """A holder pays the strike and has common stock; the earliest vested grants at that strike go first."""

    holder: str
    shares: int
    strike: Fraction = Fraction(0)

    def __post_init__(self) -> None:
        super().__post_init__()
        check_holder(self, "holder")
        check_whole(self, "shares", 1)
        settle(self, "strike", "0 <= strike", lambda strike: strike >= 0)


@dataclass(frozen=True)
class OptionsLapsed(Event):
    """A holder leaves: what has not vested returns to the pool, and what has vested too unless he `keeps_vested`."""

    holder: str
    keeps_vested: bool = True

    def __post_init__(self) -> None:
        super().__post_init__()
        check_holder(self, "holder")


@dataclass(frozen=True)
class OptionsCancelled(Event):
    """Options of a holder taken back into the pool, the last that would have vested first."""

    holder: str
    shares: int
    strike: Fraction = Fraction(0)

    def __post_init__(self) -> None:
        super().__post_init__()
        check_holder(self, "holder")
        check_whole(self, "shares", 1)
        settle(self, "strike", "0 <= strike", lambda strike: strike >= 0)


@dataclass(frozen=True)
class OptionsRepriced(Event):
    """A holder's options at one strike get another; number and vesting stay."""

    holder: str
    strike: Fraction
    new_strike: Fraction

    def __post_init__(self) -> None:
        super().__post_init__()
        check_holder(self, "holder")
        settle(self, "strike", "0 <= strike", lambda strike: strike >= 0)
        settle(self, "new_strike", "0 <= new_strike", lambda strike: strike >= 0)


@dataclass(frozen=True)
class PoolReduced(Event):
    """Options that nobody was granted are given up."""

    shares: int

    def __post_init__(self) -> None:
        super().__post_init__()
        check_whole(self, "shares", 1)


@dataclass(frozen=True)
class WarrantIssued(Event):
    """A right, often a lender's, to buy stock at the strike. It does not come out of the pool.

    security: common or a series; expires: the last day of exercise
    """

    holder: str
    shares: int
    strike: Fraction
    security: str = COMMON
    expires: datetime.date | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        check_holder(self, "holder")
        check_whole(self, "shares", 1)
        settle(self, "strike", "0 <= strike", lambda strike: strike >= 0)
        check_name(self, "security")
        if self.expires is not None:
            check_date(self, "expires")
            if self.expires < self.date:
                raise InputError("contradiction", "WarrantIssued.expires", self.expires, f"{self.date} <= expires")


@dataclass(frozen=True)
class WarrantExercised(Event):
    """A holder pays the strike for all shares of the earliest of his warrants that has not expired.

    net: without cash, for as many shares as the gain buys at `share_value`, rounded down; None means paid in cash
    """

    holder: str
    share_value: Fraction | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        check_holder(self, "holder")
        if self.share_value is not None:
            settle(self, "share_value", "0 < share_value", lambda value: value > 0)


@dataclass(frozen=True)
class WarrantCancelled(Event):
    """The earliest of a holder's warrants that has not expired is given up or bought back; no shares come of it."""

    holder: str

    def __post_init__(self) -> None:
        super().__post_init__()
        check_holder(self, "holder")


@dataclass(frozen=True)
class NotesRepaid(Event):
    """All of a holder's notes are paid back with their interest; nothing converts."""

    holder: str

    def __post_init__(self) -> None:
        super().__post_init__()
        check_holder(self, "holder")


@dataclass(frozen=True)
class NotesConverted(Event):
    """All of a holder's notes become stock outside a round, as many notes allow at maturity.

    security: common or a series, e.g. the most senior one
    price: of a share, agreed; None means each note's cap divided by what the note says
    """

    holder: str
    security: str = COMMON
    price: Fraction | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        check_holder(self, "holder")
        check_name(self, "security")
        settle_if_given(self, "price", "0 < price", lambda price: price > 0)


@dataclass(frozen=True)
class SecondarySale(Event):
    """A holder sells shares to another. The company gets nothing and nobody is diluted."""

    seller: str
    buyer: str
    shares: int
    price: Fraction
    security: str = COMMON

    def __post_init__(self) -> None:
        super().__post_init__()
        check_holder(self, "seller")
        check_holder(self, "buyer")
        check_whole(self, "shares", 1)
        settle(self, "price", "0 <= price", lambda price: price >= 0)
        check_name(self, "security")
        if self.seller == self.buyer:
            raise InputError("contradiction", "SecondarySale.buyer", self.buyer, "buyer != seller")


@dataclass(frozen=True)
class StockConverted(Event):
    """Preferred stock becomes common, by its holder's choice or for all of a series by vote; so may a class of common.

    holder: None means every holder; shares: None means all that he has
    common_per_share: None means at the conversion price in force, for a class of common one to one; else another rate
    """

    security: str
    holder: str | None = None
    shares: int | None = None
    common_per_share: Fraction | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        check_name(self, "security")
        if self.security == COMMON:
            raise InputError("contradiction", "StockConverted.security", COMMON, f"security != {COMMON!r}")
        if self.holder is not None:
            check_holder(self, "holder")
        if self.shares is not None:
            check_whole(self, "shares", 1)
            if self.holder is None:
                raise InputError("contradiction", "StockConverted.shares", self.shares, "null beside holder null")
        settle_if_given(self, "common_per_share", "0 <= common_per_share", lambda rate: rate >= 0)


@dataclass(frozen=True)
class ConversionPriceSet(Event):
    """The conversion price of a series as the charter's own terms or an amendment set it outside of a round."""

    series: str
    price: Fraction

    def __post_init__(self) -> None:
        super().__post_init__()
        check_name(self, "series")
        settle(self, "price", "0 < price", lambda price: price > 0)


@dataclass(frozen=True)
class SharesRepurchased(Event):
    """The company takes back stock, which then is no more: bought, or forfeited at a price of 0.

    unvested: common stock that has not vested, the last that would have vested first; else what has vested
    """

    holder: str
    shares: int
    price: Fraction = Fraction(0)
    security: str = COMMON
    unvested: bool = False

    def __post_init__(self) -> None:
        super().__post_init__()
        check_holder(self, "holder")
        check_whole(self, "shares", 1)
        settle(self, "price", "0 <= price", lambda price: price >= 0)
        check_name(self, "security")
        check_flag(self, "unvested")


@dataclass(frozen=True)
class Split(Event):
    """`new` shares for every `old` ones, of every security; a reverse split has new < old. Prices move the other way.

    Rounded down a holder and security; fractions are paid out in cash.
    """

    new: int
    old: int = 1

    def __post_init__(self) -> None:
        super().__post_init__()
        check_whole(self, "new", 1)
        check_whole(self, "old", 1)


@dataclass(frozen=True)
class LaterClosing(Event):
    """A further tranche of a series at its original issue price, as its first closing agreed.

    Nothing converts and no price is adjusted: charters treat the closings of one round as one issue.
    """

    series: str
    investments: tuple[Investment, ...]

    def __post_init__(self) -> None:
        super().__post_init__()
        check_name(self, "series")
        check_all(self, "investments", Investment, least=1)


@dataclass(frozen=True)
class Promise:
    """Options promised to one holder and not yet granted."""

    holder: str
    shares: int


@dataclass(frozen=True)
class CommonClass:
    """A class of common stock and the votes of each of its shares."""

    name: str
    votes_per_share: int


def warrant_coverage(principal: Fraction, coverage: Fraction, strike: Fraction) -> int:
    """Shares of a lender's warrant: coverage x principal / strike, rounded down."""
    return int(coverage * principal / strike)
