"""The venture capital method: what an investor must own today to earn its return from one value at exit.

    post-money = V / (1 + r)^T      final share = I / post-money      share today = final share / retention

with V the value at exit, T the years to it, r the required return, I the money put in; retention is what later rounds
and pools leave of a share, the product of (1 - dilution). New shares = old * f / (1 - f) for a share f. The return
asked is high because it stands for the chance of failure too (Sahlman, "A Method for Valuing High-Risk, Long-Term
Investments", Harvard Business School note 288-006).
"""

import math
from dataclasses import dataclass
from fractions import Fraction

from core.capital.checks import check_all, check_whole, exact_number, path, settle, settle_if_given
from core.capital.returns import compounded
from core.errors import InputError


@dataclass(frozen=True)
class Round:
    """A round so many years from now, by an investor with a return of its own."""

    year: Fraction
    investment: Fraction
    required_return: Fraction

    def __post_init__(self) -> None:
        settle(self, "year", "0 <= year", lambda year: year >= 0)
        settle(self, "investment", "0 < investment", lambda amount: amount > 0)
        settle(self, "required_return", "-1 < required_return", lambda rate: rate > -1)


@dataclass(frozen=True)
class VentureMethod:
    """An investment today valued from the exit.

    exit_value, or exit_earnings (net income, revenue, EBITDA...) and exit_multiple of them
    shares: outstanding before the investment, fully diluted
    what dilutes the investor until the exit, one of: later_rounds; later_dilution_share, the share that each later
        round or pool takes; retention_share, what is left of a share
    """

    years: Fraction
    required_return: Fraction
    investment: Fraction
    shares: int
    exit_value: Fraction | None = None
    exit_earnings: Fraction | None = None
    exit_multiple: Fraction | None = None
    later_rounds: tuple[Round, ...] = ()
    later_dilution_share: tuple[Fraction, ...] = ()
    retention_share: Fraction | None = None

    def __post_init__(self) -> None:
        settle(self, "years", "0 < years", lambda years: years > 0)
        settle(self, "required_return", "-1 < required_return", lambda rate: rate > -1)
        settle(self, "investment", "0 < investment", lambda amount: amount > 0)
        check_whole(self, "shares", 1)
        for field in ("exit_value", "exit_earnings", "exit_multiple"):
            settle_if_given(self, field, f"0 < {field}", lambda number: number > 0)
        check_all(self, "later_rounds", Round)
        shares = tuple(exact_number(path(self, "later_dilution_share"), one) for one in self.later_dilution_share)
        object.__setattr__(self, "later_dilution_share", shares)
        settle_if_given(self, "retention_share", "0 < retention_share <= 1", lambda share: 0 < share <= 1)
        self._check_together()

    def _check_together(self) -> None:
        if not all(0 <= one < 1 for one in self.later_dilution_share):
            shown = self.later_dilution_share
            raise InputError("out_of_range", path(self, "later_dilution_share"), shown, "0 <= each share < 1")
        by_multiple = self.exit_earnings is not None and self.exit_multiple is not None
        half = (self.exit_earnings is None) != (self.exit_multiple is None)
        if half or by_multiple == (self.exit_value is not None):
            expected = "either exit_value or exit_earnings and exit_multiple given"
            raise InputError("missing", path(self, "exit_value"), self.exit_value, expected)
        if sum((bool(self.later_rounds), bool(self.later_dilution_share), self.retention_share is not None)) > 1:
            expected = "at most one of later_rounds, later_dilution_share, retention_share"
            raise InputError("contradiction", path(self, "later_rounds"), self.later_rounds, expected)
        for one in self.later_rounds:
            if not 0 < one.year < self.years:
                raise InputError("out_of_range", path(self, "later_rounds"), one.year, "0 < year < years")


@dataclass(frozen=True)
class ValuedRound:
    """One round: the shares of ownership are at the exit and at once after it, shares exact before any rounding."""

    year: Fraction
    investment: Fraction
    required_return: Fraction
    final_share: Fraction
    retention: Fraction
    share: Fraction
    shares_before: Fraction
    new_shares: Fraction
    price: Fraction
    pre_money: Fraction
    post_money: Fraction


@dataclass(frozen=True)
class VentureValuation:
    """What the method says of the investment today.

    present_value: the exit discounted at the required return; post-money where nothing dilutes later
    whole_new_shares: new_shares to the nearest whole one, as a table of shares has them
    exit_price: a share's price at the exit
    """

    exit_value: Fraction
    present_value: Fraction
    final_share: Fraction
    retention: Fraction
    share: Fraction
    new_shares: Fraction
    whole_new_shares: int
    price: Fraction
    pre_money: Fraction
    post_money: Fraction
    investor_at_exit: Fraction
    present_holders_at_exit: Fraction
    exit_price: Fraction
    rounds: tuple[ValuedRound, ...]


def venture_method_outcome(terms: VentureMethod) -> VentureValuation:
    """Share, price and valuation that earn the required return. Raises InputError where the investors need it all."""
    value = terms.exit_value
    if value is None:
        assert terms.exit_earnings is not None
        assert terms.exit_multiple is not None
        value = terms.exit_earnings * terms.exit_multiple
    first = Round(Fraction(0), terms.investment, terms.required_return)
    rounds = _rounds(terms, value, (first, *sorted(terms.later_rounds, key=lambda one: one.year)))
    own = rounds[0]
    after = terms.shares + own.new_shares
    return VentureValuation(
        exit_value=value,
        present_value=value / compounded(terms.required_return, terms.years),
        final_share=own.final_share,
        retention=own.retention,
        share=own.share,
        new_shares=own.new_shares,
        whole_new_shares=math.floor(own.new_shares + Fraction(1, 2)),
        price=own.price,
        pre_money=own.pre_money,
        post_money=own.post_money,
        investor_at_exit=own.final_share * value,
        present_holders_at_exit=value * own.retention * terms.shares / after,
        exit_price=value * own.retention / after,
        rounds=rounds,
    )


def _rounds(terms: VentureMethod, value: Fraction, planned: tuple[Round, ...]) -> tuple[ValuedRound, ...]:
    final = [one.investment * compounded(one.required_return, terms.years - one.year) / value for one in planned]
    kept = _retention_of_the_first(terms)
    valued: list[ValuedRound] = []
    before = Fraction(terms.shares)
    for number, (one, share_at_exit) in enumerate(zip(planned, final, strict=True)):
        retention = kept if kept is not None else 1 - sum(final[number + 1 :], Fraction(0))
        if share_at_exit >= retention:
            expected = (
                f"a value at exit above {float((share_at_exit + 1 - retention) * value):g}, so that a share is left"
            )
            raise InputError("over_100_percent", path(terms, "investment"), one.investment, expected)
        share = share_at_exit / retention
        new = before * share / (1 - share)
        price = one.investment / new
        valued.append(
            ValuedRound(
                year=one.year,
                investment=one.investment,
                required_return=one.required_return,
                final_share=share_at_exit,
                retention=retention,
                share=share,
                shares_before=before,
                new_shares=new,
                price=price,
                pre_money=price * before,
                post_money=price * (before + new),
            )
        )
        before += new
    return tuple(valued)


def _retention_of_the_first(terms: VentureMethod) -> Fraction | None:
    """What is left of the first investor's share where it is typed; None where later rounds decide it."""
    if terms.later_rounds:
        return None
    return terms.retention_share or math.prod((1 - one for one in terms.later_dilution_share), start=Fraction(1))
