"""The objects of a package of the Open Cap Format as they are written, and which securities are open."""

import datetime
import re
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from core.capital.event_files import kind_of
from core.capital.notes import Convertible
from core.capital.ocf_package import Item, as_written, money
from core.capital.ocf_remark import Remark
from core.capital.ocf_vesting import vesting_id, vesting_terms
from core.capital.securities import COMMON, Event
from core.capital.stock_events import WarrantIssued
from core.capital.table import EMPTY, CapTable
from core.capital.terms import Vesting

PLAN = "stock-plan"


@dataclass(frozen=True)
class Stock:
    """An open security of stock: its id, how many shares, at which price they were issued, and how they vest."""

    name: str
    shares: int
    price: Fraction
    vesting: Vesting | None = None


class Register:
    """The objects of the package so far, and what is still open of each holder's securities."""

    def __init__(self) -> None:
        self.turn_to(0, Event(datetime.date.min), EMPTY, EMPTY)
        self.notes: list[Remark] = []
        self.lists: dict[str, list[Item]] = {
            "stakeholders": [], "stock_classes": [], "stock_plans": [], "vesting_terms": [], "transactions": []
        }  # fmt: skip
        self.stock: dict[tuple[str, str], list[Stock]] = {}
        self.grants: list[str] = []
        self.warrants: list[tuple[WarrantIssued, str]] = []
        self.convertibles: list[tuple[Convertible, str]] = []
        self.reserved = 0

    def turn_to(self, number: int, event: Event, before: CapTable, after: CapTable) -> None:
        """Write the next event."""
        self.number, self.event, self.before, self.after = number, event, before, after

    def keep_open_warrants(self) -> None:
        """One id for each warrant that is still on the table, in its order; a split or a conversion changes its terms.

        An exercise takes the earliest of a holder, and all else that ends leaves no other of the same day and expiry.
        """
        known, kept = list(self.warrants), []
        for warrant in reversed(self.after.warrants):
            same = (warrant.date, warrant.holder, warrant.expires)
            at = max(at for at, (one, _) in enumerate(known) if (one.date, one.holder, one.expires) == same)
            kept.append((warrant, known[at][1]))
            known = known[:at]
        self.warrants = kept[::-1]

    def note(self, remark: Remark) -> None:
        """Keep what of the event that is being written has no place in the package."""
        self.notes.append(replace(remark, about=kind_of(self.event), event=self.number))

    def transaction(self, kind: str, **content: Any) -> None:
        item = {"object_type": kind, "id": f"tx-{len(self.lists['transactions']) + 1}"}
        self.lists["transactions"].append(as_written({**item, "date": self.event.date.isoformat(), **content}))

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
        known.append(as_written({"object_type": "STOCK_CLASS", "id": f"class-{len(known) + 1}", **content}))
        return str(known[-1]["id"])

    def issue(
        self,
        holder: str,
        security: str,
        shares: int,
        price: Fraction,
        *,
        paid: Fraction | None = None,
        vesting: Vesting | None = None,
    ) -> str:
        """Stock. paid: in all, where that is not the price of the whole shares."""
        content: Item = {} if paid is None else {"cost_basis": money(paid)}
        if vesting is not None:
            content["vesting_terms_id"] = vesting_id(vesting)
        name = self.security(
            "TX_STOCK_ISSUANCE",
            holder,
            "stock",
            stock_class_id=self.stock_class(security),
            share_price=money(price),
            quantity=str(shares),
            stock_legend_ids=[],
            **content,
        )
        if vesting is not None:
            self.vests(name, vesting)
        self.stock.setdefault((holder, security), []).append(Stock(name, shares, price, vesting))
        return name

    def vests(self, security: str, vesting: Vesting) -> None:
        """The terms and the start of a security's vesting."""
        terms = vesting_terms(vesting)
        if terms not in self.lists["vesting_terms"]:
            self.lists["vesting_terms"].append(terms)
        self.transaction("TX_VESTING_START", security_id=security, vesting_condition_id="start")
        self.lists["transactions"][-1]["date"] = vesting.start.isoformat()

    def take(self, holder: str, security: str, shares: int, last: bool = False) -> list[tuple[Stock, int]]:
        """The holder's securities that so many shares come out of, and how many of each.

        The earliest of those that do not vest go first; last: of those that vest the latest goes first
        """
        held = self.stock.get((holder, security), [])
        order = sorted(held, key=lambda one: one.vesting is not None)
        taken = []
        for one in reversed(order) if last else order:
            if shares:
                taken.append((one, min(shares, one.shares)))
                held.remove(one)
                shares -= taken[-1][1]
        return taken

    def balance(self, holder: str, security: str, stock: Stock, taken: int) -> Item:
        """The security that holds what is left of one of which a part was taken, as a field of the transaction."""
        if taken == stock.shares:
            return {}
        left = stock.shares - taken
        return {"balance_security_id": self.issue(holder, security, left, stock.price, vesting=stock.vesting)}

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
