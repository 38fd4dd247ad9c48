"""The table of underwriting spreads and what is proposed from it.

J. R. Ritter, Underwriting Statistics Through 2020, Table 10: exactly 7 % in 95.4 % of offerings of $25-100 million and
51.0 % of larger ones. ServiceTitan 2024: 5.5 % of $624.8 million. Alibaba 2014: 1.2 % of $21.8 billion.
"""

from fractions import Fraction

import pytest

from core.capital.deals.spreads import proposed_spread, underwriting_spreads

MILLION = 1_000_000


@pytest.mark.parametrize(
    ("gross", "spread"),
    [
        (25 * MILLION, Fraction(7, 100)),
        (99 * MILLION, Fraction(7, 100)),
        (100 * MILLION, Fraction(7, 100)),
        (624_800_000, Fraction(55, 1000)),
        (5_000 * MILLION, Fraction(3, 100)),
        (21_800 * MILLION, Fraction(12, 1000)),
    ],
)
def test_proposed_spread(gross: int, spread: Fraction) -> None:
    assert proposed_spread(Fraction(gross)) == spread


def test_nothing_is_proposed_where_nothing_is_published() -> None:
    assert proposed_spread(Fraction(24 * MILLION)) is None


def test_bands_follow_one_another_and_fall() -> None:
    bands = underwriting_spreads()
    assert [band.gross_below_usd for band in bands] == [*(band.gross_from_usd for band in bands[1:]), None]
    rates = [band.spread_rate for band in bands]
    assert rates == sorted(rates, reverse=True)
    assert all(band.lowest_rate <= band.spread_rate <= band.highest_rate for band in bands)
    assert all(band.source.url.startswith("https://") for band in bands)
