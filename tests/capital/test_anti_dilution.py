"""Down rounds: anti-dilution, pay-to-play and what SAFEs and notes do to both, against published derivations.

spillpoint: github.com/spillpoint/spillpoint, cases/*/DERIVATION.md, where each case states its exact fractions.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from core.capital.anti_dilution import Adjustment
from core.capital.cap_table import CapTable, fold, fully_diluted, price_round_on
from core.capital.notes import NoteIssued
from core.capital.securities import (
    Event,
    Holding,
    Investment,
    OptionsGranted,
    PoolIncreased,
    PricedRound,
    SafeIssued,
    SharesIssued,
)
from core.capital.terms import AntiDilution, PayToPlay, ProRata
from core.errors import InputError

MILLION = 1_000_000
FOUNDED, SEED, BRIDGE, CLOSING = date(2022, 1, 10), date(2022, 6, 30), date(2023, 6, 30), date(2024, 6, 30)
BROAD = AntiDilution("weighted_average")
# spillpoint 14a: 6M common, 500,000 options, a pool topped up to 1.5M by a Series A of $5M at $2.50.
COMPANY = (
    SharesIssued(FOUNDED, "A", 4_500_000),
    SharesIssued(FOUNDED, "B", 1_500_000),
    PoolIncreased(FOUNDED, 1_500_000),
    OptionsGranted(FOUNDED, "C", 500_000, Fraction(1, 4)),
)


def closing(on: date, name: str, cheques: dict[str, int], pre_money: int, pool: str = "0") -> PricedRound:
    investments = tuple(Investment(holder, Fraction(amount)) for holder, amount in cheques.items())
    return PricedRound(on, name, investments, Fraction(pre_money), Fraction(pool), price_step=None)


def series_a(protection: AntiDilution | None, cheques: dict[str, int] | None = None) -> PricedRound:
    terms = closing(SEED, "Series A", cheques or {"X": 5 * MILLION}, 20 * MILLION, "3/20")
    return replace(terms, anti_dilution=protection)


def seeded(protection: AntiDilution, *later: Event) -> CapTable:
    """spillpoint 16g: 8M common, 2M Seed at $1.00."""
    seed = replace(closing(SEED, "Seed", {"X": 2 * MILLION}, 8 * MILLION), anti_dilution=protection)
    return fold([SharesIssued(FOUNDED, "A", 6 * MILLION), SharesIssued(FOUNDED, "B", 2 * MILLION), seed, *later])[-1]


DOWN_ROUND = closing(CLOSING, "Series B", {"Y": 3 * MILLION}, 12 * MILLION)


@pytest.mark.parametrize(
    ("protection", "price", "bought", "converts_into"),
    [
        (BROAD, Fraction(552, 473), 2_570_652, "2282608.68"),  # 16a
        (AntiDilution("weighted_average", "preferred"), Fraction(81, 74), 2_740_740, "2962962.80"),  # 16b
        (AntiDilution("weighted_average", "own_series"), Fraction(81, 74), 2_740_740, "2962962.80"),  # 16b: the same
        (AntiDilution("full_ratchet"), Fraction(7, 8), 3_428_571, "5714285.71"),  # 16c
        (AntiDilution("weighted_average", "outstanding_and_pool"), Fraction(321, 274), 2_560_747, "2242990.60"),  # 16e
        (replace(BROAD, price_step=Fraction(1, 10_000)), Fraction(552, 473), 2_570_652, "2282583.88"),  # 16f
    ],
)
def test_spillpoint_16_one_down_round_under_each_protection(
    protection: AntiDilution, price: Fraction, bought: int, converts_into: str
) -> None:
    """spillpoint 16a-16f: $3M at $12M pre after 2M Series A at $2.50; the lead owns 20 % under each of them."""
    events = (*COMPANY, series_a(protection))
    result = price_round_on(fold(events)[-1], DOWN_ROUND)
    assert (result.exact_price, result.new_shares[0].shares) == (price, bought)
    (adjustment,) = result.adjustments
    assert adjustment.before == Fraction("2.5")
    assert round(2 * MILLION * Fraction("2.5") / adjustment.after, 2) == Fraction(converts_into)
    table = fold([*events, DOWN_ROUND])[-1]
    assert table.by_name["Series A"].as_converted(2 * MILLION) == int(Fraction(converts_into))
    assert table.by_name["Series A"].preference == 5 * MILLION
    assert round(100 * fully_diluted(table)["Y"], 2) == 20


def test_spillpoint_16d_adjustment_outside_the_price_dilutes_the_new_money_too() -> None:
    """spillpoint 16d: $1.20, 2,500,000; CP2 $97/44; 2,268,041 as converted; the lead has 19.58 %."""
    terms = replace(DOWN_ROUND, adjustment_in_price=False)
    table = fold([*COMPANY, series_a(BROAD), terms])[-1]
    assert table.by_name["Series A"].conversion_price == Fraction(97, 44)
    assert table.by_name["Series B"].original_issue_price == Fraction("1.2")
    assert round(100 * fully_diluted(table)["Y"], 2) == Fraction("19.58")


def test_an_up_round_adjusts_nothing() -> None:
    up = closing(CLOSING, "Series B", {"Y": 3 * MILLION}, 30 * MILLION)
    for protection in (BROAD, AntiDilution("full_ratchet")):
        table = fold([*COMPANY, series_a(protection), up])[-1]
        assert table.by_name["Series A"].conversion_price is None
        assert table.by_name["Series B"].original_issue_price == 3


def test_a_round_at_the_conversion_price_adjusts_nothing() -> None:
    level = closing(CLOSING, "Series B", {"Y": 3 * MILLION}, 25 * MILLION)
    assert price_round_on(fold([*COMPANY, series_a(AntiDilution("full_ratchet"))])[-1], level).adjustments == ()


BRIDGE_SAFE = SafeIssued(BRIDGE, "S", Fraction(MILLION), Fraction(6 * MILLION))
SMALL_ROUND = closing(CLOSING, "Series A", {"Y": 2 * MILLION}, 8 * MILLION)


def test_spillpoint_16g_a_bridge_safe_is_an_issue_of_the_round() -> None:
    """spillpoint 16g: SAFE at $0.50 into 2M; $50/77 and 3,080,000; CP2 $25/29; X has 2,320,000 as converted."""
    result = price_round_on(seeded(BROAD, BRIDGE_SAFE), SMALL_ROUND)
    assert (result.exact_price, result.new_shares[0].shares) == (Fraction(50, 77), 3_080_000)
    assert result.conversions[0].shares == 2 * MILLION
    assert result.adjustments == (Adjustment("Seed", Fraction(1), Fraction(25, 29)),)


def test_spillpoint_16h_an_exempt_conversion_is_outstanding_instead() -> None:
    """spillpoint 16h: $27/41, 3,037,037; CP2 $0.931034."""
    result = price_round_on(seeded(replace(BROAD, conversions="exempt"), BRIDGE_SAFE), SMALL_ROUND)
    assert (result.exact_price, result.new_shares[0].shares) == (Fraction(27, 41), 3_037_037)
    assert round(result.adjustments[0].after, 6) == Fraction("0.931034")


def test_spillpoint_16i_a_discounted_note_adjusts_in_an_up_round() -> None:
    """spillpoint 16i: $500k at 6 % and 20 % off; round at $1.132568, note at $0.906054; CP2 $0.994808."""
    note = NoteIssued(date(2023, 7, 1), "N", Fraction(500_000), Fraction(6, 100), discount=Fraction(1, 5))
    up = closing(CLOSING, "Series A", {"Y": 3 * MILLION}, 12 * MILLION)
    result = price_round_on(seeded(BROAD, note), up)
    assert round(result.exact_price, 6) == Fraction("1.132568")
    assert [one.shares for one in (*result.conversions, *result.new_shares)] == [584_953, 2_648_847]
    assert round(result.adjustments[0].after, 6) == Fraction("0.994808")


def test_spillpoint_16j_what_was_there_before_the_series_does_not_count_against_it() -> None:
    """spillpoint 16j: a note and a SAFE from before the Seed wait through it; $2820/4499, 3,190,780; CP2 $0.924590."""
    old = (
        NoteIssued(
            date(2022, 1, 15), "N", Fraction(400_000), Fraction(5, 100), "simple", "actual/365", Fraction(4 * MILLION)
        ),
        SafeIssued(date(2022, 3, 1), "S", Fraction(600_000), Fraction(4 * MILLION), Fraction(1, 5), "pre_money"),
    )
    seed = replace(closing(SEED, "Seed", {"X": 2 * MILLION}, 8 * MILLION), anti_dilution=BROAD, waiting=("N", "S"))
    table = fold([SharesIssued(FOUNDED, "A", 8 * MILLION), *old, seed])[-1]
    down = closing(date(2024, 1, 15), "Series A", {"Y": 2 * MILLION}, 8 * MILLION)
    result = price_round_on(table, down)
    assert [one.shares for one in result.conversions] == [1_500_000, 1_100_000]
    assert (result.exact_price, result.new_shares[0].shares) == (Fraction(2820, 4499), 3_190_780)
    assert round(result.adjustments[0].after, 6) == Fraction("0.924590")


def test_a_price_that_is_no_fraction_is_refused_with_the_way_out() -> None:
    """spillpoint 16h, end: exempt and at its discount, the SAFE's shares in A make the price a quadratic's root."""
    discounted = SafeIssued(BRIDGE, "S", Fraction(MILLION), discount=Fraction(1, 5))
    table = seeded(replace(BROAD, conversions="exempt"), discounted)
    with pytest.raises(InputError) as caught:
        price_round_on(table, SMALL_ROUND)
    assert (caught.value.code, caught.value.expected) == ("contradiction", "adjustment_in_price = False")
    assert price_round_on(table, replace(SMALL_ROUND, adjustment_in_price=False)).adjustments


def test_a_ratchet_follows_the_cheapest_piece() -> None:
    """By hand, 16g under a ratchet: the SAFE's $0.50 is below any price of the round, so 2M Seed become 4M."""
    result = price_round_on(seeded(AntiDilution("full_ratchet"), BRIDGE_SAFE), SMALL_ROUND)
    assert result.adjustments == (Adjustment("Seed", Fraction(1), Fraction(1, 2)),)
    assert result.exact_price * (8 + 4 + 2) * MILLION == 8 * MILLION


TWO_INVESTORS = {"X": 3 * MILLION, "W": 2 * MILLION}
PAYING = closing(CLOSING, "Series B", {"X": 600_000, "Y": 2_400_000}, 12 * MILLION)
TEN_TO_ONE = PayToPlay(Fraction(MILLION), (("Series A", Fraction(1, 10)),))


def down_round(terms: PricedRound, protection: AntiDilution | None, rule: PayToPlay, *later: Event) -> CapTable:
    events = (*COMPANY, series_a(protection, TWO_INVESTORS), *later, replace(terms, pay_to_play=rule))
    return fold(events)[-1]


def founders(table: CapTable) -> Fraction:
    owned = fully_diluted(table)
    return round(100 * (owned["A"] + owned["B"]), 2)


def test_spillpoint_17a_pay_to_play_priced_after_the_conversion() -> None:
    """spillpoint 17a: W's 800,000 become 80,000; $75/58; 464,000 and 1,856,000; founders 51.72 %."""
    table = down_round(PAYING, None, TEN_TO_ONE)
    assert table.by_name["Series B"].original_issue_price == Fraction(75, 58)
    assert {Holding("X", "Series B", 464_000), Holding("W", "common", 80_000)} < set(table.holdings)
    assert (table.by_name["Series A"].preference, founders(table)) == (3 * MILLION, Fraction("51.72"))


def test_spillpoint_17b_pay_to_play_priced_before_the_conversion() -> None:
    """spillpoint 17b, in 17a's comparison: $1.20, 500,000 and 2,000,000; 11,780,000 in all; founders 50.93 %."""
    table = down_round(PAYING, None, replace(TEN_TO_ONE, priced_before=True))
    assert table.by_name["Series B"].original_issue_price == Fraction("1.2")
    assert table.issued_and_granted + table.unissued_pool == 11_780_000
    assert founders(table) == Fraction("50.93")


@pytest.mark.parametrize(
    ("partly_paid", "price", "kept", "common", "bought"),
    [
        ("all_converts", Fraction(75, 58), 0, 80_000, 154_666),  # 17c
        ("unpaid_part_converts", Fraction(300, 241), 400_000, 40_000, 160_666),  # 17d
    ],
)
def test_spillpoint_17c_and_17d_half_of_the_part_is_bought(
    partly_paid: str, price: Fraction, kept: int, common: int, bought: int
) -> None:
    """spillpoint 17c, 17d: W pays $200,000 of its $400,000."""
    terms = closing(CLOSING, "Series B", {"X": 600_000, "W": 200_000, "Y": 2_200_000}, 12 * MILLION)
    table = down_round(terms, None, replace(TEN_TO_ONE, partly_paid=partly_paid))  # type: ignore[arg-type]
    held = {(one.holder, one.security): one.shares for one in table.holdings}
    assert table.by_name["Series B"].original_issue_price == price
    assert held.get(("W", "Series A"), 0) == kept
    assert (held["W", "common"], held["W", "Series B"]) == (common, bought)
    assert table.by_name["Series A"].preference == 3 * MILLION + Fraction(5, 2) * kept


@pytest.mark.parametrize(
    ("priced_before", "price", "bought", "converts_into", "founders_have"),
    [
        (False, Fraction(2325, 1828), [471_741, 1_886_967], "1354838.61", "50.88"),  # 17e
        (True, Fraction(2604, 2209), [508_986, 2_035_944], "1379723.45", "49.98"),  # 17f
    ],
)
def test_C14_spillpoint_17e_and_17f_pay_to_play_then_anti_dilution(
    priced_before: bool, price: Fraction, bought: list[int], converts_into: str, founders_have: str
) -> None:
    """spillpoint 17e, 17f: A is 7,780,000 after the conversion; W gets no adjustment; founders 50.88 or 49.98 %."""
    table = down_round(PAYING, BROAD, replace(TEN_TO_ONE, priced_before=priced_before))
    held = {(one.holder, one.security): one.shares for one in table.holdings}
    assert table.by_name["Series B"].original_issue_price == price
    assert [held["X", "Series B"], held["Y", "Series B"]] == bought
    assert held["W", "common"] == 80_000
    assert round(1_200_000 * table.by_name["Series A"].conversion_ratio, 2) == Fraction(converts_into)
    assert founders(table) == Fraction(founders_have)


@pytest.mark.parametrize(
    ("partly_paid", "price", "kept", "common", "total"),
    [
        ("all_converts", Fraction(90, 73), 0, 300_000, 9_733_332),  # 17g
        ("unpaid_part_converts", Fraction(180, 163), 500_000, 150_000, 10_866_666),  # 17h
    ],
)
def test_spillpoint_17g_and_17h_two_series_are_one_requirement(
    partly_paid: str, price: Fraction, kept: int, common: int, total: int
) -> None:
    """spillpoint 17g, 17h: X pays half for 1M Seed (five to one) and 1M Series A (ten to one)."""
    rule = PayToPlay(Fraction(1_200_000), (("Seed", Fraction(1, 5)), ("Series A", Fraction(1, 10))), partly_paid)  # type: ignore[arg-type]
    cheques = {"X": 400_000, "V": 200_000, "W": 200_000, "Y": 2_200_000}
    table = fold(
        [
            SharesIssued(FOUNDED, "A", 6 * MILLION),
            closing(SEED, "Seed", {"X": MILLION, "V": 500_000}, 6 * MILLION),
            closing(BRIDGE, "Series A", {"X": 2 * MILLION, "W": MILLION}, 15 * MILLION),
            replace(closing(CLOSING, "Series B", cheques, 9 * MILLION), pay_to_play=rule),
        ]
    )[-1]
    held = {(one.holder, one.security): one.shares for one in table.holdings}
    assert table.by_name["Series B"].original_issue_price == price
    assert [held.get(("X", name), 0) for name in ("Seed", "Series A", "common")] == [kept, kept, common]
    assert table.issued_and_granted == total


def test_spillpoint_17i_conversions_count_the_shares_that_the_round_is_priced_on() -> None:
    """spillpoint 17i: note 723,450, SAFE 1,293,716 of 12,937,166.67; $0.927560; 646,858 and 2,587,433."""
    bridge = date(2024, 6, 30)
    table = fold(
        [
            SharesIssued(FOUNDED, "A", 9 * MILLION),
            closing(date(2023, 1, 1), "Series A", {"X": 1_800_000, "W": 1_200_000}, 9 * MILLION),
            SafeIssued(bridge, "S", Fraction(MILLION), Fraction(10 * MILLION)),
            NoteIssued(
                bridge,
                "N",
                Fraction(500_000),
                Fraction(6, 100),
                valuation_cap=Fraction(8 * MILLION),
                discount=Fraction(1, 5),
            ),
        ]
    )[-1]
    terms = closing(date(2025, 6, 30), "Series B", {"X": 600_000, "Y": 2_400_000}, 12 * MILLION)
    result = price_round_on(table, replace(terms, pay_to_play=TEN_TO_ONE))
    assert [one.shares for one in (*result.conversions, *result.new_shares)] == [1_293_716, 723_450, 646_858, 2_587_433]
    assert round(result.exact_price, 6) == Fraction("0.927560")


def test_spillpoint_17j_pay_to_play_anti_dilution_and_a_bridge_safe() -> None:
    """spillpoint 17j: SAFE 2,320,000 at $25/58; $13620/13709; 603,920, 2,415,682; CP2 $1.787402; 39.74 %."""
    bridge = SafeIssued(BRIDGE, "S", Fraction(MILLION), Fraction(5 * MILLION))
    table = down_round(PAYING, BROAD, TEN_TO_ONE, bridge)
    held = {(one.holder, one.security): one.shares for one in table.holdings}
    assert table.by_name["Series B"].original_issue_price == Fraction(13_620, 13_709)
    assert (held["S", "Series B-S1"], held["X", "Series B"], held["Y", "Series B"]) == (2_320_000, 603_920, 2_415_682)
    assert round(table.by_name["Series A"].conversion_price or 0, 6) == Fraction("1.787402")
    assert founders(table) == Fraction("39.74")


def test_pay_to_play_on_an_unknown_series_is_refused() -> None:
    rule = PayToPlay(Fraction(1), (("Series Z", Fraction(1, 10)),))
    with pytest.raises(InputError) as caught:
        down_round(PAYING, None, rule)
    assert (caught.value.code, caught.value.field) == ("unknown_name", "PayToPlay.common_per_share")


def test_pay_to_play_beside_pro_rata_rights_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        replace(PAYING, pay_to_play=TEN_TO_ONE, pro_rata=(ProRata("X"),))
    assert (caught.value.code, caught.value.field) == ("contradiction", "PricedRound.pro_rata")


@pytest.mark.parametrize(
    ("make", "code", "field"),
    [
        (lambda: AntiDilution("narrow"), "unknown_name", "AntiDilution.protection"),  # type: ignore[arg-type]
        (lambda: AntiDilution("full_ratchet", "all"), "unknown_name", "AntiDilution.counted"),  # type: ignore[arg-type]
        (lambda: replace(BROAD, price_step=Fraction(0)), "out_of_range", "AntiDilution.price_step"),
        (lambda: replace(TEN_TO_ONE, offered=Fraction(0)), "out_of_range", "PayToPlay.offered"),
        (lambda: replace(TEN_TO_ONE, common_per_share=()), "duplicate_name", "PayToPlay.common_per_share"),
        (lambda: replace(TEN_TO_ONE, common_per_share=(("A", 0.1),)), "wrong_type", "PayToPlay.common_per_share"),  # type: ignore[arg-type]
        (lambda: replace(DOWN_ROUND, anti_dilution="ratchet"), "wrong_type", "PricedRound.anti_dilution"),  # type: ignore[arg-type]
        (lambda: replace(DOWN_ROUND, participation="capped"), "contradiction", "PricedRound.participation_cap"),
        (lambda: replace(DOWN_ROUND, dividends="simple"), "contradiction", "PricedRound.dividend_rate"),
        (lambda: replace(DOWN_ROUND, basis="market"), "unknown_name", "PricedRound.basis"),  # type: ignore[arg-type]
    ],
)
def test_terms_that_cannot_be_are_refused(make: Callable[[], object], code: str, field: str) -> None:
    with pytest.raises(InputError) as caught:
        make()
    assert (caught.value.code, caught.value.field) == (code, field)
