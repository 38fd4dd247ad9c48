"""Surfaces z = f(x, y) to descend: well-known test functions, ravines of a chosen steepness, and saddles.

Each is written once, as the text that a user could type, and read by `core.formulas.user_functions`; so its gradient
and Hessian are exact and it shows the formula that it computes. Critical points are roots of the gradient to 11 digits.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError
from core.formulas.user_functions import UserFunction, user_function

Kind = Literal["global minimum", "local minimum", "maximum", "saddle", "degenerate saddle"]
Point = tuple[float, float]
LARGEST_CONDITION_NUMBER = 1e6
_SURVEY = "Jamil and Yang 2013, arXiv 1308.4008"


@dataclass(frozen=True)
class CriticalPoint:
    """A place where the gradient vanishes (or, at Ackley's minimum, does not exist)."""

    x: float
    y: float
    kind: Kind


@dataclass(frozen=True)
class Surface:
    """One surface.

    text: f as typed; window: (x from, x to, y from, y to) to draw
    points: its critical points inside the window that matter; starts: where a descent is worth watching, best first
    bounded_below: False where a descent can fall for ever; smooth: False where a derivative fails to exist
    """

    id: str
    name: str
    family: str
    text: str
    window: tuple[float, float, float, float]
    points: tuple[CriticalPoint, ...]
    starts: tuple[Point, ...]
    source: str
    note: str = ""
    bounded_below: bool = True
    smooth: bool = True

    @cached_property
    def function(self) -> UserFunction:
        return user_function(self.text)

    @property
    def minima(self) -> tuple[CriticalPoint, ...]:
        return tuple(point for point in self.points if point.kind in ("global minimum", "local minimum"))

    def value(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """f of points with shape (..., 2); the shape of the result is (...)."""
        return self.function.value(points[..., 0], points[..., 1])

    def gradient(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """(f_x, f_y), shape (..., 2)."""
        return np.stack(self.function.gradient(points[..., 0], points[..., 1]), axis=-1)

    def hessian(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Second derivatives, shape (..., 2, 2)."""
        xx, xy, yy = self.function.hessian(points[..., 0], points[..., 1])
        return np.stack([np.stack([xx, xy], axis=-1), np.stack([xy, yy], axis=-1)], axis=-2)


def ravine(condition_number: float) -> Surface:
    """(x² + κ y²) / 2: eigenvalues 1 and κ. Raises InputError unless 1 <= κ <= 1e6."""
    expected = f"1 <= condition_number <= {LARGEST_CONDITION_NUMBER:g}"
    if not math.isfinite(condition_number):
        raise InputError("not_a_number", "condition_number", condition_number, expected)
    if not 1 <= condition_number <= LARGEST_CONDITION_NUMBER:
        raise InputError("out_of_range", "condition_number", condition_number, expected)
    return Surface(
        "ravine",
        "Ravine",
        BOWLS,
        f"(x^2 + {condition_number!r}*y^2)/2",
        (-10, 10, -4, 4),
        (_minimum(0, 0),),
        ((-9, 3), (9, -1)),
        "Goh 2017, Distill, Why momentum really works",
        "Gradient descent diverges above 2 over the larger eigenvalue and crawls along the smaller one.",
    )


def own_surface(text: str, window: tuple[float, float, float, float] = (-5, 5, -5, 5)) -> Surface:
    """The surface of a typed function. Raises InputError where the text cannot be read."""
    parsed = user_function(text)
    x_from, x_to, y_from, y_to = window
    start = (x_from + 0.2 * (x_to - x_from), y_from + 0.7 * (y_to - y_from))
    return Surface("own", "Your own", OWN, parsed.text, window, (), (start,), "", bounded_below=False, smooth=False)


def _minimum(x: float, y: float) -> CriticalPoint:
    return CriticalPoint(x, y, "global minimum")


def _local(x: float, y: float) -> CriticalPoint:
    return CriticalPoint(x, y, "local minimum")


def _saddle(x: float, y: float) -> CriticalPoint:
    return CriticalPoint(x, y, "saddle")


def _maximum(x: float, y: float) -> CriticalPoint:
    return CriticalPoint(x, y, "maximum")


BOWLS, VALLEYS, MANY, SADDLES, OWN = "Bowls and ravines", "Valleys and plains", "Many minima", "Saddles", "Your own"
_LOW, _MIDDLE, _HIGH = -2.90353402777, 0.15673125678, 2.74680277099  # roots of 4t³ - 32t + 5, for Styblinski-Tang
_ROWS = (
    Surface(
        "sphere",
        "Sphere",
        BOWLS,
        "x^2 + y^2",
        (-5, 5, -5, 5),
        (_minimum(0, 0),),
        ((-4, 3),),
        _SURVEY,
    ),
    ravine(100.0),
    Surface(
        "booth",
        "Booth",
        BOWLS,
        "(x + 2*y - 7)^2 + (2*x + y - 5)^2",
        (-10, 10, -10, 10),
        (_minimum(1, 3),),
        ((-8, 8), (8, -6)),
        _SURVEY,
    ),
    Surface(
        "matyas",
        "Matyas",
        BOWLS,
        "0.26*(x^2 + y^2) - 0.48*x*y",
        (-10, 10, -10, 10),
        (_minimum(0, 0),),
        ((-9, 2), (8, 6)),
        _SURVEY,
        "Nearly flat along x = y: the eigenvalues are 0.04 and 1.",
    ),
    Surface(
        "zakharov",
        "Zakharov",
        BOWLS,
        "x^2 + y^2 + (x/2 + y)^2 + (x/2 + y)^4",
        (-5, 10, -5, 10),
        (_minimum(0, 0),),
        ((-4, 6), (8, -3)),
        _SURVEY,
    ),
    Surface(
        "rosenbrock",
        "Rosenbrock",
        VALLEYS,
        "(1 - x)^2 + 100*(y - x^2)^2",
        (-2, 2, -1, 3),
        (_minimum(1, 1),),
        ((-1.2, 1), (-1.5, 2.5)),
        "Rosenbrock 1960, Comput. J. 3(3)",
        "A curved valley, steep across and nearly flat along; the condition number at the minimum is 2508.",
    ),
    Surface(
        "beale",
        "Beale",
        VALLEYS,
        "(1.5 - x + x*y)^2 + (2.25 - x + x*y^2)^2 + (2.625 - x + x*y^3)^2",
        (-4.5, 4.5, -4.5, 4.5),
        (_minimum(3, 0.5), _saddle(0, 1)),
        ((1, 1.5), (-2, -2)),
        _SURVEY,
        "Very steep in the corners, and a plain around the minimum.",
    ),
    Surface(
        "goldstein_price",
        "Goldstein-Price",
        VALLEYS,
        "(1 + (x+y+1)^2*(19 - 14*x + 3*x^2 - 14*y + 6*x*y + 3*y^2))"
        "*(30 + (2*x-3*y)^2*(18 - 32*x + 12*x^2 + 48*y - 36*x*y + 27*y^2))",
        (-2, 2, -2, 2),
        (_minimum(0, -1), _local(-0.6, -0.4), _local(1.8, 0.2), _local(1.2, 0.8)),
        ((-1.5, 1), (1, -1.5)),
        _SURVEY,
        "Values from 3 to a million: draw their logarithm.",
    ),
    Surface(
        "easom",
        "Easom",
        VALLEYS,
        "-cos(x)*cos(y)*exp(-(x - pi)^2 - (y - pi)^2)",
        (-2, 8, -2, 8),
        (_minimum(math.pi, math.pi),),
        ((2, 4), (0, 0)),
        _SURVEY,
        "A hole in a plain: away from it the gradient is too small to follow.",
    ),
    Surface(
        "mccormick",
        "McCormick",
        VALLEYS,
        "sin(x + y) + (x - y)^2 - 1.5*x + 2.5*y + 1",
        (-1.5, 4, -3, 4),
        (_minimum(-0.547197551197, -1.5471975512), _local(2.59439510239, 1.59439510239)),
        ((1, 3), (3.5, -2)),
        _SURVEY,
        "Beyond the window it falls for ever, by π each time x and y both fall by π.",
        bounded_below=False,
    ),
    Surface(
        "himmelblau",
        "Himmelblau",
        MANY,
        "(x^2 + y - 11)^2 + (x + y^2 - 7)^2",
        (-5, 5, -5, 5),
        (
            _minimum(3, 2),
            _minimum(-2.80511808695, 3.13131251825),
            _minimum(-3.77931025338, -3.28318599129),
            _minimum(3.58442834033, -1.84812652696),
            _maximum(-0.270844590667, -0.92303855648),
            _saddle(0.0866775045554, 2.88425470117),
            _saddle(3.38515418361, 0.0738518798377),
            _saddle(-3.07302575076, -0.081353044288),
            _saddle(-0.127961346731, -1.95371498024),
        ),
        ((-0.3, -0.9), (0, 0), (-4.5, 0.5)),
        _SURVEY,
        "Four minima of the same depth: which one is reached depends on the optimizer.",
    ),
    Surface(
        "rastrigin",
        "Rastrigin",
        MANY,
        "20 + x^2 - 10*cos(2*pi*x) + y^2 - 10*cos(2*pi*y)",
        (-5.12, 5.12, -5.12, 5.12),
        (_minimum(0, 0), _local(0.994958637652, 0), _local(0.994958637652, 0.994958637652), _saddle(0.502546036555, 0)),
        ((-3.4, 2.3), (0.4, 0.3)),
        "infinity77.net, Global Optimization Benchmarks, Rastrigin",
        "About a hundred minima in a bowl; a small step stays in the nearest.",
    ),
    Surface(
        "ackley",
        "Ackley",
        MANY,
        "-20*exp(-0.2*sqrt((x^2 + y^2)/2)) - exp((cos(2*pi*x) + cos(2*pi*y))/2) + e + 20",
        (-5, 5, -5, 5),
        (_minimum(0, 0),),
        ((-3.2, 2.4), (0.6, 0.3)),
        _SURVEY,
        "Its minimum is a tip, where no gradient exists, so a fixed step never settles.",
        smooth=False,
    ),
    Surface(
        "griewank",
        "Griewank",
        MANY,
        "(x^2 + y^2)/4000 - cos(x)*cos(y/sqrt(2)) + 1",
        (-10, 10, -10, 10),
        (_minimum(0, 0), _local(3.1400226339, 4.43844448092), _local(6.28004527938, 0)),
        ((-8, 5), (2, 2)),
        _SURVEY,
    ),
    Surface(
        "levy13",
        "Lévy 13",
        MANY,
        "sin(3*pi*x)^2 + (x - 1)^2*(1 + sin(3*pi*y)^2) + (y - 1)^2*(1 + sin(2*pi*y)^2)",
        (-5, 5, -5, 5),
        (_minimum(1, 1),),
        ((-4, 3), (0.5, 0.5)),
        "infinity77.net, Global Optimization Benchmarks, Levy13",
    ),
    Surface(
        "styblinski_tang",
        "Styblinski-Tang",
        MANY,
        "(x^4 - 16*x^2 + 5*x + y^4 - 16*y^2 + 5*y)/2",
        (-5, 5, -5, 5),
        (
            _minimum(_LOW, _LOW),
            _local(_HIGH, _LOW),
            _local(_LOW, _HIGH),
            _local(_HIGH, _HIGH),
            _maximum(_MIDDLE, _MIDDLE),
            _saddle(_LOW, _MIDDLE),
            _saddle(_MIDDLE, _LOW),
            _saddle(_HIGH, _MIDDLE),
            _saddle(_MIDDLE, _HIGH),
        ),
        ((4.5, 1), (0.2, 0.1)),
        _SURVEY,
    ),
    Surface(
        "three_hump_camel",
        "Three-hump camel",
        MANY,
        "2*x^2 - 1.05*x^4 + x^6/6 + x*y + y^2",
        (-2.5, 2.5, -2.5, 2.5),
        (
            _minimum(0, 0),
            _local(1.74755234583, -0.873776172915),
            _local(-1.74755234583, 0.873776172915),
            _saddle(1.07054229182, -0.535271145912),
            _saddle(-1.07054229182, 0.535271145912),
        ),
        ((2.2, 2), (1.1, 0.5)),
        _SURVEY,
        "The lowest value is 0; -1.0316 belongs to the six-hump camel.",
    ),
    Surface(
        "six_hump_camel",
        "Six-hump camel",
        MANY,
        "(4 - 2.1*x^2 + x^4/3)*x^2 + x*y + (4*y^2 - 4)*y^2",
        (-2, 2, -1.2, 1.2),
        (
            _minimum(0.0898420131003, -0.712656403021),
            _minimum(-0.0898420131003, 0.712656403021),
            _local(1.70360671497, -0.796083568673),
            _local(-1.70360671497, 0.796083568673),
            _local(1.60710475292, 0.568651454884),
            _local(-1.60710475292, -0.568651454884),
            _maximum(1.23022987652, 0.162334584459),
            _maximum(-1.23022987652, -0.162334584459),
            _saddle(1.29607026717, 0.605084388039),
            _saddle(-1.29607026717, -0.605084388039),
            _saddle(0, 0),
        ),
        ((-1.5, 1), (0.01, 0.01)),
        _SURVEY,
    ),
    Surface(
        "branin",
        "Branin",
        MANY,
        "(y - 5.1/(4*pi^2)*x^2 + 5/pi*x - 6)^2 + 10*(1 - 1/(8*pi))*cos(x) + 10",
        (-5, 10, 0, 15),
        (_minimum(-math.pi, 12.275), _minimum(math.pi, 2.275), _minimum(3 * math.pi, 2.475)),
        ((6, 12), (0, 5)),
        _SURVEY,
        "Three minima of the same depth.",
    ),
    Surface(
        "saddle",
        "Saddle",
        SADDLES,
        "x^2 - y^2",
        (-2, 2, -2, 2),
        (_saddle(0, 0),),
        ((-1.5, 0.001), (-1.5, 0)),
        "Hessian with the eigenvalues 2 and -2",
        "From y = 0 exactly, gradient descent stops at the saddle; from beside it, it falls for ever.",
        bounded_below=False,
    ),
    Surface(
        "quartic_saddle",
        "Saddle between two minima",
        SADDLES,
        "x^2 + y^4 - 2*y^2",
        (-2, 2, -1.8, 1.8),
        (_minimum(0, 1), _minimum(0, -1), _saddle(0, 0)),
        ((-1.5, 0.001), (1.5, 0.2)),
        "Hessian at the saddle with the eigenvalues -4 and 2",
    ),
    Surface(
        "monkey_saddle",
        "Monkey saddle",
        SADDLES,
        "x^3 - 3*x*y^2",
        (-1.5, 1.5, -1.5, 1.5),
        (CriticalPoint(0, 0, "degenerate saddle"),),
        ((1.2, 0.05), (0.8, 0.8)),
        "real part of (x + iy)^3",
        "At the saddle the Hessian vanishes too: three ways down, three up.",
        bounded_below=False,
    ),
)
SURFACES: Mapping[str, Surface] = MappingProxyType({row.id: row for row in _ROWS})
