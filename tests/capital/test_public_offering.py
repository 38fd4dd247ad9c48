"""A public offering in the fold, by hand: SAFEs and preferred stock become common, holders sell, the public buys."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core.capital.cap_table import fold, fully_diluted, issued, offering_on
from core.capital.control import votes
from core.capital.securities import Event, Holding, OptionsGranted, PoolIncreased, PublicOffering, SharesIssued
from core.capital.stock_events import WarrantIssued
from core.errors import InputError
from tests.capital.builders import DAY, companies, founder, safe, series, table_of

MILLION = 1_000_000
# $5M at $18M pre-money on 9M shares: $2 a share, 2.5M shares. The SAFE owns 8 % of 11.5M / 0.92 = 12.5M shares: 1M.
PRIVATE = (founder(9 * MILLION), series(5 * MILLION, 18 * MILLION), safe(MILLION, 12_500_000))


def offering(amount: int, pre_money: int, secondary: str = "0", name: str = "Public") -> PublicOffering:
    return PublicOffering(DAY, name, Fraction(amount), Fraction(pre_money), Fraction(secondary))


def test_everything_converts_into_common() -> None:
    """$125M for 12.5M shares is $10 a share; $25M buys 2.5M new ones."""
    table = table_of(*PRIVATE, offering(25 * MILLION, 125 * MILLION))
    assert set(table.holdings) == {
        Holding("Founder", "common", 9 * MILLION),
        Holding("Series A investor", "common", 2_500_000),
        Holding("Angel", "common", MILLION),
        Holding("Public", "common", 2_500_000),
    }
    assert (table.series, table.safes) == ((), ())
    assert fully_diluted(table)["Public"] == Fraction(1, 6)


def test_every_holder_sells_a_third_rounded_down() -> None:
    """3,000,000 + 833,333 + 333,333 old shares go to the public along with 2,500,000 new ones; 15,000,000 in all."""
    event = offering(25 * MILLION, 125 * MILLION, secondary="1/3")
    result = offering_on(table_of(*PRIVATE), event)
    assert (result.offer_price, result.primary_shares) == (10, 2_500_000)
    assert result.sold == {"Founder": 3_000_000, "Series A investor": 833_333, "Angel": 333_333}
    table = table_of(*PRIVATE, event)
    assert {one.holder: one.shares for one in table.holdings} == {
        "Founder": 6_000_000,
        "Series A investor": 1_666_667,
        "Angel": 666_667,
        "Public": 6_666_666,
    }
    assert table.issued_and_granted == 15 * MILLION


def test_options_and_pool_are_not_sold() -> None:
    """1,000 shares, 100 options and 100 in the pool at $12,000: $10 a share. Half of the stock alone is sold."""
    options = (PoolIncreased(DAY, 200), OptionsGranted(DAY, "Engineer", 100))
    table = table_of(founder(1_000), *options, offering(3_000, 12_000, secondary="1/2"))
    assert Holding("Engineer", "options", 100) in table.holdings
    assert table.unissued_pool == 100
    assert issued(table) == {"Founder": Fraction(500, 1_300), "Public": Fraction(800, 1_300)}


def test_follow_on_dilutes_everybody_alike() -> None:
    """15M shares at $20; $60M buys 3M more."""
    table = table_of(
        *PRIVATE, offering(25 * MILLION, 125 * MILLION), offering(60 * MILLION, 300 * MILLION, name="More")
    )
    assert fully_diluted(table) == {
        "Founder": Fraction(9, 18),
        "Series A investor": Fraction(5, 36),
        "Angel": Fraction(1, 18),
        "Public": Fraction(5, 36),
        "More": Fraction(3, 18),
    }


@given(companies(), st.integers(100 * MILLION, 10**10), st.integers(MILLION, 10**9), st.sampled_from(["0", "1/7"]))
def test_shares_sum_and_no_preference_is_left(
    events: tuple[Event, ...], pre_money: int, amount: int, secondary: str
) -> None:
    """Selling moves shares, it makes none; each holder keeps what was not sold."""
    before = fold(events)[-1]
    event = offering(amount, pre_money, secondary)
    try:
        after = table_of(*events, event)
    except InputError:
        assume(False)
    result = offering_on(before, event)
    assert (after.series, after.safes, after.unissued_pool) == ((), (), before.unissued_pool)
    options = sum(one.shares for one in before.holdings if one.security == "options")
    assert after.issued_and_granted == sum(result.held.values()) + result.primary_shares + options
    public = sum(one.shares for one in after.holdings if one.holder == "Public")
    assert public == result.primary_shares + sum(result.sold.values())
    assert sum(fully_diluted(after).values()) == sum(issued(after).values()) == 1


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("name", " ", "missing"),
        ("amount", 0, "out_of_range"),
        ("amount", 1.5, "wrong_type"),
        ("pre_money", 0, "out_of_range"),
        ("secondary_share", Fraction(1), "out_of_range"),
        ("secondary_share", Fraction(-1, 9), "out_of_range"),
        ("price_step", 0, "out_of_range"),
    ],
)
def test_refusals(field: str, value: Any, code: str) -> None:
    plain: dict[str, Any] = {"date": DAY, "name": "Public", "amount": 1, "pre_money": 1}
    with pytest.raises(InputError) as caught:
        PublicOffering(**plain | {field: value})
    assert (caught.value.code, caught.value.field) == (code, f"PublicOffering.{field}")


def test_nothing_is_listed_before_the_founding() -> None:
    with pytest.raises(InputError) as caught:
        fold([offering(1, 1)])
    assert (caught.value.code, caught.value.field) == ("before_founding", "PublicOffering.date")


def test_a_class_with_votes_is_kept_and_sold_last() -> None:
    """By hand: 900 Class B and 100 common at $1; a fifth is 200, all 100 common and 100 Class B."""
    events = (SharesIssued(DAY, "Founder", 900, "Class B", 10), SharesIssued(DAY, "Founder", 100))
    table = table_of(*events, offering(1_000, 1_000, secondary="1/5"))
    assert set(table.holdings) == {Holding("Founder", "Class B", 800), Holding("Public", "common", 1_200)}
    assert votes(table) == {"Founder": Fraction(8_000, 9_200), "Public": Fraction(1_200, 9_200)}


def test_a_warrant_on_a_series_becomes_one_on_common() -> None:
    warrant = WarrantIssued(DAY, "Lender", 1_000, Fraction(1), "Series A")
    table = table_of(*PRIVATE, warrant, offering(25 * MILLION, 125 * MILLION))
    assert table.warrants == (WarrantIssued(DAY, "Lender", 1_000, Fraction(1)),)
