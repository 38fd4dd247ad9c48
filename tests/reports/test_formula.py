"""Formulas as text and as values; roundings where a spreadsheet and the plan differ are worked out by hand."""

import pytest

from core.reports.formula import (
    Formula,
    cents_up,
    corrected,
    either,
    every,
    least,
    most,
    number,
    rounded,
    some,
    total,
    whole_cents,
    whole_up,
)

A, B, C = (Formula(name, value) for name, value in (("a", 2.0), ("b", 3.0), ("c", 4.0)))


@pytest.mark.parametrize(
    ("formula", "text", "value"),
    [
        (A + B * C, "a+b*c", 14),
        ((A + B) * C, "(a+b)*c", 20),
        (A - (B + C), "a-(b+c)", -5),
        (A - (B - C), "a-(b-c)", 3),
        (A / (B * C), "a/(b*c)", 2 / 12),
        (A / B / C, "a/b/c", 2 / 3 / 4),
        (-(A + B), "-(a+b)", -5),
        (A * -B, "a*(-b)", -6),
        (1 - A, "1-a", -1),
        ((1 + A) ** -B, "(1+a)^(-b)", 3**-3),
        (0.5 ** ((A - 1) / C), "0.5^((a-1)/c)", 0.5**0.25),
        (either(A >= B, A, B), "IF(a>=b,a,b)", 3),
        (either(every(A < B, B.equals(3)), 1), "IF(AND(a<b,b=3),1,0)", 1),
        (either(some(A > B, B > C), 1), "IF(OR(a>b,b>c),1,0)", 0),
        (least(A, most(B, 5)), "MIN(a,MAX(b,5))", 2),
        (total([A, B, C]), "a+b+c", 9),
        (whole_up(A / B), "ROUNDUP(a/b,0)", 1),
        (cents_up(A / B), "ROUNDUP(a/b,2)", 0.67),
        (whole_cents(A + B), "ROUND(a+b,2)", 5),
    ],
)
def test_text_and_value_say_the_same(formula: Formula, text: str, value: float) -> None:
    assert formula.text == text
    assert formula.value == pytest.approx(value, rel=1e-15)


def test_half_a_cent_goes_to_the_even_one_as_in_the_plan() -> None:
    """2.125 is exact in binary: the plan's even cent is 2.12, a spreadsheet's ROUND gives 2.13. 2.375: both 2.38."""
    assert rounded(Formula("x", 2.125)) == Formula("ROUND(x,2)-0.01", 2.12, 1)
    assert rounded(Formula("x", 2.375)) == Formula("ROUND(x,2)", 2.38)
    assert rounded(Formula("x", -2.125)) == Formula("ROUND(x,2)+0.01", -2.12, 1)


def test_corrected_formula_carries_the_cents_that_it_misses() -> None:
    assert corrected(number(1.5), 1.52).text == "1.5+0.02"
    assert corrected(number(1.5), 1.5).text == "1.5"
    assert (2 * corrected(A, 2.01)).text == "2*(a+0.01)"


def test_power_beyond_all_numbers_is_left_to_the_branch_that_never_asks() -> None:
    """A product that launches in ten years: the spreadsheet's IF does not look at its growth before."""
    huge = 0.5 ** (number(-5000) / 1)
    assert either(number(0) > 1, huge, 7).value == 7
