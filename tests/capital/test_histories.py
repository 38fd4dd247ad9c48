"""`data/capital_histories.csv` under the arithmetic that tells a misprinted round from a real one."""

from itertools import groupby

import pytest

from core.capital.histories import PublishedFinancing, published_financings

FINANCINGS = published_financings()
USD_BOUNDS = {"USD": (1, 1), "EUR": (0.95, 1.25), "CNY": (1 / 8, 1 / 6), "HKD": (1 / 7.85, 1 / 7.75)}


@pytest.mark.parametrize("one", FINANCINGS, ids=lambda one: f"{one.company} {one.event}")
def test_amount_valuation_and_share_sold_agree(one: PublishedFinancing) -> None:
    """amount / (pre-money + amount) is the share sold; a slip of a factor of ten in either shows at once."""
    low, high = USD_BOUNDS[one.currency]
    assert low <= one.usd_per_unit <= high
    assert one.amount > 0
    if one.pre_money is not None:
        assert one.share_sold == pytest.approx(one.amount / (one.pre_money + one.amount), rel=0.01)


def test_rounds_stand_in_order_of_date() -> None:
    for _, rounds in groupby(FINANCINGS, key=lambda one: one.company):
        dates = [one.date for one in rounds]
        assert dates == sorted(dates)


def test_listings_are_offer_price_times_shares() -> None:
    """Allotment results of January 2026: HKD 116.20 × 37,419,500 and HKD 165 × 29,197,600."""
    listings = {one.company: one.amount for one in FINANCINGS if one.instrument == "listing"}
    assert listings["Zhipu"] == pytest.approx(116.20 * 37_419_500, abs=1)
    assert listings["MiniMax"] == pytest.approx(165 * 29_197_600, abs=1)
