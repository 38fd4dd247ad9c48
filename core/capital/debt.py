"""Term loans: interest only, then equal instalments, with fees at both ends."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Real = float | NDArray[np.float64]
MONTHS_PER_YEAR = 12


def instalment(amount: Real, interest_rate: Real, months: Real) -> NDArray[np.float64]:
    """The equal monthly payment that repays a loan with interest: A·i / (1 − (1 + i)^−n) with i = rate / 12."""
    monthly = np.asarray(interest_rate, dtype=np.float64) / MONTHS_PER_YEAR
    factor = -np.expm1(-np.asarray(months) * np.log1p(monthly))
    safe_factor = np.where(factor > 0, factor, 1.0)
    return np.where(factor > 0, amount * monthly / safe_factor, amount / np.asarray(months, dtype=np.float64))


@dataclass(frozen=True)
class Payment:
    """What a borrower pays in one month, in whole cents, and what is still owed after it."""

    interest: int
    principal: int
    fee: int
    owed: int


def payments(
    amount: int, interest_rate: float, interest_only_months: int, amortization_months: int, end_fee: int
) -> tuple[Payment, ...]:
    """The schedule of a loan of `amount` cents, month by month after it is paid out; the balance ends at zero."""
    level = round(float(instalment(float(amount), interest_rate, amortization_months)))
    term, owed, schedule = interest_only_months + amortization_months, amount, []
    for month in range(1, term + 1):
        interest = round(owed * interest_rate / MONTHS_PER_YEAR)
        principal = min(max(level - interest, 0), owed) if month > interest_only_months else 0
        principal = owed if month == term else principal
        owed -= principal
        schedule.append(Payment(interest, principal, end_fee if month == term else 0, owed))
    return tuple(schedule)
