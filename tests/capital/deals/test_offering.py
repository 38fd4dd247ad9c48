"""The arithmetic of an offering against published offerings and a textbook question, and what it refuses.

Square: pricing release of 18 November 2015; first close of 19 November 2015. CoreWeave: preliminary prospectus of
20 March and 424B4 of 28 March 2025. ServiceTitan: prospectus of December 2024, price to public and proceeds before
expenses. Figma: pricing release of 30 July 2025; Bloomberg of 31 July 2025 on its first close. Alibaba: Renaissance
Capital, IPO University, Gross Spread.
"""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.capital.deals.lock_ups import LockUp
from core.capital.deals.offering import FirstDay, Offering, OfferingOutcome, Shares, SpreadStep, offering_outcome
from core.errors import InputError

MILLION = 1_000_000
SQUARE = Offering(
    offer_price=Fraction(9),
    primary_shares=25_650_000,
    secondary_shares=1_350_000,
    over_allotment_shares=4_050_000,
    closing_price=Fraction("13.07"),
)


def millions(money: Fraction) -> float:
    return round(float(money) / MILLION, 1)


def first_day(outcome: OfferingOutcome) -> FirstDay:
    assert outcome.first_day is not None
    return outcome.first_day


def shares(outcome: OfferingOutcome) -> Shares:
    assert outcome.shares is not None
    return outcome.shares


def test_square_2015_sells_27_million_shares_for_243_million() -> None:
    """25,650,000 + 1,350,000 = 27,000,000 shares x $9; 4,050,000 more are 15 % of them."""
    found = offering_outcome(SQUARE)
    assert found.proceeds.shares == 27 * MILLION
    assert found.proceeds.gross == 243 * MILLION
    assert found.over_allotment_option == Fraction(15, 100)
    assert found.proceeds_with_over_allotment is None


def test_square_2015_first_day() -> None:
    """$9 to $13.07 is +45 %; the buyers gained $4.07 x 27,000,000 = $109.89M, of which 95 % on the company's shares.

    25,650,000 x (1 - 9/13.07) of the company's shares would not have been needed.
    """
    found = first_day(offering_outcome(SQUARE))
    assert found.first_day_return == Fraction(407, 900)
    assert found.left_on_the_table == 109_890_000
    assert found.company_left == Fraction("4.07") * 25_650_000
    assert found.company_left + found.sellers_left == found.left_on_the_table
    assert found.over_issued_shares == Fraction(25_650_000 * 407, 1307)
    assert found.over_allotment == 0


def test_square_2015_is_worth_3_2_billion_at_9_dollars() -> None:
    """355 million diluted shares after the offering; reported as about $3.2bn at $9 and $4.6bn at the close."""
    found = offering_outcome(replace(SQUARE, shares_after=355 * MILLION))
    assert shares(found).before == 329_350_000
    assert shares(found).market_cap == 3_195 * MILLION
    assert millions(first_day(found).market_cap or Fraction(0)) == 4_639.9
    assert shares(found).pre_money + found.proceeds.company_gross == shares(found).market_cap


def test_square_2015_with_the_over_allotment_exercised() -> None:
    """31,050,000 shares bring $279.45M, the company sells 29,700,000; the gain on 4,050,000 is a line of its own."""
    found = offering_outcome(replace(SQUARE, over_allotment_exercised_share=Fraction(1), shares_after=355 * MILLION))
    assert found.proceeds_with_over_allotment is not None
    assert found.proceeds_with_over_allotment.gross == 279_450_000
    assert found.proceeds_with_over_allotment.company_gross == 267_300_000
    assert first_day(found).left_on_the_table == 109_890_000
    assert first_day(found).over_allotment == Fraction("4.07") * 4_050_000
    assert shares(found).after == 359_050_000


def test_over_allotment_that_holders_sell_dilutes_nobody() -> None:
    """By hand: 10 of 15 are exercised by holders at $10; 200 shares before, 50 new: 150 sold of 250 in all."""
    found = offering_outcome(
        Offering(
            offer_price=Fraction(10),
            primary_shares=50,
            secondary_shares=90,
            shares_before=200,
            over_allotment_shares=15,
            over_allotment_exercised_share=Fraction(2, 3),
            over_allotment_sold_by="holders",
        )
    )
    assert found.proceeds_with_over_allotment is not None
    assert (found.proceeds_with_over_allotment.company_net, found.proceeds_with_over_allotment.sellers_net) == (
        500,
        1000,
    )
    assert (shares(found).after, shares(found).free_float, shares(found).old_holders) == (
        250,
        Fraction(3, 5),
        Fraction(2, 5),
    )
    assert shares(found).dilution == Fraction(1, 5)


def test_coreweave_2025_company_and_holders() -> None:
    """37,500,000 shares at $40 are $1,500M; the company's 36,590,000 of them $1,463.6M."""
    found = offering_outcome(Offering(offer_price=Fraction(40), primary_shares=36_590_000, secondary_shares=910_000))
    assert found.proceeds.shares == 37_500_000
    assert found.proceeds.gross == 1_500 * MILLION
    assert found.proceeds.company_gross == 1_463_600_000


def test_coreweave_2025_range_of_its_preliminary_prospectus() -> None:
    """47,178,660 + 1,821,340 = 49,000,000 shares at $47 to $55 are $2.3bn to $2.7bn, of 473,480,931 after the offering.

    The option is 7,350,000 = 15 %, with it 480,830,931 shares stand. At $39, the first trade, 473,480,931 shares are
    $18,465,756,309, about $18.5bn.
    """
    preliminary = Offering(
        range_low=Fraction(47),
        range_high=Fraction(55),
        primary_shares=47_178_660,
        secondary_shares=1_821_340,
        shares_after=473_480_931,
        over_allotment_shares=7_350_000,
        closing_price=Fraction(39),
    )
    found = offering_outcome(preliminary)
    assert found.offer_price == 51
    assert [row.price for row in found.range] == [47, 51, 55]
    assert [row.gross for row in found.range] == [2_303 * MILLION, 2_499 * MILLION, 2_695 * MILLION]
    assert found.range[0].market_cap == 47 * 473_480_931
    assert found.over_allotment_option == Fraction(15, 100)
    assert first_day(found).market_cap == 18_465_756_309
    full = offering_outcome(replace(preliminary, over_allotment_exercised_share=Fraction(1)))
    assert shares(full).after == 480_830_931


def test_figma_2025_holders_sold_twice_what_the_company_did() -> None:
    """12.47M + 24.46M shares at $33 are about $1.2B, the company's $0.41B of it; from $33 to $115.50 is +250 %.

    Bloomberg: "more than $3 billion" without, ">$3.5 billion" with the 15 % that may be over-allotted.
    """
    figma = Offering(
        offer_price=Fraction(33),
        primary_shares=12_470_000,
        secondary_shares=24_460_000,
        over_allotment_shares=5_539_500,
        over_allotment_exercised_share=Fraction(1),
        closing_price=Fraction("115.5"),
    )
    found = offering_outcome(figma)
    assert (found.proceeds.gross, found.proceeds.company_gross) == (1_218_690_000, 411_510_000)
    assert found.proceeds.sellers_net == 807_180_000
    day = first_day(found)
    assert day.first_day_return == Fraction(250, 100)
    assert day.left_on_the_table == 3_046_725_000
    assert day.left_on_the_table + day.over_allotment == 3_503_733_750
    assert day.company_left == Fraction("82.5") * 12_470_000


def test_servicetitan_2024_underwriters_keep_five_and_a_half_percent() -> None:
    """8,800,000 shares at $71 are $624.8M; less 5.5 % the company has $590.4M before its own expenses.

    Split 20/20/60 the spread of $34.364M is $6.8728M twice and a selling concession of $20.6184M.
    """
    found = offering_outcome(
        Offering(offer_price=Fraction(71), primary_shares=8_800_000, spread_rate=Fraction("0.055"))
    )
    assert found.proceeds.gross == 624_800_000
    assert found.proceeds.company_net == 590_436_000
    assert found.proceeds.spread == 34_364_000
    assert (found.proceeds.management_fee, found.proceeds.underwriting_fee) == (6_872_800, 6_872_800)
    assert found.proceeds.selling_concession == 20_618_400
    assert found.company_cost == Fraction(55, 1000)


def test_spread_a_share_is_the_same_spread() -> None:
    """ServiceTitan again: 5.5 % of $71 are $3.905 a share."""
    found = offering_outcome(
        Offering(offer_price=Fraction(71), primary_shares=8_800_000, spread_per_share=Fraction("3.905"))
    )
    assert (found.spread_rate, found.proceeds.company_net) == (Fraction("0.055"), 590_436_000)


def test_alibaba_2014_underwriters_took_261_million() -> None:
    """1.2 % of $21.8bn are $261M: 320.1 million shares at $68."""
    found = offering_outcome(
        Offering(
            offer_price=Fraction(68),
            primary_shares=123_100_000,
            secondary_shares=197_000_000,
            spread_rate=Fraction("0.012"),
        )
    )
    assert round(found.proceeds.spread / MILLION) == 261


def test_textbook_shares_that_net_30_million() -> None:
    """$20 a share, 7 % spread, $800,000 of expenses, $30M wanted: 30.8M / 18.60 = 1,655,913.98, so 1,655,914 shares.

    The spread is 1,655,914 x $1.40 = $2,318,279.60; a first close of $22 leaves $3,311,828.
    """
    found = offering_outcome(
        Offering(
            offer_price=Fraction(20),
            target_company_net=Fraction(30 * MILLION),
            spread_rate=Fraction("0.07"),
            expenses=Fraction(800_000),
            closing_price=Fraction(22),
        )
    )
    assert found.primary_shares == 1_655_914
    assert found.proceeds.spread == Fraction("2318279.60")
    assert first_day(found).left_on_the_table == 3_311_828
    assert found.proceeds.company_net == Fraction("30000000.40")


SCHEDULE = (SpreadStep(Fraction(0), Fraction("0.07")), SpreadStep(Fraction(1000), Fraction("0.05")))


def test_spread_by_size_is_on_the_whole_gross() -> None:
    """By hand: 99 shares at $10 pay 7 % of $990, 100 shares 5 % of $1,000."""
    at = [
        offering_outcome(Offering(offer_price=Fraction(10), primary_shares=count, spread_schedule=SCHEDULE)).proceeds
        for count in (99, 100)
    ]
    assert [one.spread for one in at] == [Fraction("69.3"), 50]


@pytest.mark.parametrize(("wanted", "needed"), [(930, 100), (920, 99), (951, 101), (9, 1)])
def test_shares_for_a_net_with_a_spread_by_size(wanted: int, needed: int) -> None:
    """By hand: 99 shares net 920.70, 100 net 950 because the lower rate begins there, 101 net 959.50."""
    found = offering_outcome(
        Offering(offer_price=Fraction(10), target_company_net=Fraction(wanted), spread_schedule=SCHEDULE)
    )
    assert found.primary_shares == needed


def test_sellers_pay_their_spread_and_the_company_its_expenses() -> None:
    """By hand: 10 x 80 x 93 % - 44 = 700 to the company, 10 x 20 x 93 % = 186 to the sellers."""
    offering = Offering(
        offer_price=Fraction(10),
        primary_shares=80,
        secondary_shares=20,
        spread_rate=Fraction("0.07"),
        expenses=Fraction(44),
    )
    found = offering_outcome(offering).proceeds
    assert (found.company_net, found.sellers_net) == (700, 186)


def test_close_below_the_offer_price_leaves_nothing_on_the_table() -> None:
    """By hand: from 10 to 9 is -10 %, and the buyers of 100 shares lost 100."""
    offering = Offering(offer_price=Fraction(10), primary_shares=80, secondary_shares=20, closing_price=Fraction(9))
    found = first_day(offering_outcome(offering))
    assert (found.first_day_return, found.left_on_the_table) == (Fraction(-1, 10), -100)


def test_offering_of_holders_alone_brings_the_company_nothing() -> None:
    found = offering_outcome(Offering(offer_price=Fraction(10), primary_shares=0, secondary_shares=20))
    assert (found.proceeds.company_net, found.proceeds.sellers_net, found.company_cost) == (0, 200, None)


def test_fixed_price_offering_that_is_asked_for_five_times() -> None:
    found = offering_outcome(Offering(offer_price=Fraction(1, 2), primary_shares=100, shares_demanded=500))
    assert (found.proceeds.gross, found.demand) == (50, 5)


def test_lock_ups_come_out_on_two_days() -> None:
    """By hand: 300 + 100 shares after 90 days and 600 after 180 beside a float of 200; 50 trade a day, at $12."""
    found = offering_outcome(
        Offering(
            offer_price=Fraction(10),
            primary_shares=200,
            closing_price=Fraction(12),
            lock_ups=(LockUp("Staff", 100, 90), LockUp("Founder", 600, 180), LockUp("Fund", 300, 90)),
            lock_up_from=date(2026, 1, 1),
            average_daily_volume=50,
        )
    )
    early, late = found.lock_ups
    assert (early.shares, early.times_float, early.days_of_volume, early.value) == (400, 2, 8, 4800)
    assert (late.date, late.shares, late.released_so_far) == (date(2026, 6, 30), 600, 1000)


@given(
    price=st.fractions(min_value=Fraction(1, 100), max_value=1000, max_denominator=100),
    primary=st.integers(0, 10**9),
    secondary=st.integers(1, 10**9),
    option=st.integers(0, 10**8),
    part=st.fractions(0, 1, max_denominator=20),
    rate=st.fractions(0, Fraction(1, 10), max_denominator=1000),
    expenses=st.integers(0, 10**7),
    sold_by=st.sampled_from(["company", "holders"]),
)
def test_company_sellers_and_underwriters_share_the_gross(
    *,
    price: Fraction,
    primary: int,
    secondary: int,
    option: int,
    part: Fraction,
    rate: Fraction,
    expenses: int,
    sold_by: Any,
) -> None:
    found = offering_outcome(
        Offering(
            offer_price=price,
            primary_shares=primary,
            secondary_shares=secondary,
            over_allotment_shares=option,
            over_allotment_exercised_share=part,
            over_allotment_sold_by=sold_by,
            spread_rate=rate,
            expenses=Fraction(expenses),
        )
    )
    for one in (found.proceeds, found.proceeds_with_over_allotment or found.proceeds):
        assert one.company_net + expenses + one.sellers_net + one.spread == one.gross == price * one.shares
        assert one.management_fee + one.underwriting_fee + one.selling_concession == one.spread


@given(
    price=st.fractions(min_value=Fraction(1, 10), max_value=100, max_denominator=10),
    wanted=st.integers(1, 10**6),
    secondary=st.integers(0, 1000),
    edge=st.integers(1, 10**5),
    rates=st.tuples(st.integers(0, 20), st.integers(0, 20)),
)
def test_no_smaller_offering_nets_as_much(
    price: Fraction, wanted: int, secondary: int, edge: int, rates: tuple[int, int]
) -> None:
    """The one just below nets less; so do, with a schedule, the last ones before each step."""
    steps = (SpreadStep(Fraction(0), Fraction(rates[0], 100)), SpreadStep(Fraction(edge), Fraction(rates[1], 100)))
    terms = Offering(
        offer_price=price, target_company_net=Fraction(wanted), secondary_shares=secondary, spread_schedule=steps
    )
    found = offering_outcome(terms)
    assert found.proceeds.company_net >= wanted
    before_step = int(edge / price) - secondary
    for fewer in (found.primary_shares - 1, min(found.primary_shares - 1, before_step)):
        if fewer + secondary > 0 and fewer >= 0:
            smaller = offering_outcome(replace(terms, target_company_net=None, primary_shares=fewer))
            assert smaller.proceeds.company_net < wanted


PLAIN: dict[str, Any] = {"offer_price": Fraction(9), "primary_shares": 100}


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("offer_price", Fraction(0), "out_of_range"),
        ("offer_price", Fraction(-9), "out_of_range"),
        ("offer_price", 9.5, "wrong_type"),
        ("offer_price", None, "contradiction"),  # and no range
        ("range_low", Fraction(8), "contradiction"),  # and no range_high
        ("primary_shares", -1, "out_of_range"),
        ("primary_shares", 0, "contradiction"),  # and no secondary ones: nothing is offered
        ("primary_shares", None, "contradiction"),  # and no target
        ("target_company_net", Fraction(5), "contradiction"),  # beside primary_shares
        ("secondary_shares", -1, "out_of_range"),
        ("over_allotment_shares", -1, "out_of_range"),
        ("over_allotment_exercised_share", Fraction(11, 10), "out_of_range"),
        ("over_allotment_sold_by", "nobody", "unknown_name"),
        ("expenses", Fraction(-1), "out_of_range"),
        ("spread_rate", Fraction(1), "out_of_range"),
        ("spread_rate", Fraction(-1, 100), "out_of_range"),
        ("spread_per_share", Fraction(9), "out_of_range"),
        ("management_share", Fraction(9, 10), "contradiction"),
        ("spread_schedule", (SpreadStep(Fraction(5), Fraction(0)),), "contradiction"),
    ],
)
def test_refusals(field: str, value: Any, code: str) -> None:
    with pytest.raises(InputError) as caught:
        Offering(**PLAIN | {field: value})
    assert caught.value.code == code
    assert caught.value.field.startswith("Offering.")


def test_holders_cannot_sell_more_than_there_is() -> None:
    with pytest.raises(InputError) as caught:
        offering_outcome(Offering(**PLAIN, secondary_shares=50, shares_before=49))
    assert (caught.value.code, caught.value.field) == ("contradiction", "Offering.shares_before")
