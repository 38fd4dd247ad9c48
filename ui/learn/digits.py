"""Several numbers in a row, and numbers inside a formula."""

import math
from collections.abc import Sequence

from ui.learn.numbers import significant


def several(values: Sequence[float], digits: int = 6, most: int = 5) -> str:
    """The first of them, with a sign that more follow."""
    shown = [significant(value, digits) for value in values[:most]]
    return "; ".join([*shown, *(["…"] if len(values) > most else [])])


def in_latex(value: float, digits: int = 5) -> str:
    """A number inside a formula."""
    if not math.isfinite(value):
        return r"\text{–}" if math.isnan(value) else (r"\infty" if value > 0 else r"-\infty")
    mantissa, _, exponent = f"{value:.{digits}g}".partition("e")
    return rf"{mantissa}\cdot 10^{{{int(exponent)}}}" if exponent else mantissa
