"""What a provider of money earns: the rate of return of dated flows (XIRR) and the multiple on money (MOIC)."""

from collections.abc import Sequence
from datetime import date

import pyxirr


def xirr(flows: Sequence[tuple[date, float]]) -> float | None:
    """The yearly rate at which the flows' present values sum to zero; None where money only goes one way.

    Days count by 365, as in Excel's XIRR. An investment's flows change sign once, so there is one rate; those of
    several investors together may change it more often, and the rate is then the first that is found.
    """
    amounts = [amount for _, amount in flows]
    if not (any(amount > 0 for amount in amounts) and any(amount < 0 for amount in amounts)):
        return None
    rate = pyxirr.xirr([day for day, _ in flows], amounts)
    return None if rate is None else float(rate)


def multiple_on_invested_capital(flows: Sequence[tuple[date, float]]) -> float | None:
    """Money back / money in (MOIC); None where nothing was put in."""
    invested = -sum(amount for _, amount in flows if amount < 0)
    returned = sum(amount for _, amount in flows if amount > 0)
    return returned / invested if invested else None
