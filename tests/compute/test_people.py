"""What people cost: pay and loading by hand, headcount and payroll over a horizon, and the published staff share."""

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.compute.data_and_staff import staff_cost
from core.compute.people import (
    employer_costs,
    headcount_by_month,
    loaded_cost,
    payroll,
    salary,
    staff_share,
    staff_share_place,
    yearly_cost,
)
from core.compute.reference_figures import reference_figures
from core.errors import InputError


def test_loaded_pay_by_hand() -> None:
    """100,000 with a fifth on top: 120,000."""
    assert loaded_cost(100_000.0, 1.2) == pytest.approx(120_000)


def test_uk_loading_by_its_rules() -> None:
    """Rates of 2025/26 at 90,000: 15 % of 85,000 = 12,750; pension 3 % of 44,030 = 1,320.90; 15.6 % in all."""
    assert employer_costs()["uk"].loading == pytest.approx((90_000 + 12_750 + 1_320.90) / 90_000, abs=0.0005)


def test_french_loading_by_eurostats_share() -> None:
    """Eurostat 2024: 32.2 % of an employer's cost is not wages."""
    assert employer_costs()["france"].loading == pytest.approx(1 / (1 - 0.322), abs=0.0005)


def test_canadian_loading_by_its_rules() -> None:
    """2026 at 100,000: pension plan 4,646, insurance 1.4 x 1,123, Ontario's health tax 1,950: 8.2 % in all."""
    assert employer_costs()["canada"].loading == pytest.approx(1 + (4_646 + 1.4 * 1_123 + 1_950) / 100_000, abs=0.0005)


def test_default_of_a_plan_is_the_same_engineer() -> None:
    """The plan's default of 254,000 is the US average 211,243 loaded by 1.20 = 253,492, rounded to thousands."""
    figure = reference_figures()["research_engineer_usd_per_year"]
    cost = yearly_cost(salary("research_engineer", "us"))
    assert (cost.currency, cost.high) == ("USD", None)
    assert cost.central == pytest.approx(figure.value, abs=1_000)
    assert cost.low == pytest.approx(140_910 * 1.20)


def test_frontier_pay_is_asked_for_by_name() -> None:
    """xAI's visa filings of 2024: $250,000-500,000; the San Francisco market's median is far below their middle."""
    market = salary("research_engineer", "us-bay-area")
    frontier = salary("research_engineer", "us-bay-area", "frontier")
    assert (frontier.low, frontier.high) == (250_000, 500_000)
    assert market.pay < 0.6 * frontier.pay


def test_headcount_by_hand() -> None:
    """Four researchers from the first month and six hires a year: half a person a month. Two sellers from month 2."""
    people = headcount_by_month(np.array([4.0, 2.0]), np.array([6.0, 0.0]), 4, np.array([0, 2]))
    assert people.tolist() == [[4.0, 0.0], [4.5, 0.0], [5.0, 2.0], [5.5, 2.0]]


def test_payroll_by_hand() -> None:
    """At 240,000 and 120,000 a year, 20,000 and 10,000 a month each."""
    people = headcount_by_month(np.array([4.0, 2.0]), np.array([6.0, 0.0]), 4, np.array([0, 2]))
    cost = payroll(people, np.array([240_000.0, 120_000.0]))
    assert cost.tolist() == [[80_000, 0], [90_000, 0], [100_000, 20_000], [110_000, 20_000]]
    assert cost.sum() == pytest.approx(420_000)


def test_one_role_gives_one_column() -> None:
    assert headcount_by_month(3.0, 0.0, 12).shape == (12, 1)


@given(
    headcount=st.lists(st.floats(0, 1e4), min_size=1, max_size=5),
    hires=st.floats(0, 1e3),
    months=st.integers(1, 60),
    pay=st.floats(0, 1e6),
)
def test_payroll_is_the_sum_of_its_months(headcount: list[float], hires: float, months: int, pay: float) -> None:
    """Without hires a team costs its yearly cost for the horizon; hires only add."""
    people = np.array(headcount)
    steady = payroll(headcount_by_month(people, 0.0, months), pay)
    assert steady.shape == (months, len(headcount))
    assert steady.sum() == pytest.approx(float(staff_cost(people.sum(), pay, months)))
    growing = headcount_by_month(people, hires, months)
    assert np.all(growing >= people)
    assert np.all(np.diff(growing, axis=0) == pytest.approx(hires / 12, abs=1e-9))


def test_staff_share_by_hand() -> None:
    """40M of R&D staff beside 60M of compute: 40 %, within the 29-49 % of Cottier et al. 2024."""
    assert staff_share(40e6, 60e6) == pytest.approx(0.4)
    assert staff_share_place(0.4) == "within"


@pytest.mark.parametrize(
    ("share", "place"), [(0.0, "below"), (0.2899, "below"), (0.29, "within"), (0.49, "within"), (0.4901, "above")]
)
def test_bounds_of_the_published_share(share: float, place: str) -> None:
    assert staff_share_place(share) == place


def test_staff_share_of_many_plans() -> None:
    assert staff_share(np.array([0.0, 1.0, 3.0]), 1.0) == pytest.approx(np.array([0, 0.5, 0.75]))


def test_refused_arguments() -> None:
    cases: list[tuple[Callable[[], object], str, str]] = [
        (lambda: loaded_cost(-1.0, 1.2), "pay", "0 <= pay"),
        (lambda: loaded_cost(1.0, 0.2), "loading", "1 <= loading <= 3"),  # the surcharge typed for the factor
        (lambda: loaded_cost(1.0, 20.0), "loading", "1 <= loading <= 3"),  # per cent
        (lambda: headcount_by_month(-1.0, 0.0, 3), "headcount", "0 <= headcount"),
        (lambda: headcount_by_month(1.0, -1.0, 3), "hires_per_year", "0 <= hires_per_year"),
        (lambda: headcount_by_month(1.0, 0.0, 0), "months", "1 <= months"),
        (lambda: payroll(np.ones((1, 1)), math.nan), "yearly_cost", "0 <= yearly_cost"),
        (lambda: staff_share(0.0, 0.0), "compute", "0 < research_staff + compute"),
        (lambda: staff_share_place(40.0), "share", "0 <= share <= 1"),
    ]
    for call, field, expected in cases:
        with pytest.raises(InputError) as caught:
            call()
        assert (caught.value.field, caught.value.expected) == (field, expected)


def test_unknown_role_and_region_are_named_with_what_is_known() -> None:
    with pytest.raises(InputError) as caught:
        salary("astrologer", "us")
    assert caught.value.field == "role"
    with pytest.raises(InputError) as caught:
        salary("operations", "france")
    assert (caught.value.field, caught.value.expected) == ("region", "us")
