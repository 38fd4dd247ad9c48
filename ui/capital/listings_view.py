"""Listings of real companies beside each other: price, first day, what was left on the table, and what came later."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from core.capital.published_financing import PublishedFinancing
from core.capital.published_listings import (
    LaterPrice,
    LeftOnTheTable,
    later_price,
    left_on_the_table,
    offer_of,
    published_listings,
)
from core.charts.histories import ListingBar, listings_figure
from ui import formats
from ui.capital.history_words import event_day
from ui.chart_words import draw_chart
from ui.language import words
from ui.outcome_tables import NONE
from ui.sources import age_text


def show() -> None:
    """The listings as bars of their first day, and as a table."""
    listings = published_listings()
    draw_chart(
        listings_figure([_bar(one) for one in listings], words),
        key="listings",
        alt=words("First-day return of each listing as a bar, a later price over the offer price as a diamond"),
    )
    st.caption(
        words(
            "Left on the table is (first close − offer price) × shares offered, without the over-allotment (J. R. "
            "Ritter): money that buyers of the offer gained and the company and its selling holders did not get."
        )
    )
    _table(listings)


def _bar(listing: PublishedFinancing) -> ListingBar:
    later = later_price(listing)
    over = later.price / listing.offer_price - 1 if later and listing.offer_price else None
    return ListingBar(words(listing.company), listing.first_day_return, over)


def _table(listings: Sequence[PublishedFinancing]) -> None:
    st.dataframe(
        pd.DataFrame([_row(one) for one in listings]),
        hide_index=True,
        key="listings-table",
        column_config={
            words("Source"): st.column_config.LinkColumn(display_text=words("open")),
            words("Source of the range and the later price"): st.column_config.LinkColumn(display_text=words("open")),
        },
        alt=words("Published listings, the latest first"),
    )


def _row(listing: PublishedFinancing) -> dict[str, str]:
    offer, left, later = offer_of(listing), left_on_the_table(listing), later_price(listing)
    price = listing.offer_price or 0.0
    return {
        words("Company"): words(listing.company),
        words("Date"): event_day(listing),
        words("Offer price"): _price(listing.offer_price, listing),
        words("First close"): _price(listing.first_close, listing),
        words("First-day return"): NONE
        if listing.first_day_return is None
        else formats.percent(listing.first_day_return),
        words("Left on the table"): formats.money(left.total, listing.currency) if left else NONE,
        words("by the company"): _part(left, "company", listing),
        words("by selling holders"): _part(left, "holders", listing),
        words("Proceeds"): formats.money(listing.amount, listing.currency),
        words("Of it to the company"): _share(listing.primary_amount, listing.amount),
        words("Filed price range"): _range(listing),
        words("Cornerstones"): formats.percent(offer.cornerstone_share) if offer and offer.cornerstone_share else NONE,
        words("Later price"): _price(later.price, listing) if later else NONE,
        words("Day of the later price"): _later_day(later) if later else NONE,
        words("Later price over the offer price"): formats.percent(later.price / price - 1, 0)
        if later and price
        else NONE,
        words("Listing"): words(listing.event),
        words("As of"): age_text(listing.source),
        words("Source"): listing.source.url,
        words("Source of the range and the later price"): offer.source.url if offer else "",
    }


def _range(listing: PublishedFinancing) -> str:
    """The range, and where in it the price came out."""
    offer = offer_of(listing)
    if offer is None or listing.offer_price is None:
        return NONE
    if offer.range_low == offer.range_high:
        return words("fixed beforehand")
    text = words("{low} – {high}, priced within")
    if listing.offer_price > offer.range_high:
        text = words("{low} – {high}, priced above")
    elif listing.offer_price < offer.range_low:
        text = words("{low} – {high}, priced below")
    return text.format(low=_price(offer.range_low, listing), high=_price(offer.range_high, listing))


def _later_day(later: LaterPrice) -> str:
    day = formats.day(later.day)
    return words("{day}, placing of new shares").format(day=day) if later.placing else day


def _part(left: LeftOnTheTable | None, whose: str, listing: PublishedFinancing) -> str:
    amount = getattr(left, whose) if left else None
    return NONE if amount is None else formats.money(amount, listing.currency)


def _share(part: float | None, whole: float) -> str:
    return NONE if part is None else formats.percent(part / whole, 0)


def _price(price: float | None, listing: PublishedFinancing) -> str:
    return NONE if price is None else formats.money_exact(price, listing.currency)
