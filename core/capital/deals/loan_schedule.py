"""The monthly schedule of a term loan, exactly: draws, months of interest only, amortisation, a balloon, fees.

A month's interest is the balance at its start times i = rate / 12. The level payment that takes a balance A down to a
balloon B in n months, with v = 1 / (1 + i), is

    P = (A - B v^n) i / (1 - v^n), without interest (A - B) / n

and the other usual way repays the same principal (A - B) / n each month. What is not rounded is a Fraction, so the
balance is zero at the end and not nearly so. A borrower pays whole cents: `payment_step` rounds each month's interest
and payment, half to even, and the last month pays what is left.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal, get_args

from core.capital.checks import check_choice, check_whole, exact_number, path, settle, settle_if_given
from core.capital.debt import MONTHS_PER_YEAR
from core.capital.returns import irrs
from core.errors import InputError

Amortization = Literal["level_payment", "level_principal"]

MOST_MONTHS = 600


@dataclass(frozen=True)
class Draw:
    """Money paid out at the end of a month after closing, 0 being the closing itself."""

    month: int
    amount: Fraction

    def __post_init__(self) -> None:
        check_whole(self, "month", 0)
        settle(self, "amount", "0 < amount", lambda amount: amount > 0)


@dataclass(frozen=True)
class Repayment:
    """How a loan is repaid; months count from closing, the balloon is a share of all that was drawn.

    payment_step: payments are whole multiples of it, 1/100 for cents; None leaves them exact
    """

    interest_rate: Fraction
    interest_only_months: int
    amortization_months: int
    amortization: Amortization = "level_payment"
    balloon_share: Fraction = Fraction(0)
    payment_step: Fraction | None = None

    @property
    def months(self) -> int:
        return self.interest_only_months + self.amortization_months

    @property
    def last_draw_month(self) -> int:
        """Draws end before the loan is repaid."""
        return self.interest_only_months - (0 if self.amortization_months else 1)

    def level_payment(self, amount: Fraction) -> Fraction | None:
        """Interest and principal of each month of amortisation, None where it is not level."""
        if self.amortization != "level_payment" or self.amortization_months == 0:
            return None
        monthly, months, balloon = self.interest_rate / MONTHS_PER_YEAR, self.amortization_months, self.balloon(amount)
        if monthly == 0:
            return self._rounded((amount - balloon) / months)
        discount = 1 / (1 + monthly) ** months
        return self._rounded((amount - balloon * discount) * monthly / (1 - discount))

    def level_principal(self, amount: Fraction) -> Fraction:
        """The principal of each month of amortisation where that is level."""
        return self._rounded((amount - self.balloon(amount)) / max(self.amortization_months, 1))

    def balloon(self, amount: Fraction) -> Fraction:
        """What the last month repays beside its instalment; with no amortisation, everything."""
        return amount * (self.balloon_share if self.amortization_months else 1)

    def interest(self, owed: Fraction) -> Fraction:
        """A month's interest on what is owed at its start."""
        return self._rounded(owed * self.interest_rate / MONTHS_PER_YEAR)

    def _rounded(self, amount: Fraction) -> Fraction:
        return amount if self.payment_step is None else round(amount / self.payment_step) * self.payment_step


@dataclass(frozen=True)
class LoanMonth:
    """What the lender pays out and receives in one month, and what is owed after it.

    lump_sum: the part of the principal that is no instalment: a balloon, or the rest of a loan repaid early
    paid: interest, principal and fee
    """

    month: int
    drawn: Fraction
    interest: Fraction
    principal: Fraction
    lump_sum: Fraction
    fee: Fraction
    paid: Fraction
    owed: Fraction


def loan_schedule(draws: Sequence[Draw], terms: Repayment, fees: Mapping[int, Fraction]) -> tuple[LoanMonth, ...]:
    """Each month from closing (0) to maturity; `fees` are paid in the months they stand under."""
    total = sum((draw.amount for draw in draws), Fraction(0))
    level, equal = terms.level_payment(total), terms.level_principal(total)
    owed, rows = Fraction(0), []
    for month in range(terms.months + 1):
        drawn = sum((draw.amount for draw in draws if draw.month == month), Fraction(0))
        interest, principal = terms.interest(owed), Fraction(0)
        if month == terms.months:
            principal = owed
        elif month > terms.interest_only_months:
            principal = min(max(equal if level is None else level - interest, Fraction(0)), owed)
        fee = fees.get(month, Fraction(0))
        owed += drawn - principal
        lump_sum = terms.balloon(total) if month == terms.months else Fraction(0)
        rows.append(LoanMonth(month, drawn, interest, principal, lump_sum, fee, interest + principal + fee, owed))
    return tuple(rows)


def loan_fees(
    draws: Sequence[Draw], upfront: Fraction, unused_fee_rate: Fraction, end: int, end_of_term: Fraction
) -> dict[int, Fraction]:
    """Fees by month: at closing, each month on what is not drawn yet, and in the last month."""
    fees = {0: upfront}
    for month in range(1, max(draw.month for draw in draws) + 1):
        unused = sum((draw.amount for draw in draws if draw.month >= month), Fraction(0))
        fees[month] = unused * unused_fee_rate / MONTHS_PER_YEAR
    fees[end] = fees.get(end, Fraction(0)) + end_of_term
    return fees


def repaid_early(schedule: Sequence[LoanMonth], month: int, fee_share: Fraction) -> tuple[LoanMonth, ...]:
    """The schedule up to the month in which the rest is repaid at once, with a fee on that rest."""
    last = schedule[month]
    fee = last.owed * fee_share
    closed = replace(
        last,
        principal=last.principal + last.owed,
        lump_sum=last.lump_sum + last.owed,
        fee=last.fee + fee,
        paid=last.paid + last.owed + fee,
        owed=Fraction(0),
    )
    return (*schedule[:month], closed)


def lender_flows(schedule: Sequence[LoanMonth]) -> list[Fraction]:
    """What the lender receives less what it pays out, month by month."""
    return [row.paid - row.drawn for row in schedule]


def yearly_cost(
    flows: Sequence[Fraction], periods_per_year: float = MONTHS_PER_YEAR
) -> tuple[float | None, float | None]:
    """What the flows of a provider of money earn a year: the effective rate (1 + i)^12 - 1 and the nominal one, 12 i.

    Where more than one i makes the present values sum to zero (a fee before the first draw), the one nearest to zero;
    None for both where there is none, or a rate beyond a float.
    """
    largest = max(abs(flow) for flow in flows)
    rates = irrs([float(flow / largest) for flow in flows]) if largest else ()
    if not rates:
        return None, None
    rate = min(rates, key=abs)
    try:
        return (1 + rate) ** periods_per_year - 1, periods_per_year * rate
    except OverflowError:
        return None, None


def check_repayment(noun: object) -> None:
    """Checks of the terms that the kinds of loan have in common, by the names of `Repayment`'s fields."""
    settle(noun, "interest_rate", "0 <= interest_rate", lambda rate: rate >= 0)
    spans = ("interest_only_months", "amortization_months")
    for field in spans:
        check_whole(noun, field, 0)
    check_choice(noun, "amortization", get_args(Amortization))
    settle(noun, "balloon_share", "0 <= balloon_share <= 1", lambda share: 0 <= share <= 1)
    settle_if_given(noun, "payment_step", "0 < payment_step", lambda step: step > 0)
    months = sum(getattr(noun, field) for field in spans)
    if not 0 < months <= MOST_MONTHS:
        expected = f"0 < interest_only_months + amortization_months <= {MOST_MONTHS}"
        raise InputError("out_of_range", path(noun, "amortization_months"), months, expected)


def settle_each(noun: object, field: str, expected: str, holds: Callable[[Fraction], bool]) -> None:
    """Check a tuple of numbers and keep it as Fractions."""
    value = getattr(noun, field)
    if not isinstance(value, tuple):
        raise InputError("wrong_type", path(noun, field), value, "tuple[Fraction, ...]")
    numbers = tuple(exact_number(path(noun, field), one) for one in value)
    for number in numbers:
        if not holds(number):
            raise InputError("out_of_range", path(noun, field), number, expected)
    object.__setattr__(noun, field, numbers)
