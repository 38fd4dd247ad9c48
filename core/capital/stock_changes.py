"""What each event outside a round does to the table. Each function checks what depends on the table.

Rounding: an exercise without cash, a conversion and a split give whole shares, rounded down for each holder.
"""

import datetime
import math
from dataclasses import replace
from fractions import Fraction

from core.capital.conversions import check_shares_at_cap
from core.capital.notes import NoteIssued
from core.capital.securities import (
    COMMON,
    OPTIONS,
    Grant,
    Holding,
    OptionsGranted,
    PoolIncreased,
    SafeIssued,
    Series,
    SharesIssued,
    check_free,
)
from core.capital.stock_events import (
    CommonClass,
    LaterClosing,
    NotesConverted,
    NotesRepaid,
    OptionsExercised,
    OptionsLapsed,
    OptionsPromised,
    Promise,
    SecondarySale,
    Split,
    WarrantExercised,
    WarrantIssued,
)
from core.capital.table import CapTable, all_shares, count_at_cap, merged
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
    return replace(table, holdings=holdings, classes=classes)


def votes_of_class(table: CapTable, security: str) -> int:
    """Votes of a share of a class of common."""
    return next((one.votes_per_share for one in table.classes if one.name == security), 1)


def pool_increased(table: CapTable, event: PoolIncreased) -> CapTable:
    return replace(table, unissued_pool=table.unissued_pool + event.shares)


def options_promised(table: CapTable, event: OptionsPromised) -> CapTable:
    return replace(table, promises=(*table.promises, Promise(event.holder, event.shares)))


def options_granted(table: CapTable, event: OptionsGranted) -> CapTable:
    if event.shares > table.unissued_pool:
        raise InputError("out_of_range", "OptionsGranted.shares", event.shares, f"shares <= {table.unissued_pool}")
    left, promises = event.shares, []
    for promise in table.promises:
        kept = promise.shares
        if promise.holder == event.holder:
            kept = max(0, promise.shares - left)
            left -= promise.shares - kept
        if kept:
            promises.append(replace(promise, shares=kept))
    grant = Grant(event.holder, event.shares, event.strike, event.date, event.vesting)
    return replace(
        table,
        holdings=merged((*table.holdings, Holding(event.holder, OPTIONS, event.shares))),
        unissued_pool=table.unissued_pool - event.shares,
        grants=(*table.grants, grant),
        promises=tuple(promises),
    )


def options_exercised(table: CapTable, event: OptionsExercised) -> CapTable:
    left, grants = event.shares, []
    for grant in table.grants:
        taken = 0
        if (grant.holder, grant.strike) == (event.holder, event.strike):
            taken = min(left, grant.vested(event.date))
        left -= taken
        if taken < grant.shares:
            grants.append(replace(grant, shares=grant.shares - taken, exercised=grant.exercised + taken))
    if left:
        expected = f"shares <= {event.shares - left}"
        raise InputError("out_of_range", "OptionsExercised.shares", event.shares, expected)
    moved = [Holding(event.holder, OPTIONS, -event.shares), Holding(event.holder, COMMON, event.shares)]
    return replace(table, holdings=merged((*table.holdings, *moved)), grants=tuple(grants))


def options_lapsed(table: CapTable, event: OptionsLapsed) -> CapTable:
    if all(grant.holder != event.holder for grant in table.grants):
        expected = f"in {sorted({grant.holder for grant in table.grants})}"
        raise InputError("unknown_name", "OptionsLapsed.holder", event.holder, expected)
    grants, lapsed = [], 0
    for grant in table.grants:
        kept = grant
        if grant.holder == event.holder:
            vested = grant.vested(event.date) if event.keeps_vested else 0
            # What stays has vested, so that no schedule runs on.
            kept = replace(grant, shares=vested, vesting=None)
        lapsed += grant.shares - kept.shares
        if kept.shares:
            grants.append(kept)
    holdings = merged((*table.holdings, Holding(event.holder, OPTIONS, -lapsed)))
    return replace(table, holdings=holdings, grants=tuple(grants), unissued_pool=table.unissued_pool + lapsed)


def warrant_issued(table: CapTable, event: WarrantIssued) -> CapTable:
    known = {COMMON, *(holding.security for holding in table.holdings)} - {OPTIONS}
    if event.security not in known:
        raise InputError("unknown_name", "WarrantIssued.security", event.security, f"in {sorted(known)}")
    return replace(table, warrants=(*table.warrants, event))


def warrant_exercised(table: CapTable, event: WarrantExercised) -> CapTable:
    own = (one for one in table.warrants if one.holder == event.holder and _is_live(one, event.date))
    warrant = next(own, None)
    if warrant is None:
        expected = f"in {sorted({warrant.holder for warrant in table.warrants})}"
        raise InputError("unknown_name", "WarrantExercised.holder", event.holder, expected)
    shares = warrant.shares
    if event.share_value is not None:
        if event.share_value <= warrant.strike:
            raise InputError(
                "out_of_range", "WarrantExercised.share_value", event.share_value, f"{warrant.strike} < share_value"
            )
        shares = math.floor(shares * (1 - warrant.strike / event.share_value))
    # A charter counts the preference a share at the original issue price, whatever the strike was.
    series = tuple(_sold(one, shares) if one.name == warrant.security else one for one in table.series)
    holdings = merged((*table.holdings, Holding(warrant.holder, warrant.security, shares)))
    left = tuple(one for one in table.warrants if one is not warrant)
    return replace(table, holdings=holdings, series=series, warrants=left)


def safe_issued(table: CapTable, event: SafeIssued) -> CapTable:
    safes = (*table.safes, event)
    check_shares_at_cap(safes)
    return replace(table, safes=safes)


def note_issued(table: CapTable, event: NoteIssued) -> CapTable:
    return replace(table, notes=(*table.notes, event))


def notes_repaid(table: CapTable, event: NotesRepaid) -> CapTable:
    _notes_of(table, "NotesRepaid.holder", event.holder)
    return replace(table, notes=tuple(note for note in table.notes if note.holder != event.holder))


def notes_converted(table: CapTable, event: NotesConverted) -> CapTable:
    shares, of_company = Fraction(0), Fraction(0)
    for note in _notes_of(table, "NotesConverted.holder", event.holder):
        if note.valuation_cap is None:
            raise InputError("contradiction", "NoteIssued.valuation_cap", None, "0 < valuation_cap")
        part = note.owed(event.date) / note.valuation_cap
        if note.cap_counts == "company_capitalization":
            of_company += part
        else:
            shares += part * count_at_cap(table, note)
    if of_company >= 1:
        raise InputError("over_100_percent", "NoteIssued.principal", of_company, "sum(owed / valuation_cap) < 1")
    # As in a round, what is counted of the company counts the holder's other notes and itself.
    shares += of_company * (all_shares(table) + shares) / (1 - of_company)
    left = tuple(note for note in table.notes if note.holder != event.holder)
    return replace(
        table, holdings=merged((*table.holdings, Holding(event.holder, COMMON, math.floor(shares)))), notes=left
    )


def secondary_sale(table: CapTable, event: SecondarySale) -> CapTable:
    known = {one.security for one in table.holdings} - {OPTIONS}
    if event.security not in known:
        raise InputError("unknown_name", "SecondarySale.security", event.security, f"in {sorted(known)}")
    held = {(one.holder, one.security): one.shares for one in table.holdings}
    most = held.get((event.seller, event.security), 0)
    if event.shares > most:
        raise InputError("out_of_range", "SecondarySale.shares", event.shares, f"shares <= {most}")
    moved = [
        Holding(event.seller, event.security, -event.shares),
        Holding(event.buyer, event.security, event.shares),
    ]
    return replace(table, holdings=merged((*table.holdings, *moved)))


def split(table: CapTable, event: Split) -> CapTable:
    ratio = Fraction(event.new, event.old)

    def scaled(shares: int) -> int:
        return math.floor(shares * ratio)

    grants = [
        replace(one, shares=scaled(one.shares), exercised=scaled(one.exercised), strike=one.strike / ratio)
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


def _is_live(warrant: WarrantIssued, on: datetime.date) -> bool:
    return warrant.expires is None or on <= warrant.expires


def _sold(series: Series, shares: int) -> Series:
    return replace(series, invested=series.invested + shares * series.original_issue_price)


def _notes_of(table: CapTable, field: str, holder: str) -> list[NoteIssued]:
    notes = [note for note in table.notes if note.holder == holder]
    if not notes:
        raise InputError("unknown_name", field, holder, f"in {sorted({note.holder for note in table.notes})}")
    return notes
