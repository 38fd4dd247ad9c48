"""Ticks of a logarithmic axis: numbers with all their digits, or powers of ten where there are many decades."""

import math

import numpy as np
from numpy.typing import NDArray

from core.charts.units import FINE_TICKS_DECADES

Ticks = dict[str, list[float] | list[str]]
SMALLEST_LOSS = 1e-6  # a logarithm has no zero
MOST_POWERS = 7  # steps between the ticks of an axis of many decades
IN_DIGITS = range(-3, 4)  # powers of ten whose numbers are written out beside 2 and 5


def log_ticks(values: NDArray[np.float64]) -> Ticks:
    """Round ticks of a logarithmic axis with all their digits: powers of ten, with 2 and 5 where they are few."""
    known = values[np.isfinite(values)]
    if not len(known):
        return {}
    low, high = np.log10(np.maximum([known.min(), known.max()], SMALLEST_LOSS))
    steps = (1, 2, 5) if high - low < FINE_TICKS_DECADES else (1,)
    powers = range(math.floor(low) - 1, math.ceil(high) + 1)
    ticks = [step * 10.0**power for power in powers for step in steps]
    return {"tickvals": ticks, "ticktext": [f"{tick:g}" for tick in ticks]}


def power_ticks(values: NDArray[np.float64]) -> Ticks:
    """Powers of ten for values of many decades, as large as all other ticks, which Plotly's own are not; with 2 and 5
    where the decades are few."""
    known = np.log10(values[np.isfinite(values) & (values > 0)])
    if not len(known):
        return {}
    low, high = math.floor(known.min()), math.ceil(known.max())
    if known.max() - known.min() < FINE_TICKS_DECADES:
        pairs = [(step, power) for power in range(low, high + 1) for step in (1, 2, 5)]
        texts = [f"{step * 10.0**power:g}" if power in IN_DIGITS else _written(step, power) for step, power in pairs]
        return {"tickvals": [step * 10.0**power for step, power in pairs], "ticktext": texts}
    powers = range(low, high + 1, -(-(high - low) // MOST_POWERS))
    return {"tickvals": [10.0**power for power in powers], "ticktext": [_written(1, power) for power in powers]}


def _written(step: int, power: int) -> str:
    """Such as 10⁻³ or 2 · 10⁻¹²; 1 and 10 without a power."""
    if step == 1 and power in (0, 1):
        return str(10**power)
    raised = f"10<sup>{power}</sup>".replace("-", "−")
    return raised if step == 1 else f"{step} · {raised}"
