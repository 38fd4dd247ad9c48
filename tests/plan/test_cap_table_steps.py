"""The steps of a company's documents: faults name their event, and each reading of a round's pre-money is kept."""

from datetime import date
from fractions import Fraction

import pytest

from core.capital.securities import Investment, OptionsGranted, PricedRound, SafeIssued, SharesIssued
from core.errors import InputError
from core.plan.cap_table_steps import steps_of

FOUNDED = SharesIssued(date(2026, 1, 1), "Ada", 9_000_000)
SAFE = SafeIssued(date(2026, 2, 1), "Angel", Fraction(1_000_000), Fraction(5_000_000))


def round_at(pre_money: int) -> PricedRound:
    return PricedRound(date(2026, 6, 1), "Series A", (Investment("Fund", Fraction(2_000_000)),), Fraction(pre_money))


def test_a_cap_safe_makes_the_readings_differ() -> None:
    """Post-money: the SAFE has a fifth of 8 million, 9,000,000 shares the rest; pre-money: they have all of it."""
    priced = steps_of([FOUNDED, SAFE, round_at(8_000_000)])[-1].by_basis
    assert {basis: one.exact_price for basis, one in priced.items() if basis != "dollars_invested"} == {
        "post_money": Fraction(32, 45),
        "pre_money": Fraction(8, 9),
    }


def test_a_fault_names_its_event() -> None:
    with pytest.raises(InputError) as caught:
        steps_of([FOUNDED, OptionsGranted(date(2026, 2, 1), "Bo", 10)])
    assert caught.value.field.startswith("event 2 (options_granted)")
