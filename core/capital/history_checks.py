"""Arithmetic that published financings must satisfy, so that a misprint is refused instead of shown.

Deal pages carry wrong digits: figures translated from Chinese are off by ten (yi is 10^8), copies swap digits, some
pages invent rounds. What two published figures imply of a third must agree within the rounding of their digits.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Literal

from core.capital.published_financing import PublishedFinancing

Check = Literal[
    "positive",
    "part_of_the_company",
    "share_sold",
    "new_money_between_pre_and_post",
    "new_and_old_shares",
    "price_times_shares",
    "first_day",
    "exchange_rate",
    "two_currencies",
    "kind",
    "published_before_it_happened",
    "order_of_dates",
    "step_up",
]

# Units of a currency per US dollar: the Hong Kong dollar's peg, six to eight yuan, and the euro since 2015.
PER_USD: Mapping[str, tuple[float, float]] = MappingProxyType(
    {"USD": (1, 1), "EUR": (0.8, 1.05), "CNY": (6, 8), "HKD": (7.75, 7.85)}
)
# A valuation before the new money over the last one with it, 8 at once, 32 after a year, 128 after two or more. Real
# extremes: 14 times in half a year (Zhipu 2026), 16 in ten months (Perplexity 2024), 45 in 5.5 years (Zhipu 2019 to
# 2024), 0.45 (Zhipu, July to September 2026). Tighter bounds would refuse these, wider ones let tenfold misprints pass.
LOWEST_STEP = 0.2
HIGHEST_STEP_AT_ONCE = 8.0
HIGHEST_STEP_GROWTH = 4.0  # a year
YEARS_OF_GROWTH = 2.0
DAYS_PER_YEAR = 365.25
LEAST_DIGITS = 2  # "USD 20 billion" is meant to two digits
PRICED = frozenset({"equity", "listing", "placing", "tender", "merger"})


@dataclass(frozen=True)
class Fault:
    """One law that a row breaks: the column, what stands in it, and what would fit, in notation."""

    check: Check
    field: str
    value: float | str
    expected: str


@dataclass(frozen=True)
class CheckedRow:
    """A row and its faults; one with any is treated as missing."""

    row: PublishedFinancing
    faults: tuple[Fault, ...]


def checked(rows: Iterable[PublishedFinancing]) -> tuple[CheckedRow, ...]:
    """Every row with its faults, in the given order; a company's rows are expected in order of date.

    A step-up is measured from the company's last valuation that passed, so that one misprint refuses one row.
    """
    rows = tuple(rows)
    unordered = _out_of_order(rows)
    last: dict[str, PublishedFinancing] = {}
    result = []
    for place, row in enumerate(rows):
        faults = [fault for law in LAWS for fault in law(row)]
        if place in unordered:
            faults.append(Fault("order_of_dates", "date", str(row.date), "previous date <= date <= next date"))
        faults += _step_up(row, last.get(row.company))
        result.append(CheckedRow(row, tuple(faults)))
        if not faults and row.post_money is not None:
            last[row.company] = row
    return tuple(result)


def rounding(figure: float) -> float:
    """Half a unit of the figure's last digit that is no trailing zero, counting at least two digits.

    1.22e9 is known to 5e6, 2e10 to 5e8, 131.5 to 0.05.
    """
    if figure == 0:
        return 0.5 * 10.0**-LEAST_DIGITS
    _, digits, exponent = Decimal(repr(float(figure))).normalize().as_tuple()
    assert isinstance(exponent, int)  # finite: tables hold no other numbers
    return float(Decimal(5).scaleb(exponent - max(0, LEAST_DIGITS - len(digits)) - 1))


def _positive(row: PublishedFinancing) -> Iterator[Fault]:
    for field in ("amount", "pre_money", "post_money", "offer_price", "shares_offered", "first_close", "published_usd"):
        value = getattr(row, field)
        if value is not None and not value > 0:
            yield Fault("positive", field, value, f"{field} > 0")


def _part_of_the_company(row: PublishedFinancing) -> Iterator[Fault]:
    if row.post_money is not None and not 0 < row.amount < row.post_money:
        yield Fault("part_of_the_company", "amount", row.amount, "0 < amount / post_money < 1")
    if row.share_sold is not None and not 0 < row.share_sold < 1:
        yield Fault("part_of_the_company", "share_sold", row.share_sold, "0 < share_sold < 1")


def _share_sold(row: PublishedFinancing) -> Iterator[Fault]:
    if row.share_sold is None or not row.post_money:
        return
    implied = row.amount / row.post_money
    if not _near(row.share_sold, implied, rounding(row.share_sold)):
        yield Fault("share_sold", "share_sold", row.share_sold, f"amount / post_money = {implied:.4g}")


def _new_money(row: PublishedFinancing) -> Iterator[Fault]:
    if row.pre_money is None:
        return
    if row.post_money is None or row.primary_amount is None:
        yield Fault("new_money_between_pre_and_post", "pre_money", row.pre_money, "post_money - primary_amount")
        return
    implied = row.post_money - row.primary_amount
    if not _near(row.pre_money, implied, max(rounding(row.pre_money), rounding(row.post_money))):
        expected = f"post_money - primary_amount = {implied:.6g}"
        yield Fault("new_money_between_pre_and_post", "pre_money", row.pre_money, expected)


def _new_and_old_shares(row: PublishedFinancing) -> Iterator[Fault]:
    if row.primary_amount is None or row.secondary_amount is None:
        return
    total = row.primary_amount + row.secondary_amount
    if min(row.primary_amount, row.secondary_amount) < 0 or not _near(row.amount, total, rounding(row.amount)):
        expected = f"primary_amount + secondary_amount = {total:.6g}"
        yield Fault("new_and_old_shares", "amount", row.amount, expected)


def _price_times_shares(row: PublishedFinancing) -> Iterator[Fault]:
    if row.offer_price is None or row.shares_offered is None:
        return
    gross = row.offer_price * row.shares_offered
    slack = rounding(row.amount) + row.offer_price * rounding(row.shares_offered)
    if not _near(row.amount, gross, slack):
        yield Fault("price_times_shares", "amount", row.amount, f"offer_price * shares_offered = {gross:.6g}")


def _first_day(row: PublishedFinancing) -> Iterator[Fault]:
    if row.offer_price is None or row.first_close is None or row.first_day_return is None:
        return
    close = row.offer_price * (1 + row.first_day_return)
    slack = row.offer_price * rounding(row.first_day_return) + rounding(row.first_close)
    if not _near(row.first_close, close, slack):
        expected = f"offer_price * (1 + first_day_return) = {close:.6g}"
        yield Fault("first_day", "first_close", row.first_close, expected)


def _exchange_rate(row: PublishedFinancing) -> Iterator[Fault]:
    low, high = PER_USD[row.currency]
    if not 1 / high <= row.usd_per_unit <= 1 / low:
        expected = f"{1 / high:.4g} <= usd_per_unit <= {1 / low:.4g}"
        yield Fault("exchange_rate", "usd_per_unit", row.usd_per_unit, expected)


def _two_currencies(row: PublishedFinancing) -> Iterator[Fault]:
    if not row.published_usd:
        return
    low, high = PER_USD[row.currency]
    if not low <= row.amount / row.published_usd <= high:
        yield Fault("two_currencies", "published_usd", row.published_usd, f"{low} <= amount / published_usd <= {high}")


def _kind(row: PublishedFinancing) -> Iterator[Fault]:
    if row.instrument not in PRICED and row.post_money is not None:
        yield Fault("kind", "post_money", row.post_money, "instrument in equity, listing, placing, tender, merger")
    if row.instrument == "tender" and (row.primary_amount != 0 or row.pre_money is not None):
        yield Fault("kind", "instrument", row.instrument, "primary_amount = 0")
    if row.instrument in {"listing", "placing"} and (row.offer_price is None or row.shares_offered is None):
        yield Fault("kind", "instrument", row.instrument, "offer_price and shares_offered")
    if (row.valuation_as is None) != (row.post_money is None):
        yield Fault("kind", "valuation_as", str(row.valuation_as), "post_money | pre_money | unstated, with post_money")


def _published_before(row: PublishedFinancing) -> Iterator[Fault]:
    if row.date > row.source.as_of:
        yield Fault("published_before_it_happened", "date", str(row.date), f"date <= {row.source.as_of}")


LAWS: tuple[Callable[[PublishedFinancing], Iterator[Fault]], ...] = (
    _positive,
    _part_of_the_company,
    _share_sold,
    _new_money,
    _new_and_old_shares,
    _price_times_shares,
    _first_day,
    _exchange_rate,
    _two_currencies,
    _kind,
    _published_before,
)


def _out_of_order(rows: tuple[PublishedFinancing, ...]) -> set[int]:
    """Places of both rows of each inversion, since one cannot tell which of the two dates is wrong."""
    latest: dict[str, tuple[int, date]] = {}
    found: set[int] = set()
    for place, row in enumerate(rows):
        before = latest.get(row.company)
        if before is not None and row.date < before[1]:
            found |= {before[0], place}
        latest[row.company] = (place, row.date)
    return found


def _step_up(row: PublishedFinancing, before: PublishedFinancing | None) -> Iterator[Fault]:
    """The valuation before the new money (of a tender, the valuation) over the last one that passed, in US dollars."""
    value = row.pre_money if row.pre_money is not None else row.post_money
    if before is None or not before.post_money or value is None:
        return
    step = value * row.usd_per_unit / (before.post_money * before.usd_per_unit)
    years = (row.date - before.date).days / DAYS_PER_YEAR
    highest = HIGHEST_STEP_AT_ONCE * HIGHEST_STEP_GROWTH ** min(years, YEARS_OF_GROWTH)
    if not LOWEST_STEP <= step <= highest:
        expected = f"{LOWEST_STEP} <= valuation / last valuation <= {highest:.3g}"
        yield Fault("step_up", "pre_money", round(step, 3), expected)


def _near(found: float, implied: float, slack: float) -> bool:
    return abs(found - implied) <= slack + 1e-9 * abs(implied)
