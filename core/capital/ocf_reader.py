"""A package of the Open Cap Format as events.

OCF states what was issued; a round's agreed terms follow from it: preferred stock of one class and day is a round at
its price, into which nothing converts by law. A SAFE or note that the package converts is read as the stock it became,
at what was paid for it, so that every share is the package's own; it does not appear before. What an event cannot say
is refused, and so is a package whose own numbers do not add up to the table that its events make.
"""

import datetime
import math
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from core.capital.cap_table import apply
from core.capital.ocf_convertibles import convertible_of
from core.capital.ocf_package import Item, date_of, items_of, named, number_of, text_of, vesting_of, whole_number_of
from core.capital.ocf_source import Source, kind_of, split_ratio, without_retracted
from core.capital.round_on_table import company_of
from core.capital.securities import (
    COMMON,
    Event,
    Investment,
    OptionsGranted,
    PoolIncreased,
    PricedRound,
    SafeIssued,
    SharesIssued,
)
from core.capital.stock_events import (
    LaterClosing,
    NotesRepaid,
    OptionsExercised,
    OptionsLapsed,
    SecondarySale,
    Split,
    WarrantExercised,
    WarrantIssued,
)
from core.capital.table import CapTable
from core.capital.terms import Vesting
from core.errors import InputError


@dataclass(frozen=True)
class Reading:
    """The events of a package, and what was assumed where it says nothing."""

    events: tuple[Event, ...]
    notes: tuple[str, ...]


def reading_of(files: Mapping[str, bytes] | bytes) -> Reading:
    """Read a package, a zip or its files by name. Raises InputError naming the object by type and id."""
    items = items_of(files)
    try:
        source = Source(without_retracted(items))
        for item in sorted(source.transactions, key=lambda item: _order(source, item)):
            _read(source, item)
        source.check_stock()
    except _WRONG_SHAPES as error:
        raise InputError("malformed", "files", str(error), "objects as the schemas of OCF 1.2 have them") from None
    return Reading(tuple(source.events), tuple(dict.fromkeys(source.notes)))


def _read(source: Source, item: Item) -> None:
    handler = _READERS.get(kind_of(item))
    if handler is None:
        expected = f"one of {' | '.join(sorted(_READERS))}"
        raise InputError("unknown_name", named(item), item.get("object_type"), expected)
    try:
        handler(source, item)
    except _WRONG_SHAPES as error:
        raise InputError("malformed", named(item), str(error), "an object as its schema has it") from None
    except InputError as error:
        # What an event finds wrong names its own field, not yet the object.
        place = error.field if " " in error.field else f"{named(item)} {error.field}"
        raise InputError(error.code, place, error.value, error.expected) from None


def _stock_issued(source: Source, item: Item) -> None:
    name = text_of(item, "security_id")
    parent = source.resulting.get(name)
    if parent is not None and kind_of(parent) != "TX_CONVERTIBLE_CONVERSION":
        return
    terms = source.stock_class(item)
    if terms.get("class_type") == "COMMON":
        shares, votes = whole_number_of(item, "quantity"), _votes(terms)
        event = SharesIssued(date_of(item), source.holder(item), shares, source.class_name(item), votes)
        source.add(event)
        return
    if name not in source.done:
        _round(source, item, terms)


def _round(source: Source, first: Item, terms: Item) -> None:
    """All preferred stock of the class issued that day is one closing."""
    day, name, price = date_of(first), source.class_name(first), number_of(first, "share_price", "amount")
    closing = [
        one
        for one in source.by_type["TX_STOCK_ISSUANCE"].values()
        if one.get("stock_class_id") == first["stock_class_id"]
        and date_of(one) == day
        and kind_of(source.resulting.get(one["security_id"], {})) in ("", "TX_CONVERTIBLE_CONVERSION")
    ]
    source.done |= {one["security_id"] for one in closing}
    cheques: defaultdict[str, list[Fraction]] = defaultdict(list)
    for one in closing:
        if number_of(one, "share_price", "amount") != price or price <= 0:
            found = one["share_price"]
            raise InputError("contradiction", f"{named(one)} share_price", found, f"{price}, one price a class and day")
        cheques[source.holder(one)].append(_paid(source, one, price))
    investments = tuple(Investment(holder, sum(paid, Fraction(0))) for holder, paid in cheques.items())
    series = source.table.by_name.get(name)
    if series is not None:
        if price != series.original_issue_price:
            expected = f"{series.original_issue_price}, as first issued"
            raise InputError("contradiction", f"{named(first)} share_price", first["share_price"], expected)
        source.add(LaterClosing(day, name, investments))
        return
    source.add(_terms_of_round(source, terms, PricedRound(day, name, investments, Fraction(1)), price))


def _terms_of_round(source: Source, terms: Item, bare: PricedRound, price: Fraction) -> PricedRound:
    """The round with its class's terms, and the pre-money that its price makes of the shares before it."""
    _check_one_to_one(terms)
    multiple = _number(terms, "liquidation_preference_multiple")
    cap = _number(terms, "participation_cap_multiple")
    if multiple is None:
        source.notes.append(f"{bare.name}: no liquidation_preference_multiple; read as 1")
    if cap is None:
        source.notes.append(f"{bare.name}: no participation_cap_multiple; read as not participating")
    multiple = Fraction(1) if multiple is None else multiple
    capped = cap is not None and cap > multiple
    ranks = sorted({number_of(one, "seniority") for one in source.classes.values()})
    waiting = [*(safe.holder for safe in source.table.safes), *(note.holder for note in source.table.notes)]
    return replace(
        bare,
        pre_money=price * company_of(source.table).with_pool,
        basis="pre_money",
        price_step=None,
        liquidation_multiple=multiple,
        seniority=ranks.index(number_of(terms, "seniority")),
        participation="capped" if capped else "none",
        participation_cap=cap if capped else None,
        votes_per_share=_votes(terms),
        waiting=tuple(dict.fromkeys(waiting)),
    )


def _paid(source: Source, item: Item, price: Fraction) -> Fraction:
    """What was paid for the shares: of a converted SAFE or note its money, where that gives just these shares."""
    shares = whole_number_of(item, "quantity")
    conversion = source.resulting.get(item["security_id"])
    if conversion is not None and len(conversion.get("resulting_security_ids") or ()) == 1:
        issuance = source.security(conversion)
        convertible = convertible_of(issuance, source.holder(issuance))
        dollars = convertible.amount if isinstance(convertible, SafeIssued) else convertible.owed(date_of(item))
        if math.floor(dollars / price) == shares:
            return dollars
    return price * shares


def _pool_set(source: Source, item: Item) -> None:
    plan, reserved = text_of(item, "stock_plan_id"), whole_number_of(item, "shares_reserved")
    increase = reserved - source.reserved[plan]
    if increase < 0:
        expected = f"{source.reserved[plan]} <= shares_reserved"
        raise InputError("out_of_range", f"{named(item)} shares_reserved", reserved, expected)
    source.reserved[plan] = reserved
    if increase:
        source.add(PoolIncreased(date_of(item), increase))


def _options_granted(source: Source, item: Item) -> None:
    kind = text_of(item, "compensation_type")
    if not kind.startswith("OPTION"):
        raise InputError("unknown_name", f"{named(item)} compensation_type", kind, "OPTION | OPTION_ISO | OPTION_NSO")
    if item.get("vestings"):
        raise InputError("contradiction", f"{named(item)} vestings", len(item["vestings"]), "vesting_terms_id")
    if item.get("stock_class_id") is not None and source.class_name(item) != COMMON:
        raise InputError(
            "unknown_name", f"{named(item)} stock_class_id", item["stock_class_id"], "the first common class"
        )
    shares, strike = whole_number_of(item, "quantity"), number_of(item, "exercise_price", "amount")
    if item.get("stock_plan_id") is None:
        # Outside a plan no pool is used up.
        source.add(PoolIncreased(date_of(item), shares))
    event = OptionsGranted(date_of(item), source.holder(item), shares, strike, _vesting(source, item))
    source.add(event)


def _vesting(source: Source, item: Item) -> Vesting | None:
    name = item.get("vesting_terms_id")
    if name is None:
        return None
    terms = source.by_type["VESTING_TERMS"].get(name)
    if terms is None:
        known = sorted(source.by_type["VESTING_TERMS"])
        raise InputError("unknown_name", f"{named(item)} vesting_terms_id", name, f"in {known}")
    return vesting_of(terms, source.starts.get(item.get("security_id"), date_of(item)))


def _options_exercised(source: Source, item: Item) -> None:
    grant = source.security(item)
    strike = number_of(grant, "exercise_price", "amount")
    event = OptionsExercised(date_of(item), source.holder(grant), whole_number_of(item, "quantity"), strike)
    source.add(event)


def _options_cancelled(source: Source, item: Item) -> None:
    """Everything that a holder lost that day, which must be what leaving costs."""
    day, holder = date_of(item), source.holder(source.security(item))
    together = [
        one
        for kind in ("TX_EQUITY_COMPENSATION_CANCELLATION", "TX_PLAN_SECURITY_CANCELLATION")
        for one in source.by_type[kind].values()
        if date_of(one) == day and source.holder(source.security(one)) == holder
    ]
    if str(item["id"]) in source.done:
        return
    source.done |= {str(one["id"]) for one in together}
    for one in together:
        plan = source.by_type["STOCK_PLAN"].get(str(source.security(one).get("stock_plan_id")), {})
        behavior = plan.get("default_cancellation_behavior", "RETURN_TO_POOL")
        if behavior != "RETURN_TO_POOL":
            place = f"{named(plan)} default_cancellation_behavior"
            raise InputError("unknown_name", place, behavior, "RETURN_TO_POOL")
    lost = sum(whole_number_of(one, "quantity") for one in together)
    before = _options_of(source.table, holder)
    for event in (OptionsLapsed(day, holder), OptionsLapsed(day, holder, keeps_vested=False)):
        if before and before - _options_of(apply(source.table, event), holder) == lost:
            source.add(event)
            return
    expected = f"all options of {holder} that have not vested, or all of them"
    raise InputError("contradiction", f"{named(item)} quantity", lost, expected)


def _transferred(source: Source, item: Item) -> None:
    sold = source.security(item)
    seller, security = source.holder(sold), source.class_name(sold)
    for one in source.results(item):
        if source.holder(one) != seller:
            if source.class_name(one) != security:
                raise InputError("contradiction", f"{named(one)} stock_class_id", source.class_name(one), security)
            shares = whole_number_of(one, "quantity")
            source.add(SecondarySale(date_of(item), seller, source.holder(one), shares, Fraction(0), security))
            source.notes.append("transfers: their price is not in OCF; read as 0")


def _split(source: Source, item: Item) -> None:
    """One split of everything: all classes that stand, no options or warrants, and the plans set to what is left."""
    day, ratio = date_of(item), split_ratio(item)
    together = [one for one in source.by_type["TX_STOCK_CLASS_SPLIT"].values() if date_of(one) == day]
    if str(item["id"]) in source.done:
        return
    source.done |= {str(one["id"]) for one in together}
    split = {source.class_name(one) for one in together if split_ratio(one) == ratio}
    standing = {one.security for one in source.table.holdings}
    pools = {plan: math.floor(count * ratio) for plan, count in source.reserved.items()}
    adjusted = {
        one.get("stock_plan_id"): whole_number_of(one, "shares_reserved")
        for one in source.by_type["TX_STOCK_PLAN_POOL_ADJUSTMENT"].values()
        if date_of(one) == day
    }
    if not standing <= split or source.table.warrants or any(adjusted.get(plan) != n for plan, n in pools.items()):
        expected = f"the same ratio for {sorted(standing)} and shares_reserved {pools}; no options or warrants"
        raise InputError("contradiction", f"{named(item)} split_ratio", str(ratio), expected)
    source.reserved.update(pools)
    source.add(Split(day, ratio.numerator, ratio.denominator))


def _warrant_issued(source: Source, item: Item) -> None:
    rights = [(one.get("conversion_right") or {}) for one in item.get("exercise_triggers") or []]
    classes = {one.get("converts_to_stock_class_id") for one in rights}
    if len(classes) != 1 or not classes <= set(source.names):
        raise InputError(
            "contradiction", f"{named(item)} exercise_triggers", sorted(map(str, classes)), "one stock class"
        )
    expires = date_of(item, "warrant_expiration_date") if item.get("warrant_expiration_date") else None
    shares, strike = whole_number_of(item, "quantity"), number_of(item, "exercise_price", "amount")
    security = source.names[str(classes.pop())]
    source.add(WarrantIssued(date_of(item), source.holder(item), shares, strike, security, expires))


def _warrant_exercised(source: Source, item: Item) -> None:
    warrant = source.security(item)
    holder, shares = source.holder(warrant), whole_number_of(warrant, "quantity")
    first = next((one for one in source.table.warrants if one.holder == holder), None)
    strike = number_of(warrant, "exercise_price", "amount")
    got = sum(whole_number_of(one, "quantity") for one in source.results(item))
    if first is None or (first.shares, first.strike) != (shares, strike) or not 0 < got <= shares:
        expected = f"the earliest warrant of {holder}, for at most its shares"
        raise InputError("contradiction", f"{named(item)} security_id", item["security_id"], expected)
    # The value of a share at which the gain buys just these shares.
    value = None if got == shares else strike / (1 - Fraction(got, shares))
    source.add(WarrantExercised(date_of(item), holder, value))


def _convertible_issued(source: Source, item: Item) -> None:
    if item.get("security_id") in source.converted:
        source.notes.append("SAFEs and notes that the package converts are read as the stock they became")
        return
    source.add(convertible_of(item, source.holder(item)))


def _convertible_cancelled(source: Source, item: Item) -> None:
    holder, day = source.holder(source.security(item)), date_of(item)
    together = [
        str(one["id"])
        for one in source.by_type["TX_CONVERTIBLE_CANCELLATION"].values()
        if date_of(one) == day and source.holder(source.security(one)) == holder
    ]
    if str(item["id"]) in source.done:
        return
    source.done |= set(together)
    notes = [one for one in source.table.notes if one.holder == holder]
    is_note = source.security(item).get("convertible_type") == "NOTE"
    if not is_note or len(notes) != len(together) or item.get("balance_security_id"):
        expected = f"all notes of {holder}, whole; no SAFE"
        raise InputError("contradiction", f"{named(item)} security_id", item.get("security_id"), expected)
    source.add(NotesRepaid(day, holder))


def _nothing(source: Source, item: Item) -> None:
    """What another transaction of the package is about."""


_READERS: dict[str, Callable[[Source, Item], None]] = {
    "TX_STOCK_CLASS_SPLIT": _split,
    "TX_STOCK_ISSUANCE": _stock_issued,
    "TX_STOCK_PLAN_POOL_ADJUSTMENT": _pool_set,
    "TX_EQUITY_COMPENSATION_ISSUANCE": _options_granted,
    "TX_PLAN_SECURITY_ISSUANCE": _options_granted,
    "TX_WARRANT_ISSUANCE": _warrant_issued,
    "TX_CONVERTIBLE_ISSUANCE": _convertible_issued,
    "TX_EQUITY_COMPENSATION_EXERCISE": _options_exercised,
    "TX_PLAN_SECURITY_EXERCISE": _options_exercised,
    "TX_WARRANT_EXERCISE": _warrant_exercised,
    "TX_STOCK_TRANSFER": _transferred,
    "TX_CONVERTIBLE_CANCELLATION": _convertible_cancelled,
    "TX_EQUITY_COMPENSATION_CANCELLATION": _options_cancelled,
    "TX_PLAN_SECURITY_CANCELLATION": _options_cancelled,
    "TX_CONVERTIBLE_CONVERSION": _nothing,
    "TX_STOCK_CONSOLIDATION": _nothing,
}
"""By type, in the order in which those of one day are taken; preferred stock comes after the day's common."""


_WRONG_SHAPES = (AttributeError, IndexError, KeyError, TypeError, ZeroDivisionError)
"""What a field of another shape than its schema's comes to: a text for an object, a denominator of 0."""


def _order(source: Source, item: Item) -> tuple[datetime.date, int, bool]:
    kinds = list(_READERS)
    place = kinds.index(kind_of(item)) if kind_of(item) in kinds else -1
    stock_class = source.classes.get(str(item.get("stock_class_id")), {})
    return date_of(item), place, stock_class.get("class_type") == "PREFERRED"


def _check_one_to_one(terms: Item) -> None:
    for right in terms.get("conversion_rights") or ():
        ratio = (right.get("conversion_mechanism") or {}).get("ratio") or {}
        if ratio.get("numerator") != ratio.get("denominator"):
            raise InputError("contradiction", f"{named(terms)} conversion_rights", ratio, "one share of common a share")


def _votes(terms: Item) -> int:
    return 1 if terms.get("votes_per_share") is None else whole_number_of(terms, "votes_per_share")


def _number(terms: Item, key: str) -> Fraction | None:
    return None if terms.get(key) is None else number_of(terms, key)


def _options_of(table: CapTable, holder: str) -> int:
    return sum(one.shares for one in table.grants if one.holder == holder)
