"""Serving: how many tokens are asked for, and what they cost and earn."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.compute.training import Real


def usage_million_tokens(first_month: Real, monthly_growth: Real, growth_half_life: Real, months: int) -> NDArray[Any]:
    """Million tokens served in each month since launch, shape (months, ...).

    Growth from one month to the next starts at `monthly_growth` and halves every `growth_half_life` months, so usage
    levels off instead of growing without end.
    """
    age = np.arange(months, dtype=np.float64).reshape(
        (-1,) + (1,) * np.ndim(first_month + monthly_growth + growth_half_life)
    )
    growth = np.log1p(monthly_growth * 0.5 ** (age / growth_half_life))
    before = np.concatenate([np.zeros_like(growth[:1]), np.cumsum(growth, axis=0)[:-1]])
    return np.asarray(first_month * np.exp(before))


def tokens_value(million_tokens: Real, price_per_million_tokens: Real) -> Real:
    """USD for tokens at a price or cost per million: revenue and serving cost come from the same usage."""
    return million_tokens * price_per_million_tokens
