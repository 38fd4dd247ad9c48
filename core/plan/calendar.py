"""Months as the plan counts them: month 0 is the founding month; a month is named by its first day."""

from datetime import date

MONTHS_PER_YEAR = 12
DAYS_PER_MONTH = 365.25 / 12


def months_between(start: date, end: date) -> int:
    """Whole months from one first of a month to another; negative when `end` is earlier."""
    return (end.year - start.year) * MONTHS_PER_YEAR + end.month - start.month


def month_after(start: date, months: int) -> date:
    """The first of the month that is `months` after `start`."""
    years, month = divmod(start.month - 1 + months, MONTHS_PER_YEAR)
    return date(start.year + years, month + 1, 1)
