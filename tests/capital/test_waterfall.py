"""Sales: published examples, hand-worked games of conversion, and the laws that hold for every company.

In the laws a second, plain statement of the waterfall (`paid_if`) judges the choices; it shares no code with core.
"""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.capital.cap_table import EMPTY, CapTable, fold
from core.capital.securities import Event, OptionsGranted, PoolIncreased
from core.capital.waterfall import Payout, rounded_to_cents, sale
from core.errors import InputError
from tests.capital.builders import DAY, companies, founder, safe, series, table_of

MILLION = 1_000_000


def millions(payout: Payout) -> dict[str, Fraction]:
    return {name: amount / MILLION for name, amount in payout.by_holder.items()}


@pytest.mark.parametrize(("multiple", "investor", "founders"), [("0", "0.5", "1.5"), ("1", "1", "1")])
def test_C16_lobicomics_a_quarter_for_1M_sold_at_2M(multiple: str, investor: str, founders: str) -> None:
    """lobicomics.blogg.se: $1M for 25 %, sold for $2M. No preference: 0.5/1.5; 1x non-participating: 1.0/1.0."""
    table = table_of(founder(3 * MILLION), series(MILLION, 3 * MILLION, multiple=multiple))
    payout = sale(table, Fraction(2 * MILLION))
    assert millions(payout) == {"Founder": Fraction(founders), "Series A investor": Fraction(investor)}
    assert payout.converted == (("Series A",) if multiple == "0" else ())


def test_C16_with_participation_up_to_twice_the_money() -> None:
    """The same source: 1x participating, capped at 2x, which does not bind: 1.25/0.75."""
    terms = replace(series(MILLION, 3 * MILLION), participation="capped", participation_cap=Fraction(2))
    payout = sale(table_of(founder(3 * MILLION), terms), Fraction(2 * MILLION))
    assert millions(payout) == {"Founder": Fraction("0.75"), "Series A investor": Fraction("1.25")}


def test_C17_supernova_twice_the_money_then_a_fifth_of_the_rest() -> None:
    """thesupernova.xyz: $10M at $40M pre, 2x participating, sold at $50M: 26/24; 1x non-participating: 10/40."""
    terms = series(10 * MILLION, 40 * MILLION, multiple="2")
    twice = table_of(founder(8 * MILLION), replace(terms, participation="full"))
    assert millions(sale(twice, Fraction(50 * MILLION))) == {"Founder": 24, "Series A investor": 26}
    plain = table_of(founder(8 * MILLION), series(10 * MILLION, 40 * MILLION))
    assert millions(sale(plain, Fraction(50 * MILLION))) == {"Founder": 40, "Series A investor": 10}


def test_venture_deals_60_percent_for_50M_sold_at_100M() -> None:
    """Feld and Mendelson, Venture Deals, ch. 4: 1x non-participating 60/40, participating 80/20."""
    terms = series(50 * MILLION, Fraction(100 * MILLION, 3), multiple="1", decimals=None)
    for participation, investors in (("none", 60), ("full", 80)):
        table = table_of(founder(4 * MILLION), replace(terms, participation=participation))
        paid = sale(table, Fraction(100 * MILLION)).by_class
        assert round(paid["Series A"] / MILLION, 6) == investors


def test_C15_liqpref_pari_passu_shortfall() -> None:
    """github.com/Ceesaxp/liqpref-waterfall-py: preferences 20, 7.5, 6.25; 20 available: 11.85 / 4.44 / 3.70."""
    table = table_of(
        founder(10 * MILLION),
        series(20 * MILLION, 100 * MILLION, "A"),
        series(7_500_000, 100 * MILLION, "B"),
        series(6_250_000, 100 * MILLION, "C"),
    )
    paid = sale(table, Fraction(20 * MILLION)).by_class
    assert [round(paid[name] / MILLION, 2) for name in "ABC"] == [Fraction(n) for n in ("11.85", "4.44", "3.70")]
    assert paid["common"] == 0


def test_senior_series_is_paid_first() -> None:
    """By hand: 12 for a senior 10 and a junior 5 leaves the junior 2."""
    table = table_of(
        founder(10 * MILLION),
        series(5 * MILLION, 20 * MILLION, "A"),
        series(10 * MILLION, 40 * MILLION, "B", seniority=1),
    )
    paid = sale(table, Fraction(12 * MILLION)).by_class
    assert (paid["B"], paid["A"], paid["common"]) == (10 * MILLION, 2 * MILLION, 0)


TWO_SERIES = (
    founder(6 * MILLION),
    series(MILLION, 3 * MILLION, "A"),  # $0.50 a share
    series(4 * MILLION, 16 * MILLION, "B"),  # $2.00 a share
)


@pytest.mark.parametrize(
    ("proceeds", "common", "a", "b", "converted"),
    [
        (4, "0", "0.8", "3.2", ()),  # both short, pari passu 1 : 4
        (8, "3", "1", "4", ()),  # common at $0.50: A is indifferent and keeps its preference
        (9, "3.75", "1.25", "4", ("A",)),  # (9 - 4)/8M = $0.625
        (20, "12", "4", "4", ("A",)),  # (20 - 4)/8M = $2.00: B is indifferent
        (25, "15", "5", "5", ("A", "B")),  # 25/10M = $2.50
    ],
)
def test_series_convert_in_the_order_of_their_price(
    proceeds: int, common: str, a: str, b: str, converted: tuple[str, ...]
) -> None:
    """By hand: 6M common, A 2M shares at $0.50, B 2M shares at $2.00, all 1x and pari passu."""
    payout = sale(table_of(*TWO_SERIES), Fraction(proceeds * MILLION))
    paid = {name: amount / MILLION for name, amount in payout.by_class.items()}
    assert paid == {"common": Fraction(common), "A": Fraction(a), "B": Fraction(b)}
    assert payout.converted == converted


def test_safe_series_gets_its_own_money_back_and_not_the_round_price() -> None:
    """By hand: 1,111,111 shares of a $0.90 SAFE beside $1.80 stock; sold for $6M, preferences of $1M and $5M."""
    table = table_of(founder(10 * MILLION), safe(MILLION, 10 * MILLION), series(5 * MILLION, 20 * MILLION))
    assert sale(table, Fraction(6 * MILLION)).by_class == {
        "common": 0,
        "Series A-S1": MILLION,
        "Series A": 5 * MILLION,
    }


def test_granted_options_take_part_and_the_unissued_pool_vanishes() -> None:
    table = table_of(founder(900), PoolIncreased(DAY, 1100), OptionsGranted(DAY, "Engineer", 100))
    payout = sale(table, Fraction(5000))
    assert payout.by_holder == {"Founder": 4500, "Engineer": 500}
    assert payout.by_class == {"common": 4500, "options": 500}
    assert payout.common_price == 5


TWO_SAFES = (
    founder(6 * MILLION, "A"),
    founder(3 * MILLION, "B"),
    safe(MILLION, 10 * MILLION, holder="X"),
    safe(500_000, 4 * MILLION, holder="Y"),
)


@pytest.mark.parametrize(
    ("proceeds", "a", "b", "x", "y"),
    [
        ("1", "0", "0", "2/3", "1/3"),  # cash pro rata to the amounts
        ("1.5", "0", "0", "1", "0.5"),
        ("3", "1", "0.5", "1", "0.5"),
        ("5", "7/3", "7/6", "1", "0.5"),  # Y indifferent: (5 - 1)/8
        ("9", "14/3", "7/3", "1", "1"),  # Y converts: (9 - 1)/8
        ("10", "5.25", "2.625", "1", "1.125"),  # X indifferent: 10/10 if it converted
        ("20", "31/3", "31/6", "2", "2.5"),  # both: 1/10 and 1/8 of everything
    ],
)
def test_two_safes_outstanding_at_the_sale(proceeds: str, a: str, b: str, x: str, y: str) -> None:
    """Edge case 12f of a published set of waterfall derivations, here without its options (under water in that range).

    SAFEs of $1M at $10M and $0.5M at $4M beside 9M common. The first three rows are as published; the others are
    by hand: Y owns 1/8 and X 1/10 of what the cash-outs leave.
    """
    payout = sale(table_of(*TWO_SAFES), Fraction(proceeds) * MILLION)
    assert millions(payout) == {"A": Fraction(a), "B": Fraction(b), "X": Fraction(x), "Y": Fraction(y)}
    assert payout.unsettled == ()


def test_a_safe_gains_when_another_converts() -> None:
    """Edge case 12f: the payouts jump where X converts. By hand Y goes from 9/8 to 10/8 of a million."""
    at = sale(table_of(*TWO_SAFES), Fraction(10 * MILLION))
    above = sale(table_of(*TWO_SAFES), Fraction(10 * MILLION) + Fraction(1, 100))
    assert (at.converted, above.converted) == (("SAFE 2",), ("SAFE 1", "SAFE 2"))
    assert 124_999 < above.by_class["SAFE 2"] - at.by_class["SAFE 2"] < 125_001


def test_of_two_stable_outcomes_the_one_with_fewer_conversions_is_taken() -> None:
    """By hand: two SAFEs of $1M at $10M, sold for $10.5M. One alone would get 9.5/10 < 1, both together 10.5/10 > 1."""
    notes = [safe(MILLION, 10 * MILLION, holder=name) for name in ("X", "Y")]
    assert sale(table_of(founder(1), *notes), Fraction(10_500_000)).converted == ()
    assert sale(table_of(founder(1), *notes), Fraction(11_000_001)).converted == ("SAFE 1", "SAFE 2")


def test_safe_takes_cash_beside_the_most_junior_series() -> None:
    """YC SAFE 1(d)(ii), on par with preferred: B first with 4; then A's 4 and the SAFE's 1 share the other 2.5."""
    table = table_of(
        founder(8 * MILLION),
        series(4 * MILLION, 16 * MILLION, "A"),
        series(4 * MILLION, 40 * MILLION, "B", seniority=1),
        safe(MILLION, 90 * MILLION),
    )
    paid = sale(table, Fraction(6_500_000)).by_class
    assert (paid["B"], paid["A"], paid["SAFE 1"]) == (4 * MILLION, 2 * MILLION, 500_000)


def test_no_stable_outcome_is_said_and_nobody_regrets_a_conversion() -> None:
    """By hand: 8.4M common, A of 2.5M shares at $1, a SAFE of $1M at $10M, sold for $12M (in millions):

    A    SAFE    A gets                    SAFE gets
    keeps  cash    2.5                     1
    takes  cash    11 x 2.5/10.9 = 2.523   1                       A prefers this to 2.5
    takes  takes   10.8 x 2.5/10.9 = 2.477 1.2                     the SAFE prefers this to 1
    keeps  takes   2.5                     (12 - 2.5)/10 = 0.95    A prefers this to 2.477; then the SAFE takes cash
    """
    table = table_of(founder(8_400_000), series(2_500_000, 8_400_000, "A"), safe(MILLION, 10 * MILLION))
    payout = sale(table, Fraction(12 * MILLION))
    assert payout.by_class == {"common": 8_500_000, "A": 2_500_000, "SAFE 1": MILLION}
    assert (payout.converted, payout.unsettled) == ((), ("A",))


def test_debt_and_costs_come_first() -> None:
    payout = sale(table_of(founder(10)), Fraction(10), debt=Fraction(4), costs=Fraction(1))
    assert (payout.distributed, payout.shortfall, payout.by_holder) == (5, 0, {"Founder": 5})


def test_what_debt_swallows_leaves_nothing_and_a_shortfall() -> None:
    payout = sale(table_of(*TWO_SERIES), Fraction(10), debt=Fraction(9), costs=Fraction(3))
    assert (payout.distributed, payout.shortfall) == (0, 2)
    assert set(payout.by_holder.values()) == {0}


def test_cents_go_to_the_largest_remainders() -> None:
    """By hand: 3.34 + 3.33 + 3.33 for thirds of $10; 66.67 + 33.33 for 2/3 and 1/3 of $100."""
    third = Fraction(10, 3)
    assert rounded_to_cents({"a": third, "b": third, "c": third}) == {"a": 334, "b": 333, "c": 333}
    assert rounded_to_cents({"a": Fraction(200, 3), "b": Fraction(100, 3)}) == {"a": 6667, "b": 3333}
    assert rounded_to_cents({}) == {}


@pytest.mark.parametrize(
    ("proceeds", "debt", "code", "field"),
    [
        (-1, 0, "out_of_range", "proceeds"),
        (1, -1, "out_of_range", "debt"),
        (1.5, 0, "wrong_type", "proceeds"),
        (float("nan"), 0, "wrong_type", "proceeds"),
    ],
)
def test_money_that_cannot_be_is_refused(proceeds: Fraction, debt: Fraction, code: str, field: str) -> None:
    with pytest.raises(InputError) as caught:
        sale(table_of(founder(1)), proceeds, debt)
    assert (caught.value.code, caught.value.field) == (code, field)


def test_a_company_without_shares_cannot_be_sold() -> None:
    with pytest.raises(InputError) as caught:
        sale(EMPTY, Fraction(1))
    assert caught.value.code == "missing"


PROCEEDS = st.one_of(st.integers(0, 50 * MILLION), st.integers(0, 500 * MILLION)).map(Fraction)


def paid_if(table: CapTable, money: Fraction, converted: frozenset[str]) -> dict[str, Fraction]:
    """What each series and SAFE would get, were these the ones to convert."""
    safes = {f"SAFE {number}": note for number, note in enumerate(table.safes, start=1)}
    junior = min((one.seniority for one in table.series), default=0)
    asks = [(one.seniority, one.name, one.liquidation_multiple * one.invested) for one in table.series]
    asks += [(junior, name, note.amount) for name, note in safes.items()]
    asks = [ask for ask in asks if ask[1] not in converted]
    paid = {name: Fraction(0) for _, name, _ in asks}
    for rank in (2, 1, 0):
        due = sum(amount for seniority, _, amount in asks if seniority == rank)
        for seniority, name, amount in asks:
            if seniority == rank and due:
                paid[name] = amount if money >= due else money * amount / due
        money = max(Fraction(0), money - due)
    counts = {one.name: 0 for one in table.series}
    common = 0
    for holding in table.holdings:
        if holding.security in counts:
            counts[holding.security] += holding.shares
        else:
            common += holding.shares
    stock = common + sum(count for name, count in counts.items() if name in converted)
    safes_own = sum(note.amount / note.valuation_cap for name, note in safes.items() if name in converted)
    for name in converted:
        if name in safes:
            paid[name] = money * safes[name].amount / safes[name].valuation_cap
        else:
            paid[name] = money * (1 - safes_own) * counts[name] / stock
    return paid


@given(companies(), PROCEEDS)
def test_payouts_sum_exactly_to_what_is_distributed(events: tuple[Event, ...], proceeds: Fraction) -> None:
    payout = sale(fold(events)[-1], proceeds, costs=Fraction(10_000))
    assert sum(payout.by_holder.values()) == sum(payout.by_class.values()) == payout.distributed
    assert payout.distributed - payout.shortfall == proceeds - 10_000
    assert sum(rounded_to_cents(payout.by_holder).values()) == payout.distributed * 100
    assert min(payout.by_holder.values()) >= 0


@given(companies(safes_left=False), PROCEEDS, st.integers(1, 20 * MILLION))
def test_nobody_gets_less_from_a_higher_price_where_no_safe_is_outstanding(
    events: tuple[Event, ...], proceeds: Fraction, more: int
) -> None:
    table = fold(events)[-1]
    low, high = sale(table, proceeds), sale(table, proceeds + more)
    assert all(high.by_holder[name] >= low.by_holder[name] for name in low.by_holder)
    assert set(low.converted) <= set(high.converted)


@given(companies(), PROCEEDS)
def test_no_class_gains_by_switching_alone(events: tuple[Event, ...], proceeds: Fraction) -> None:
    table = fold(events)[-1]
    payout = sale(table, proceeds)
    converted = frozenset(payout.converted)
    paid = paid_if(table, proceeds, converted)
    assert paid == {name: payout.by_class[name] for name in paid}
    gainers = [name for name in paid if paid_if(table, proceeds, converted ^ {name})[name] > paid[name]]
    assert sorted(gainers) == sorted(payout.unsettled)
    assert not converted & set(gainers)
    assert not gainers or (table.safes and table.series)
