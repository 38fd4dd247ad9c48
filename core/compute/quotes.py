"""A user's own price quotes as CSV text: every bad line is reported, the good ones join the table of prices."""

import csv
import io
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from core.compute.accelerators import Price, accelerators
from core.errors import InputError
from core.tables import Source
from core.typed_text import check_cell

COLUMNS = ("accelerator", "provider", "region", "commitment", "currency", "price_per_hour", "date")
COMMITMENTS = ("on-demand", "spot", "1-year", "3-year", "capacity-block")
LONGEST_TEXT = 256 * 1024  # characters


@dataclass(frozen=True)
class Quote:
    """One offer for an hour of one accelerator, in the currency it was made in."""

    accelerator: str
    provider: str
    region: str
    commitment: str
    currency: str
    price_per_hour: float
    date: date


@dataclass(frozen=True)
class ParsedQuotes:
    """What could be read, and an InputError for each cell or line that could not, e.g. of "quotes:3 price_per_hour"."""

    quotes: tuple[Quote, ...]
    faults: tuple[InputError, ...]


def parse_quotes(text: str) -> ParsedQuotes:
    """Quotes from CSV text with the header of `COLUMNS`, in any order; empty lines are skipped.

    Raises InputError where the text as a whole cannot be used: too long, another header, or not CSV.
    """
    if len(text) > LONGEST_TEXT:
        raise InputError("too_large", "quotes", len(text), f"characters <= {LONGEST_TEXT}")
    lines = _lines(text.removeprefix("\ufeff"))
    _, header = next(lines, (1, []))
    if sorted(header) != sorted(COLUMNS):
        raise InputError("malformed", "quotes:1", ",".join(header), ",".join(COLUMNS))
    quotes: list[Quote] = []
    faults: list[InputError] = []
    for number, cells in lines:
        where = f"quotes:{number}"
        if not any(cells):
            continue
        if len(cells) != len(header):
            faults.append(InputError("malformed", where, ",".join(cells), ",".join(header)))
            continue
        named = dict(zip(header, cells, strict=True))
        found = _faults(named, where)
        faults.extend(found)
        if not found:
            quotes.append(_quote(named))
    return ParsedQuotes(tuple(quotes), tuple(faults))


def merged_prices(
    table: Iterable[Price], quotes: Iterable[Quote], usd_per_unit: Mapping[str, float]
) -> tuple[Price, ...]:
    """The table with the quotes in it, cheapest first: a quote replaces the offer that it names, the newest quote wins.

    usd_per_unit: USD for one unit of each currency other than USD. Raises InputError for a currency it lacks.
    """
    oldest_first = sorted(quotes, key=lambda quote: quote.date)
    own = {_key(price): price for price in (as_price(quote, usd_per_unit) for quote in oldest_first)}
    offers = [price for price in table if _key(price) not in own] + list(own.values())
    return tuple(sorted(offers, key=lambda offer: (offer.accelerator, offer.usd_per_hour)))


def as_price(quote: Quote, usd_per_unit: Mapping[str, float]) -> Price:
    """The quote as a row of the price table, in USD, its source the user's own quote of that day."""
    rates = {"USD": 1.0, **usd_per_unit}
    if quote.currency not in rates:
        raise InputError("unknown_name", "currency", quote.currency, " | ".join(rates))
    return Price(
        accelerator=quote.accelerator,
        provider=quote.provider,
        region=quote.region,
        commitment=quote.commitment,
        usd_per_hour=quote.price_per_hour * rates[quote.currency],
        source=Source(f"{quote.provider}: {quote.price_per_hour:g} {quote.currency}", "", quote.date, "high"),
    )


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """Line numbers, those of a text editor, and stripped cells."""
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        for cells in reader:
            yield reader.line_num, [cell.strip() for cell in cells]
    except csv.Error as error:
        raise InputError("malformed", f"quotes:{reader.line_num}", str(error), ",".join(COLUMNS)) from None


def _key(price: Price) -> tuple[str, str, str, str]:
    return price.accelerator, price.provider, price.region, price.commitment


def _quote(cells: Mapping[str, str]) -> Quote:
    return Quote(
        accelerator=cells["accelerator"],
        provider=cells["provider"],
        region=cells["region"],
        commitment=cells["commitment"],
        currency=cells["currency"].upper(),
        price_per_hour=float(cells["price_per_hour"]),
        date=date.fromisoformat(cells["date"]),
    )


def _faults(cells: Mapping[str, str], where: str) -> list[InputError]:
    def fault(code: str, column: str, expected: str) -> InputError:
        return InputError(code, f"{where} {column}", cells[column], expected)

    found = [fault("missing", column, column) for column in ("provider", "region") if not cells[column]]
    for column in ("provider", "region"):
        try:
            check_cell(f"{where} {column}", cells[column])
        except InputError as error:
            found.append(error)
    if cells["accelerator"] not in accelerators():
        found.append(fault("unknown_name", "accelerator", " | ".join(accelerators())))
    if cells["commitment"] not in COMMITMENTS:
        found.append(fault("unknown_name", "commitment", " | ".join(COMMITMENTS)))
    if not (len(cells["currency"]) == 3 and cells["currency"].isascii() and cells["currency"].isalpha()):
        found.append(fault("malformed", "currency", "USD | EUR | CNY | HKD"))
    price = _number(cells["price_per_hour"])
    if price is None:
        found.append(fault("not_a_number", "price_per_hour", "0 < price_per_hour"))
    elif price <= 0:
        found.append(fault("out_of_range", "price_per_hour", "0 < price_per_hour"))
    if not _is_date(cells["date"]):
        found.append(fault("malformed", "date", "YYYY-MM-DD"))
    return found


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return len(text) == len("YYYY-MM-DD")
