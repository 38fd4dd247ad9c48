"""Discounted cash flow on published sheets, and a value by hand for every convention."""

from dataclasses import replace
from fractions import Fraction

import pytest

from core.capital.deals.discounted_cash_flow import DiscountedCashFlow, discounted_cash_flow_outcome
from core.errors import InputError

CIRCULAR_WACC = DiscountedCashFlow(
    cash_flows=tuple(map(Fraction, (100, 110, 120, 130, 140))),
    risk_free_rate=Fraction("0.02"),
    beta=Fraction("0.9"),
    market_premium_rate=Fraction("0.07"),
    cost_of_debt_rate=Fraction("0.04"),
    tax_rate=Fraction("0.3"),
    debt_share=Fraction(200, 2507),
    growth_rate=Fraction("0.03"),
    net_debt=Fraction(200),
)
TEN_PER_CENT = DiscountedCashFlow(
    cash_flows=(Fraction(110), Fraction(121)),
    discount_rate=Fraction(1, 10),
    growth_rate=Fraction(0),
    net_debt=Fraction(310),
    shares=Fraction(100),
)


def test_sheet_with_a_circular_wacc() -> None:
    """Scribd 454365094: cost of equity 8.3 %, WACC 7.9 %, 475 + 2,032 = 2,507, less 200 is 2,307."""
    found = discounted_cash_flow_outcome(CIRCULAR_WACC)
    assert found.cost_of_equity == Fraction("0.083")
    assert round(100 * found.discount_rate, 1) == Fraction("7.9")
    printed = ["92.7", "94.6", "95.6", "96.0", "95.9"]
    assert [round(one.present_value, 1) for one in found.years] == list(map(Fraction, printed))
    assert round(found.present_value_of_flows) == 475
    assert round(found.present_value_of_terminal) == 2_032
    assert (round(found.enterprise_value), round(found.equity_value)) == (2_507, 2_307)


def test_mid_year_workout_of_financial_edge() -> None:
    """felix.fe.training, "Mid Year DCF 1": factors 0.971 ... 0.864, 50 is worth 48.6, all flows 150.8, in all 1,473.4.

    The perpetuity of 1,530 is discounted with the last flow's factor, of year 2.5. Flows 2 and 3 and the two rates are
    those that give the printed results.
    """
    found = discounted_cash_flow_outcome(
        DiscountedCashFlow(
            cash_flows=(Fraction(50), Fraction(55), Fraction(60)),
            discount_rate=Fraction("0.06"),
            growth_rate=Fraction("0.02"),
            mid_year=True,
        )
    )
    assert round(found.years[0].discount_factor, 3) == Fraction("0.971")
    assert round(found.years[0].present_value, 1) == Fraction("48.6")
    assert round(found.years[2].discount_factor, 3) == Fraction("0.864")
    assert found.terminal_value == Fraction(1530)
    assert round(found.present_value_of_flows, 1) == Fraction("150.8")
    assert round(found.enterprise_value, 1) == Fraction("1473.4")


def test_perpetuity_by_hand() -> None:
    """110 / 1.1 + 121 / 1.21 = 200, and 121 / 0.1 = 1,210 two years on is 1,000."""
    found = discounted_cash_flow_outcome(TEN_PER_CENT)
    assert (found.present_value_of_flows, found.present_value_of_terminal) == (200, 1_000)
    assert (found.equity_value, found.per_share, found.terminal_part) == (890, Fraction(89, 10), Fraction(5, 6))


def test_exit_multiple_by_hand_and_the_growth_that_it_implies() -> None:
    """5 x 242 = 1,210: the perpetuity without growth, so it implies none. A multiple is at the year's end."""
    terms = replace(TEN_PER_CENT, growth_rate=None, exit_multiple=Fraction(5), exit_earnings=Fraction(242))
    found = discounted_cash_flow_outcome(terms)
    assert (found.enterprise_value, found.implied_growth_rate) == (1_200, 0)
    assert discounted_cash_flow_outcome(replace(terms, mid_year=True)).present_value_of_terminal == 1_000


def test_mid_year_raises_the_value_by_half_a_year_of_the_rate() -> None:
    plain = discounted_cash_flow_outcome(TEN_PER_CENT).enterprise_value
    half = discounted_cash_flow_outcome(replace(TEN_PER_CENT, mid_year=True)).enterprise_value
    assert half == pytest.approx(float(plain) * 1.1**0.5, rel=1e-14)
    year_end = discounted_cash_flow_outcome(replace(TEN_PER_CENT, mid_year=True, terminal_at_year_end=True))
    assert year_end.present_value_of_terminal == 1_000


def test_flows_that_grow_need_not_be_typed() -> None:
    grown = replace(
        TEN_PER_CENT,
        cash_flows=(),
        first_cash_flow=Fraction(110),
        cash_flow_growth_rate=Fraction(1, 10),
        years=2,
    )
    assert discounted_cash_flow_outcome(grown) == discounted_cash_flow_outcome(TEN_PER_CENT)


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"growth_rate": Fraction(1, 10)}, "out_of_range", "growth_rate"),
        ({"growth_rate": None}, "missing", "growth_rate"),
        ({"exit_multiple": Fraction(5)}, "missing", "growth_rate"),
        ({"discount_rate": None}, "missing", "discount_rate"),
        ({"cost_of_equity_rate": Fraction(1, 10)}, "missing", "discount_rate"),
        ({"cash_flows": ()}, "missing", "cash_flows"),
        ({"tax_rate": Fraction(2)}, "out_of_range", "tax_rate"),
    ],
)
def test_bad_input(change: dict[str, object], code: str, field: str) -> None:
    with pytest.raises(InputError) as error:
        replace(TEN_PER_CENT, **change)  # type: ignore[arg-type]
    assert (error.value.code, error.value.field) == (code, f"DiscountedCashFlow.{field}")
