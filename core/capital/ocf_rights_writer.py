"""Options, warrants, SAFEs and notes as objects of the Open Cap Format."""

from collections.abc import Iterable
from fractions import Fraction

from core.capital import stock_events
from core.capital.notes import Convertible, NoteIssued
from core.capital.ocf_convertibles import mechanism_of
from core.capital.ocf_package import Item, money, terms_comment
from core.capital.ocf_register import PLAN, Register
from core.capital.ocf_remark import Remark
from core.capital.ocf_vesting import vesting_id
from core.capital.securities import COMMON, Grant, OptionsGranted, SafeIssued
from core.capital.table import CapTable
from core.capital.terms import Vesting


def options_granted(register: Register, event: OptionsGranted) -> None:
    register.grants.append(_granted(register, event.holder, event.shares, event.strike, event.vesting))


def _granted(register: Register, holder: str, shares: int, strike: Fraction, vesting: Vesting | None) -> str:
    content: Item = {} if vesting is None else {"vesting_terms_id": vesting_id(vesting)}
    name = register.security(
        "TX_EQUITY_COMPENSATION_ISSUANCE",
        holder,
        "options",
        stock_plan_id=PLAN,
        stock_class_id=register.stock_class(COMMON),
        compensation_type="OPTION",
        quantity=str(shares),
        exercise_price=money(strike),
        expiration_date=None,
        termination_exercise_windows=[],
        **content,
    )
    if vesting is not None:
        register.vests(name, vesting)
    return name


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


def options_exercised(register: Register, event: stock_events.OptionsExercised) -> None:
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


def options_lapsed(register: Register, event: stock_events.OptionsLapsed) -> None:
    _cancel(register, f"{event.holder} left")


def options_cancelled(register: Register, _: stock_events.OptionsCancelled) -> None:
    _cancel(register, "Taken back into the pool")


def _cancel(register: Register, reason: str) -> None:
    for name, shares in zip(list(register.grants), _gone(register.before, register.after), strict=True):
        if shares:
            register.transaction(
                "TX_EQUITY_COMPENSATION_CANCELLATION", security_id=name, quantity=str(shares), reason_text=reason
            )
    _keep_open(register)


def _keep_open(register: Register) -> None:
    gone = zip(register.grants, register.before.grants, _gone(register.before, register.after), strict=True)
    register.grants = [name for name, grant, shares in gone if shares < grant.shares]


def options_repriced(register: Register, event: stock_events.OptionsRepriced) -> None:
    """Version 1.2 has no transaction for it."""
    register.note(Remark("OCF 1.2 reprices nothing; the options are written as cancelled and granted anew"))
    for at, grant in enumerate(register.before.grants):
        if (grant.holder, grant.strike) == (event.holder, event.strike):
            register.transaction(
                "TX_EQUITY_COMPENSATION_CANCELLATION",
                security_id=register.grants[at],
                quantity=str(grant.shares),
                reason_text="Repriced",
            )
            register.grants[at] = _granted(register, grant.holder, grant.shares, event.new_strike, grant.vesting)


def warrant_issued(register: Register, event: stock_events.WarrantIssued) -> None:
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
    register.warrants.append((event, name))


def warrant_exercised(register: Register, event: stock_events.WarrantExercised) -> None:
    position = _earliest_warrant(register, event)
    warrant = register.before.warrants[position]
    shares = _held(register.after, event.holder, warrant.security) - _held(
        register.before, event.holder, warrant.security
    )
    if not shares:
        register.note(Remark("the exercise gives less than one share; the warrant is written as cancelled"))
        _warrant_ended(register, position)
        return
    stock = register.issue(event.holder, warrant.security, shares, warrant.strike)
    register.transaction(
        "TX_WARRANT_EXERCISE",
        security_id=register.warrants.pop(position)[1],
        trigger_id="exercise",
        resulting_security_ids=[stock],
    )


def warrant_cancelled(register: Register, event: stock_events.WarrantCancelled) -> None:
    _warrant_ended(register, _earliest_warrant(register, event))


def _warrant_ended(register: Register, position: int) -> None:
    shares = str(register.before.warrants[position].shares)
    name = register.warrants.pop(position)[1]
    register.transaction("TX_WARRANT_CANCELLATION", security_id=name, quantity=shares, reason_text="Given up")


def _earliest_warrant(register: Register, event: stock_events.WarrantExercised | stock_events.WarrantCancelled) -> int:
    return next(
        place
        for place, one in enumerate(register.before.warrants)
        if one.holder == event.holder and (one.expires is None or one.expires >= event.date)
    )


def _held(table: CapTable, holder: str, security: str) -> int:
    return sum(one.shares for one in table.holdings if (one.holder, one.security) == (holder, security))


def convertible_issued(register: Register, event: Convertible) -> None:
    is_safe = isinstance(event, SafeIssued)
    mechanism, said_nowhere = mechanism_of(event)
    if said_nowhere:
        register.note(
            Remark("OCF has no field for {fields}; written among the comments", (("fields", ", ".join(said_nowhere)),))
        )
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
        comments=terms_comment(said_nowhere),
    )
    register.convertibles.append((event, name))


def notes_repaid(register: Register, _: stock_events.NotesRepaid) -> None:
    _cancelled(register, leaving(register))


def _cancelled(register: Register, left: Iterable[tuple[Convertible, str]]) -> None:
    for note, name in left:
        amount = money(note.amount if isinstance(note, SafeIssued) else note.principal)
        register.transaction("TX_CONVERTIBLE_CANCELLATION", security_id=name, amount=amount, reason_text="Repaid")


def notes_converted(register: Register, event: stock_events.NotesConverted) -> None:
    left = leaving(register)
    shares = _held(register.after, event.holder, event.security) - _held(register.before, event.holder, event.security)
    if not shares:
        register.note(Remark("the notes became less than one share; they are written as cancelled"))
        _cancelled(register, left)
        return
    series = register.after.by_name.get(event.security)
    if series is None:
        owed = sum((note.owed(event.date) for note, _ in left if isinstance(note, NoteIssued)), Fraction(0))
        stock = register.issue(event.holder, event.security, shares, owed / shares)
    else:
        price = series.original_issue_price
        stock = register.issue(event.holder, event.security, shares, price, paid=shares * price)
    for _, name in left:
        convertible_converted(register, name, stock)


def leaving(register: Register) -> list[tuple[Convertible, str]]:
    """SAFEs and notes that the event ends, with the ids of their securities."""
    left: list[Convertible] = [*register.after.safes, *register.after.notes]
    gone, kept = [], []
    for one, name in register.convertibles:
        if one in left:
            left.remove(one)
            kept.append((one, name))
        else:
            gone.append((one, name))
    register.convertibles = kept
    return gone


def convertible_converted(register: Register, name: str, stock: str) -> None:
    register.transaction(
        "TX_CONVERTIBLE_CONVERSION",
        security_id=name,
        trigger_id="financing",
        reason_text="Converted",
        resulting_security_ids=[stock],
    )
