"""Own quotes: what is read, what is reported with its line, and how they join the table of prices."""

from datetime import date

import pytest

from core.compute.accelerators import prices
from core.compute.quotes import LONGEST_TEXT, Quote, as_price, merged_prices, parse_quotes
from core.errors import InputError

HEADER = "accelerator,provider,region,commitment,currency,price_per_hour,date"
GOOD = "h100-sxm,Our cloud,eu-north,1-year,EUR,2.10,2026-11-01"
QUOTE = Quote("h100-sxm", "Our cloud", "eu-north", "1-year", "EUR", 2.10, date(2026, 11, 1))


def faults(*lines: str) -> list[tuple[str, str, object]]:
    parsed = parse_quotes("\n".join([HEADER, *lines]))
    return [(fault.code, fault.field, fault.value) for fault in parsed.faults]


def test_a_quote_is_read() -> None:
    assert parse_quotes(f"{HEADER}\n{GOOD}\n").quotes == (QUOTE,)


def test_columns_may_come_in_any_order_with_spaces_and_a_byte_order_mark() -> None:
    header = "date, price_per_hour,currency,commitment,region,provider,accelerator"
    line = "2026-11-01, 2.10 ,eur,1-year,eu-north,Our cloud,h100-sxm"
    assert parse_quotes(f"\ufeff{header}\r\n\r\n{line}\r\n").quotes == (QUOTE,)


def test_every_bad_line_is_reported_and_the_good_ones_are_kept() -> None:
    text = "\n".join(
        [
            HEADER,
            GOOD,
            "h900,Our cloud,eu-north,1-year,EUR,2.10,2026-11-01",
            "",
            "h100-sxm,Our cloud,eu-north,1-year,EUR,cheap,1 Nov 2026",
            "h100-sxm,Our cloud,eu-north",
        ]
    )
    parsed = parse_quotes(text)
    assert parsed.quotes == (QUOTE,)
    assert [(fault.code, fault.field) for fault in parsed.faults] == [
        ("unknown_name", "quotes:3 accelerator"),
        ("not_a_number", "quotes:5 price_per_hour"),
        ("malformed", "quotes:5 date"),
        ("malformed", "quotes:6"),
    ]


@pytest.mark.parametrize(
    ("line", "code", "column", "value"),
    [
        ("h100,Our cloud,eu,spot,USD,2,2026-11-01", "unknown_name", "accelerator", "h100"),
        ("h100-sxm,,eu,spot,USD,2,2026-11-01", "missing", "provider", ""),
        ("h100-sxm,Our cloud,,spot,USD,2,2026-11-01", "missing", "region", ""),
        ("h100-sxm,Our cloud,eu,2-year,USD,2,2026-11-01", "unknown_name", "commitment", "2-year"),
        ("h100-sxm,Our cloud,eu,spot,$,2,2026-11-01", "malformed", "currency", "$"),
        ("h100-sxm,Our cloud,eu,spot,USD,nan,2026-11-01", "not_a_number", "price_per_hour", "nan"),
        ("h100-sxm,Our cloud,eu,spot,USD,inf,2026-11-01", "not_a_number", "price_per_hour", "inf"),
        ("h100-sxm,Our cloud,eu,spot,USD,0,2026-11-01", "out_of_range", "price_per_hour", "0"),
        ("h100-sxm,Our cloud,eu,spot,USD,2,2026-13-01", "malformed", "date", "2026-13-01"),
        ("h100-sxm,Our cloud,eu,spot,USD,2,20261101", "malformed", "date", "20261101"),
    ],
)
def test_bad_cell_is_reported_with_its_line(line: str, code: str, column: str, value: str) -> None:
    assert faults(line) == [(code, f"quotes:2 {column}", value)]


@pytest.mark.parametrize(
    ("text", "code", "field"),
    [
        ("", "malformed", "quotes:1"),
        (GOOD, "malformed", "quotes:1"),
        (HEADER.replace(",", ";"), "malformed", "quotes:1"),
        (f"{HEADER}\n{'x' * 200_000}", "malformed", "quotes:2"),  # beyond the reader's longest cell
        ("x" * (LONGEST_TEXT + 1), "too_large", "quotes"),
    ],
)
def test_text_that_cannot_be_used_as_a_whole_is_refused(text: str, code: str, field: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_quotes(text)
    assert (caught.value.code, caught.value.field) == (code, field)


def test_a_quote_in_usd() -> None:
    """2.10 EUR at 1.10 USD a euro are 2.31 USD."""
    price = as_price(QUOTE, {"EUR": 1.10})
    assert price.usd_per_hour == pytest.approx(2.31)
    assert (price.source.as_of, price.source.citation) == (date(2026, 11, 1), "Our cloud: 2.1 EUR")


def test_a_currency_without_a_rate_is_refused() -> None:
    with pytest.raises(InputError, match="currency"):
        as_price(QUOTE, {"CNY": 0.14})


def test_quotes_join_the_table_cheapest_first() -> None:
    table = prices("h100-sxm")
    merged = merged_prices(table, [QUOTE], {"EUR": 1.10})
    assert len(merged) == len(table) + 1
    assert [offer.usd_per_hour for offer in merged] == sorted(offer.usd_per_hour for offer in merged)


def test_without_quotes_the_table_stays_as_it_is() -> None:
    """The H200 has two capacity-block offers at AWS, of two servers: both stay."""
    assert merged_prices(prices("h200-sxm"), [], {}) == prices("h200-sxm")


def test_a_quote_replaces_the_offer_that_it_names_and_the_newest_wins() -> None:
    table = prices("h100-sxm")
    lambda_offer = next(offer for offer in table if offer.provider == "Lambda")
    named = ("h100-sxm", "Lambda", lambda_offer.region, "on-demand", "USD")
    quotes = [Quote(*named, 3.50, date(2026, 11, 20)), Quote(*named, 3.70, date(2026, 11, 10))]
    merged = merged_prices(table, quotes, {})
    assert len(merged) == len(table)
    assert [offer.usd_per_hour for offer in merged if offer.provider == "Lambda"] == [3.50]
