"""Minority growth equity: new money for a part of a growing company, and what it returns at a sale or a listing.

    post-money = pre-money + new money      share = money / post-money
    value at exit = multiple * revenue + net cash

An exit ratchet promises the investor a rate of return or a multiple: it gets so many more shares that they are worth it
there. With needed N, value V and preference P the share that it then needs is N / V, or (N - P) / (V - P) where its
preferred stock participates, and the new shares x of n held and T in all solve (n + x) / (T + x) = share.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from core.capital.checks import check_choice, check_whole, path, settle, settle_if_given
from core.capital.deals.operating_case import settle_all
from core.capital.returns import compounded
from core.errors import InputError


@dataclass(frozen=True)
class GrowthEquity:
    """An investment and the company until the exit.

    amount: into the company; secondary: to holders who sell at the same price
    pre_money, or bought_share of the company after it for both sums; shares: before the investment, fully diluted
    revenue_growth_rate, or yearly_revenue_growth_rate, one for each whole year; exit_revenue if typed
    exit_multiple: value / revenue at the exit; net_cash before the investment and exit_net_cash: cash less debt
    later_dilution_share: what later rounds and pools take of every share until the exit
    preference_multiple of the sums paid, in a sale; at a listing it falls away
    guaranteed_return, guaranteed_multiple: the ratchet's promise, the higher counts; only where exit revenue is below
        target_revenue, if that is given; most_share: the share that it may lift the investor to
    """

    amount: Fraction
    revenue: Fraction
    exit_multiple: Fraction
    years: Fraction
    pre_money: Fraction | None = None
    bought_share: Fraction | None = None
    secondary: Fraction = Fraction(0)
    shares: int = 10_000_000
    revenue_growth_rate: Fraction | None = None
    yearly_revenue_growth_rate: tuple[Fraction, ...] = ()
    exit_revenue: Fraction | None = None
    net_cash: Fraction = Fraction(0)
    exit_net_cash: Fraction = Fraction(0)
    later_dilution_share: Fraction = Fraction(0)
    exit_by: Literal["sale", "listing"] = "sale"
    preference_multiple: Fraction = Fraction(1)
    participation: Literal["none", "full"] = "none"
    guaranteed_return: Fraction | None = None
    guaranteed_multiple: Fraction | None = None
    target_revenue: Fraction | None = None
    most_share: Fraction | None = None

    def __post_init__(self) -> None:
        for field in ("revenue", "exit_multiple", "years"):
            settle(self, field, f"0 < {field}", lambda number: number > 0)
        for field in ("amount", "secondary", "preference_multiple"):
            settle(self, field, f"0 <= {field}", lambda number: number >= 0)
        settle_if_given(self, "pre_money", "0 < pre_money", lambda value: value > 0)
        for field in ("bought_share", "most_share"):
            settle_if_given(self, field, f"0 < {field} < 1", lambda share: 0 < share < 1)
        check_whole(self, "shares", 1)
        settle_if_given(self, "revenue_growth_rate", "-1 < revenue_growth_rate", lambda rate: rate > -1)
        settle_all(self, "yearly_revenue_growth_rate")
        for field in ("exit_revenue", "target_revenue", "guaranteed_multiple"):
            settle_if_given(self, field, f"0 < {field}", lambda number: number > 0)
        for field in ("net_cash", "exit_net_cash"):
            settle(self, field, field, lambda _: True)
        settle(self, "later_dilution_share", "0 <= later_dilution_share < 1", lambda share: 0 <= share < 1)
        check_choice(self, "exit_by", ("sale", "listing"))
        check_choice(self, "participation", ("none", "full"))
        settle_if_given(self, "guaranteed_return", "-1 < guaranteed_return", lambda rate: rate > -1)
        self._check_together()

    def _check_together(self) -> None:
        if self.amount + self.secondary == 0:
            raise InputError("out_of_range", path(self, "amount"), self.amount, "0 < amount + secondary")
        if (self.pre_money is None) == (self.bought_share is None):
            raise InputError(
                "missing", path(self, "pre_money"), self.pre_money, "either pre_money or bought_share given"
            )
        growth = (self.revenue_growth_rate, self.yearly_revenue_growth_rate or None, self.exit_revenue)
        if sum(one is not None for one in growth) != 1:
            expected = "exactly one of revenue_growth_rate, yearly_revenue_growth_rate, exit_revenue"
            raise InputError("contradiction", path(self, "revenue_growth_rate"), self.revenue_growth_rate, expected)
        if self.yearly_revenue_growth_rate and len(self.yearly_revenue_growth_rate) != self.years:
            shown, expected = len(self.yearly_revenue_growth_rate), "one rate for each of the years"
            raise InputError("contradiction", path(self, "yearly_revenue_growth_rate"), shown, expected)
        if self.pre_value <= self.secondary:
            raise InputError("out_of_range", path(self, "secondary"), self.secondary, "secondary < pre-money")

    @property
    def pre_value(self) -> Fraction:
        """The company before the new money."""
        if self.pre_money is not None:
            return self.pre_money
        assert self.bought_share is not None
        return (self.amount + self.secondary) / self.bought_share - self.amount

    @property
    def revenue_at_exit(self) -> Fraction:
        if self.exit_revenue is not None:
            return self.exit_revenue
        if self.revenue_growth_rate is not None:
            return self.revenue * compounded(self.revenue_growth_rate, self.years)
        revenue = self.revenue
        for rate in self.yearly_revenue_growth_rate:
            revenue *= 1 + rate
        return revenue


@dataclass(frozen=True)
class Ratchet:
    """What the promise takes: share and value without it, what was promised, and the shares that make up for it."""

    promised: Fraction
    without: Fraction
    shares: Fraction
    share_needed: Fraction


@dataclass(frozen=True)
class GrowthEquityResult:
    """What the investment comes to; rate_of_return is a year's.

    converts: whether the investor takes its part of the whole rather than its preference
    value_bridge: its gain by cause; growth, multiple and cash are its first share of the change of the company's value
    """

    pre_money: Fraction
    post_money: Fraction
    price: Fraction
    new_shares: Fraction
    share: Fraction
    share_of_others: Fraction
    entry_multiple: Fraction
    exit_revenue: Fraction
    exit_value: Fraction
    share_at_exit: Fraction
    converts: bool
    ratchet: Ratchet | None
    proceeds: Fraction
    multiple: Fraction
    rate_of_return: float
    others_at_exit: Fraction
    value_bridge: Mapping[str, Fraction]


def growth_equity_outcome(terms: GrowthEquity) -> GrowthEquityResult:
    """Ownership, exit, ratchet and returns. Raises InputError where no number of shares keeps the ratchet's promise."""
    paid = terms.amount + terms.secondary
    post = terms.pre_value + terms.amount
    price = terms.pre_value / terms.shares
    share = paid / post
    held, total = paid / price, terms.shares + terms.amount / price
    # Later money comes in as shares beside these, so the investor's shares stay and the total grows.
    total_at_exit = total / (1 - terms.later_dilution_share)
    revenue = terms.revenue_at_exit
    value = max(Fraction(0), terms.exit_multiple * revenue + terms.exit_net_cash)
    first = _proceeds(terms, held / total_at_exit, value)
    ratchet = _ratchet(terms, held, total_at_exit, value, first)
    added = ratchet.shares if ratchet else Fraction(0)
    share_at_exit = (held + added) / (total_at_exit + added)
    proceeds = _proceeds(terms, share_at_exit, value)
    return GrowthEquityResult(
        pre_money=terms.pre_value,
        post_money=post,
        price=price,
        new_shares=terms.amount / price,
        share=share,
        share_of_others=1 - share,
        entry_multiple=(terms.pre_value - terms.net_cash) / terms.revenue,
        exit_revenue=revenue,
        exit_value=value,
        share_at_exit=share_at_exit,
        converts=terms.participation == "none" and share_at_exit * value >= _preference(terms, value),
        ratchet=ratchet,
        proceeds=proceeds,
        multiple=proceeds / paid,
        rate_of_return=float(proceeds / paid) ** (1 / float(terms.years)) - 1,
        others_at_exit=value - proceeds,
        value_bridge=_bridge(terms, share, value, proceeds, first),
    )


def _preference(terms: GrowthEquity, value: Fraction) -> Fraction:
    if terms.exit_by == "listing":
        return Fraction(0)
    return min(value, terms.preference_multiple * (terms.amount + terms.secondary))


def _proceeds(terms: GrowthEquity, share: Fraction, value: Fraction) -> Fraction:
    preference = _preference(terms, value)
    if terms.participation == "full":
        return preference + share * (value - preference)
    return max(preference, share * value)


def _ratchet(
    terms: GrowthEquity, held: Fraction, total: Fraction, value: Fraction, without: Fraction
) -> Ratchet | None:
    """The promise at work; None where there is none, its condition does not hold or it is kept anyway."""
    promised = _promised(terms)
    missed = terms.target_revenue is None or terms.revenue_at_exit < terms.target_revenue
    if promised is None or not missed or without >= promised:
        return None
    preference = _preference(terms, value) if terms.participation == "full" else Fraction(0)
    most = Fraction(1) if terms.most_share is None else terms.most_share
    reach = preference + most * (value - preference)
    # The whole company cannot be reached with a finite number of shares.
    if promised > reach or (terms.most_share is None and promised == value):
        rule = "<=" if terms.most_share is not None else "<"
        expected = f"promised {float(promised):.12g} {rule} {float(reach):.12g}, what most_share of the exit is worth"
        field = "guaranteed_multiple" if terms.guaranteed_return is None else "guaranteed_return"
        raise InputError("out_of_range", path(terms, field), getattr(terms, field), expected)
    share = (promised - preference) / (value - preference)
    return Ratchet(promised, without, (share * total - held) / (1 - share), share)


def _promised(terms: GrowthEquity) -> Fraction | None:
    paid = terms.amount + terms.secondary
    promises = []
    if terms.guaranteed_return is not None:
        promises.append(paid * compounded(terms.guaranteed_return, terms.years))
    if terms.guaranteed_multiple is not None:
        promises.append(paid * terms.guaranteed_multiple)
    return max(promises, default=None)


def _bridge(
    terms: GrowthEquity, share: Fraction, value: Fraction, proceeds: Fraction, first: Fraction
) -> dict[str, Fraction]:
    paid = terms.amount + terms.secondary
    entry = (terms.pre_value - terms.net_cash) / terms.revenue
    grown, changed = terms.revenue_at_exit - terms.revenue, terms.exit_multiple - entry
    operating = terms.exit_multiple * terms.revenue_at_exit + terms.exit_net_cash
    return {
        "revenue growth": share * grown * entry,
        "multiple change": share * changed * terms.revenue,
        "growth and multiple together": share * grown * changed,
        "net cash": share * (terms.exit_net_cash - terms.net_cash - terms.amount),
        "debt beyond the company's value": share * (value - operating),
        "later dilution": -share * terms.later_dilution_share * value,
        "preference": first - share * (1 - terms.later_dilution_share) * value,
        "ratchet": proceeds - first,
        "gain": proceeds - paid,
    }
