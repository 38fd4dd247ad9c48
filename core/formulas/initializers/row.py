"""One way to draw the first weights, and the two numbers that all of them depend on: fan-in and fan-out."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from core.errors import InputError
from core.formulas.settings import Setting, completed
from core.formulas.shown_code import Array, shown_code

Shape = tuple[int, ...]

CONSTANT = "Constant"
FIXED_SPREAD = "Fixed spread"
SCALED_BY_FANS = "Scaled by fans"
STRUCTURED = "Structured"


@dataclass(frozen=True)
class Initializer:
    """A row of the catalogue. Shapes are PyTorch's: (outputs, inputs, *kernel).

    formula: LaTeX of a weight's distribution; spread_formula: of its standard deviation
    function: (shape, generator, **every setting) -> weights
    spread: (shape, **every setting) -> standard deviation of one weight over draws
    bound: likewise its largest possible size, infinite for a normal distribution
    dimensions: fewest and most that a shape may have
    pytorch: expression in w, with a setting's name in braces where its number stands
    """

    id: str
    name: str
    family: str
    formula: str
    spread_formula: str
    function: Callable[..., Array]
    spread: Callable[..., float]
    bound: Callable[..., float]
    pytorch: str
    source: str
    settings: tuple[Setting, ...] = ()
    dimensions: tuple[int, int] = (2, 5)
    note: str = ""
    trains: bool = True

    @property
    def code(self) -> str:
        return shown_code(self.function)

    def draw(self, shape: Sequence[int], seed: int, **settings: float) -> Array:
        """Weights of this shape. Raises InputError for a shape or a setting it is not defined for."""
        chosen = completed(self.settings, settings, self.id)
        return np.asarray(self.function(self._shape(shape), np.random.default_rng(seed), **chosen), dtype=np.float64)

    def standard_deviation(self, shape: Sequence[int], **settings: float) -> float:
        return float(self.spread(self._shape(shape), **completed(self.settings, settings, self.id)))

    def largest(self, shape: Sequence[int], **settings: float) -> float:
        """No weight is larger in size than this."""
        return float(self.bound(self._shape(shape), **completed(self.settings, settings, self.id)))

    def pytorch_code(self, **settings: float) -> str:
        values = completed(self.settings, settings, self.id)
        return self.pytorch.format(mode="fan_out" if values.get("fan_out") else "fan_in", **values)

    def _shape(self, shape: Sequence[int]) -> Shape:
        sizes = tuple(shape)
        low, high = self.dimensions
        if not low <= len(sizes) <= high or not all(isinstance(size, int | np.integer) and size > 0 for size in sizes):
            raise InputError("malformed", f"{self.id}.shape", sizes, f"{low} <= len(shape) <= {high}, sizes 1, 2, ...")
        return sizes


def fans(shape: Shape) -> tuple[int, int]:
    """(fan-in, fan-out): weights into one output and out of one input, each kernel position counted."""
    kernel = math.prod(shape[2:])
    return shape[1] * kernel, shape[0] * kernel


GAINS = ("linear", "sigmoid", "tanh", "relu", "leaky_relu", "selu")


def gain(activation: str, negative_slope: float = 0.01) -> float:
    """What a layer's weights are multiplied by so that this activation keeps the size of the signal.

    As torch.nn.init.calculate_gain; SELU's was found by experiment there. Raises InputError for another name.
    """
    if activation not in GAINS:
        raise InputError("unknown_name", "activation", activation, " | ".join(GAINS))
    rectifiers = {"relu": 0.0, "leaky_relu": negative_slope}
    if activation in rectifiers:
        return math.sqrt(2 / (1 + rectifiers[activation] ** 2))
    return {"tanh": 5 / 3, "selu": 3 / 4}.get(activation, 1.0)
