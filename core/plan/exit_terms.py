"""What each way out of the company is asked with, and what to propose from the plan."""

from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from core.plan.answer import Answer
from core.plan.currency import rate, reported_plainly
from core.plan.operating import CENTS_PER_UNIT
from core.plan.proceeds import Exit
from core.plan.scenario import Scenario
from core.plan.strategies import Listing, Strategy
from core.plan.valuation_rule import enterprise_value
from core.plan.values import exact

ZERO = Fraction(0)
OFFERED_SHARE = Fraction(1, 5)
"""Of the company's value before it, what an offering sells where the strategy plans none: an assumption to edit."""
USUAL_BUYOUT_MULTIPLE = Fraction("11.9")
"""Enterprise value / EBITDA, the median of buyouts worldwide in 2024: McKinsey, Global Private Markets Report 2025, on
data of PitchBook and StepStone. A fund does not count on selling dearer than that."""
USUAL_RETURN = Fraction(19, 100)
USUAL_EXPENSES_USD = Fraction(4_700_000)
"""First-day return and the company's own costs where the strategy plans no listing: those of the presets' listings."""


@dataclass(frozen=True)
class FundTerms:
    """A fund that buys with debt; multiples are of the EBITDA of the next twelve months, as the plan's rule has them.

    growth_rate: of EBITDA a year; reinvested_share: of EBITDA, for equipment and the next models, which the plan's
        forward EBITDA leaves out; depreciation is the same amount
    fee_rate: of the price and of the loan; least_cover: cash before debt service over interest and due repayments
    """

    target_return: Fraction = Fraction(1, 4)
    years: int = 5
    exit_multiple: Fraction = USUAL_BUYOUT_MULTIPLE
    growth_rate: Fraction = Fraction(1, 10)
    debt_multiple: Fraction = Fraction(3)
    interest_rate: Fraction = Fraction(1, 10)
    amortization_rate: Fraction = Fraction(1, 20)
    reinvested_share: Fraction = Fraction(1, 4)
    tax_rate: Fraction = Fraction(1, 4)
    fee_rate: Fraction = Fraction(2, 100)
    least_cover: Fraction = Fraction(12, 10)


@dataclass(frozen=True)
class ListingTerms:
    """An offering at the horizon: gross of the new shares, part of every holder's stock sold beside them, costs."""

    amount: Fraction
    secondary_share: Fraction = ZERO
    first_day_return: Fraction = USUAL_RETURN
    spread_rate: Fraction | None = None
    expenses: Fraction = ZERO
    lock_up_months: int = 6
    market: str = "any"


@dataclass(frozen=True)
class LicenceTerms:
    """A licence with hires: of the headline a part is the licence, the rest is promised to those who are hired.

    headline: 0 for none; founders_share: of what is promised, the founders' part
    """

    headline: Fraction
    licence_share: Fraction = Fraction(3, 5)
    founders_share: Fraction = ZERO


@dataclass(frozen=True)
class ExitTerms:
    """What each way out is asked with."""

    fund: FundTerms
    listing: ListingTerms
    licence: LicenceTerms


def proposed_terms(scenario: Scenario, strategy: Strategy, answer: Answer) -> ExitTerms:
    """Terms to start from: the plan's listing where it has one, else assumptions in proportion to the plan's value.

    Of a buyer's promises the founders get as much as of the company, as if nobody were favoured.
    """
    end = answer.exit
    if end is None:
        return ExitTerms(FundTerms(), ListingTerms(amount=Fraction(1)), LicenceTerms(ZERO))
    fund, expenses = FundTerms(), USUAL_EXPENSES_USD * rate(scenario, "USD")
    if end.forward_ebitda > 0 and end.enterprise_value > 0:
        multiple = Fraction(round(10 * end.enterprise_value / end.forward_ebitda), 10)
        fund = replace(fund, exit_multiple=min(max(multiple, Fraction(1, 10)), USUAL_BUYOUT_MULTIPLE))
    planned = [(number, one) for number, one in enumerate(strategy.financings) if isinstance(one, Listing)]
    amount = max(_rounded(OFFERED_SHARE * market_value(scenario, end)), Fraction(1))
    listing = ListingTerms(amount, expenses=_rounded(expenses))
    for number, one in planned:
        place = f"strategies.{scenario.strategies.index(strategy)}.financings.{number}"
        listing = ListingTerms(
            amount=_rounded(exact(reported_plainly(scenario, f"{place}.amount"))),
            secondary_share=exact(one.secondary_share),
            first_day_return=exact(one.first_day_return),
            spread_rate=exact(one.spread),
            expenses=_rounded(exact(reported_plainly(scenario, f"{place}.expenses"))),
            lock_up_months=one.lock_up_months,
            market=one.market,
        )
    licence = LicenceTerms(_rounded(cents(end.enterprise_value)), founders_share=_rounded(answer.founders_share))
    return ExitTerms(fund, listing, licence)


def market_value(scenario: Scenario, end: Exit) -> Fraction:
    """What the shares would be worth on a market by the plan's rule: no discount, with the cash, without the debt."""
    worth = enterprise_value(
        scenario.valuation, np.asarray(end.forward_revenue), np.asarray(end.forward_ebitda), listed=True
    )
    return max(ZERO, cents(float(worth) + end.cash - end.debt))


def cents(amount: float) -> Fraction:
    """A plain amount as an exact one."""
    return Fraction(round(amount * CENTS_PER_UNIT), CENTS_PER_UNIT)


def _rounded(amount: Fraction) -> Fraction:
    """To three significant digits, as such sums are agreed."""
    return Fraction(f"{float(amount):.3g}")
