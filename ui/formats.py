"""Numbers, money and dates in the session's language (Babel): $5.58M and 558 万美元, Sep 2028 and 2028年9月."""

import re
from datetime import date
from functools import lru_cache

from babel.dates import format_date, format_skeleton
from babel.numbers import format_compact_decimal, format_decimal, format_percent

from core.plan.values import Currency
from ui.language import N_, current_language, words

_OPENS_A_FORMULA = re.compile(r"(?<!\\)\$")
MONEY: dict[Currency, str] = {
    "USD": N_("${amount}"),
    "CNY": N_("CN¥{amount}"),
    "HKD": N_("HK${amount}"),
    "EUR": N_("€{amount}"),
}


def money(amount: float, currency: Currency, digits: int = 3) -> str:
    """Money to three significant digits, e.g. $5.58M."""
    number = _compact(abs(amount), digits)
    sign = "−" if amount < 0 and number != "0" else ""
    return sign + _apart(words(MONEY[currency]).format(amount=number))


def money_exact(amount: float, currency: Currency, digits: int = 2) -> str:
    """Money with all its digits, e.g. $5,576,000.00."""
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    sign = "−" if amount < 0 else ""
    text = words(MONEY[currency]).format(amount=format_decimal(abs(amount), pattern, locale=current_language()))
    return sign + _apart(text)


def price(amount: float, currency: Currency) -> str:
    """A price to three significant digits and at least two decimals, e.g. $0.60 and $0.0153."""
    if abs(amount) >= 1000:
        return money(amount, currency)
    rounded = float(f"{amount:.3g}")
    decimals = len(f"{rounded:f}".rstrip("0").partition(".")[2])
    return money_exact(rounded, currency, max(2, decimals))


def money_listed(amount: float, currency: Currency, digits: int = 2, *, forecast: bool) -> str:
    """Money of a table that is added up: every cent of documents; of a forecast five digits, as more would pretend."""
    return money(amount, currency, 5) if forecast else money_exact(amount, currency, digits)


def in_markdown(text: str) -> str:
    """The text with its dollar signs kept from opening a formula; those of names (`ui.user_text`) are so already."""
    return _OPENS_A_FORMULA.sub(r"\\$", text)


def quantity(amount: float) -> str:
    """A count to three significant digits, e.g. 14.8T."""
    return ("−" if amount < 0 else "") + _apart(_compact(abs(amount)))


def decimal(amount: float, digits: int = 2) -> str:
    """A plain number with at most this many decimals."""
    text = format_decimal(amount, "#,##0" + ("." + "#" * digits if digits else ""), locale=current_language())
    return _true_minus(text)


def with_unit(amount: float, unit: str) -> str:
    """A number in the unit of its field, e.g. 33.1% and 1.5 million USD."""
    return f"{decimal(amount, 5)}{'' if unit == '%' else ' '}{unit}".strip()


def percent(fraction: float, digits: int = 1) -> str:
    """A share of a whole, e.g. 61.4%."""
    pattern = "#,##0" + ("." + "0" * digits if digits else "") + "%"
    return _true_minus(format_percent(fraction, pattern, locale=current_language()))


def month(day: date) -> str:
    """A month, e.g. Sep 2028."""
    return _month(day.replace(day=1), current_language())


def day(moment: date) -> str:
    """A day, e.g. Nov 24, 2026."""
    return str(format_date(moment, "medium", locale=current_language()))


def months(count: float) -> str:
    """A span of months."""
    return words("{count} months").format(count=decimal(count, 1))


def scientific(amount: float) -> str:
    """A number as a power of ten, e.g. 3.29 × 10²⁴."""
    mantissa, exponent = f"{amount:.3g}".partition("e")[::2]
    if not exponent:
        return decimal(amount)
    return _true_minus(mantissa) + " × 10" + str(int(exponent)).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))


def _true_minus(text: object) -> str:
    return str(text).replace("-", "−")


@lru_cache(maxsize=2000)  # a list of months to choose from has a hundred, and a page has several
def _month(first: date, language: str) -> str:
    return str(format_skeleton("yMMM", first, locale=language))


def _compact(amount: float, digits: int = 3) -> str:
    rounded = float(f"{amount:.{digits}g}")
    if amount and amount < 1000:
        return str(format_decimal(rounded, "#,##0.####", locale=current_language()))
    text = str(format_compact_decimal(rounded, locale=current_language(), fraction_digits=digits - 1))
    # Where a word stands for ten thousand, four digits may stand before it, which Babel leaves without their comma.
    return re.sub(r"^\d{4}", lambda digits: f"{int(digits[0]):,}", text)


def _apart(text: str) -> str:
    """A space between digits and the Chinese after them, as in all our sentences; dates have none."""
    return re.sub(r"(?<=\d)(?=[\u4e00-\u9fff])", " ", text)
