"""Increasing functions that are straight between knots, in exact numbers, and their inverses."""

from bisect import bisect_right
from collections.abc import Callable, Iterable
from fractions import Fraction


class PiecewiseLinear:
    """An increasing function of numbers from 0 on, straight between the knots and after the last; and its inverse."""

    def __init__(self, function: Callable[[Fraction], Fraction], knots: Iterable[Fraction]) -> None:
        self.knots = sorted({Fraction(0), *knots})
        self.values = [function(knot) for knot in self.knots]
        ends = [*self.knots[1:], self.knots[-1] + 1]
        rises = [*self.values[1:], function(ends[-1])]
        self._inverse_slopes = [
            (end - start) / (high - low)
            for start, end, low, high in zip(self.knots, ends, self.values, rises, strict=True)
        ]

    def inverse(self, value: Fraction) -> Fraction:
        """Where the function reaches the value, 0 if it starts above it."""
        if value <= self.values[0]:
            return Fraction(0)
        place = bisect_right(self.values, value) - 1
        return self.knots[place] + (value - self.values[place]) * self._inverse_slopes[place]
