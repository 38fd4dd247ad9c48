"""One regularizer: what it does to its argument, and what that does to a gradient coming back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.errors import InputError
from core.formulas.settings import Setting, completed
from core.formulas.shown_code import Array, shown_code

PENALTY = "Penalty on weights"
CONSTRAINT = "Limit on weights"
NOISE = "Noise and masks"
NORMALIZATION = "Normalisation"
TARGETS = "Targets"
GRADIENT = "Limit on gradients"
AVERAGING = "Averaging and stopping"


@dataclass(frozen=True)
class Regularizer:
    """A row of the catalogue.

    formula, derivative_formula: LaTeX
    function: (x, **every setting), or (x, mask, **every setting) where a mask is drawn; a penalty gives one number
    pullback: (x, upstream, [mask,] **every setting) -> gradient of sum(upstream · function(x)) with respect to x
    proximal: of a penalty: (x, rate, **every setting) -> argmin over v of ½|v - x|² + rate · penalty(v)
    mask: (shape, generator, **every setting) -> what the function takes as its mask
    axes: fewest and most axes of x
    argument: English text of what x is
    pytorch: expression in x, with settings in braces; "" where PyTorch has nothing like it
    trains: the training room offers it
    """

    id: str
    name: str
    family: str
    argument: str
    formula: str
    derivative_formula: str
    function: Callable[..., Array]
    pullback: Callable[..., Array] | None
    pytorch: str
    source: str
    settings: tuple[Setting, ...] = ()
    proximal: Callable[..., Array] | None = None
    mask: Callable[..., Array] | None = None
    axes: tuple[int, int] = (0, 5)
    note: str = ""
    trains: bool = False

    @property
    def code(self) -> str:
        return shown_code(self.function)

    @property
    def derivative_code(self) -> str:
        return shown_code(self.pullback) if self.pullback else ""

    def value(self, x: Any, mask: Any = None, **settings: float) -> Array:
        """The function of x; of a row with masks, without one as in evaluation: x unchanged."""
        chosen = completed(self.settings, settings, self.id)
        if self.mask is None:
            return np.asarray(self.function(self._input(x), **chosen))
        values = self._input(x)
        return values if mask is None else np.asarray(self.function(values, self._mask(mask, values), **chosen))

    def derivative(self, x: Any, upstream: Any = 1.0, mask: Any = None, **settings: float) -> Array:
        """Gradient with respect to x of sum(upstream · function(x)). Raises InputError where there is none."""
        if self.pullback is None:
            raise InputError("contradiction", "regularizer", self.id, "pullback")
        chosen = completed(self.settings, settings, self.id)
        values, coming = self._input(x), np.asarray(upstream, dtype=np.float64)
        if self.mask is None:
            return np.asarray(self.pullback(values, coming, **chosen))
        return np.asarray(self.pullback(values, coming, self._mask(mask, values), **chosen))

    def proximal_step(self, x: Any, rate: float, **settings: float) -> Array:
        """Where a step of this rate on the penalty alone ends when it is taken exactly."""
        if self.proximal is None:
            raise InputError("contradiction", "regularizer", self.id, "proximal")
        if not 0 <= rate < np.inf:
            raise InputError("out_of_range", f"{self.id}.rate", rate, "0 <= rate")
        return np.asarray(self.proximal(self._input(x), rate, **completed(self.settings, settings, self.id)))

    def draw_mask(self, shape: Sequence[int], seed: int, **settings: float) -> Array:
        if self.mask is None:
            raise InputError("contradiction", "regularizer", self.id, "mask")
        chosen = completed(self.settings, settings, self.id)
        return np.asarray(self.mask(tuple(shape), np.random.default_rng(seed), **chosen), dtype=np.float64)

    def pytorch_code(self, **settings: float) -> str:
        return self.pytorch.format(**completed(self.settings, settings, self.id))

    def _mask(self, mask: Any, values: Array) -> Array:
        if mask is None:
            raise InputError("missing", f"{self.id}.mask", mask, "mask")
        drawn = np.asarray(mask, dtype=np.float64)
        try:
            np.broadcast_shapes(drawn.shape, values.shape)
        except ValueError:
            raise InputError("malformed", f"{self.id}.mask", drawn.shape, f"shape {values.shape}") from None
        return drawn

    def _input(self, x: Any) -> Array:
        values = np.asarray(x, dtype=np.float64)
        low, high = self.axes
        if not low <= values.ndim <= high or values.size == 0:
            raise InputError("malformed", f"{self.id}.x", values.shape, f"{low} <= axes <= {high}")
        if not np.isfinite(values).all():
            raise InputError("not_a_number", f"{self.id}.x", x, "-∞ < x < ∞")
        return values
