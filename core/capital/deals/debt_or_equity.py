"""Debt now and a round later, or a round now: the step-up in value at which founders own the same either way.

A is the money needed now, V today's pre-money, D what the lender is owed at the later round, L the money that round
raises for the company either way, X its pre-money, s the founders' share today, w warrants per share outstanding. The
lender is repaid out of the later round, so the way of debt raises L + D there.

    equity now:   s V/(V + A) X/(X + L)
    debt now:     s X/((1 + w)(X + L + D)), where the later investor pays X whatever is owed
                  s (X - D)/((1 + w)(X + L)), where the debt is taken off X (the company's value is the same)

Set equal and solved for X, with A > V w:

    X = (V (1 + w)(L + D) - (V + A) L) / (A - V w)     the pre-money ignores the debt
    X = D (V + A) / (A - V w)                          the debt is taken off

Without warrants the second one says X / (V + A) = D / A: the value has to grow from today's post-money by more than the
debt does. With L = 0 the first says X / V = D / A. Where A <= V w the warrants alone take as much as the round would,
and no step-up makes up for them. Warrants count in full, as a cap table has them before they are exercised, and for
the same reason without their exercise money.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, get_args

from core.capital.checks import check_all, check_choice, check_whole, path, settle, settle_if_given
from core.capital.debt import MONTHS_PER_YEAR
from core.capital.returns import compounded
from core.errors import InputError

LaterPreMoney = Literal["ignores_debt", "debt_taken_off"]
WarrantUnit = Literal["share_of_loan", "share_of_fully_diluted"]


@dataclass(frozen=True)
class StepUp:
    """A later pre-money as a multiple of today's pre-money, and how likely it is."""

    step_up: Fraction
    probability_share: Fraction | None = None

    def __post_init__(self) -> None:
        settle(self, "step_up", "0 < step_up", lambda step_up: step_up > 0)
        chance = "probability_share"
        settle_if_given(self, chance, f"0 <= {chance} <= 1", lambda share: 0 <= share <= 1)


@dataclass(frozen=True)
class DebtOrEquity:
    """The choice; exactly one of `effective_cost_rate` (a year, compounding) and `repaid` (in all) is given.

    later_money: what the later round raises for the company, repayment apart
    later_pre_money: whether the later investor's price ignores the debt or the debt is taken off it
    warrant_coverage_share: in the unit given: of the loan, struck at today's pre-money, or of the fully diluted company
        before the warrants
    step_ups: cases to compare; probabilities are given for all of them, adding up to 1, or for none
    """

    amount: Fraction
    pre_money: Fraction
    months_to_later_round: int
    later_pre_money: LaterPreMoney
    effective_cost_rate: Fraction | None = None
    repaid: Fraction | None = None
    later_money: Fraction = Fraction(0)
    founders_share: Fraction = Fraction(1)
    warrant_unit: WarrantUnit | None = None
    warrant_coverage_share: Fraction = Fraction(0)
    step_ups: tuple[StepUp, ...] = ()

    def __post_init__(self) -> None:
        for field in ("amount", "pre_money"):
            settle(self, field, f"0 < {field}", lambda amount: amount > 0)
        check_whole(self, "months_to_later_round", 1)
        check_choice(self, "later_pre_money", get_args(LaterPreMoney))
        settle_if_given(self, "effective_cost_rate", "0 <= effective_cost_rate", lambda rate: rate >= 0)
        settle_if_given(self, "repaid", "0 < repaid", lambda amount: amount > 0)
        settle(self, "later_money", "0 <= later_money", lambda amount: amount >= 0)
        settle(self, "founders_share", "0 < founders_share <= 1", lambda share: 0 < share <= 1)
        coverage = "warrant_coverage_share"
        settle(self, coverage, f"0 <= {coverage} < 1", lambda share: 0 <= share < 1)
        check_all(self, "step_ups", StepUp)
        if (self.effective_cost_rate is None) == (self.repaid is None):
            expected = "either effective_cost_rate or repaid"
            raise InputError("contradiction", path(self, "effective_cost_rate"), self.effective_cost_rate, expected)
        if (self.warrant_unit is None) != (self.warrant_coverage_share == 0):
            expected = "warrant_unit given if and only if 0 < warrant_coverage_share"
            raise InputError("contradiction", path(self, "warrant_unit"), self.warrant_unit, expected)
        if self.warrant_unit is not None:
            check_choice(self, "warrant_unit", get_args(WarrantUnit))
        chances = [case.probability_share for case in self.step_ups if case.probability_share is not None]
        if chances and (len(chances) < len(self.step_ups) or sum(chances) != 1):
            expected = "probability_share of all step_ups, adding up to 1, or of none"
            raise InputError("contradiction", path(self, "step_ups"), self.step_ups, expected)

    @property
    def owed(self) -> Fraction:
        """D, what the lender is owed at the later round."""
        if self.effective_cost_rate is None:
            return self.repaid or Fraction(0)
        years = Fraction(self.months_to_later_round, MONTHS_PER_YEAR)
        return self.amount * compounded(self.effective_cost_rate, years)

    @property
    def warrants_per_share(self) -> Fraction:
        """w: a share of the loan buys stock at today's pre-money, V a share outstanding."""
        of_loan = self.amount / self.pre_money if self.warrant_unit == "share_of_loan" else 1
        return self.warrant_coverage_share * of_loan

    def founders_with_equity(self, later: Fraction) -> Fraction:
        """Founders' share after both rounds, the later one at that pre-money."""
        kept = self.pre_money / (self.pre_money + self.amount)
        return self.founders_share * kept * later / (later + self.later_money)

    def founders_with_debt(self, later: Fraction) -> Fraction:
        """Founders' share after the later round has repaid the debt; nothing where the value does not cover it."""
        if self.later_pre_money == "ignores_debt":
            kept = later / (later + self.later_money + self.owed)
        else:
            kept = max(later - self.owed, Fraction(0)) / (later + self.later_money)
        return self.founders_share * kept / (1 + self.warrants_per_share)


@dataclass(frozen=True)
class StepUpOutcome:
    """Founders' share each way at one later pre-money."""

    step_up: Fraction
    probability_share: Fraction | None
    later_pre_money: Fraction
    founders_with_equity: Fraction
    founders_with_debt: Fraction
    debt_keeps_more: Fraction


@dataclass(frozen=True)
class DebtOrEquityOutcome:
    """Where the two ways meet, and what founders own around it.

    sold_now: what the round today would sell
    repayment_multiple: owed at the later round over the amount
    break_even_step_up: the later pre-money over today's pre-money; above it debt leaves founders more, None where
        nothing does; break_even_step_up_on_post_money: over what the post-money would be today, as step-ups are quoted
    break_even_probability: of the higher of exactly two step-ups, None where no chance or every chance favours debt
    """

    owed_at_later_round: Fraction
    repayment_multiple: Fraction
    sold_now: Fraction
    warrant_share: Fraction
    break_even_pre_money: Fraction | None
    break_even_step_up: Fraction | None
    break_even_step_up_on_post_money: Fraction | None
    expected_founders_with_equity: Fraction | None
    expected_founders_with_debt: Fraction | None
    break_even_probability: Fraction | None
    cases: tuple[StepUpOutcome, ...]


def debt_or_equity_outcome(deal: DebtOrEquity) -> DebtOrEquityOutcome:
    """The step-up at which both ways leave founders the same, and their share each way in each case."""
    cases = tuple(_case(deal, one) for one in deal.step_ups)
    even, warrants = break_even_pre_money(deal), deal.warrants_per_share
    known = bool(cases) and cases[0].probability_share is not None
    post_money = deal.pre_money + deal.amount
    return DebtOrEquityOutcome(
        owed_at_later_round=deal.owed,
        repayment_multiple=deal.owed / deal.amount,
        sold_now=deal.amount / post_money,
        warrant_share=warrants / (1 + warrants),
        break_even_pre_money=even,
        break_even_step_up=None if even is None else even / deal.pre_money,
        break_even_step_up_on_post_money=None if even is None else even / post_money,
        expected_founders_with_equity=_expected(cases, "founders_with_equity") if known else None,
        expected_founders_with_debt=_expected(cases, "founders_with_debt") if known else None,
        break_even_probability=_break_even_probability(cases),
        cases=cases,
    )


def break_even_pre_money(deal: DebtOrEquity) -> Fraction | None:
    """X at which founders own the same both ways (derived above); None where equity leaves more at every X.

    A value that is not positive says that debt leaves more at every X: 0 is returned.
    """
    needed, pre_money, warrants = deal.amount, deal.pre_money, deal.warrants_per_share
    more = needed - pre_money * warrants
    if more <= 0:
        return None
    if deal.later_pre_money == "debt_taken_off":
        return deal.owed * (pre_money + needed) / more
    raised = pre_money * (1 + warrants) * (deal.later_money + deal.owed)
    return max((raised - (pre_money + needed) * deal.later_money) / more, Fraction(0))


def _case(deal: DebtOrEquity, one: StepUp) -> StepUpOutcome:
    later = one.step_up * deal.pre_money
    equity, debt = deal.founders_with_equity(later), deal.founders_with_debt(later)
    return StepUpOutcome(one.step_up, one.probability_share, later, equity, debt, debt - equity)


def _expected(cases: tuple[StepUpOutcome, ...], field: str) -> Fraction:
    return sum((getattr(case, field) * (case.probability_share or 0) for case in cases), Fraction(0))


def _break_even_probability(cases: tuple[StepUpOutcome, ...]) -> Fraction | None:
    """p of the higher case in p gain + (1 - p) loss = 0, the gains of debt over equity being of unlike sign."""
    if len(cases) != 2:
        return None
    low, high = sorted(cases, key=lambda case: case.step_up)
    if low.debt_keeps_more * high.debt_keeps_more >= 0:
        return None
    return low.debt_keeps_more / (low.debt_keeps_more - high.debt_keeps_more)
