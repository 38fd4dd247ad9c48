"""Rounds with several SAFEs that Y Combinator's Post-Money Safe User Guide works out, and MFN SAFEs by its section 3.

The guide (ycombinator.com/documents, Appendix II) prints rounded figures; the exact ones are worked out by hand from
the same facts, and the printed ones stand beside them. Its increase of the pool is a number of shares, here the part of
the company that these are after the round.
"""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from core.capital.cap_table import fold, fully_diluted, price_round_on, undetermined
from core.capital.securities import (
    Event,
    OptionsGranted,
    PoolIncreased,
    PricedRound,
    SafeIssued,
    SharesIssued,
)
from core.capital.stock_events import OptionsPromised
from core.capital.waterfall import sale
from core.errors import InputError
from tests.capital.builders import DAY, founder, safe, series

MILLION = 1_000_000

COMPANY: tuple[Event, ...] = (
    SharesIssued(DAY, "Founders", 9_250_000),
    PoolIncreased(DAY, 750_000),
    OptionsGranted(DAY, "Employees", 300_000),
    OptionsPromised(DAY, "Hires", 350_000),
)
A_POST = safe(200_000, 4 * MILLION, holder="A")
A_PRE = safe(200_000, 3_800_000, holder="A", form="pre_money")
B_POST = safe(800_000, 8 * MILLION, holder="B")


@pytest.mark.parametrize(
    ("safes", "money", "increase", "exact", "printed"),
    [
        # Example 1, question 2: both caps.
        (
            (A_POST, B_POST),
            (5 * MILLION, 15 * MILLION),
            1_695_000,
            ("51000/45763", "10000000/17", "20000000/17", "915260000/51"),
            ("1.1144", 588_235, 1_176_470, 17_946_424),
        ),
        # Example 1, question 5: B buys at the round's own price.
        (
            (A_POST, B_POST),
            (2_200_000, 8_800_000),
            1_573_000,
            ("2400/3649", "1771000/3", "3649000/3", "50173750/3"),
            ("0.6577", 590_334, 1_216_360, 16_724_684),
        ),
        # Example 2, question 2: A holds a pre-money SAFE, whose cap counts the increase and no SAFE.
        (
            (A_PRE, B_POST),
            (5 * MILLION, 15 * MILLION),
            1_700_000,
            ("25650/23077", "11700000/19", "201700000/171", "9230800000/513"),
            ("1.1115", 615_763, 1_179_529, 17_993_718),
        ),
        # Example 2, question 5.
        (
            (A_PRE, B_POST),
            (2_200_000, 8_800_000),
            1_575_000,
            ("304/463", "11575000/19", "23150000/19", "318312500/19"),
            ("0.6566", 609_198, 1_218_397, 16_753_189),
        ),
    ],
    ids=["1.2", "1.5", "2.2", "2.5"],
)
def test_yc_user_guide(
    safes: tuple[SafeIssued, ...],
    money: tuple[int, int],
    increase: int,
    exact: tuple[str, ...],
    printed: tuple[str | int, ...],
) -> None:
    price, a_shares, b_shares, total = map(Fraction, exact)
    terms = series(*money, decimals=None, pool=str((100_000 + increase) / total))
    result = price_round_on(fold([*COMPANY, *safes])[-1], terms)
    found = (
        result.exact_price,
        *(one.exact_shares for one in result.conversions),
        result.post_money / result.exact_price,
    )
    assert found == (price, a_shares, b_shares, total)
    assert result.exact_pool_increase == increase
    for value, shown in zip(found, map(Fraction, printed), strict=True):
        assert abs(value / shown - 1) < Fraction(1, 10_000)


MFN = SafeIssued(DAY, "M", Fraction(500_000), mfn=True)
CAPPED = safe(MILLION, 10 * MILLION, holder="C")
DISCOUNTED = SafeIssued(DAY, "D", Fraction(MILLION), discount=Fraction(1, 5))


@pytest.mark.parametrize(
    ("pre_money", "money", "elected", "shares"),
    [
        # At $12M pre the discount gives 1/24 of the company, the cap 1/25; at $48M the cap 1/25, the discount 1/96.
        (12 * MILLION, 3 * MILLION, DISCOUNTED, Fraction(1, 24)),
        (48 * MILLION, 12 * MILLION, CAPPED, Fraction(1, 25)),
    ],
)
def test_an_mfn_safe_follows_the_better_of_two_later_ones(
    pre_money: int, money: int, elected: SafeIssued, shares: Fraction
) -> None:
    """By hand: 8,000,000 common; $500k MFN, then $1M at a $10M cap, then $1M at 20 % off; new money gets a fifth."""
    table = fold([founder(8 * MILLION), MFN, CAPPED, DISCOUNTED])[-1]
    result = price_round_on(table, series(money, pre_money, decimals=None))
    mfn = result.conversions[0]
    assert mfn.elected == elected
    assert mfn.exact_shares * result.exact_price / result.post_money == shares


def seed(*waiting: str) -> PricedRound:
    return replace(series(2 * MILLION, 8 * MILLION, "Seed", decimals=None), waiting=waiting)


def test_an_mfn_safe_follows_a_later_one_that_waits_or_has_converted() -> None:
    """Its right is to the terms of what is issued before it converts itself, outstanding or not: 5 % at a $10M cap."""
    later = safe(100_000, 10 * MILLION, holder="C")
    written = safe(500_000, 10 * MILLION, holder="M")
    terms = series(5 * MILLION, 95 * MILLION, decimals=None)
    for waiting in (("M", "C"), ("M",)):
        followed = fold([founder(8 * MILLION), MFN, later, seed(*waiting)])[-1]
        as_written = fold([founder(8 * MILLION), written, later, seed(*waiting)])[-1]
        assert fully_diluted(followed) == fully_diluted(as_written)
        assert undetermined(followed) == ()
        found, expected = price_round_on(followed, terms), price_round_on(as_written, terms)
        assert found.conversions[0].elected == later
        assert [one.exact_shares for one in found.conversions] == [one.exact_shares for one in expected.conversions]
        assert sale(followed, Fraction(90 * MILLION)).by_holder == sale(as_written, Fraction(90 * MILLION)).by_holder


def test_an_mfn_safe_that_converts_while_the_later_one_waits_has_its_terms_too() -> None:
    later = safe(100_000, 10 * MILLION, holder="C")
    terms = series(5 * MILLION, 95 * MILLION, decimals=None)
    result = price_round_on(fold([founder(8 * MILLION), MFN, later])[-1], replace(terms, waiting=("C",)))
    assert result.conversions[0].exact_shares == result.company_capitalization / 20


def test_an_mfn_safe_follows_nothing_that_was_issued_before_it_or_after_its_conversion() -> None:
    earlier = safe(100_000, 4 * MILLION, holder="C")
    table = fold([founder(8 * MILLION), earlier, MFN])[-1]
    result = price_round_on(table, seed())
    assert (result.conversions[1].term, result.conversions[1].elected) == ("discount", None)
    twice = fold([founder(8 * MILLION), MFN, seed(), replace(earlier, date=date(2027, 1, 1))])[-1]
    assert [one.holder for one in twice.safes] == ["C"]


def test_a_pre_money_safe_after_an_mfn_one_that_waits_is_refused() -> None:
    events = (founder(8 * MILLION), MFN, seed("M"), safe(100_000, 9 * MILLION, form="pre_money"))
    with pytest.raises(InputError) as caught:
        fold(events)
    assert (caught.value.code, caught.value.field) == ("contradiction", "SafeIssued.form")


def test_a_discount_safe_counts_in_a_capped_one_s_capitalization() -> None:
    """By hand: 8M common, $1M at 20 % off, $1M at a $10M cap, $3M at $12M: price 191/160, all shares 2,400M/191."""
    table = fold([founder(8 * MILLION), DISCOUNTED, CAPPED])[-1]
    result = price_round_on(table, series(3 * MILLION, 12 * MILLION, decimals=None))
    assert result.exact_price == Fraction(191, 160)
    assert [one.exact_shares for one in result.conversions] == [
        Fraction(200 * MILLION, 191),
        Fraction(192 * MILLION, 191),
    ]


def test_a_pre_money_and_a_post_money_cap_that_both_move_with_the_pool() -> None:
    """By hand: $1M post-money at $10M, $500k pre-money at $5M, $4M at $16M, 10 % pool: 440M/31 shares at $31/22."""
    table = fold([founder(8 * MILLION), CAPPED, safe(500_000, 5 * MILLION, holder="P", form="pre_money")])[-1]
    result = price_round_on(table, series(4 * MILLION, 16 * MILLION, pool="1/10", decimals=None))
    assert result.exact_price == Fraction(31, 22)
    assert result.post_money / result.exact_price == Fraction(440 * MILLION, 31)
    assert [one.exact_shares for one in result.conversions] == [
        Fraction(30_800_000, 31),
        Fraction(29_200_000, 31),
    ]
