"""Compute credits as consideration, by hand arithmetic that the docstrings spell out."""

from fractions import Fraction

import pytest

from core.capital.cap_table import price_round_on
from core.capital.compute_credits import cash_equivalent
from core.capital.securities import Investment, PricedRound
from core.capital.terms import ComputeCredits
from core.errors import InputError
from tests.capital.builders import DAY, founder, table_of

MILLION = 1_000_000


def test_credits_lower_the_proceeds_and_the_effective_pre_money() -> None:
    """$100M at $400M pre, $60M of it credits priced 30 % too high, of which 85 % will be used.

    $40M + 60 x 0.7 x 0.85 = $75.7M for 20 %, so the rest is worth 4 x 75.7 = $302.8M; in cash they would have bought
    75.7 / 475.7 = 15.91 %.
    """
    in_compute = ComputeCredits(Fraction(60 * MILLION), Fraction(3, 10), Fraction(85, 100))
    terms = PricedRound(DAY, "A", (Investment("Cloud", Fraction(100 * MILLION), in_compute),), Fraction(400 * MILLION))
    worth = cash_equivalent(terms, price_round_on(table_of(founder(10 * MILLION)), terms))
    assert (worth.proceeds, worth.sold) == (75_700_000, Fraction(1, 5))
    assert worth.effective_pre_money == 302_800_000
    assert round(100 * worth.sold_for_cash, 2) == Fraction("15.91")


def test_cash_is_worth_itself() -> None:
    terms = PricedRound(DAY, "A", (Investment("Fund", Fraction(5)),), Fraction(20), price_step=None)
    worth = cash_equivalent(terms, price_round_on(table_of(founder(100)), terms))
    assert (worth.proceeds, worth.effective_pre_money, worth.sold_for_cash) == (5, 20, worth.sold)


def test_credits_above_the_cheque_are_refused() -> None:
    with pytest.raises(InputError) as caught:
        Investment("Cloud", Fraction(1), ComputeCredits(Fraction(2)))
    assert (caught.value.code, caught.value.field) == ("contradiction", "Investment.credits")
