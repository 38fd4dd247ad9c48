"""Four ways to have the same accelerators, month by month: small cases by hand, then what holds for all."""

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.compute.ownership import Ownership, break_even_utilisation
from core.compute.rent_or_own import (
    Loan,
    Need,
    Option,
    Reservation,
    break_even_months,
    break_even_use,
    cost_parts,
    levelised_price,
    monthly_payment,
    on_demand,
    owned,
    owned_with_loan,
    rent_or_own,
    reserved,
)
from core.errors import InputError

# 2 accelerators, 365 of 730 hours a month, 3 months: 2,190 used hours.
NEED = Need(accelerators=2, hours_per_month=365.0, months=3)

# Each costs 12,000 and is worthless after 12 months; electricity 0.1 an hour in use, 36.5 a month at half use.
OWNERSHIP = Ownership(all_in_price=12_000.0, life_years=1.0, server_watts=1_000.0, price_per_kwh=0.1)


def test_on_demand_by_hand() -> None:
    """2 × 365 h × 2 USD = 1,460 a month, nothing on the first day, nothing owed: 2 USD a used hour."""
    option = on_demand(NEED, 2.0)
    assert option.cash == pytest.approx([0, 1_460, 1_460, 1_460])
    assert not option.obligation.any()
    assert (option.total, option.per_used_hour, option.months_under_water) == pytest.approx((4_380, 2.0, 0))


def test_on_demand_follows_a_price_path() -> None:
    """Prices 2, 3, 4 in the three months: 1,460, 2,190, 2,920."""
    assert on_demand(NEED, np.array([2.0, 3.0, 4.0])).cash == pytest.approx([0, 1_460, 2_190, 2_920])


def test_reservation_is_paid_to_its_end_whether_used_or_not() -> None:
    """2 × 730 h × 1 USD = 1,460 a month for 12 months though 3 are needed: 17,520 over 2,190 used hours is 8 USD each.

    Take-or-pay: all 12 payments are owed when it is signed, 9 when the need ends, none after the last.
    """
    option = reserved(NEED, Reservation(1.0, 12))
    assert option.cash == pytest.approx([0, *[1_460] * 12])
    assert option.obligation == pytest.approx([1_460 * left for left in range(12, -1, -1)])
    assert option.obligation[3] == pytest.approx(9 * 1_460)
    assert (option.total, option.per_used_hour) == pytest.approx((17_520, 8.0))


def test_reservation_is_renewed_at_the_price_of_that_month() -> None:
    """4 months in terms of 2: signed at 1, renewed in month 3 at 3 USD. Whoever stops after month 2 has not renewed."""
    option = reserved(Need(1, 730.0, 4), Reservation(np.array([1.0, 2.0, 3.0, 4.0]), 2))
    assert option.cash == pytest.approx([0, 730, 730, 2_190, 2_190])
    assert option.obligation == pytest.approx([1_460, 730, 0, 2_190, 0])


def test_owned_by_hand() -> None:
    """24,000 on the first day; 73 of electricity a month; after 3 of 12 months sold for 18,000: 6,219 in all."""
    option = owned(NEED, OWNERSHIP)
    assert option.cash == pytest.approx([24_000, 73, 73, 73 - 18_000])
    assert option.resale_value == pytest.approx([24_000, 22_000, 20_000, 18_000])
    assert (option.total, option.per_used_hour) == pytest.approx((6_219, 6_219 / 2_190))


def test_rent_of_space_and_upkeep_run_with_the_months() -> None:
    """A kilowatt at 100 a month and a tenth of 12,000 a year, for each of two: 200 + 200 a month beside 73."""
    ownership = replace(OWNERSHIP, colocation_per_kilowatt_month=100.0, maintenance_share=0.1)
    assert owned(NEED, ownership).cash[1] == pytest.approx(473)


def test_loan_by_hand() -> None:
    """Half of 24,000 borrowed over 2 months at 12 %: 12,000 × 0.01 / (1 − 1.01⁻²) = 6,090.15 a month.

    Interest 120, then 1 % of the 6,029.85 left, 60.30. The cash is that of owning plus the interest, 180.30.
    """
    loan = Loan(loan_to_value=0.5, interest_rate=0.12, months=2)
    option = owned_with_loan(NEED, OWNERSHIP, loan)
    assert monthly_payment(12_000.0, loan) == pytest.approx(6_090.149)
    assert option.cash == pytest.approx([12_000, 73 + 6_090.149, 73 + 6_090.149, 73 - 18_000])
    assert option.obligation == pytest.approx([12_000, 6_029.851, 0, 0])
    assert option.interest == pytest.approx([0, 120, 60.299, 0], abs=0.001)
    assert option.total == pytest.approx(6_219 + 180.299)


def test_loan_longer_than_the_need_is_repaid_from_the_sale() -> None:
    """Without interest 24,000 over 24 months is 1,000 a month; after 3 months 21,000 is owed and 18,000 received."""
    option = owned_with_loan(NEED, OWNERSHIP, Loan(1.0, 0.0, 24))
    assert option.cash == pytest.approx([0, 1_073, 1_073, 1_073 + 21_000 - 18_000])
    assert option.obligation == pytest.approx([24_000, 23_000, 22_000, 0])


def test_months_under_water_by_hand() -> None:
    """24,000 owed less 1,000 a month, hardware worth 24,000 less 2,000 a month: under water after months 1 and 2."""
    option = owned_with_loan(NEED, OWNERSHIP, Loan(1.0, 0.0, 24))
    assert option.months_under_water == 2
    assert owned_with_loan(NEED, OWNERSHIP, Loan(0.5, 0.0, 24)).months_under_water == 0


def test_present_value_by_hand() -> None:
    """1,460 at the ends of months 1 to 3 at 12 % a year: 1,460 × (0.990600 + 0.981289 + 0.972066) = 4,298.17."""
    assert on_demand(NEED, 2.0, yearly_discount_rate=0.12).present_value == pytest.approx(4_298.17, abs=0.01)
    assert on_demand(NEED, 2.0).present_value == pytest.approx(4_380)


def test_parts_by_hand() -> None:
    """As `test_loan_by_hand`: 12,000 of own money, 12,000 repaid, 180.30 of interest, 73 of electricity a month, sold
    for 18,000. The rent of the space is 200 a month (a kilowatt at 100 for each of two)."""
    ownership = replace(OWNERSHIP, colocation_per_kilowatt_month=100.0)
    parts = cost_parts(owned_with_loan(NEED, ownership, Loan(0.5, 0.12, 2)), ownership)
    assert parts.purchase == pytest.approx([12_000, 5_970.149, 6_029.851, 0], abs=0.001)
    assert parts.interest == pytest.approx([0, 120, 60.299, 0], abs=0.001)
    assert parts.energy == pytest.approx([0, 73, 73, 73])
    assert parts.colocation == pytest.approx([0, 200, 200, 200])
    assert parts.resale == pytest.approx([0, 0, 0, -18_000])
    assert not parts.rent.any()
    assert cost_parts(on_demand(NEED, 2.0), None).rent == pytest.approx([0, 1_460, 1_460, 1_460])


def test_levelised_price_of_a_rental_is_its_price() -> None:
    """Discounting both cash and hours leaves 2 USD; of a year reserved at 1 USD for 3 months at half use, 8 USD when
    nothing is discounted (17,520 / 2,190)."""
    assert levelised_price(on_demand(NEED, 2.0, yearly_discount_rate=0.12)) == pytest.approx(2.0)
    assert levelised_price(reserved(NEED, Reservation(1.0, 12))) == pytest.approx(8.0)


def test_break_even_use_by_hand() -> None:
    """12,000 over 12 months is 1,000 a month, electricity 0.1 a used hour. At 2.1 USD an hour in use saves 2:
    1,000 / (730 × 2) = 68.5 %. At 1.4 USD full use saves 949, less than 1,000."""
    need = Need(5, 100.0, 3)
    assert break_even_use(need, 2.1, OWNERSHIP) == pytest.approx(1_000 / 1_460)
    assert break_even_use(need, 1.4, OWNERSHIP) is None


def test_break_even_over_the_whole_life_is_that_of_the_hour() -> None:
    """Without interest a month of 730 hours is a twelfth of a year of 8,760."""
    ownership = replace(OWNERSHIP, life_years=4.0, maintenance_share=0.05, idle_power_share=0.3)
    found = break_even_use(Need(1, 365.0, 48), 1.1, ownership)
    assert found == pytest.approx(break_even_utilisation(ownership, 1.1))


def test_four_options_side_by_side() -> None:
    options = rent_or_own(NEED, 2.0, Reservation(1.5, 12), replace(OWNERSHIP, cost_of_capital=0.1), Loan(0.5, 0.11, 24))
    assert [option.way for option in options] == ["on-demand", "reserved", "owned", "owned-with-loan"]
    assert {option.yearly_discount_rate for option in options} == {0.1}
    assert [len(option.cash) for option in options] == [4, 13, 4, 4]


def test_break_even_months_by_hand() -> None:
    """One accelerator at full use: 12,000 lost evenly is 1,000 a month, electricity 73; a rental of 1.5 USD is 1,095.

    Owning saves from the first month. At 1.4 USD, 1,022 a month, it never does.
    """
    assert break_even_months(730.0, 1.5, OWNERSHIP) == 1
    assert break_even_months(730.0, 1.4, OWNERSHIP) is None


def test_break_even_months_where_value_falls_fast_at_first() -> None:
    """Price-performance: 12,000 has lost 12,000 × (1 − 10^(−0.14·m/12)) after m months: 318, 628, 929, 1,223.

    A rental of 310 a month saves 310, 620, 930: owning for one or two months loses, for three it pays.
    """
    ownership = Ownership(all_in_price=12_000.0, life_years=4.0, depreciation="price-performance")
    assert break_even_months(730.0, 310 / 730, ownership) == 3


def test_break_even_months_on_a_rising_price() -> None:
    """1,022, 1,124, 1,237 a month against 1,073 owned: 51 behind after one month, level with 2,146 after two."""
    assert break_even_months(730.0, 1.4 * 1.1 ** np.arange(12.0), OWNERSHIP) == 2


@given(
    need=st.builds(Need, st.integers(1, 1_000), st.floats(1, 730), st.integers(1, 48)),
    reservation=st.builds(Reservation, st.floats(0, 15), st.sampled_from([1, 12, 36])),
    loan=st.builds(Loan, st.floats(0.05, 1), st.floats(0, 0.3), st.integers(1, 60)),
    cost_of_capital=st.sampled_from([0.0, 0.05, 0.3]),
)
def test_what_holds_for_every_option(need: Need, reservation: Reservation, loan: Loan, cost_of_capital: float) -> None:
    months, ownership = (
        need.months,
        replace(OWNERSHIP, life_years=4.0, cost_of_capital=cost_of_capital, resale_share=0.1),
    )
    options = rent_or_own(need, 2.0, reservation, ownership, loan)
    for option in options:
        assert option.total == pytest.approx(math.fsum(option.cash))
        assert len(option.cash) == len(option.obligation) == len(option.interest) > months
        assert (option.obligation >= 0).all()
        assert option.obligation[-1] == 0
        if cost_of_capital == 0:
            assert option.present_value == pytest.approx(option.total)
        parts = cost_parts(option, ownership)
        assert sum(vars(parts).values()) == pytest.approx(option.cash)
    by_way: dict[str, Option] = {option.way: option for option in options}
    borrowed = by_way["owned-with-loan"]
    assert borrowed.total == pytest.approx(by_way["owned"].total + borrowed.interest.sum(), rel=1e-6, abs=1e-6)
    held = by_way["reserved"]
    paid_so_far = held.cash.cumsum()
    assert held.total == pytest.approx(paid_so_far[months] + held.obligation[months], abs=1e-6)


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: Need(0, 365.0, 3), "accelerators"),
        (lambda: Need(1, 731.0, 3), "hours_per_month"),
        (lambda: Need(1, 0.0, 3), "hours_per_month"),
        (lambda: Need(1, 365.0, 0), "months"),
        (lambda: Reservation(-1.0, 12), "price_per_hour"),
        (lambda: Reservation(1.0, 0), "commitment_months"),
        (lambda: Loan(1.1, 0.1, 12), "loan_to_value"),
        (lambda: Loan(0.5, -0.1, 12), "interest_rate"),
        (lambda: Loan(0.5, 0.1, 0), "months"),
        (lambda: on_demand(NEED, np.array([1.0, 2.0])), "price_per_hour"),
        (lambda: on_demand(NEED, math.nan), "price_per_hour"),
        (lambda: owned(Need(1, 365.0, 13), OWNERSHIP), "months"),
    ],
)
def test_refused_input_is_named(make: Callable[[], object], field: str) -> None:
    with pytest.raises(InputError) as caught:
        make()
    assert caught.value.field == field


def test_a_life_of_25_twelfths_of_a_year_is_25_months() -> None:
    assert len(owned(Need(1, 365.0, 25), replace(OWNERSHIP, life_years=25 / 12)).cash) == 26
