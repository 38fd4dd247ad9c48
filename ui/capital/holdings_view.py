"""Who holds what after an event: stock, options, rights, SAFEs and notes, with ownership and votes beside."""

from collections.abc import Callable, Iterable, Iterator
from operator import itemgetter
from typing import TypeVar

import pandas as pd
import streamlit as st

from core.capital.notes import NoteIssued
from core.capital.securities import SafeIssued
from core.capital.shadow_series import shadow_parts
from core.capital.table import CapTable, undetermined
from core.plan.cap_table_steps import CapTableStep
from core.plan.scenario import OPTION_POOL
from core.plan.values import Currency
from ui import formats
from ui.language import words
from ui.user_text import shown_name

Line = TypeVar("Line")
Row = tuple[str, str, str, str]
"""Holder, security, shares, shares of common as converted."""
ROWS_SHOWN = 30
HOLDER_PIXELS = 130


def show(step: CapTableStep, currency: Currency) -> None:
    """Everything outstanding, a line for each; a holder's ownership and votes stand in his first line."""
    shown: set[str] = set()
    rows = []
    for holder, security, shares, converted in grouped(_rows(step.table, currency), itemgetter(0)):
        first = holder not in shown
        shown.add(holder)
        owned, cast = step.fully_diluted.get(holder), step.votes.get(holder)
        rows.append(
            {
                words("Holder"): words(holder),
                words("Fully diluted"): formats.percent(owned, 2) if first and owned is not None else "",
                words("Votes"): formats.percent(float(cast), 2) if first and cast is not None else "",
                words("Security"): security,
                words("Shares"): shares,
                words("As common"): converted,
            }
        )
    frame = pd.DataFrame(rows)
    if not any(row[words("As common")] for row in rows):
        frame = frame.drop(columns=words("As common"))
    st.dataframe(
        frame,
        hide_index=True,
        height="content" if len(rows) <= ROWS_SHOWN else "auto",
        column_config={words("Holder"): st.column_config.TextColumn(width=HOLDER_PIXELS, pinned=True)},
        alt=words("Holdings after this event"),
    )
    explain_shadow_series(step.table)
    open_ones = dict.fromkeys(undetermined(step.table))
    if open_ones:
        text = words("What {names} will own only a round can settle: without a cap they count as nothing here.")
        st.info(
            text.format(names=words(", ").join(shown_name(name) for name in open_ones)), icon=":material/hourglass:"
        )


def grouped(lines: Iterable[Line], holder: Callable[[Line], str]) -> list[Line]:
    """All lines of a holder under his first one."""
    by_holder: dict[str, list[Line]] = {}
    for line in lines:
        by_holder.setdefault(holder(line), []).append(line)
    return [line for of_one in by_holder.values() for line in of_one]


def explain_shadow_series(table: CapTable) -> None:
    """What "-S1" behind a series means, where the table has one."""
    if any(shadow_parts(one.name) for one in table.series):
        st.caption(
            words(
                "-S1, -N1: shadow series, which a SAFE (S) or note (N) of that round became. They have the round's "
                "rights, but a preference for no more than the money that they brought, a note's interest included."
            )
        )


def safe_terms(safe: SafeIssued, currency: Currency) -> str:
    """What a SAFE says: its money, and each term that it has."""
    money = formats.money(float(safe.amount), currency)
    terms = [words("SAFE of {amount}").format(amount=money), *package(safe, currency)]
    if safe.fixed_share is not None:
        terms.append(words("fixed share of {share}").format(share=formats.percent(float(safe.fixed_share))))
    if safe.mfn:
        terms.append(words("the best later terms (MFN)"))
    return words(", ").join(terms)


def package(safe: SafeIssued, currency: Currency) -> list[str]:
    """The terms that an MFN SAFE may take over: cap and discount."""
    terms = []
    if safe.valuation_cap is not None:
        cap = formats.money(float(safe.valuation_cap), currency)
        before, after = words("pre-money cap of {cap}"), words("post-money cap of {cap}")
        terms.append((before if safe.form == "pre_money" else after).format(cap=cap))
    if safe.discount:
        terms.append(words("discount of {share}").format(share=formats.percent(float(safe.discount), 0)))
    return terms


def note_terms(note: NoteIssued, currency: Currency) -> str:
    """What a convertible note says."""
    terms = [words("Note of {amount}").format(amount=formats.money(float(note.principal), currency))]
    if note.interest_rate:
        terms.append(words("interest of {rate} a year").format(rate=formats.percent(float(note.interest_rate))))
    if note.valuation_cap is not None:
        terms.append(words("cap of {cap}").format(cap=formats.money(float(note.valuation_cap), currency)))
    if note.discount:
        terms.append(words("discount of {share}").format(share=formats.percent(float(note.discount), 0)))
    return words(", ").join(terms)


def _rows(table: CapTable, currency: Currency) -> Iterator[Row]:
    for one in table.holdings:
        converted = table.as_converted(one)
        other = formats.decimal(converted, 0) if converted != one.shares else ""
        yield one.holder, words(one.security), formats.decimal(one.shares, 0), other
    for promise in table.promises:
        yield promise.holder, words("promised options"), formats.decimal(promise.shares, 0), ""
    for warrant in table.warrants:
        text = words("warrant on {security} at {strike}")
        strike = formats.money_exact(float(warrant.strike), currency, 4)
        security = text.format(security=words(warrant.security), strike=strike)
        yield warrant.holder, security, formats.decimal(warrant.shares, 0), ""
    if table.unpromised_pool:
        yield OPTION_POOL, words("unissued options"), formats.decimal(table.unpromised_pool, 0), ""
    later = words("at the next priced round")
    for safe in table.safes:
        yield safe.holder, safe_terms(safe, currency), later, ""
    for note in table.notes:
        yield note.holder, note_terms(note, currency), later, ""
