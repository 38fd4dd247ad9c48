"""The venture capital method on its published examples: vcmethod.com without and with later rounds, a course's case."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.capital.deals.venture_method import Round, VentureMethod, VentureValuation, venture_method_outcome
from core.errors import InputError

VC_METHOD = VentureMethod(
    years=Fraction(5),
    required_return=Fraction(1, 2),
    investment=Fraction(3_500_000),
    shares=1_000_000,
    exit_earnings=Fraction(2_500_000),
    exit_multiple=Fraction(15),
)
WITH_ROUNDS = replace(
    VC_METHOD,
    investment=Fraction(1_500_000),
    later_rounds=(
        Round(Fraction(2), Fraction(1_000_000), Fraction(2, 5)),
        Round(Fraction(4), Fraction(1_000_000), Fraction(1, 4)),
    ),
)


def cents(amount: Fraction) -> Fraction:
    return round(amount, 2)


def test_vcmethod_one_round() -> None:
    """$2.5M of earnings at 15 times in five years, 50 %: $4,938,271.60, 70.88 %, 2,433,476 shares at $1.44."""
    found = venture_method_outcome(VC_METHOD)
    assert found.present_value == Fraction(37_500_000 * 32, 243)
    assert cents(found.present_value) == Fraction("4938271.60")
    assert round(100 * found.share, 2) == Fraction("70.88")
    assert found.whole_new_shares == 2_433_476
    assert cents(found.price) == Fraction("1.44")
    assert cents(found.pre_money) == Fraction("1438271.60")
    assert found.post_money == found.present_value


def test_vcmethod_three_rounds() -> None:
    """As printed by the sheet "Venture Capital Method (w/ Dilution)" for all three rounds."""
    found = venture_method_outcome(WITH_ROUNDS)
    assert round(100 * found.final_share, 2) == Fraction("30.38")
    assert [round(100 * one.retention, 2) for one in found.rounds] == [Fraction("89.35"), Fraction("96.67"), 100]
    assert [round(100 * one.share, 2) for one in found.rounds] == [34, Fraction("7.57"), Fraction("3.33")]
    assert [round(one.new_shares) for one in found.rounds] == [515_055, 124_077, 56_522]
    assert [round(one.shares_before + one.new_shares) for one in found.rounds] == [1_515_055, 1_639_131, 1_695_653]
    assert [cents(one.price) for one in found.rounds] == [Fraction("2.91"), Fraction("8.06"), Fraction("17.69")]
    assert [cents(one.pre_money) for one in found.rounds] == [
        Fraction("2912312.76"),
        Fraction("12210641.40"),
        29_000_000,
    ]
    assert cents(found.rounds[0].post_money) == Fraction("4412312.76")
    assert cents(found.exit_price) == Fraction("22.12")
    assert found.investor_at_exit == 11_390_625


def test_course_case_of_40_million_in_four_years() -> None:
    """WizEdu 1460056: post $6,103,515.63, pre $2,103,515.63, 66 % and 34 %, 1,901,578 shares, $26,214,400 at exit."""
    found = venture_method_outcome(
        VentureMethod(Fraction(4), Fraction(3, 5), Fraction(4_000_000), 1_000_000, exit_value=Fraction(40_000_000))
    )
    assert abs(found.post_money - Fraction("6103515.63")) < Fraction(1, 100)
    assert abs(found.pre_money - Fraction("2103515.63")) < Fraction(1, 100)
    assert (round(100 * found.share), round(100 * (1 - found.share))) == (66, 34)
    assert found.whole_new_shares == 1_901_578
    assert (found.investor_at_exit, found.present_holders_at_exit) == (26_214_400, 13_785_600)


def test_retention_typed_or_made_of_dilutions_is_the_same() -> None:
    """Two rounds of 20 % and a pool of 10 % leave 0.8 * 0.8 * 0.9 = 57.6 % of a share."""
    small = replace(VC_METHOD, investment=Fraction(500_000))
    dilutions = (Fraction(1, 5), Fraction(1, 5), Fraction(1, 10))
    one = venture_method_outcome(replace(small, later_dilution_share=dilutions))
    assert one == venture_method_outcome(replace(small, retention_share=Fraction(576, 1000)))
    assert one.share == Fraction(500_000 * 243, 37_500_000 * 32) / Fraction(576, 1000)


@given(st.integers(1, 60), st.integers(1, 12), st.integers(100_000, 2_000_000))
def test_investor_gets_its_return_and_everybody_together_the_exit(rate: int, years: int, money: int) -> None:
    terms = VentureMethod(Fraction(years), Fraction(rate, 100), Fraction(money), 7_654_321, exit_value=Fraction(10**9))
    found: VentureValuation = venture_method_outcome(terms)
    assert found.investor_at_exit == money * (1 + Fraction(rate, 100)) ** years
    assert found.investor_at_exit + found.present_holders_at_exit == 10**9
    assert found.new_shares * found.price == money


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"investment": Fraction(5_000_000)}, "over_100_percent", "investment"),
        ({"exit_value": Fraction(1)}, "missing", "exit_value"),
        ({"exit_multiple": None}, "missing", "exit_value"),
        (
            {"retention_share": Fraction(1, 2), "later_dilution_share": (Fraction(1, 5),)},
            "contradiction",
            "later_rounds",
        ),
        ({"later_rounds": (Round(Fraction(5), Fraction(1), Fraction(0)),)}, "out_of_range", "later_rounds"),
        ({"later_dilution_share": (Fraction(1),)}, "out_of_range", "later_dilution_share"),
        ({"shares": 0}, "out_of_range", "shares"),
    ],
)
def test_bad_input(change: dict[str, object], code: str, field: str) -> None:
    with pytest.raises(InputError) as error:
        venture_method_outcome(replace(VC_METHOD, **change))  # type: ignore[arg-type]
    assert (error.value.code, error.value.field) == (code, f"VentureMethod.{field}")
