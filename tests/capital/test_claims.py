"""What a sale is shared out by: dividends, vesting, warrants, SAFEs and notes as claims. All by hand."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from core.capital.breakpoints import Breakpoint, breakpoints
from core.capital.cap_table import CapTable
from core.capital.claims import CarveOut, Claim, Claims, Right, accrued_dividends, claims_of
from core.capital.notes import NoteIssued
from core.capital.sale_game import Game
from core.capital.securities import OPTIONS, Grant, Holding, SafeIssued, Series
from core.capital.stock_events import WarrantIssued
from core.capital.terms import Vesting
from core.capital.waterfall import SaleTerms, other_outcomes, payouts_by_exit, sale
from core.errors import InputError

MILLION = 1_000_000
DAY = date(2024, 2, 29)
FOUNDER = Holding("Founder", "common", MILLION)
COMMON_ALONE = CapTable(holdings=(FOUNDER,), as_of=DAY)


def plain_series(**terms: object) -> Series:
    return Series("A", Fraction(1), Fraction(1), 0, Fraction(MILLION), **terms)  # type: ignore[arg-type]


def with_series(**terms: object) -> CapTable:
    holdings = (FOUNDER, Holding("Fund", "A", MILLION))
    return CapTable(holdings=holdings, series=(plain_series(**terms),), as_of=DAY)


@pytest.mark.parametrize(
    ("dividends", "on", "accrued"),
    [
        ("none", date(2030, 1, 1), "0"),
        ("simple", DAY, "0"),
        ("simple", date(2025, 2, 28), "100000"),  # 365 days
        ("simple", date(2024, 3, 1), "100000/365"),
        ("compounding", date(2024, 3, 1), "100000/365"),
        ("compounding", date(2025, 2, 27), "100000*364/365"),
        ("compounding", date(2025, 2, 28), "100000"),  # the anniversary of 29 February
        ("compounding", date(2026, 2, 28), "210000"),
        ("compounding", date(2028, 2, 28), "331000+1331000*365/3650"),  # one day short of the leap year's own
        ("compounding", date(2028, 2, 29), "464100"),
    ],
)
def test_cumulative_dividends_to_a_day(dividends: str, on: date, accrued: str) -> None:
    """A tenth a year on $1M from 29 February 2024."""
    rate = Fraction(0) if dividends == "none" else Fraction(1, 10)
    series = plain_series(dividends=dividends, dividend_rate=rate, issued=DAY)
    expected = {
        "0": Fraction(0),
        "100000": Fraction(100_000),
        "100000/365": Fraction(100_000, 365),
        "100000*364/365": Fraction(100_000 * 364, 365),
        "210000": Fraction(210_000),
        "331000+1331000*365/3650": 331_000 + 1_331_000 * Fraction(365, 3650),
        "464100": Fraction(464_100),
    }
    assert accrued_dividends(series, on) == expected[accrued]


def test_dividends_are_preferred_and_lost_on_conversion() -> None:
    table = with_series(dividends="simple", dividend_rate=Fraction(1, 10), issued=DAY)
    terms = SaleTerms(on=date(2025, 2, 28))
    assert sale(table, Fraction(2 * MILLION), terms=terms).by_class == {"common": 900_000, "A": 1_100_000}
    assert sale(table, Fraction(4 * MILLION), terms=terms).by_class == {"common": 2 * MILLION, "A": 2 * MILLION}


def test_dividends_that_outgrow_the_participation_cap_are_still_owed() -> None:
    """1x capped at 1.2x, three years at a tenth simple: 1.3 and nothing more; converts above 2 x 1.3."""
    table = with_series(
        participation="capped",
        participation_cap=Fraction(6, 5),
        dividends="simple",
        dividend_rate=Fraction(1, 10),
        issued=DAY,
    )
    terms = SaleTerms(on=date(2027, 2, 28))
    assert sale(table, Fraction(2 * MILLION), terms=terms).by_class["A"] == 1_300_000
    found = breakpoints(table, terms=terms)
    assert [(one.exit_value, one.happening) for one in found] == [(1_300_000, "tier"), (2_600_000, "conversion")]


def granted(*grants: Grant) -> CapTable:
    holdings = (FOUNDER, *(Holding(grant.holder, OPTIONS, grant.shares) for grant in grants))
    return CapTable(holdings=holdings, grants=grants, as_of=DAY)


def test_unvested_options_get_nothing_unless_the_sale_vests_them() -> None:
    """Half of 500,000 have vested after two of four years."""
    table = granted(Grant("Engineer", 500_000, Fraction(0), DAY, Vesting(DAY)))
    on = date(2026, 2, 28)
    assert sale(table, Fraction(5 * MILLION), terms=SaleTerms(on)).by_holder == {
        "Founder": 4 * MILLION,
        "Engineer": MILLION,
    }
    all_of_them = sale(table, Fraction(3 * MILLION), terms=SaleTerms(on, accelerated=True))
    assert all_of_them.by_holder == {"Founder": 2 * MILLION, "Engineer": MILLION}


def test_unvested_options_count_in_the_liquidity_capitalization() -> None:
    """LC = (1,000,000 + 500,000)/0.9, the SAFE's tenth of it 166,666.67 shares beside 1,000,000: 1/7 of $7M."""
    table = granted(Grant("Engineer", 500_000, Fraction(0), DAY, Vesting(DAY)))
    table = replace(table, safes=(SafeIssued(DAY, "Angel", Fraction(100_000), Fraction(MILLION)),))
    assert sale(table, Fraction(7 * MILLION)).by_class == {"common": 6 * MILLION, OPTIONS: 0, "SAFE 1": MILLION}


def test_a_warrant_for_common_pays_above_its_strike_and_lapses() -> None:
    """250,000 at $2 beside 1,000,000: (3.25 + 0.5)/1.25 = $3 a share."""
    table = replace(
        COMMON_ALONE, warrants=(WarrantIssued(DAY, "Bank", 250_000, Fraction(2), expires=date(2025, 1, 1)),)
    )
    payout = sale(table, Fraction(3_250_000))
    assert (payout.common_price, payout.by_class) == (3, {"common": 3 * MILLION, "Warrant 1": 250_000})
    assert sale(table, Fraction(3_250_000), terms=SaleTerms(date(2025, 1, 2))).by_class == {"common": 3_250_000}


def test_safes_with_a_fixed_share_and_with_a_later_package() -> None:
    """A fixed 7 %, an MFN SAFE that takes the later $5M cap, 2.5 %, and the later one's 10 % leave common 80.5 %."""
    safes = (
        SafeIssued(DAY, "Accelerator", Fraction(125_000), fixed_share=Fraction(7, 100)),
        SafeIssued(DAY, "Accelerator", Fraction(125_000), mfn=True),
        SafeIssued(DAY, "Angel", Fraction(500_000), Fraction(5 * MILLION)),
    )
    paid = sale(replace(COMMON_ALONE, safes=safes), Fraction(100 * MILLION)).by_class
    assert paid == {"common": 80_500_000, "SAFE 1": 7 * MILLION, "SAFE 2": 2_500_000, "SAFE 3": 10 * MILLION}


def a_note(**terms: object) -> NoteIssued:
    return NoteIssued(DAY, "Lender", Fraction(100_000), **terms)  # type: ignore[arg-type]


def test_a_note_is_repaid_with_a_premium_ahead_of_preferred() -> None:
    """Twice the principal and a tenth of interest: 210,000, then the series' $1M."""
    note = a_note(interest_rate=Fraction(1, 10), sale_multiple=Fraction(2), valuation_cap=Fraction(50 * MILLION))
    table = replace(with_series(), notes=(note,))
    terms = SaleTerms(date(2025, 2, 28))
    assert sale(table, Fraction(200_000), terms=terms).by_class == {"common": 0, "A": 0, "Note 1": 200_000}
    assert sale(table, Fraction(2_210_000), terms=terms).by_class == {
        "common": MILLION,
        "A": MILLION,
        "Note 1": 210_000,
    }


def test_a_note_whose_cap_counts_all_that_converts_owns_a_part_like_a_safe() -> None:
    note = a_note(valuation_cap=Fraction(MILLION), cap_counts="company_capitalization")
    paid = sale(replace(COMMON_ALONE, notes=(note,)), Fraction(5 * MILLION)).by_class
    assert paid == {"common": 4_500_000, "Note 1": 500_000}


def test_a_carve_out_before_common_comes_after_preferences() -> None:
    """A tenth of the proceeds, from what the series' $1M leaves: at $1.05M all of the 50,000, at $1.5M 150,000."""
    terms = SaleTerms(carve_outs=(CarveOut("Management", ((None, Fraction(1, 10)),), "common"),))
    exits = [Fraction(amount) for amount in (900_000, 1_050_000, 1_500_000)]
    payouts = payouts_by_exit(with_series(), exits, terms=terms)
    assert [payout.by_class["carve-out"] for payout in payouts] == [0, 50_000, 150_000]
    assert [payout.by_class["common"] for payout in payouts] == [0, 0, 350_000]
    found = breakpoints(with_series(), terms=terms)
    assert [(one.happening, round(one.exit_value, 2)) for one in found] == [
        ("tier", MILLION),
        ("carve_out", Fraction("1111111.11")),  # where 0.9 X reaches $1M
        ("conversion", Fraction("2222222.22")),  # where half of 0.9 X does
    ]


def test_a_carve_out_is_of_what_debt_and_repaid_notes_leave() -> None:
    table = replace(COMMON_ALONE, notes=(a_note(),))
    terms = SaleTerms(carve_outs=(CarveOut("Management", ((None, Fraction(1, 10)),)),))
    paid = sale(table, Fraction(MILLION), debt=Fraction(200_000), costs=Fraction(100_000), terms=terms).by_class
    assert paid == {"common": 540_000, "Note 1": 100_000, "carve-out": 60_000}


def test_breakpoints_begin_where_debt_and_costs_are_paid_and_say_where_payouts_jump() -> None:
    safes = tuple(SafeIssued(DAY, name, Fraction(100_000), Fraction(MILLION)) for name in "XY")
    found = breakpoints(replace(COMMON_ALONE, safes=safes), debt=Fraction(400_000), costs=Fraction(100_000))
    assert found == (
        Breakpoint(Fraction(500_000), "debt", (), Fraction(0)),
        Breakpoint(Fraction(700_000), "tier", ("SAFE 1", "SAFE 2"), Fraction(0)),
        # (1.1 - 0.1)/10 for one alone; both convert, and each has 1/10 of 1.1
        Breakpoint(Fraction(1_600_000), "conversion", ("SAFE 1", "SAFE 2"), Fraction(9, 10), jumps=True),
    )


def test_of_too_many_choices_no_other_outcome_is_sought() -> None:
    safes = tuple(SafeIssued(DAY, f"Angel {one}", Fraction(10_000), Fraction(MILLION)) for one in range(11))
    assert not other_outcomes(replace(COMMON_ALONE, safes=safes), Fraction(MILLION)).complete
    assert other_outcomes(with_series(), Fraction(MILLION)).complete


def test_many_prices_at_once_are_the_same_as_each_alone() -> None:
    exits = [Fraction(amount * 100_000) for amount in range(40)]
    table = replace(with_series(), safes=(SafeIssued(DAY, "Angel", Fraction(100_000), Fraction(MILLION)),))
    assert payouts_by_exit(table, exits, costs=Fraction(1)) == tuple(
        sale(table, one, costs=Fraction(1)) for one in exits
    )


def test_a_series_whose_holders_have_all_converted_is_no_claim() -> None:
    assert claims_of(replace(COMMON_ALONE, series=(plain_series(),))).claims == ()


def refused(code: str, field: str, work: object) -> None:
    with pytest.raises(InputError) as caught:
        work()  # type: ignore[operator]
    assert (caught.value.code, caught.value.field) == (code, field)


def test_terms_that_cannot_be_are_refused() -> None:
    tenth = Fraction(1, 10)
    claim = Claim("X", Fraction(1), fraction=Fraction(1, 2))
    capped = with_series(participation="capped", participation_cap=tenth)
    dividends = with_series(dividends="simple", dividend_rate=tenth)
    one = Fraction(1)
    refused("out_of_order", "on", lambda: sale(COMMON_ALONE, one, terms=SaleTerms(date(2020, 1, 1))))
    refused("contradiction", "Series.participation_cap", lambda: sale(capped, one))
    refused("missing", "Series.issued", lambda: sale(dividends, one))
    refused(
        "out_of_order",
        "Series.issued",
        lambda: accrued_dividends(plain_series(dividends="simple", dividend_rate=tenth, issued=date(2030, 1, 1)), DAY),
    )
    refused("wrong_type", "SaleTerms.carve_outs", lambda: SaleTerms(carve_outs=(one,)))  # type: ignore[arg-type]
    refused("missing", "CarveOut.brackets", lambda: CarveOut("M", ()))
    refused("out_of_order", "CarveOut.brackets", lambda: CarveOut("M", ((None, tenth), (one, tenth))))
    refused("out_of_order", "CarveOut.brackets", lambda: CarveOut("M", ((one, tenth), (one, tenth))))
    refused("wrong_type", "CarveOut.brackets", lambda: CarveOut("M", ((None, 0.1),)))  # type: ignore[arg-type]
    refused("out_of_range", "CarveOut.brackets", lambda: CarveOut("M", ((None, one),)))
    refused("unknown_name", "CarveOut.before", lambda: CarveOut("M", ((None, tenth),), "all"))  # type: ignore[arg-type]
    half = CarveOut("M", ((None, Fraction(1, 2)),))
    refused("over_100_percent", "CarveOut.brackets", lambda: Game(Claims(one), (half, half)))
    refused("out_of_range", "Claims.common_shares", lambda: Claims(Fraction(0)))
    refused("wrong_type", "Claim.cash", lambda: Claim("X", 0.1))  # type: ignore[arg-type]
    refused("unknown_name", "Right.claim", lambda: Claims(one, (claim,), (Right("W", "W", one, one, "Y"),)))
    refused("duplicate_name", "Claims.claims", lambda: Claims(one, (claim,), (Right("X", "X", one, one),)))
    refused("over_100_percent", "Claims.claims", lambda: Claims(one, (claim, replace(claim, name="Y"))))
