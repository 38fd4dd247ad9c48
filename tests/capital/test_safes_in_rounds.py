"""SAFEs of every form in a priced round: published examples first, then what is refused, then MFN and fixed shares.

1984 Ventures: github.com/1984vc/cap-table, src/__tests__. Foresight: github.com/foresighthq/cap-table-tool, cached
cells. Entrepreneur First: joinef.com, illustrative cap tables. spillpoint: github.com/spillpoint/spillpoint,
cases/edge-*/DERIVATION.md.
"""

from fractions import Fraction

import pytest

from core.capital.cap_table import fold, fully_diluted, price_round_on, undetermined
from core.capital.conversions import conversion_price
from core.capital.rounds import PricedRoundResult
from core.capital.securities import OptionsGranted, PoolIncreased, PricedRound, SafeIssued
from core.capital.stock_events import OptionsPromised
from core.errors import InputError
from tests.capital.builders import DAY, founder, price_round, safe, series, table_of

MILLION = 1_000_000
# 8M common; a pool of 2M of which 500,000 are granted, as in spillpoint's cases 19 to 21.
TWO_FOUNDERS_AND_POOL = (
    founder(6 * MILLION, "A"),
    founder(2 * MILLION, "B"),
    PoolIncreased(DAY, 2 * MILLION),
    OptionsGranted(DAY, "C", 500_000, Fraction(1, 4)),
)
SERIES_A = series(5 * MILLION, 20 * MILLION, pool="3/20", decimals=None)


def uncapped(amount: int, discount: str = "0", holder: str = "Angel", *, mfn: bool = False) -> SafeIssued:
    return SafeIssued(DAY, holder, Fraction(amount), discount=Fraction(discount), mfn=mfn)


def pre_money(amount: int, cap: int, discount: str = "0", holder: str = "Angel") -> SafeIssued:
    return SafeIssued(DAY, holder, Fraction(amount), Fraction(cap), Fraction(discount), form="pre_money")


def fixed(amount: int, share: str, holder: str = "Accelerator") -> SafeIssued:
    return SafeIssued(DAY, holder, Fraction(amount), fixed_share=Fraction(share))


def exact(result: PricedRoundResult) -> list[Fraction]:
    return [one.exact_shares for one in result.conversions]


def before_the_money(result: PricedRoundResult) -> list[Fraction]:
    return [shares / result.company_capitalization for shares in exact(result)]


def test_C1f_1984_pre_money_safe_is_diluted_by_its_own_money() -> None:
    """1984: $1M at a pre-money cap of $10M on 10M shares: $1, 1,000,000 shares, 1/11 before the round."""
    result = price_round(series(5 * MILLION, 20 * MILLION), 10 * MILLION, safes=[pre_money(MILLION, 10 * MILLION)])
    assert [(one.price, one.shares) for one in result.conversions] == [(1, MILLION)]
    assert before_the_money(result) == [Fraction(1, 11)]


def test_C1h_1984_pre_money_safe_beside_post_money_safes() -> None:
    """1984: 10M shares with the pool, $1M at $10M and at $20M post-money, $1M at $10M pre-money: 0.07727277 (rounded).

    By hand: 1M pre-money shares; (10M + 1M)/(1 - 0.1 - 0.05) shares before the round.
    """
    notes = [safe(MILLION, 10 * MILLION), safe(MILLION, 20 * MILLION), pre_money(MILLION, 10 * MILLION, holder="Pre")]
    result = price_round(series(4 * MILLION, 25 * MILLION), 9_400_000, 600_000, notes)
    assert before_the_money(result)[2] == Fraction(1) / (Fraction(11) / Fraction("0.85"))
    assert round(float(before_the_money(result)[2]), 5) == 0.07727
    events = (founder(9_400_000), PoolIncreased(DAY, 600_000), *notes)
    assert fully_diluted(table_of(*events))["Pre"] == before_the_money(result)[2]


def test_C1g_1984_the_form_says_what_the_cap_is_divided_by() -> None:
    """1984: 10M shares before and 12M with conversions; $8M is $0.8 pre-money, $0.6667 post-money."""
    assert conversion_price(pre_money(MILLION, 8 * MILLION), Fraction(10 * MILLION), Fraction(2))[0] == Fraction("0.8")
    assert conversion_price(safe(MILLION, 8 * MILLION), Fraction(12 * MILLION), Fraction(2))[0] == Fraction(8, 12)
    assert conversion_price(uncapped(MILLION, "1/5"), Fraction(1), Fraction(2)) == (Fraction("1.6"), "discount")


def test_C6_foresight_pre_money_and_post_money_safe() -> None:
    """Foresight: $500k at $5.5M pre, $500k at $8.3M post, $3M at $12M pre on 10M shares.

    $0.55 and 909,090.91 shares; $0.715 and 699,300.70; $1.033735; 2,902,097.90 new of 14,510,489.51;
    of which 6.27 and 4.82 % are the SAFEs'.
    """
    notes = [pre_money(500_000, 5_500_000), safe(500_000, 8_300_000, holder="Post")]
    result = price_round(series(3 * MILLION, 12 * MILLION, decimals=None), 10 * MILLION, safes=notes)
    assert [one.price for one in result.conversions] == [Fraction("0.55"), Fraction("0.715")]
    assert [round(shares, 2) for shares in exact(result)] == [Fraction("909090.91"), Fraction("699300.70")]
    assert round(result.exact_price, 6) == Fraction("1.033735")
    total = result.post_money / result.exact_price
    assert round(3 * MILLION / result.exact_price, 2) == Fraction("2902097.90")
    assert round(total, 2) == Fraction("14510489.51")
    assert [round(100 * shares / total, 2) for shares in exact(result)] == [Fraction("6.27"), Fraction("4.82")]
    assert round(100 * before_the_money(result)[1], 4) == Fraction("6.0241")


@pytest.mark.parametrize(("raised", "percent"), [(500_000, "7.46"), (800_000, "11.94"), (MILLION, "14.93")])
def test_C7_yc_quick_start_one_cap(raised: int, percent: str) -> None:
    """YC user guide, Quick Start: 15 % for $1M is a cap of about $6.7M; $500k, $800k, $1M are ~7.5, ~12, ~15 %."""
    share = fully_diluted(table_of(founder(MILLION), safe(raised, 6_700_000)))["Angel"]
    assert round(100 * share, 2) == Fraction(percent)


def test_C7_yc_quick_start_two_caps() -> None:
    """YC user guide: $500k at $5.5M and $500k at $8.3M are ~9 % + ~6 % = ~15 %."""
    table = table_of(founder(MILLION), safe(500_000, 5_500_000, holder="X"), safe(500_000, 8_300_000, holder="Y"))
    owned = fully_diluted(table)
    assert [round(100 * owned[name], 2) for name in "XY"] == [Fraction("9.09"), Fraction("6.02")]


def test_C9_entrepreneur_first_fixed_share_and_mfn() -> None:
    """EF: $1.25M at $12.5M, EF a fixed 8 %, an MFN; $10M at $40M pre: 10 %, 8 % and 1 % before the money.

    1 % at the adopted cap of $12.5M is $125,000.
    """
    notes = [fixed(80_000, "2/25", "EF"), uncapped(125_000, holder="MFN", mfn=True), safe(1_250_000, 12_500_000)]
    terms = series(10 * MILLION, 40 * MILLION, pool="1/10")
    result = price_round(terms, 9 * MILLION, MILLION, notes)
    assert before_the_money(result) == [Fraction(8, 100), Fraction(1, 100), Fraction(10, 100)]
    assert [one.term for one in result.conversions] == ["fixed", "cap", "cap"]
    assert [one.elected for one in result.conversions] == [None, notes[2], None]
    table = table_of(founder(9 * MILLION), PoolIncreased(DAY, MILLION), *notes)
    owned = fully_diluted(table)
    assert [owned[name] for name in ("EF", "MFN", "Angel")] == before_the_money(result)


def test_1984_fixed_seven_percent_before_the_round() -> None:
    """1984: $125k for a fixed 7 %, alone and then diluted by the money: 7 % x 80 %."""
    result = price_round(series(5 * MILLION, 20 * MILLION), 10 * MILLION, safes=[fixed(125_000, "7/100")])
    assert before_the_money(result) == [Fraction(7, 100)]
    assert exact(result)[0] * result.exact_price / result.post_money == Fraction("0.056")


def test_1984_mfn_takes_the_lowest_later_cap() -> None:
    """1984: an MFN of $375k before $5M at $30M converts as if it had been signed at $30M; round of $10M at $50M."""
    terms = series(10 * MILLION, 50 * MILLION, pool="1/10")
    later = safe(5 * MILLION, 30 * MILLION, holder="Later")
    adopted = price_round(terms, 10 * MILLION, safes=[uncapped(375_000, holder="YC", mfn=True), later])
    written = price_round(terms, 10 * MILLION, safes=[safe(375_000, 30 * MILLION, holder="YC"), later])
    assert exact(adopted) == exact(written)
    assert adopted.exact_price == written.exact_price
    assert adopted.conversions[0].elected == later


def test_1984_mfn_elects_by_the_price_of_the_round() -> None:
    """1984: a $30M cap looks better before a round; at $10M on $10M pre the 20 % discount is, and is taken whole."""
    notes = [
        uncapped(375_000, holder="MFN", mfn=True),
        safe(500_000, 30 * MILLION, holder="Capped"),
        uncapped(500_000, "1/5", "Discounted"),
    ]
    before = table_of(founder(10 * MILLION), *notes)
    assert fully_diluted(before)["MFN"] == Fraction(375_000, 30 * MILLION)
    (mfn, _, _) = price_round(series(10 * MILLION, 10 * MILLION), 10 * MILLION, safes=notes).conversions
    assert (mfn.term, mfn.elected) == ("discount", notes[2])


def test_1984_mfn_never_mixes_two_packages() -> None:
    """1984: an $8M cap and a 30 % discount of two later SAFEs, $5M at $50M: the cap, without the discount."""
    notes = [
        uncapped(375_000, holder="MFN", mfn=True),
        safe(500_000, 8 * MILLION, holder="Low cap"),
        uncapped(500_000, "3/10", "Discounted"),
    ]
    result = price_round(series(5 * MILLION, 50 * MILLION), 10 * MILLION, safes=notes)
    assert (result.conversions[0].term, result.conversions[0].elected) == ("cap", notes[1])
    assert exact(result)[0] == Fraction(375_000, 8 * MILLION) * result.company_capitalization


def test_mfn_keeps_its_own_terms_where_they_are_better_and_earlier_packages_do_not_count() -> None:
    """By hand: a side letter's own $6M cap beats a later $9M; a SAFE signed before it at $5M is not later."""
    own = SafeIssued(DAY, "Side letter", Fraction(600_000), Fraction(6 * MILLION), mfn=True)
    notes = [safe(500_000, 5 * MILLION, holder="Earlier"), own, safe(500_000, 9 * MILLION, holder="Later")]
    result = price_round(series(5 * MILLION, 50 * MILLION), 10 * MILLION, safes=notes)
    assert before_the_money(result)[1] == Fraction(1, 10)
    assert result.conversions[1].elected is None


def test_mfn_with_nothing_to_take_buys_at_the_round_price() -> None:
    table = table_of(founder(10 * MILLION), uncapped(375_000, mfn=True))
    assert undetermined(table) == ("Angel",)
    assert fully_diluted(table) == {"Founder": 1}
    result = price_round_on(table, series(5 * MILLION, 20 * MILLION))
    assert exact(result) == [375_000 / result.exact_price]


def test_spillpoint_15_the_discount_beats_the_cap() -> None:
    """spillpoint 15: $600k at $18M with 20 % off, pool of 12 %: $2.50, $2.00, 300,000 shares, 200,000 new options."""
    table = table_of(
        founder(6 * MILLION),
        PoolIncreased(DAY, 1_500_000),
        OptionsGranted(DAY, "C", 500_000, Fraction(1, 4)),
        safe(600_000, 18 * MILLION, "1/5"),
    )
    result = price_round_on(table, series(5 * MILLION, 20 * MILLION, pool="3/25"))
    assert (result.exact_price, result.pool_increase) == (Fraction("2.5"), 200_000)
    assert [(one.price, one.shares, one.term) for one in result.conversions] == [(2, 300_000, "discount")]


def test_spillpoint_20_a_pre_money_cap_counts_the_pool_with_its_increase() -> None:
    """spillpoint 20: $1M at $8M pre-money, 20 % off: 101/136, 1,346,534 shares; round at 505/306, pool 2,272,277."""
    table = table_of(*TWO_FOUNDERS_AND_POOL, pre_money(MILLION, 8 * MILLION, "1/5"))
    result = price_round_on(table, SERIES_A)
    assert result.exact_price == Fraction(505, 306)
    assert [(one.price, one.shares) for one in result.conversions] == [(Fraction(101, 136), 1_346_534)]
    assert result.new_shares[0].shares == 3_029_702
    assert 1_500_000 + result.pool_increase == 2_272_277


def test_spillpoint_21c_post_money_safe_counts_the_pre_money_safe() -> None:
    """spillpoint 21c: 9M shares, $800k at $8M pre-money, $1M at $10M post: 900,000, 1,100,000, $20/11, 2,750,000."""
    notes = [pre_money(800_000, 8 * MILLION, holder="P"), safe(MILLION, 10 * MILLION, holder="S")]
    result = price_round(series(5 * MILLION, 20 * MILLION, decimals=None), 9 * MILLION, safes=notes)
    assert [one.shares for one in result.conversions] == [900_000, 1_100_000]
    assert result.exact_price == Fraction(20, 11)
    assert result.new_shares[0].shares == 2_750_000


def test_promised_options_count_in_the_company_capitalization_beyond_the_pool_only() -> None:
    """YC: promised options count, the pool's increase only as far as they exceed it. By hand, 10 % of (9M + 1M)/0.9
    with 400,000 of a 1M pool promised, and of (9M + 1.5M)/0.9 with 1.5M promised."""
    company = (founder(9 * MILLION), PoolIncreased(DAY, MILLION), safe(MILLION, 10 * MILLION))
    within = price_round_on(table_of(*company, OptionsPromised(DAY, "Hire", 400_000)), SERIES_A)
    assert exact(within)[0] == Fraction(10 * MILLION, 9)
    beyond = table_of(*company, OptionsPromised(DAY, "Hire", 1_500_000))
    assert exact(price_round_on(beyond, SERIES_A))[0] == Fraction(10_500_000, 9)
    after = fold([*company, OptionsPromised(DAY, "Hire", 1_500_000), SERIES_A])[-1]
    target = Fraction(15, 100) * sum(fully_diluted(after).values())
    assert abs(fully_diluted(after)["unissued pool"] - target) < Fraction(1, MILLION)


def test_the_same_round_on_each_basis_differs_in_who_is_diluted() -> None:
    """By hand: 10M shares, $1M uncapped at 20 % off is worth $1.25M at the price; $5M at $10M pre.

    post-money: (10 - 1.25)/10M; pre-money: 10/10M; dollars invested: (10 + 1 - 1.25)/10M.
    """
    prices = {
        basis: price_round(
            PricedRound(DAY, "A", series(5 * MILLION, MILLION).investments, Fraction(10 * MILLION), basis=basis),
            10 * MILLION,
            safes=[uncapped(MILLION, "1/5")],
        ).exact_price
        for basis in ("post_money", "pre_money", "dollars_invested")
    }
    expected = {"post_money": Fraction("0.875"), "pre_money": Fraction(1), "dollars_invested": Fraction("0.975")}
    assert prices == expected


def test_pool_in_the_post_money_dilutes_the_new_money_too() -> None:
    """C4c, Foresight: 10M shares, $750k at $3M pre, 20 % pool in the post: $0.30, 3,125,000 of 15,625,000, 16.0 %."""
    terms = PricedRound(
        DAY,
        "Seed",
        series(750_000, MILLION).investments,
        Fraction(3 * MILLION),
        Fraction(1, 5),
        pool_in_pre_money=False,
    )
    table = table_of(founder(10 * MILLION), terms)
    assert table.series[0].original_issue_price == Fraction("0.30")
    assert (table.unissued_pool, table.issued_and_granted) == (3_125_000, 12_500_000)
    assert fully_diluted(table)["Series A investor"] == Fraction(16, 100)


@pytest.mark.parametrize(
    ("events", "code", "field"),
    [
        ((uncapped(1, mfn=True), pre_money(1, 9)), "contradiction", "SafeIssued.form"),
        ((fixed(1, "3/5", "X"), safe(4, 10)), "over_100_percent", "SafeIssued.amount"),
        ((uncapped(6, holder="M", mfn=True), safe(4, 10)), "over_100_percent", "SafeIssued.amount"),
    ],
)
def test_safes_that_contradict_each_other_are_refused(events: tuple[SafeIssued, ...], code: str, field: str) -> None:
    with pytest.raises(InputError) as caught:
        fold([founder(1), *events])
    assert (caught.value.code, caught.value.field) == (code, field)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"valuation_cap": Fraction(1), "fixed_share": Fraction(1, 10)}, "SafeIssued.fixed_share"),
        ({"discount": Fraction(1, 5), "fixed_share": Fraction(1, 10)}, "SafeIssued.fixed_share"),
        ({"mfn": True, "fixed_share": Fraction(1, 10)}, "SafeIssued.fixed_share"),
        ({"mfn": True, "form": "pre_money"}, "SafeIssued.mfn"),
    ],
)
def test_a_safe_whose_terms_contradict_each_other_is_refused(fields: dict[str, object], field: str) -> None:
    with pytest.raises(InputError) as caught:
        SafeIssued(DAY, "Angel", Fraction(1), **fields)  # type: ignore[arg-type]
    assert (caught.value.code, caught.value.field) == ("contradiction", field)


def test_a_holder_may_wait_for_the_next_round() -> None:
    waiting = PricedRound(DAY, "Seed", series(1, 1).investments, Fraction(MILLION), waiting=("Angel",))
    table = table_of(founder(MILLION), safe(100_000, 10 * MILLION), waiting)
    assert [one.holder for one in table.safes] == ["Angel"]


def test_only_a_holder_of_something_convertible_waits() -> None:
    waiting = PricedRound(DAY, "Seed", series(1, 1).investments, Fraction(MILLION), waiting=("Nobody",))
    with pytest.raises(InputError) as caught:
        table_of(founder(MILLION), safe(100_000, 10 * MILLION), waiting)
    assert (caught.value.code, caught.value.field) == ("unknown_name", "PricedRound.waiting")
