"""Estimates in words: a chance with its error, a figure with its range."""

from core.plan.risk import Estimate
from ui import formats
from ui.language import words

FINE = 0.01  # an error below a point is shown with a decimal, one below a tenth with two


def with_error(one: Estimate) -> str:
    """A chance give or take the longer half of its 95 % interval, e.g. 83% ± 2."""
    half = max(one.high - one.value, one.value - one.low)
    digits = _digits(half)
    return f"{formats.percent(one.value, digits)} ± {formats.decimal(100 * half, digits)}"


def with_interval(one: Estimate) -> str:
    """A chance with both ends of its interval, e.g. 83% (81% to 85%)."""
    digits = _digits((one.high - one.low) / 2)
    return words("{value} ({low} to {high})").format(
        value=formats.percent(one.value, digits),
        low=formats.percent(one.low, digits),
        high=formats.percent(one.high, digits),
    )


def _digits(error: float) -> int:
    return 0 if error >= FINE else 1 if error >= FINE / 10 else 2
