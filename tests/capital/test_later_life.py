"""What happens to stock, options and notes after they are issued: by hand, with what is refused."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from core.capital.cap_table import CapTable, fold, fully_diluted, issued
from core.capital.control import votes
from core.capital.notes import NoteIssued, SaleMultiplies
from core.capital.securities import (
    Event,
    Holding,
    Investment,
    OptionsGranted,
    PoolIncreased,
    PricedRound,
    PublicOffering,
    SharesIssued,
    VestingStock,
)
from core.capital.stock_events import (
    ConversionPriceSet,
    NotesConverted,
    OptionsCancelled,
    OptionsExercised,
    OptionsRepriced,
    PoolReduced,
    SecondarySale,
    SharesRepurchased,
    Split,
    StockConverted,
    WarrantCancelled,
    WarrantIssued,
)
from core.capital.terms import PayToPlay, Vesting
from core.capital.waterfall import sale
from core.errors import InputError
from tests.capital.builders import DAY, founder, safe, series, table_of

MILLION = 1_000_000
FOUNDED = date(2024, 1, 1)
VESTING = Vesting(FOUNDED, 48, 12)
ROUND = PricedRound(
    DAY,
    "A",
    (Investment("V", Fraction(2 * MILLION)), Investment("W", Fraction(MILLION))),
    Fraction(9 * MILLION),
    anti_dilution=None,
)
"""3,000,000 shares at $1.00 beside 9,000,000 of common."""
COMPANY: tuple[Event, ...] = (founder(9 * MILLION), ROUND)


def shares(table: CapTable) -> dict[tuple[str, str], int]:
    return {(one.holder, one.security): one.shares for one in table.holdings}


def test_a_holder_converts_at_the_price_in_force_and_the_preference_goes_with_his_shares() -> None:
    """At $0.75 for a $1.00 series 100,001 shares are 133,334.67 of common."""
    table = table_of(*COMPANY, ConversionPriceSet(DAY, "A", Fraction(3, 4)), StockConverted(DAY, "A", "V", 100_001))
    assert shares(table)["V", "common"] == 133_334
    assert shares(table)["V", "A"] == 1_899_999
    assert table.by_name["A"].preference == 2_899_999
    assert fully_diluted(table)["W"] == Fraction(1_333_333, 9 * MILLION + 133_334 + 2_533_332 + 1_333_333)


def test_a_series_converts_by_vote_and_disappears() -> None:
    """Each holder is rounded down; a warrant for 3,000 of it at $2.00 is for 4,000 of common at $1.50."""
    warrant = WarrantIssued(DAY, "Bank", 3_000, Fraction(2), "A")
    events = (*COMPANY, warrant, ConversionPriceSet(DAY, "A", Fraction(3, 4)), StockConverted(DAY, "A"))
    table = table_of(*events)
    assert table.series == ()
    assert shares(table) == {
        ("Founder", "common"): 9 * MILLION,
        ("V", "common"): 2_666_666,
        ("W", "common"): 1_333_333,
    }
    assert table.warrants == (replace(warrant, security="common", shares=4_000, strike=Fraction(3, 2)),)
    assert fully_diluted(table)["Bank"] == Fraction(4_000, 9 * MILLION + 2_666_666 + 1_333_333 + 4_000)


def test_a_charter_may_set_another_rate() -> None:
    """Ten to one for those who did not pay, as a punishment after the fact."""
    table = table_of(*COMPANY, StockConverted(DAY, "A", "W", None, Fraction(1, 10)))
    assert shares(table)["W", "common"] == 100_000
    assert table.by_name["A"].invested == 2 * MILLION


def test_a_class_of_common_converts_one_to_one() -> None:
    table = table_of(SharesIssued(DAY, "Ada", 500, "Class B", 10), founder(500, "Bo"), StockConverted(DAY, "Class B"))
    assert votes(table) == {"Ada": Fraction(1, 2), "Bo": Fraction(1, 2)}


def test_a_lower_conversion_price_dilutes_common_and_leaves_the_preference() -> None:
    table = table_of(*COMPANY, ConversionPriceSet(DAY, "A", Fraction(1, 2)))
    assert fully_diluted(table)["Founder"] == Fraction(9, 15)
    assert table.by_name["A"].preference == 3 * MILLION


def test_stock_bought_back_is_no_more() -> None:
    """By hand: 3,000,000 of the founder's 9,000,000 leave; half of a series takes half of its preference along."""
    table = table_of(
        *COMPANY,
        SharesRepurchased(DAY, "Founder", 3 * MILLION, Fraction(2)),
        SharesRepurchased(DAY, "W", 500_000, Fraction(1), "A"),
    )
    assert issued(table)["Founder"] == Fraction(6 * MILLION, 8_500_000)
    assert table.by_name["A"].invested == 2_500_000


FOUNDERS: tuple[Event, ...] = (
    SharesIssued(FOUNDED, "Ada", 4_800, vesting=VESTING),
    SharesIssued(FOUNDED, "Ada", 200),
    SharesIssued(FOUNDED, "Bo", 5_000),
)
LEAVES = date(2025, 7, 1)
"""After 18 of 48 months: 1,800 of 4,800 have vested."""


def test_founders_stock_vests_and_what_has_not_is_bought_back() -> None:
    table = fold(FOUNDERS)[-1]
    assert table.vesting_stock == (VestingStock("Ada", "common", 4_800, VESTING),)
    assert [table.unvested_stock("Ada", "common", day) for day in (FOUNDED, LEAVES, date(2028, 1, 1))] == [
        4_800,
        3_000,
        0,
    ]
    left = fold([*FOUNDERS, SharesRepurchased(LEAVES, "Ada", 3_000, Fraction(0), unvested=True)])[-1]
    assert shares(left) == {("Ada", "common"): 2_000, ("Bo", "common"): 5_000}
    assert left.unvested_stock("Ada", "common", LEAVES) == 0


def test_the_last_to_vest_is_bought_back_first() -> None:
    """Of 3,000 unvested 1,000 are taken: the schedule of the 4,800 goes on until 3,800 have vested."""
    table = fold([*FOUNDERS, SharesRepurchased(LEAVES, "Ada", 1_000, unvested=True)])[-1]
    assert [table.unvested_stock("Ada", "common", day) for day in (LEAVES, date(2026, 7, 1), date(2027, 3, 1))] == [
        2_000,
        800,
        0,
    ]


def test_unvested_stock_is_owned_votes_and_is_paid_at_a_sale() -> None:
    """Merger agreements convert it at the price of common and keep the vesting; nobody else gets its part."""
    table = fold(FOUNDERS)[-1]
    assert issued(table) == votes(table) == {"Ada": Fraction(1, 2), "Bo": Fraction(1, 2)}
    assert sale(table, Fraction(MILLION)).by_holder == {"Ada": 500_000, "Bo": 500_000}


def test_unvested_stock_follows_a_split_and_a_conversion_of_its_class() -> None:
    class_b = SharesIssued(FOUNDED, "Ada", 4_800, "Class B", 10, VESTING)
    table = fold([class_b, SharesIssued(FOUNDED, "Bo", 1), Split(LEAVES, 10), StockConverted(LEAVES, "Class B")])[-1]
    assert table.vesting_stock == (VestingStock("Ada", "common", 48_000, VESTING),)


def test_only_what_has_vested_is_sold_or_bought_back_freely() -> None:
    for event in (
        SecondarySale(LEAVES, "Ada", "Fund", 2_001, Fraction(1)),
        SharesRepurchased(LEAVES, "Ada", 2_001, Fraction(1)),
        SharesRepurchased(LEAVES, "Ada", 3_001, unvested=True),
    ):
        with pytest.raises(InputError) as caught:
            fold([*FOUNDERS, event])
        assert (caught.value.code, caught.value.expected) == ("out_of_range", f"shares <= {event.shares - 1}")
    fold([*FOUNDERS, SecondarySale(LEAVES, "Ada", "Fund", 2_000, Fraction(1))])


OPTIONS_GRANTED: tuple[Event, ...] = (
    SharesIssued(FOUNDED, "Ada", 9_000),
    PoolIncreased(FOUNDED, 1_000),
    OptionsGranted(FOUNDED, "Dev", 480, Fraction(1), VESTING),
)


def test_options_taken_back_are_the_last_that_would_have_vested() -> None:
    """180 of 480 have vested after 18 months; 200 are taken back, and the other 280 vest as before, 10 a month."""
    table = fold([*OPTIONS_GRANTED, OptionsCancelled(LEAVES, "Dev", 200, Fraction(1))])[-1]
    (grant,) = table.grants
    assert (grant.shares, table.unissued_pool) == (280, 720)
    assert [grant.vested(day) for day in (LEAVES, date(2026, 1, 1), date(2026, 5, 1), date(2028, 1, 1))] == [
        180,
        240,
        280,
        280,
    ]


def test_repriced_options_keep_their_vesting() -> None:
    repriced = (*OPTIONS_GRANTED, OptionsRepriced(LEAVES, "Dev", Fraction(1), Fraction(1, 4)))
    table = fold([*repriced, OptionsExercised(LEAVES, "Dev", 180, Fraction(1, 4))])[-1]
    assert (table.grants[0].strike, table.grants[0].vested(LEAVES)) == (Fraction(1, 4), 0)
    assert Holding("Dev", "common", 180) in table.holdings


def test_the_pool_shrinks_by_what_nobody_was_granted() -> None:
    table = fold([*OPTIONS_GRANTED, PoolReduced(LEAVES, 520)])[-1]
    assert (table.unissued_pool, fully_diluted(table)["Ada"]) == (0, Fraction(9_000, 9_480))


def test_a_warrant_may_be_given_up() -> None:
    warrants = [WarrantIssued(DAY, "Bank", count, Fraction(1)) for count in (10, 20)]
    table = table_of(founder(100), *warrants, WarrantCancelled(DAY, "Bank"))
    assert table.warrants == (warrants[1],)


NOTE = NoteIssued(DAY, "N", Fraction(300_000))


def test_at_maturity_notes_become_stock_at_an_agreed_price() -> None:
    """Uncapped: $300,000 at $0.70 is 428,571 shares; as Series A each has $1.00 of preference."""
    common = table_of(*COMPANY, NOTE, NotesConverted(DAY, "N", price=Fraction(7, 10)))
    assert shares(common)["N", "common"] == 428_571
    preferred = table_of(*COMPANY, NOTE, NotesConverted(DAY, "N", "A", Fraction(7, 10)))
    assert shares(preferred)["N", "A"] == 428_571
    assert preferred.by_name["A"].invested == 3_428_571


def test_at_maturity_a_capped_note_becomes_as_much_preferred_as_makes_its_common() -> None:
    """$300,000 at a cap of $6M of 12,000,000 shares is 600,000 of common. Where the series converts into two, a share
    counts twice in the 15,000,000, and 750,000 of common are 375,000 of the series."""
    capped = replace(NOTE, valuation_cap=Fraction(6 * MILLION))
    table = table_of(*COMPANY, capped, NotesConverted(DAY, "N", "A"))
    assert shares(table)["N", "A"] == 600_000
    twofold = (*COMPANY, ConversionPriceSet(DAY, "A", Fraction(1, 2)), capped)
    assert shares(table_of(*twofold, NotesConverted(DAY, "N", "A")))["N", "A"] == 375_000


@pytest.mark.parametrize(("multiplies", "paid"), [("principal", 630_000), ("principal_and_interest", 660_000)])
def test_what_a_sale_multiplies(multiplies: SaleMultiplies, paid: int) -> None:
    """$300,000 with 10 % for a year, twice: 600,000 and 30,000, or twice 330,000."""
    note = replace(NOTE, interest_rate=Fraction(1, 10), sale_multiple=Fraction(2), sale_multiplies=multiplies)
    table = fold([founder(9 * MILLION), note, PoolIncreased(date(2027, 1, 1), 1)])[-1]
    assert sale(table, Fraction(700_000)).by_class["Note 1"] == paid


def test_pay_to_play_that_ends_a_series_leaves_its_warrants_on_common() -> None:
    """5,000 of the series, one to one into common, for what they cost."""
    rule = PayToPlay(Fraction(MILLION), (("A", Fraction(1, 10)),))
    down = replace(series(MILLION, 4 * MILLION, "B", decimals=None), pay_to_play=rule)
    table = table_of(*COMPANY, WarrantIssued(DAY, "Bank", 5_000, Fraction(1), "A"), down)
    assert [(one.security, one.shares) for one in table.warrants] == [("common", 5_000)]


@pytest.mark.parametrize(
    ("event", "code", "field"),
    [
        (StockConverted(DAY, "Z"), "unknown_name", "StockConverted.security"),
        (StockConverted(DAY, "A", "Founder"), "unknown_name", "StockConverted.holder"),
        (StockConverted(DAY, "A", "W", 1_000_001), "out_of_range", "StockConverted.shares"),
        (ConversionPriceSet(DAY, "common", Fraction(1)), "unknown_name", "ConversionPriceSet.series"),
        (SharesRepurchased(DAY, "W", 1), "out_of_range", "SharesRepurchased.shares"),
        (SharesRepurchased(DAY, "W", 1, Fraction(1), "options"), "unknown_name", "SharesRepurchased.security"),
        (OptionsCancelled(DAY, "W", 1), "out_of_range", "OptionsCancelled.shares"),
        (OptionsRepriced(DAY, "W", Fraction(1), Fraction(2)), "unknown_name", "OptionsRepriced.strike"),
        (PoolReduced(DAY, 1), "out_of_range", "PoolReduced.shares"),
        (WarrantCancelled(DAY, "W"), "unknown_name", "WarrantCancelled.holder"),
        (NotesConverted(DAY, "W"), "unknown_name", "NotesConverted.holder"),
    ],
)
def test_what_does_not_fit_the_table_is_refused(event: Event, code: str, field: str) -> None:
    with pytest.raises(InputError) as caught:
        table_of(*COMPANY, event)
    assert (caught.value.code, caught.value.field) == (code, field)


def test_the_company_cannot_buy_its_last_share() -> None:
    with pytest.raises(InputError) as caught:
        table_of(founder(10, "Ada"), SharesRepurchased(DAY, "Ada", 10))
    assert (caught.value.code, caught.value.field) == ("out_of_range", "SharesRepurchased.shares")


def test_notes_convert_into_stock_that_there_is_and_at_a_cap_or_a_price() -> None:
    for event, field in (
        (NotesConverted(DAY, "N", "Z"), "NotesConverted.security"),
        (NotesConverted(DAY, "N"), "NoteIssued.valuation_cap"),
    ):
        with pytest.raises(InputError) as caught:
            table_of(*COMPANY, NOTE, event)
        assert caught.value.field == field


@pytest.mark.parametrize(
    ("make", "code", "field"),
    [
        (lambda: StockConverted(DAY, "common"), "contradiction", "StockConverted.security"),
        (lambda: StockConverted(DAY, "A", None, 5), "contradiction", "StockConverted.shares"),
        (lambda: StockConverted(DAY, "A", "V", 0), "out_of_range", "StockConverted.shares"),
        (lambda: ConversionPriceSet(DAY, "A", Fraction(0)), "out_of_range", "ConversionPriceSet.price"),
        (lambda: SharesRepurchased(DAY, "V", 1, Fraction(-1)), "out_of_range", "SharesRepurchased.price"),
        (lambda: SharesRepurchased(DAY, "V", 1, unvested=1), "wrong_type",  # type: ignore[arg-type]
         "SharesRepurchased.unvested"),
        (lambda: SharesIssued(DAY, "V", 1, vesting=48), "wrong_type", "SharesIssued.vesting"),  # type: ignore[arg-type]
        (lambda: replace(NOTE, sale_multiplies="interest"), "unknown_name",  # type: ignore[arg-type]
         "NoteIssued.sale_multiplies"),
    ],
)  # fmt: skip
def test_terms_that_cannot_be_are_refused(make: object, code: str, field: str) -> None:
    with pytest.raises(InputError) as caught:
        make()  # type: ignore[operator]
    assert (caught.value.code, caught.value.field) == (code, field)


@pytest.mark.parametrize("name", ["Warrant 1", "carve-out", "options at 1", "SAFE X", "Note 2", "common", "options"])
def test_names_that_a_table_or_a_sale_gives_to_something_else_are_kept(name: str) -> None:
    with pytest.raises(InputError) as caught:
        table_of(founder(9 * MILLION), replace(ROUND, name=name))
    assert (caught.value.code, caught.value.field) == ("duplicate_name", "PricedRound.name")


def test_everything_outstanding_goes_public_with_vesting_stock() -> None:
    events = (*FOUNDERS, replace(safe(1_000, 100_000), date=FOUNDED))
    public = PublicOffering(LEAVES, "Public", Fraction(10_000), Fraction(90_000))
    table = fold([*events, public])[-1]
    assert table.unvested_stock("Ada", "common", LEAVES) == 3_000
