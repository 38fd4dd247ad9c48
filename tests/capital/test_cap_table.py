"""The fold over a company's events: published examples, what it refuses, and ownership that always sums to one.

1984 Ventures: github.com/1984vc/cap-table, "Cap Table 101".
"""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given

from core.capital.cap_table import EMPTY, CapTable, apply, fold, fully_diluted, issued, price_round_on
from core.capital.securities import (
    Event,
    Holding,
    OptionsGranted,
    PoolIncreased,
    PricedRound,
    SafeIssued,
    Series,
    SharesIssued,
)
from core.errors import InputError
from tests.capital.builders import DAY, companies, founder, safe, series, table_of

MILLION = 1_000_000
TWO_FOUNDERS = (founder(MILLION, "Ada"), founder(MILLION, "Bo"))


def percent(table: CapTable) -> dict[str, int]:
    return {name: round(share * 100) for name, share in fully_diluted(table).items()}


def test_C1a_1984_two_founders_sell_a_fifth() -> None:
    """1984 Ventures: two founders with 1,000,000 each raise $2M at $8M pre: $4 a share, 40/40/20 %."""
    table = table_of(*TWO_FOUNDERS, series(2 * MILLION, 8 * MILLION))
    assert table.series == (Series("Series A", Fraction(4), Fraction(1), 0, Fraction(2 * MILLION), issued=DAY),)
    assert fully_diluted(table) == {
        "Ada": Fraction(40, 100),
        "Bo": Fraction(40, 100),
        "Series A investor": Fraction(20, 100),
    }


def test_C1b_1984_reserved_pool_is_paid_by_the_founders() -> None:
    """1984 Ventures: with a 10 % pool 35/35/20/10 %; the price falls to $3.50."""
    terms = series(2 * MILLION, 8 * MILLION, pool="1/10")
    table = table_of(*TWO_FOUNDERS, terms)
    assert percent(table) == {"Ada": 35, "Bo": 35, "Series A investor": 20, "unissued pool": 10}
    assert price_round_on(table_of(*TWO_FOUNDERS), terms).price == Fraction("3.5")


def test_C1c_1984_a_hire_without_a_pool_dilutes_everybody() -> None:
    """1984 Ventures: after the $2M round a hire gets 131,578 shares: 2,631,578 in all, 38/38/19/5 %."""
    table = table_of(*TWO_FOUNDERS, series(2 * MILLION, 8 * MILLION), SharesIssued(DAY, "Hire", 131_578))
    assert table.issued_and_granted == 2_631_578
    assert percent(table) == {"Ada": 38, "Bo": 38, "Series A investor": 19, "Hire": 5}


def test_C1d_1984_series_a_on_the_table() -> None:
    """1984 Ventures: $5M at $20M pre on 10M shares: 12.5M shares, 80/20 %."""
    table = table_of(founder(10 * MILLION), series(5 * MILLION, 20 * MILLION))
    assert table.issued_and_granted == 12_500_000
    assert fully_diluted(table) == {"Founder": Fraction(4, 5), "Series A investor": Fraction(1, 5)}


def test_C1e_1984_safe_before_and_after_the_round() -> None:
    """1984 Ventures: a $1M SAFE at $10M is 10 % before the round, 8 % after it, the new series 20 %."""
    before, after = fold([founder(10 * MILLION), safe(MILLION, 10 * MILLION), series(5 * MILLION, 20 * MILLION)])[1:]
    assert fully_diluted(before) == {"Founder": Fraction(9, 10), "Angel": Fraction(1, 10)}
    assert percent(after) == {"Founder": 72, "Angel": 8, "Series A investor": 20}


def test_C8_yc_lecture_two_safes() -> None:
    """YC lecture: 2 x 4,625,000 shares; $200k at $4M owns 5 %, $800k at $8M owns 10 %."""
    table = table_of(
        founder(4_625_000, "F1"),
        founder(4_625_000, "F2"),
        safe(200_000, 4 * MILLION, holder="A"),
        safe(800_000, 8 * MILLION, holder="B"),
    )
    assert fully_diluted(table) == {
        "F1": Fraction(425, 1000),
        "F2": Fraction(425, 1000),
        "A": Fraction(5, 100),
        "B": Fraction(10, 100),
    }


def test_safe_converts_into_its_own_series_whose_preference_is_its_own_money() -> None:
    """Shadow preferred: at the round's price 1,111,111 shares would carry $2M of preference for $1M of money."""
    table = table_of(
        founder(10 * MILLION),
        safe(MILLION, 10 * MILLION),
        series(5 * MILLION, 20 * MILLION, multiple="2", seniority=3),
    )
    shadow, new = table.series
    assert (shadow.name, shadow.invested, shadow.seniority) == ("Series A-S1", MILLION, 3)
    assert shadow.original_issue_price == Fraction(9, 10)  # $10M cap / 11.11M shares
    assert shadow.preference == 2 * MILLION  # "liquidation multiple" as the new stock's
    assert (new.name, new.invested, new.preference) == ("Series A", 5 * MILLION, 10 * MILLION)
    assert Holding("Angel", "Series A-S1", 1_111_111) in table.holdings
    assert table.safes == ()


def test_options_move_from_the_pool_to_a_holder() -> None:
    """Issued ownership does not see options; fully diluted ownership does, granted or not."""
    table = table_of(founder(800), PoolIncreased(DAY, 200), OptionsGranted(DAY, "Engineer", 50))
    assert table.unissued_pool == 150
    assert issued(table) == {"Founder": Fraction(1)}
    assert fully_diluted(table) == {
        "Founder": Fraction(80, 100),
        "Engineer": Fraction(5, 100),
        "unissued pool": Fraction(15, 100),
    }


def test_one_holder_of_several_securities_is_counted_once() -> None:
    table = table_of(founder(300), founder(600), safe(MILLION, 10 * MILLION, holder="Founder"))
    assert table.holdings == (Holding("Founder", "common", 900),)
    assert fully_diluted(table) == {"Founder": Fraction(1)}


def test_nothing_is_owned_before_the_founding() -> None:
    assert fold([]) == ()
    assert fully_diluted(EMPTY) == issued(EMPTY) == {}


def refusal(*events: Event) -> InputError:
    with pytest.raises(InputError) as caught:
        fold(events)
    return caught.value


def test_events_out_of_date_order_are_refused() -> None:
    error = refusal(founder(1), SharesIssued(date(2025, 12, 31), "Ada", 1))
    assert (error.code, error.field, error.expected) == ("out_of_order", "SharesIssued.date", "2026-01-01 <= date")


@pytest.mark.parametrize(
    "event", [PoolIncreased(DAY, 1), OptionsGranted(DAY, "Ada", 1), safe(1, 9), series(MILLION, MILLION)]
)
def test_nothing_happens_before_the_founding(event: Event) -> None:
    error = refusal(event)
    assert (error.code, error.field) == ("before_founding", f"{type(event).__name__}.date")


def test_safes_that_own_the_company_are_refused() -> None:
    """60 % + 40 % leave nothing to the founder."""
    error = refusal(founder(1), safe(6, 10), safe(4, 10))
    assert (error.code, error.field) == ("over_100_percent", "SafeIssued.amount")
    assert error.expected == "sum(amount / valuation_cap) < 1"


def test_more_options_than_the_pool_are_refused() -> None:
    error = refusal(founder(1), PoolIncreased(DAY, 9), OptionsGranted(DAY, "Ada", 10))
    assert (error.code, error.field, error.expected) == ("out_of_range", "OptionsGranted.shares", "shares <= 9")


@pytest.mark.parametrize("name", ["Series A", "common", "options", "unissued pool", "SAFE 1"])
def test_name_of_a_series_must_be_free(name: str) -> None:
    error = refusal(founder(MILLION), series(MILLION, MILLION), series(MILLION, MILLION, name))
    assert (error.code, error.field) == ("duplicate_name", "PricedRound.name")


def test_common_stock_may_not_bear_the_name_of_a_series() -> None:
    error = refusal(founder(MILLION), series(MILLION, MILLION), SharesIssued(DAY, "Ada", 1, "Series A"))
    assert (error.code, error.field) == ("duplicate_name", "SharesIssued.security")


def test_shadow_series_name_must_be_free_too() -> None:
    error = refusal(founder(MILLION), series(MILLION, MILLION, "B-S1"), safe(1000, MILLION), series(9, MILLION, "B"))
    assert (error.code, error.value) == ("duplicate_name", "B-S1")


def test_what_is_no_event_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        apply(EMPTY, "SharesIssued")  # type: ignore[arg-type]
    assert caught.value.code == "wrong_type"


@given(companies())
def test_ownership_sums_to_exactly_one_after_every_event(events: tuple[Event, ...]) -> None:
    for table in fold(events):
        assert sum(fully_diluted(table).values()) == 1
        assert sum(issued(table).values()) == 1


@given(companies())
def test_shares_only_come_from_events_and_conversions(events: tuple[Event, ...]) -> None:
    """Round by round: what the table holds is what it held plus what the round says it issued."""
    for before, event, table in zip((EMPTY, *fold(events)), events, fold(events), strict=False):
        if isinstance(event, PricedRound):
            result = price_round_on(before, event)
            added = sum(one.shares for one in (*result.new_shares, *result.conversions))
            assert table.issued_and_granted == before.issued_and_granted + added
            assert table.unissued_pool >= before.unissued_pool
        if isinstance(event, SafeIssued):
            assert table.holdings == before.holdings
