"""Covenants tested by hand on a loan of 1,200 that repays 100 a month without interest."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.capital.deals.loan_covenants import Covenants, LoanCovenants, loan_covenants_outcome, loan_to_value
from core.capital.deals.venture_debt import VentureDebt
from core.errors import InputError

LOAN = VentureDebt(Fraction(1_200), Fraction(0), 0, 12)


def numbers(*amounts: int) -> tuple[Fraction, ...]:
    return tuple(Fraction(amount) for amount in amounts)


def test_three_months_of_burn() -> None:
    """Cash 500, 350, 200 with burn 120, 120, 60: three months are 360, 360, 180, so only month 2 is short."""
    promised = Covenants("waiver_fee", minimum_cash_burn_months=Fraction(3), waiver_fee=Fraction(25))
    found = loan_covenants_outcome(
        LoanCovenants(LOAN, promised, cash=numbers(500, 350, 200), burn=numbers(120, 120, 60))
    )
    assert found.breach_months == (2,)
    assert [(test.measured, test.required) for test in found.tests] == [(500, 360), (350, 360), (200, 180)]
    assert found.total_effect == 25


def test_one_waiver_for_each_run_of_months_in_breach() -> None:
    promised = Covenants("waiver_fee", minimum_cash=Fraction(100), waiver_fee=Fraction(25))
    found = loan_covenants_outcome(LoanCovenants(LOAN, promised, cash=numbers(99, 98, 100, 99)))
    assert found.breach_months == (1, 2, 4)
    assert [effect.amount for effect in found.effects] == [25, 0, 25]


def test_loan_to_value_and_default_interest() -> None:
    """Owed 1,100, 1,000, 900 on 2,000, 1,600, 1,600: 55, 62.5 and 56.25 %; 12 % a year more on 1,000 is 10 a month."""
    promised = Covenants(
        "default_interest", maximum_loan_to_value=Fraction("0.6"), default_margin_rate=Fraction("0.12")
    )
    found = loan_covenants_outcome(LoanCovenants(LOAN, promised, collateral_value=numbers(2_000, 1_600, 1_600)))
    assert [test.measured for test in found.tests] == [Fraction("0.55"), Fraction("0.625"), Fraction("0.5625")]
    assert [(effect.month, effect.amount) for effect in found.effects] == [(2, 10)]


def test_collateral_worth_nothing_is_a_breach_without_a_ratio() -> None:
    promised = Covenants("acceleration", maximum_loan_to_value=Fraction(9))
    found = loan_covenants_outcome(LoanCovenants(LOAN, promised, collateral_value=numbers(0)))
    assert (found.tests[0].measured, found.tests[0].breached) == (None, True)
    assert loan_to_value(Fraction(0), Fraction(0)) == 0


def test_acceleration_makes_the_balance_due_once() -> None:
    """Debt service of 100 a month, EBITDA 130, 110, 90: cover of 1.2 breaks in month 2, when 1,000 is owed."""
    promised = Covenants("acceleration", minimum_debt_service_coverage=Fraction("1.2"))
    found = loan_covenants_outcome(
        LoanCovenants(LOAN, promised, cash=numbers(700, 700, 700), ebitda=numbers(130, 110, 90))
    )
    assert found.first_breach_month == 2
    assert [(one.month, one.amount, one.shortfall) for one in found.effects] == [(2, 1_000, 300)]


def test_trailing_cover_waits_until_its_months_are_there() -> None:
    """Over two months: (130 + 110) / 200 = 1.2 holds in month 2, (110 + 90) / 200 = 1.0 does not in month 3."""
    promised = Covenants("cash_trap", minimum_debt_service_coverage=Fraction("1.2"), coverage_months=2)
    found = loan_covenants_outcome(LoanCovenants(LOAN, promised, ebitda=numbers(130, 110, 90, 250)))
    assert [(test.month, test.measured) for test in found.tests] == [(2, Fraction("1.2")), (3, 1), (4, Fraction("1.7"))]
    assert [(one.month, one.amount) for one in found.effects] == [(3, 0)]


def test_trapped_cash_is_what_debt_service_leaves() -> None:
    promised = Covenants("cash_trap", minimum_debt_service_coverage=Fraction(2))
    found = loan_covenants_outcome(LoanCovenants(LOAN, promised, ebitda=numbers(150, 200)))
    assert [(one.month, one.amount) for one in found.effects] == [(1, 50)]


def test_cover_leaves_the_last_repayment_out() -> None:
    """A bullet at 12 %: 12 a month on 1,200; the 1,200 of month 3 are not earned from EBITDA."""
    bullet = VentureDebt(Fraction(1_200), Fraction("0.12"), 3, 0)
    promised = Covenants("cash_trap", minimum_debt_service_coverage=Fraction(2))
    found = loan_covenants_outcome(LoanCovenants(bullet, promised, ebitda=numbers(24, 24, 24)))
    assert [test.measured for test in found.tests] == [2, 2, 2]
    assert found.breach_months == ()


def test_months_after_the_loan_are_not_tested() -> None:
    promised = Covenants("acceleration", minimum_cash=Fraction(1))
    found = loan_covenants_outcome(LoanCovenants(LOAN, promised, cash=numbers(*[1] * 12, 0)))
    assert found.breach_months == ()
    assert len(found.tests) == 12


@given(st.lists(st.integers(0, 1_000), min_size=1, max_size=12), st.integers(1, 1_000))
def test_a_month_is_in_breach_exactly_if_its_cash_is_short(cash: list[int], least: int) -> None:
    promised = Covenants("acceleration", minimum_cash=Fraction(least))
    found = loan_covenants_outcome(LoanCovenants(LOAN, promised, cash=numbers(*cash)))
    assert found.breach_months == tuple(month for month, amount in enumerate(cash, 1) if amount < least)
    assert len(found.effects) == (1 if found.breach_months else 0)


@pytest.mark.parametrize(
    ("terms", "code", "field"),
    [
        ({"effect": "acceleration"}, "missing", "Covenants.minimum_cash"),
        ({"effect": "fine", "minimum_cash": 1}, "unknown_name", "Covenants.effect"),
        ({"effect": "waiver_fee", "minimum_cash": 1}, "contradiction", "Covenants.waiver_fee"),
        ({"effect": "cash_trap", "minimum_cash": 1, "waiver_fee": 1}, "contradiction", "Covenants.waiver_fee"),
    ],
)
def test_bad_covenants(terms: dict[str, object], code: str, field: str) -> None:
    with pytest.raises(InputError) as caught:
        Covenants(**terms)  # type: ignore[arg-type]
    assert (caught.value.code, caught.value.field) == (code, field)


def test_what_a_covenant_measures_must_be_given() -> None:
    promised = Covenants("acceleration", minimum_cash_burn_months=Fraction(3))
    with pytest.raises(InputError) as caught:
        LoanCovenants(LOAN, promised, cash=numbers(1))
    assert (caught.value.code, caught.value.field) == ("missing", "LoanCovenants.burn")
    with pytest.raises(InputError) as caught:
        LoanCovenants(LOAN, promised, cash=numbers(1), burn=numbers(1, 2))
    assert caught.value.code == "contradiction"
