"""Published sales of companies with preferred stock, options, warrants, dividends and carve-outs, to the last cent."""

from datetime import date
from fractions import Fraction

import pytest

from core.capital.claims import CarveOut
from core.capital.securities import OPTIONS
from core.capital.stock_events import WarrantIssued
from core.capital.table import CapTable
from core.capital.waterfall import SaleTerms
from tests.capital.published_sales import (
    FOUNDED,
    FOUNDERS,
    MILLION,
    SEED_HELD,
    Case,
    check_breakpoints,
    check_payouts,
    company,
    preferred,
    row,
)

TWO_SERIES = {("X", "Series A"): 1 * MILLION, ("Y", "Series B"): 1 * MILLION}


def seed(**terms: object) -> CapTable:
    return company(FOUNDERS, preferred("Seed", "1.5", 2 * MILLION, **terms), preferred=SEED_HELD)


def stacked(seniority_of_b: int) -> CapTable:
    series = (preferred("Series A", "2", MILLION), preferred("Series B", "4", MILLION, seniority_of_b))
    return company(FOUNDERS, *series, preferred=TWO_SERIES)


CASES: dict[str, Case] = {}

CASES["2 non-participating"] = Case(
    seed(),
    (
        row("1,000,000", A="0", B="0", X="750,000", Y="250,000"),
        row("5,000,000", A="1,500,000", B="500,000", X="2,250,000", Y="750,000"),
        row("15,000,000", A="9,000,000", B="3,000,000", X="2,250,000", Y="750,000"),
        row("60,000,000", A="36,000,000", B="12,000,000", X="9,000,000", Y="3,000,000"),
    ),
    (("3,000,000", "tier", "Seed"), ("15,000,000", "conversion", "Seed")),
)
CASES["3 participating"] = Case(
    seed(participation="full"),
    (
        row("3,000,000", A="0", B="0", X="2,250,000", Y="750,000"),
        row("20,000,000", A="10,200,000", B="3,400,000", X="4,800,000", Y="1,600,000"),
        row("60,000,000", A="34,200,000", B="11,400,000", X="10,800,000", Y="3,600,000"),
    ),
    (("3,000,000", "tier", "Seed"),),
)
CASES["4 participating, capped"] = Case(
    seed(participation="capped", participation_cap=Fraction(3)),
    (
        row("20,000,000", A="10,200,000", B="3,400,000", X="4,800,000", Y="1,600,000"),
        row("33,000,000", A="18,000,000", B="6,000,000", X="6,750,000", Y="2,250,000"),
        row("40,000,000", A="23,250,000", B="7,750,000", X="6,750,000", Y="2,250,000"),
        row("45,000,000", A="27,000,000", B="9,000,000", X="6,750,000", Y="2,250,000"),
        row("60,000,000", A="36,000,000", B="12,000,000", X="9,000,000", Y="3,000,000"),
    ),
    (("3,000,000", "tier", "Seed"), ("33,000,000", "cap", "Seed"), ("45,000,000", "conversion", "Seed")),
)
CASES["5a stacked"] = Case(
    stacked(1),
    (
        row("3,000,000", A="0", B="0", X="0", Y="3,000,000"),
        row("5,000,000", A="0", B="0", X="1,000,000", Y="4,000,000"),
        row("30,000,000", A="17,333,333.33", B="5,777,777.78", X="2,888,888.89", Y="4,000,000"),
        row("50,000,000", A="30,000,000", B="10,000,000", X="5,000,000", Y="5,000,000"),
    ),
    (
        ("4,000,000", "tier", "Series B"),
        ("6,000,000", "tier", "Series A"),
        ("22,000,000", "conversion", "Series A"),
        ("40,000,000", "conversion", "Series B"),
    ),
)
CASES["5b pari passu"] = Case(
    stacked(0),
    (
        row("4,000,000", A="0", B="0", X="1,333,333.33", Y="2,666,666.67"),
        row("30,000,000", A="17,333,333.33", B="5,777,777.78", X="2,888,888.89", Y="4,000,000"),
    ),
    (
        ("6,000,000", "tier", "Series A, Series B"),
        ("22,000,000", "conversion", "Series A"),
        ("40,000,000", "conversion", "Series B"),
    ),
)
CASES["7 options at several strikes"] = Case(
    company(
        FOUNDERS,
        options=(("C", 400_000, "0.25"), ("C", 200_000, "3"), ("D", 600_000, "1"), ("E", 800_000, "3")),
    ),
    (
        row("2,000,000", A="1,500,000", B="500,000", C="0", D="0", E="0"),
        row("5,000,000", A="3,642,857.14", B="1,214,285.71", C="142,857.14", D="0", E="0"),
        row("10,000,000", A="7,133,333.33", B="2,377,777.78", C="375,555.56", D="113,333.33", E="0"),
        row("26,300,000", A="18,000,000", B="6,000,000", C="1,100,000", D="1,200,000", E="0"),
        row("30,000,000", A="20,220,000", B="6,740,000", C="1,322,000", D="1,422,000", E="296,000"),
        row("50,000,000", A="32,220,000", B="10,740,000", C="2,522,000", D="2,622,000", E="1,896,000"),
    ),
    (("2,000,000", "strike", OPTIONS), ("8,300,000", "strike", OPTIONS), ("26,300,000", "strike", OPTIONS)),
)
CASES["8 warrant for preferred below its preference"] = Case(
    company(
        FOUNDERS,
        preferred("Seed", "1", 2 * MILLION),
        preferred={("X", "Seed"): 2 * MILLION},
        warrants=(WarrantIssued(FOUNDED, "L", 200_000, Fraction("0.5"), "Seed"),),
    ),
    (
        row("500,000", A="0", B="0", X="500,000", L="0"),
        row("1,000,000", A="0", B="0", X="1,000,000", L="0"),
        row("1,500,000", A="0", B="0", X="1,454,545.45", L="45,454.55"),
        row("5,000,000", A="2,175,000", B="725,000", X="2,000,000", L="100,000"),
        row("15,000,000", A="8,882,352.94", B="2,960,784.31", X="2,960,784.31", L="196,078.43"),
        row("20,000,000", A="11,823,529.41", B="3,941,176.47", X="3,941,176.47", L="294,117.65"),
    ),
    (("1,000,000", "strike", "Warrant 1"), ("2,100,000", "tier", "Seed"), ("10,100,000", "conversion", "Seed")),
)
DIVIDENDS = {"dividend_rate": Fraction(8, 100), "issued": date(2022, 3, 31)}
CASES["9 cumulative dividends"] = Case(
    seed(dividends="simple", **DIVIDENDS),
    (
        row("1,000,000", A="0", B="0", X="750,000", Y="250,000"),
        row("4,000,000", A="29,506.85", B="9,835.62", X="2,970,493.15", Y="990,164.38"),
        row("19,000,000", A="11,279,506.85", B="3,759,835.62", X="2,970,493.15", Y="990,164.38"),
        row("20,000,000", A="12,000,000", B="4,000,000", X="3,000,000", Y="1,000,000"),
    ),
    (("3,960,657.53", "tier", "Seed"), ("19,803,287.67", "conversion", "Seed")),
    SaleTerms(on=date(2026, 3, 31)),
)
CASES["9b compounding dividends"] = Case(
    seed(dividends="compounding", **DIVIDENDS),
    (
        row("5,000,000", A="566,120.37", B="188,706.79", X="3,183,879.63", Y="1,061,293.21"),
        row("20,000,000", A="11,816,120.37", B="3,938,706.79", X="3,183,879.63", Y="1,061,293.21"),
        row("40,000,000", A="24,000,000", B="8,000,000", X="6,000,000", Y="2,000,000"),
    ),
    (("4,245,172.84", "tier", "Seed"), ("21,225,864.20", "conversion", "Seed")),
    SaleTerms(on=date(2026, 9, 30)),
)


def bracketed(holder: str, part: str) -> CarveOut:
    """A part of 10 % of the first $10M and 5 % of the next."""
    share = Fraction(part)
    return CarveOut(holder, ((Fraction(10 * MILLION), share / 10), (Fraction(20 * MILLION), share / 20)))


CASES["10 carve-out in brackets"] = Case(
    company(
        {"A": 4_500_000, "B": 1_500_000},
        preferred("Series A", "2.5", 4 * MILLION),
        preferred={("X", "Series A"): 4 * MILLION},
    ),
    (
        row("5,000,000", A="300,000", B="0", X="4,500,000", M="200,000"),
        row("11,000,000", A="630,000", B="0", X="9,950,000", M="420,000"),
        row("15,000,000", A="3,562,500", B="937,500", X="10,000,000", M="500,000"),
        row("26,500,000", A="12,150,000", B="3,750,000", X="10,000,000", M="600,000"),
        row("30,000,000", A="13,725,000", B="4,275,000", X="11,400,000", M="600,000"),
    ),
    (
        ("10,000,000", "carve_out", ""),
        ("11,052,631.58", "tier", "Series A"),
        ("20,000,000", "carve_out", ""),
        ("26,500,000", "conversion", "Series A"),
    ),
    SaleTerms(carve_outs=(bracketed("A", "0.6"), bracketed("M", "0.4"))),
)
CASES["24 flat carve-out"] = Case(
    company(FOUNDERS, preferred("Seed", "1.5", 2 * MILLION), preferred={("X", "Seed"): 2 * MILLION}),
    (
        row("2,000,000", A="0", B="0", X="1,800,000", M="200,000"),
        row("10,000,000", A="4,500,000", B="1,500,000", X="3,000,000", M="1,000,000"),
        row("20,000,000", A="10,800,000", B="3,600,000", X="3,600,000", M="2,000,000"),
    ),
    (("3,333,333.33", "tier", "Seed"), ("16,666,666.67", "conversion", "Seed")),
    SaleTerms(carve_outs=(CarveOut("M", ((None, Fraction(1, 10)),)),)),
)


CASES["venturesouth.vc/the-grey-zone: $2M for 25 %, participating up to 4x"] = Case(
    company(
        {"Founders": 3 * MILLION},
        preferred("A", "2", MILLION, participation="capped", participation_cap=Fraction(4)),
        preferred={("Investor", "A"): MILLION},
    ),
    (
        row("10,000,000", Investor="4,000,000"),  # column E: without participation 2.5
        row("31,000,000", Investor="8,000,000"),  # column H: 0.25 more than without, 1.25 less than without the cap
        row("36,000,000", Investor="9,000,000"),
    ),
    (("2,000,000", "tier", "A"), ("26,000,000", "cap", "A"), ("32,000,000", "conversion", "A")),
)
CASES["waterfalls.app, carve-out definition: $50M raised, sold at $40M, 15 % for management"] = Case(
    company({"Founders": MILLION}, preferred("A", "50", MILLION), preferred={("Investors", "A"): MILLION}),
    (row("40,000,000", Management="6,000,000", Investors="34,000,000", Founders="0"),),
    None,
    SaleTerms(carve_outs=(CarveOut("Management", ((None, Fraction(15, 100)),)),)),
)


@pytest.mark.parametrize("name", CASES)
def test_payouts(name: str) -> None:
    check_payouts(CASES[name])


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.points is not None])
def test_breakpoints(name: str) -> None:
    check_breakpoints(CASES[name])
