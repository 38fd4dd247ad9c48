"""A month of the plan as its financings see it: what has been paid and earned so far, and what was before."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from core.plan.operating import FIXED_COSTS, Cents, Floats

RECENT_MONTHS = 3
COMPUTE_BILL = ("experiments", "final_runs", "other_infrastructure", "serving")
OPERATIONS = ("revenue", "prepaid_service", *FIXED_COSTS, "final_runs", "other_infrastructure", "serving")


@dataclass(frozen=True)
class ThisMonth:
    """flows: this month's signed cents by name so far, (paths,); past: those of all months before, (months, paths)"""

    month: int
    flows: dict[str, Cents]
    past: Mapping[str, Cents]

    def of_late(self, names: tuple[str, ...]) -> Floats:
        """What these flows came to in a month, on average of the last three, in cents, (paths,)."""
        recent = slice(max(0, self.month - RECENT_MONTHS), self.month)
        total = np.sum([self.past[name][recent].sum(axis=0) for name in names], axis=0)
        return np.asarray(total / max(1, recent.stop - recent.start))

    def burn(self) -> Floats:
        """What operations took a month of late, in cents; negative where they brought money."""
        return -self.of_late(OPERATIONS)

    def bill(self) -> Cents:
        """Cents of compute that no credits have paid yet."""
        unpaid = np.sum([self.flows[name] for name in (*COMPUTE_BILL, "compute_credits")], axis=0)
        return np.asarray(-unpaid, dtype=np.int64)
