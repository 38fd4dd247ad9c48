"""What real companies published: financings, figures of their business and models, each with its source.

Amounts are in the currency they were published in.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from core.tables import Source, load_table

Currency = Literal["USD", "EUR", "CNY", "HKD"]


@dataclass(frozen=True)
class PublishedFinancing:
    """One round, loan, listing or placing of new shares as published.

    pre_money: before the new money, in `currency`; share_sold: of the company, as published
    usd_per_unit: reference rate of the European Central Bank, of the day or the month's average
    """

    company: str
    event: str
    date: date
    instrument: Literal["equity", "debt", "listing", "placing", "convertible"]
    amount: float
    currency: Currency
    pre_money: float | None
    share_sold: float | None
    usd_per_unit: float
    source: Source


@dataclass(frozen=True)
class PublishedFigure:
    """One figure of a company's business: revenue, a loss, cash, employees.

    period: a year ("2024"), its first half or nine months ("2025-H1", "2025-9M"), or the day of a stock ("2025-06-30")
    currency: None for a count
    """

    company: str
    figure: str
    period: str
    value: float
    currency: Currency | None
    source: Source


@dataclass(frozen=True)
class PublishedModel:
    """One model of a company and the training run behind it; None for what is unpublished.

    month: of its release; accelerator: id of `data/accelerators.csv`; accelerator_hours: of the final run
    """

    company: str
    model: str
    month: date
    total_parameters: float
    active_parameters: float
    tokens: float | None
    accelerator: str | None
    accelerator_hours: float | None
    source: Source


def published_financings() -> tuple[PublishedFinancing, ...]:
    """Every published financing, company by company in order of date."""
    return load_table("capital_histories", PublishedFinancing)


def published_figures() -> tuple[PublishedFigure, ...]:
    """Every published figure, company by company."""
    return load_table("company_figures", PublishedFigure)


def published_models() -> tuple[PublishedModel, ...]:
    """Every published model, company by company in order of release."""
    return load_table("published_models", PublishedModel)
