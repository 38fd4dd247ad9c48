"""The ground of a race: a surface sampled on a grid, its heights as they are drawn, and the bar that explains them."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.charts.log_axis import power_ticks
from core.charts.units import Words
from core.formulas.surfaces import Surface

Array = NDArray[np.float64]
GRID = 61
BANDS = 24
# a surface whose lowest tenth lies within this share of its whole height is drawn by the logarithm of its height
FLAT_SHARE = 0.01
LEAST_HEIGHT = 1e-6  # of the whole height, where the logarithm is cut


@dataclass(frozen=True)
class Ground:
    """A surface sampled on a grid: heights as drawn, and whether they are powers of ten above the lowest value."""

    x: Array
    y: Array
    heights: Array
    logarithmic: bool
    lowest: float
    least: float

    def height(self, values: Array) -> Array:
        """Values of the surface as heights of the drawing."""
        if not self.logarithmic:
            return values
        return np.log10(np.maximum(values - self.lowest, self.least))


def ground(surface: Surface, lowest: float) -> Ground:
    """The surface over its window. lowest: its lowest known value."""
    x_from, x_to, y_from, y_to = surface.window
    x, y = np.linspace(x_from, x_to, GRID), np.linspace(y_from, y_to, GRID)
    values = surface.value(np.stack(np.meshgrid(x, y), axis=-1))
    finite = values[np.isfinite(values)]
    above = finite - min(lowest, float(finite.min(initial=np.inf)))
    tallest = float(above.max(initial=0.0))
    logarithmic = bool(surface.bounded_below and tallest > 0 and np.quantile(above, 0.1) < FLAT_SHARE * tallest)
    drawn = Ground(x, y, values, logarithmic, lowest, LEAST_HEIGHT * tallest)
    heights = np.where(np.isfinite(values), drawn.height(values), np.nan)
    return Ground(x, y, heights, logarithmic, lowest, drawn.least)


def reach(land: Ground) -> tuple[float, float]:
    """The lowest and the highest height that is drawn."""
    known = land.heights[np.isfinite(land.heights)]
    return (float(known.min()), float(known.max())) if known.size else (0.0, 1.0)


def contour_levels(land: Ground) -> dict[str, float]:
    """The contours' levels: between bands of equal height."""
    low, high = reach(land)
    size = (high - low) / BANDS or 1.0
    return {"start": low + size, "end": high - size, "size": size}


def _round_step(size: float) -> float:
    """The next 1, 2, 5 or 10 times a power of ten."""
    decade = 10.0 ** math.floor(math.log10(size)) if size > 0 else 1.0
    return next(step * decade for step in (1, 2, 5, 10) if step * decade >= size * (1 - 1e-9))


def colour_bar(land: Ground, words: Words) -> dict[str, Any]:
    low, high = reach(land)
    bar: dict[str, Any] = {"thickness": 10, "title": {"text": "f(x, y)", "side": "right"}}
    bar |= {"tick0": 0, "dtick": _round_step((high - low) / 5)}
    if land.logarithmic:
        powers = power_ticks(10.0**land.heights)
        bar |= {
            "tickvals": np.log10(powers.get("tickvals", [])),
            "ticktext": powers.get("ticktext", []),
            "title": {"text": words("f above its lowest value"), "side": "right"},
        }
    return bar
