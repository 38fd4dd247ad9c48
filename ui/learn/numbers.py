"""Numbers of formulas as text: so many significant digits, a power of ten where they are very small or very large."""

import math

from ui import formats
from ui.language import words

SMALLEST, LARGEST = 1e-4, 1e7
DIGITS = 6  # of a formula's value; four do in running text


def significant(amount: float, digits: int = DIGITS) -> str:
    """E.g. 0.880797, 1.95, 1.4756 × 10⁻⁶; a value that does not exist is said to be none."""
    number = float(amount)
    if math.isnan(number):
        return words("no number (NaN)")
    if number == 0 or math.isinf(number):
        return "0" if number == 0 else ("∞" if number > 0 else "−∞")
    if not SMALLEST <= abs(number) < LARGEST:
        return formats.scientific(number)
    return formats.decimal(number, max(0, digits - 1 - math.floor(math.log10(abs(number)))))
