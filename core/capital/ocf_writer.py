"""Events as a package of the Open Cap Format: what was issued, granted, moved and converted.

OCF is a register of securities. It has no word for what a round was agreed on, which is said in notes.
"""

from collections.abc import Callable, Iterable
from dataclasses import fields
from fractions import Fraction
from typing import Any

from core.capital import stock_events
from core.capital.cap_table import price_round_on
from core.capital.event_files import tables_after
from core.capital.notes import Convertible, NoteIssued
from core.capital.ocf_convertibles import mechanism_of
from core.capital.ocf_package import Item, decimal, vesting_id, vesting_terms, zipped
from core.capital.ocf_register import CURRENCY, PLAN, Register, Stock, money
from core.capital.securities import (
    COMMON,
    Event,
    Grant,
    OptionsGranted,
    PoolIncreased,
    PricedRound,
    SafeIssued,
    SharesIssued,
)
from core.capital.table import EMPTY, CapTable


def written(events: Iterable[Event], issuer: str = "Company") -> tuple[bytes, tuple[str, ...]]:
    """A zip with the package, and what of the events it could not express, each with the number of its event."""
    register = Register()
    events = tuple(events)
    tables = tables_after(events)
    for number, (event, before, after) in enumerate(zip(events, (EMPTY, *tables), tables, strict=False), start=1):
        register.turn_to(number, event, before, after)
        write = _WRITERS.get(type(event))
        if write is None:
            register.note("nothing in OCF stands for it; it is left out with all that follows")
            break
        write(register, event)
        register.close_expired_warrants()
    formed = events[0].date.isoformat()
    company = {"object_type": "ISSUER", "id": "issuer", "legal_name": issuer}
    company |= {"formation_date": formed, "country_of_formation": "US"}
    general = (
        "the issuer's name, country and day of formation stand in no event: "
        f"written as {issuer!r}, US and {formed}; the currency as {CURRENCY}"
    )
    return zipped(company, register.event.date, register.lists), (
        general,
        "the price of common stands in no event; written as 0",
        *dict.fromkeys(register.notes),
    )


def _shares_issued(register: Register, event: SharesIssued) -> None:
    register.stock_class(event.security, votes_per_share=str(event.votes_per_share))
    register.issue(event.holder, event.security, event.shares, Fraction(0))


def _pool_increased(register: Register, event: PoolIncreased) -> None:
    register.reserve(event.shares)


def _options_promised(register: Register, event: stock_events.OptionsPromised) -> None:
    register.note(f"OCF knows no promised options; {event.shares} of {event.holder} stay in the pool")


def _options_granted(register: Register, event: OptionsGranted) -> None:
    content: Item = {} if event.vesting is None else {"vesting_terms_id": vesting_id(event.vesting)}
    name = register.security(
        "TX_EQUITY_COMPENSATION_ISSUANCE",
        event.holder,
        "options",
        stock_plan_id=PLAN,
        stock_class_id=register.stock_class(COMMON),
        compensation_type="OPTION",
        quantity=str(event.shares),
        exercise_price=money(event.strike),
        expiration_date=None,
        termination_exercise_windows=[],
        **content,
    )
    register.grants.append(name)
    if event.vesting is not None:
        terms = vesting_terms(event.vesting)
        if terms not in register.lists["vesting_terms"]:
            register.lists["vesting_terms"].append(terms)
        register.transaction("TX_VESTING_START", security_id=name, vesting_condition_id="start")
        register.lists["transactions"][-1]["date"] = event.vesting.start.isoformat()


def _gone(before: CapTable, after: CapTable) -> list[int]:
    """How many options of each grant before the event are outstanding no more."""
    left, gone = list(after.grants), []
    for grant in before.grants:
        if left and _same_grant(grant, left[0]):
            gone.append(grant.shares - left.pop(0).shares)
        else:
            gone.append(grant.shares)
    return gone


def _same_grant(before: Grant, after: Grant) -> bool:
    """Whether one is what an exercise or a lapse has left of the other."""
    terms = (before.holder, before.strike, before.granted) == (after.holder, after.strike, after.granted)
    return terms and after.shares <= before.shares


def _options_exercised(register: Register, event: stock_events.OptionsExercised) -> None:
    for name, shares in zip(list(register.grants), _gone(register.before, register.after), strict=True):
        if shares:
            stock = register.issue(event.holder, COMMON, shares, event.strike)
            register.transaction(
                "TX_EQUITY_COMPENSATION_EXERCISE",
                security_id=name,
                quantity=str(shares),
                resulting_security_ids=[stock],
            )
    _keep_open(register)


def _options_lapsed(register: Register, event: stock_events.OptionsLapsed) -> None:
    for name, shares in zip(list(register.grants), _gone(register.before, register.after), strict=True):
        if shares:
            reason = f"{event.holder} left"
            register.transaction(
                "TX_EQUITY_COMPENSATION_CANCELLATION", security_id=name, quantity=str(shares), reason_text=reason
            )
    _keep_open(register)


def _keep_open(register: Register) -> None:
    gone = zip(register.grants, register.before.grants, _gone(register.before, register.after), strict=True)
    register.grants = [name for name, grant, shares in gone if shares < grant.shares]


def _warrant_issued(register: Register, event: stock_events.WarrantIssued) -> None:
    content: Item = {} if event.expires is None else {"warrant_expiration_date": event.expires.isoformat()}
    right = {
        "type": "WARRANT_CONVERSION_RIGHT",
        "converts_to_stock_class_id": register.stock_class(event.security),
        "conversion_mechanism": {"type": "FIXED_AMOUNT_CONVERSION", "converts_to_quantity": str(event.shares)},
    }
    name = register.security(
        "TX_WARRANT_ISSUANCE",
        event.holder,
        "warrant",
        quantity=str(event.shares),
        exercise_price=money(event.strike),
        purchase_price=money(Fraction(0)),
        exercise_triggers=[{"type": "ELECTIVE_AT_WILL", "trigger_id": "exercise", "conversion_right": right}],
        **content,
    )
    register.warrants.append(name)


def _warrant_exercised(register: Register, event: stock_events.WarrantExercised) -> None:
    position, warrant = next(
        (place, one)
        for place, one in enumerate(register.before.warrants)
        if one.holder == event.holder and (one.expires is None or one.expires >= event.date)
    )
    shares = _held(register.after, event.holder, warrant.security) - _held(
        register.before, event.holder, warrant.security
    )
    stock = register.issue(event.holder, warrant.security, shares, warrant.strike)
    register.transaction(
        "TX_WARRANT_EXERCISE",
        security_id=register.warrants[position],
        trigger_id="exercise",
        resulting_security_ids=[stock],
    )
    register.warrants[position] = None


def _held(table: CapTable, holder: str, security: str) -> int:
    return sum(one.shares for one in table.holdings if (one.holder, one.security) == (holder, security))


def _convertible_issued(register: Register, event: Convertible) -> None:
    is_safe = isinstance(event, SafeIssued)
    mechanism, left_out = mechanism_of(event)
    for text in left_out:
        register.note(text)
    right = {
        "type": "CONVERTIBLE_CONVERSION_RIGHT",
        "converts_to_future_round": True,
        "conversion_mechanism": mechanism,
    }
    trigger = {"type": "AUTOMATIC_ON_CONDITION", "trigger_id": "financing", "trigger_condition": "An equity financing."}
    name = register.security(
        "TX_CONVERTIBLE_ISSUANCE",
        event.holder,
        "safe" if is_safe else "note",
        convertible_type="SAFE" if is_safe else "NOTE",
        investment_amount=money(event.amount if isinstance(event, SafeIssued) else event.principal),
        conversion_triggers=[{**trigger, "conversion_right": right}],
        seniority=1,
    )
    register.convertibles.append((event, name))


def _notes_repaid(register: Register, _: stock_events.NotesRepaid) -> None:
    _cancelled(register, _leaving(register))


def _cancelled(register: Register, leaving: Iterable[tuple[Convertible, str]]) -> None:
    for note, name in leaving:
        amount = money(note.amount if isinstance(note, SafeIssued) else note.principal)
        register.transaction("TX_CONVERTIBLE_CANCELLATION", security_id=name, amount=amount, reason_text="Repaid")


def _notes_converted(register: Register, event: stock_events.NotesConverted) -> None:
    leaving = _leaving(register)
    shares = _held(register.after, event.holder, COMMON) - _held(register.before, event.holder, COMMON)
    if not shares:
        register.note("the notes became less than one share; they stand as cancelled")
        _cancelled(register, leaving)
        return
    owed = sum((note.owed(event.date) for note, _ in leaving if isinstance(note, NoteIssued)), Fraction(0))
    stock = register.issue(event.holder, COMMON, shares, owed / shares)
    for _, name in leaving:
        _converted(register, name, stock)


def _leaving(register: Register) -> list[tuple[Convertible, str]]:
    """SAFEs and notes that the event ends, with the ids of their securities."""
    left: list[Convertible] = [*register.after.safes, *register.after.notes]
    leaving, kept = [], []
    for one, name in register.convertibles:
        if one in left:
            left.remove(one)
            kept.append((one, name))
        else:
            leaving.append((one, name))
    register.convertibles = kept
    return leaving


def _converted(register: Register, name: str, stock: str) -> None:
    register.transaction(
        "TX_CONVERTIBLE_CONVERSION",
        security_id=name,
        trigger_id="financing",
        reason_text="Converted",
        resulting_security_ids=[stock],
    )


def _secondary_sale(register: Register, event: stock_events.SecondarySale) -> None:
    left = event.shares
    for stock in register.take(event.seller, event.security, event.shares):
        part = min(left, stock.shares)
        left -= part
        register.transaction(
            "TX_STOCK_TRANSFER",
            security_id=stock.name,
            quantity=str(part),
            consideration_text=f"{decimal(event.price)} {CURRENCY} a share",
            resulting_security_ids=[register.issue(event.buyer, event.security, part, stock.price)],
            **register.balance(event.seller, event.security, stock, part),
        )


def _split(register: Register, event: stock_events.Split) -> None:
    ratio = {"numerator": str(event.new), "denominator": str(event.old)}
    for security in dict.fromkeys(security for _, security in register.stock):
        register.transaction("TX_STOCK_CLASS_SPLIT", stock_class_id=register.stock_class(security), split_ratio=ratio)
    register.stock = {
        key: [Stock(one.name, one.shares * event.new // event.old, one.price * event.old / event.new) for one in held]
        for key, held in register.stock.items()
    }
    register.reserve(register.reserved * event.new // event.old - register.reserved)
    kept = [grant.shares * event.new >= event.old for grant in register.before.grants]
    register.grants = [name for name, stays in zip(register.grants, kept, strict=True) if stays]
    if register.before.grants or register.before.warrants:
        register.note("OCF splits classes of stock; options and warrants keep their numbers and strikes in the package")


def _priced_round(register: Register, event: PricedRound) -> None:
    agreed = ", ".join(
        one.name for one in fields(event) if one.name in _AGREED and getattr(event, one.name) != one.default
    )
    register.note(f"OCF has what was issued, not what was agreed: left out are {agreed}")
    if event.participation == "full":
        register.note("OCF has no word for full participation; no participation_cap_multiple is written")
    result = price_round_on(register.before, event)
    for forfeit in result.forfeits:
        _stock_converted(register, forfeit.holder, forfeit.series, forfeit.shares, forfeit.common)
    leaving = _leaving(register)
    for conversion in result.conversions:
        name = next(name for one, name in leaving if one == conversion.safe)
        leaving.remove((conversion.safe, name))
        _series(register, event, conversion.series, conversion.price)
        stock = register.issue(conversion.safe.holder, conversion.series, conversion.shares, conversion.price)
        _converted(register, name, stock)
    _series(register, event, event.name, result.price)
    for bought in result.new_shares:
        register.issue(bought.holder, event.name, bought.shares, result.price)
    register.reserve(register.after.unissued_pool - register.before.unissued_pool)
    for change in result.adjustments:
        price = register.after.by_name[change.series].original_issue_price
        mechanism = _ratio(price / change.after, change.after)
        register.transaction(
            "TX_STOCK_CLASS_CONVERSION_RATIO_ADJUSTMENT",
            stock_class_id=register.stock_class(change.series),
            new_ratio_conversion_mechanism=mechanism,
        )


def _stock_converted(register: Register, holder: str, series: str, shares: int, common: int) -> None:
    """Preferred lost to common under pay-to-play."""
    stock = [register.issue(holder, COMMON, common, Fraction(0))] if common else []
    for one in register.take(holder, series, shares):
        part = min(shares, one.shares)
        shares -= part
        register.transaction(
            "TX_STOCK_CONVERSION",
            security_id=one.name,
            quantity_converted=str(part),
            resulting_security_ids=stock,
            **register.balance(holder, series, one, part),
        )


def _series(register: Register, terms: PricedRound, name: str, price: Fraction) -> None:
    content: Item = {}
    if terms.participation != "full":
        # With a cap at the preference itself there is nothing to take part in.
        cap = terms.participation_cap if terms.participation_cap is not None else terms.liquidation_multiple
        content["participation_cap_multiple"] = decimal(cap)
    right = {
        "type": "STOCK_CLASS_CONVERSION_RIGHT",
        "converts_to_stock_class_id": register.stock_class(COMMON),
        "conversion_mechanism": _ratio(Fraction(1), price),
    }
    register.stock_class(
        name,
        class_type="PREFERRED",
        votes_per_share=str(terms.votes_per_share),
        seniority=str(terms.seniority + 1),
        price_per_share=money(price),
        liquidation_preference_multiple=decimal(terms.liquidation_multiple),
        conversion_rights=[right],
        **content,
    )


def _ratio(ratio: Fraction, price: Fraction) -> Item:
    numbers = {"numerator": decimal(ratio), "denominator": "1"}
    return {"type": "RATIO_CONVERSION", "conversion_price": money(price), "ratio": numbers, "rounding_type": "NORMAL"}


def _later_closing(register: Register, event: stock_events.LaterClosing) -> None:
    price = register.before.by_name[event.series].original_issue_price
    for cheque in event.investments:
        register.issue(cheque.holder, event.series, int(cheque.amount / price), price)


_AGREED = (
    "pre_money", "pool_target", "price_step", "basis", "pool_in_pre_money", "adjustment_in_price", "pay_to_play",
    "pro_rata", "pro_rata_counts_pool", "waiting", "anti_dilution", "dividends", "dividend_rate",
)  # fmt: skip

_WRITERS: dict[type[Event], Callable[[Register, Any], None]] = {
    SharesIssued: _shares_issued,
    PoolIncreased: _pool_increased,
    stock_events.OptionsPromised: _options_promised,
    OptionsGranted: _options_granted,
    stock_events.OptionsExercised: _options_exercised,
    stock_events.OptionsLapsed: _options_lapsed,
    stock_events.WarrantIssued: _warrant_issued,
    stock_events.WarrantExercised: _warrant_exercised,
    SafeIssued: _convertible_issued,
    NoteIssued: _convertible_issued,
    stock_events.NotesRepaid: _notes_repaid,
    stock_events.NotesConverted: _notes_converted,
    stock_events.SecondarySale: _secondary_sale,
    stock_events.Split: _split,
    PricedRound: _priced_round,
    stock_events.LaterClosing: _later_closing,
}
