"""Listings: every one has its range, and what its first day left on the table is Ritter's product."""

from datetime import UTC, date, datetime

import pytest

from core.capital.published_listings import (
    ListingOffer,
    later_price,
    left_on_the_table,
    offer_of,
    published_listings,
)
from core.tables import load_table

LISTINGS = {one.company: one for one in published_listings()}
OFFERS = load_table("listing_offers", ListingOffer)


def test_listings_stand_latest_first() -> None:
    days = [one.date for one in published_listings()]
    assert days == sorted(days, reverse=True)
    assert len(LISTINGS) >= 7


@pytest.mark.parametrize(
    ("company", "total", "by_company", "by_holders"),
    [
        # Square 2015 (release, Vox): 25.65 of 27 million shares new, USD 9, close of USD 13.07
        ("Square", 4.07 * 27e6, 4.07 * 25.65e6, 4.07 * 1.35e6),
        # Figma 2025 (Bloomberg, TechCrunch): 12.5 of 36.9 million shares new, USD 33, close of USD 115
        ("Figma", 82 * 36.9e6, 82 * 12.5e6, 82 * 24.4e6),
        # MiniMax 2026 (allotment results): all new, HKD 165, close of HKD 345
        ("MiniMax", 180 * 29_197_600, 180 * 29_197_600, 0.0),
        ("CoreWeave", 0.0, 0.0, 0.0),  # closed at its offer price
    ],
)
def test_left_on_the_table(company: str, total: float, by_company: float, by_holders: float) -> None:
    left = left_on_the_table(LISTINGS[company])
    assert left is not None
    assert (left.total, left.company, left.holders) == (
        pytest.approx(total),
        pytest.approx(by_company),
        pytest.approx(by_holders, abs=1e-3),
    )


def test_parts_stay_unknown_where_new_and_old_shares_were_not_told_apart() -> None:
    """Cerebras 2026: 30 million shares at USD 185, close of USD 311.07."""
    left = left_on_the_table(LISTINGS["Cerebras"])
    assert left is not None
    assert left.total == pytest.approx(126.07 * 30e6)
    assert (left.company, left.holders) == (None, None)


def test_later_price_is_that_of_the_last_placing_or_of_the_table() -> None:
    """Zhipu placed at HKD 1,588 and then 714; Figma's low is the table's; of Square neither is known."""
    zhipu, figma = later_price(LISTINGS["Zhipu"]), later_price(LISTINGS["Figma"])
    assert zhipu is not None
    assert figma is not None
    assert (zhipu.price, zhipu.day, zhipu.placing) == (714, date(2026, 9, 16), True)
    assert (figma.price, figma.day, figma.placing) == (50, date(2025, 10, 1), False)
    assert later_price(LISTINGS["Square"]) is None


def test_cornerstones_of_the_two_hong_kong_listings() -> None:
    """Zhipu's allotment results: 68.63 %; MiniMax: about HKD 2,723 of 4,817.6 million."""
    zhipu, minimax = offer_of(LISTINGS["Zhipu"]), offer_of(LISTINGS["MiniMax"])
    assert zhipu is not None
    assert minimax is not None
    assert zhipu.cornerstone_share == pytest.approx(25_681_600 / 37_419_500, abs=1e-4)
    assert minimax.cornerstone_share == pytest.approx(2723 / 4817.6, abs=1e-3)


@pytest.mark.parametrize("offer", OFFERS, ids=lambda one: one.company)
def test_offers_are_of_known_listings_sourced_and_in_order(offer: ListingOffer) -> None:
    listing = LISTINGS[offer.company]
    assert listing.event == offer.event
    assert 0 < offer.range_low <= offer.range_high
    assert offer.cornerstone_share is None or 0 < offer.cornerstone_share < 1
    assert (offer.later_price is None) == (offer.later_date is None)
    assert offer.later_date is None or listing.date < offer.later_date <= offer.source.as_of
    assert offer.source.as_of <= datetime.now(UTC).date()
    assert offer.source.url.startswith("https://")


def test_every_listing_has_its_range() -> None:
    assert {one.company for one in OFFERS} == set(LISTINGS)
