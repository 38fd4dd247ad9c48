"""Descents that ask the surface more than one gradient a step: its Hessian, its value, a second gradient, its past.

They race beside the optimizers but cannot train by mini-batches as they stand, so the training room has none of them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.formulas.optimizers.step import learning_rate
from core.formulas.settings import Setting, Settings
from core.formulas.shown_code import shown_code
from core.formulas.surfaces import Surface

Point = NDArray[np.float64]
Memory = Mapping[str, Any]
MOST_HALVINGS = 60
LEAST_CURVATURE = 1e-10  # torch.optim.LBFGS keeps no pair below it


@dataclass(frozen=True)
class Method:
    """One row of the catalogue.

    rule: (surface, point, memory, settings) -> the next point, the memory after it, and what the step asked for, in
        gradients: a value or a gradient counts 1, a 2 × 2 Hessian 2
    """

    id: str
    name: str
    formula: str
    settings: tuple[Setting, ...]
    rule: Callable[[Surface, Point, Memory, Settings], tuple[Point, Memory, int]]
    pytorch: str
    source: str
    note: str = ""
    family: str = "Whole function"

    @property
    def code(self) -> str:
        return shown_code(self.rule)


def newton(surface: Surface, point: Point, memory: Memory, s: Settings) -> tuple[Point, Memory, int]:
    hessian = surface.hessian(point) + s["damping"] * np.eye(2)
    # where the Hessian is singular this is the shortest of the solutions
    step = np.linalg.pinv(hessian) @ surface.gradient(point)
    return point - s["learning_rate"] * step, memory, 3


def line_search(surface: Surface, point: Point, memory: Memory, s: Settings) -> tuple[Point, Memory, int]:
    gradient, value = surface.gradient(point), surface.value(point)
    rate = s["learning_rate"]
    for tries in range(1, MOST_HALVINGS + 1):
        reached = point - rate * gradient
        if surface.value(reached) <= value - s["demanded"] * rate * (gradient @ gradient):
            return reached, memory, 2 + tries
        rate *= s["shrink"]
    return point, memory, 2 + MOST_HALVINGS


def sharpness_aware(surface: Surface, point: Point, memory: Memory, s: Settings) -> tuple[Point, Memory, int]:
    gradient = surface.gradient(point)
    uphill = s["radius"] * gradient / (np.sqrt(gradient @ gradient) + 1e-12)
    return point - s["learning_rate"] * surface.gradient(point + uphill), memory, 2


def lbfgs(surface: Surface, point: Point, memory: Memory, s: Settings) -> tuple[Point, Memory, int]:
    gradient = surface.gradient(point)
    pairs: tuple[tuple[Point, Point], ...] = memory.get("pairs", ())
    rate = s["learning_rate"]
    if not memory:
        # the first step has no curvature to go by, so it is kept short
        rate, scale = rate * min(1.0, 1.0 / max(float(np.abs(gradient).sum()), 1e-300)), 1.0
    else:
        moved, change = point - memory["point"], gradient - memory["gradient"]
        scale = memory["scale"]
        if moved @ change > LEAST_CURVATURE:
            pairs = (*pairs, (moved, change))[-int(s["history"]) :]
            scale = moved @ change / (change @ change)
    step = rate * _two_loops(gradient, pairs, scale)
    kept = {"pairs": pairs, "point": point, "gradient": gradient, "scale": scale}
    return point - step, MappingProxyType(kept), 1


def _two_loops(gradient: Point, pairs: tuple[tuple[Point, Point], ...], scale: float) -> Point:
    """The inverse Hessian of the remembered pairs times the gradient (Nocedal and Wright, algorithm 7.4)."""
    rest, shares = gradient, []
    for moved, change in reversed(pairs):
        share = (moved @ rest) / (moved @ change)
        rest = rest - share * change
        shares.append(share)
    step = scale * rest
    for (moved, change), share in zip(pairs, reversed(shares), strict=True):
        step = step + (share - (change @ step) / (moved @ change)) * moved
    return step


_ROWS = (
    Method(
        "newton",
        "Newton",
        r"\theta_t = \theta_{t-1} - \alpha\,(H + \delta I)^{-1} g",
        (learning_rate(1.0), Setting("damping", r"\delta", 0, 0, 1e6, "added to the Hessian's diagonal")),
        newton,
        "",
        "Nocedal and Wright 2006, Numerical Optimization",
        "One step to the bottom of any quadratic; but a saddle or a maximum attracts it as a minimum does.",
    ),
    Method(
        "line_search",
        "Gradient descent with a line search",
        r"\alpha \leftarrow \gamma\alpha \text{ until } f(\theta - \alpha g) \le f(\theta) - c\,\alpha\lVert g\rVert^2",
        (
            learning_rate(1.0),
            Setting("shrink", r"\gamma", 0.5, 0.01, 0.99, "factor after a step that is not good enough"),
            Setting("demanded", "c", 1e-4, 0, 0.99, "share of the expected fall that is demanded"),
        ),
        line_search,
        "",
        "Armijo 1966, Pacific J. Math. 16(1)",
        "Never climbs; each try costs a value of the function.",
    ),
    Method(
        "sam",
        "SAM",
        r"\theta_t = \theta_{t-1} - \alpha\,\nabla f\left(\theta_{t-1} + \rho\,g/\lVert g\rVert\right)",
        (learning_rate(1e-3), Setting("radius", r"\rho", 0.05, 0, 10, "how far uphill the gradient is taken")),
        sharpness_aware,
        "",
        "Foret et al. 2021, arXiv 2010.01412, algorithm 1",
        "Two gradients a step; it avoids minima sharper than the radius.",
    ),
    Method(
        "lbfgs",
        "L-BFGS",
        r"\theta_t = \theta_{t-1} - \alpha\,\tilde H^{-1} g,\quad \tilde H \text{ from the last } n \text{ moves}",
        (learning_rate(1.0), Setting("history", "n", 100, 1, 1000, "moves that are remembered", whole=True)),
        lbfgs,
        "torch.optim.LBFGS(lr={learning_rate}, history_size={history:.0f}, line_search_fn=None)",
        "Liu and Nocedal 1989, Math. Program. 45; torch.optim.LBFGS",
        "Learns the curvature from its own moves; without a line search its first steps can be far too long.",
    ),
)
METHODS: Mapping[str, Method] = MappingProxyType({row.id: row for row in _ROWS})
