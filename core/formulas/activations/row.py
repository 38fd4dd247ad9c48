"""One activation: what it computes, its slope, and what is known about it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from core.errors import InputError
from core.formulas.settings import Setting, completed
from core.formulas.shown_code import Array, shown_code

SATURATING = "Saturating"
RECTIFIED = "Rectified"
SMOOTH_RECTIFIED = "Smooth rectified"
SHRINKING = "Shrinking"
GATED = "Gated"
OVER_A_VECTOR = "Over a vector"
OTHER = "Other"

MONOTONE = "Monotone"
BOUNDED = "Bounded"
SMOOTH = "Smooth"
ZERO_CENTRED = "Zero-centred"
LEARNED = "Learned slope"
RANDOM_IN_TRAINING = "Random slope while training"
TRAITS = {
    MONOTONE: "never falls as the input grows",
    BOUNDED: "stays between two values",
    SMOOTH: "neither it nor its slope jumps",
    ZERO_CENTRED: "odd: inputs spread evenly around 0 give outputs spread evenly around 0",
    LEARNED: "the slope below 0 is trained like a weight",
    RANDOM_IN_TRAINING: "the slope below 0 is drawn anew in training; shown is its mean, as in evaluation",
}


@dataclass(frozen=True)
class Activation:
    """A row of the catalogue.

    formula, derivative_formula, output_range: LaTeX
    function, slope: of (x, **every setting)
    pytorch: module, or expression in x, with a setting's name in braces where its number stands
    kinks: where it or its slope jumps: numbers, or names of settings ("lambd", "-lambd")
    convention: the slope that PyTorch takes there, and so do we
    trains: the training room offers it between layers
    acts_on: "element", or "vector": the last axis; there the derivative is the Jacobian (..., outputs, inputs)
    """

    id: str
    name: str
    family: str
    formula: str
    derivative_formula: str
    function: Callable[..., Array]
    slope: Callable[..., Array]
    output_range: str
    traits: tuple[str, ...]
    pytorch: str
    source: str
    settings: tuple[Setting, ...] = ()
    kinks: tuple[float | str, ...] = ()
    convention: str = ""
    note: str = ""
    trains: bool = True
    acts_on: Literal["element", "vector"] = "element"

    @property
    def code(self) -> str:
        """NumPy text of the value; runs on its own."""
        return shown_code(self.function)

    @property
    def derivative_code(self) -> str:
        return shown_code(self.slope)

    def value(self, x: float | Array, **settings: float) -> Array:
        """f(x) in float64. Raises InputError for a setting out of bounds, or a vector that cannot be split."""
        chosen = completed(self.settings, settings, self.id)
        with np.errstate(over="ignore", invalid="ignore"):  # too large a number is shown as infinite
            return np.asarray(self.function(self._input(x, chosen.get("pieces", 1)), **chosen))

    def derivative(self, x: float | Array, **settings: float) -> Array:
        """f'(x), or the Jacobian for a formula over a vector."""
        chosen = completed(self.settings, settings, self.id)
        with np.errstate(over="ignore", invalid="ignore"):
            return np.asarray(self.slope(self._input(x, chosen.get("pieces", 1)), **chosen))

    def kink_positions(self, **settings: float) -> tuple[float, ...]:
        chosen = completed(self.settings, settings, self.id)
        named = {**chosen, **{f"-{name}": -value for name, value in chosen.items()}}
        return tuple(sorted({named[kink] if isinstance(kink, str) else kink for kink in self.kinks}))

    def pytorch_code(self, **settings: float) -> str:
        return self.pytorch.format(**completed(self.settings, settings, self.id))

    def _input(self, x: float | Array, pieces: float) -> Array:
        values = np.asarray(x, dtype=np.float64)
        if self.acts_on == "vector":
            parts = 2 if self.family == GATED else int(pieces)
            if values.ndim == 0 or values.shape[-1] == 0 or values.shape[-1] % parts:
                raise InputError("malformed", f"{self.id}.x", values.shape, f"(..., {parts}·n), 1 <= n")
        return values
