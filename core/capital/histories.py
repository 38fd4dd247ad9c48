"""What real companies published: financings, figures of their business and models, each with its source.

Amounts are in the currency they were published in. A financing whose figures contradict each other counts as missing.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache

from core.capital.history_checks import CheckedRow, checked
from core.capital.published_financing import Currency, Instrument, PublishedFinancing
from core.tables import Source, load_table

__all__ = [
    "Currency",
    "Instrument",
    "PublishedFigure",
    "PublishedFinancing",
    "PublishedModel",
    "history_of",
    "published_companies",
    "published_figures",
    "published_financings",
    "published_models",
    "raised_usd",
    "refused_financings",
]

# Events in which money reaches the company; a merger brings another company, the rest pays holders or is no capital.
RAISES = frozenset({"equity", "debt", "convertible", "listing", "placing"})


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
    """Every published financing that passes its checks, company by company in order of date."""
    return tuple(one.row for one in _checked_financings() if not one.faults)


def refused_financings() -> tuple[CheckedRow, ...]:
    """The rows that fail a check, each with the reason."""
    return tuple(one for one in _checked_financings() if one.faults)


def published_companies() -> tuple[str, ...]:
    """Every company with a published financing, in the order of the table."""
    return tuple(dict.fromkeys(row.company for row in published_financings()))


def history_of(company: str) -> tuple[PublishedFinancing, ...]:
    """One company's published financings in order of date; empty for one that has none."""
    return tuple(row for row in published_financings() if row.company == company)


def raised_usd(row: PublishedFinancing) -> float:
    """Money that reached the company, in US dollars: none of a tender, a merger, a licence or a sale.

    Where new and old shares are not told apart, the whole amount.
    """
    if row.instrument not in RAISES:
        return 0.0
    primary = row.amount if row.primary_amount is None else row.primary_amount
    return primary * row.usd_per_unit


@cache
def _checked_financings() -> tuple[CheckedRow, ...]:
    return checked(load_table("capital_histories", PublishedFinancing))


def published_figures() -> tuple[PublishedFigure, ...]:
    """Every published figure, company by company."""
    return load_table("company_figures", PublishedFigure)


def published_models() -> tuple[PublishedModel, ...]:
    """Every published model, company by company in order of release."""
    return load_table("published_models", PublishedModel)
