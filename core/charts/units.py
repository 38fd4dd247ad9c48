"""Large numbers as each language counts them: 1.23 billion USD in English, 12.3 亿美元 in Chinese.

A chart divides what it draws by one power of ten and names it in the unit of its axis. Which powers have a name is a
matter of language (10³, 10⁶ and 10⁹ in English, 10⁴ and 10⁸ in Chinese), so the catalogue says it.
"""

import math
from collections.abc import Callable
from decimal import Decimal

Words = Callable[[str], str]
DIGITS = 3
HOVER = ",.4~r"  # d3's format for a number under the pointer: four digits that count, never a power of ten
FINE_TICKS_DECADES = 1.5  # an axis shorter than this has ticks at 2 and 5, too


def large_numbers(words: Words) -> tuple[tuple[float, str], ...]:
    """The powers of ten that this language has a word for, from the smallest up."""
    return _listed(words("1e3 thousand, 1e6 million, 1e9 billion, 1e12 trillion"))


def count_scale(largest: float, unit: str, words: Words) -> tuple[float, str]:
    """Divisor and unit of an axis that reaches `largest`: the largest word that it comes up to, none for a small one.

    unit: what is counted, translated, with the place of the word, e.g. "{scale} shares"
    """
    fitting = [(divisor, word) for divisor, word in large_numbers(words) if abs(largest) >= divisor]
    divisor, word = fitting[-1] if fitting else (1.0, "")
    return divisor, unit.format(scale=word).strip()


def money_scale(largest: float, currency: str, words: Words) -> tuple[float, str]:
    """Divisor and unit of an axis of money that reaches `largest`, e.g. (1e6, "million USD")."""
    return count_scale(largest, money_unit(currency, words), words)


def money_unit(currency: str, words: Words) -> str:
    """Units of money with the place of the word for a power of ten."""
    return words("{scale} {currency}").format(scale="{scale}", currency=words(currency) if currency else "")


def with_unit(number: str, unit: str, words: Words) -> str:
    """A number, or a chart's place for one, with its unit: "1.23 million USD"."""
    return words("{number} {unit}").format(number=number, unit=unit) if unit else number


def titled(quantity: str, unit: str, words: Words) -> str:
    """The title of an axis: "Cash, million USD"."""
    return words("{quantity}, {unit}").format(quantity=quantity, unit=unit) if unit else quantity


def short(value: float, *, signed: bool = False) -> str:
    """Three digits that count, and all before the point: 0.0123, 12.3, 1,235."""
    amount = abs(value)
    text = f"{amount:,.0f}" if round(amount) >= 10**DIGITS else f"{amount:.{DIGITS}g}"
    sign = "−" if value < 0 else "+" if signed else ""
    return sign + (f"{Decimal(text):f}" if "e" in text else text)


def counted(value: float, unit: str, words: Words) -> str:
    """One number on its own, in words of its own size: "1.23 billion USD". unit: as of `count_scale`."""
    rounded = float(f"{value:.{DIGITS}g}")  # 999,999 is a million
    divisor, name = count_scale(rounded, unit, words)
    return with_unit(short(rounded / divisor), name, words)


def count_ticks(low: float, high: float, words: Words) -> dict[str, list[float] | list[str]]:
    """Ticks of a logarithmic axis in plain numbers: powers of ten, with 2 and 5 where they are few, named shortly."""
    if not 0 < low <= high:
        return {}
    first, last = math.log10(low), math.log10(high)
    steps = (1, 2, 5) if last - first < FINE_TICKS_DECADES else (1,)
    powers = range(math.floor(first) - 1, math.ceil(last) + 1)
    ticks = [float(f"{step}e{power}") for power in powers for step in steps]
    return {"tickvals": ticks, "ticktext": [_short_tick(tick, words) for tick in ticks]}


def _short_tick(tick: float, words: Words) -> str:
    names = _listed(words("1e3 K, 1e6 M, 1e9 B, 1e12 T"))
    fitting = [(divisor, letter) for divisor, letter in names if tick >= divisor]
    divisor, letter = fitting[-1] if fitting else (1.0, "")
    return short(tick / divisor) + letter


def _listed(text: str) -> tuple[tuple[float, str], ...]:
    pairs = [part.split() for part in text.split(",")]
    return tuple((float(power), name) for power, name in pairs)
