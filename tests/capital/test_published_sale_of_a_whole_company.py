"""Larkspur Instruments, edge case 12j of github.com/spillpoint/spillpoint: everything at once, to the last cent.

Two ranks, capped participation, a conversion price below the issue price, options at three strikes, warrants for
preferred and two SAFEs. $16,545,000 lies where no outcome is stable: the source lets the series choose before the
SAFEs, the circle here stops at the same choices and says who could gain.
"""

from fractions import Fraction

import pytest

from core.capital.stock_events import WarrantIssued
from core.capital.waterfall import sale
from tests.capital.published_sales import FOUNDED, MILLION, company, dollars, preferred, safe

LARKSPUR = company(
    {
        "Founder A": 5_400_000,
        "Founder B": 3_400_000,
        "Investor Y": 250_000,
        "Employee C": 50_000,
        "Lender L": 20_000,
        "Employee D": 10_000,
    },
    preferred("Series A", "2", 2 * MILLION, 1, participation="capped", participation_cap=Fraction(3)),
    preferred("Seed", "1", 2_925_000, conversion_price=Fraction(8, 10)),
    preferred={
        ("Investor Y", "Series A"): 1_500_000,
        ("Investor X", "Series A"): 500_000,
        ("Investor X", "Seed"): 2 * MILLION,
        ("Investor Y", "Seed"): 800_000,
        ("Investor S", "Seed"): 125_000,
    },
    options=(
        ("Employee C", 150_000, "0.08"),
        ("Employee D", 80_000, "0.1"),
        ("D Family Trust", 20_000, "0.1"),
        ("Employee D", 30_000, "0"),
    ),
    pool=1_260_000,
    safes=tuple(safe(f"Investor {name}", 250_000, 12 * MILLION, discount=Fraction(1, 5)) for name in "XS"),
    warrants=(
        WarrantIssued(FOUNDED, "Lender L", 75_000, Fraction(1), "Seed"),
        WarrantIssued(FOUNDED, "Investor X", 25_000, Fraction(1), "Seed"),
    ),
)
EXITS = ("5,000,000", "10,000,000", "16,545,000", "20,000,000", "60,000,000", "150,000,000")
PUBLISHED = {
    "Founder A": "0 1,229,079.75 4,326,625.77 5,492,066.16 19,118,331.28 51,140,054.31",
    "Founder B": "0 773,865.03 2,724,171.78 3,457,967.58 12,037,467.84 32,199,293.45",
    "Employee C": "0 33,521.47 148,245.40 191,409.86 696,086.34 1,882,076.09",
    "Employee D": "0 19,312.88 88,147.24 114,045.91 416,851.81 1,128,445.65",
    "D Family Trust": "0 2,552.15 14,024.54 18,340.99 68,808.63 187,407.61",
    "Investor X": "1,656,934.31 3,363,803.68 3,650,613.50 4,393,805.65 12,876,141.98 31,809,632.34",
    "Investor Y": "3,233,576.64 4,198,312.88 5,202,147.24 5,796,885.54 12,736,187.22 26,043,546.18",
    "Investor S": "109,489.05 375,000.00 375,000.00 494,788.95 1,722,400.79 4,607,288.61",
    "Lender L": "0 4,552.15 16,024.54 40,689.36 327,724.11 1,002,255.77",
}


@pytest.mark.parametrize("place", range(len(EXITS)), ids=EXITS)
def test_payouts_by_holder(place: int) -> None:
    payout = sale(LARKSPUR, dollars(EXITS[place]))
    paid = {holder: round(payout.by_holder[holder], 2) for holder in PUBLISHED}
    assert paid == {holder: dollars(amounts.split()[place]) for holder, amounts in PUBLISHED.items()}


def test_only_where_the_choices_go_in_a_circle_somebody_is_unsettled() -> None:
    assert [sale(LARKSPUR, dollars(exit_value)).unsettled for exit_value in EXITS] == [(), (), ("Seed",), (), (), ()]
