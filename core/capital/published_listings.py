"""Listings of real companies: the range beforehand, who had promised to buy, what the first day left on the table."""

from dataclasses import dataclass
from datetime import date

from core.capital.histories import history_of, published_financings
from core.capital.published_financing import PublishedFinancing
from core.tables import Source, load_table


@dataclass(frozen=True)
class ListingOffer:
    """What was published around a listing of `data/capital_histories.csv`, in its currency.

    range_low, range_high: of the price, as last filed; equal for one fixed beforehand
    cornerstone_share: of the offer, to investors named beforehand who may not sell at first
    later_price, later_date: of the share on one later day, where published
    """

    company: str
    event: str
    range_low: float
    range_high: float
    cornerstone_share: float | None
    later_price: float | None
    later_date: date | None
    source: Source


@dataclass(frozen=True)
class LeftOnTheTable:
    """What buyers of the offer gained on its first day, in the listing's currency, and who forwent it.

    company, holders: for its new and for their old shares; None where the parts are unpublished
    """

    total: float
    company: float | None
    holders: float | None


@dataclass(frozen=True)
class LaterPrice:
    """A price of the share after the listing; placing: whether the company sold new shares at it."""

    price: float
    day: date
    placing: bool


def published_listings() -> tuple[PublishedFinancing, ...]:
    """Every listing that passes its checks, the latest first."""
    found = [row for row in published_financings() if row.instrument == "listing"]
    return tuple(sorted(found, key=lambda row: row.date, reverse=True))


def offer_of(listing: PublishedFinancing) -> ListingOffer | None:
    """What was published around it; None for a listing that the table lacks."""
    offers = load_table("listing_offers", ListingOffer)
    return next((one for one in offers if (one.company, one.event) == (listing.company, listing.event)), None)


def left_on_the_table(listing: PublishedFinancing) -> LeftOnTheTable | None:
    """(First close - offer price) x shares offered, over-allotment left out (J. R. Ritter); None without a close."""
    if listing.offer_price is None or listing.shares_offered is None or listing.first_close is None:
        return None
    total = (listing.first_close - listing.offer_price) * listing.shares_offered
    if listing.primary_amount is None or listing.secondary_amount is None:
        return LeftOnTheTable(total, None, None)
    new = listing.primary_amount / (listing.primary_amount + listing.secondary_amount)
    return LeftOnTheTable(total, total * new, total * (1 - new))


def later_price(listing: PublishedFinancing) -> LaterPrice | None:
    """The latest price of the same share: of a placing, or of a day that the table has; None where neither is known."""
    found = [
        LaterPrice(row.offer_price, row.date, placing=True)
        for row in history_of(listing.company)
        if row.instrument == "placing" and row.offer_price is not None and row.currency == listing.currency
    ]
    offer = offer_of(listing)
    if offer is not None and offer.later_price is not None and offer.later_date is not None:
        found.append(LaterPrice(offer.later_price, offer.later_date, placing=False))
    return max(found, key=lambda one: one.day, default=None)
