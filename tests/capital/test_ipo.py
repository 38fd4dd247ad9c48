"""The arithmetic of an offering against four offerings, and what it refuses.

Square: pricing release of 18 November 2015; first close of 19 November 2015. CoreWeave: 424B4 of 28 March 2025.
ServiceTitan: prospectus of December 2024, price to public and proceeds before expenses. Figma: pricing release of
30 July 2025; Bloomberg of 31 July 2025 on its first close.
"""

from fractions import Fraction
from typing import Any

import pytest

from core.capital.ipo import Offering
from core.errors import InputError

MILLION = 1_000_000
SQUARE = Offering(Fraction(9), primary_shares=25_650_000, secondary_shares=1_350_000, over_allotment_shares=4_050_000)
FIRST_CLOSE = Fraction("13.07")


def millions(usd: Fraction) -> float:
    return round(float(usd) / MILLION, 1)


def test_square_2015_sells_27_million_shares_for_243_million() -> None:
    """25,650,000 + 1,350,000 = 27,000,000 shares x $9; 4,050,000 more are 15 % of them."""
    assert SQUARE.shares == 27 * MILLION
    assert SQUARE.gross == 243 * MILLION
    assert SQUARE.over_allotment_share == Fraction(15, 100)


def test_square_2015_first_day() -> None:
    """$9 to $13.07 is +45 %; the buyers gained $4.07 x 27,000,000 = $109.9M, of which 95 % on the company's shares."""
    assert round(SQUARE.first_day_return(FIRST_CLOSE) * 100) == 45
    assert millions(SQUARE.money_left_on_the_table(FIRST_CLOSE)) == 109.9
    assert SQUARE.company_money_left_on_the_table(FIRST_CLOSE) == Fraction("4.07") * 25_650_000


def test_coreweave_2025_company_and_holders() -> None:
    """37,500,000 shares at $40 are $1,500M; the company's 36,590,000 of them $1,463.6M."""
    offering = Offering(Fraction(40), primary_shares=36_590_000, secondary_shares=910_000)
    assert offering.shares == 37_500_000
    assert offering.gross == 1_500 * MILLION
    assert millions(offering.company_gross) == 1_463.6


def test_figma_2025_holders_sold_twice_what_the_company_did() -> None:
    """12.47M + 24.46M shares at $33 are about $1.2B, the company's $0.41B of it; from $33 to $115.50 is +250 %.

    Bloomberg: "more than $3 billion" without, ">$3.5 billion" with the 15 % that may be over-allotted.
    """
    offering = Offering(Fraction(33), primary_shares=12_470_000, secondary_shares=24_460_000)
    close = Fraction("115.5")
    assert (millions(offering.gross), millions(offering.company_gross)) == (1_218.7, 411.5)
    assert millions(offering.sellers_net) == 807.2
    assert offering.first_day_return(close) == Fraction(250, 100)
    left = offering.money_left_on_the_table(close)
    assert (millions(left), millions(left * Fraction(115, 100))) == (3_046.7, 3_503.7)
    assert offering.company_money_left_on_the_table(close) == Fraction("82.5") * 12_470_000


def test_servicetitan_2024_underwriters_keep_five_and_a_half_percent() -> None:
    """8,800,000 shares at $71 are $624.8M; less 5.5 % the company has $590.4M before its own expenses."""
    offering = Offering(Fraction(71), primary_shares=8_800_000, spread=Fraction("0.055"))
    assert millions(offering.gross) == 624.8
    assert millions(offering.company_net) == 590.4


def test_sellers_pay_their_spread_and_the_company_its_expenses() -> None:
    """By hand: 10 x 80 x 93 % - 44 = 700 to the company, 10 x 20 x 93 % = 186 to the sellers."""
    offering = Offering(Fraction(10), 80, 20, spread=Fraction("0.07"), expenses=Fraction(44))
    assert offering.company_net == 700
    assert offering.sellers_net == 186


def test_close_below_the_offer_price_leaves_nothing_on_the_table() -> None:
    """By hand: from 10 to 9 is -10 %, and the buyers of 100 shares lost 100."""
    offering = Offering(Fraction(10), 80, 20)
    assert offering.first_day_return(Fraction(9)) == Fraction(-1, 10)
    assert offering.money_left_on_the_table(Fraction(9)) == -100


def test_offering_of_holders_alone_brings_the_company_nothing() -> None:
    offering = Offering(Fraction(10), 0, 20)
    assert (offering.company_net, offering.sellers_net) == (0, 200)


def test_price_below_a_dollar_is_a_price() -> None:
    assert Offering(Fraction(1, 2), 100).gross == 50


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("offer_price", Fraction(0)),
        ("offer_price", Fraction(-9)),
        ("primary_shares", -1),
        ("primary_shares", 0),  # and no secondary ones: nothing is offered
        ("secondary_shares", -1),
        ("over_allotment_shares", -1),
        ("expenses", Fraction(-1)),
        ("spread", Fraction(1)),
        ("spread", Fraction(-1, 100)),
    ],
)
def test_refusals(field: str, value: Any) -> None:
    plain: dict[str, Any] = {"offer_price": Fraction(9), "primary_shares": 100}
    with pytest.raises(InputError) as caught:
        Offering(**plain | {field: value})
    assert (caught.value.code, caught.value.field) == ("out_of_range", f"Offering.{field}")
