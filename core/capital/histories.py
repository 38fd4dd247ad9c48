"""Published financings of real companies, each with its source; amounts in the currency they were published in."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from core.tables import Source, load_table


@dataclass(frozen=True)
class PublishedFinancing:
    """One round, loan or listing as published.

    pre_money: before the new money, in `currency`; share_sold: of the company, as published
    usd_per_unit: reference rate of the European Central Bank, of the day or the month's average
    """

    company: str
    event: str
    date: date
    instrument: Literal["equity", "debt", "listing"]
    amount: float
    currency: Literal["USD", "EUR", "CNY", "HKD"]
    pre_money: float | None
    share_sold: float | None
    usd_per_unit: float
    source: Source


def published_financings() -> tuple[PublishedFinancing, ...]:
    """Every published financing, company by company in order of date."""
    return load_table("capital_histories", PublishedFinancing)
