"""Valuation adjustments: published Chinese cases to their printed figures, shares restated by hand.

Haifu: Suzhou Haifu v. Gansu Shiheng, Supreme People's Court (2012) Min Ti Zi no. 11; figures from Caijing, 5 August
2012 (cjwnews.com): 20 million yuan, 30 million of profit promised, 26,800 earned, 19.98 million to be paid. Cao: Cao
Lewu v. Zhang Shigong (qdes.cn 637): 4.34 million, [1 - profit / (120 million x 90 %)], profit of -15.7595 million.
Litai: Yueyang Xingchang, auditor's report of 2025 (reportify.cn 1104180875182084096): (24 million - profit) / 24
million x 6 million shares, 6 million at most. Yongle: the shares of 2005, aihuau.com 413197 and dushu.com 1355703.
Shuanglin: the cumulative rule of its purchase and its promised 170, 252, 343 and 412 million (lawinsider.com); the
profits are ours.
"""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.capital.deals.valuation_adjustment import (
    Step,
    Target,
    ValuationAdjustment,
    valuation_adjustment_outcome,
)
from core.errors import InputError


def target(promised: int, actual: int, days: int = 0) -> Target:
    return Target("profit", Fraction(promised), Fraction(actual), days)


HAIFU = ValuationAdjustment((target(30_000_000, 26_800),), Fraction(20_000_000))
YONGLE = ValuationAdjustment(
    (target(675_000_000, 0),),
    formula=None,
    steps=(
        Step(Fraction(93_950_000), Fraction(600_000_000)),
        Step(Fraction(46_973_800), Fraction(675_000_000), or_equal=True),
        Step(Fraction(0), Fraction(750_000_000), or_equal=True),
        Step(Fraction(-46_973_800)),
    ),
)
# 10 million for 10 % of a million shares at 20 times a promised 5 million.
TENTH = ValuationAdjustment(
    (target(5_000_000, 4_000_000),),
    Fraction(10_000_000),
    paid_in="founder_shares",
    total_shares=Fraction(1_000_000),
    investor_shares=Fraction(100_000),
    founder_shares=Fraction(700_000),
)


def test_haifu_against_gansu_shiheng() -> None:
    """ "1998 wan yuan"."""
    found = valuation_adjustment_outcome(HAIFU)
    assert found.cash == 20_000_000 * (1 - Fraction(26_800, 30_000_000))
    assert found.cash // 10_000 == 1_998
    assert found.shares_moved == 0


def test_cao_against_zhang_where_a_loss_makes_it_more_than_the_investment() -> None:
    """The claim of 4.9476 million takes the factor as 1.14; with all digits it is 1.1459."""
    cao = ValuationAdjustment((target(108_000_000, -15_759_500),), Fraction(4_340_000), formula="sum")
    found = valuation_adjustment_outcome(cao)
    factor = found.compensation / 4_340_000
    assert int(factor * 100) == 114
    assert 4_340_000 * Fraction(114, 100) == 4_947_600
    assert found.compensation > 4_340_000
    assert valuation_adjustment_outcome(replace(cao, cap=Fraction(4_340_000))).cash == 4_340_000


@pytest.mark.parametrize(("profit", "shares"), [(24_000_000, 0), (6_000_000, 4_500_000), (-5_000_000, 6_000_000)])
def test_shares_of_hunan_litai(profit: int, shares: int) -> None:
    """(24 - 6)/24 of 6 million shares is 4.5 million; a loss costs all of them and no more."""
    litai = ValuationAdjustment(
        (target(24_000_000, profit),),
        Fraction(6_000_000),
        paid_in="shares_at_price",
        share_price=Fraction(1),
        cap=Fraction(6_000_000),
        total_shares=Fraction(300_000_000),
        investor_shares=Fraction(0),
        founder_shares=Fraction(6_000_000),
    )
    found = valuation_adjustment_outcome(litai)
    assert (found.shares_moved, found.cash) == (shares, 0)


@pytest.mark.parametrize(
    ("profit", "shares"),
    [
        (751, -46_973_800),
        (750, 0),
        (676, 0),
        (675, 46_973_800),
        (600, 46_973_800),
        (599, 93_950_000),
        (-1, 93_950_000),
    ],
)
def test_shares_of_yongle(profit: int, shares: int) -> None:
    """Above 750 million the investors give, at or below 675 they get, below 600 twice as much."""
    found = valuation_adjustment_outcome(replace(YONGLE, targets=(target(675_000_000, profit * 1_000_000),)))
    assert (found.shares_moved, found.cash, found.compensation) == (shares, 0, 0)


def test_cumulative_rule_gives_nothing_back() -> None:
    """Of 1,000 for 1,177 in all: 17 short in year 1; 8 better in year 2 cost nothing more; 340 short after year 3."""
    promised = (170, 252, 343, 412)
    actual = (153, 260, 12, 500)
    terms = ValuationAdjustment(
        tuple(target(one, got) for one, got in zip(promised, actual, strict=True)),
        Fraction(1_177),
        formula="cumulative",
    )
    found = valuation_adjustment_outcome(terms)
    assert [one.compensation for one in found.targets] == [17, 0, 340 - 17, 0]
    assert found.cash == 340


def test_each_year_on_its_own_and_all_years_together() -> None:
    """100: half of year 1 and a quarter of year 2 are missed; year 3's surplus counts only in the sum."""
    targets = (target(100, 50), target(100, 75), target(100, 145))
    apart = ValuationAdjustment(targets, Fraction(100))
    assert valuation_adjustment_outcome(apart).cash == 75
    assert valuation_adjustment_outcome(replace(apart, formula="sum")).cash == 10


def test_tolerance_forgives_a_small_miss_and_nothing_of_a_wider_one() -> None:
    terms = replace(HAIFU, targets=(target(100, 90),), tolerance_share=Fraction(1, 10))
    assert valuation_adjustment_outcome(terms).cash == 0
    assert valuation_adjustment_outcome(replace(terms, targets=(target(100, 89),))).cash == 2_200_000


def test_interest_runs_on_the_compensation() -> None:
    """10 % on half of 20 million for 73 days, a fifth of a year."""
    terms = replace(HAIFU, targets=(target(100, 50, days=73),), interest_rate=Fraction(1, 10))
    found = valuation_adjustment_outcome(terms)
    assert (found.compensation, found.interest, found.cash) == (10_000_000, 200_000, 10_200_000)


def test_least_and_cap() -> None:
    assert valuation_adjustment_outcome(replace(HAIFU, cap=Fraction(5_000_000))).cash == 5_000_000
    little = replace(HAIFU, targets=(target(100, 99),), least=Fraction(1_000_000))
    assert valuation_adjustment_outcome(little).cash == 1_000_000
    assert valuation_adjustment_outcome(replace(little, targets=(target(100, 100),))).cash == 0


def test_founders_shares_restate_the_price_to_the_same_multiple() -> None:
    """20 x 4 million is 80: 10 of 80 is 12.5 %, so the founders hand over 25,000 shares."""
    found = valuation_adjustment_outcome(TENTH)
    assert (found.shares_moved, found.restated_share, found.investor_share) == (25_000, Fraction(1, 8), Fraction(1, 8))
    assert (found.founder_share_before, found.founder_share, found.cash) == (Fraction(7, 10), Fraction("0.675"), 0)


def test_new_shares_dilute_everybody_to_the_same_restated_share() -> None:
    """(100,000 + x) / (1,000,000 + x) = 12.5 %: x = 28,571.43."""
    found = valuation_adjustment_outcome(replace(TENTH, paid_in="new_shares"))
    assert (found.shares_moved, found.investor_share) == (Fraction(25_000 * 8, 7), Fraction(1, 8))
    assert found.founder_share == Fraction(700_000) / (1_000_000 + Fraction(200_000, 7))


def test_founders_who_hold_too_little_fall_short() -> None:
    found = valuation_adjustment_outcome(replace(TENTH, founder_shares=Fraction(5_000)))
    assert (found.shares_moved, found.shortfall_in_shares, found.founder_share) == (5_000, 20_000, 0)


def test_shares_at_a_price_are_rounded_up_and_the_rest_is_cash() -> None:
    """2,000,000 / 30 is 66,666.67 shares; from founders with 50,000 the other 500,000 are owed in cash."""
    terms = replace(TENTH, paid_in="shares_at_price", share_price=Fraction(30))
    assert valuation_adjustment_outcome(terms).shares_moved == 66_667
    poor = valuation_adjustment_outcome(replace(terms, founder_shares=Fraction(50_000)))
    assert (poor.shares_moved, poor.cash) == (50_000, 500_000)


@given(st.integers(1, 10**9), st.integers(1, 9 * 10**9), st.sampled_from(["founder_shares", "new_shares"]))
def test_restated_share_is_what_the_money_buys_at_the_multiple_of_what_was_earned(
    promised: int, actual: int, paid_in: str
) -> None:
    terms = replace(TENTH, targets=(target(promised, actual),), paid_in=paid_in, founder_shares=Fraction(900_000))
    owned = Fraction(1, 10) * max(Fraction(1), Fraction(promised, actual))
    if paid_in == "new_shares" and owned >= 1:
        with pytest.raises(InputError, match="below 100%"):
            valuation_adjustment_outcome(terms)
    else:
        assert valuation_adjustment_outcome(terms).investor_share == min(Fraction(1), owned)


@pytest.mark.parametrize(
    ("terms", "code"),
    [
        ({"investment": None}, "missing"),
        ({"formula": None}, "contradiction"),
        ({"paid_in": "founder_shares"}, "missing"),
        ({"targets": ()}, "missing"),
        ({"tolerance_share": Fraction(1)}, "out_of_range"),
        ({"total_shares": Fraction(1), "investor_shares": Fraction(2)}, "out_of_range"),
        ({"formula": "average"}, "unknown_name"),
    ],
)
def test_bad_input(terms: dict[str, object], code: str) -> None:
    with pytest.raises(InputError) as error:
        replace(HAIFU, **terms)  # type: ignore[arg-type]
    assert error.value.code == code


def test_loss_cannot_be_made_good_in_shares() -> None:
    with pytest.raises(InputError, match="compensation in cash"):
        valuation_adjustment_outcome(replace(TENTH, targets=(target(100, -1),)))


def test_steps_need_one_for_the_rest() -> None:
    with pytest.raises(InputError, match="exactly one step"):
        replace(YONGLE, steps=YONGLE.steps[:3])
