"""What events outside a round do to stock, SAFEs and notes. Each function checks what depends on the table.

Rounding: a conversion and a split give whole shares, rounded down for each holder.
"""

import datetime
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction

from core.capital.conversions import check_shares_at_cap
from core.capital.notes import NoteIssued
from core.capital.securities import COMMON, OPTIONS, Holding, SafeIssued, SharesIssued, VestingStock, check_free
from core.capital.stock_events import (
    CommonClass,
    ConversionPriceSet,
    LaterClosing,
    NotesConverted,
    NotesRepaid,
    Promise,
    SecondarySale,
    SharesRepurchased,
    Split,
    StockConverted,
)
from core.capital.table import CapTable, all_shares, count_at_cap, merged, warrants_left, with_more_invested
from core.errors import InputError


def shares_issued(table: CapTable, event: SharesIssued) -> CapTable:
    check_free("SharesIssued.security", event.security, {series.name for series in table.series})
    votes = votes_of_class(table, event.security)
    exists = any(holding.security == event.security for holding in table.holdings)
    if exists and votes != event.votes_per_share:
        expected = f"votes_per_share = {votes}, as {event.security!r} has"
        raise InputError("contradiction", "SharesIssued.votes_per_share", event.votes_per_share, expected)
    classes = table.classes
    if not exists and event.votes_per_share != 1:
        classes = (*classes, CommonClass(event.security, event.votes_per_share))
    holdings = merged((*table.holdings, Holding(event.holder, event.security, event.shares)))
    lots = table.vesting_stock
    if event.vesting is not None:
        lots = (*lots, VestingStock(event.holder, event.security, event.shares, event.vesting))
    return replace(table, holdings=holdings, classes=classes, vesting_stock=lots)


def votes_of_class(table: CapTable, security: str) -> int:
    """Votes of a share of a class of common."""
    return next((one.votes_per_share for one in table.classes if one.name == security), 1)


def safe_issued(table: CapTable, event: SafeIssued) -> CapTable:
    safes, issued = (*table.safes, event), (*table.issued_safes, event)
    check_shares_at_cap(safes, issued)
    return replace(table, safes=safes, issued_safes=issued)


def note_issued(table: CapTable, event: NoteIssued) -> CapTable:
    return replace(table, notes=(*table.notes, event))


def notes_repaid(table: CapTable, event: NotesRepaid) -> CapTable:
    _notes_of(table, "NotesRepaid.holder", event.holder)
    return replace(table, notes=tuple(note for note in table.notes if note.holder != event.holder))


def notes_converted(table: CapTable, event: NotesConverted) -> CapTable:
    notes = _notes_of(table, "NotesConverted.holder", event.holder)
    _known_stock(table, "NotesConverted.security", event.security, {COMMON})
    if event.price is None:
        exact = _shares_at_caps(table, notes, event.date)
        series = table.by_name.get(event.security)
        # A cap counts in shares of common; preferred comes for as many of them as it converts into.
        exact = exact if series is None else exact / series.conversion_ratio
    else:
        exact = sum((note.owed(event.date) for note in notes), Fraction(0)) / event.price
    shares = math.floor(exact)
    return replace(
        with_more_invested(table, event.security, shares),
        holdings=merged((*table.holdings, Holding(event.holder, event.security, shares))),
        notes=tuple(note for note in table.notes if note.holder != event.holder),
    )


def _shares_at_caps(table: CapTable, notes: Iterable[NoteIssued], on: datetime.date) -> Fraction:
    """What the notes of one holder convert into at their caps, before rounding."""
    shares, of_company = Fraction(0), Fraction(0)
    for note in notes:
        if note.valuation_cap is None:
            raise InputError("contradiction", "NoteIssued.valuation_cap", None, "0 < valuation_cap, or a price")
        part = note.owed(on) / note.valuation_cap
        if note.cap_counts == "company_capitalization":
            of_company += part
        else:
            shares += part * count_at_cap(table, note)
    if of_company >= 1:
        raise InputError("over_100_percent", "NoteIssued.principal", of_company, "sum(owed / valuation_cap) < 1")
    # As in a round, what is counted of the company counts the holder's other notes and itself.
    return shares + of_company * (all_shares(table) + shares) / (1 - of_company)


def secondary_sale(table: CapTable, event: SecondarySale) -> CapTable:
    _known_stock(table, "SecondarySale.security", event.security)
    most = _free_to_go(table, event.seller, event.security, event.date)
    if event.shares > most:
        raise InputError("out_of_range", "SecondarySale.shares", event.shares, f"shares <= {most}")
    moved = [
        Holding(event.seller, event.security, -event.shares),
        Holding(event.buyer, event.security, event.shares),
    ]
    return replace(table, holdings=merged((*table.holdings, *moved)))


def shares_repurchased(table: CapTable, event: SharesRepurchased) -> CapTable:
    _known_stock(table, "SharesRepurchased.security", event.security)
    if event.unvested:
        most = table.unvested_stock(event.holder, event.security, event.date)
    else:
        most = _free_to_go(table, event.holder, event.security, event.date)
    if event.shares > most:
        raise InputError("out_of_range", "SharesRepurchased.shares", event.shares, f"shares <= {most}")
    lots, left = list(table.vesting_stock), event.shares if event.unvested else 0
    for at in reversed(range(len(lots))):
        if (lots[at].holder, lots[at].security) == (event.holder, event.security):
            taken = min(left, lots[at].unvested(event.date))
            lots[at] = replace(lots[at], bought_back=lots[at].bought_back + taken)
            left -= taken
    gone = {(event.holder, event.security): (event.shares, 0)}
    return replace(_without(table, gone, "SharesRepurchased.shares"), vesting_stock=tuple(lots))


def stock_converted(table: CapTable, event: StockConverted) -> CapTable:
    _known_stock(table, "StockConverted.security", event.security)
    held = {one.holder: one.shares for one in table.holdings if one.security == event.security}
    if event.holder is not None:
        if event.holder not in held:
            raise InputError("unknown_name", "StockConverted.holder", event.holder, f"in {sorted(held)}")
        held = {event.holder: _to_convert(table, event, event.holder, held[event.holder])}
    rate = event.common_per_share
    if rate is None:
        series = table.by_name.get(event.security)
        rate = Fraction(1) if series is None else series.conversion_ratio
    gone = {(holder, event.security): (shares, math.floor(shares * rate)) for holder, shares in held.items()}
    return _without(table, gone, "StockConverted.common_per_share")


def _to_convert(table: CapTable, event: StockConverted, holder: str, all_of_them: int) -> int:
    if event.shares is None:
        return all_of_them
    most = _free_to_go(table, holder, event.security, event.date)
    if event.shares > most and event.shares != all_of_them:
        raise InputError("out_of_range", "StockConverted.shares", event.shares, f"shares <= {most}")
    return event.shares


def conversion_price_set(table: CapTable, event: ConversionPriceSet) -> CapTable:
    if event.series not in table.by_name:
        raise InputError("unknown_name", "ConversionPriceSet.series", event.series, f"in {sorted(table.by_name)}")
    series = (replace(one, conversion_price=event.price) if one.name == event.series else one for one in table.series)
    return replace(table, series=tuple(series))


def _without(table: CapTable, gone: Mapping[tuple[str, str], tuple[int, int]], field: str) -> CapTable:
    """The table once stock has left it, by holder and security the shares that go and the common given for them.

    The preference of a series goes with its shares; one without shares disappears.
    """
    moved = [Holding(holder, security, -shares) for (holder, security), (shares, _) in gone.items()]
    moved += [Holding(holder, COMMON, common) for (holder, _), (_, common) in gone.items()]
    holdings = merged((*table.holdings, *moved))
    if all(one.security == OPTIONS for one in holdings):
        raise InputError("out_of_range", field, sum(shares for shares, _ in gone.values()), "1 share of stock left")
    before = _shares_by_security(table.holdings)
    after = _shares_by_security(holdings)
    series = tuple(
        replace(one, invested=one.invested * Fraction(after[one.name], before[one.name]))
        for one in table.series
        if after[one.name]
    )
    left = {(one.holder, one.security) for one in holdings}
    # Only of a holder who has converted everything: what has not vested converts last.
    moved_lots = {key for key, (_, common) in gone.items() if common and key not in left}
    lots = tuple(
        replace(one, security=COMMON) if (one.holder, one.security) in moved_lots else one
        for one in table.vesting_stock
    )
    return replace(table, holdings=holdings, series=series, warrants=warrants_left(table, series), vesting_stock=lots)


def _shares_by_security(holdings: Iterable[Holding]) -> Mapping[str, int]:
    shares: defaultdict[str, int] = defaultdict(int)
    for one in holdings:
        shares[one.security] += one.shares
    return shares


def _free_to_go(table: CapTable, holder: str, security: str, on: datetime.date) -> int:
    """The shares of a holder that have vested, as all do that never had to."""
    held = sum(one.shares for one in table.holdings if (one.holder, one.security) == (holder, security))
    return max(0, held - table.unvested_stock(holder, security, on))


def _known_stock(table: CapTable, field: str, security: str, more: set[str] | None = None) -> None:
    known = {one.security for one in table.holdings} - {OPTIONS} | (more or set())
    if security not in known:
        raise InputError("unknown_name", field, security, f"in {sorted(known)}")


def split(table: CapTable, event: Split) -> CapTable:
    ratio = Fraction(event.new, event.old)

    def scaled(shares: int) -> int:
        return math.floor(shares * ratio)

    grants = [
        replace(
            one,
            shares=scaled(one.shares),
            exercised=scaled(one.exercised),
            cancelled=scaled(one.cancelled),
            strike=one.strike / ratio,
        )
        for one in table.grants
    ]
    stock = [replace(one, shares=scaled(one.shares)) for one in table.holdings if one.security != OPTIONS]
    options = [Holding(one.holder, OPTIONS, one.shares) for one in grants]
    warrants = [
        replace(one, shares=scaled(one.shares), strike=one.strike / ratio)
        for one in table.warrants
        if scaled(one.shares)
    ]
    series = [
        replace(
            one,
            original_issue_price=one.original_issue_price / ratio,
            conversion_price=None if one.conversion_price is None else one.conversion_price / ratio,
        )
        for one in table.series
    ]
    promises = [Promise(one.holder, scaled(one.shares)) for one in table.promises]
    lots = [replace(one, shares=scaled(one.shares), bought_back=scaled(one.bought_back)) for one in table.vesting_stock]
    holdings = merged((*stock, *options))
    if not holdings:
        raise InputError("out_of_range", "Split.old", event.old, "1 <= shares after the split")
    left = {one.security for one in holdings}
    return replace(
        table,
        holdings=holdings,
        unissued_pool=scaled(table.unissued_pool),
        grants=tuple(one for one in grants if one.shares),
        warrants=tuple(warrants),
        promises=tuple(one for one in promises if one.shares),
        series=tuple(one for one in series if one.name in left),
        vesting_stock=tuple(lots),
    )


def later_closing(table: CapTable, event: LaterClosing) -> CapTable:
    series = table.by_name.get(event.series)
    if series is None:
        raise InputError("unknown_name", "LaterClosing.series", event.series, f"in {sorted(table.by_name)}")
    bought = []
    for cheque in event.investments:
        shares = math.floor(cheque.amount / series.original_issue_price)
        if shares == 0:
            raise InputError("out_of_range", "Investment.amount", cheque, "1 <= shares bought")
        bought.append(Holding(cheque.holder, series.name, shares))
    money = sum((cheque.amount for cheque in event.investments), Fraction(0))
    grown = replace(series, invested=series.invested + money)
    return replace(
        table,
        holdings=merged((*table.holdings, *bought)),
        series=tuple(grown if one is series else one for one in table.series),
    )


def _notes_of(table: CapTable, field: str, holder: str) -> list[NoteIssued]:
    notes = [note for note in table.notes if note.holder == holder]
    if not notes:
        raise InputError("unknown_name", field, holder, f"in {sorted({note.holder for note in table.notes})}")
    return notes
