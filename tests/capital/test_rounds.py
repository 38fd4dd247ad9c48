"""Priced rounds: published examples first, then the rounding rule, what is refused, and the laws that always hold.

1984 Ventures: github.com/1984vc/cap-table, "Cap Table 101" and src/__tests__/financial-correctness.test.ts.
Venture Hacks: "The Option Pool Shuffle". Foresight: github.com/foresighthq/cap-table-tool, cached cell values.
"""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.capital.conversions import conversion_price
from core.capital.rounds import PricedRoundResult
from core.capital.securities import Holding, Investment, PricedRound, SafeIssued
from core.errors import InputError
from tests.capital.builders import DAY, price_round, rounds, safe, safes, series

MILLION = 1_000_000


def test_C1d_1984_series_a_without_safes_or_pool() -> None:
    """1984 Ventures: $5M at $20M pre, 10M fully diluted: $2.00 and 2,500,000 shares."""
    result = price_round(series(5 * MILLION, 20 * MILLION), 10 * MILLION)
    assert result.exact_price == result.price == 2
    assert result.new_shares == (Holding("Series A investor", "Series A", 2_500_000),)
    assert result.post_money == 25 * MILLION


def test_C1e_1984_capped_safe_owns_10_percent_before_and_8_percent_after() -> None:
    """1984 Ventures: the same round with a post-money SAFE of $1M at $10M."""
    result = price_round(series(5 * MILLION, 20 * MILLION), 10 * MILLION, safes=[safe(MILLION, 10 * MILLION)])
    (conversion,) = result.conversions
    assert conversion.term == "cap"
    assert conversion.exact_shares / result.company_capitalization == Fraction(10, 100)
    after = result.post_money / result.exact_price
    assert conversion.exact_shares / after == Fraction(8, 100)
    assert 5 * MILLION / result.exact_price / after == Fraction(20, 100)


@pytest.mark.parametrize(
    ("cap", "price", "term"), [(20 * MILLION, Fraction("1.6"), "discount"), (8 * MILLION, Fraction(8, 12), "cap")]
)
def test_C1g_1984_lower_of_cap_price_and_discount_price(cap: int, price: Fraction, term: str) -> None:
    """1984 Ventures: round at $2.00, 20 % off, 12M shares of capitalization: $1.60 under $20M, $0.6667 under $8M."""
    assert conversion_price(safe(MILLION, cap, "1/5"), Fraction(12 * MILLION), Fraction(2)) == (price, term)


def test_C3_venture_hacks_option_pool_shuffle() -> None:
    """Venture Hacks: $2M on $8M pre, 6M shares: $1.33 without a pool, $1.00 with 20 % after the money."""
    assert price_round(series(2 * MILLION, 8 * MILLION), 6 * MILLION).price == Fraction("1.3333")
    result = price_round(series(2 * MILLION, 8 * MILLION, pool="1/5"), 6 * MILLION)
    assert result.price == 1
    assert result.effective_pre_money == 6 * MILLION
    assert result.pool_increase == 2 * MILLION


def test_C4a_foresight_round_without_pool() -> None:
    """Foresight: 10M fully diluted, $750k at $3M pre: $0.30, 2,500,000 shares, 20 %."""
    result = price_round(series(750_000, 3 * MILLION), 10 * MILLION)
    assert result.price == Fraction("0.30")
    assert result.new_shares[0].shares == 2_500_000


def test_C4b_foresight_20_percent_pool_in_the_pre_money() -> None:
    """Foresight: effective pre-money $2.25M, $0.225, pool 3,333,333, total 16,666,667 (rounded from ...,666.67)."""
    result = price_round(series(750_000, 3 * MILLION, pool="1/5"), 10 * MILLION)
    assert result.effective_pre_money == 2_250_000
    assert result.price == Fraction("0.225")
    assert result.pool_increase == 3_333_333
    assert result.post_money / result.exact_price == Fraction(50 * MILLION, 3)


def test_C8_yc_lecture_company_capitalization() -> None:
    """YC lecture: 2 x 4,625,000 shares, $200k at $4M and $800k at $8M: 5 % and 10 % of 10,882,352.94 shares."""
    notes = [safe(200_000, 4 * MILLION), safe(800_000, 8 * MILLION, holder="B")]
    result = price_round(series(5 * MILLION, 20 * MILLION), 9_250_000, safes=notes)
    assert round(result.company_capitalization, 2) == Fraction("10882352.94")
    assert [one.shares for one in result.conversions] == [544_117, 1_088_235]


def test_discount_controls_under_a_high_cap() -> None:
    """By hand: $1M at 20 % off is $1.25M of a $10M pre-money; the other $8.75M buys 10M shares at $0.875."""
    result = price_round(
        series(5 * MILLION, 10 * MILLION), 10 * MILLION, safes=[safe(MILLION, 20 * MILLION, discount="1/5")]
    )
    (conversion,) = result.conversions
    assert result.exact_price == Fraction("0.875")
    assert (conversion.term, conversion.price) == ("discount", Fraction("0.7"))
    assert conversion.shares == 1_428_571
    assert conversion.exact_shares * result.exact_price == 1_250_000


def test_discount_is_taken_off_the_rounded_price() -> None:
    """By hand, the same round priced in dimes: $0.875 is $0.9, less 20 % $0.72, so floor($1M / $0.72) shares."""
    notes = [safe(MILLION, 20 * MILLION, discount="1/5")]
    (conversion,) = price_round(series(5 * MILLION, 10 * MILLION, decimals=1), 10 * MILLION, safes=notes).conversions
    assert (conversion.price, conversion.shares) == (Fraction("0.72"), 1_388_888)


def test_equal_prices_count_as_the_cap() -> None:
    assert conversion_price(safe(MILLION, 16 * MILLION, "1/5"), Fraction(10 * MILLION), Fraction(2)) == (
        Fraction("1.6"),
        "cap",
    )


def test_safe_without_discount_buys_at_the_round_price_when_it_is_below_the_cap() -> None:
    """YC: the greater of Purchase Amount / Standard Preferred price and / Safe Price. By hand: $9M / 9M shares = $1."""
    result = price_round(series(5 * MILLION, 10 * MILLION), 9 * MILLION, safes=[safe(MILLION, 30 * MILLION)])
    assert result.price == 1
    assert (result.conversions[0].term, result.conversions[0].shares) == ("discount", MILLION)


def test_one_safe_on_discount_lowers_the_price_and_takes_another_with_it() -> None:
    """By hand, q = 0.2, I = 5, pre = 20, pool 2 of 10 (millions): q post = 5; v = p C = 20 - max(0, 5 - 2 p).

    Both at cap (k = 1/18.27 + 1/22): p = 15 (1 - k)/(10 - 2 (1 - k)) = 1.6459, v = 18.292: only the cap of 22 is above
    v. With that SAFE on discount (J = 1, k = 1/18.27): p = (15 (1 - k) - 1)/(10 - 2 (1 - k)) = 1.6251, v = 18.250:
    now 18.27 is above v too. Both on discount (J = 2): p = (15 - 2)/(10 - 2).
    """
    notes = [safe(MILLION, 18_270_000), safe(MILLION, 22 * MILLION, holder="B")]
    result = price_round(series(5 * MILLION, 20 * MILLION, pool="1/5"), 8 * MILLION, 2 * MILLION, notes)
    assert [one.term for one in result.conversions] == ["discount", "discount"]
    assert result.exact_price == Fraction("1.625")


def test_pool_that_is_large_enough_is_left_alone() -> None:
    """By hand: 3M of 12.5M shares are 24 % of the company after the round, more than the 10 % asked for."""
    result = price_round(series(5 * MILLION, 20 * MILLION, pool="1/10"), 7 * MILLION, 3 * MILLION)
    assert (result.price, result.pool_increase, result.exact_pool_increase) == (2, 0, 0)


def test_pool_top_up_counts_the_existing_pool() -> None:
    """By hand: 25 % of $25M is $6.25M; 7M other shares cost the other $13.75M, so 6.25/13.75 x 7M shares of pool."""
    result = price_round(series(5 * MILLION, 20 * MILLION, pool="1/4"), 7 * MILLION, 3 * MILLION)
    assert result.exact_price == Fraction(1375, 700)
    assert result.pool_increase == 3_181_818 - 3_000_000


@pytest.mark.parametrize(("pre_money", "price"), [(1_000_001, "0.5"), (1_000_003, "0.500002")])
def test_price_is_rounded_half_to_even(pre_money: int, price: str) -> None:
    """$0.5000005 and $0.5000015 to six decimals."""
    assert price_round(series(MILLION, pre_money, decimals=6), 2 * MILLION).price == Fraction(price)


def test_each_investor_gets_whole_shares_at_the_rounded_price() -> None:
    """By hand: $10M / 3M shares = $3.3333; $100 buys floor(30.0003) shares and $99 floor(29.7003)."""
    terms = PricedRound(
        DAY, "A", (Investment("X", Fraction(100)), Investment("Y", Fraction(99))), Fraction(10 * MILLION)
    )
    assert [one.shares for one in price_round(terms, 3 * MILLION).new_shares] == [30, 29]


def test_price_that_would_round_to_zero_names_the_step_needed() -> None:
    with pytest.raises(InputError) as caught:
        price_round(series(MILLION, 20_000), 10**9)
    assert (caught.value.code, caught.value.field) == ("out_of_range", "PricedRound.price_step")
    assert caught.value.expected == "price_step < 1/25000"
    assert price_round(series(MILLION, 20_000, decimals=5), 10**9).price == Fraction("0.00002")


def test_pre_money_that_cannot_hold_the_safes_names_the_least_that_can() -> None:
    """A SAFE of $1M takes at least $1M of the pre-money, whatever its cap."""
    notes = [safe(MILLION, 20 * MILLION)]
    with pytest.raises(InputError) as caught:
        price_round(series(5 * MILLION, MILLION), 10 * MILLION, safes=notes)
    assert (caught.value.code, caught.value.field) == ("over_100_percent", "PricedRound.pre_money")
    assert caught.value.expected == "1000000 < pre_money"
    assert price_round(series(5 * MILLION, MILLION + 1, decimals=9), 10 * MILLION, safes=notes).price > 0


def test_pre_money_that_cannot_hold_the_pool_names_the_least_that_can() -> None:
    """By hand: half of pre + $4M must be below pre, so pre above $4M."""
    with pytest.raises(InputError) as caught:
        price_round(series(4 * MILLION, 3 * MILLION, pool="1/2"), 10 * MILLION)
    assert caught.value.expected == "4000000 < pre_money"


def test_safes_and_pool_that_fill_the_pre_money_name_the_least_that_can() -> None:
    """By hand: A at its cap has 1/2 of v, B $1M, so v = $2M; with 20 % of post: pre - 2 > 0.2 (pre + 4), pre > 3.5."""
    notes = [safe(900_000, 1_800_000), safe(MILLION, 50 * MILLION, holder="B")]
    with pytest.raises(InputError) as caught:
        price_round(series(4 * MILLION, 3_500_000, pool="1/5"), 10 * MILLION, safes=notes)
    assert caught.value.expected == "3500000 < pre_money"
    assert price_round(series(4 * MILLION, 3_500_001, pool="1/5", decimals=9), 10 * MILLION, safes=notes).price > 0


@pytest.mark.parametrize(
    ("shares", "pool", "notes", "code"),
    [
        (0, 0, [], "out_of_range"),
        (1, -1, [], "out_of_range"),
        (1.0, 0, [], "wrong_type"),
        (1, 0, [safe(MILLION, MILLION)], "over_100_percent"),
        (10, 0, [safe(MILLION, 100 * MILLION)], "out_of_range"),  # a tenth of a share
    ],
)
def test_impossible_companies_are_refused(shares: int, pool: int, notes: list[SafeIssued], code: str) -> None:
    with pytest.raises(InputError) as caught:
        price_round(series(5 * MILLION, 20 * MILLION), shares, pool, notes)
    assert caught.value.code == code


def test_cheque_below_one_share_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        price_round(series(1, 20 * MILLION), 10 * MILLION)
    assert caught.value.field == "Investment.amount"


COMPANY = {"shares": st.integers(1_000_000, 50_000_000), "pool": st.integers(0, 5_000_000)}
NOTES = st.lists(safes(), max_size=4)


def shares_after(result: PricedRoundResult, terms: PricedRound) -> Fraction:
    return result.company_capitalization + result.exact_pool_increase + terms.new_money / result.exact_price


@given(terms=rounds("Series A"), notes=NOTES, **COMPANY)
def test_unrounded_solution_fits_every_term_of_the_round(
    terms: PricedRound, notes: list[SafeIssued], shares: int, pool: int
) -> None:
    """Pre-money buys all shares before the money, each SAFE has its better term, a short pool meets its target."""
    result = price_round(terms, shares, pool, notes)
    price, capitalization = result.exact_price, result.company_capitalization
    assert price * (capitalization + result.exact_pool_increase) == terms.pre_money
    assert capitalization == shares + pool + sum(one.exact_shares for one in result.conversions)
    for one, note in zip(result.conversions, notes, strict=True):
        at_cap = note.amount / note.valuation_cap * capitalization
        at_discount = note.amount / ((1 - note.discount) * price)
        assert one.exact_shares == max(at_cap, at_discount)
    pool_after = (pool + result.exact_pool_increase) / shares_after(result, terms)
    assert pool_after == terms.pool_target if result.exact_pool_increase else pool_after >= terms.pool_target


@given(terms=rounds("Series A"), notes=NOTES, **COMPANY)
def test_cap_safe_owns_amount_over_cap_before_new_money_and_pool_increase(
    terms: PricedRound, notes: list[SafeIssued], shares: int, pool: int
) -> None:
    result = price_round(terms, shares, pool, notes)
    for one in result.conversions:
        if one.term == "cap":
            owned = one.safe.amount / one.safe.valuation_cap
            assert one.exact_shares / result.company_capitalization == owned
            assert 0 <= owned * result.company_capitalization - one.shares < 1


@given(terms=rounds("Series A"), notes=NOTES, split=st.integers(2, 1000), **COMPANY)
def test_share_split_changes_the_price_and_nothing_else(
    terms: PricedRound, notes: list[SafeIssued], split: int, shares: int, pool: int
) -> None:
    """Unrounded: s shares for one make everything s times as many at 1/s of the price."""
    before = price_round(terms, shares, pool, notes)
    after = price_round(terms, shares * split, pool * split, notes)
    assert after.exact_price * split == before.exact_price
    assert after.effective_pre_money == before.effective_pre_money
    assert after.company_capitalization == before.company_capitalization * split
    assert after.exact_pool_increase == before.exact_pool_increase * split
    assert [one.term for one in after.conversions] == [one.term for one in before.conversions]
