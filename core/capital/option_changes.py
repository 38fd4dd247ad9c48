"""What events do to options, the pool and warrants. Each function checks what depends on the table.

Rounding: an exercise without cash gives whole shares, rounded down.
"""

import math
from dataclasses import replace

from core.capital.checks import path
from core.capital.securities import COMMON, OPTIONS, Grant, Holding, OptionsGranted, PoolIncreased
from core.capital.stock_events import (
    OptionsCancelled,
    OptionsExercised,
    OptionsLapsed,
    OptionsPromised,
    OptionsRepriced,
    PoolReduced,
    Promise,
    WarrantCancelled,
    WarrantExercised,
    WarrantIssued,
)
from core.capital.table import CapTable, merged, with_more_invested
from core.errors import InputError


def pool_increased(table: CapTable, event: PoolIncreased) -> CapTable:
    return replace(table, unissued_pool=table.unissued_pool + event.shares)


def pool_reduced(table: CapTable, event: PoolReduced) -> CapTable:
    if event.shares > table.unissued_pool:
        raise InputError("out_of_range", "PoolReduced.shares", event.shares, f"shares <= {table.unissued_pool}")
    return replace(table, unissued_pool=table.unissued_pool - event.shares)


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


def options_cancelled(table: CapTable, event: OptionsCancelled) -> CapTable:
    left, grants = event.shares, []
    for grant in reversed(table.grants):
        taken = min(left, grant.shares) if (grant.holder, grant.strike) == (event.holder, event.strike) else 0
        left -= taken
        if taken < grant.shares:
            grants.append(replace(grant, shares=grant.shares - taken, cancelled=grant.cancelled + taken))
    if left:
        raise InputError("out_of_range", "OptionsCancelled.shares", event.shares, f"shares <= {event.shares - left}")
    return replace(
        table,
        holdings=merged((*table.holdings, Holding(event.holder, OPTIONS, -event.shares))),
        grants=tuple(reversed(grants)),
        unissued_pool=table.unissued_pool + event.shares,
    )


def options_repriced(table: CapTable, event: OptionsRepriced) -> CapTable:
    strikes = {grant.strike for grant in table.grants if grant.holder == event.holder}
    if event.strike not in strikes:
        expected = f"in {sorted(map(str, strikes))}"
        raise InputError("unknown_name", "OptionsRepriced.strike", event.strike, expected)
    grants = (
        replace(one, strike=event.new_strike) if (one.holder, one.strike) == (event.holder, event.strike) else one
        for one in table.grants
    )
    return replace(table, grants=tuple(grants))


def warrant_issued(table: CapTable, event: WarrantIssued) -> CapTable:
    known = {COMMON, *(holding.security for holding in table.holdings)} - {OPTIONS}
    if event.security not in known:
        raise InputError("unknown_name", "WarrantIssued.security", event.security, f"in {sorted(known)}")
    return replace(table, warrants=(*table.warrants, event))


def warrant_exercised(table: CapTable, event: WarrantExercised) -> CapTable:
    warrant = _earliest_warrant(table, event)
    shares = warrant.shares
    if event.share_value is not None:
        if event.share_value <= warrant.strike:
            raise InputError(
                "out_of_range", "WarrantExercised.share_value", event.share_value, f"{warrant.strike} < share_value"
            )
        shares = math.floor(shares * (1 - warrant.strike / event.share_value))
    table = with_more_invested(table, warrant.security, shares)
    holdings = merged((*table.holdings, Holding(warrant.holder, warrant.security, shares)))
    left = tuple(one for one in table.warrants if one is not warrant)
    return replace(table, holdings=holdings, warrants=left)


def warrant_cancelled(table: CapTable, event: WarrantCancelled) -> CapTable:
    warrant = _earliest_warrant(table, event)
    return replace(table, warrants=tuple(one for one in table.warrants if one is not warrant))


def _earliest_warrant(table: CapTable, event: WarrantExercised | WarrantCancelled) -> WarrantIssued:
    for one in table.warrants:
        if one.holder == event.holder and (one.expires is None or event.date <= one.expires):
            return one
    expected = f"in {sorted({warrant.holder for warrant in table.warrants})}"
    raise InputError("unknown_name", path(event, "holder"), event.holder, expected)
