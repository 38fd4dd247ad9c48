"""Where rental prices may go: two-sided yearly drifts, and what they did.

No decline is assumed. An H100-hour fell from 8 USD and more in 2023 to below 3 in 2025, then one-year contracts rose by
38 % in five months (`data/price_history.csv`); a plan has to survive both.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.compute.checks import check
from core.compute.data_and_staff import MONTHS_PER_YEAR
from core.compute.training import Real
from core.errors import InputError
from core.tables import Source, load_table


@dataclass(frozen=True)
class PriceDrift:
    """Yearly changes of a price as shares. The defaults are a judgement inside what `rent_history` shows."""

    low: float = -0.5
    central: float = 0.0
    high: float = 0.4

    def __post_init__(self) -> None:
        for field in ("low", "central", "high"):
            check(field, getattr(self, field), above=-1)
        if not self.low <= self.central <= self.high:
            raise InputError("out_of_range", "central", self.central, "low <= central <= high")


@dataclass(frozen=True)
class PricePaths:
    """Prices in force in each month, from the same price today."""

    low: NDArray[np.float64]
    central: NDArray[np.float64]
    high: NDArray[np.float64]


@dataclass(frozen=True)
class PastRent:
    """What an accelerator-hour cost at some time: at one provider, or a market's range; None where not reported."""

    accelerator: str
    provider: str
    commitment: str
    low_usd_per_hour: float | None
    usd_per_hour: float | None
    high_usd_per_hour: float | None
    source: Source


def price_paths(
    price_per_hour: float, months: int, drift: PriceDrift | None = None, moving_months: int | None = None
) -> PricePaths:
    """A price today carried forward along each drift; by default the two-sided one of `PriceDrift`.

    moving_months: how long prices move before they stay; None for all months
    """
    drift = drift or PriceDrift()
    moving = months if moving_months is None else moving_months
    check("moving_months", moving, at_least=0)
    low, central, high = (
        price_path(price_per_hour, yearly, max(months, moving + 1))[np.minimum(np.arange(months), moving)]
        for yearly in (drift.low, drift.central, drift.high)
    )
    return PricePaths(low, central, high)


def price_path(price_per_hour: Real, yearly_drift: Real, months: int) -> NDArray[np.float64]:
    """Price in force during months 1 to `months`, P·(1 + d)^((k − 1)/12); arrays of drifts give a row each."""
    check("price_per_hour", price_per_hour, at_least=0)
    check("yearly_drift", yearly_drift, above=-1)
    check("months", months, at_least=1)
    growth = (1 + np.asarray(yearly_drift, dtype=np.float64))[..., np.newaxis]
    start = np.asarray(price_per_hour, dtype=np.float64)[..., np.newaxis]
    return np.asarray(start * growth ** (np.arange(months) / MONTHS_PER_YEAR), dtype=np.float64)


def rent_history(accelerator_id: str) -> tuple[PastRent, ...]:
    """Published past prices of one accelerator, oldest first."""
    rows = (row for row in load_table("price_history", PastRent) if row.accelerator == accelerator_id)
    return tuple(sorted(rows, key=lambda row: row.source.as_of))
