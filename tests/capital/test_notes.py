"""Convertible notes: interest by day count, conversion under each pricing basis, what a cap counts, repayment.

Foresight: github.com/foresighthq/cap-table-tool, cached cells. FundersClub: fundersclub.com, convertible notes, cap and
discount. spillpoint: github.com/spillpoint/spillpoint, cases/edge-*/DERIVATION.md. Cooley's example of three methods
as retold at wowsglobal.com, "Understanding the procedure of converting convertible notes".
"""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

import pytest

from core.capital.cap_table import fold, fully_diluted, price_on_each_basis_on, price_round_on
from core.capital.notes import NoteIssued, note_name
from core.capital.round_equations import Company
from core.capital.rounds import price_on_each_basis
from core.capital.securities import Holding, Investment, OptionsGranted, PoolIncreased, PricedRound, SharesIssued
from core.capital.stock_events import NotesConverted, NotesRepaid
from core.errors import InputError
from tests.capital.builders import DAY, founder, price_round, safe, table_of

MILLION = 1_000_000
FOUNDED = date(2022, 1, 1)
CLOSING = date(2024, 1, 1)


def note(
    principal: int = MILLION,
    *,
    on: date = date(2023, 1, 1),
    rate: str = "3/50",
    cap: int | None = 8 * MILLION,
    discount: str = "1/5",
    holder: str = "N",
    **terms: object,
) -> NoteIssued:
    capped = None if cap is None else Fraction(cap)
    return NoteIssued(
        on,
        holder,
        Fraction(principal),
        Fraction(rate),
        valuation_cap=capped,
        discount=Fraction(discount),
        **terms,  # type: ignore[arg-type]
    )


def closing(amount: int, pre_money: int, pool: str = "0") -> PricedRound:
    cheque = (Investment("Y", Fraction(amount)),)
    return PricedRound(CLOSING, "Series A", cheque, Fraction(pre_money), Fraction(pool), price_step=None)


@pytest.mark.parametrize(
    ("interest", "owed"), [("simple", "560000.00"), ("annual", "561184.46"), ("monthly", "563523.97")]
)
def test_eighteen_months_of_interest(interest: str, owed: str) -> None:
    """$500k at 8 % for 18 months. Monthly is Foresight's cached 63,523.97; annual is 500k x 1.08 x 1.04 = 561,600

    with simple interest for the half year, 561,184.46 with a power of 1.5; a document says which, ours is the former.
    """
    loan = note(500_000, on=date(2022, 7, 1), rate="2/25", interest=interest, day_count="30/360")
    expected = {"annual": Fraction("561600.00")}.get(interest, Fraction(owed))
    assert round(loan.owed(CLOSING), 2) == expected


@pytest.mark.parametrize(
    ("day_count", "start", "end", "years"),
    [
        ("actual/365", date(2023, 1, 1), date(2024, 1, 1), Fraction(1)),
        ("actual/365", date(2023, 7, 1), date(2024, 6, 30), Fraction(1)),  # 365 days with a leap day, spillpoint 16i
        ("actual/360", date(2023, 1, 1), date(2024, 1, 1), Fraction(365, 360)),
        ("30/360", date(2023, 1, 31), date(2023, 3, 31), Fraction(60, 360)),
        ("30/360", date(2023, 1, 15), date(2023, 3, 31), Fraction(76, 360)),
    ],
)
def test_day_counts(day_count: str, start: date, end: date, years: Fraction) -> None:
    assert note(on=start, day_count=day_count).years(end) == years


def test_C5_foresight_two_notes_on_a_fixed_pre_money() -> None:
    """Foresight: 10M shares, notes of $500k (cap $10M) and $250k (cap $8M), 20 % off, 18 months at 8 % monthly; $3M at
    $12M pre. $1.20; $0.96 and 587,004.13; $0.80 and 352,202.48; 2,500,000 new; 13,439,206.61; Series A 18.6023 %."""
    terms: Mapping[str, object] = {"interest": "monthly", "day_count": "30/360"}
    notes = [
        note(500_000, on=date(2022, 7, 1), rate="2/25", cap=10 * MILLION, **terms),
        note(250_000, on=date(2022, 7, 1), rate="2/25", **terms),
    ]
    results = price_on_each_basis(closing(3 * MILLION, 12 * MILLION), Company(10 * MILLION), notes=notes)
    fixed = results["pre_money"]
    assert fixed.exact_price == Fraction("1.2")
    assert [one.term for one in fixed.conversions] == ["discount", "cap"]
    assert [one.price for one in fixed.conversions] == [Fraction("0.96"), Fraction("0.8")]
    shares = [round(one.exact_shares, 2) for one in fixed.conversions]
    assert shares == [Fraction("587004.13"), Fraction("352202.48")]
    assert fixed.new_shares[0].shares == 2_500_000
    total = fixed.post_money / fixed.exact_price
    assert round(total, 2) == Fraction("13439206.61")
    assert round(100 * 2_500_000 / total, 4) == Fraction("18.6023")
    # By hand: the lead's part is 3/15 where the post-money is fixed, 3/(15 + notes) where the dollars are added.
    sold = {basis: 3 * MILLION / one.post_money for basis, one in results.items()}
    assert sold["post_money"] == Fraction(1, 5)
    assert sold["dollars_invested"] == 3 * MILLION / (15 * MILLION + sum(one.owed(CLOSING) for one in notes))
    assert all(one.effective_pre_money == 10 * MILLION * one.exact_price for one in results.values())


def test_cooley_three_methods() -> None:
    """Cooley: 1M shares, $1M of notes at 30 % off, $2M at $8M pre. Founders, notes, Series A in per cent:
    70.00/12.50/17.50 (pre-money), 65.71/14.29/20.00 (percent ownership), by hand 68.83/12.99/18.18 (dollars invested:
    2/11 is the lead's, 1/0.7/11 the notes')."""
    table = table_of(SharesIssued(FOUNDED, "Founders", MILLION), note(rate="0", cap=None, discount="3/10"))
    owned = {}
    for basis, result in price_on_each_basis_on(table, closing(2 * MILLION, 8 * MILLION)).items():
        total = result.post_money / result.exact_price
        parts = (MILLION, result.conversions[0].exact_shares, 2 * MILLION / result.exact_price)
        owned[basis] = [round(float(100 * part / total), 2) for part in parts]
    assert owned == {
        "pre_money": [70.00, 12.50, 17.50],
        "post_money": [65.71, 14.29, 20.00],
        "dollars_invested": [68.83, 12.99, 18.18],
    }


@pytest.mark.parametrize(("pre_money", "price", "shares"), [(10, "2.5", 10_000), (6, "4", 6_250)])
def test_C10_fundersclub_cap_or_discount(pre_money: int, price: str, shares: int) -> None:
    """FundersClub: $25k, cap $5M, 20 % off, stock at $5.00: $2.50 under $10M pre, $4.00 (not 4.1667) under $6M."""
    loan = note(25_000, on=CLOSING, rate="0", cap=5 * MILLION)
    terms = PricedRound(
        CLOSING, "A", (Investment("Y", Fraction(1000)),), Fraction(pre_money * MILLION), basis="pre_money"
    )
    (conversion,) = price_round(terms, pre_money * 200_000, notes=[loan]).conversions
    assert (conversion.price, conversion.shares) == (Fraction(price), shares)


@pytest.mark.parametrize(
    ("counts", "shares", "price", "bought", "pool"),
    [
        ("with_pool", 1_325_000, Fraction(650, 393), 3_023_076, 2_267_307),
        ("without_pool", 1_126_250, Fraction(13_000, 7_701), 2_961_923, 2_221_442),
        ("common", 1_060_000, Fraction(1_625, 956), 2_941_538, 2_206_153),
        ("with_pool_increase", 1_429_875, None, None, None),
    ],
)
def test_spillpoint_19_what_the_cap_is_divided_by(
    counts: str, shares: int, price: Fraction | None, bought: int | None, pool: int | None
) -> None:
    """spillpoint 19a, 19b, 19c and the comparison in 19a: $1M at 6 % for a year, $8M cap; $5M at $20M, pool of 15 %."""
    table = fold([*POOLED, note(cap_counts=counts)])[-1]
    result = price_round_on(table, closing(5 * MILLION, 20 * MILLION, pool="3/20"))
    assert abs(result.conversions[0].exact_shares - shares) < 1
    if price is not None:
        assert result.exact_price == price
        assert (result.new_shares[0].shares, 1_500_000 + result.pool_increase) == (bought, pool)
        assert result.conversions[0].dollars == 1_060_000


POOLED = (
    SharesIssued(FOUNDED, "A", 6 * MILLION),
    SharesIssued(FOUNDED, "B", 2 * MILLION),
    PoolIncreased(FOUNDED, 2 * MILLION),
    OptionsGranted(FOUNDED, "C", 500_000, Fraction(1, 4)),
)


def test_spillpoint_21_a_note_beside_a_pre_money_safe() -> None:
    """spillpoint 21: the note's 1,325,000, 1,102,165 for $1M at $10M pre-money; 635/427; 3,362,204; 2,521,653."""
    pre = safe(MILLION, 10 * MILLION, "1/5", form="pre_money", on=FOUNDED)
    result = price_round_on(table_of(*POOLED, pre, note()), closing(5 * MILLION, 20 * MILLION, pool="3/20"))
    assert [one.shares for one in result.conversions] == [1_102_165, 1_325_000]
    assert result.exact_price == Fraction(635, 427)
    assert (result.new_shares[0].shares, 1_500_000 + result.pool_increase) == (3_362_204, 2_521_653)


def test_spillpoint_21b_a_post_money_safe_counts_the_note() -> None:
    """spillpoint 21b: 596,250 for the note, 1,066,250 (10 % of 10,662,500) for the SAFE; 1600/853; 2,665,625."""
    table = table_of(SharesIssued(FOUNDED, "F", 9 * MILLION), safe(MILLION, 10 * MILLION, on=FOUNDED), note(500_000))
    result = price_round_on(table, closing(5 * MILLION, 20 * MILLION))
    assert [one.exact_shares for one in result.conversions] == [1_066_250, 596_250]
    assert (result.exact_price, result.new_shares[0].shares) == (Fraction(1600, 853), 2_665_625)


def test_spillpoint_21d_a_post_money_safe_counts_a_note_that_depends_on_the_price() -> None:
    """spillpoint 21d: without a cap, 1387/720; 343,907 and 1,038,211 shares; capitalization 14.4e9/1387."""
    table = table_of(
        SharesIssued(FOUNDED, "F", 9 * MILLION), safe(MILLION, 10 * MILLION, on=FOUNDED), note(500_000, cap=None)
    )
    result = price_round_on(table, closing(5 * MILLION, 20 * MILLION))
    assert result.exact_price == Fraction(1387, 720)
    assert result.company_capitalization == Fraction(14_400_000_000, 1387)
    assert [one.shares for one in result.conversions] == [1_038_211, 343_907]
    assert result.new_shares[0].shares == 2_595_529


def test_interest_becomes_preference() -> None:
    table = fold([*POOLED, note(), closing(5 * MILLION, 20 * MILLION)])[-1]
    assert [(one.name, one.invested) for one in table.series] == [
        ("Series A-N1", 1_060_000),
        ("Series A", 5 * MILLION),
    ]
    assert table.notes == ()


def test_a_round_below_the_threshold_leaves_the_note_outstanding() -> None:
    loan = note(qualified_financing=Fraction(6 * MILLION))
    table = fold([*POOLED, loan, closing(5 * MILLION, 20 * MILLION)])[-1]
    assert table.notes == (loan,)
    assert note_name(0) == "Note 1"


def test_before_a_round_a_note_owns_what_its_cap_gives_today() -> None:
    """By hand: nothing accrued on the first day, $1M of $8M on 10M shares is 1.25M of 11.25M."""
    assert fully_diluted(table_of(*POOLED, note()))["N"] == Fraction(1, 9)


def test_notes_are_repaid_or_become_common_at_the_cap() -> None:
    """By hand, a year at 6 %: $1.06M / ($8M / 10M shares) = 1,325,000 shares."""
    events = (*POOLED, note())
    assert fold([*events, NotesRepaid(CLOSING, "N")])[-1].notes == ()
    converted = fold([*events, NotesConverted(CLOSING, "N")])[-1]
    assert Holding("N", "common", 1_325_000) in converted.holdings
    assert converted.notes == ()


@pytest.mark.parametrize(
    ("make", "code", "field"),
    [
        (lambda: note(maturity=date(2023, 1, 1)), "contradiction", "NoteIssued.maturity"),
        (lambda: note(rate="-1/100"), "out_of_range", "NoteIssued.interest_rate"),
        (lambda: note(0), "out_of_range", "NoteIssued.principal"),
        (lambda: note(interest="daily"), "unknown_name", "NoteIssued.interest"),
        (lambda: note(cap_counts="everything"), "unknown_name", "NoteIssued.cap_counts"),
        (lambda: fold([founder(1), NotesRepaid(DAY, "N")]), "unknown_name", "NotesRepaid.holder"),
        (
            lambda: fold([founder(1), note(on=DAY, cap=None), NotesConverted(DAY, "N")]),
            "contradiction",
            "NoteIssued.valuation_cap",
        ),
    ],
)
def test_what_cannot_be_is_refused(make: object, code: str, field: str) -> None:
    with pytest.raises(InputError) as caught:
        make()  # type: ignore[operator]
    assert (caught.value.code, caught.value.field) == (code, field)


def test_notes_that_have_grown_past_their_cap_are_refused() -> None:
    """By hand: $7M at 6 % counted like a post-money SAFE at $8M owns 102.8 % of the company after three years."""
    grown = note(7 * MILLION, cap_counts="company_capitalization")
    table = fold([*POOLED, grown, PoolIncreased(date(2026, 1, 1), 1)])[-1]
    with pytest.raises(InputError) as caught:
        fully_diluted(table)
    assert (caught.value.code, caught.value.field) == ("over_100_percent", "NoteIssued.principal")
    later = PricedRound(date(2026, 1, 1), "A", (Investment("Y", Fraction(MILLION)),), Fraction(20 * MILLION))
    with pytest.raises(InputError) as caught:
        price_round_on(table, later)
    assert (caught.value.code, caught.value.field) == ("over_100_percent", "NoteIssued.principal")
