"""Who decides: votes by class, who fills the seats of the board, and whose consent an event needs.

Common has the votes of its class, preferred stock those of the common it converts into, in whole shares (NVCA model
charter); options, warrants, SAFEs and notes have none. Protective provisions follow the model charter's list: acts that
need the separate consent of some series. They are data, because every charter writes its own.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, get_args

from core.capital.checks import check_all, check_name, settle_if_given
from core.capital.notes import NoteIssued
from core.capital.round_on_table import price_round_on
from core.capital.securities import (
    OPTIONS,
    Event,
    Holding,
    PoolIncreased,
    PricedRound,
    PublicOffering,
    SafeIssued,
    SharesIssued,
)
from core.capital.stock_changes import votes_of_class
from core.capital.stock_events import LaterClosing, Split
from core.capital.table import CapTable
from core.errors import InputError

Act = Literal[
    "issue_stock",
    "issue_equal_or_senior_stock",
    "issue_convertible",
    "borrow",
    "increase_pool",
    "change_rights",
    "split",
    "go_public",
    "sell_company",
]
"""change_rights: a round that takes preferred stock away from those who do not pay."""

ALL_STOCK = "all stock"
HALF = Fraction(1, 2)


@dataclass(frozen=True)
class BoardSeat:
    """A seat that a class, or all stock voting together, elects by a majority of its votes."""

    name: str
    elected_by: str = ALL_STOCK

    def __post_init__(self) -> None:
        check_name(self, "name")
        check_name(self, "elected_by")


@dataclass(frozen=True)
class ProtectiveProvision:
    """Acts that need the consent of the named classes, which vote together.

    at_least: part of their votes that must agree; None means a majority, more than half
    """

    classes: tuple[str, ...]
    acts: tuple[Act, ...]
    at_least: Fraction | None = None

    def __post_init__(self) -> None:
        check_all(self, "classes", str, least=1)
        check_all(self, "acts", str, least=1)
        for act in self.acts:
            if act not in get_args(Act):
                raise InputError("unknown_name", "ProtectiveProvision.acts", act, " | ".join(get_args(Act)))
        settle_if_given(self, "at_least", "0 < at_least <= 1", lambda part: 0 < part <= 1)


@dataclass(frozen=True)
class SeatHeld:
    """Votes for a seat by holder, and who fills it alone; None where no holder has a majority."""

    seat: BoardSeat
    votes: Mapping[str, Fraction]
    filled_by: str | None


@dataclass(frozen=True)
class Consent:
    """A consent that an event needs: for which acts, and the votes of each holder in it."""

    provision: ProtectiveProvision
    acts: tuple[Act, ...]
    votes: Mapping[str, Fraction]

    def given_by(self, holders: Iterable[str]) -> bool:
        """Whether these holders' votes are enough."""
        part = sum((self.votes.get(holder, Fraction(0)) for holder in set(holders)), Fraction(0))
        at_least = self.provision.at_least
        return part > HALF if at_least is None else part >= at_least

    @property
    def can_block(self) -> tuple[str, ...]:
        """Holders without whom it cannot be given."""
        return tuple(one for one in self.votes if not self.given_by(set(self.votes) - {one}))


def votes(table: CapTable, classes: Iterable[str] = ()) -> dict[str, Fraction]:
    """Votes by holder as parts of all votes of these classes; of all stock without any. Empty where nobody votes."""
    wanted = set(classes)
    cast = _cast(table)
    return _parts((one.holder, count) for one, count in cast if not wanted or one.security in wanted)


def votes_by_class(table: CapTable) -> dict[str, Fraction]:
    """Each class's part of all votes."""
    return _parts((one.security, count) for one, count in _cast(table))


def board(table: CapTable, seats: Iterable[BoardSeat]) -> tuple[SeatHeld, ...]:
    """Who can fill each seat with his own votes."""
    held = []
    for seat in seats:
        classes = () if seat.elected_by == ALL_STOCK else (seat.elected_by,)
        _check_classes(table, "BoardSeat.elected_by", classes)
        by_holder = votes(table, classes)
        filled_by = next((holder for holder, part in by_holder.items() if part > HALF), None)
        held.append(SeatHeld(seat, by_holder, filled_by))
    return tuple(held)


def consents_needed(
    table: CapTable, provisions: Iterable[ProtectiveProvision], event: Event | Literal["sell_company"]
) -> tuple[Consent, ...]:
    """The consents without which the event may not happen on this table; () where none is needed."""
    needed = []
    for provision in provisions:
        _check_classes(table, "ProtectiveProvision.classes", provision.classes)
        acts = tuple(act for act in provision.acts if act in _acts(table, event, provision))
        if acts:
            needed.append(Consent(provision, acts, votes(table, provision.classes)))
    return tuple(needed)


def _acts(table: CapTable, event: Event | Literal["sell_company"], provision: ProtectiveProvision) -> set[Act]:
    """What the event is, in the words of a charter, seen from the classes that the provision protects."""
    simple: dict[type, set[Act]] = {
        SharesIssued: {"issue_stock"},
        LaterClosing: {"issue_stock"},
        PoolIncreased: {"increase_pool"},
        SafeIssued: {"issue_convertible"},
        NoteIssued: {"issue_convertible", "borrow"},
        Split: {"split"},
        PublicOffering: {"issue_stock", "go_public"},
    }
    if isinstance(event, str):
        return {event}
    if not isinstance(event, PricedRound):
        return simple.get(type(event), set())
    acts: set[Act] = {"issue_stock"}
    ranks = [one.seniority for one in table.series if one.name in provision.classes]
    if ranks and event.seniority >= min(ranks):
        acts.add("issue_equal_or_senior_stock")
    if price_round_on(table, event).pool_increase:
        acts.add("increase_pool")
    if event.pay_to_play is not None:
        acts.add("change_rights")
    return acts


def _cast(table: CapTable) -> list[tuple[Holding, int]]:
    """The votes of each holding of stock."""
    series = table.by_name
    cast = []
    for one in table.holdings:
        if one.security in series:
            terms = series[one.security]
            cast.append((one, terms.votes_per_share * terms.as_converted(one.shares)))
        elif one.security != OPTIONS:
            cast.append((one, votes_of_class(table, one.security) * one.shares))
    return cast


def _parts(cast: Iterable[tuple[str, int]]) -> dict[str, Fraction]:
    totals: defaultdict[str, int] = defaultdict(int)
    for name, count in cast:
        totals[name] += count
    total = sum(totals.values())
    return {name: Fraction(count, total) for name, count in totals.items()} if total else {}


def _check_classes(table: CapTable, field: str, classes: Iterable[str]) -> None:
    known = {one.security for one in table.holdings} - {OPTIONS}
    for name in classes:
        if name not in known:
            raise InputError("unknown_name", field, name, f"in {sorted(known)}")
