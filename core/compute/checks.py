"""The one check of a number's range that the modules of compute share."""

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError


def check(
    field: str,
    value: float | NDArray[np.float64],
    *,
    above: float | None = None,
    at_least: float | None = None,
    at_most: float = np.inf,
) -> None:
    """Raises InputError unless `above` < value (or `at_least` <= value) <= `at_most`, everywhere and finite."""
    low, sign = (above, "<") if above is not None else (at_least, "<=")
    assert low is not None
    expected = f"{low:g} {sign} {field}" + (f" <= {at_most:g}" if at_most < np.inf else "")
    values = np.asarray(value)
    if not np.all(np.isfinite(values)):
        raise InputError("not_a_number", field, value, expected)
    fits = values > low if above is not None else values >= low
    if not np.all(fits & (values <= at_most)):
        raise InputError("out_of_range", field, value, expected)
