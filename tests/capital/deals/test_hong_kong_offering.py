"""Offerings in Hong Kong against two allotment results, and the rules of 4 August 2025.

Zhipu (02513): announcement of allotment results of 7 January 2026; Reuters of 8 January 2026 on the first close.
MiniMax (00100): prospectus of 31 December 2025 and press of 8 and 9 January 2026.
"""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.capital.deals.hong_kong_offering import (
    COSTS_OF_BUYERS,
    ClawbackStep,
    Cornerstone,
    HongKongOffering,
    hong_kong_outcome,
    required_public_float,
)
from core.errors import InputError

MILLION, BILLION = 10**6, 10**9
ZHIPU = HongKongOffering(
    offer_price=Fraction("116.20"),
    offer_shares=37_419_500,
    allocation="specialist_technology",
    over_subscription=Fraction("1159.46"),
    board_lot=100,
    over_allotment_shares=5_612_900,
    cornerstones=(Cornerstone("JSC", shares=11_985_900), Cornerstone("others", shares=13_695_700)),
    shares_after=440_230_190,
    listing_expenses=Fraction(174_745_900),
    closing_price=Fraction("131.5"),
    listed_on=date(2026, 1, 8),
)
MINIMAX = HongKongOffering(
    offer_price=Fraction(165),
    offer_shares=25_389_220,
    allocation="specialist_technology",
    over_subscription=Fraction(1837),
    board_lot=20,
    closing_price=Fraction(345),
)


def test_zhipu_2026_tranches_after_clawback() -> None:
    """1,871,000 shares for the public at first, 7,483,900 (20 %) after 1,159 applications for each."""
    found = hong_kong_outcome(ZHIPU)
    assert found.tranches.initial_public == 1_871_000
    assert (found.tranches.public, found.tranches.international) == (7_483_900, 29_935_600)
    assert found.public == Fraction(1, 5)


def test_zhipu_2026_cornerstones() -> None:
    """25,681,600 shares, 68.63 % of the offer; JSC's 11,985,900 are 32.03 % of it, 40.04 % of those abroad."""
    found = hong_kong_outcome(ZHIPU)
    assert found.tranches.cornerstones == 25_681_600
    assert round(float(found.cornerstone) * 100, 2) == 68.63
    assert round(float(found.cornerstones[0].of_offer) * 100, 2) == 32.03
    assert round(11_985_900 / found.tranches.international * 100, 2) == 40.04
    assert found.cornerstones[0].locked_until == date(2026, 7, 8)
    assert found.bookbuilding_met is None


def test_zhipu_2026_proceeds_and_first_day() -> None:
    """HK$4,348.1M gross, HK$4,173.4M net: 4.02 % of costs; HK$116.20 to HK$131.50 is +13.17 %."""
    found = hong_kong_outcome(ZHIPU)
    assert found.gross == Fraction("4348145900")
    assert found.net == 4_173_400_000
    assert round(float(found.cost) * 100, 2) == 4.02
    assert found.first_day_return is not None
    assert round(float(found.first_day_return) * 100, 2) == 13.17
    assert found.left_on_the_table == Fraction("15.3") * 37_419_500


def test_zhipu_2026_is_worth_51_billion_and_has_its_float() -> None:
    """440,230,190 shares at HK$116.20 are HK$51.15bn, so a tenth must be public; 46.73 % were.

    168,300,000 other public shares stand for the announced part. Free: 11,737,900 shares of the offer for HK$1.36bn.
    """
    unknown = hong_kong_outcome(ZHIPU).float
    assert unknown is not None
    assert (unknown.public_met, unknown.free_float_met) == (None, True)
    found = hong_kong_outcome(replace(ZHIPU, other_public_shares=168_300_000, locked_public_shares=168_300_000)).float
    assert found is not None
    assert round(float(found.market_cap) / BILLION, 2) == 51.15
    assert (found.public_required, found.public_met) == (Fraction(1, 10), True)
    assert round(float(found.public) * 100, 2) == 46.73
    assert found.free_value == Fraction("116.20") * 11_737_900
    assert found.free_float_met is True


def test_minimax_2026_clawback_before_the_size_adjustment() -> None:
    """5,077,860 shares for the public: a fifth of 25,389,220, in lots of 20."""
    assert hong_kong_outcome(MINIMAX).tranches.public == 5_077_860


def test_minimax_2026_with_both_options() -> None:
    """Adjusted to 29,197,600 shares for HK$4.82bn; 33.58 million with over-allotment, HK$5.54bn; +109 %.

    14 cornerstones for HK$2,723M have 56.5 % of the offer.
    """
    found = hong_kong_outcome(
        replace(
            MINIMAX,
            offer_size_adjustment_shares=3_808_380,
            over_allotment_shares=4_379_640,
            over_allotment_exercised_share=Fraction(1),
            cornerstones=(Cornerstone("14 cornerstones", amount=Fraction(2_723 * MILLION)),),
        )
    )
    assert found.shares == 29_197_600
    assert found.gross == 4_817_604_000
    assert found.gross_with_over_allotment == 165 * 33_577_240
    assert round(float(found.gross_with_over_allotment) / BILLION, 2) == 5.54
    assert round(float(found.cornerstone) * 100, 1) == 56.5
    assert found.first_day_return == Fraction(180, 165)
    assert found.tranches.public == 5_839_520


def test_buyers_pay_1_0085_percent_on_top() -> None:
    """1 % brokerage, 0.0027 % and 0.00015 % levies, 0.00565 % fee: a lot of 20 at HK$165 costs HK$3,333.28."""
    assert sum(COSTS_OF_BUYERS.values()) == Fraction("0.010085")
    assert hong_kong_outcome(MINIMAX).lot_cost == Fraction("3333.2805")


@pytest.mark.parametrize(
    ("times", "per_cent"), [("0.5", "2.5"), ("1", "5"), ("14.9", "5"), ("15", "15"), ("50", "25"), ("100", "35")]
)
def test_mechanism_a_gives_the_public_up_to_35_percent(times: str, per_cent: str) -> None:
    """Of 1,000,000 shares; below one application for each, the public has what it applied for."""
    found = hong_kong_outcome(
        HongKongOffering(offer_price=Fraction(10), offer_shares=MILLION, over_subscription=Fraction(times))
    )
    assert found.tranches.public == MILLION * Fraction(per_cent) / 100
    assert found.bookbuilding_met is True


@pytest.mark.parametrize(("times", "per_cent"), [("9.9", 5), ("10", 10), ("49", 10), ("50", 20), ("5000", 20)])
def test_specialist_technology_companies_give_up_to_20_percent(times: str, per_cent: int) -> None:
    found = hong_kong_outcome(
        HongKongOffering(
            offer_price=Fraction(10),
            offer_shares=MILLION,
            allocation="specialist_technology",
            over_subscription=Fraction(times),
        )
    )
    assert found.public == Fraction(per_cent, 100)


def test_mechanism_b_has_no_clawback() -> None:
    found = hong_kong_outcome(
        HongKongOffering(
            offer_price=Fraction(10),
            offer_shares=MILLION,
            allocation="mechanism_b",
            public_share=Fraction(10, 100),
            over_subscription=Fraction(6000),
        )
    )
    assert found.tranches.public == 100_000


def test_rules_before_august_2025_are_typed() -> None:
    """Practice Note 18 until then: 10 %, 30 % from 15 times on, 40 % from 50, 50 % from 100.

    An allotment of 14 July 2020 at HK$3.10: 40,000,000 shares applied for 34.64 times become 120,000,000, 30.00 %.
    """
    old = tuple(
        ClawbackStep(Fraction(times), Fraction(part, 100)) for times, part in ((0, 10), (15, 30), (50, 40), (100, 50))
    )
    found = hong_kong_outcome(
        HongKongOffering(
            offer_price=Fraction("3.10"), offer_shares=400 * MILLION, over_subscription=Fraction("34.64"), clawback=old
        )
    )
    assert (found.tranches.initial_public, found.tranches.public) == (40 * MILLION, 120 * MILLION)


def test_cornerstones_may_leave_too_little_to_bookbuilding() -> None:
    """By hand: of 100 shares 5 are the public's and 56 cornerstones', which leaves 39, less than 40 %."""
    terms = HongKongOffering(
        offer_price=Fraction(1), offer_shares=100, cornerstones=(Cornerstone("Fund", shares=56),), shares_after=400
    )
    assert hong_kong_outcome(terms).bookbuilding_met is False
    fewer = replace(terms, cornerstones=(Cornerstone("Fund", amount=Fraction(55)),))
    assert hong_kong_outcome(fewer).bookbuilding_met is True


@pytest.mark.parametrize(
    ("billions", "part"),
    [(6, "0.25"), (8, "0.1875"), (10, "0.15"), (30, "0.15"), (36, "0.125"), (45, "0.1"), (100, "0.1")],
)
def test_public_float_falls_with_size(billions: int, part: str) -> None:
    """By hand: HK$1.5bn of 8 and HK$4.5bn of 36; 15 % of 10 to 30, 10 % from 45 on."""
    assert required_public_float(Fraction(billions * BILLION)) == Fraction(part)


def test_free_float_of_a_small_company_needs_a_tenth_worth_50_million() -> None:
    """By hand: 100 of 900 shares at HK$500,000 are free: 11 % and HK$50M; at HK$499,999 it is not enough."""
    terms = HongKongOffering(offer_price=Fraction(500_000), offer_shares=100, shares_after=900, other_public_shares=0)
    for price, met in ((500_000, True), (499_999, False)):
        found = hong_kong_outcome(replace(terms, offer_price=Fraction(price))).float
        assert found is not None
        assert found.free_float_met is met


def test_lock_up_ends_on_the_last_day_of_a_shorter_month() -> None:
    terms = replace(ZHIPU, listed_on=date(2026, 8, 31))
    assert hong_kong_outcome(terms).cornerstones[0].locked_until == date(2027, 2, 28)


@given(
    offer=st.integers(100, 10**8),
    lot=st.sampled_from([1, 20, 100]),
    times=st.fractions(0, 200, max_denominator=10),
    adjustment=st.fractions(0, Fraction(15, 100), max_denominator=100),
    cornerstone=st.fractions(0, Fraction(1, 2), max_denominator=100),
    allocation=st.sampled_from(["mechanism_a", "specialist_technology"]),
    commission=st.fractions(0, Fraction(1, 10), max_denominator=100),
)
def test_tranches_are_the_offer_and_the_money_adds_up(
    *,
    offer: int,
    lot: int,
    times: Fraction,
    adjustment: Fraction,
    cornerstone: Fraction,
    allocation: Any,
    commission: Fraction,
) -> None:
    held = int(cornerstone * offer)
    found = hong_kong_outcome(
        HongKongOffering(
            offer_price=Fraction(7),
            offer_shares=offer * lot,
            allocation=allocation,
            over_subscription=times,
            board_lot=lot,
            offer_size_adjustment_shares=int(adjustment * offer) * lot,
            cornerstones=(Cornerstone("Fund", shares=held * lot),) if held else (),
            commission_rate=commission,
        )
    )
    tranches = found.tranches
    assert tranches.public + tranches.cornerstones + tranches.bookbuilding == found.shares
    assert tranches.initial_public + tranches.initial_international == offer * lot
    assert found.public + found.international == 1
    assert tranches.public % lot == 0
    assert found.net + found.commission == found.gross == 7 * found.shares


PLAIN: dict[str, Any] = {"offer_price": Fraction(10), "offer_shares": 1000}


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"offer_price": 10.0}, "wrong_type", "offer_price"),
        ({"offer_shares": 0}, "out_of_range", "offer_shares"),
        ({"allocation": "mechanism_c"}, "unknown_name", "allocation"),
        ({"allocation": "mechanism_b"}, "contradiction", "public_share"),
        ({"public_share": Fraction(1, 10)}, "contradiction", "public_share"),
        ({"allocation": "mechanism_b", "public_share": Fraction(7, 10)}, "out_of_range", "public_share"),
        ({"offer_size_adjustment_shares": 151}, "contradiction", "offer_size_adjustment_shares"),
        ({"over_allotment_shares": 151}, "contradiction", "over_allotment_shares"),
        ({"locked_public_shares": 1}, "contradiction", "locked_public_shares"),
        ({"clawback": (ClawbackStep(Fraction(5), Fraction(1, 10)),)}, "contradiction", "clawback"),
        ({"shares_after": 999}, "out_of_range", "shares_after"),
    ],
)
def test_refusals(change: dict[str, Any], code: str, field: str) -> None:
    with pytest.raises(InputError) as caught:
        HongKongOffering(**PLAIN | change)
    assert (caught.value.code, caught.value.field) == (code, f"HongKongOffering.{field}")


def test_cornerstones_cannot_have_what_the_public_claws_back() -> None:
    terms = HongKongOffering(**PLAIN, cornerstones=(Cornerstone("Fund", shares=700),), over_subscription=Fraction(100))
    with pytest.raises(InputError) as caught:
        hong_kong_outcome(terms)
    assert (caught.value.code, caught.value.field) == ("contradiction", "HongKongOffering.cornerstones")
