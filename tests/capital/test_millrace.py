"""A whole company, founding to a down round, against spillpoint's Millrace Robotics (cases/millrace/DERIVATION.md).

Every whole number below is from that derivation, which works in exact fractions: github.com/spillpoint/spillpoint.
"""

from dataclasses import replace
from datetime import date
from fractions import Fraction

from core.capital.cap_table import fold
from core.capital.securities import (
    Investment,
    OptionsGranted,
    PoolIncreased,
    PricedRound,
    SafeIssued,
    SharesIssued,
)
from core.capital.terms import AntiDilution, ProRata

MILLION = 1_000_000


def closing(on: date, name: str, cheque: tuple[str, int], pre_money: int, pool: str) -> PricedRound:
    investments = (Investment(cheque[0], Fraction(cheque[1])),)
    return PricedRound(on, name, investments, Fraction(pre_money), Fraction(pool), price_step=None)


def granted(on: date, holder: str, shares: int, strike: str) -> OptionsGranted:
    return OptionsGranted(on, holder, shares, Fraction(strike))


HISTORY = (
    SharesIssued(date(2021, 2, 1), "Ana", 5_500_000),
    SharesIssued(date(2021, 2, 1), "Dev", 4_500_000),
    SharesIssued(date(2021, 6, 1), "Lena", 638_297),
    SafeIssued(date(2021, 9, 15), "Priya", Fraction(300_000), Fraction(5 * MILLION)),
    SafeIssued(date(2021, 9, 15), "Marcus", Fraction(150_000), Fraction(5 * MILLION)),
    PoolIncreased(date(2021, 10, 1), 1_182_033),
    granted(date(2021, 10, 1), "Lena", 40_000, "0.05"),
    granted(date(2021, 10, 1), "Others", 450_000, "0.05"),
    replace(
        closing(date(2022, 6, 30), "Seed", ("Harbor Lane", 2_500_000), 7_500_000, "9/50"),
        liquidation_multiple=Fraction(3, 2),
    ),
    granted(date(2023, 1, 1), "Others", 1_100_000, "0.11"),
    replace(
        closing(date(2023, 9, 30), "Series A", ("Ridgeline", 12 * MILLION), 48 * MILLION, "3/20"),
        liquidation_multiple=Fraction(5, 4),
        anti_dilution=AntiDilution("weighted_average"),
        participation="capped",
        participation_cap=Fraction(11, 4),
        pro_rata=(ProRata("Harbor Lane"),),
        pro_rata_counts_pool=True,
    ),
    granted(date(2024, 1, 1), "Dev", 250_000, "0.42"),
    granted(date(2024, 1, 1), "Lena", 300_000, "0.42"),
    granted(date(2024, 1, 1), "Others", 2_250_000, "0.42"),
    replace(
        closing(date(2025, 3, 31), "Series B", ("Cobalt", 10 * MILLION), 36 * MILLION, "3/25"),
        liquidation_multiple=Fraction(2),
        participation="full",
    ),
)


def test_every_share_of_the_final_table() -> None:
    """Harbor Lane's pro-rata of 25 % of the fully diluted company, the pool counted, is $3M of Series A."""
    table = fold(HISTORY)[-1]
    assert {(one.holder, one.security): one.shares for one in table.holdings} == {
        ("Ana", "common"): 5_500_000,
        ("Dev", "common"): 4_500_000,
        ("Lena", "common"): 638_297,
        ("Lena", "options"): 340_000,
        ("Others", "options"): 3_800_000,
        ("Dev", "options"): 250_000,
        ("Priya", "Seed-S1"): 779_362,
        ("Marcus", "Seed-S2"): 389_681,
        ("Harbor Lane", "Seed"): 5_393_570,
        ("Harbor Lane", "Series A"): 1_445_454,
        ("Ridgeline", "Series A"): 4_336_363,
        ("Cobalt", "Series B"): 9_241_189,
    }
    assert table.unissued_pool == 5_101_136


def test_prices_and_the_adjusted_conversion_price() -> None:
    table = fold(HISTORY)[-1]
    prices = {one.name: round(one.original_issue_price, 6) for one in table.series}
    assert prices == {
        "Seed-S1": Fraction("0.384930"),
        "Seed-S2": Fraction("0.384930"),
        "Seed": Fraction("0.463515"),
        "Series A": Fraction("2.075472"),
        "Series B": Fraction("1.082112"),
    }
    assert round(table.by_name["Series A"].conversion_price or 0, 6) == Fraction("1.824752")
    assert round(5_781_817 * table.by_name["Series A"].conversion_ratio, 2) == Fraction("6576234.36")


def test_strikes_stay_with_their_grants() -> None:
    table = fold(HISTORY)[-1]
    strikes = sorted((one.strike, one.holder, one.shares) for one in table.grants)
    assert strikes == [
        (Fraction(1, 20), "Lena", 40_000),
        (Fraction(1, 20), "Others", 450_000),
        (Fraction(11, 100), "Others", 1_100_000),
        (Fraction(21, 50), "Dev", 250_000),
        (Fraction(21, 50), "Lena", 300_000),
        (Fraction(21, 50), "Others", 2_250_000),
    ]
