"""IPO ratchets against Square and Box, by hand, and as laws.

Square 2015: Series E, $150 million at $15.46, guaranteed 20 %, offer price $9; Tech Monitor and The Wall Street
Journal, 19 November 2015: 10.3 million shares, a $93 million penalty. Box 2015: annual report for January 2017, note 15
(SEC 0001564590-17-005227): Series F converts at 90 % of the offer price if that is below $20, 4,404,759 more shares.
"""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core.capital.deals.ipo_ratchet import IpoRatchet, SeriesAtOffering, ipo_ratchet_outcome
from core.errors import InputError

MILLION = 1_000_000


def series(name: str, shares: int, invested: int, promised: str | None = None, **more: Any) -> SeriesAtOffering:
    guaranteed = None if promised is None else Fraction(promised)
    return SeriesAtOffering(name=name, shares=shares, invested=Fraction(invested), guaranteed_return=guaranteed, **more)


def test_square_2015_gives_series_e_10_3_million_shares() -> None:
    """$150M / $15.46 = 9,702,458 shares; $180M at $9 are 20,000,000: 10,297,542 more, worth $92,677,878.

    The promised price is 1.2 x 15.46 = $18.552 but for the whole shares.
    """
    found = ipo_ratchet_outcome(
        IpoRatchet(
            series=(series("E", 9_702_458, 150 * MILLION, "0.2"),),
            other_shares=309_350_000,
            offer_price=Fraction(9),
            primary_shares=25_650_000,
        )
    )
    row = found.series[0]
    assert (row.shares, row.extra_shares) == (20 * MILLION, 10_297_542)
    assert found.penalty == 92_677_878
    assert (round(float(row.extra_shares) / MILLION, 1), round(float(found.penalty) / MILLION)) == (10.3, 93)
    assert (row.value, row.multiple) == (180 * MILLION, Fraction(6, 5))
    assert round(float(found.price_without_trigger), 3) == 18.552
    assert found.shares_after == 355 * MILLION


def test_square_2015_by_its_promised_price() -> None:
    """$18.55614 is promised on shares of $15.46345; 9,700,293 of them become 20,000,003.6 at $9."""
    found = ipo_ratchet_outcome(
        IpoRatchet(
            series=(
                SeriesAtOffering(
                    name="E",
                    shares=9_700_293,
                    original_issue_price=Fraction("15.46345"),
                    guaranteed_price=Fraction("18.55614"),
                ),
            ),
            other_shares=300 * MILLION,
            offer_price=Fraction(9),
        )
    )
    assert found.series[0].multiple == Fraction(6, 5)
    assert found.series[0].shares_exact == 9_700_293 * Fraction("18.55614") / 9
    assert round(found.extra_shares / MILLION, 1) == Fraction("10.3")


def test_box_2015_converts_at_a_tenth_off_the_offer_price() -> None:
    """7,500,000 shares of $20 at $14: 20 / 12.60 each, 4,404,761.9 more; whole shares a holder made it 4,404,759.

    A tenth off is a ratchet of 1/9: worth 20 / 0.9 at the offer price as long as that is below $22.22.
    """
    terms = IpoRatchet(
        series=(series("F", 7_500_000, 150 * MILLION, "1/9"),), other_shares=100 * MILLION, offer_price=Fraction(14)
    )
    found = ipo_ratchet_outcome(terms)
    assert found.extra_shares == Fraction(7_500_000 * 20 * 10, 126) - 7_500_000
    assert found.series[0].shares - 7_500_000 == 4_404_761
    assert ipo_ratchet_outcome(replace(terms, offer_price=Fraction(23))).penalty == 0


def test_offer_price_above_the_promise_triggers_nothing() -> None:
    found = ipo_ratchet_outcome(
        IpoRatchet(series=(series("E", 100, 1000, "0.2"),), other_shares=900, offer_price=Fraction(12))
    )
    assert (found.series[0].triggered, found.extra_shares, found.pre_money) == (False, 0, 12_000)


def test_agreed_pre_money_is_shared_with_the_ratchet() -> None:
    """By hand: $9,000 for 900 + 100 shares would be $9; $1,200 are promised, so (9,000 - 1,200) / 900 = $8.667."""
    found = ipo_ratchet_outcome(
        IpoRatchet(
            series=(series("E", 100, 1000, "0.2"),),
            other_shares=900,
            pre_money=Fraction(9000),
            amount=Fraction(2600),
        )
    )
    assert (found.price_without_ratchets, found.offer_price) == (9, Fraction(26, 3))
    assert found.pre_money == 9000
    assert found.series[0].shares_exact == Fraction(1200 * 3, 26)
    assert (found.series[0].shares, found.series[0].cash_in_lieu) == (138, Fraction(4))
    assert found.primary_shares == 300
    assert found.others_value_without - found.others_value == 300


def test_one_ratchet_sets_off_the_next() -> None:
    """By hand: $1,000 for 100 + 50 + 50 shares are $5, at which E (promised $6 a share) is triggered and D ($4.90) not.

    E takes $300; (1,000 - 300) / 150 = $4.667 is below $4.90, so D takes $245 and (1,000 - 545) / 100 = $4.55 is left.
    """
    found = ipo_ratchet_outcome(
        IpoRatchet(
            series=(series("D", 50, 245, "0"), series("E", 50, 250, "0.2")),
            other_shares=100,
            pre_money=Fraction(1000),
        )
    )
    assert found.offer_price == Fraction("4.55")
    assert [row.triggered for row in found.series] == [True, True]
    assert [row.value for row in found.series] == [245, 300]
    assert found.pre_money == 1000


def test_no_price_where_more_is_promised_than_there_is() -> None:
    terms = IpoRatchet(series=(series("E", 100, 1000, "0.2"),), other_shares=900, pre_money=Fraction(1200))
    with pytest.raises(InputError) as caught:
        ipo_ratchet_outcome(terms)
    assert (caught.value.code, caught.value.field) == ("contradiction", "IpoRatchet.pre_money")
    assert "1200 < pre_money" in caught.value.expected


@pytest.mark.parametrize(
    ("price", "primary", "consent"),
    [(Fraction(12), 10, ()), (Fraction(9), 10, ("A",)), (Fraction(12), 8, ("B",)), (Fraction(9), 8, ("A", "B"))],
)
def test_offering_below_a_threshold_needs_the_consent_of_the_series(
    price: Fraction, primary: int, consent: tuple[str, ...]
) -> None:
    """By hand: A converts from $10 a share on, B from a gross of $100 on, or $75 at the lower price."""
    gross = Fraction(100) if price == 12 else Fraction(75)
    found = ipo_ratchet_outcome(
        IpoRatchet(
            series=(
                series("A", 50, 100, qualified_price=Fraction(10)),
                series("B", 50, 100, qualified_gross=gross),
            ),
            other_shares=100,
            offer_price=price,
            primary_shares=primary,
        )
    )
    assert found.consent_needed == consent


RATCHETED = st.builds(
    lambda shares, price, promised: (shares, price * shares, promised),
    st.integers(1, 10**6),
    st.fractions(Fraction(1, 10), 50, max_denominator=20),
    st.none() | st.fractions(0, 1, max_denominator=20),
)


@given(
    several=st.lists(RATCHETED, min_size=1, max_size=5),
    other=st.integers(1, 10**6),
    value=st.integers(1, 10**8),
    price_agreed=st.booleans(),
)
def test_every_ratchet_gets_its_promise_or_there_is_no_price(
    several: list[tuple[int, Fraction, Fraction | None]], other: int, value: int, *, price_agreed: bool
) -> None:
    """Shares x offer price is the guarantee exactly where it is triggered, never less; all are worth the pre-money.

    At the price found nobody is triggered who need not be.
    """
    stock = tuple(
        SeriesAtOffering(name=str(number), shares=shares, invested=invested, guaranteed_return=promised)
        for number, (shares, invested, promised) in enumerate(several)
    )
    terms = IpoRatchet(
        series=stock,
        other_shares=other,
        offer_price=Fraction(value, 10**6) if price_agreed else None,
        pre_money=None if price_agreed else Fraction(value),
    )
    promised = sum((one.guarantee for one in stock), Fraction(0))
    if not price_agreed and value <= promised:
        with pytest.raises(InputError):
            ipo_ratchet_outcome(terms)
        return
    found = ipo_ratchet_outcome(terms)
    assert found.offer_price > 0
    for row in found.series:
        assert row.shares_exact * found.offer_price == max(row.guarantee, row.shares_without * found.offer_price)
        assert row.triggered == (row.shares_without * found.offer_price < row.guarantee)
        assert row.shares * found.offer_price + row.cash_in_lieu == row.value
    worth = found.offer_price * (other + sum(row.shares_exact for row in found.series))
    assert worth == found.pre_money
    assert price_agreed or worth == value


@given(several=st.lists(RATCHETED, min_size=1, max_size=4), other=st.integers(1, 10**6), more=st.integers(1, 10**8))
def test_a_higher_pre_money_is_a_higher_price(
    several: list[tuple[int, Fraction, Fraction | None]], other: int, more: int
) -> None:
    stock = tuple(
        SeriesAtOffering(name=str(number), shares=shares, invested=invested, guaranteed_return=promised)
        for number, (shares, invested, promised) in enumerate(several)
    )
    low = sum((one.guarantee for one in stock), Fraction(1))
    assume(more > 0)
    prices = [
        ipo_ratchet_outcome(IpoRatchet(series=stock, other_shares=other, pre_money=value)).offer_price
        for value in (low, low + more)
    ]
    assert prices[0] < prices[1]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"offer_price": None}, "contradiction"),
        ({"pre_money": Fraction(5)}, "contradiction"),
        ({"other_shares": 0}, "out_of_range"),
        ({"series": ()}, "missing"),
        ({"series": (series("E", 1, 1), series("E", 1, 1))}, "duplicate_name"),
        ({"primary_shares": 1, "amount": Fraction(1)}, "contradiction"),
        ({"offer_price": Fraction(-1)}, "out_of_range"),
    ],
)
def test_refusals(change: dict[str, Any], code: str) -> None:
    plain: dict[str, Any] = {"series": (series("E", 1, 1),), "other_shares": 1, "offer_price": Fraction(1)}
    with pytest.raises(InputError) as caught:
        IpoRatchet(**plain | change)
    assert caught.value.code == code


@pytest.mark.parametrize(
    "change",
    [
        {"invested": None},
        {"original_issue_price": Fraction(1)},
        {"guaranteed_return": Fraction(0), "guaranteed_price": Fraction(1)},
    ],
)
def test_refusals_of_a_series(change: dict[str, Any]) -> None:
    plain: dict[str, Any] = {"name": "E", "shares": 1, "invested": Fraction(1)}
    with pytest.raises(InputError) as caught:
        SeriesAtOffering(**plain | change)
    assert caught.value.code == "contradiction"
