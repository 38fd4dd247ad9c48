"""Peers' multiples: a textbook's four firms, a teaching page's three, and quartiles as Excel counts them."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.capital.deals.comparables import Comparables, ComparedValue, Measure, Peer, comparables_outcome, quantile
from core.errors import InputError


def fractions(*numbers: str) -> tuple[Fraction, ...]:
    return tuple(map(Fraction, numbers))


def by_statistic(terms: Comparables, measure: str) -> dict[str, ComparedValue]:
    return {one.statistic: one for one in comparables_outcome(terms).values if one.measure == measure}


def test_ejh_enterprises() -> None:
    """Berk and DeMarzo: EBITDA $300M, EPS $2, cash $30M, debt $40M, 100M shares; (10 x 300 - 10) / 100 is $29.90."""
    terms = Comparables(
        measures=(
            Measure("EV / EBITDA", Fraction(300), fractions("12", "11", "12.5", "10")),
            Measure("P / E", Fraction(2), fractions("19", "18", "20", "17"), of="share"),
        ),
        net_debt=Fraction(10),
        shares=Fraction(100),
    )
    ebitda, earnings = by_statistic(terms, "EV / EBITDA"), by_statistic(terms, "P / E")
    assert (ebitda["lowest"].per_share, ebitda["highest"].per_share) == (Fraction("29.9"), Fraction("37.4"))
    assert (earnings["lowest"].per_share, earnings["highest"].per_share) == (34, 40)
    assert earnings["lowest"].enterprise_value == 3_410


def test_three_peers_by_the_median() -> None:
    """Dr Phil's Quant Lab: 8.5, 9.2 and 14.0 times; 9.2 x 120 = 1,104, less 90 is 1,014, $20.28 a share; mean 10.6."""
    terms = Comparables(
        (Measure("EV", Fraction(120), fractions("8.5", "9.2", "14")),), Fraction(90), shares=Fraction(50)
    )
    median = by_statistic(terms, "EV")["median"]
    assert (median.multiple, median.enterprise_value, median.equity_value) == (Fraction("9.2"), 1_104, 1_014)
    assert median.per_share == Fraction("20.28")
    assert round(by_statistic(terms, "EV")["mean"].multiple, 1) == Fraction("10.6")


def test_peers_bring_their_own_figures_and_a_discount_comes_off_the_equity() -> None:
    peers = (Peer("one", Fraction(500), Fraction(50)), Peer("two", Fraction(600), Fraction(50)))
    terms = Comparables((Measure("EV / revenue", Fraction(20), peers=peers),), Fraction(20), discount=Fraction(1, 4))
    found = by_statistic(terms, "EV / revenue")
    assert (found["lowest"].multiple, found["highest"].multiple, found["median"].multiple) == (10, 12, 11)
    assert found["median"].equity_value == (220 - 20) * Fraction(3, 4)


def test_quartiles_of_four_as_excel_interpolates() -> None:
    """QUARTILE.INC of 1, 2, 4, 8: positions 0.75, 1.5 and 2.25."""
    four = fractions("1", "2", "4", "8")
    assert [quantile(four, Fraction(part, 4)) for part in range(5)] == [1, Fraction("1.75"), 3, 5, 8]


@given(st.lists(st.integers(1, 100), min_size=1, max_size=9), st.integers(0, 500))
def test_statistics_rise_and_equity_and_claims_make_the_enterprise(multiples: list[int], debt: int) -> None:
    measure = Measure("EV", Fraction(7), tuple(map(Fraction, multiples)))
    found = by_statistic(Comparables((measure,), Fraction(debt)), "EV")
    order = [found[name].multiple for name in ("lowest", "lower quartile", "median", "upper quartile", "highest")]
    assert order == sorted(order)
    assert all(one.equity_value + debt == one.enterprise_value == 7 * one.multiple for one in found.values())


def test_bad_input() -> None:
    with pytest.raises(InputError, match="multiples or peers"):
        Measure("EV", Fraction(1))
    with pytest.raises(InputError, match="loss is no value"):
        Measure("EV", Fraction(-1), fractions("8"))
    with pytest.raises(InputError, match="earns nothing"):
        Peer("one", Fraction(1), Fraction(0))
    with pytest.raises(InputError, match="shares given"):
        Comparables((Measure("P / E", Fraction(2), fractions("17"), of="share"),))
