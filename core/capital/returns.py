"""What a provider of money earns: rates of return of dated or periodic flows, present values, multiples on money.

A rate of return r solves sum of C_i / (1 + r)^t_i = 0, for dated flows with t_i = days / 365 (as in Excel's XIRR).
There may be several, or none: by Descartes' rule at most as many as the flows, in order of time, change sign. With
s = ln(1 + r) and any u between two flows of unlike sign, the derivative of e^(us) * sum of C_i e^(-t_i s) is a sum of
the same kind with one change of sign less, and between its roots the first sum is monotone. So all roots are found by
recursion, none by luck of a starting value (Laguerre's proof of the rule for exponential sums; Polya and Szego,
"Problems and Theorems in Analysis", volume II, part V).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pyxirr
from numpy.typing import NDArray

DAYS_PER_YEAR = 365

_LOWEST, _HIGHEST = math.log(1e-13), math.log(1e300)
"""Rates are looked for between -99.99999999999 % and 1e300, the reach of a float."""
_TOUCHING = 1e-14
"""A turning point with a present value this small beside the sum of the flows' sizes is a double root."""
_DIGITS = 50


def xirr(flows: Sequence[tuple[date, float]]) -> float | None:
    """The yearly rate at which the flows' present values sum to zero; None where money only goes one way.

    Days count by 365, as in Excel's XIRR. An investment's flows change sign once, so there is one rate; those of
    several investors together may change it more often, and the rate is then the first that is found: `xirrs` has all.
    """
    amounts = [amount for _, amount in flows]
    if not (any(amount > 0 for amount in amounts) and any(amount < 0 for amount in amounts)):
        return None
    rate = pyxirr.xirr([day for day, _ in flows], amounts)
    return None if rate is None else float(rate)


def xirrs(flows: Sequence[tuple[date, float]]) -> tuple[float, ...]:
    """All yearly rates of return of dated flows, rising; none where there is none."""
    if not flows:
        return ()
    start = min(day for day, _ in flows)
    return _rates([(day - start).days / DAYS_PER_YEAR for day, _ in flows], [amount for _, amount in flows])


def irrs(amounts: Sequence[float]) -> tuple[float, ...]:
    """All rates of return per period of amounts one period apart, rising; none where there is none."""
    return _rates([float(period) for period in range(len(amounts))], amounts)


def xnpv(rate: float, flows: Sequence[tuple[date, float]]) -> float:
    """Present value of dated flows on the first one's day, days by 365 (Excel's XNPV, there for -1 < rate too)."""
    start = min(day for day, _ in flows)
    return math.fsum(amount * (1 + rate) ** (-(day - start).days / DAYS_PER_YEAR) for day, amount in flows)


def npv(rate: Fraction, amounts: Sequence[Fraction]) -> Fraction:
    """Present value of periodic amounts, the first undiscounted (Excel's NPV discounts it by one period), exactly."""
    return sum((amount / (1 + rate) ** period for period, amount in enumerate(amounts)), Fraction(0))


def multiple_on_invested_capital(flows: Sequence[tuple[date, float]]) -> float | None:
    """Money back / money in (MOIC); None where nothing was put in."""
    invested = -sum(amount for _, amount in flows if amount < 0)
    returned = sum(amount for _, amount in flows if amount > 0)
    return returned / invested if invested else None


def compounded(rate: Fraction, years: Fraction) -> Fraction:
    """(1 + rate)^years: exact for whole years, else to 50 digits, as the root of a fraction has no last digit."""
    if years.denominator == 1:
        return (1 + rate) ** years.numerator
    with localcontext() as context:
        context.prec = _DIGITS
        growth = 1 + rate
        base = Decimal(growth.numerator) / Decimal(growth.denominator)
        return Fraction(base ** (Decimal(years.numerator) / Decimal(years.denominator)))


def sign_changes(amounts: Sequence[float]) -> int:
    """How often the amounts that are not zero change sign: there are at most so many rates of return."""
    signs = [amount > 0 for amount in amounts if amount]
    return sum(one != after for one, after in pairwise(signs))


@dataclass(frozen=True)
class _Sum:
    """sum of signs * e^(logs - times * s); logs, as the recursion multiplies sizes beyond a float's reach."""

    times: NDArray[np.float64]
    signs: NDArray[np.float64]
    logs: NDArray[np.float64]

    def relative(self, s: float) -> float:
        """The sum beside the sum of its terms' sizes: -1 to 1, and never an overflow."""
        powers = self.logs - s * self.times
        sizes = np.exp(powers - powers.max())
        return float((self.signs * sizes).sum() / sizes.sum())

    def derivative(self, at: int) -> "_Sum":
        """Of e^(us) times the sum, with u between the terms `at` and `at` + 1."""
        distances = (self.times[at] + self.times[at + 1]) / 2 - self.times
        return _Sum(self.times, self.signs * np.sign(distances), self.logs + np.log(np.abs(distances)))


def _rates(times: Sequence[float], amounts: Sequence[float]) -> tuple[float, ...]:
    on: dict[float, float] = {}
    for time, amount in sorted(zip(times, amounts, strict=True)):
        on[time] = on.get(time, 0.0) + float(amount)
    left = {time: amount for time, amount in on.items() if amount}
    sizes = np.array(list(left.values()))
    values = _Sum(np.array(list(left)), np.sign(sizes), np.log(np.abs(sizes)))
    return tuple(math.expm1(root) for root in _roots(values)) if left else ()


def _roots(values: _Sum) -> list[float]:
    """All s within reach where the sum is zero, rising; its times rise."""
    sums = [values]
    while (changes := np.flatnonzero(sums[-1].signs[1:] != sums[-1].signs[:-1])).size:
        sums.append(sums[-1].derivative(int(changes[0])))
    roots: list[float] = []
    for one in reversed(sums[:-1]):
        roots = _roots_between(one, roots)
    return roots


def _roots_between(values: _Sum, turns: list[float]) -> list[float]:
    """The roots of a sum that is monotone between its turns."""
    found = []
    edges = [(at, values.relative(at)) for at in (_LOWEST, *turns, _HIGHEST)]
    for (low, at_low), (high, at_high) in pairwise(edges):
        touches_low, touches_high = abs(at_low) < _TOUCHING, abs(at_high) < _TOUCHING
        if touches_low and low in turns:
            found.append(low)
        if at_low * at_high < 0 and not (touches_low or touches_high):
            found.append(_crossing(values, low, high, rising=at_high > 0))
    return found


def _crossing(values: _Sum, low: float, high: float, *, rising: bool) -> float:
    """The root between two ends of unlike sign, as close as floats get (bisection)."""
    while low < (middle := (low + high) / 2) < high:
        value = values.relative(middle)
        if value == 0:
            return middle
        low, high = (low, middle) if (value > 0) == rising else (middle, high)
    return middle
