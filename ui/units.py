"""The units in which stored numbers are shown and asked for, in the large numbers of the session's language."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from core.charts.units import large_numbers
from ui.language import N_, words

DECIMALS_KEPT = 10


@dataclass(frozen=True)
class Unit:
    """How a stored number is shown: stored / divisor, in steps of `step`, in a printf `format`.

    name: of an amount with a place for the currency it is stated in, of large numbers with one for the power of ten
    """

    name: str
    divisor: float = 1.0
    step: float = 1.0
    format: str = "%g"

    def shown(self, stored: float) -> float:
        """The number in this unit."""
        return round(stored / self.divisor, DECIMALS_KEPT)

    def stored(self, shown: float) -> float:
        """What is stored for a number in this unit: 0.35 for 35 %, and not 0.35000000000000003."""
        return float(Decimal(repr(float(shown))) * Decimal(repr(self.divisor)))


PERCENT = Unit("%", 0.01, 1.0)
MONEY = Unit("{currency}", 1.0, 1000.0, "%.0f")
MONEY_PRICE = Unit("{currency}", 1.0, 0.1)
MONEY_MILLION = Unit(N_("{scale} {currency}"), 1e6, 0.5)
BILLION = Unit("{scale}", 1e9, 1.0)
TRILLION = Unit("{scale}", 1e12, 0.5)
TFLOPS = Unit("TFLOP/s", 1e12, 1.0)
MONTHS = Unit(N_("months"), 1.0, 1.0)
TIMES = Unit("×", 1.0, 0.1)
MILLION_TOKENS = Unit(N_("million tokens"), 1.0, 1000.0, "%.0f")
PEOPLE = Unit(N_("people"), 1.0, 1.0)
WATTS = Unit("W", 1.0, 10.0)
COUNT = Unit("", 1.0, 1.0)
RATE = Unit("", 1.0, 0.01, "%.5f")
TERABYTES_PER_SECOND = Unit("TB/s", 1e12, 0.1)
GIGABYTES = Unit("GB", 1e9, 1.0)
UNITS_OF_RISK: Mapping[str, Unit] = {
    "": COUNT,
    "%": PERCENT,
    "×": TIMES,
    "months": MONTHS,
    "log-odds": Unit("", 1.0, 0.05),
}


def in_language(unit: Unit) -> Unit:
    """The unit by the word for a power of ten that this language has: what is millions in English is 万 in Chinese."""
    if "{scale}" not in unit.name:
        return unit
    divisor, word = [(power, word) for power, word in large_numbers(words) if power <= unit.divisor][-1]
    name = words(unit.name).replace("{scale}", word)
    return replace(unit, name=name, divisor=divisor, step=unit.step * unit.divisor / divisor)


def unit_text(unit: Unit, currency: str = "") -> str:
    """The name of a unit for people, of an amount with its currency; "" for a mere count."""
    return words(in_language(unit).name).format(currency=words(currency)).strip()


def asked_name(name: str, unit: str) -> str:
    """What stands above an input: its name with its unit."""
    return words("{name} ({unit})").format(name=name, unit=unit) if unit else name
