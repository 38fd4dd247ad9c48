"""A facility on ten accelerators by hand: resale values, loan to value, its cures, cover, and cost an hour."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.capital.deals.accelerator_facility import (
    AcceleratorFacility,
    Delivery,
    HoursContract,
    ResaleCurve,
    accelerator_facility_outcome,
)
from core.errors import InputError

# 10,000 of accelerators, 6,000 borrowed, 250 repaid a month for two years, worth 4,000 after one year, 2,000 after two.
FACILITY = AcceleratorFacility(
    price_per_accelerator=Fraction(1_000),
    deliveries=(Delivery(0, 10),),
    advance_rate=Fraction("0.6"),
    interest_rate=Fraction(0),
    interest_only_months=0,
    amortization_months=24,
    resale=ResaleCurve("year_ends", year_end_share=(Fraction("0.4"), Fraction("0.2"))),
    cash_flow=(Fraction(300),) * 12 + (Fraction(200),) * 12,
    maximum_loan_to_value=Fraction("0.6"),
    minimum_debt_service_coverage=Fraction("1.1"),
)


def test_loan_to_value_falls_behind_the_resale_value() -> None:
    """Month m owes 6,000 - 250 m on 10,000 - 500 m, from month 12 on 4,000 - 500/3 a month: above 60 % until month 15.

    In month 16 it owes 2,000 on 10,000/3, which is 60 % to the digit.
    """
    found = accelerator_facility_outcome(FACILITY)
    assert found.loan_to_value_breach_months == tuple(range(1, 16))
    assert (found.schedule[12].owed, found.schedule[12].collateral_value) == (3_000, 4_000)
    assert found.highest_loan_to_value == Fraction(3, 4)
    assert found.schedule[16].loan_to_value == Fraction("0.6")
    assert (found.residual_value, found.schedule[24].owed) == (2_000, 0)


def test_a_cure_repays_to_the_maximum_and_shortens_what_follows() -> None:
    """Month 1 owes 5,750 on 9,500: 50 more leave 5,700. Month 2 repays 250 x 5,700/5,750 and then to 5,400.

    After month 12 2,400 are left on 4,000; from there 200 a month are repaid while 60 % falls by 100: no cure.
    """
    rows = accelerator_facility_outcome(FACILITY).schedule
    assert (rows[1].cure_payment, rows[1].owed_after_cures) == (50, 5_700)
    assert rows[2].cure_payment == 5_700 - Fraction(250 * 5_700, 5_750) - 5_400
    assert rows[12].owed_after_cures == 2_400
    assert rows[13].owed_after_cures == 2_200
    assert all(row.cure_payment == 0 for row in rows[13:])
    assert rows[24].owed_after_cures == 0


def test_cover_and_the_cash_that_is_kept() -> None:
    """300 over 250 is 1.2; 200 is 0.8, 75 short of 1.1. The 50 left in year one are kept: loan to value."""
    found = accelerator_facility_outcome(FACILITY)
    assert found.debt_service_coverage_breach_months == tuple(range(13, 25))
    assert found.lowest_debt_service_coverage == Fraction("0.8")
    assert [(row.trapped, row.distributed) for row in found.schedule[1:13]] == [(50, 0)] * 12
    assert {row.coverage_shortfall for row in found.schedule[13:]} == {75}
    free = replace(FACILITY, maximum_loan_to_value=None)
    assert [(row.trapped, row.distributed) for row in accelerator_facility_outcome(free).schedule[1:13]] == [
        (0, 50)
    ] * 12


def test_cost_an_accelerator_hour() -> None:
    """6,000 over ten accelerators, 24 months, 730 hours."""
    assert accelerator_facility_outcome(FACILITY).debt_service_per_accelerator_hour == Fraction(6_000, 10 * 24 * 730)


def test_a_contract_sells_part_of_the_hours_and_pays_for_all() -> None:
    """2.00 for 90 % of 730 hours less 0.50 for all of them is 949 a month; after a year 1.00 makes it 292."""
    contract = HoursContract(Fraction(2), Fraction("0.5"), Fraction("0.9"), 12, Fraction(1))
    assert contract.cash_per_accelerator(12) == 949
    assert contract.cash_per_accelerator(13) == 292


def test_deliveries_are_drawn_aged_and_paid_one_by_one() -> None:
    """Four at closing, six two months later: each earns from the month after it came and ages from its own day."""
    deal = replace(
        FACILITY,
        deliveries=(Delivery(0, 4), Delivery(2, 6)),
        interest_only_months=2,
        cash_flow=(),
        contract=HoursContract(Fraction(1)),
        resale=ResaleCurve("straight_line", life_months=10),
        unused_fee_rate=Fraction("0.12"),
        upfront_fee_share=Fraction("0.01"),
    )
    found = accelerator_facility_outcome(deal)
    rows = found.schedule
    assert [row.drawn for row in rows[:4]] == [2_400, 0, 3_600, 0]
    assert [row.accelerators for row in rows[:4]] == [0, 4, 4, 10]
    assert [row.cash_flow for row in rows[:4]] == [0, 2_920, 2_920, 7_300]
    assert rows[3].collateral_value == 4 * 700 + 6 * 900
    assert found.total_fees == 60 + 2 * 36
    assert found.own_payment == 4_000 + 60


def test_a_balloon_is_left_to_the_resale_value() -> None:
    """Cover counts the instalment of the last month; the balloon of 1,500 comes on top in what is repaid."""
    deal = replace(FACILITY, balloon_share=Fraction("0.25"))
    last = accelerator_facility_outcome(deal).schedule[-1]
    assert (last.principal, last.debt_service) == (Fraction("1687.5"), Fraction("187.5"))


def test_resale_curves() -> None:
    kept = ResaleCurve("yearly_retention", yearly_retention_share=Fraction("0.64"))
    assert (kept.share(0), kept.share(12), kept.share(24)) == (1, Fraction("0.64"), Fraction("0.4096"))
    assert float(kept.share(6)) == pytest.approx(0.8, rel=1e-15)
    line = ResaleCurve("straight_line", life_months=60, residual_share=Fraction("0.1"))
    assert (line.share(30), line.share(60), line.share(90)) == (Fraction("0.55"), Fraction("0.1"), Fraction("0.1"))
    listed = ResaleCurve("year_ends", year_end_share=(Fraction("0.7"), Fraction("0.4")))
    assert (listed.share(6), listed.share(18), listed.share(99)) == (
        Fraction("0.85"),
        Fraction("0.55"),
        Fraction("0.4"),
    )


@given(st.fractions(Fraction(1, 10), 1, max_denominator=20), st.integers(1, 36), st.fractions(0, 1, max_denominator=24))
def test_cured_loans_keep_their_promise_and_are_repaid(most: Fraction, months: int, rate: Fraction) -> None:
    deal = replace(
        FACILITY,
        amortization_months=months,
        interest_rate=rate,
        maximum_loan_to_value=most,
        cash_flow=(Fraction(0),) * months,
    )
    found = accelerator_facility_outcome(deal)
    assert all(row.owed_after_cures <= most * row.collateral_value for row in found.schedule)
    assert found.schedule[-1].owed == found.schedule[-1].owed_after_cures == 0
    assert found.nominal_cost == pytest.approx(float(rate), abs=1e-9)


BAD: list[tuple[str, str, Callable[[], object]]] = [
    ("contradiction", "AcceleratorFacility.contract", lambda: replace(FACILITY, cash_flow=())),
    ("contradiction", "AcceleratorFacility.cash_flow", lambda: replace(FACILITY, cash_flow=(Fraction(1),))),
    ("out_of_range", "AcceleratorFacility.deliveries", lambda: replace(FACILITY, deliveries=(Delivery(1, 1),))),
    ("missing", "AcceleratorFacility.deliveries", lambda: replace(FACILITY, deliveries=())),
    ("out_of_range", "AcceleratorFacility.advance_rate", lambda: replace(FACILITY, advance_rate=Fraction(2))),
    ("missing", "ResaleCurve.life_months", lambda: ResaleCurve("straight_line")),
    ("contradiction", "ResaleCurve.kind", lambda: ResaleCurve("straight_line", Fraction(1), 12)),
]


@pytest.mark.parametrize(("code", "field", "made"), BAD, ids=[field for _, field, _ in BAD])
def test_bad_terms(code: str, field: str, made: Callable[[], object]) -> None:
    with pytest.raises(InputError) as caught:
        made()
    assert (caught.value.code, caught.value.field) == (code, field)
