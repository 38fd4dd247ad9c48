"""What a company's published financings imply: step-ups, months between them, money raised, dilution, the striking one.

Amounts of several currencies are compared in US dollars, each at the rate of its own day; of one currency, in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Literal

from core.capital.histories import RAISES, raised_usd
from core.capital.published_financing import PublishedFinancing

History = Sequence[PublishedFinancing]
Striking = Literal["sold", "fell", "first_day", "borrowed", "grew", "raised"]

DAYS_PER_MONTH = 365.25 / 12
LOANS = frozenset({"debt", "convertible"})
ENDS = frozenset({"licence_and_hire", "acquisition"})
DEEP_FALL = 0.6  # of the last valuation, and below
HIGH_FIRST_DAY = 0.5  # return of the first day, and above
MOSTLY_BORROWED = 0.5  # of the money raised, and above


@dataclass(frozen=True)
class Step:
    """From one published valuation to the next.

    times: the company before the new money over what it was worth after the last; months: between the two events
    """

    before: PublishedFinancing
    after: PublishedFinancing
    times: float
    months: float


@dataclass(frozen=True)
class Raised:
    """Money that reached the company, in US dollars; none of what holders got.

    lent: loans, bonds and notes, also those that may convert; tied_to_compute: of events in which some came as
    computing or the company buys computing of the investor, whole; undivided: of events that paid holders too, by a
    part that was not published, whole
    """

    for_shares: float
    lent: float
    tied_to_compute: float
    undivided: float

    @property
    def total(self) -> float:
        return self.for_shares + self.lent


@dataclass(frozen=True)
class Dilution:
    """What new shares left of the company to those who held it before the first priced event.

    sold: each priced event with the part of the company that its new shares were, and what the first holders kept
    unpriced: events whose new shares, or those that notes convert into, have no published price: not in `kept`, which
        is therefore the most that they can have
    """

    sold: tuple[tuple[PublishedFinancing, float, float], ...]
    unpriced: int

    @property
    def kept(self) -> float:
        return self.sold[-1][2] if self.sold else 1.0


@dataclass(frozen=True)
class Fact:
    """The most striking thing in a history.

    event: the sale or the listing it is about; step: the fall, the growth from the first to the last valuation, or the
    price of a sale beside the last valuation; None where the kind has none
    """

    kind: Striking
    event: PublishedFinancing | None = None
    step: Step | None = None


def striking(history: History) -> Fact:
    """A sale, else the deepest fall, else a first day, else a mountain of debt, else growth, else the money raised."""
    between = steps(history)
    last = history[-1]
    if last.instrument in ENDS:
        before = [row for row in history if row.post_money is not None]
        return Fact("sold", last, _step(before[-1], last, last.amount) if before else None)
    fall = min(between, key=lambda one: one.times, default=None)
    if fall is not None and fall.times <= DEEP_FALL:
        return Fact("fell", fall.after, fall)
    first_days = [row for row in history if (row.first_day_return or 0.0) >= HIGH_FIRST_DAY]
    if first_days:
        return Fact("first_day", first_days[-1])
    money = raised(history)
    if money.lent > MOSTLY_BORROWED * money.total:
        return Fact("borrowed")
    if between:
        first, newest = between[0].before, between[-1].after
        return Fact("grew", newest, _step(first, newest, valuation(newest)))
    return Fact("raised")


def valuation(row: PublishedFinancing) -> float | None:
    """The whole company after the event, in the event's currency: post-money, or the price that was paid for all."""
    return row.amount if row.instrument == "acquisition" else row.post_money


def valuation_usd(row: PublishedFinancing) -> float | None:
    """The same in US dollars."""
    value = valuation(row)
    return None if value is None else value * row.usd_per_unit


def steps(history: History) -> tuple[Step, ...]:
    """From each published valuation to the next; events without one are passed over."""
    valued = [row for row in history if valuation(row) is not None]
    return tuple(
        _step(before, after, valuation(after) if after.pre_money is None else after.pre_money)
        for before, after in pairwise(valued)
    )


def median_months(between: Sequence[Step]) -> float | None:
    """The median time from one valuation to the next; None without two."""
    return median(one.months for one in between) if between else None


def raised(history: History) -> Raised:
    """All money that reached the company."""
    came = [row for row in history if row.instrument in RAISES]
    return Raised(
        for_shares=sum(raised_usd(row) for row in came if row.instrument not in LOANS),
        lent=sum(raised_usd(row) for row in came if row.instrument in LOANS),
        tied_to_compute=sum(raised_usd(row) for row in came if row.compute is not None),
        undivided=sum(raised_usd(row) for row in came if row.primary_amount is None),
    )


def dilution(history: History) -> Dilution:
    """New shares by event, as new money over the post-money valuation, and what they left of the first holders."""
    kept, sold, unpriced = 1.0, [], 0
    for row in history:
        if row.instrument in {"debt", "tender", *ENDS}:
            continue
        if row.post_money is None or row.primary_amount is None:
            unpriced += 1
            continue
        part = row.primary_amount / row.post_money
        kept *= 1 - part
        sold.append((row, part, kept))
    return Dilution(tuple(sold), unpriced)


def _step(before: PublishedFinancing, after: PublishedFinancing, value: float | None) -> Step:
    was = valuation(before)
    assert value is not None, "only events with a valuation are compared"
    assert was, "a published valuation is above zero"
    rates = 1.0 if before.currency == after.currency else after.usd_per_unit / before.usd_per_unit
    return Step(before, after, value / was * rates, (after.date - before.date).days / DAYS_PER_MONTH)
