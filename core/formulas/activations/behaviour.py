"""What an activation does to a signal: where it is flat, how many units that silences, what survives many layers."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import NormalDist
from typing import TypeVar

import numpy as np

from core.errors import InputError
from core.formulas.activations import ACTIVATIONS
from core.formulas.activations.row import Activation
from core.formulas.initializers import INITIALIZERS
from core.formulas.settings import Choice
from core.formulas.shown_code import Array

Row = TypeVar("Row")
SEARCH_SPAN = 40.0
SEARCH_POINTS = 8001
HALVINGS = 60


@dataclass(frozen=True)
class Signal:
    """What goes forward and what comes back through a net of equal layers. Arrays run over layers, the first first.

    means, variances: of the activations after each layer, over samples and units
    gradient_means, gradient_variances: of the gradient of each layer's output; at the last layer it is N(0, 1)
    flat_shares: share of a layer's units, over samples, whose slope is exactly 0
    steepest_product: (largest |f'|)^layers; for the sigmoid 0.25^layers, which is all that can be left of a gradient
        when the weights neither grow nor shrink it
    """

    means: Array
    variances: Array
    gradient_means: Array
    gradient_variances: Array
    flat_shares: Array
    steepest_product: float


def flat_intervals(row: Activation, slope: float = 0.0, **settings: float) -> tuple[tuple[float, float], ...]:
    """Intervals of the input where |f'| <= slope, found within ±40; one that reaches the end is given as infinite.

    With slope = 0 it is where no gradient passes in double precision. A single point, such as the bottom of a valley,
    is left out.
    """
    _elementwise(row)
    if not 0 <= slope < math.inf:
        raise InputError("out_of_range", "slope", slope, "0 <= slope")
    grid = np.linspace(-SEARCH_SPAN, SEARCH_SPAN, SEARCH_POINTS)
    flat = np.abs(row.derivative(grid, **settings)) <= slope
    edges = np.flatnonzero(np.diff(flat.astype(int)))
    crossings = [_crossing(row, slope, grid[at], grid[at + 1], settings) for at in edges]
    ends = [*([-math.inf] if flat[0] else []), *crossings, *([math.inf] if flat[-1] else [])]
    pairs = zip(ends[::2], ends[1::2], strict=True)
    return tuple((low, high) for low, high in pairs if high - low > 1e-9)


def flat_share(row: Activation, slope: float = 0.0, mean: float = 0.0, std: float = 1.0, **settings: float) -> float:
    """Share of units with |f'| <= slope for inputs N(mean, std²): dead for slope 0, saturated for a small one."""
    if not 0 < std < math.inf:
        raise InputError("out_of_range", "std", std, "0 < std")
    inputs = NormalDist(mean, std)
    return math.fsum(inputs.cdf(high) - inputs.cdf(low) for low, high in flat_intervals(row, slope, **settings))


def steepest(row: Activation, **settings: float) -> float:
    """The largest |f'| within ±40."""
    _elementwise(row)
    grid = np.linspace(-SEARCH_SPAN, SEARCH_SPAN, SEARCH_POINTS)
    return float(np.abs(row.derivative(grid, **settings)).max())


def signal_through_depth(
    activation: Choice, initializer: Choice, width: int, depth: int, *, seed: int, samples: int = 128
) -> Signal:
    """A batch of N(0, 1) inputs through `depth` layers of `width` units without biases, and a N(0, 1) gradient back.

    Weights that blow up give infinities and NaN, not errors. Raises InputError for an unknown name, an activation over
    vectors, or sizes out of range.
    """
    row = _named(ACTIVATIONS, activation.name, "activation")
    start = _named(INITIALIZERS, initializer.name, "initializer")
    _elementwise(row)
    for field, value, most in (("width", width, 1024), ("depth", depth, 200), ("samples", samples, 4096)):
        if not 1 <= value <= most:
            raise InputError("out_of_range", field, value, f"1 <= {field} <= {most}")
    generator = np.random.default_rng(seed)
    hidden = generator.normal(size=(samples, width))
    passed, slopes, weights = [], [], []
    with np.errstate(over="ignore", invalid="ignore"):
        for layer in range(depth):
            weights.append(start.draw((width, width), seed * 1000 + layer + 1, **initializer.settings))
            inputs = hidden @ weights[-1].T
            slopes.append(row.derivative(inputs, **activation.settings))
            hidden = row.value(inputs, **activation.settings)
            passed.append((hidden.mean(), hidden.var()))
        gradient = generator.normal(size=(samples, width))
        returned = [(gradient.mean(), gradient.var())]
        for slope, weight in zip(slopes[:0:-1], weights[:0:-1], strict=True):
            gradient = (gradient * slope) @ weight
            returned.append((gradient.mean(), gradient.var()))
    means, variances = np.array(passed).T
    gradient_means, gradient_variances = np.array(returned[::-1]).T
    return Signal(
        means,
        variances,
        gradient_means,
        gradient_variances,
        np.array([(slope == 0).mean() for slope in slopes]),
        steepest(row, **activation.settings) ** depth,
    )


def _crossing(row: Activation, slope: float, left: float, right: float, settings: dict[str, float]) -> float:
    """Where |f'| <= slope changes between two neighbours, by halving."""
    flat_left = abs(float(row.derivative(left, **settings))) <= slope
    for _ in range(HALVINGS):
        middle = (left + right) / 2
        if (abs(float(row.derivative(middle, **settings))) <= slope) == flat_left:
            left = middle
        else:
            right = middle
    return round(float(left + right) / 2, 12)


def _elementwise(row: Activation) -> None:
    if row.acts_on != "element":
        elementwise = [other.id for other in ACTIVATIONS.values() if other.acts_on == "element"]
        raise InputError("contradiction", "activation", row.id, " | ".join(elementwise))


def _named(table: Mapping[str, Row], name: str, field: str) -> Row:
    if name not in table:
        raise InputError("unknown_name", field, name, " | ".join(table))
    return table[name]
