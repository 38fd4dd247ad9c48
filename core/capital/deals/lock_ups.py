"""Lock-ups of an offering: how many shares come out when, against the shares that trade already."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from core.capital.checks import check_name, check_whole


@dataclass(frozen=True)
class LockUp:
    """Shares that may not be sold for so many days after the pricing or, in Hong Kong, the listing."""

    holder: str
    shares: int
    days: int

    def __post_init__(self) -> None:
        check_name(self, "holder")
        check_whole(self, "shares", 1)
        check_whole(self, "days", 1)


@dataclass(frozen=True)
class Release:
    """Shares that come out of lock-up on one day, all holders together."""

    days: int
    date: datetime.date | None
    shares: int
    released_so_far: int
    times_float: Fraction
    days_of_volume: Fraction | None
    value: Fraction


def releases(
    lock_ups: Sequence[LockUp],
    float_shares: int,
    price: Fraction,
    start: datetime.date | None = None,
    daily_volume: int | None = None,
) -> tuple[Release, ...]:
    """One row a day of release, earliest first; `price` values the shares."""
    rows: list[Release] = []
    for days in sorted({one.days for one in lock_ups}):
        shares = sum(one.shares for one in lock_ups if one.days == days)
        rows.append(
            Release(
                days=days,
                date=None if start is None else start + datetime.timedelta(days=days),
                shares=shares,
                released_so_far=shares + (rows[-1].released_so_far if rows else 0),
                times_float=Fraction(shares, float_shares),
                days_of_volume=None if daily_volume is None else Fraction(shares, daily_volume),
                value=shares * price,
            )
        )
    return tuple(rows)
