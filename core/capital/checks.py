"""Checks that a noun of capital makes of its own fields; each refuses by code, field and notation.

Money and ratios are Fractions (an int is taken as one). A float is refused, because a price of 0.1 is not 1/10.
"""

import datetime
from collections.abc import Callable
from fractions import Fraction

from core.errors import InputError


def exact_number(field: str, value: object) -> Fraction:
    """The int or Fraction as a Fraction; InputError wrong_type for anything else, floats included."""
    if isinstance(value, bool) or not isinstance(value, (int, Fraction)):
        raise InputError("wrong_type", field, value, "Fraction | int")
    return Fraction(value)


def path(noun: object, field: str) -> str:
    """How an error names the field, e.g. "SafeIssued.amount"."""
    return f"{type(noun).__name__}.{field}"


def check_date(noun: object, field: str) -> None:
    """A day, not a moment."""
    value = getattr(noun, field)
    if not isinstance(value, datetime.date) or isinstance(value, datetime.datetime):
        raise InputError("wrong_type", path(noun, field), value, "datetime.date")


def check_name(noun: object, field: str) -> None:
    """Text that is not blank."""
    value = getattr(noun, field)
    if not isinstance(value, str):
        raise InputError("wrong_type", path(noun, field), value, "str")
    if not value.strip():
        raise InputError("missing", path(noun, field), value, f"{field} != ''")


def check_whole(noun: object, field: str, least: int | None = None) -> None:
    """An int, at least `least`."""
    value = getattr(noun, field)
    if isinstance(value, bool) or not isinstance(value, int):
        raise InputError("wrong_type", path(noun, field), value, "int")
    if least is not None and value < least:
        raise InputError("out_of_range", path(noun, field), value, f"{least} <= {field}")


def check_flag(noun: object, field: str) -> None:
    """True or False, nothing that is only taken as one of them."""
    if not isinstance(getattr(noun, field), bool):
        raise InputError("wrong_type", path(noun, field), getattr(noun, field), "bool")


def check_choice(noun: object, field: str, choices: tuple[str, ...]) -> None:
    """One of the names."""
    if getattr(noun, field) not in choices:
        raise InputError("unknown_name", path(noun, field), getattr(noun, field), " | ".join(choices))


def check_all(noun: object, field: str, kind: type, least: int = 0) -> None:
    """A tuple of that kind of noun."""
    value = getattr(noun, field)
    if not isinstance(value, tuple) or not all(isinstance(one, kind) for one in value):
        raise InputError("wrong_type", path(noun, field), value, f"tuple[{kind.__name__}, ...]")
    if len(value) < least:
        raise InputError("missing", path(noun, field), value, f"{least} <= len({field})")


def settle(noun: object, field: str, expected: str, holds: Callable[[Fraction], bool]) -> None:
    """Check the field and keep it as a Fraction: int / int would silently be a float later."""
    exact = exact_number(path(noun, field), getattr(noun, field))
    if not holds(exact):
        raise InputError("out_of_range", path(noun, field), getattr(noun, field), expected)
    object.__setattr__(noun, field, exact)


def settle_if_given(noun: object, field: str, expected: str, holds: Callable[[Fraction], bool]) -> None:
    """The same for a field that may be None."""
    if getattr(noun, field) is not None:
        settle(noun, field, expected, holds)
