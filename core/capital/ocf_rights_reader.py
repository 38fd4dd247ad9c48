"""Transactions of the Open Cap Format on options, plans, warrants, SAFEs and notes, read as events."""

from fractions import Fraction

from core.capital.cap_table import apply
from core.capital.ocf_convertibles import convertible_of
from core.capital.ocf_package import Item, date_of, named, number_of, text_of, whole_number_of
from core.capital.ocf_remark import Remark
from core.capital.ocf_source import Source, kind_of
from core.capital.ocf_vesting import vesting_of
from core.capital.securities import COMMON, OptionsGranted, PoolIncreased
from core.capital.stock_events import (
    NotesRepaid,
    OptionsCancelled,
    OptionsExercised,
    OptionsLapsed,
    OptionsRepriced,
    PoolReduced,
    WarrantCancelled,
    WarrantExercised,
    WarrantIssued,
)
from core.capital.table import CapTable
from core.capital.terms import Vesting
from core.errors import InputError


def pool_set(source: Source, item: Item) -> None:
    """A plan's new total of shares reserved."""
    plan, reserved = text_of(item, "stock_plan_id"), whole_number_of(item, "shares_reserved")
    change = reserved - source.reserved[plan]
    source.reserved[plan] = reserved
    if change > 0:
        source.add(PoolIncreased(date_of(item), change))
    elif change < 0:
        source.add(PoolReduced(date_of(item), -change))


def options_granted(source: Source, item: Item) -> None:
    kind = text_of(item, "compensation_type")
    if not kind.startswith("OPTION") and kind != "RSU":
        raise InputError(
            "unknown_name", f"{named(item)} compensation_type", kind, "OPTION | OPTION_ISO | OPTION_NSO | RSU"
        )
    if item.get("stock_class_id") is not None and source.class_name(item) != COMMON:
        raise InputError(
            "unknown_name", f"{named(item)} stock_class_id", item["stock_class_id"], "the first common class"
        )
    shares, strike = whole_number_of(item, "quantity"), Fraction(0)
    if kind == "RSU":
        source.notes.append(Remark("restricted stock units are read as options without a strike"))
    else:
        strike = number_of(item, "exercise_price", "amount")
    if item.get("stock_plan_id") is None:
        # Outside a plan no pool is used up.
        source.add(PoolIncreased(date_of(item), shares))
    vesting = vesting_of_security(source, item)
    source.add(OptionsGranted(date_of(item), source.holder(item), shares, strike, vesting))
    source.strikes[text_of(item, "security_id")] = strike


def vesting_of_security(source: Source, item: Item) -> Vesting | None:
    """How an issuance vests; with a note and as vested where that is not in equal months after a cliff."""
    name = item.get("vesting_terms_id")
    found = None
    if name is not None:
        terms = source.by_type["VESTING_TERMS"].get(name)
        if terms is None:
            known = sorted(source.by_type["VESTING_TERMS"])
            raise InputError("unknown_name", f"{named(item)} vesting_terms_id", name, f"in {known}")
        found = vesting_of(terms, source.starts.get(item.get("security_id"), date_of(item)))
    if found is None and (name is not None or item.get("vestings")):
        source.notes.append(
            Remark("vests otherwise than in equal months after a cliff; read as vested", about=named(item))
        )
    if found is not None and item.get("early_exercisable"):
        source.notes.append(Remark("may be exercised before it vests; read as vested", about=named(item)))
        return None
    return found


def _strike_of(source: Source, item: Item) -> Fraction:
    """Of the options or the warrant that a transaction is about, as it stands that day."""
    name = text_of(item, "security_id")
    if name not in source.strikes:
        raise InputError("unknown_name", f"{named(item)} security_id", name, f"in {sorted(source.strikes)}")
    return source.strikes[name]


def options_exercised(source: Source, item: Item) -> None:
    """Options exercised, or stock units released; what was kept back for the price or a tax is cancelled."""
    holder, strike = source.holder(source.security(item)), _strike_of(source, item)
    shares = whole_number_of(item, "quantity")
    results = source.results(item)
    got = sum(whole_number_of(one, "quantity") for one in results) if results else shares
    if not 0 <= got <= shares:
        raise InputError("contradiction", f"{named(item)} quantity", shares, f"{got} <= quantity")
    if got:
        source.add(OptionsExercised(date_of(item), holder, got, strike))
    if got < shares:
        source.notes.append(
            Remark(
                "{shares} kept back are read as cancelled into the pool", (("shares", str(shares - got)),), named(item)
            )
        )
        source.add(OptionsCancelled(date_of(item), holder, shares - got, strike))


def options_repriced(source: Source, item: Item) -> None:
    holder, strike = source.holder(source.security(item)), _strike_of(source, item)
    new = number_of(item, "new_exercise_price", "amount")
    others = [
        name
        for name, other in source.strikes.items()
        if other == strike and name != item["security_id"] and source.holder(source.securities[name]) == holder
    ]
    repriced = {
        one.get("security_id")
        for one in source.by_type["TX_EQUITY_COMPENSATION_REPRICING"].values()
        if date_of(one) == date_of(item) and number_of(one, "new_exercise_price", "amount") == new
    }
    if kind_of(source.securities[item["security_id"]]) == "TX_WARRANT_ISSUANCE" or not set(others) <= repriced:
        expected = f"all options of {holder} at {strike}"
        raise InputError("contradiction", f"{named(item)} security_id", item["security_id"], expected)
    source.add(OptionsRepriced(date_of(item), holder, strike, new))
    for name in (*others, str(item["security_id"])):
        source.strikes[name] = new


def options_cancelled(source: Source, item: Item) -> None:
    """Everything that a holder lost that day: what leaving costs, or so many of each grant."""
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
    source.done -= {str(one["id"]) for one in together}
    source.add(OptionsCancelled(day, holder, whole_number_of(item, "quantity"), _strike_of(source, item)))


def returned_to_pool(source: Source, item: Item) -> None:
    """Stock that came back; cancelled options are in the pool already."""
    security = source.securities.get(text_of(item, "security_id"), {})
    if kind_of(security) == "TX_STOCK_ISSUANCE":
        source.add(PoolIncreased(date_of(item), whole_number_of(item, "quantity")))


def warrant_issued(source: Source, item: Item) -> None:
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
    name = text_of(item, "security_id")
    source.strikes[name], source.warrants[name] = strike, shares


def warrant_exercised(source: Source, item: Item) -> None:
    warrant = _first_warrant(source, item)
    got = sum(whole_number_of(one, "quantity") for one in source.results(item))
    if not 0 < got <= warrant.shares:
        expected = f"1 to {warrant.shares} shares"
        raise InputError("contradiction", f"{named(item)} resulting_security_ids", got, expected)
    # The value of a share at which the gain buys just these shares.
    value = None if got == warrant.shares else warrant.strike / (1 - Fraction(got, warrant.shares))
    source.add(WarrantExercised(date_of(item), warrant.holder, value))


def warrant_cancelled(source: Source, item: Item) -> None:
    warrant = _first_warrant(source, item)
    if whole_number_of(item, "quantity") != warrant.shares:
        raise InputError("contradiction", f"{named(item)} quantity", item["quantity"], f"all {warrant.shares}")
    source.add(WarrantCancelled(date_of(item), warrant.holder))


def _first_warrant(source: Source, item: Item) -> WarrantIssued:
    """The warrant of a transaction, which must be the earliest of its holder, as events end that one first."""
    holder, strike = source.holder(source.security(item)), _strike_of(source, item)
    first = next((one for one in source.table.warrants if one.holder == holder), None)
    if first is None or (first.shares, first.strike) != (source.warrants.get(item["security_id"]), strike):
        raise InputError(
            "contradiction", f"{named(item)} security_id", item["security_id"], f"the earliest warrant of {holder}"
        )
    return first


def convertible_issued(source: Source, item: Item) -> None:
    if item.get("security_id") in source.converted:
        source.notes.append(Remark("SAFEs and notes that the package converts are read as the stock they became"))
        return
    source.add(convertible_of(item, source.holder(item)))


def convertible_converted(_: Source, item: Item) -> None:
    """The issuance of the stock it resulted in is read."""
    if not item.get("resulting_security_ids"):
        raise InputError("missing", f"{named(item)} resulting_security_ids", None, "the stock it became")


def convertible_cancelled(source: Source, item: Item) -> None:
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


def _options_of(table: CapTable, holder: str) -> int:
    return sum(one.shares for one in table.grants if one.holder == holder)
