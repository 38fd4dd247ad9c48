"""Preferred stock whose holders are promised a return at the IPO price, and what the promise costs everybody else.

A series of n shares as converted that paid I and is promised g gets G = I (1 + g) at the offer price P: G/P shares
where n P < G, its own n otherwise. Series E of Square (a promised price of 1.2 times the issue price) and Series F of
Box (conversion at 90 % of the offer price, so g = 1/9) are of this form.

With the price agreed, each series is settled by itself. With the pre-money V agreed, what all old shares are worth,

    P n_other + sum of max(n_i P, G_i) = V,

and the left side rises with P: there is one price, positive where V is above the sum of all G. It is found from the
price without ratchets down, because each series that is triggered lowers the price and never lets another one go.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from core.capital.checks import check_all, check_name, check_whole, path, settle_if_given
from core.errors import InputError

ZERO = Fraction(0)


@dataclass(frozen=True, kw_only=True)
class SeriesAtOffering:
    """One series of preferred stock.

    shares: as converted without the ratchet; invested: what they paid, or original_issue_price a share
    guaranteed_return, guaranteed_price: what the ratchet promises on the money or a share; neither: no ratchet
    qualified_price, qualified_gross: the least offer price and gross of an offering that converts the series without
        its consent
    """

    name: str
    shares: int
    invested: Fraction | None = None
    original_issue_price: Fraction | None = None
    guaranteed_return: Fraction | None = None
    guaranteed_price: Fraction | None = None
    qualified_price: Fraction | None = None
    qualified_gross: Fraction | None = None

    def __post_init__(self) -> None:
        check_name(self, "name")
        check_whole(self, "shares", 1)
        for field in ("invested", "original_issue_price", "guaranteed_price", "qualified_price", "qualified_gross"):
            settle_if_given(self, field, f"0 < {field}", lambda money: money > 0)
        settle_if_given(self, "guaranteed_return", "-1 < guaranteed_return", lambda rate: rate > -1)
        if (self.invested is None) == (self.original_issue_price is None):
            raise InputError(
                "contradiction", path(self, "invested"), self.invested, "either invested or original_issue_price"
            )
        if self.guaranteed_return is not None and self.guaranteed_price is not None:
            expected = "either guaranteed_return or guaranteed_price"
            raise InputError("contradiction", path(self, "guaranteed_price"), self.guaranteed_price, expected)

    @property
    def paid(self) -> Fraction:
        """The money invested."""
        if self.invested is not None:
            return self.invested
        assert self.original_issue_price is not None
        return self.original_issue_price * self.shares

    @property
    def guarantee(self) -> Fraction:
        """G: what the shares must be worth at the offer price, 0 without a ratchet."""
        if self.guaranteed_price is not None:
            return self.guaranteed_price * self.shares
        return ZERO if self.guaranteed_return is None else self.paid * (1 + self.guaranteed_return)


@dataclass(frozen=True, kw_only=True)
class IpoRatchet:
    """An offering over series some of which have ratchets.

    other_shares: all old shares outside the series: common, options, converting SAFEs
    offer_price, pre_money: which of the two is agreed; the pre-money is of all old shares, those of ratchets included
    primary_shares, amount: what the company sells, as shares or money; secondary_shares: what holders sell
    """

    series: tuple[SeriesAtOffering, ...]
    other_shares: int
    offer_price: Fraction | None = None
    pre_money: Fraction | None = None
    primary_shares: int | None = None
    amount: Fraction | None = None
    secondary_shares: int = 0

    def __post_init__(self) -> None:
        check_all(self, "series", SeriesAtOffering, 1)
        check_whole(self, "other_shares", 1)
        check_whole(self, "secondary_shares", 0)
        if self.primary_shares is not None:
            check_whole(self, "primary_shares", 0)
        for field in ("offer_price", "pre_money", "amount"):
            settle_if_given(self, field, f"0 < {field}", lambda money: money > 0)
        names = [one.name for one in self.series]
        if len(set(names)) < len(names):
            raise InputError("duplicate_name", path(self, "series"), names, "each series once")
        if (self.offer_price is None) == (self.pre_money is None):
            raise InputError(
                "contradiction", path(self, "offer_price"), self.offer_price, "either offer_price or pre_money"
            )
        if self.primary_shares is not None and self.amount is not None:
            raise InputError("contradiction", path(self, "amount"), self.amount, "either primary_shares or amount")


@dataclass(frozen=True)
class SeriesResult:
    """shares_exact at the offer price are worth the guarantee; `shares` are whole ones, the rest is paid in cash.

    extra_shares, extra_value: what the ratchet adds
    converts: whether the offering converts the series by itself; otherwise its holders must consent
    """

    name: str
    invested: Fraction
    guarantee: Fraction
    triggered: bool
    shares_without: int
    shares_exact: Fraction
    shares: int
    cash_in_lieu: Fraction
    extra_shares: Fraction
    extra_value: Fraction
    value: Fraction
    multiple: Fraction
    converts: bool


@dataclass(frozen=True)
class IpoRatchetOutcome:
    """others: the old shares outside the series; their parts are of all shares after the offering.

    price_without_trigger: the least price at which no ratchet gives anything
    price_without_ratchets, others_value_without: as if there were no ratchets, at the same pre-money or price
    penalty: what all ratchets together are given at the offer price
    """

    offer_price: Fraction
    pre_money: Fraction
    primary_shares: int
    gross: Fraction
    post_money: Fraction
    shares_after: Fraction
    price_without_trigger: Fraction
    price_without_ratchets: Fraction
    penalty: Fraction
    extra_shares: Fraction
    others: Fraction
    others_without_ratchets: Fraction
    others_value: Fraction
    others_value_without: Fraction
    consent_needed: tuple[str, ...]
    series: tuple[SeriesResult, ...]


def ipo_ratchet_outcome(terms: IpoRatchet) -> IpoRatchetOutcome:
    """The price and everybody's shares. Raises InputError where the guarantees leave no positive price."""
    old = terms.other_shares + sum(one.shares for one in terms.series)
    if terms.offer_price is not None:
        price = plain_price = terms.offer_price
    else:
        assert terms.pre_money is not None
        plain_price = terms.pre_money / old
        price = price_at_pre_money(terms.pre_money, terms.other_shares, terms.series)
    primary, plain_primary = (_primary(terms, one) for one in (price, plain_price))
    gross = price * (primary + terms.secondary_shares)
    rows = tuple(_result(one, price, gross) for one in terms.series)
    extra = sum((row.extra_shares for row in rows), ZERO)
    after = old + extra + primary
    return IpoRatchetOutcome(
        offer_price=price,
        pre_money=price * (old + extra),
        primary_shares=primary,
        gross=gross,
        post_money=price * after,
        shares_after=after,
        price_without_trigger=max(one.guarantee / one.shares for one in terms.series),
        price_without_ratchets=plain_price,
        penalty=price * extra,
        extra_shares=extra,
        others=terms.other_shares / after,
        others_without_ratchets=Fraction(terms.other_shares, old + plain_primary),
        others_value=price * terms.other_shares,
        others_value_without=plain_price * terms.other_shares,
        consent_needed=tuple(row.name for row in rows if not row.converts),
        series=rows,
    )


def price_at_pre_money(pre_money: Fraction, other_shares: int, series: Sequence[SeriesAtOffering]) -> Fraction:
    """The one price at which all old shares, those that ratchets add included, are worth the pre-money."""
    promised = sum((one.guarantee for one in series), ZERO)
    if pre_money <= promised:
        raise InputError(
            "contradiction", "IpoRatchet.pre_money", pre_money, f"sum(invested * (1 + return)) = {promised} < pre_money"
        )
    triggered: set[str] = set()
    while True:
        fixed = sum((one.guarantee for one in series if one.name in triggered), ZERO)
        shares = other_shares + sum(one.shares for one in series if one.name not in triggered)
        price = (pre_money - fixed) / shares
        more = {one.name for one in series if one.shares * price < one.guarantee} - triggered
        if not more:
            return price
        triggered |= more


def _primary(terms: IpoRatchet, price: Fraction) -> int:
    """Whole shares; those for an amount of money are rounded down."""
    return math.floor(terms.amount / price) if terms.amount is not None else terms.primary_shares or 0


def _result(one: SeriesAtOffering, price: Fraction, gross: Fraction) -> SeriesResult:
    triggered = one.shares * price < one.guarantee
    exact = one.guarantee / price if triggered else Fraction(one.shares)
    extra = exact - one.shares
    return SeriesResult(
        name=one.name,
        invested=one.paid,
        guarantee=one.guarantee,
        triggered=triggered,
        shares_without=one.shares,
        shares_exact=exact,
        shares=math.floor(exact),
        cash_in_lieu=(exact - math.floor(exact)) * price,
        extra_shares=extra,
        extra_value=extra * price,
        value=exact * price,
        multiple=exact * price / one.paid,
        converts=price >= (one.qualified_price or ZERO) and gross >= (one.qualified_gross or ZERO),
    )
