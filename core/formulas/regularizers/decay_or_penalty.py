"""Why AdamW exists: an L2 penalty inside Adam's gradient and a decay beside it shrink the same weights differently."""

from dataclasses import dataclass

import numpy as np

from core.errors import InputError
from core.formulas.optimizers import OPTIMIZERS, trace
from core.formulas.settings import completed
from core.formulas.shown_code import Array


@dataclass(frozen=True)
class Shrinkage:
    """Weights after each step, (steps + 1, weights), from 1 under gradients of mean 0 and of the given sizes.

    penalty: L2 in the gradient (torch.optim.Adam); decay: beside it (torch.optim.AdamW); the same λ and rate
    """

    gradient_sizes: tuple[float, ...]
    penalty: Array
    decay: Array


def shrinkage(
    gradient_sizes: tuple[float, ...] = (0.01, 0.1, 1.0),
    strength: float = 0.1,
    learning_rate: float = 0.01,
    steps: int = 200,
) -> Shrinkage:
    """The two paths beside each other.

    The gradient of every weight flips its sign at every step, so all that is left at the end is what the regulariser
    did. The decay takes the same share of each weight; the penalty is divided by the gradient's size with the rest.
    """
    if not 1 <= steps <= 10_000:
        raise InputError("out_of_range", "steps", steps, "1 <= steps <= 10000")
    signs = np.where(np.arange(steps) % 2 == 0, 1.0, -1.0)
    gradients = list(signs[:, None] * np.asarray(gradient_sizes))
    paths = {}
    for name in ("adam", "adamw"):
        row = OPTIMIZERS[name]
        settings = completed(row.settings, {"learning_rate": learning_rate, "weight_decay": strength}, name)
        start = np.ones(len(gradient_sizes))
        walked = [step["parameters"] for step in trace(row, start, gradients, settings, np)]
        paths[name] = np.array([start, *walked])
    return Shrinkage(tuple(gradient_sizes), paths["adam"], paths["adamw"])
