"""Published sales while SAFEs and notes are outstanding, to the last cent.

Rows in which the source takes another equally stable outcome than the one with the fewest conversions are left out.
"""

from datetime import date
from fractions import Fraction

import pytest

from core.capital.claims import Claim, Claims
from core.capital.notes import NoteIssued
from core.capital.sale_game import Game
from core.capital.securities import OPTIONS, SafeIssued
from core.capital.stock_events import WarrantIssued
from core.capital.table import CapTable
from core.capital.waterfall import other_outcomes, sale
from tests.capital.published_sales import (
    FOUNDED,
    FOUNDERS,
    MILLION,
    SEED_HELD,
    Case,
    check_breakpoints,
    check_payouts,
    company,
    note,
    preferred,
    row,
    safe,
)

NINE_MILLION = {"A": 6 * MILLION, "B": 3 * MILLION}
FIVE_DOLLAR_OPTIONS = (("C", 500_000, "5"),)
SEED_AND_A = {("P", "Series A"): 1 * MILLION, ("S", "Seed"): 2 * MILLION}

CASES: dict[str, Case] = {}


def with_safes(*safes: SafeIssued, pool: int = 1 * MILLION) -> CapTable:
    return company(NINE_MILLION, options=FIVE_DOLLAR_OPTIONS, pool=pool, safes=safes)


ONE_SAFE_ROWS = (
    row("500,000", A="0", B="0", C="0", X="500,000"),
    row("9,000,000", A="5,333,333.33", B="2,666,666.67", C="0", X="1,000,000"),
    row("10,000,000", A="5,966,850.83", B="2,983,425.41", C="0", X="1,049,723.76"),
    row("40,000,000", A="23,867,403.31", B="11,933,701.66", C="0", X="4,198,895.03"),
)
ONE_SAFE_POINTS = (
    ("1,000,000", "tier", "SAFE 1"),
    ("9,526,315.79", "conversion", "SAFE 1"),
    ("50,277,777.78", "strike", OPTIONS),
)
CASES["12 post-money SAFE"] = Case(with_safes(safe("X", MILLION, 10 * MILLION)), ONE_SAFE_ROWS, ONE_SAFE_POINTS)
CASES["12b cap and discount"] = Case(
    with_safes(safe("X", MILLION, 10 * MILLION, discount=Fraction(1, 5))), ONE_SAFE_ROWS, ONE_SAFE_POINTS
)
CASES["12c discount alone"] = Case(
    with_safes(safe("X", MILLION, None, discount=Fraction(1, 5))),
    (
        row("1,200,000", A="133,333.33", B="66,666.67", C="0", X="1,000,000"),
        row("1,250,000", A="166,666.67", B="83,333.33", C="0", X="1,000,000"),
        row("2,000,000", A="500,000", B="250,000", C="0", X="1,250,000"),
        row("40,000,000", A="25,833,333.33", B="12,916,666.67", C="0", X="1,250,000"),
    ),
    (("1,000,000", "tier", "SAFE 1"), ("1,250,000", "conversion", "SAFE 1"), ("46,250,000", "strike", OPTIONS)),
)
CASES["12d SAFE beside two ranks"] = Case(
    company(
        NINE_MILLION,
        preferred("Series A", "2", MILLION, 1),
        preferred("Seed", "0.5", 2 * MILLION),
        preferred=SEED_AND_A,
        safes=(safe("X", MILLION, 10 * MILLION),),
    ),
    (
        row("3,000,000", A="0", B="0", S="500,000", P="2,000,000", X="500,000"),
        row("10,000,000", A="3,818,181.82", B="1,909,090.91", S="1,272,727.27", P="2,000,000", X="1,000,000"),
        row("15,000,000", A="6,381,818.18", B="3,190,909.09", S="2,127,272.73", P="2,000,000", X="1,300,000"),
        row("20,000,000", A="8,836,363.64", B="4,418,181.82", S="2,945,454.55", P="2,000,000", X="1,800,000"),
    ),
    (
        ("2,000,000", "tier", "Series A"),
        ("4,000,000", "tier", "Seed, SAFE 1"),
        ("8,500,000", "conversion", "Seed"),
        ("12,000,000", "conversion", "SAFE 1"),
        ("26,666,666.67", "conversion", "Series A"),
    ),
)
CASES["12f two SAFEs"] = Case(
    with_safes(safe("X", MILLION, 10 * MILLION), safe("Y", 500_000, 4 * MILLION)),
    (
        row("1,000,000", A="0", B="0", C="0", X="666,666.67", Y="333,333.33"),
        row("6,000,000", A="2,896,551.72", B="1,448,275.86", C="0", X="1,000,000", Y="655,172.41"),
        row("9,000,000", A="4,634,482.76", B="2,317,241.38", C="0", X="1,000,000", Y="1,048,275.86"),
        row("10,000,000", A="5,102,880.66", B="2,551,440.33", C="0", X="1,042,524.01", Y="1,303,155.01"),
        row("40,000,000", A="20,411,522.63", B="10,205,761.32", C="0", X="4,170,096.02", Y="5,212,620.03"),
    ),
    (
        ("1,500,000", "tier", "SAFE 1, SAFE 2"),
        ("4,815,789.47", "conversion", "SAFE 2"),
        ("9,592,105.26", "conversion", "SAFE 1"),
        ("58,790,322.58", "strike", OPTIONS),
    ),
)
CASES["12g pre-money SAFE"] = Case(
    with_safes(safe("X", MILLION, 8 * MILLION, form="pre_money"), pool=500_000),
    (
        row("8,000,000", A="4,666,666.67", B="2,333,333.33", C="0", X="1,000,000"),
        row("10,000,000", A="5,889,570.55", B="2,944,785.28", C="0", X="1,165,644.17"),
        row("40,000,000", A="23,558,282.21", B="11,779,141.10", C="0", X="4,662,576.69"),
    ),
    (
        ("1,000,000", "tier", "SAFE 1"),
        ("8,578,947.37", "conversion", "SAFE 1"),
        ("50,937,500", "strike", OPTIONS),
    ),
)
CASES["12h MFN SAFE with nothing to take"] = Case(
    with_safes(safe("X", MILLION, None, mfn=True)),
    (
        row("500,000", A="0", B="0", C="0", X="500,000"),
        row("40,000,000", A="26,000,000", B="13,000,000", C="0", X="1,000,000"),
    ),
    (("1,000,000", "tier", "SAFE 1"), ("46,000,000", "strike", OPTIONS)),
)
CASES["12i discount SAFE beside capped participation"] = Case(
    company(
        FOUNDERS,
        preferred("Seed", "1.5", 2 * MILLION, participation="capped", participation_cap=Fraction(3)),
        preferred=SEED_HELD,
        safes=(safe("Z", MILLION, None, discount=Fraction(1, 5)),),
    ),
    (
        row("2,000,000", A="0", B="0", X="1,125,000", Y="375,000", Z="500,000"),
        row("4,250,000", A="150,000", B="50,000", X="2,287,500", Y="762,500", Z="1,000,000"),
        row("10,000,000", A="3,450,000", B="1,150,000", X="3,112,500", Y="1,037,500", Z="1,250,000"),
        row("40,000,000", A="22,312,500", B="7,437,500", X="6,750,000", Y="2,250,000", Z="1,250,000"),
        row("60,000,000", A="35,250,000", B="11,750,000", X="8,812,500", Y="2,937,500", Z="1,250,000"),
    ),
    (
        ("4,000,000", "tier", "Seed, SAFE 1"),
        ("4,250,000", "conversion", "SAFE 1"),
        ("34,250,000", "cap", "Seed"),
        ("46,250,000", "conversion", "Seed"),
    ),
)
CASES["12l warrant below the preference beside a SAFE"] = Case(
    company(
        FOUNDERS,
        preferred("Seed", "1", 2 * MILLION),
        preferred={("X", "Seed"): 2 * MILLION},
        safes=(safe("S", 500_000, 5 * MILLION),),
        warrants=(WarrantIssued(FOUNDED, "L", 200_000, Fraction("0.5"), "Seed"),),
    ),
    (
        row("1,000,000", A="0", B="0", X="800,000", L="0", S="200,000"),
        row("2,000,000", A="0", B="0", X="1,555,555.56", L="55,555.56", S="388,888.89"),
        row("7,000,000", A="3,300,000", B="1,100,000", X="2,000,000", L="100,000", S="500,000"),
        row("10,000,000", A="5,332,500", B="1,777,500", X="2,000,000", L="100,000", S="790,000"),
        row("15,000,000", A="7,994,117.65", B="2,664,705.88", X="2,664,705.88", L="166,470.59", S="1,510,000"),
        row("20,000,000", A="10,641,176.47", B="3,547,058.82", X="3,547,058.82", L="254,705.88", S="2,010,000"),
    ),
    None,  # from $11,200,000 on the case lets the series choose before the SAFE
)


def with_notes(*notes: NoteIssued) -> CapTable:
    return company(NINE_MILLION, options=FIVE_DOLLAR_OPTIONS, pool=MILLION, notes=notes)


def twice_repaid(holder: str, principal: int, rate: str, cap: int, issued: date, **terms: object) -> NoteIssued:
    """The cases pay twice principal and interest."""
    terms = {"sale_multiple": Fraction(2), "sale_multiplies": "principal_and_interest", **terms}
    return note(holder, principal, rate, issued, valuation_cap=Fraction(cap), **terms)


CASES["13a note divided by all with the pool"] = Case(
    with_notes(twice_repaid("X", MILLION, "0.06", 8 * MILLION, FOUNDED)),
    (
        row("2,000,000", A="0", B="0", C="0", X="2,000,000"),
        row("15,000,000", A="8,506,666.67", B="4,253,333.33", C="0", X="2,240,000"),
        row("20,000,000", A="11,461,318.05", B="5,730,659.03", C="0", X="2,808,022.92"),
    ),
    (
        ("2,240,000", "repayment", "Note 1"),
        ("15,954,285.71", "conversion", "Note 1"),
        ("52,350,000", "strike", OPTIONS),
    ),
)
CASES["13b divided by all without the pool"] = Case(
    with_notes(twice_repaid("X", MILLION, "0.06", 8 * MILLION, FOUNDED, cap_counts="without_pool")),
    (row("20,000,000", A="11,616,650.53", B="5,808,325.27", C="0", X="2,575,024.20"),),
    (
        ("2,240,000", "repayment", "Note 1"),
        ("17,397,894.74", "conversion", "Note 1"),
        ("51,650,000", "strike", OPTIONS),
    ),
)
CASES["13c divided by common alone"] = Case(
    with_notes(twice_repaid("X", MILLION, "0.06", 8 * MILLION, FOUNDED, cap_counts="common")),
    (row("20,000,000", X="2,456,140.35"),),
    (
        ("2,240,000", "repayment", "Note 1"),
        ("18,240,000", "conversion", "Note 1"),
        ("51,300,000", "strike", OPTIONS),  # by hand: 5 x 10,760,000 - 2,500,000
    ),
)
CASES["13d note with cap and discount"] = Case(
    with_notes(note("X", MILLION, "0.06", valuation_cap=Fraction(8 * MILLION), discount=Fraction(1, 5))),
    (
        row("5,000,000", A="2,586,666.67", B="1,293,333.33", C="0", X="1,120,000"),
        row("10,000,000", A="5,730,659.03", B="2,865,329.51", C="0", X="1,404,011.46"),
    ),
    (
        ("1,120,000", "repayment", "Note 1"),
        ("7,977,142.86", "conversion", "Note 1"),
        ("52,350,000", "strike", OPTIONS),
    ),
)
CASES["13e note with a discount alone"] = Case(
    with_notes(note("X", MILLION, "0.06", discount=Fraction(1, 5))),
    (
        row("1,400,000", A="186,666.67", B="93,333.33", C="0", X="1,120,000"),
        row("2,000,000", A="400,000", B="200,000", C="0", X="1,400,000"),
        row("40,000,000", A="25,733,333.33", B="12,866,666.67", C="0", X="1,400,000"),
    ),
    (("1,120,000", "repayment", "Note 1"), ("1,400,000", "conversion", "Note 1"), ("46,400,000", "strike", OPTIONS)),
)
CASES["13f note beside preferred"] = Case(
    company(
        NINE_MILLION,
        preferred("Series A", "1", 2 * MILLION),
        preferred={("P", "Series A"): 2 * MILLION},
        options=FIVE_DOLLAR_OPTIONS,
        pool=MILLION,
        notes=(twice_repaid("X", MILLION, "0.06", 8 * MILLION, FOUNDED),),
    ),
    (
        row("3,000,000", A="0", B="0", C="0", P="760,000", X="2,240,000"),
        row("15,000,000", A="6,960,000", B="3,480,000", C="0", P="2,320,000", X="2,240,000"),
        row("20,000,000", A="9,411,764.71", B="4,705,882.35", C="0", P="3,137,254.90", X="2,745,098.04"),
    ),
    (
        ("2,240,000", "repayment", "Note 1"),
        ("4,240,000", "tier", "Series A"),
        ("13,240,000", "conversion", "Series A"),
        ("16,320,000", "conversion", "Note 1"),
        ("63,750,000", "strike", OPTIONS),
    ),
)
CASES["13g two notes"] = Case(
    with_notes(
        twice_repaid("X", MILLION, "0.06", 8 * MILLION, FOUNDED),
        twice_repaid("Y", 500_000, "0.08", 5 * MILLION, date(2023, 1, 1)),
    ),
    (
        row("1,000,000", A="0", B="0", C="0", X="674,698.80", Y="325,301.20"),
        row("15,000,000", A="7,554,766.13", B="3,777,383.07", C="0", X="2,240,000", Y="1,427,850.80"),
        row("40,000,000", A="20,682,523.27", B="10,341,261.63", C="0", X="5,067,218.20", Y="3,908,996.90"),
    ),
    (
        ("3,320,000", "repayment", "Note 1, Note 2"),
        ("11,891,428.57", "conversion", "Note 2"),
        ("17,682,285.71", "conversion", "Note 1"),
        ("58,020,000", "strike", OPTIONS),
    ),
)
CASES["13h discount note beside capped participation"] = Case(
    company(
        FOUNDERS,
        preferred("Seed", "1.5", 2 * MILLION, participation="capped", participation_cap=Fraction(3)),
        preferred=SEED_HELD,
        notes=(note("Z", MILLION, "0.06", discount=Fraction(1, 5)),),
    ),
    (
        row("3,000,000", A="0", B="0", X="1,410,000", Y="470,000", Z="1,120,000"),
        row("4,400,000", A="168,000", B="56,000", X="2,292,000", Y="764,000", Z="1,120,000"),
        row("10,000,000", A="3,360,000", B="1,120,000", X="3,090,000", Y="1,030,000", Z="1,400,000"),
        row("60,000,000", A="35,160,000", B="11,720,000", X="8,790,000", Y="2,930,000", Z="1,400,000"),
    ),
    (
        ("1,120,000", "repayment", "Note 1"),
        ("4,120,000", "tier", "Seed"),
        ("4,400,000", "conversion", "Note 1"),
        ("34,400,000", "cap", "Seed"),
        ("46,400,000", "conversion", "Seed"),
    ),
)
CASES["13i note beside a SAFE"] = Case(
    company(
        {"A": 6 * MILLION, "B": 4 * MILLION},
        safes=(safe("S", MILLION, 10 * MILLION),),
        notes=(twice_repaid("N", MILLION, "0.05", 5 * MILLION, date(2023, 1, 1)),),
    ),
    (
        row("1,000,000", A="0", B="0", S="0", N="1,000,000"),
        row("2,500,000", A="0", B="0", S="400,000", N="2,100,000"),
        row("8,000,000", A="2,940,000", B="1,960,000", S="1,000,000", N="2,100,000"),
        row("12,500,000", A="5,616,000", B="3,744,000", S="1,040,000", N="2,100,000"),
        row("13,000,000", A="5,886,000", B="3,924,000", S="1,090,000", N="2,100,000"),
        row("20,000,000", A="8,925,619.83", B="5,950,413.22", S="2,000,000", N="3,123,966.94"),
    ),
    (
        ("2,100,000", "repayment", "Note 1"),
        ("3,100,000", "tier", "SAFE 1"),
        ("12,100,000", "conversion", "SAFE 1"),
        ("13,444,444.44", "conversion", "Note 1"),
    ),
)


@pytest.mark.parametrize("name", CASES)
def test_payouts(name: str) -> None:
    check_payouts(CASES[name])


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.points is not None])
def test_breakpoints(name: str) -> None:
    check_breakpoints(CASES[name])


def test_12k_two_equal_safes_have_two_stable_outcomes() -> None:
    """At $5.25M each SAFE does as the other does; the source takes both converting, which is listed here."""
    table = company(
        {"A": 6 * MILLION, "B": 4 * MILLION}, safes=(safe("X", 500_000, 5 * MILLION), safe("Y", 500_000, 5 * MILLION))
    )
    exit_value = Fraction(5_250_000)
    taken, others = sale(table, exit_value), other_outcomes(table, exit_value)
    assert (taken.converted, taken.by_class["SAFE 1"], taken.unsettled) == ((), 500_000, ())
    assert others.complete
    assert [other.by_holder for other in others.payouts] == [
        {"A": 2_520_000, "B": 1_680_000, "X": 525_000, "Y": 525_000}
    ]
    assert other_outcomes(table, Fraction(5 * MILLION)).payouts == ()
    assert other_outcomes(table, Fraction(10 * MILLION)).payouts == ()


def test_12e_a_safe_that_ranks_with_the_senior_series() -> None:
    """12d with the cash-out beside Series A: at $2M two thirds and one third, at $3.5M the Seed has what is left."""
    game = Game(
        Claims(
            Fraction(9 * MILLION),
            (
                Claim("Series A", Fraction(2 * MILLION), 1, Fraction(MILLION)),
                Claim("Seed", Fraction(MILLION), 0, Fraction(2 * MILLION)),
                Claim("SAFE 1", Fraction(MILLION), 1, fraction=Fraction(1, 10)),
            ),
        )
    )
    for money, series_a, seed, safe_1 in ((2, "4/3", "0", "2/3"), (3.5, "2", "0.5", "1"), (15, "2", "2.127273", "1.3")):
        amount = Fraction(money) * MILLION
        paid = game.divide(game.settle(amount).converted, amount).amounts
        expected = {"Series A": series_a, "Seed": seed, "SAFE 1": safe_1}
        assert {name: round(paid[name] / MILLION, 6) for name in expected} == {
            name: round(Fraction(text), 6) for name, text in expected.items()
        }
