"""Flows with one rate of return, several and none, their present values and multiples.

Brigham: E. F. Brigham and M. C. Ehrhardt, Financial Management, multiple internal rates of return (project M).
Ross: S. A. Ross and others, the five flows with four rates "between 20 and 70 percent" (BrainMass 39308).
NumPy: github.com/numpy/numpy-financial, issue 28: -76 % there, 185 % in Excel; both solve the equation.
CFA: "two IRRs of approximately 38 % and 260 %" (300hours.com, CFA level I).
"""

from datetime import date
from fractions import Fraction

import pytest

from core.capital.deals.cash_flows import CashFlows, Flow, FlowMeasures, cash_flows_outcome
from core.errors import InputError


def measured(*amounts: int, discount_rate: Fraction | None = None, residual: int = 0) -> FlowMeasures:
    exact = tuple(Fraction(amount) for amount in amounts)
    return cash_flows_outcome(CashFlows(amounts=exact, discount_rate=discount_rate, residual_value=Fraction(residual)))


def test_strip_mine_of_brigham_has_two_rates_and_a_present_value() -> None:
    """25 % and 400 %; -0.77 million at 10 %, so the project is to be rejected."""
    mine = measured(-1_600_000, 10_000_000, -10_000_000, discount_rate=Fraction(1, 10))
    assert mine.rates_of_return == pytest.approx((0.25, 4.0), abs=1e-12)
    assert (mine.rate_of_return, mine.most_rates, mine.meaningful) == (None, 2, "present_value_and_multiple")
    assert mine.net_present_value == -1_600_000 + Fraction(10_000_000, 11) * 10 - Fraction(10_000_000 * 100, 121)
    assert round(float(mine.net_present_value) / 1e6, 2) == -0.77


def test_numpys_bad_case_shows_both_roots() -> None:
    flows = measured(-50, -100, 600, 300, -100)
    assert [round(rate, 2) for rate in flows.rates_of_return] == [-0.77, 1.85]
    assert flows.multiple == Fraction(900, 250)


def test_four_rates_of_ross() -> None:
    """NPV = 0 at 25 %, 33 1/3 %, 42 6/7 % and 66 2/3 %: 1 + r = 5/4, 4/3, 10/7, 5/3, whose product is 1000/252."""
    flows = measured(-252, 1_431, -3_035, 2_850, -1_000)
    assert flows.rates_of_return == pytest.approx((1 / 4, 1 / 3, 3 / 7, 2 / 3), abs=1e-11)


def test_two_rates_of_the_cfa_question() -> None:
    assert [round(rate, 2) for rate in measured(-2_000, 10_000, -10_000).rates_of_return] == [0.38, 2.62]


def test_flows_that_change_sign_twice_but_have_no_rate() -> None:
    """100 - 150 x + 100 x^2 has no real root."""
    flows = measured(100, -150, 100)
    assert (flows.rates_of_return, flows.rate_of_return, flows.most_rates) == ((), None, 2)
    assert flows.meaningful == "present_value_and_multiple"


def test_money_that_only_goes_one_way() -> None:
    lost = measured(-100, 0, 0)
    assert (lost.rates_of_return, lost.multiple, lost.meaningful) == ((), 0, "multiple")
    given = measured(100, 50)
    assert (given.multiple, given.paid_in) == (None, 0)


def test_residual_value_counts_in_the_multiple_but_is_not_distributed() -> None:
    """100 in; 60 back and 90 still held after two years: DPI 0.6, MOIC 1.5, and 60 / 1.1 + ... as a rate."""
    fund = measured(-100, 60, 0, residual=90)
    assert (fund.distributed_to_paid_in, fund.multiple, fund.gain) == (Fraction(3, 5), Fraction(3, 2), 50)
    rate = fund.rate_of_return
    assert rate is not None
    assert -100 + 60 / (1 + rate) + 90 / (1 + rate) ** 2 == pytest.approx(0, abs=1e-9)


def test_flows_of_one_day_are_netted() -> None:
    day = date(2026, 1, 1)
    flows = (Flow(day, Fraction(-150)), Flow(day, Fraction(50)), Flow(date(2027, 1, 1), Fraction(110)))
    result = cash_flows_outcome(CashFlows(flows=flows))
    assert result.rate_of_return == pytest.approx(0.1, abs=1e-12)
    assert (result.paid_in, result.distributed) == (150, 160)


def test_profile_has_the_present_value_at_zero_which_is_the_gain() -> None:
    profile = {one.rate: one.value for one in measured(-100, 30, 120).present_values}
    assert profile[Fraction(0)] == 50
    assert profile[Fraction(1, 5)] == -100 + 25 + Fraction(120 * 100, 144)


@pytest.mark.parametrize(
    ("terms", "code"),
    [
        ({}, "missing"),
        ({"amounts": (Fraction(1),), "flows": (Flow(date(2026, 1, 1), Fraction(1)),)}, "missing"),
        ({"amounts": (0.1,)}, "wrong_type"),
        ({"amounts": (Fraction(1),), "discount_rate": Fraction(-1)}, "out_of_range"),
    ],
)
def test_bad_input(terms: dict[str, object], code: str) -> None:
    with pytest.raises(InputError) as error:
        CashFlows(**terms)  # type: ignore[arg-type]
    assert error.value.code == code
