"""Pro-rata rights in a round. spillpoint: github.com/spillpoint/spillpoint, cases/edge-18*/DERIVATION.md."""

from dataclasses import replace
from fractions import Fraction

import pytest

from core.capital.cap_table import CapTable, fold, price_round_on
from core.capital.securities import Holding, Investment, PoolIncreased, PricedRound
from core.capital.terms import ProRata
from core.errors import InputError
from tests.capital.builders import DAY, founder, safe, table_of

MILLION = 1_000_000
SEED = PricedRound(DAY, "Seed", (Investment("X", Fraction(2 * MILLION)),), Fraction(8 * MILLION))
SAFE = safe(MILLION, 11 * MILLION, holder="Z")


def series_a(*cheques: tuple[str, int], rights: tuple[ProRata, ...] = (), counts_pool: bool = False) -> PricedRound:
    return PricedRound(
        DAY,
        "Series A",
        tuple(Investment(holder, Fraction(amount)) for holder, amount in cheques),
        Fraction(33 * MILLION),
        pro_rata=rights,
        pro_rata_counts_pool=counts_pool,
        price_step=None,
    )


def company() -> CapTable:
    return table_of(founder(8 * MILLION), SEED, SAFE)


def test_spillpoint_18_the_base_counts_the_converting_safe() -> None:
    """spillpoint 18: 2M of 11M is 18.18 %, $1,090,909.09 of $6M; X takes $1M of it, Y buys the other $5M at $3."""
    terms = series_a(("Y", 6 * MILLION), rights=(ProRata("X", Fraction(11, 12)),))
    result = price_round_on(company(), terms)
    (bought,) = result.pro_rata
    assert (bought.share, bought.entitlement, bought.amount) == (
        Fraction(2, 11),
        Fraction(12 * MILLION, 11),
        MILLION,
    )
    assert result.exact_price == 3
    assert set(result.new_shares) == {Holding("X", "Series A", 333_333), Holding("Y", "Series A", 1_666_666)}


def test_spillpoint_18b_the_unissued_pool_in_the_base() -> None:
    """spillpoint 18b: with 526,315 in the pool 17.272729 % and $1,036,363.76, without 18.095239 % and $1,085,714.34."""
    table = table_of(founder(8 * MILLION), SEED, SAFE, PoolIncreased(DAY, 526_315))
    entitled = {}
    for counts_pool in (True, False):
        terms = series_a(("Y", 6 * MILLION), rights=(ProRata("X"),), counts_pool=counts_pool)
        result = price_round_on(table, terms)
        assert result.exact_price == Fraction(6 * MILLION, 2_105_263)
        entitled[counts_pool] = round(result.pro_rata[0].entitlement, 2)
    assert entitled == {True: Fraction("1036363.76"), False: Fraction("1085714.34")}


def test_spillpoint_18c_cheques_of_one_investor_are_added_up_before_rounding() -> None:
    """spillpoint 18c: $1,290,909.09 and $809,090.91 of X at $3 are 700,000 shares, not 699,999; Y has 1,666,666."""
    cheques = series_a(("Y", 5 * MILLION)).investments
    cheques += (Investment("X", Fraction("1290909.09")), Investment("X", Fraction("809090.91")))
    result = price_round_on(company(), replace(series_a(("Y", 1)), investments=cheques))
    assert result.exact_price == 3
    assert set(result.new_shares) == {Holding("Y", "Series A", 1_666_666), Holding("X", "Series A", 700_000)}


def test_full_pro_rata_keeps_the_share() -> None:
    """By hand: a right to 20 % of the new shares keeps 20 % where nothing converts and no pool grows."""
    table = fold([founder(8 * MILLION), SEED, series_a(("Y", 10 * MILLION), rights=(ProRata("X"),))])[-1]
    held = sum(one.shares for one in table.holdings if one.holder == "X")
    assert abs(Fraction(held, table.issued_and_granted) - Fraction(1, 5)) < Fraction(1, MILLION)


def test_a_right_of_nobody_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        price_round_on(company(), series_a(("Y", MILLION), rights=(ProRata("Nobody"),)))
    assert (caught.value.code, caught.value.field) == ("unknown_name", "ProRata.holder")


def test_rights_that_leave_the_investors_nothing_are_refused() -> None:
    rights = (ProRata("Founder"), ProRata("X"), ProRata("Z"))
    with pytest.raises(InputError) as caught:
        price_round_on(company(), series_a(("Y", MILLION), rights=rights))
    assert (caught.value.code, caught.value.field) == ("over_100_percent", "PricedRound.pro_rata")
