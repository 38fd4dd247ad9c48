"""The debt of a buyout: tranches in order of seniority, and what one year's cash pays of them.

Interest falls due on the balance at the start of the year or on the average of start and end. The average makes the
year circular, because what is swept lowers the interest that is paid before it. Between the points where a tranche is
paid off or the tax changes its law everything is linear in the cash that is offered, so the year is solved exactly.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from core.capital.checks import check_flag, check_name, path, settle, settle_if_given
from core.capital.deals.operating_case import settle_all
from core.errors import InputError


@dataclass(frozen=True)
class Tranche:
    """One loan: its size as an amount, a multiple of EBITDA or a share of the purchase price.

    interest_rate: paid in cash each year; pik_rate: added to the balance instead, on the balance at the year's start
    amortization_rate: what must be repaid each year, of the first balance; yearly_amortization_rate: of each year
    sweep_share: the part of the cash then left that it takes, after the tranches before it; 0 is repaid at the end
    fee_rate: of the amount, to its lender; fee_capitalized: written off over the years and deducted from taxable income
    held_by_sponsor: a shareholder's loan, whose payments are the sponsor's
    """

    name: str
    amount: Fraction | None = None
    ebitda_multiple: Fraction | None = None
    purchase_share: Fraction | None = None
    interest_rate: Fraction = Fraction(0)
    pik_rate: Fraction = Fraction(0)
    amortization_rate: Fraction = Fraction(0)
    yearly_amortization_rate: tuple[Fraction, ...] = ()
    sweep_share: Fraction = Fraction(1)
    fee_rate: Fraction = Fraction(0)
    fee_capitalized: bool = True
    held_by_sponsor: bool = False

    def __post_init__(self) -> None:
        check_name(self, "name")
        for field in ("amount", "ebitda_multiple", "purchase_share"):
            settle_if_given(self, field, f"0 <= {field}", lambda size: size >= 0)
        for field in ("interest_rate", "pik_rate", "amortization_rate", "sweep_share", "fee_rate"):
            settle(self, field, f"0 <= {field} <= 1", lambda rate: 0 <= rate <= 1)
        settle_all(self, "yearly_amortization_rate")
        check_flag(self, "fee_capitalized")
        check_flag(self, "held_by_sponsor")
        if sum(one is not None for one in (self.amount, self.ebitda_multiple, self.purchase_share)) != 1:
            expected = "exactly one of amount, ebitda_multiple, purchase_share"
            raise InputError("contradiction", path(self, "amount"), self.amount, expected)
        if not all(0 <= one <= 1 for one in self.yearly_amortization_rate):
            shown = self.yearly_amortization_rate
            raise InputError("out_of_range", path(self, "yearly_amortization_rate"), shown, "0 <= each rate <= 1")

    def must_repay(self, year: int, first: Fraction, owed: Fraction) -> Fraction:
        """What falls due in year 1, 2, ... of the first balance, at most what is owed; 0 after a typed list's end."""
        typed = self.yearly_amortization_rate
        rate = typed[year - 1] if year <= len(typed) else Fraction(0) if typed else self.amortization_rate
        return min(owed, first * rate)


@dataclass(frozen=True)
class TrancheYear:
    """One tranche in one year; closing = opening + added_interest - mandatory - swept."""

    year: int
    name: str
    opening: Fraction
    interest: Fraction
    added_interest: Fraction
    mandatory: Fraction
    swept: Fraction
    closing: Fraction


@dataclass(frozen=True)
class Cash:
    """A year's cash before it meets the debt, and how it is taxed.

    before_interest: EBITDA less capital expenditure and the increase of working capital
    taxable: EBITDA less depreciation and what is written off of fees
    deductible_share: of the interest, PIK included, up to deductible_limit
    """

    opening: Fraction
    least: Fraction
    before_interest: Fraction
    taxable: Fraction
    tax_rate: Fraction
    deductible_share: Fraction
    deductible_limit: Fraction | None
    on_average: bool


@dataclass(frozen=True)
class ServedYear:
    """free_cash_flow is after interest and tax, before repayments."""

    tranches: tuple[TrancheYear, ...]
    tax: Fraction
    free_cash_flow: Fraction
    cash: Fraction


def serve(
    year: int, tranches: Sequence[Tranche], first: Sequence[Fraction], opening: Sequence[Fraction], cash: Cash
) -> ServedYear:
    """Interest, what must be repaid, and the sweep of what is then left over the least cash, senior debt first.

    Only the cash that the year brings is swept. Where that does not pay for what must be repaid, cash falls.
    """
    mandatory = [one.must_repay(year, at, owed) for one, at, owed in zip(tranches, first, opening, strict=True)]
    left = [owed - paid for owed, paid in zip(opening, mandatory, strict=True)]
    needed = sum(mandatory, Fraction(0)) + max(Fraction(0), cash.least - cash.opening)

    def rows(offered: Fraction) -> tuple[TrancheYear, ...]:
        swept = _swept(tranches, left, offered)
        return tuple(
            _row(year, one, owed, paid, taken, on_average=cash.on_average)
            for one, owed, paid, taken in zip(tranches, opening, mandatory, swept, strict=True)
        )

    def flow(offered: Fraction) -> Fraction:
        paid = rows(offered)
        return cash.before_interest - sum((row.interest for row in paid), Fraction(0)) - tax(cash, paid)

    offered = max(Fraction(0), flow(Fraction(0)) - needed)
    if cash.on_average and offered:
        offered = _circular(lambda sum_: flow(sum_) - needed, _knots(tranches, left, cash, rows))
    paid = rows(offered)
    brought = flow(offered)
    repaid = sum((row.mandatory + row.swept for row in paid), Fraction(0))
    return ServedYear(paid, tax(cash, paid), brought, cash.opening + brought - repaid)


def tax(cash: Cash, rows: Sequence[TrancheYear]) -> Fraction:
    """Tax of the year, never negative: a loss is not carried to another year."""
    return cash.tax_rate * max(Fraction(0), cash.taxable - _deducted(cash, rows))


def _deducted(cash: Cash, rows: Sequence[TrancheYear]) -> Fraction:
    interest = cash.deductible_share * sum((row.interest + row.added_interest for row in rows), Fraction(0))
    return interest if cash.deductible_limit is None else min(interest, cash.deductible_limit)


def _row(
    year: int, tranche: Tranche, opening: Fraction, mandatory: Fraction, swept: Fraction, *, on_average: bool
) -> TrancheYear:
    added = opening * tranche.pik_rate
    closing = opening + added - mandatory - swept
    basis = (opening + closing) / 2 if on_average else opening
    return TrancheYear(year, tranche.name, opening, tranche.interest_rate * basis, added, mandatory, swept, closing)


def _swept(tranches: Sequence[Tranche], owed: Sequence[Fraction], offered: Fraction) -> list[Fraction]:
    swept = []
    for tranche, balance in zip(tranches, owed, strict=True):
        swept.append(min(balance, tranche.sweep_share * offered))
        offered -= swept[-1]
    return swept


def _circular(left_by: Callable[[Fraction], Fraction], knots: Sequence[Fraction]) -> Fraction:
    """The offered cash x = left_by(x), of a function that is linear between the knots and constant after the last.

    Interest of at most 100 % gives it a slope below 1, so there is one.
    """
    for low, high in pairwise(knots):
        over_low, over_high = left_by(low) - low, left_by(high) - high
        if over_low >= 0 > over_high:
            return low + (high - low) * over_low / (over_low - over_high)
    return left_by(knots[-1])


def _knots(
    tranches: Sequence[Tranche],
    owed: Sequence[Fraction],
    cash: Cash,
    rows: Callable[[Fraction], tuple[TrancheYear, ...]],
) -> list[Fraction]:
    """Where a tranche is paid off, the limit of deductible interest binds or taxable income turns positive."""
    knots = [Fraction(0)]
    for number, (tranche, balance) in enumerate(zip(tranches, owed, strict=True)):
        if tranche.sweep_share:
            offered = balance / tranche.sweep_share
            for senior, of_senior in zip(tranches[:number][::-1], owed[:number][::-1], strict=True):
                share = senior.sweep_share
                whole = offered / (1 - share) if share < 1 else None
                offered = whole if whole is not None and share * whole <= of_senior else offered + of_senior
            knots.append(offered)
    knots = sorted(set(knots))
    limit = cash.deductible_limit
    if limit is not None:
        unlimited = Cash(**{**vars(cash), "deductible_limit": None})
        knots = _with_zeros(knots, lambda offered: _deducted(unlimited, rows(offered)) - limit)
    return _with_zeros(knots, lambda offered: cash.taxable - _deducted(cash, rows(offered)))


def _with_zeros(knots: Sequence[Fraction], line: Callable[[Fraction], Fraction]) -> list[Fraction]:
    """The knots and the zeros between them of a function that is linear there."""
    found = list(knots)
    for low, high in pairwise(knots):
        at_low, at_high = line(low), line(high)
        if at_low * at_high < 0:
            found.append(low + (high - low) * at_low / (at_low - at_high))
    return sorted(found)
