"""A venture loan: its schedule, what it costs a year with its fees, and with its warrants.

The cost of a loan is the rate at which what the lender pays out and receives has no present value; the warrants add
W (P - K) when they are exercised, P being the share price then and K the strike. They dilute by the treasury-stock
method: the exercise money buys shares back, so W (1 - K / P) are new. Sources quote warrants as a share of the loan
(W = share x loan / K), as a share of the fully diluted company, or as a number; 10 % of one is not 10 % of the other,
so the unit has no default.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from fractions import Fraction
from math import floor
from typing import Literal, get_args

from core.capital.checks import check_all, check_choice, check_flag, check_whole, path, settle, settle_if_given
from core.capital.deals.loan_schedule import (
    Amortization,
    Draw,
    LoanMonth,
    Repayment,
    check_repayment,
    lender_flows,
    loan_fees,
    loan_schedule,
    repaid_early,
    settle_each,
    yearly_cost,
)
from core.capital.debt import MONTHS_PER_YEAR
from core.errors import InputError

WarrantUnit = Literal["share_of_loan", "share_of_fully_diluted", "number_of_shares"]


@dataclass(frozen=True)
class Warrants:
    """Options on shares that a lender gets beside its interest.

    unit: what the lender was promised: `coverage_share` of the loan's amount in stock at the strike price,
        `coverage_share` of the fully diluted company, or `shares`
    counts_itself: a share of the fully diluted company that includes the warrants themselves
    fully_diluted_shares: before the warrants; needed for that unit, and to say how far they dilute
    exit_share_price: expected value of a share when they are exercised, in `exit_month` (None: with the last payment)
    """

    unit: WarrantUnit
    strike_price: Fraction
    coverage_share: Fraction | None = None
    shares: int | None = None
    counts_itself: bool = False
    fully_diluted_shares: int | None = None
    exit_share_price: Fraction | None = None
    exit_month: int | None = None

    def __post_init__(self) -> None:
        check_choice(self, "unit", get_args(WarrantUnit))
        settle(self, "strike_price", "0 < strike_price", lambda price: price > 0)
        settle_if_given(self, "coverage_share", "0 < coverage_share", lambda share: share > 0)
        settle_if_given(self, "exit_share_price", "0 <= exit_share_price", lambda price: price >= 0)
        check_flag(self, "counts_itself")
        for field, least in (("shares", 1), ("fully_diluted_shares", 1), ("exit_month", 0)):
            if getattr(self, field) is not None:
                check_whole(self, field, least)
        self._need("shares", self.unit == "number_of_shares")
        self._need("coverage_share", self.unit != "number_of_shares")
        if self.unit == "share_of_fully_diluted":
            if self.fully_diluted_shares is None:
                raise InputError("missing", path(self, "fully_diluted_shares"), None, "1 <= fully_diluted_shares")
            if self.coverage_share is not None and self.coverage_share >= 1:
                raise InputError(
                    "out_of_range", path(self, "coverage_share"), self.coverage_share, "coverage_share < 1"
                )
        elif self.counts_itself:
            expected = 'counts_itself only with unit = "share_of_fully_diluted"'
            raise InputError("contradiction", path(self, "counts_itself"), True, expected)

    def _need(self, field: str, needed: bool) -> None:
        if needed and getattr(self, field) is None:
            raise InputError("missing", path(self, field), None, f"{field} given with unit = {self.unit!r}")
        if not needed and getattr(self, field) is not None:
            expected = f"{field} left out with unit = {self.unit!r}"
            raise InputError("contradiction", path(self, field), getattr(self, field), expected)

    def shares_on(self, loan: Fraction) -> int:
        """How many shares the lender may buy, rounded down."""
        if self.unit == "number_of_shares" or self.coverage_share is None:
            return self.shares or 0
        if self.unit == "share_of_loan":
            return floor(self.coverage_share * loan / self.strike_price)
        of_old = self.coverage_share / (1 - self.coverage_share) if self.counts_itself else self.coverage_share
        return floor(of_old * (self.fully_diluted_shares or 0))


@dataclass(frozen=True)
class VentureDebt:
    """Terms of a loan; months count from closing, fees are shares of `amount` or amounts, and add up.

    draws: must sum to `amount` within the months of interest only; () is all of it at closing
    unused_fee_rate: a year, on what is not drawn yet
    amortization_months: 0 repays everything in the last month of interest only
    repaid_after_months: the whole rest is repaid then, with the `prepayment_fee_share` of the year of the loan it falls
        in on that rest, e.g. (3 %, 2 %, 1 %), nothing after the last one named
    deposit_rate: what a balance as large as the loan's earns a year while it is not spent
    """

    amount: Fraction
    interest_rate: Fraction
    interest_only_months: int
    amortization_months: int
    amortization: Amortization = "level_payment"
    upfront_fee_share: Fraction = Fraction(0)
    upfront_fee: Fraction = Fraction(0)
    end_of_term_fee_share: Fraction = Fraction(0)
    end_of_term_fee: Fraction = Fraction(0)
    unused_fee_rate: Fraction = Fraction(0)
    draws: tuple[Draw, ...] = ()
    balloon_share: Fraction = Fraction(0)
    warrants: Warrants | None = None
    repaid_after_months: int | None = None
    prepayment_fee_share: tuple[Fraction, ...] = ()
    deposit_rate: Fraction = Fraction(0)
    payment_step: Fraction | None = None

    def __post_init__(self) -> None:
        settle(self, "amount", "0 < amount", lambda amount: amount > 0)
        check_repayment(self)
        for field in ("upfront_fee", "end_of_term_fee"):
            settle(self, field, f"0 <= {field}", lambda fee: fee >= 0)
        for field in ("upfront_fee_share", "end_of_term_fee_share", "unused_fee_rate", "deposit_rate"):
            settle(self, field, f"0 <= {field} < 1", lambda share: 0 <= share < 1)
        settle_each(self, "prepayment_fee_share", "0 <= prepayment_fee_share < 1", lambda share: 0 <= share < 1)
        check_all(self, "draws", Draw)
        if self.warrants is not None and not isinstance(self.warrants, Warrants):
            raise InputError("wrong_type", path(self, "warrants"), self.warrants, "Warrants | None")
        self._check_months()
        if self.upfront_fee + self.amount * self.upfront_fee_share >= self.amount:
            expected = "upfront_fee + amount * upfront_fee_share < amount"
            raise InputError("out_of_range", path(self, "upfront_fee"), self.upfront_fee, expected)

    def _check_months(self) -> None:
        if self.draws and sum(draw.amount for draw in self.draws) != self.amount:
            raise InputError("contradiction", path(self, "draws"), self.draws, "sum of draws = amount")
        last_draw = self.repayment.last_draw_month
        if any(draw.month > last_draw for draw in self.draws):
            expected = f"month of each draw <= {last_draw}, before the loan is repaid"
            raise InputError("out_of_range", path(self, "draws"), self.draws, expected)
        if self.repaid_after_months is None:
            return
        check_whole(self, "repaid_after_months", 1)
        earliest = max((draw.month for draw in self.draws), default=0) + 1
        if not earliest <= self.repaid_after_months <= self.repayment.months:
            expected = f"{earliest} <= repaid_after_months <= {self.repayment.months}"
            raise InputError("out_of_range", path(self, "repaid_after_months"), self.repaid_after_months, expected)

    @property
    def repayment(self) -> Repayment:
        return Repayment(**{field.name: getattr(self, field.name) for field in fields(Repayment)})

    @property
    def schedule(self) -> tuple[LoanMonth, ...]:
        """Each month from closing (0), until the last payment."""
        draws = self.draws or (Draw(0, self.amount),)
        end = self.repayment.months if self.repaid_after_months is None else self.repaid_after_months
        upfront = self.upfront_fee + self.amount * self.upfront_fee_share
        end_of_term = self.end_of_term_fee + self.amount * self.end_of_term_fee_share
        fees = loan_fees(draws, upfront, self.unused_fee_rate, end, end_of_term)
        rows = loan_schedule(draws, self.repayment, fees)
        if self.repaid_after_months is None:
            return rows
        year = (end - 1) // MONTHS_PER_YEAR
        rest_fee = self.prepayment_fee_share[year] if year < len(self.prepayment_fee_share) else Fraction(0)
        return repaid_early(rows, end, rest_fee)


@dataclass(frozen=True)
class WarrantsOutcome:
    """What the warrants come to.

    value_at_exit: W (P - K), nothing below the strike; None without an exit price, like what follows from it
    treasury_method_shares: W (1 - K / P); treasury_method_dilution: their share of the company after them
    fully_diluted_share: all of the shares, as a cap table counts them before exercise
    """

    shares: int
    exercise_price: Fraction
    fully_diluted_share: Fraction | None
    value_at_exit: Fraction | None
    treasury_method_shares: Fraction | None
    treasury_method_dilution: Fraction | None


@dataclass(frozen=True)
class VentureDebtOutcome:
    """What the loan costs. `total_paid` is interest, principal and all fees; `total_cost` is it less the amount.

    effective_cost: a year, compounded monthly; nominal_cost: 12 times the monthly rate
    interest_on_deposits: at the deposit rate on the balance owed; `net_interest` is the interest less it
    """

    level_payment: Fraction | None
    months: int
    net_proceeds: Fraction
    total_interest: Fraction
    total_fees: Fraction
    total_paid: Fraction
    total_cost: Fraction
    interest_on_deposits: Fraction
    net_interest: Fraction
    effective_cost: float | None
    nominal_cost: float | None
    effective_cost_with_warrants: float | None
    nominal_cost_with_warrants: float | None
    warrants: WarrantsOutcome | None
    schedule: tuple[LoanMonth, ...]


def venture_debt_outcome(loan: VentureDebt) -> VentureDebtOutcome:
    """Schedule, totals and yearly cost of the loan, without and with its warrants."""
    schedule = loan.schedule
    flows = lender_flows(schedule)
    effective, nominal = yearly_cost(flows)
    warrants = None if loan.warrants is None else warrants_outcome(loan.warrants, loan.amount)
    effective_with, nominal_with = _cost_with_warrants(loan.warrants, warrants, flows)
    interest = sum((row.interest for row in schedule), Fraction(0))
    fees = sum((row.fee for row in schedule), Fraction(0))
    deposits = sum((row.owed for row in schedule), Fraction(0)) * loan.deposit_rate / MONTHS_PER_YEAR
    return VentureDebtOutcome(
        level_payment=loan.repayment.level_payment(loan.amount),
        months=len(schedule) - 1,
        net_proceeds=loan.amount - schedule[0].fee,
        total_interest=interest,
        total_fees=fees,
        total_paid=loan.amount + interest + fees,
        total_cost=interest + fees,
        interest_on_deposits=deposits,
        net_interest=interest - deposits,
        effective_cost=effective,
        nominal_cost=nominal,
        effective_cost_with_warrants=effective_with,
        nominal_cost_with_warrants=nominal_with,
        warrants=warrants,
        schedule=schedule,
    )


def warrants_outcome(terms: Warrants, loan: Fraction) -> WarrantsOutcome:
    """Number, value and dilution of the warrants on a loan of that amount."""
    shares, price = terms.shares_on(loan), terms.exit_share_price
    old = terms.fully_diluted_shares
    value = None if price is None else shares * max(price - terms.strike_price, Fraction(0))
    new = None if price is None or value is None else value / price if price else Fraction(0)
    return WarrantsOutcome(
        shares=shares,
        exercise_price=shares * terms.strike_price,
        fully_diluted_share=None if old is None else Fraction(shares, old + shares),
        value_at_exit=value,
        treasury_method_shares=new,
        treasury_method_dilution=None if old is None or new is None else new / (old + new),
    )


def _cost_with_warrants(
    terms: Warrants | None, outcome: WarrantsOutcome | None, flows: Sequence[Fraction]
) -> tuple[float | None, float | None]:
    if terms is None or outcome is None or outcome.value_at_exit is None:
        return None, None
    month = len(flows) - 1 if terms.exit_month is None else terms.exit_month
    with_value = [*flows, *[Fraction(0)] * (month + 1 - len(flows))]
    with_value[month] += outcome.value_at_exit
    return yearly_cost(with_value)
