"""Comparables: what peers' multiples say a company is worth, from the lowest to the highest.

A multiple of enterprise value (EV / revenue, EV / EBITDA) gives the enterprise value, and less net debt the equity; one
of equity (price / earnings) gives the equity or, for a figure per share, the price. Quartiles interpolate as Excel's
QUARTILE.INC does: the point at (n - 1) * q of the sorted multiples.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from core.capital.checks import check_all, check_choice, check_name, path, settle, settle_if_given
from core.capital.deals.operating_case import settle_all
from core.errors import InputError

Statistic = Literal["lowest", "lower quartile", "median", "mean", "upper quartile", "highest"]


@dataclass(frozen=True)
class Peer:
    """A company whose multiple is value / figure, e.g. enterprise value / EBITDA."""

    name: str
    value: Fraction
    figure: Fraction

    def __post_init__(self) -> None:
        check_name(self, "name")
        settle(self, "value", "0 < value", lambda value: value > 0)
        settle(self, "figure", "0 < figure; a peer that earns nothing has no multiple", lambda figure: figure > 0)


@dataclass(frozen=True)
class Measure:
    """One kind of multiple: the company's own figure, and multiples typed or of peers.

    of: what the multiple is of: "enterprise" value, "equity" value or the price of a "share"
    """

    name: str
    figure: Fraction
    multiples: tuple[Fraction, ...] = ()
    peers: tuple[Peer, ...] = ()
    of: Literal["enterprise", "equity", "share"] = "enterprise"

    def __post_init__(self) -> None:
        check_name(self, "name")
        settle(self, "figure", "0 < figure; a multiple of a loss is no value", lambda figure: figure > 0)
        settle_all(self, "multiples")
        check_all(self, "peers", Peer)
        check_choice(self, "of", ("enterprise", "equity", "share"))
        if not self.multiples and not self.peers:
            raise InputError("missing", path(self, "multiples"), None, "multiples or peers given")
        if not all(multiple > 0 for multiple in self.multiples):
            raise InputError(
                "out_of_range", path(self, "multiples"), list(map(str, self.multiples)), "0 < each multiple"
            )

    @property
    def sorted_multiples(self) -> list[Fraction]:
        return sorted([*self.multiples, *(peer.value / peer.figure for peer in self.peers)])


@dataclass(frozen=True)
class Comparables:
    """The measures and the way from enterprise value to a share.

    net_debt: debt less cash; other_claims before shareholders; discount: for what peers have and this company has not,
        e.g. shares that can be sold on a market; taken from the equity value
    """

    measures: tuple[Measure, ...]
    net_debt: Fraction = Fraction(0)
    other_claims: Fraction = Fraction(0)
    discount: Fraction = Fraction(0)
    shares: Fraction | None = None

    def __post_init__(self) -> None:
        check_all(self, "measures", Measure, least=1)
        for field in ("net_debt", "other_claims"):
            settle(self, field, field, lambda _: True)
        settle(self, "discount", "0 <= discount < 1", lambda discount: 0 <= discount < 1)
        settle_if_given(self, "shares", "0 < shares", lambda shares: shares > 0)
        if self.shares is None and any(one.of == "share" for one in self.measures):
            raise InputError("missing", path(self, "shares"), None, "shares given, to come from a price to the equity")


@dataclass(frozen=True)
class ComparedValue:
    """What one statistic of one measure's multiples says; values may be below zero where debt is more."""

    measure: str
    statistic: Statistic
    multiple: Fraction
    enterprise_value: Fraction
    equity_value: Fraction
    per_share: Fraction | None


@dataclass(frozen=True)
class ComparedValues:
    """All statistics of all measures, and the range of the equity value between the quartiles of any of them."""

    values: tuple[ComparedValue, ...]
    lowest_of_quartiles: Fraction
    mean_of_medians: Fraction
    highest_of_quartiles: Fraction


def comparables_outcome(terms: Comparables) -> ComparedValues:
    """Enterprise value, equity value and price for each statistic of each measure."""
    values = tuple(
        _value(terms, measure, statistic, multiple)
        for measure in terms.measures
        for statistic, multiple in _statistics(measure.sorted_multiples)
    )
    quartiles = [one.equity_value for one in values if one.statistic in ("lower quartile", "upper quartile")]
    medians = [one.equity_value for one in values if one.statistic == "median"]
    return ComparedValues(
        values=values,
        lowest_of_quartiles=min(quartiles),
        mean_of_medians=sum(medians, Fraction(0)) / len(medians),
        highest_of_quartiles=max(quartiles),
    )


def _statistics(multiples: Sequence[Fraction]) -> list[tuple[Statistic, Fraction]]:
    return [
        ("lowest", multiples[0]),
        ("lower quartile", quantile(multiples, Fraction(1, 4))),
        ("median", quantile(multiples, Fraction(1, 2))),
        ("mean", sum(multiples, Fraction(0)) / len(multiples)),
        ("upper quartile", quantile(multiples, Fraction(3, 4))),
        ("highest", multiples[-1]),
    ]


def quantile(rising: Sequence[Fraction], part: Fraction) -> Fraction:
    """The value at (n - 1) * part of sorted numbers, between two of them in proportion."""
    at = (len(rising) - 1) * part
    low = math.floor(at)
    high = min(low + 1, len(rising) - 1)
    return rising[low] + (at - low) * (rising[high] - rising[low])


def _value(terms: Comparables, measure: Measure, statistic: Statistic, multiple: Fraction) -> ComparedValue:
    value = multiple * measure.figure
    claims = terms.net_debt + terms.other_claims
    if measure.of == "share":
        assert terms.shares is not None
        value *= terms.shares
    enterprise = value if measure.of == "enterprise" else value + claims
    equity = (enterprise - claims) * (1 - terms.discount)
    return ComparedValue(
        measure.name,
        statistic,
        multiple,
        enterprise,
        equity,
        None if terms.shares is None else equity / terms.shares,
    )
