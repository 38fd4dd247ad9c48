"""A round that is partly paid in compute: what it brings in terms of cash, and what it costs in ownership.

A cloud provider that invests often pays in credits at its list price. The company would have bought the same compute
for less elsewhere and may not use all of it before it expires; so the round sells the same shares for less.
"""

from dataclasses import dataclass
from fractions import Fraction

from core.capital.rounds import PricedRoundResult
from core.capital.securities import PricedRound


@dataclass(frozen=True)
class CashEquivalent:
    """A round counted in cash.

    proceeds: cash, and the credits at what the company would have paid for what it uses of them
    sold: part of the company that the round sold; effective_pre_money: what the proceeds say the rest is worth
    sold_for_cash: what the same proceeds, all in cash, would have sold at the agreed pre-money
    """

    proceeds: Fraction
    sold: Fraction
    effective_pre_money: Fraction
    sold_for_cash: Fraction


def cash_equivalent(terms: PricedRound, result: PricedRoundResult) -> CashEquivalent:
    """The round's proceeds, effective pre-money and effective dilution, unrounded."""
    proceeds = Fraction(0)
    for one in terms.investments:
        in_credits = one.credits.amount if one.credits else Fraction(0)
        proceeds += one.amount - in_credits + (one.credits.cash_equivalent if one.credits else Fraction(0))
    sold = terms.new_money / result.post_money
    before = result.post_money - terms.new_money
    return CashEquivalent(proceeds, sold, proceeds / sold - proceeds, proceeds / (before + proceeds))
