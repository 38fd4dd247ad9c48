"""An IPO ratchet on a cap table: the offer price at a fixed pre-money, and the shares that make up for it."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from core.capital.cap_table import CapTable, apply, fold, offering_on
from core.capital.securities import Investment, PricedRound, PublicOffering, SafeIssued, SharesIssued
from core.errors import InputError

DAY = date(2026, 1, 1)


def founded(*rounds: tuple[str, int, int, Fraction | None], shares: int = 8_000_000) -> CapTable:
    """Common of the founders, then rounds of a name, an amount, a pre-money and a promise."""
    events = [SharesIssued(DAY, "Ada", shares)]
    for name, amount, pre_money, promised in rounds:
        terms = {"price_step": None, "offering_return": promised}
        events.append(PricedRound(DAY, name, (Investment(name, amount),), pre_money, **terms))
    return fold(events)[-1]


def offering(pre_money: int, amount: int = 10**7) -> PublicOffering:
    return PublicOffering(DAY, "Public", amount, pre_money, price_step=Fraction(1, 10**9))


def test_promise_below_the_price_changes_nothing() -> None:
    """Series A paid 5 USD for 2M of 10M shares and is promised 20 %: at 80M before the offering a share is worth 8."""
    result = offering_on(founded(("Series A", 10**7, 4 * 10**7, Fraction(1, 5))), offering(8 * 10**7))
    assert (result.offer_price, result.ratchets, result.held["Series A"]) == (8, {}, 2_000_000)


def test_promise_above_the_price_is_paid_in_shares() -> None:
    """At 40M it is promised 12M, so the founders' 8M shares are worth the other 28M: 3.5 USD each, and Series A gets
    12M / 3.5 = 3,428,571 shares instead of 2,000,000 (the formula of Square's Series E, prospectus of 2015)."""
    table = founded(("Series A", 10**7, 4 * 10**7, Fraction(1, 5)))
    result = offering_on(table, offering(4 * 10**7))
    assert result.offer_price == Fraction(7, 2)
    assert result.held == {"Ada": 8_000_000, "Series A": 3_428_571}
    assert result.ratchets == {"Series A": 1_428_571}
    assert apply(table, offering(4 * 10**7)).series == ()


def test_one_promise_may_break_another() -> None:
    """4M common; Series A bought 4M shares for 16M and is promised its money; Series B 4M for 32M, promised 50 % more.
    At 60M before: each of 12M shares would be worth 5, above A's 4; but B's 48M leave 12M for 8M shares, 1.5 each,
    below A's 4, so both promises bind and 60M - 48M - 16M < 0: there is no price."""
    table = founded(
        ("Series A", 16_000_000, 16_000_000, Fraction(0)),
        ("Series B", 32_000_000, 64_000_000, Fraction(1, 2)),
        shares=4_000_000,
    )
    with pytest.raises(InputError) as caught:
        offering_on(table, offering(6 * 10**7))
    assert (caught.value.code, caught.value.expected) == ("over_100_percent", "64000000 < pre_money")
    result = offering_on(table, offering(68_000_000))
    assert result.offer_price == 1  # (68M - 48M - 16M) / 4M
    assert result.held == {"Ada": 4_000_000, "Series A": 16_000_000, "Series B": 48_000_000}


def test_money_that_still_converts_is_refused_beside_an_unmet_promise() -> None:
    terms = {"price_step": None, "offering_return": Fraction(1, 5)}
    table = fold(
        [
            SharesIssued(DAY, "Ada", 8_000_000),
            PricedRound(DAY, "Series A", (Investment("Series A", 10**7),), 4 * 10**7, **terms),
            SafeIssued(DAY, "Bridge", 10**6, Fraction(10**8)),
        ]
    )[-1]
    with pytest.raises(InputError) as caught:
        offering_on(table, offering(4 * 10**7))
    assert caught.value.code == "contradiction"


@given(st.integers(10**7, 10**9), st.integers(0, 100), st.integers(10**6, 10**8))
def test_promise_is_kept_at_the_price_or_refused(pre_money: int, percent: int, invested: int) -> None:
    """But for less than a share of each holder."""
    table = founded(("Series A", invested, 5 * 10**7, Fraction(percent, 100)))
    try:
        result = offering_on(table, offering(pre_money))
    except InputError as error:
        event(error.code)
        refused = error
    else:
        refused = None
    promised = invested * Fraction(100 + percent, 100)
    if refused is not None:
        assert (refused.code, promised >= pre_money) == ("over_100_percent", True)
        return
    assert (result.held["Series A"] + 1) * result.offer_price > promised
    worth = sum(result.held.values()) * result.offer_price
    assert worth == pytest.approx(pre_money, abs=2 * float(result.offer_price) + pre_money * 1e-6)
