"""One comparison of a formula with its oracle, and how a family's list of them is judged."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike


@dataclass(frozen=True)
class Check:
    """One row of a catalogue under one setting, against PyTorch or a value found by hand.

    row: id of the catalogue's row, with its family: "optimizer:adam"
    setting: the settings in words, "default" or "alpha=0.5"
    what: the value, the derivative, or a run of several steps
    deviation: largest |ours - oracle| / max(1, |oracle|)
    tolerance: the largest deviation that passes
    """

    row: str
    setting: str
    what: Literal["value", "derivative", "steps"]
    deviation: float
    tolerance: float

    @property
    def passes(self) -> bool:
        return bool(self.deviation <= self.tolerance)

    @property
    def name(self) -> str:
        return f"{self.row} {self.setting} {self.what}"


def deviation(ours: ArrayLike, oracle: ArrayLike) -> float:
    """Largest |ours - oracle| / max(1, |oracle|); infinite when the shapes differ or either is NaN.

    An infinity equals the same infinity.
    """
    left, right = np.asarray(ours, dtype=np.float64), np.asarray(oracle, dtype=np.float64)
    if left.shape != right.shape or bool(np.isnan(left).any() or np.isnan(right).any()):
        return float("inf")
    same = left == right
    if bool(same.all()):
        return 0.0
    left, right = left[~same], right[~same]
    if not bool(np.isfinite(left).all() and np.isfinite(right).all()):
        return float("inf")
    return float((np.abs(left - right) / np.maximum(1.0, np.abs(right))).max())
