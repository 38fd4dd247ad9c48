"""The objects of a package of the Open Cap Format as they are written, and which securities are open."""

import datetime
import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from core.capital.event_files import kind_of
from core.capital.notes import Convertible
from core.capital.ocf_package import Item, decimal, fits
from core.capital.securities import COMMON, Event
from core.capital.stock_events import WarrantIssued
from core.capital.table import EMPTY, CapTable

CURRENCY = "USD"
PLAN = "stock-plan"


@dataclass(frozen=True)
class Stock:
    """An open security of stock: its id, how many shares, and at which price they were issued."""

    name: str
    shares: int
    price: Fraction


def money(amount: Fraction) -> Item:
    """An amount as OCF has it."""
    return {"amount": decimal(amount), "currency": CURRENCY}


class Register:
    """The objects of the package so far, and what is still open of each holder's securities."""

    def __init__(self) -> None:
        self.turn_to(0, Event(datetime.date.min), EMPTY, EMPTY)
        self.notes: list[str] = []
        self.lists: dict[str, list[Item]] = {
            "stakeholders": [], "stock_classes": [], "stock_plans": [], "vesting_terms": [], "transactions": []
        }  # fmt: skip
        self.stock: dict[tuple[str, str], list[Stock]] = {}
        self.grants: list[str] = []
        self.warrants: list[str | None] = []
        self.convertibles: list[tuple[Convertible, str]] = []
        self.reserved = 0

    def turn_to(self, number: int, event: Event, before: CapTable, after: CapTable) -> None:
        """Write the next event."""
        self.number, self.event, self.before, self.after = number, event, before, after

    def close_expired_warrants(self) -> None:
        """Keep one id for each warrant that is still on the table, in its order."""
        stood = [*self.before.warrants, *([self.event] if isinstance(self.event, WarrantIssued) else [])]
        self.warrants = [
            name
            for name, warrant in zip(self.warrants, stood, strict=True)
            if name is not None and (warrant.expires is None or warrant.expires >= self.event.date)
        ]

    def note(self, text: str) -> None:
        self.notes.append(f"event {self.number} ({kind_of(self.event)}): {text}")

    def transaction(self, kind: str, **content: Any) -> None:
        item = {"object_type": kind, "id": f"tx-{len(self.lists['transactions']) + 1}"}
        self.lists["transactions"].append({**item, "date": self.event.date.isoformat(), **content})

    def security(self, kind: str, holder: str, letters: str, **content: Any) -> str:
        """An issuance; returns the id of the security."""
        name = f"{letters}-{sum(one['object_type'] == kind for one in self.lists['transactions']) + 1}"
        common = {"security_id": name, "custom_id": name, "stakeholder_id": self.stakeholder(holder)}
        self.transaction(kind, **common, security_law_exemptions=[], **content)
        return name

    def stakeholder(self, holder: str) -> str:
        known = self.lists["stakeholders"]
        for one in known:
            if one["name"]["legal_name"] == holder:
                return str(one["id"])
        # Nobody said whether a holder is a person.
        content = {"name": {"legal_name": holder}, "stakeholder_type": "INSTITUTION"}
        known.append({"object_type": "STAKEHOLDER", "id": f"stakeholder-{len(known) + 1}", **content})
        return str(known[-1]["id"])

    def stock_class(self, name: str, **terms: Any) -> str:
        """The id of the class, which is made with these terms if it is new."""
        known = self.lists["stock_classes"]
        for one in known:
            if one["name"] == name:
                return str(one["id"])
        letters = re.sub(r"[^a-z0-9]+", "-", name.lower())
        defaults = {"class_type": "COMMON", "initial_shares_authorized": "UNLIMITED", "votes_per_share": "1"}
        content = {"name": name, "default_id_prefix": f"{letters}-", "seniority": "0", **defaults, **terms}
        known.append({"object_type": "STOCK_CLASS", "id": f"class-{len(known) + 1}", **content})
        return str(known[-1]["id"])

    def issue(self, holder: str, security: str, shares: int, price: Fraction) -> str:
        if not fits(price):
            self.note(f"the price of {security}, {price}, is written to ten places")
        name = self.security(
            "TX_STOCK_ISSUANCE",
            holder,
            "stock",
            stock_class_id=self.stock_class(security),
            share_price=money(price),
            quantity=str(shares),
            stock_legend_ids=[],
        )
        self.stock.setdefault((holder, security), []).append(Stock(name, shares, price))
        return name

    def take(self, holder: str, security: str, shares: int) -> list[Stock]:
        """The holder's securities that so many shares come out of, the earliest first; the last perhaps in part."""
        taken, held = [], self.stock[holder, security]
        while shares > 0:
            taken.append(held.pop(0))
            shares -= taken[-1].shares
        return taken

    def balance(self, holder: str, security: str, stock: Stock, taken: int) -> Item:
        """The security that holds what is left of one of which a part was taken, as a field of the transaction."""
        if taken == stock.shares:
            return {}
        return {"balance_security_id": self.issue(holder, security, stock.shares - taken, stock.price)}

    def reserve(self, increase: int) -> None:
        if not increase:
            return
        self.reserved += increase
        if self.lists["stock_plans"]:
            self.transaction("TX_STOCK_PLAN_POOL_ADJUSTMENT", stock_plan_id=PLAN, shares_reserved=str(self.reserved))
            return
        content = {"plan_name": "Stock plan", "board_approval_date": self.event.date.isoformat()}
        content |= {"initial_shares_reserved": str(self.reserved), "default_cancellation_behavior": "RETURN_TO_POOL"}
        plan = {"object_type": "STOCK_PLAN", "id": PLAN, **content, "stock_class_ids": [self.stock_class(COMMON)]}
        self.lists["stock_plans"].append(plan)
