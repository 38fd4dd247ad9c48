"""Events refuse what cannot be, by code and field; integers become exact fractions."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from core.capital.securities import (
    Holding,
    Investment,
    OptionsGranted,
    PoolIncreased,
    PricedRound,
    SafeIssued,
    Series,
    SharesIssued,
)
from core.errors import InputError
from tests.capital.builders import DAY

CHEQUE = (Investment("Fund", Fraction(1)),)


def test_whole_dollars_become_fractions_so_that_no_division_is_a_float() -> None:
    note: Any = SafeIssued(DAY, "Angel", 1, 3)  # type: ignore[arg-type]
    assert note.share == Fraction(1, 3)
    assert isinstance(note.discount, Fraction)


def test_discount_rate_is_one_minus_the_discount() -> None:
    """YC post-money SAFE: Discount Rate = 100 % - discount, so 20 % off makes $1 buy $1.25 of shares."""
    assert SafeIssued(DAY, "Angel", Fraction(1), Fraction(9), Fraction(1, 5)).undiscounted == Fraction(5, 4)


def test_preference_is_multiple_times_money() -> None:
    assert Series("A", Fraction(2), Fraction(3, 2), 0, Fraction(10)).preference == 15


def test_holding_is_a_plain_fact() -> None:
    assert Holding("Ada", "common", 3) == Holding("Ada", "common", 3)


@pytest.mark.parametrize(
    ("make", "code", "field"),
    [
        (lambda: SharesIssued(DAY, "Ada", 0), "out_of_range", "SharesIssued.shares"),
        (lambda: SharesIssued(DAY, "Ada", -5), "out_of_range", "SharesIssued.shares"),
        (lambda: SharesIssued(DAY, "Ada", True), "wrong_type", "SharesIssued.shares"),
        (lambda: SharesIssued(DAY, "Ada", 1.0), "wrong_type", "SharesIssued.shares"),
        (lambda: SharesIssued(DAY, " ", 1), "missing", "SharesIssued.holder"),
        (lambda: SharesIssued(DAY, None, 1), "wrong_type", "SharesIssued.holder"),
        (lambda: SharesIssued(DAY, "unissued pool", 1), "duplicate_name", "SharesIssued.holder"),
        (lambda: SharesIssued("2026-01-01", "Ada", 1), "wrong_type", "SharesIssued.date"),
        (lambda: SharesIssued(datetime(2026, 1, 1), "Ada", 1), "wrong_type", "SharesIssued.date"),  # noqa: DTZ001
        (lambda: PoolIncreased(DAY, 0), "out_of_range", "PoolIncreased.shares"),
        (lambda: OptionsGranted(DAY, "Ada", 0), "out_of_range", "OptionsGranted.shares"),
        (lambda: SafeIssued(DAY, "Angel", 0, 1), "out_of_range", "SafeIssued.amount"),
        (lambda: SafeIssued(DAY, "Angel", 1, 0), "out_of_range", "SafeIssued.valuation_cap"),
        (lambda: SafeIssued(DAY, "Angel", 1.5, 9), "wrong_type", "SafeIssued.amount"),
        (lambda: SafeIssued(DAY, "Angel", float("nan"), 9), "wrong_type", "SafeIssued.amount"),
        (lambda: SafeIssued(DAY, "Angel", 1, float("inf")), "wrong_type", "SafeIssued.valuation_cap"),
        (lambda: SafeIssued(DAY, "Angel", Decimal(1), 9), "wrong_type", "SafeIssued.amount"),
        (lambda: SafeIssued(DAY, "Angel", 1, 9, Fraction(1)), "out_of_range", "SafeIssued.discount"),
        (lambda: SafeIssued(DAY, "Angel", 1, 9, Fraction(-1, 5)), "out_of_range", "SafeIssued.discount"),
        (lambda: Investment("Fund", -1), "out_of_range", "Investment.amount"),
        (lambda: PricedRound(DAY, "", CHEQUE, 1), "missing", "PricedRound.name"),
        (lambda: PricedRound(DAY, "A", (), 1), "missing", "PricedRound.investments"),
        (lambda: PricedRound(DAY, "A", list(CHEQUE), 1), "wrong_type", "PricedRound.investments"),
        (lambda: PricedRound(DAY, "A", (1,), 1), "wrong_type", "PricedRound.investments"),
        (lambda: PricedRound(DAY, "A", CHEQUE, 0), "out_of_range", "PricedRound.pre_money"),
        (lambda: PricedRound(DAY, "A", CHEQUE, 1, 1), "out_of_range", "PricedRound.pool_target"),
        (lambda: PricedRound(DAY, "A", CHEQUE, 1, 0, -1), "out_of_range", "PricedRound.liquidation_multiple"),
        (lambda: PricedRound(DAY, "A", CHEQUE, 1, seniority=0.5), "wrong_type", "PricedRound.seniority"),
        (lambda: PricedRound(DAY, "A", CHEQUE, 1, price_step=0), "out_of_range", "PricedRound.price_step"),
    ],
)
def test_what_cannot_be_is_refused_by_code_and_field(make: Callable[[], object], code: str, field: str) -> None:
    with pytest.raises(InputError) as caught:
        make()
    assert (caught.value.code, caught.value.field) == (code, field)


def test_a_refusal_says_in_notation_what_would_be_right() -> None:
    with pytest.raises(InputError) as caught:
        SafeIssued(date(2026, 1, 1), "Angel", Fraction(1), Fraction(-8))
    assert caught.value.expected == "0 < valuation_cap"
    assert caught.value.value == -8
