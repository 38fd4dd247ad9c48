"""The noun of a published financing: what a company or the press said of one round, loan, listing or sale."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from core.tables import Source

Currency = Literal["USD", "EUR", "CNY", "HKD"]
Instrument = Literal[
    "equity",
    "debt",
    "convertible",
    "listing",
    "placing",
    "tender",
    "merger",
    "licence_and_hire",
    "acquisition",
]


@dataclass(frozen=True)
class PublishedFinancing:
    """One event in the capital of a company, as published.

    date: its day; the first of the month or of the year where no more was published
    instrument: tender = holders sell old shares; merger = paid in new shares of this company; licence_and_hire = a
    buyer licenses the models and hires the people; acquisition = the whole company is sold
    amount: gross, of new and of old shares together, in `currency` as everything below but `published_usd`
    primary_amount: for new shares, or lent; secondary_amount: for shares of holders; None where the parts are unknown
    pre_money: the company before the new money; post_money: with it
    valuation_as: which of the two the source states; "unstated" for a bare "valuation", which is taken as post-money
    share_sold: of the company after it, new and old shares together
    offer_price, shares_offered: of a listing or placing; first_close, first_day_return: after the first day of trading
    lead: who led the round, lent or bought; None where nobody is named
    compute: "part_paid" = some of it came as computing; "spent_with_investor" = the company buys it of an investor
    published_usd: the same amount in US dollars, where the source gives both
    usd_per_unit: reference rate of the European Central Bank, of the day or the month's average; else the source's own
    disputed: what else was published of it, or what its figures rest on
    """

    company: str
    event: str
    date: date
    instrument: Instrument
    amount: float
    currency: Currency
    primary_amount: float | None
    secondary_amount: float | None
    pre_money: float | None
    post_money: float | None
    valuation_as: Literal["post_money", "pre_money", "unstated"] | None
    share_sold: float | None
    offer_price: float | None
    shares_offered: float | None
    first_close: float | None
    first_day_return: float | None
    lead: str | None
    compute: Literal["part_paid", "spent_with_investor"] | None
    published_usd: float | None
    usd_per_unit: float
    disputed: str | None
    source: Source
