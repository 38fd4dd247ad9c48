"""Licence-and-hire exits as reported, and by hand.

Inflection: Bloomberg of 21 March 2024 ($620M and about $30M), The Information (1.5 and 1.1 times). Character.AI: The
New York Times of August 2024. Windsurf: TechCrunch of 1 August 2025. Adept: Semafor of 2 August 2024.
"""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.capital.deals.licence_and_hire import (
    CommonHolder,
    InvestorClass,
    LicenceAndHire,
    licence_and_hire_outcome,
)
from core.errors import InputError

MILLION = 10**6


def investor(name: str, invested: int, **more: Any) -> InvestorClass:
    return InvestorClass(name=name, invested=Fraction(invested), **more)


def test_inflection_2024_promises_more_than_it_is_paid() -> None:
    """1.5 x $225M and 1.1 x $1,300M are $337.5M and $1,430M, $1,117.5M more than the $650M that Microsoft paid.

    So not all were paid that much, or the company's own cash was: the reports do not add up, and the gap says so.
    """
    found = licence_and_hire_outcome(
        LicenceAndHire(
            licence_fee=Fraction(620 * MILLION),
            waiver_payment=Fraction(30 * MILLION),
            investors=(
                investor("first", 225 * MILLION, multiple=Fraction("1.5")),
                investor("second", 1_300 * MILLION, multiple=Fraction("1.1")),
            ),
        )
    )
    assert (found.headline, found.received) == (650 * MILLION, 650 * MILLION)
    assert [row.received for row in found.investors] == [337_500_000, 1_430 * MILLION]
    assert (found.funding_gap, found.left_in_shell) == (1_117_500_000, 0)
    assert found.investors_multiple == Fraction(17675, 15250)
    assert found.investors_in_sale is None


@pytest.mark.parametrize(("per_cent", "usd"), [(30, 750 * MILLION), (40, 1_000 * MILLION)])
def test_character_2024_founder(per_cent: int, usd: int) -> None:
    """$3bn for the licence, about $2.5bn of it for the holders: a founder with 30 to 40 % nets $750M to $1bn."""
    found = licence_and_hire_outcome(
        LicenceAndHire(
            licence_fee=Fraction(3_000 * MILLION),
            kept_by_shell=Fraction(500 * MILLION),
            investors=(investor("all", 193 * MILLION, shares=20),),
            common=(
                CommonHolder(name="founder", shares=per_cent, founder=True),
                CommonHolder(name="others", shares=80 - per_cent),
            ),
        )
    )
    assert found.founders_by_shares == found.founders_total == usd
    assert (found.distributed, found.left_in_shell) == (2_500 * MILLION, 500 * MILLION)
    assert found.investors[0].received == 500 * MILLION


def test_windsurf_2025_half_passes_by_the_holders() -> None:
    """$2.4bn: $1.2bn to holders and $1.2bn to 40 people hired; Greenoaks has $500M on $65M, 7.7 times.

    All $243M raised would have 4.9 times if the holders' half were the investors' alone, reported as about 4 times.
    """
    found = licence_and_hire_outcome(
        LicenceAndHire(
            licence_fee=Fraction(1_200 * MILLION),
            other_retention=Fraction(1_200 * MILLION),
            investors=(
                investor("Greenoaks", 65 * MILLION, paid=Fraction(500 * MILLION)),
                investor("others", 178 * MILLION, paid=Fraction(700 * MILLION)),
            ),
        )
    )
    assert (found.headline, found.retention_part) == (2_400 * MILLION, Fraction(1, 2))
    assert round(float(found.investors[0].multiple), 1) == 7.7
    assert round(float(found.investors_multiple), 1) == 4.9


def test_adept_2024_investors_get_their_money_back() -> None:
    """$414M invested comes back and about $25M stays with the company."""
    found = licence_and_hire_outcome(
        LicenceAndHire(
            licence_fee=Fraction(439 * MILLION), investors=(investor("all", 414 * MILLION, multiple=Fraction(1)),)
        )
    )
    assert (found.left_in_shell, found.investors_multiple) == (25 * MILLION, 1)


SMALL = LicenceAndHire(
    licence_fee=Fraction(100),
    investors=(investor("A", 20, shares=10), investor("B", 60, shares=10, seniority=1)),
    common=(
        CommonHolder(name="founder", shares=20, founder=True, retention=Fraction(50)),
        CommonHolder(name="staff", shares=10),
    ),
)


def test_retention_takes_from_the_investors_what_a_sale_would_give_them() -> None:
    """By hand. Of 100, B keeps its 60; 40 are left for A's 20 or a quarter, 10: A keeps its 20, common has 20 for 30.

    In a sale for 150 B keeps 60; A's 20 or a quarter of 90 = 22.5: A converts, common has 67.5, the founder two thirds.
    """
    found = licence_and_hire_outcome(SMALL)
    assert {row.name: row.received for row in found.investors} == {"A": 20, "B": 60}
    assert found.to_common == 20
    assert [row.in_sale for row in found.investors] == [Fraction("22.5"), 60]
    founder, staff = found.holders
    assert (founder.by_shares, founder.total, founder.in_sale) == (Fraction(40, 3), Fraction(190, 3), 45)
    assert (founder.better_by, staff.better_by) == (Fraction(55, 3), Fraction(20, 3) - Fraction("22.5"))
    assert found.founders_in_sale == 45


def test_the_shell_keeps_its_part_and_pays_its_costs() -> None:
    """By hand: 100 + 5 + 7 - 2 = 110 come in, 50 stay, B has all of the other 60."""
    found = licence_and_hire_outcome(
        replace(
            SMALL,
            waiver_payment=Fraction(5),
            cash_on_hand=Fraction(7),
            costs=Fraction(2),
            kept_by_shell=Fraction(50),
        )
    )
    assert (found.received, found.left_in_shell, found.funding_gap) == (110, 50, 0)
    assert {row.name: row.received for row in found.investors} == {"A": 0, "B": 60}


def test_agreed_payment_to_common_is_shared_by_shares() -> None:
    agreed = tuple(replace(one, multiple=Fraction(1, 2)) for one in SMALL.investors)
    found = licence_and_hire_outcome(replace(SMALL, investors=agreed, paid_to_common=Fraction(30)))
    assert [row.by_shares for row in found.holders] == [20, 10]
    assert (found.to_investors, found.left_in_shell) == (40, 30)


@given(
    fee=st.integers(1, 10**6),
    kept=st.integers(0, 10**6),
    cash=st.integers(0, 10**5),
    retention=st.integers(0, 10**6),
    invested=st.lists(st.integers(1, 10**6), min_size=1, max_size=4),
    participates=st.booleans(),
    common=st.integers(1, 1000),
)
def test_what_comes_in_is_paid_out_or_left(
    *, fee: int, kept: int, cash: int, retention: int, invested: list[int], participates: bool, common: int
) -> None:
    terms = LicenceAndHire(
        licence_fee=Fraction(fee),
        cash_on_hand=Fraction(cash),
        kept_by_shell=Fraction(min(kept, fee + cash)),
        other_retention=Fraction(retention),
        investors=tuple(
            investor(str(number), money, shares=number + 1, seniority=number % 2, participates=participates)
            for number, money in enumerate(invested)
        ),
        common=(CommonHolder(name="founder", shares=common, founder=True),),
    )
    found = licence_and_hire_outcome(terms)
    assert found.distributed == found.to_investors + found.to_common
    assert found.received == found.distributed + found.left_in_shell - found.funding_gap
    assert (found.left_in_shell, found.funding_gap) == (terms.kept_by_shell, 0)
    assert found.investors_in_sale is not None
    assert found.founders_in_sale is not None
    assert found.investors_in_sale + found.founders_in_sale == fee + cash + retention


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"licence_fee": Fraction(0)}, "out_of_range"),
        ({"investors": ()}, "missing"),
        ({"investors": (investor("A", 20),)}, "missing"),  # neither shares nor an agreed payment
        ({"investors": (investor("A", 20, shares=1), investor("B", 20, paid=Fraction(1)))}, "contradiction"),
        ({"common": ()}, "missing"),
        ({"common": (CommonHolder(name="A", shares=1),)}, "duplicate_name"),
        ({"paid_to_common": Fraction(1)}, "contradiction"),
    ],
)
def test_refusals(change: dict[str, Any], code: str) -> None:
    with pytest.raises(InputError) as caught:
        replace(SMALL, **change)
    assert caught.value.code == code


def test_a_class_has_a_multiple_or_an_amount() -> None:
    with pytest.raises(InputError) as caught:
        investor("A", 20, multiple=Fraction(1), paid=Fraction(20))
    assert (caught.value.code, caught.value.field) == ("contradiction", "InvestorClass.paid")


def test_the_shell_cannot_keep_more_than_comes_in() -> None:
    with pytest.raises(InputError) as caught:
        licence_and_hire_outcome(replace(SMALL, kept_by_shell=Fraction(101)))
    assert (caught.value.code, caught.value.field) == ("contradiction", "LicenceAndHire.kept_by_shell")
