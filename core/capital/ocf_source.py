"""The objects of a package of the Open Cap Format as they are read, and the table that their events make so far."""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any

from core.capital.cap_table import apply
from core.capital.ocf_package import Item, date_of, named, number_of, text_of, whole_number_of
from core.capital.ocf_remark import Remark
from core.capital.securities import COMMON, OPTIONS, Event
from core.capital.table import EMPTY
from core.errors import InputError
from core.host_limits import host_limits

IGNORED = (
    "STAKEHOLDER", "STOCK_CLASS", "STOCK_PLAN", "VESTING_TERMS", "VALUATION", "STOCK_LEGEND_TEMPLATE", "DOCUMENT",
    "FINANCING", "ISSUER", "CE_STAKEHOLDER_RELATIONSHIP", "CE_STAKEHOLDER_STATUS", "TX_VESTING_START",
    "TX_VESTING_EVENT", "TX_VESTING_ACCELERATION",
    "TX_ISSUER_AUTHORIZED_SHARES_ADJUSTMENT", "TX_STOCK_CLASS_AUTHORIZED_SHARES_ADJUSTMENT",
    "TX_STOCK_ACCEPTANCE", "TX_CONVERTIBLE_ACCEPTANCE", "TX_WARRANT_ACCEPTANCE", "TX_PLAN_SECURITY_ACCEPTANCE",
    "TX_EQUITY_COMPENSATION_ACCEPTANCE",
)  # fmt: skip
"""Objects that change nobody's shares by themselves; what is needed of them is looked up."""

ISSUANCES = (
    "TX_STOCK_ISSUANCE", "TX_CONVERTIBLE_ISSUANCE", "TX_WARRANT_ISSUANCE", "TX_EQUITY_COMPENSATION_ISSUANCE",
    "TX_PLAN_SECURITY_ISSUANCE",
)  # fmt: skip


class Source:
    """The objects of the package by id, the events so far and the table that they make."""

    def __init__(self, items: list[Item]) -> None:
        by_type: defaultdict[str, dict[str, Item]] = defaultdict(dict)
        for item in items:
            kind, name = kind_of(item), str(item.get("id"))
            if name in by_type[kind]:
                raise InputError("duplicate_name", named(item), name, "each id once")
            by_type[kind][name] = item
        self.by_type = by_type
        currencies = set(_currencies(items))
        if len(currencies) > 1:
            # Amounts are added up.
            raise InputError("contradiction", "files currency", sorted(currencies), "one currency")
        self.holders = {key: _legal_name(one) for key, one in by_type["STAKEHOLDER"].items()}
        if len(set(self.holders.values())) < len(self.holders):
            names = sorted(self.holders.values())
            raise InputError("duplicate_name", "STAKEHOLDER name.legal_name", names, "each legal name once")
        self.classes = by_type["STOCK_CLASS"]
        common = [one for one in self.classes.values() if one.get("class_type") == "COMMON"]
        self.names = {key: text_of(one, "name") for key, one in self.classes.items()}
        if common and COMMON not in self.names.values():
            # Events exercise options into "common": it is the first class of common stock, if none is named so.
            self.names[str(common[0]["id"])] = COMMON
        self.securities = {
            one["security_id"]: one for one in items if kind_of(one) in ISSUANCES and "security_id" in one
        }
        self.starts = {one.get("security_id"): date_of(one) for one in by_type["TX_VESTING_START"].values()}
        self.resulting = {name: one for one in items for name in _resulting(one)}
        self.converted = {one.get("security_id") for one in by_type["TX_CONVERTIBLE_CONVERSION"].values()}
        self.reserves = _reserves(by_type["STOCK_PLAN"], items)
        self.transactions = [one for one in items if kind_of(one) not in IGNORED]
        self.reserved: defaultdict[str, int] = defaultdict(int)
        self.done: set[str] = set()
        self.events: list[Event] = []
        self.notes: list[Remark] = list(_unread_vesting(by_type))
        self.table = EMPTY
        self.open: dict[str, int] = {}
        """Shares of each security of stock that is open."""
        self.strikes: dict[str, Fraction] = {}
        """Of each option and warrant, as splits and repricing leave it."""
        self.warrants: dict[str, int] = {}
        """Shares of each warrant, as splits leave them."""

    def add(self, event: Event) -> None:
        """Take the event up if it fits the table."""
        most = host_limits().document_objects
        if len(self.events) >= most:
            raise InputError("too_large", "files", f"> {most} events", f"events <= {most}")
        self.table = apply(self.table, event)
        self.events.append(event)

    def holder(self, item: Item) -> str:
        name = text_of(item, "stakeholder_id")
        if name not in self.holders:
            raise InputError("unknown_name", f"{named(item)} stakeholder_id", name, f"in {sorted(self.holders)}")
        return self.holders[name]

    def stock_class(self, item: Item) -> Item:
        name = text_of(item, "stock_class_id")
        if name not in self.classes:
            raise InputError("unknown_name", f"{named(item)} stock_class_id", name, f"in {sorted(self.classes)}")
        return self.classes[name]

    def class_name(self, item: Item) -> str:
        return self.names[str(self.stock_class(item)["id"])]

    def security(self, item: Item) -> Item:
        """The issuance of the security that a transaction is about."""
        name = text_of(item, "security_id")
        if name not in self.securities:
            raise InputError("unknown_name", f"{named(item)} security_id", name, "the security_id of an issuance")
        return self.securities[name]

    def results(self, item: Item) -> list[Item]:
        """The issuances of stock that a transaction results in."""
        return [self.security({**item, "security_id": name}) for name in item.get("resulting_security_ids") or ()]

    def opened(self, item: Item) -> None:
        """A security of stock is issued."""
        self.open[text_of(item, "security_id")] = whole_number_of(item, "quantity")

    def closed(self, item: Item, *, field: str | None = "quantity") -> int:
        """How many shares leave the security; where a balance is issued or no field says it, all that were open."""
        name = text_of(item, "security_id")
        left = self.open.pop(name, 0)
        gone = left if field is None else whole_number_of(item, field)
        if not 0 < gone <= left:
            raise InputError("contradiction", f"{named(item)} {field or 'security_id'}", gone, f"0 < {field} <= {left}")
        if gone < left and not item.get("balance_security_id"):
            self.open[name] = left - gone
        return gone

    def split(self, ratio: Fraction) -> None:
        """All quantities and prices that were stated before."""
        self.open = {name: math.floor(shares * ratio) for name, shares in self.open.items()}
        self.warrants = {name: math.floor(shares * ratio) for name, shares in self.warrants.items()}
        self.strikes = {name: strike / ratio for name, strike in self.strikes.items()}

    def check_stock(self) -> None:
        """The package's open securities, added up, must be the table's holdings."""
        counted: defaultdict[tuple[str, str], int] = defaultdict(int)
        for name, shares in self.open.items():
            security = self.securities[name]
            counted[self.holder(security), self.class_name(security)] += shares
        held = {(one.holder, one.security): one.shares for one in self.table.holdings if one.security != OPTIONS}
        for key in {*counted, *held}:
            if counted[key] != held.get(key, 0):
                place = f"TX_STOCK_ISSUANCE quantity of {key[0]}, {key[1]}"
                raise InputError(
                    "contradiction", place, counted[key], f"{held.get(key, 0)}, as the transactions add up"
                )


def kind_of(item: Item) -> str:
    return str(item.get("object_type", ""))


def without_retracted(items: Iterable[Item]) -> list[Item]:
    """A retracted security never was."""
    items = list(items)
    retracted = {one.get("security_id") for one in items if kind_of(one).endswith("_RETRACTION")}
    return [one for one in items if one.get("security_id") is None or one.get("security_id") not in retracted]


def split_ratio(item: Item) -> Fraction:
    return number_of(item, "split_ratio", "numerator") / number_of(item, "split_ratio", "denominator")


def _currencies(value: Any) -> Iterator[str]:
    """Every currency that stands anywhere in the objects."""
    if isinstance(value, dict):
        if "currency" in value:
            yield str(value["currency"])
        value = list(value.values())
    for one in value if isinstance(value, list) else ():
        yield from _currencies(one)


def _unread_vesting(by_type: Mapping[str, Mapping[str, Item]]) -> Iterator[Remark]:
    for kind in ("TX_VESTING_EVENT", "TX_VESTING_ACCELERATION"):
        if by_type.get(kind):
            yield Remark(
                "{count} {kind} are left out: what has vested is read from schedules alone",
                (("count", str(len(by_type[kind]))), ("kind", kind)),
            )


def _legal_name(item: Item) -> str:
    name = item.get("name")
    return text_of(name if isinstance(name, dict) else item, "legal_name").strip()


def _resulting(item: Item) -> list[str]:
    single = (item.get("balance_security_id"), item.get("resulting_security_id"))
    return [*(item.get("resulting_security_ids") or ()), *(one for one in single if one)]


def _reserves(plans: Mapping[str, Item], items: Iterable[Item]) -> list[Item]:
    """Each plan's first reserve as a transaction, on the day of its approval but not before the company has stock."""
    days = [date_of(one) for one in items if kind_of(one) == "TX_STOCK_ISSUANCE"]
    if not days:
        raise InputError("missing", "TX_STOCK_ISSUANCE", None, "stock, first issued to the founders")
    reserves = []
    for name, plan in plans.items():
        approved = date_of(plan, "board_approval_date") if plan.get("board_approval_date") else min(days)
        content = {"stock_plan_id": name, "shares_reserved": plan.get("initial_shares_reserved")}
        day = max(approved, min(days)).isoformat()
        reserves.append({"object_type": "TX_STOCK_PLAN_POOL_ADJUSTMENT", "id": name, "date": day, **content})
    return reserves
