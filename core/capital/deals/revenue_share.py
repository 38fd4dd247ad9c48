"""Revenue-based finance: an advance repaid by a share of each month's revenue until a multiple of it is reached.

The sum to repay is fixed, the time is not: revenue that grows faster repays sooner, so the same multiple costs more a
year.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal, get_args

from core.capital.checks import check_choice, check_whole, path, settle, settle_if_given
from core.capital.deals.loan_schedule import MOST_MONTHS, settle_each, yearly_cost
from core.errors import InputError


@dataclass(frozen=True)
class RevenueShare:
    """Terms and the revenue they are paid from: each month's, or the first one and its growth a month.

    revenue_share: of a month's revenue, but at least `minimum_payment`, until cap_multiple x advance is paid
    grace_months: without payment at the start, whatever the revenue
    maximum_months: after which what is unpaid is due at once or forgiven; None waits until the cap is paid
    compared_growth_rate: monthly growth rates to show beside the one given
    """

    advance: Fraction
    revenue_share: Fraction
    cap_multiple: Fraction
    first_month_revenue: Fraction | None = None
    monthly_growth_rate: Fraction = Fraction(0)
    monthly_revenue: tuple[Fraction, ...] = ()
    minimum_payment: Fraction = Fraction(0)
    grace_months: int = 0
    maximum_months: int | None = None
    unpaid_at_maximum: Literal["due", "forgiven"] = "due"
    upfront_fee_share: Fraction = Fraction(0)
    upfront_fee: Fraction = Fraction(0)
    compared_growth_rate: tuple[Fraction, ...] = ()

    def __post_init__(self) -> None:
        settle(self, "advance", "0 < advance", lambda amount: amount > 0)
        settle(self, "revenue_share", "0 < revenue_share <= 1", lambda share: 0 < share <= 1)
        settle(self, "cap_multiple", "1 <= cap_multiple", lambda multiple: multiple >= 1)
        settle_if_given(self, "first_month_revenue", "0 < first_month_revenue", lambda revenue: revenue > 0)
        settle(self, "monthly_growth_rate", "-1 < monthly_growth_rate <= 1", lambda rate: -1 < rate <= 1)
        settle_each(self, "monthly_revenue", "0 <= monthly_revenue", lambda revenue: revenue >= 0)
        settle_each(self, "compared_growth_rate", "-1 < compared_growth_rate <= 1", lambda rate: -1 < rate <= 1)
        settle(self, "minimum_payment", "0 <= minimum_payment", lambda amount: amount >= 0)
        settle(self, "upfront_fee_share", "0 <= upfront_fee_share < 1", lambda share: 0 <= share < 1)
        settle(self, "upfront_fee", "0 <= upfront_fee", lambda fee: fee >= 0)
        check_whole(self, "grace_months", 0)
        check_choice(self, "unpaid_at_maximum", get_args(Literal["due", "forgiven"]))
        if self.upfront_fees >= self.advance:
            expected = "upfront_fee + advance * upfront_fee_share < advance"
            raise InputError("out_of_range", path(self, "upfront_fee"), self.upfront_fee, expected)
        self._check_months()

    def _check_months(self) -> None:
        if (self.first_month_revenue is None) == (not self.monthly_revenue):
            expected = "either first_month_revenue or monthly_revenue"
            raise InputError("contradiction", path(self, "first_month_revenue"), self.first_month_revenue, expected)
        if self.monthly_revenue and (self.monthly_growth_rate or self.compared_growth_rate):
            expected = "growth rates only with first_month_revenue"
            raise InputError("contradiction", path(self, "monthly_growth_rate"), self.monthly_growth_rate, expected)
        if len(self.monthly_revenue) > MOST_MONTHS:
            expected = f"len(monthly_revenue) <= {MOST_MONTHS}"
            raise InputError("too_large", path(self, "monthly_revenue"), len(self.monthly_revenue), expected)
        if self.maximum_months is not None:
            check_whole(self, "maximum_months", self.grace_months + 1)
            if self.maximum_months > MOST_MONTHS:
                expected = f"maximum_months <= {MOST_MONTHS}"
                raise InputError("out_of_range", path(self, "maximum_months"), self.maximum_months, expected)

    @property
    def upfront_fees(self) -> Fraction:
        return self.upfront_fee + self.advance * self.upfront_fee_share

    def revenues(self) -> Iterator[Fraction]:
        """Each month's revenue, as long as it is known."""
        if self.first_month_revenue is None:
            yield from self.monthly_revenue
            return
        revenue = self.first_month_revenue
        for _ in range(MOST_MONTHS):
            yield revenue
            revenue *= 1 + self.monthly_growth_rate


@dataclass(frozen=True)
class RevenueShareMonth:
    """A month's revenue, what is paid of it and what is left of the sum to repay."""

    month: int
    revenue: Fraction
    payment: Fraction
    left: Fraction


@dataclass(frozen=True)
class GrowthCompared:
    """How long the same terms run and what they cost a year if revenue grows at another monthly rate."""

    monthly_growth_rate: Fraction
    months_to_repay: int | None
    total_paid: Fraction
    effective_cost: float | None


@dataclass(frozen=True)
class RevenueShareOutcome:
    """What the advance costs.

    months_to_repay: None where the known revenue does not repay it, or its rest is forgiven
    total_paid: to the provider, without upfront fees; unpaid: what is left when months or revenues end
    effective_cost: a year, compounded monthly, upfront fees in it; nominal_cost: 12 times the monthly rate; both None
        while something is left to pay
    """

    to_repay: Fraction
    net_proceeds: Fraction
    months_to_repay: int | None
    total_paid: Fraction
    unpaid: Fraction
    paid_multiple: Fraction
    effective_cost: float | None
    nominal_cost: float | None
    growth_compared: tuple[GrowthCompared, ...]
    schedule: tuple[RevenueShareMonth, ...]


def revenue_share_outcome(deal: RevenueShare) -> RevenueShareOutcome:
    """Schedule, time and yearly cost, at the growth given and at those compared."""
    rows = _schedule(deal)
    left = rows[-1].left
    forgiven = deal.unpaid_at_maximum == "forgiven" and rows[-1].month == deal.maximum_months
    net = deal.advance - deal.upfront_fees
    ended = left == 0 or forgiven
    effective, nominal = yearly_cost([-net, *(row.payment for row in rows)]) if ended else (None, None)
    paid = sum((row.payment for row in rows), Fraction(0))
    return RevenueShareOutcome(
        to_repay=deal.advance * deal.cap_multiple,
        net_proceeds=net,
        months_to_repay=rows[-1].month if left == 0 else None,
        total_paid=paid,
        unpaid=left,
        paid_multiple=paid / deal.advance,
        effective_cost=effective,
        nominal_cost=nominal,
        growth_compared=tuple(_compared(deal, rate) for rate in deal.compared_growth_rate),
        schedule=tuple(rows),
    )


def _schedule(deal: RevenueShare) -> list[RevenueShareMonth]:
    left, rows = deal.advance * deal.cap_multiple, []
    for month, revenue in enumerate(deal.revenues(), start=1):
        payment = Fraction(0)
        if month > deal.grace_months:
            payment = min(max(revenue * deal.revenue_share, deal.minimum_payment), left)
        if month == deal.maximum_months and deal.unpaid_at_maximum == "due":
            payment = left
        left -= payment
        rows.append(RevenueShareMonth(month, revenue, payment, left))
        if left == 0 or month == deal.maximum_months:
            break
    return rows


def _compared(deal: RevenueShare, rate: Fraction) -> GrowthCompared:
    other = revenue_share_outcome(replace(deal, monthly_growth_rate=rate, compared_growth_rate=()))
    return GrowthCompared(rate, other.months_to_repay, other.total_paid, other.effective_cost)
