"""Exact first and second derivatives by carrying them along: second-order forward mode in two variables.

A jet is (f), (f, f_x, f_y) or (f, f_x, f_y, f_xx, f_xy, f_yy), by the order asked for; every entry is a number or an
array. The rules are the chain, sum and product rules, so derivatives are exact up to rounding: no step size.
At a kink (|u| or max at a tie) the slope is PyTorch's: 0 for |u| and relu, half of each for a tie of max or min.
"""

import math
from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

Entry = np.float64 | NDArray[np.float64]
Jet = tuple[Entry, ...]
ENTRIES = (1, 3, 6)
ZERO = np.float64(0.0)
ONE = np.float64(1.0)


def constant(value: float, order: int) -> Jet:
    return (np.float64(value), *[ZERO] * (ENTRIES[order] - 1))


def variables(x: Entry, y: Entry, order: int) -> tuple[Jet, Jet]:
    slopes_x, slopes_y = (ONE, ZERO, ZERO, ZERO, ZERO), (ZERO, ONE, ZERO, ZERO, ZERO)
    return (x, *slopes_x[: ENTRIES[order] - 1]), (y, *slopes_y[: ENTRIES[order] - 1])


def add(u: Jet, v: Jet) -> Jet:
    return tuple(a + b for a, b in zip(u, v, strict=True))


def subtract(u: Jet, v: Jet) -> Jet:
    return tuple(a - b for a, b in zip(u, v, strict=True))


def negate(u: Jet) -> Jet:
    return tuple(-a for a in u)


def multiply(u: Jet, v: Jet) -> Jet:
    product: Jet = (u[0] * v[0],)
    if len(u) > 1:
        product += (u[1] * v[0] + u[0] * v[1], u[2] * v[0] + u[0] * v[2])
    if len(u) > 3:
        product += (
            u[3] * v[0] + 2 * u[1] * v[1] + u[0] * v[3],
            u[4] * v[0] + u[1] * v[2] + u[2] * v[1] + u[0] * v[4],
            u[5] * v[0] + 2 * u[2] * v[2] + u[0] * v[5],
        )
    return product


def divide(u: Jet, v: Jet) -> Jet:
    return multiply(u, power(v, -1.0))


def chain(u: Jet, value: Entry, slope: Entry, bend: Entry) -> Jet:
    """f(u) from f, f' and f'' at u."""
    result: Jet = (value,)
    if len(u) > 1:
        result += (slope * u[1], slope * u[2])
    if len(u) > 3:
        result += (
            slope * u[3] + bend * u[1] * u[1],
            slope * u[4] + bend * u[1] * u[2],
            slope * u[5] + bend * u[2] * u[2],
        )
    return result


def power(u: Jet, exponent: float) -> Jet:
    """u to a constant exponent; a vanishing factor is left out, so that 0^0 and x^1 at 0 have their slopes."""
    slope = exponent * u[0] ** (exponent - 1) if exponent else ZERO
    bend = exponent * (exponent - 1) * u[0] ** (exponent - 2) if exponent * (exponent - 1) else ZERO
    return chain(u, u[0] ** exponent, slope, bend)


def general_power(u: Jet, v: Jet) -> Jet:
    """u^v with both varying: e^(v ln u), so u must be positive."""
    return FUNCTIONS["exp"](multiply(v, FUNCTIONS["ln"](u)))


def larger(u: Jet, v: Jet) -> Jet:
    share = np.where(u[0] > v[0], 1.0, np.where(u[0] < v[0], 0.0, 0.5))
    # a NaN on either side must stay one
    value = np.maximum(u[0], v[0])
    return (value, *(share * a + (1 - share) * b for a, b in zip(u[1:], v[1:], strict=True)))


def smaller(u: Jet, v: Jet) -> Jet:
    return negate(larger(negate(u), negate(v)))


def _sigmoid(z: Entry) -> Entry:
    small = np.exp(-np.abs(z))
    return np.where(z >= 0, 1 / (1 + small), small / (1 + small))


def _from_slopes(
    value: Callable[[Entry], Entry],
    slope: Callable[[Entry, Entry], Entry],
    bend: Callable[[Entry, Entry], Entry],
) -> Callable[[Jet], Jet]:
    """A jet's function from f(z) and the slope and bend at (z, f(z))."""

    def applied(u: Jet) -> Jet:
        z = u[0]
        f = value(z)
        if len(u) == 1:
            return (f,)
        return chain(u, f, slope(z, f), bend(z, f) if len(u) > 3 else ZERO)

    return applied


LOG_10 = math.log(10)
FUNCTIONS: Mapping[str, Callable[[Jet], Jet]] = MappingProxyType(
    {
        "sin": _from_slopes(np.sin, lambda z, _f: np.cos(z), lambda _z, f: -f),
        "cos": _from_slopes(np.cos, lambda z, _f: -np.sin(z), lambda _z, f: -f),
        "tan": _from_slopes(np.tan, lambda _z, f: 1 + f * f, lambda _z, f: 2 * f * (1 + f * f)),
        "asin": _from_slopes(np.arcsin, lambda z, _f: (1 - z * z) ** -0.5, lambda z, _f: z * (1 - z * z) ** -1.5),
        "acos": _from_slopes(np.arccos, lambda z, _f: -((1 - z * z) ** -0.5), lambda z, _f: -z * (1 - z * z) ** -1.5),
        "atan": _from_slopes(np.arctan, lambda z, _f: 1 / (1 + z * z), lambda z, _f: -2 * z / (1 + z * z) ** 2),
        "sinh": _from_slopes(np.sinh, lambda z, _f: np.cosh(z), lambda _z, f: f),
        "cosh": _from_slopes(np.cosh, lambda z, _f: np.sinh(z), lambda _z, f: f),
        "tanh": _from_slopes(np.tanh, lambda _z, f: 1 - f * f, lambda _z, f: -2 * f * (1 - f * f)),
        "exp": _from_slopes(np.exp, lambda _z, f: f, lambda _z, f: f),
        "ln": _from_slopes(np.log, lambda z, _f: 1 / z, lambda z, _f: -1 / (z * z)),
        "log10": _from_slopes(np.log10, lambda z, _f: 1 / (z * LOG_10), lambda z, _f: -1 / (z * z * LOG_10)),
        "sqrt": _from_slopes(np.sqrt, lambda _z, f: 0.5 / f, lambda z, f: -0.25 / (f * z)),
        "abs": _from_slopes(np.abs, lambda z, _f: np.sign(z), lambda z, _f: ZERO * z),
        "sign": _from_slopes(np.sign, lambda z, _f: ZERO * z, lambda z, _f: ZERO * z),
        "relu": _from_slopes(
            lambda z: np.maximum(z, ZERO), lambda z, _f: np.where(z > 0, 1.0, 0.0), lambda z, _f: ZERO * z
        ),
        "sigmoid": _from_slopes(_sigmoid, lambda _z, f: f * (1 - f), lambda _z, f: f * (1 - f) * (1 - 2 * f)),
        "softplus": _from_slopes(
            lambda z: np.maximum(z, ZERO) + np.log1p(np.exp(-np.abs(z))),
            lambda z, _f: _sigmoid(z),
            lambda z, _f: _sigmoid(z) * _sigmoid(-z),
        ),
    }
)
TWO_PLACE_FUNCTIONS: Mapping[str, Callable[[Jet, Jet], Jet]] = MappingProxyType({"max": larger, "min": smaller})
