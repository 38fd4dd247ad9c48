"""Spreadsheet formulas that know their own value: each is written once and both shown and checked.

A `Formula` is built with Python's operators and the few functions below. Its text is what a spreadsheet calculates, its
value what that comes to here, in the same floating-point arithmetic.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

import numpy as np

CENT = Decimal("0.01")
CENTS = 100
COMPARISON, SUM, PRODUCT, POWER, ATOM = range(5)
NEAR_A_HALF = 1e-3  # of a cent, above the noise of any amount that a scenario holds
Arithmetic = Callable[[float, float], float]


@dataclass(frozen=True)
class Formula:
    """A formula without its "=", what it comes to, and how strongly its outermost operator binds."""

    text: str
    value: float
    binding: int = ATOM

    def __add__(self, other: Formula | float) -> Formula:
        return _joined(self, PLUS, other)

    def __sub__(self, other: Formula | float) -> Formula:
        return _joined(self, MINUS, other)

    def __rsub__(self, other: float) -> Formula:
        return number(other) - self

    def __mul__(self, other: Formula | float) -> Formula:
        return _joined(self, TIMES, other)

    def __rmul__(self, other: float) -> Formula:
        return number(other) * self

    def __radd__(self, other: float) -> Formula:
        return number(other) + self

    def __truediv__(self, other: Formula | float) -> Formula:
        return _joined(self, OVER, other)

    def __pow__(self, other: Formula | float) -> Formula:
        return _joined(self, TO_THE, other)

    def __rpow__(self, other: float) -> Formula:
        return number(other) ** self

    def __neg__(self) -> Formula:
        return Formula(f"-{_within(self, POWER)}", -self.value, SUM)

    def __ge__(self, other: Formula | float) -> Formula:
        return _compared(self, ">=", other, lambda a, b: a >= b)

    def __gt__(self, other: Formula | float) -> Formula:
        return _compared(self, ">", other, lambda a, b: a > b)

    def __le__(self, other: Formula | float) -> Formula:
        return _compared(self, "<=", other, lambda a, b: a <= b)

    def __lt__(self, other: Formula | float) -> Formula:
        return _compared(self, "<", other, lambda a, b: a < b)

    def equals(self, other: Formula | float) -> Formula:
        return _compared(self, "=", other, lambda a, b: a == b)


def number(value: float) -> Formula:
    """A constant in a formula."""
    text = f"{value:.17g}" if value != int(value) or abs(value) >= 1e15 else f"{int(value)}"
    return Formula(text.replace("e", "E"), float(value), ATOM if value >= 0 else SUM)


ZERO, ONE = number(0), number(1)


def either(condition: Formula, then: Formula | float, otherwise: Formula | float = 0.0) -> Formula:
    """IF(condition, then, otherwise)."""
    then, otherwise = _formula(then), _formula(otherwise)
    value = then.value if condition.value else otherwise.value
    return Formula(f"IF({condition.text},{then.text},{otherwise.text})", value)


def every(*conditions: Formula) -> Formula:
    """AND(...)."""
    return _called("AND", conditions, float(all(one.value for one in conditions)))


def some(*conditions: Formula) -> Formula:
    """OR(...)."""
    return _called("OR", conditions, float(any(one.value for one in conditions)))


def least(*values: Formula | float) -> Formula:
    """MIN(...)."""
    return _called("MIN", values, min(_formula(one).value for one in values))


def most(*values: Formula | float) -> Formula:
    """MAX(...)."""
    return _called("MAX", values, max(_formula(one).value for one in values))


def total(values: Iterable[Formula]) -> Formula:
    """All of them added up, one by one."""
    found = ZERO
    for position, one in enumerate(values):
        found = one if position == 0 else found + one
    return found


def whole_up(value: Formula) -> Formula:
    """ROUNDUP to a whole number."""
    return Formula(f"ROUNDUP({value.text},0)", float(np.ceil(value.value)))


def cents_up(value: Formula) -> Formula:
    """ROUNDUP to a cent."""
    return Formula(f"ROUNDUP({value.text},2)", float(np.ceil(round(value.value * CENTS, 6))) / CENTS)


def rounded(value: Formula, in_cents: float | None = None) -> Formula:
    """To the cent, as the plan rounds: half to even.

    Spreadsheets round half up. Where the two differ the formula gets the cent as a constant.

    in_cents: the same value as the plan has it before rounding, if it calculates in cents
    """
    result = float(np.rint(value.value * CENTS if in_cents is None else in_cents)) / CENTS
    return corrected(Formula(f"ROUND({value.text},2)", _half_up(value.value)), result)


def whole_cents(value: Formula) -> Formula:
    """A sum of whole cents without the hair that floating point adds to it."""
    return Formula(f"ROUND({value.text},2)", float(np.rint(value.value * CENTS)) / CENTS)


def corrected(formula: Formula, result: float) -> Formula:
    """The formula with the cents that it misses of the plan's result, if any."""
    missing = round((result - formula.value) * CENTS)
    if not missing:
        return Formula(formula.text, result, formula.binding)
    # Signed by hand, so that a cent that is taken away reads so.
    text = f"{_within(formula, SUM)}{'+' if missing > 0 else '-'}{abs(missing) / CENTS:.2f}"
    return Formula(text, result, SUM)


def _half_up(value: float) -> float:
    cents = value * CENTS
    if abs(abs(cents - np.trunc(cents)) - 0.5) > NEAR_A_HALF:
        return float(np.rint(cents)) / CENTS
    return float(Decimal(f"{value:.15g}").quantize(CENT, ROUND_HALF_UP))


def _power(base: float, exponent: float) -> float:
    try:
        return float(base**exponent)
    except OverflowError:  # in a branch that the spreadsheet never takes
        return math.inf


def _formula(value: Formula | float) -> Formula:
    return value if isinstance(value, Formula) else number(value)


def _within(formula: Formula, least_binding: int) -> str:
    return formula.text if formula.binding >= least_binding else f"({formula.text})"


def _called(name: str, arguments: Iterable[Formula | float], value: float) -> Formula:
    return Formula(f"{name}({','.join(_formula(one).text for one in arguments)})", value)


@dataclass(frozen=True)
class _Operator:
    """How a sign binds: the least that its sides must bind to stand beside it without parentheses, and it itself."""

    sign: str
    left: int
    right: int
    own: int
    work: Arithmetic


PLUS = _Operator("+", SUM, SUM, SUM, lambda a, b: a + b)
MINUS = _Operator("-", SUM, PRODUCT, SUM, lambda a, b: a - b)
TIMES = _Operator("*", PRODUCT, PRODUCT, PRODUCT, lambda a, b: a * b)
OVER = _Operator("/", PRODUCT, POWER, PRODUCT, lambda a, b: a / b if b else 0.0)
TO_THE = _Operator("^", ATOM, ATOM, POWER, _power)


def _joined(left: Formula, operator: _Operator, right: Formula | float) -> Formula:
    right = _formula(right)
    text = f"{_within(left, operator.left)}{operator.sign}{_within(right, operator.right)}"
    return Formula(text, operator.work(left.value, right.value), operator.own)


def _compared(left: Formula, sign: str, right: Formula | float, test: Callable[[float, float], bool]) -> Formula:
    right = _formula(right)
    text = f"{_within(left, SUM)}{sign}{_within(right, SUM)}"
    return Formula(text, float(test(left.value, right.value)), COMPARISON)
