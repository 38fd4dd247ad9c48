"""Options, warrants, secondary sales, splits and later closings: published examples, hand arithmetic, refusals."""

from datetime import date
from fractions import Fraction

import pytest

from core.capital.cap_table import fold, fully_diluted, issued, price_round_on
from core.capital.securities import (
    Event,
    Grant,
    Holding,
    Investment,
    OptionsGranted,
    PoolIncreased,
    PricedRound,
    SharesIssued,
)
from core.capital.stock_events import (
    CommonClass,
    LaterClosing,
    OptionsExercised,
    OptionsLapsed,
    OptionsPromised,
    Promise,
    SecondarySale,
    Split,
    WarrantExercised,
    WarrantIssued,
    warrant_coverage,
)
from core.capital.terms import AntiDilution, Vesting
from core.errors import InputError
from tests.capital.builders import DAY, founder, safe, series, table_of

MILLION = 1_000_000
HIRED = date(2024, 1, 31)


@pytest.mark.parametrize(
    ("on", "vested"),
    [
        (date(2025, 1, 30), 0),  # a day before the cliff
        (date(2025, 1, 31), 1_200),  # twelve of 48 months
        (date(2025, 2, 28), 1_300),  # a month that began on the 31st ends with February
        (date(2026, 7, 30), 2_900),
        (date(2028, 1, 31), 4_800),
        (date(2030, 1, 1), 4_800),
    ],
)
def test_monthly_vesting_with_a_cliff(on: date, vested: int) -> None:
    assert Vesting(HIRED).vested(4_800, on) == vested


def test_vesting_rounds_down() -> None:
    """By hand: 13 of 48 months of 1,000 options are 270.8."""
    assert Vesting(HIRED).vested(1_000, date(2025, 2, 28)) == 270


POOL = (SharesIssued(HIRED, "Founder", 9_000), PoolIncreased(HIRED, 1_000))


def test_options_keep_their_strike_and_become_stock_when_exercised() -> None:
    """Two grants at two strikes; the earlier half of one vested after two years."""
    later = date(2026, 1, 31)
    events = (
        *POOL,
        OptionsGranted(HIRED, "Engineer", 480, Fraction(1, 4), Vesting(HIRED)),
        OptionsGranted(HIRED, "Engineer", 100, Fraction(1)),
        OptionsExercised(later, "Engineer", 200, Fraction(1, 4)),
    )
    table = fold(events)[-1]
    assert table.grants == (
        Grant("Engineer", 280, Fraction(1, 4), HIRED, Vesting(HIRED), exercised=200),
        Grant("Engineer", 100, Fraction(1), HIRED),
    )
    assert table.grants[0].vested(later) == 40
    assert {Holding("Engineer", "options", 380), Holding("Engineer", "common", 200)} < set(table.holdings)
    with pytest.raises(InputError) as caught:
        fold([*events, OptionsExercised(later, "Engineer", 41, Fraction(1, 4))])
    assert (caught.value.code, caught.value.expected) == ("out_of_range", "shares <= 40")


def test_what_has_not_vested_returns_to_the_pool() -> None:
    """By hand: 240 of 480 vested; the pool is 1,000 - 480 + 240."""
    events = (*POOL, OptionsGranted(HIRED, "Engineer", 480, Fraction(1, 4), Vesting(HIRED)))
    leaves = date(2026, 1, 31)
    kept = fold([*events, OptionsLapsed(leaves, "Engineer")])[-1]
    assert (kept.unissued_pool, [one.shares for one in kept.grants]) == (760, [240])
    assert kept.grants[0].vested(leaves) == 240
    gone = fold([*events, OptionsLapsed(leaves, "Engineer", keeps_vested=False)])[-1]
    assert (gone.unissued_pool, gone.grants, fully_diluted(gone)["Founder"]) == (1_000, (), Fraction(9, 10))


def test_a_grant_fulfils_a_promise() -> None:
    """Before it, the promise is the hire's in the fully diluted count and out of the pool that is free."""
    promised = (*POOL, OptionsPromised(HIRED, "Hire", 300))
    assert fully_diluted(fold(promised)[-1]) == {
        "Founder": Fraction(9, 10),
        "Hire": Fraction(3, 100),
        "unissued pool": Fraction(7, 100),
    }
    part = fold([*promised, OptionsGranted(HIRED, "Hire", 200)])[-1]
    assert part.promises == (Promise("Hire", 100),)
    assert fold([*promised, OptionsGranted(HIRED, "Hire", 300)])[-1].promises == ()


@pytest.mark.parametrize(
    ("principal", "coverage", "strike", "shares"), [(2, "3/10", "10", 60_000), (1, "1/10", "1", 100_000)]
)
def test_C30_warrant_coverage(principal: int, coverage: str, strike: str, shares: int) -> None:
    """waterfalls.app, warrant coverage: $2M x 30 % / $10 and $1M x 10 % / $1.00."""
    assert warrant_coverage(Fraction(principal * MILLION), Fraction(coverage), Fraction(strike)) == shares


WARRANT = WarrantIssued(DAY, "Lender", 200_000, Fraction(1, 2))


def test_spillpoint_22_warrants_count_like_options() -> None:
    """github.com/spillpoint/spillpoint, case 22: capitalization 34,000,000/3, SAFE 1,133,333; $75/46; 3,066,666."""
    table = table_of(
        founder(9 * MILLION),
        PoolIncreased(DAY, MILLION),
        OptionsGranted(DAY, "C", 400_000, Fraction(1, 10)),
        WARRANT,
        safe(MILLION, 10 * MILLION),
    )
    result = price_round_on(table, series(5 * MILLION, 20 * MILLION, pool="1/10", decimals=None))
    assert result.company_capitalization == Fraction(34_000_000, 3)
    assert result.exact_price == Fraction(75, 46)
    assert [one.shares for one in (*result.conversions, *result.new_shares)] == [1_133_333, 3_066_666]
    assert 600_000 + result.pool_increase == 1_533_333


def test_warrants_are_exercised_for_cash_or_net() -> None:
    """By hand: net at $2.00 a warrant at $0.50 gives 3/4 of its shares."""
    table = table_of(founder(800_000), WARRANT)
    assert issued(table) == {"Founder": 1}
    assert fully_diluted(table)["Lender"] == Fraction(1, 5)
    cash = table_of(founder(800_000), WARRANT, WarrantExercised(DAY, "Lender"))
    assert (cash.warrants, Holding("Lender", "common", 200_000) in cash.holdings) == ((), True)
    net = table_of(founder(800_000), WARRANT, WarrantExercised(DAY, "Lender", Fraction(2)))
    assert Holding("Lender", "common", 150_000) in net.holdings


def test_a_preferred_warrant_brings_its_preference() -> None:
    """By hand: 1,000 shares of a $4.00 series carry $4,000, though they cost $1,000."""
    table = table_of(
        founder(2 * MILLION),
        series(2 * MILLION, 8 * MILLION),
        WarrantIssued(DAY, "Lender", 1_000, Fraction(1), "Series A"),
        WarrantExercised(DAY, "Lender"),
    )
    assert table.by_name["Series A"].invested == 2_004_000


def test_warrants_end_after_their_last_day() -> None:
    expiring = WarrantIssued(DAY, "Lender", 100, Fraction(1), expires=date(2026, 6, 30))
    on_time = fold([founder(900), expiring, PoolIncreased(date(2026, 6, 30), 1)])[-1]
    late = fold([founder(900), expiring, PoolIncreased(date(2026, 7, 1), 1)])[-1]
    assert (on_time.warrants, late.warrants) == ((expiring,), ())


def test_a_secondary_sale_moves_shares_and_dilutes_nobody() -> None:
    events = (founder(600, "Ada"), founder(400, "Bo"), SecondarySale(DAY, "Ada", "Fund", 100, Fraction(5)))
    assert fully_diluted(table_of(*events)) == {"Ada": Fraction(1, 2), "Bo": Fraction(2, 5), "Fund": Fraction(1, 10)}


def test_a_split_scales_shares_and_prices() -> None:
    """By hand: ten for one; nobody's part changes, and the preference is still the money."""
    events: tuple[Event, ...] = (
        founder(2 * MILLION),
        PoolIncreased(DAY, 500_000),
        OptionsGranted(DAY, "Engineer", 100_000, Fraction(2)),
        WarrantIssued(DAY, "Lender", 50_000, Fraction(3)),
        series(2 * MILLION, 10 * MILLION),
    )
    before, after = table_of(*events), table_of(*events, Split(DAY, 10))
    assert fully_diluted(after) == fully_diluted(before)
    assert after.by_name["Series A"].original_issue_price * 10 == before.by_name["Series A"].original_issue_price
    assert after.by_name["Series A"].preference == before.by_name["Series A"].preference
    assert (after.grants[0].strike, after.warrants[0].strike) == (Fraction(1, 5), Fraction(3, 10))
    assert after.unissued_pool == 10 * before.unissued_pool


def test_a_reverse_split_rounds_each_holder_down() -> None:
    table = table_of(founder(1_005, "Ada"), founder(9, "Bo"), Split(DAY, 1, 10))
    assert table.holdings == (Holding("Ada", "common", 100),)


def test_a_split_keeps_what_anti_dilution_gave() -> None:
    """A 2,000,000-share series at $2.50 that converts into 2,282,608 still converts into that many times two."""
    terms = PricedRound(
        DAY,
        "A",
        (Investment("X", Fraction(5 * MILLION)),),
        Fraction(20 * MILLION),
        anti_dilution=AntiDilution("weighted_average"),
    )
    table = table_of(founder(8 * MILLION), terms, series(3 * MILLION, 12 * MILLION, "B"), Split(DAY, 2))
    unsplit = table_of(founder(8 * MILLION), terms, series(3 * MILLION, 12 * MILLION, "B"))
    assert table.by_name["A"].conversion_ratio == unsplit.by_name["A"].conversion_ratio > 1


def test_a_later_closing_sells_more_at_the_same_price() -> None:
    """By hand: $1M and then $1M more at $4.00 are 250,000 shares each, and $2M of preference."""
    tranche = LaterClosing(DAY, "Series A", (Investment("Series A investor", Fraction(MILLION)),))
    table = table_of(founder(2 * MILLION), series(MILLION, 8 * MILLION), tranche)
    assert Holding("Series A investor", "Series A", 500_000) in table.holdings
    assert table.by_name["Series A"].preference == 2 * MILLION


def test_a_class_of_common_has_its_votes() -> None:
    table = table_of(SharesIssued(DAY, "Founder", 100, "Class B", 10), founder(100, "Public"))
    assert table.classes == (CommonClass("Class B", 10),)
    with pytest.raises(InputError) as caught:
        table_of(
            SharesIssued(DAY, "Founder", 100, "Class B", 10),
            SharesIssued(DAY, "Founder", 100, "Class B", 20),
        )
    assert (caught.value.code, caught.value.field) == ("contradiction", "SharesIssued.votes_per_share")


@pytest.mark.parametrize(
    ("event", "code", "field"),
    [
        (OptionsExercised(DAY, "Ada", 1), "out_of_range", "OptionsExercised.shares"),
        (OptionsLapsed(DAY, "Ada"), "unknown_name", "OptionsLapsed.holder"),
        (WarrantIssued(DAY, "L", 1, Fraction(1), "Series Z"), "unknown_name", "WarrantIssued.security"),
        (WarrantExercised(DAY, "L"), "unknown_name", "WarrantExercised.holder"),
        (SecondarySale(DAY, "Ada", "Bo", 11, Fraction(1)), "out_of_range", "SecondarySale.shares"),
        (SecondarySale(DAY, "Ada", "Bo", 1, Fraction(1), "options"), "unknown_name", "SecondarySale.security"),
        (SecondarySale(DAY, "Ada", "Bo", 1, Fraction(1), "Series Z"), "unknown_name", "SecondarySale.security"),
        (Split(DAY, 1, 100), "out_of_range", "Split.old"),
        (LaterClosing(DAY, "Z", (Investment("X", Fraction(1)),)), "unknown_name", "LaterClosing.series"),
    ],
)
def test_what_does_not_fit_the_table_is_refused(event: Event, code: str, field: str) -> None:
    with pytest.raises(InputError) as caught:
        table_of(founder(10, "Ada"), event)
    assert (caught.value.code, caught.value.field) == (code, field)


def test_a_seller_sells_to_somebody_else() -> None:
    with pytest.raises(InputError) as caught:
        SecondarySale(DAY, "Ada", "Ada", 1, Fraction(1))
    assert caught.value.field == "SecondarySale.buyer"
