"""Term loans: interest only, then equal instalments, with fees at both ends."""

import numpy as np
from numpy.typing import NDArray

Real = float | NDArray[np.float64]
MONTHS_PER_YEAR = 12


def instalment_usd(amount_usd: Real, interest_rate: Real, months: Real) -> NDArray[np.float64]:
    """The equal monthly payment that repays a loan with interest: A·i / (1 − (1 + i)^−n) with i = rate / 12."""
    monthly = np.asarray(interest_rate, dtype=np.float64) / MONTHS_PER_YEAR
    factor = -np.expm1(-np.asarray(months) * np.log1p(monthly))
    safe_factor = np.where(factor > 0, factor, 1.0)
    return np.where(factor > 0, amount_usd * monthly / safe_factor, amount_usd / np.asarray(months, dtype=np.float64))
