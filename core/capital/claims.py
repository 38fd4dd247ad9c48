"""What a sale is shared out by: claims and rights, apart from any cap table, and how one is read as them.

At a sale a series takes its preference with the cumulative dividends accrued to the day, or shares in common as
converted, which forfeits them. SAFEs and notes still outstanding take cash or convert:

- post-money SAFE (Y Combinator, Liquidity Event): cash is the Purchase Amount, "on par with payments for other Safes
  and/or Preferred Stock"; where series are ranked it can be on par with one rank only, here the most junior. Liquidity
  Price = Cap / Liquidity Capitalization, so it converts into amount/Cap of that count; a fixed share is that share.
- pre-money SAFE: Liquidity Capitalization counts all stock as converted, options and warrants, no SAFE and no note, so
  that its shares are a fixed number.
- note: repaid as debt, `sale_multiple` of the principal beside the interest or of both, ahead of all equity; or
  principal and interest convert at the cap, divided by what the note says. No discount applies beside a cap.
- without a cap: converts at the discount off the sale's own price of common, that is into amount/(1 - discount) of
  money, wherever so much is left for it and something for common; never into more.

Unvested options count in the Liquidity Capitalization and get nothing. Stock that has not vested is outstanding and
paid like all other; a buyer may hold that money back on the same vesting, but nobody else gets it. The unissued pool,
promised options in it and expired warrants vanish. Shares as converted are exact here but for a series' own rounding
down a holder.
"""

import calendar
import datetime
from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Literal, get_args

from core.capital.checks import check_choice, check_name, exact_number, settle, settle_if_given
from core.capital.notes import NoteIssued, note_name
from core.capital.securities import COMMON, OPTIONS, SafeIssued, Series, safe_name
from core.capital.stock_events import WarrantIssued
from core.capital.table import CapTable, count_at_cap
from core.errors import InputError

DAYS_PER_YEAR = 365
"""Of dividends: actual days over 365."""

PaidBefore = Literal["preferences", "common"]


@dataclass(frozen=True)
class Claim:
    """A class that is paid ahead of common or gives that up to share in common.

    cash: the preference, cash-out or repayment
    rank: a higher one is paid first, equal ones share a shortfall pro rata to cash; `debt` is ahead of every rank
    shares: of common, as converted
    fraction: of the Liquidity Capitalization, which it converts into beside `shares`
    worth: money that its converted shares always amount to, None unless the sale's own price sets their number
    participates: takes part with its shares beside its cash, up to `limit` in all if there is one
    """

    name: str
    cash: Fraction
    rank: int = 0
    shares: Fraction = Fraction(0)
    fraction: Fraction = Fraction(0)
    worth: Fraction | None = None
    participates: bool = False
    limit: Fraction | None = None
    debt: bool = False

    def __post_init__(self) -> None:
        for field in ("cash", "shares"):
            settle(self, field, f"0 <= {field}", lambda amount: amount >= 0)
        settle(self, "fraction", "0 <= fraction < 1", lambda fraction: 0 <= fraction < 1)
        for field in ("worth", "limit"):
            settle_if_given(self, field, f"0 <= {field}", lambda amount: amount >= 0)

    @property
    def may_convert(self) -> bool:
        """Whether giving up the cash can pay: not for full participation, which has both."""
        return not self.participates or self.limit is not None

    @property
    def room(self) -> Fraction | None:
        """What participation may add to the cash, None without a limit."""
        return None if self.limit is None else max(Fraction(0), self.limit - self.cash)


@dataclass(frozen=True)
class Right:
    """Options or warrants: `shares` of common, as converted, for `strike` each, exercised where that pays.

    claim: the series that a warrant is exercised into, None for common; then each share has `cash` and `limit` of the
        series while it keeps its preference
    """

    name: str
    security: str
    shares: Fraction
    strike: Fraction
    claim: str | None = None
    cash: Fraction = Fraction(0)
    limit: Fraction | None = None

    def __post_init__(self) -> None:
        for field in ("shares", "strike", "cash"):
            settle(self, field, f"0 <= {field}", lambda amount: amount >= 0)
        settle_if_given(self, "limit", "0 <= limit", lambda limit: limit >= 0)


@dataclass(frozen=True)
class Claims:
    """Everybody who may be paid at a sale.

    common_shares: that only ever take part as common
    unvested: options that get nothing and still count in the Liquidity Capitalization
    """

    common_shares: Fraction
    claims: tuple[Claim, ...] = ()
    rights: tuple[Right, ...] = ()
    unvested: Fraction = Fraction(0)

    def __post_init__(self) -> None:
        settle(self, "common_shares", "0 < common_shares", lambda shares: shares > 0)
        settle(self, "unvested", "0 <= unvested", lambda shares: shares >= 0)
        names = [COMMON, *(claim.name for claim in self.claims), *(right.name for right in self.rights)]
        if len(set(names)) < len(names):
            raise InputError("duplicate_name", "Claims.claims", names, "each name once")
        fractions = sum((claim.fraction for claim in self.claims), Fraction(0))
        if fractions >= 1:
            raise InputError("over_100_percent", "Claims.claims", fractions, "sum(amount / valuation_cap) < 1")
        classes = {claim.name for claim in self.claims}
        unknown = {right.claim for right in self.rights if right.claim is not None} - classes
        if unknown:
            raise InputError("unknown_name", "Right.claim", unknown, f"in {sorted(classes)}")


@dataclass(frozen=True)
class CarveOut:
    """A part of the proceeds for management: a share of each bracket of them, like a tax.

    brackets: (up to, share) in ascending order, None meaning without end; ((None, 1/10),) is a tenth of everything.
        They are of what debt, costs and repaid notes leave
    before: paid ahead of all preferences, or after them and ahead of common alone
    """

    holder: str
    brackets: tuple[tuple[Fraction | None, Fraction], ...]
    before: PaidBefore = "preferences"

    def __post_init__(self) -> None:
        check_name(self, "holder")
        check_choice(self, "before", get_args(PaidBefore))
        if not self.brackets:
            raise InputError("missing", "CarveOut.brackets", self.brackets, "1 <= len(brackets)")
        ends = [edge for edge, _ in self.brackets]
        if any(edge is None for edge in ends[:-1]) or any(
            low is not None and high is not None and high <= low for low, high in pairwise([Fraction(0), *ends])
        ):
            raise InputError("out_of_order", "CarveOut.brackets", ends, "0 < end < next end, None only last")
        for edge, share in self.brackets:
            if edge is not None:
                exact_number("CarveOut.brackets", edge)
            if not 0 <= exact_number("CarveOut.brackets", share) < 1:
                raise InputError("out_of_range", "CarveOut.brackets", share, "0 <= share < 1")

    def amount(self, money: Fraction) -> Fraction:
        """What it comes to, if there is so much money."""
        total, start = Fraction(0), Fraction(0)
        for edge, share in self.brackets:
            end = money if edge is None else min(edge, money)
            if end > start:
                total += share * (end - start)
                start = end
        return total


@dataclass(frozen=True)
class Part:
    """One holder's part of one security.

    sources: name of a claim or right, the part of it while it keeps its cash, and the part once it has converted
    """

    holder: str
    security: str
    sources: tuple[tuple[str, Fraction, Fraction], ...]


def claims_of(table: CapTable, on: datetime.date | None = None, accelerated: bool = False) -> Claims:
    """The table's claims in a sale on that day, None meaning the day of its last event.

    accelerated: whether the sale vests all options
    """
    day = _day(table, on)
    grants: defaultdict[Fraction, int] = defaultdict(int)
    unvested = 0
    for grant in table.grants:
        vested = grant.shares if accelerated else grant.vested(day)
        grants[grant.strike] += vested
        unvested += grant.shares - vested
    options = [Right(_options(strike), OPTIONS, Fraction(count), strike) for strike, count in grants.items() if count]
    common = sum(one.shares for one in table.holdings if one.security not in {OPTIONS, *table.by_name})
    return Claims(
        common_shares=Fraction(common),
        claims=(*_series(table, day), *_safes(table, day), *_notes(table, day)),
        rights=(*sorted(options, key=lambda right: right.strike), *_warrants(table, day)),
        unvested=Fraction(unvested),
    )


def parts_of(table: CapTable, on: datetime.date | None = None, accelerated: bool = False) -> tuple[Part, ...]:
    """Who gets which part of the claims: stock and options as they stand in the table, then SAFEs, notes, warrants."""
    day = _day(table, on)
    whole = Fraction(1)
    totals: defaultdict[str, int] = defaultdict(int)
    converted: defaultdict[str, int] = defaultdict(int)
    for holding in table.holdings:
        pool = holding.security if holding.security in table.by_name else COMMON
        if holding.security != OPTIONS:
            totals[pool] += holding.shares
            converted[pool] += table.as_converted(holding)
    parts = []
    for holding in table.holdings:
        if holding.security == OPTIONS:
            sources = _options_of(table, holding.holder, day, accelerated)
        else:
            pool = holding.security if holding.security in table.by_name else COMMON
            kept = Fraction(holding.shares, totals[pool])
            sources = ((pool, kept, Fraction(table.as_converted(holding), converted[pool] or 1)),)
        parts.append(Part(holding.holder, holding.security, sources))
    for position, safe in enumerate(table.safes):
        parts.append(Part(safe.holder, safe_name(position), ((safe_name(position), whole, whole),)))
    for position, note in enumerate(table.notes):
        parts.append(Part(note.holder, note_name(position), ((note_name(position), whole, whole),)))
    for position, warrant in enumerate(table.warrants):
        if _exercisable(warrant, day):
            name = warrant_name(position)
            parts.append(Part(warrant.holder, name, ((name, whole, whole),)))
    return tuple(parts)


def warrant_name(position: int) -> str:
    """Name of the outstanding warrant at this position of `CapTable.warrants`, in the order of issue from 0."""
    return f"Warrant {position + 1}"


def accrued_dividends(series: Series, on: datetime.date) -> Fraction:
    """Cumulative dividends of the series to that day: simple, or compounding on each anniversary.

    The days after the last anniversary earn simple ones. 29 February has its anniversary on the 28th in other years.
    """
    if series.dividends == "none":
        return Fraction(0)
    if series.issued is None:
        raise InputError("missing", "Series.issued", None, "datetime.date")
    if on < series.issued:
        raise InputError("out_of_order", "Series.issued", on, f"{series.issued} <= date")
    if series.dividends == "simple":
        return series.invested * series.dividend_rate * Fraction((on - series.issued).days, DAYS_PER_YEAR)
    years = on.year - series.issued.year
    if _anniversary(series.issued, years) > on:
        years -= 1
    days = (on - _anniversary(series.issued, years)).days
    grown = (1 + series.dividend_rate) ** years * (1 + series.dividend_rate * Fraction(days, DAYS_PER_YEAR))
    return series.invested * (grown - 1)


def _day(table: CapTable, on: datetime.date | None) -> datetime.date:
    if not table.holdings or table.as_of is None:
        raise InputError("missing", "CapTable.holdings", table.holdings, "1 <= len(holdings)")
    if on is not None and on < table.as_of:
        raise InputError("out_of_order", "on", on, f"{table.as_of} <= on")
    return table.as_of if on is None else on


def _series(table: CapTable, day: datetime.date) -> list[Claim]:
    shares: defaultdict[str, int] = defaultdict(int)
    for holding in table.holdings:
        shares[holding.security] += table.as_converted(holding)
    held = {holding.security for holding in table.holdings}
    claims = []
    for series in table.series:
        limit = None
        if series.participation_cap is not None:
            if series.participation_cap < series.liquidation_multiple:
                expected = f"{series.liquidation_multiple} <= participation_cap"
                raise InputError("contradiction", "Series.participation_cap", series.participation_cap, expected)
            limit = series.participation_cap * series.invested
        if series.name in held:
            cash = series.preference + accrued_dividends(series, day)
            # Dividends may outgrow the cap: they are owed all the same, and nothing is left to take part with.
            limit = None if limit is None else max(limit, cash)
            count = Fraction(shares[series.name])
            taking_part = series.participation != "none"
            claims.append(Claim(series.name, cash, series.seniority, count, participates=taking_part, limit=limit))
    return claims


def _safes(table: CapTable, day: datetime.date) -> list[Claim]:
    junior = min((series.seniority for series in table.series), default=0)
    warrants = [table.warrant_as_converted(warrant) for warrant in table.warrants if _exercisable(warrant, day)]
    outstanding = table.issued_and_granted + sum(warrants)
    return [_safe(safe, safe_name(position), junior, outstanding) for position, safe in enumerate(table.elected_safes)]


def _safe(safe: SafeIssued, name: str, rank: int, outstanding: int) -> Claim:
    if safe.share:
        return Claim(name, safe.amount, rank, fraction=safe.share)
    if safe.valuation_cap is None:
        return Claim(name, safe.amount, rank, worth=safe.undiscounted)
    return Claim(name, safe.amount, rank, shares=safe.amount / safe.valuation_cap * outstanding)


def _notes(table: CapTable, day: datetime.date) -> list[Claim]:
    return [_note(table, note, note_name(position), day) for position, note in enumerate(table.notes)]


def _note(table: CapTable, note: NoteIssued, name: str, day: datetime.date) -> Claim:
    owed = note.owed(day)
    multiplied = owed if note.sale_multiplies == "principal_and_interest" else note.principal
    cash = owed + (note.sale_multiple - 1) * multiplied
    if note.valuation_cap is None:
        return Claim(name, cash, worth=owed / (1 - note.discount), debt=True)
    if note.cap_counts == "company_capitalization":
        return Claim(name, cash, fraction=owed / note.valuation_cap, debt=True)
    return Claim(name, cash, shares=owed / note.valuation_cap * count_at_cap(table, note), debt=True)


def _warrants(table: CapTable, day: datetime.date) -> list[Right]:
    held = {holding.security for holding in table.holdings}
    return [
        _warrant(table, warrant, warrant_name(position), held)
        for position, warrant in enumerate(table.warrants)
        if _exercisable(warrant, day)
    ]


def _warrant(table: CapTable, warrant: WarrantIssued, name: str, held: set[str]) -> Right:
    series = table.by_name.get(warrant.security)
    if series is None:
        return Right(name, name, Fraction(warrant.shares), warrant.strike)
    ratio = series.conversion_ratio
    shares, strike = warrant.shares * ratio, warrant.strike / ratio
    if series.name not in held:
        return Right(name, name, shares, strike)
    # New shares of the series have its preference by the original issue price and no dividends yet.
    price = series.original_issue_price / ratio
    limit = None if series.participation_cap is None else series.participation_cap * price
    return Right(name, name, shares, strike, series.name, series.liquidation_multiple * price, limit)


def _exercisable(warrant: WarrantIssued, day: datetime.date) -> bool:
    return warrant.expires is None or day <= warrant.expires


def _options(strike: Fraction) -> str:
    return f"{OPTIONS} at {strike}"


def _options_of(
    table: CapTable, holder: str, day: datetime.date, accelerated: bool
) -> tuple[tuple[str, Fraction, Fraction], ...]:
    own: defaultdict[Fraction, int] = defaultdict(int)
    all_of_them: defaultdict[Fraction, int] = defaultdict(int)
    for grant in table.grants:
        vested = grant.shares if accelerated else grant.vested(day)
        all_of_them[grant.strike] += vested
        if grant.holder == holder:
            own[grant.strike] += vested
    parts = ((_options(strike), Fraction(count, all_of_them[strike])) for strike, count in own.items() if count)
    return tuple((name, part, part) for name, part in parts)


def _anniversary(day: datetime.date, years: int) -> datetime.date:
    year = day.year + years
    if day.month == 2 and day.day == 29 and not calendar.isleap(year):
        return datetime.date(year, 2, 28)
    return day.replace(year=year)
