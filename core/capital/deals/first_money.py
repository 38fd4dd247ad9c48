"""Money before a round: grants, cloud credits and customers who pay ahead.

A grant pays a share of eligible costs after they are spent, so somebody else's money bridges the gap. Credits are worth
what they are used for before they expire, at what the same compute costs elsewhere. A customer who pays ahead for a
discount lends: the rate is the one at which the payments spared are worth what is paid ahead.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from core.capital.checks import check_all, check_flag, check_whole, path, settle, settle_if_given
from core.capital.deals.loan_schedule import MOST_MONTHS, settle_each, yearly_cost
from core.capital.debt import MONTHS_PER_YEAR
from core.capital.terms import ComputeCredits
from core.errors import InputError
from core.tables import Source, load_table


@dataclass(frozen=True)
class CreditProgramme:
    """A programme as published, of `data/credit_programmes.csv`.

    amount: the most that one company gets, in `currency`; None where only the share is published
    months_to_expiry: in which it has to be used; None where they are not published
    funded_share: of eligible cost; None where nothing has to be paid beside it
    """

    programme: str
    provider: str
    form: Literal["credits", "voucher", "grant"]
    amount: int | None
    currency: Literal["USD", "EUR", "GBP", "CNY"]
    months_to_expiry: int | None
    funded_share: float | None
    conditions: str
    source: Source


def credit_programmes() -> tuple[CreditProgramme, ...]:
    """Published programmes of credits, vouchers and grants."""
    return load_table("credit_programmes", CreditProgramme)


@dataclass(frozen=True)
class Milestone:
    """The part of a grant that is paid at the end of a month (0: before the start)."""

    month: int
    paid_share: Fraction

    def __post_init__(self) -> None:
        check_whole(self, "month", 0)
        settle(self, "paid_share", "0 < paid_share <= 1", lambda share: 0 < share <= 1)


@dataclass(frozen=True)
class Grant:
    """A grant of `funded_share` of eligible cost, at most `maximum_amount`; costs arise evenly over `months`.

    overhead_share: flat rate added to `eligible_cost` for the funder; it costs nothing in cash here
    other_cost: of the project, not eligible
    milestones: shares that add up to 1; () pays everything in the last month
    tax_rate: on the grant, when it is paid; 0 where it is not taxable or set off against the costs
    """

    eligible_cost: Fraction
    funded_share: Fraction
    months: int
    maximum_amount: Fraction | None = None
    overhead_share: Fraction = Fraction(0)
    other_cost: Fraction = Fraction(0)
    milestones: tuple[Milestone, ...] = ()
    tax_rate: Fraction = Fraction(0)

    def __post_init__(self) -> None:
        settle(self, "eligible_cost", "0 < eligible_cost", lambda cost: cost > 0)
        settle(self, "funded_share", "0 < funded_share <= 1", lambda share: 0 < share <= 1)
        settle_if_given(self, "maximum_amount", "0 < maximum_amount", lambda amount: amount > 0)
        for field in ("overhead_share", "other_cost"):
            settle(self, field, f"0 <= {field}", lambda number: number >= 0)
        settle(self, "tax_rate", "0 <= tax_rate < 1", lambda rate: 0 <= rate < 1)
        _check_months(self, "months")
        check_all(self, "milestones", Milestone)
        if self.milestones and sum(one.paid_share for one in self.milestones) != 1:
            raise InputError("contradiction", path(self, "milestones"), self.milestones, "sum of paid_share = 1")
        if any(one.month > MOST_MONTHS for one in self.milestones):
            raise InputError("out_of_range", path(self, "milestones"), self.milestones, f"month <= {MOST_MONTHS}")


@dataclass(frozen=True)
class GrantMonth:
    """A month's cost, grant and tax, and the sum of all of them so far (negative: to be bridged)."""

    month: int
    cost: Fraction
    received: Fraction
    tax: Fraction
    balance: Fraction


@dataclass(frozen=True)
class GrantOutcome:
    """What a grant pays of a project.

    own_contribution: total cost and tax less the grant; largest_gap: the most that costs run ahead of the grant
    """

    grant: Fraction
    tax: Fraction
    total_cost: Fraction
    own_contribution: Fraction
    covered_share: Fraction
    largest_gap: Fraction
    schedule: tuple[GrantMonth, ...]


def grant_outcome(deal: Grant) -> GrantOutcome:
    """Amount, own contribution and the money that bridges the time until the grant is paid."""
    grant = deal.eligible_cost * (1 + deal.overhead_share) * deal.funded_share
    grant = grant if deal.maximum_amount is None else min(grant, deal.maximum_amount)
    total = deal.eligible_cost + deal.other_cost
    milestones = deal.milestones or (Milestone(deal.months, Fraction(1)),)
    balance, rows = Fraction(0), []
    for month in range(max(deal.months, *(one.month for one in milestones)) + 1):
        cost = total / deal.months if 0 < month <= deal.months else Fraction(0)
        received = sum((grant * one.paid_share for one in milestones if one.month == month), Fraction(0))
        tax = received * deal.tax_rate
        # Costs are paid during the month, the grant at its end: the gap is deepest in between.
        rows.append(GrantMonth(month, cost, received, tax, balance + received - cost - tax))
        balance = rows[-1].balance
    gap = max(row.received - row.balance - row.tax for row in rows)
    return GrantOutcome(
        grant=grant,
        tax=grant * deal.tax_rate,
        total_cost=total,
        own_contribution=total + grant * deal.tax_rate - grant,
        covered_share=grant / total,
        largest_gap=max(gap, Fraction(0)),
        schedule=tuple(rows),
    )


@dataclass(frozen=True)
class CloudCredits:
    """Credits that pay `covered_share` of eligible spend until they are used up or expire.

    monthly_spend: eligible, at list price, of each month from the first; or the first month's and its growth
    market_discount: what the same compute costs less elsewhere, as a fraction of the list price
    """

    amount: Fraction
    months_to_expiry: int
    first_month_spend: Fraction | None = None
    monthly_growth_rate: Fraction = Fraction(0)
    monthly_spend: tuple[Fraction, ...] = ()
    covered_share: Fraction = Fraction(1)
    market_discount: Fraction = Fraction(0)

    def __post_init__(self) -> None:
        settle(self, "amount", "0 < amount", lambda amount: amount > 0)
        _check_months(self, "months_to_expiry")
        settle_if_given(self, "first_month_spend", "0 <= first_month_spend", lambda spend: spend >= 0)
        settle(self, "monthly_growth_rate", "-1 < monthly_growth_rate <= 1", lambda rate: -1 < rate <= 1)
        settle_each(self, "monthly_spend", "0 <= monthly_spend", lambda spend: spend >= 0)
        settle(self, "covered_share", "0 < covered_share <= 1", lambda share: 0 < share <= 1)
        settle(self, "market_discount", "0 <= market_discount < 1", lambda discount: 0 <= discount < 1)
        if (self.first_month_spend is None) == (not self.monthly_spend):
            expected = "either first_month_spend or monthly_spend"
            raise InputError("contradiction", path(self, "first_month_spend"), self.first_month_spend, expected)
        if self.monthly_spend and self.monthly_growth_rate:
            expected = "monthly_growth_rate only with first_month_spend"
            raise InputError("contradiction", path(self, "monthly_growth_rate"), self.monthly_growth_rate, expected)

    def spends(self) -> Iterator[Fraction]:
        """Eligible spend of each month until the credits expire; nothing after the last one that is listed."""
        spend = self.first_month_spend
        for month in range(self.months_to_expiry):
            if spend is None:
                yield self.monthly_spend[month] if month < len(self.monthly_spend) else Fraction(0)
            else:
                yield spend
                spend *= 1 + self.monthly_growth_rate


@dataclass(frozen=True)
class CreditMonth:
    """A month's eligible spend, what credits and cash pay of it, and the credits left."""

    month: int
    spend: Fraction
    from_credits: Fraction
    from_cash: Fraction
    left: Fraction


@dataclass(frozen=True)
class CloudCreditsOutcome:
    """What credits are worth.

    months_until_used: None where some expire; cash_equivalent: what is used, at its market price
    """

    used: Fraction
    expired: Fraction
    used_share: Fraction
    months_until_used: int | None
    cash_equivalent: Fraction
    schedule: tuple[CreditMonth, ...]


def cloud_credits_outcome(deal: CloudCredits) -> CloudCreditsOutcome:
    """What is used, what expires, and what the company would have paid in cash for it."""
    left, rows = deal.amount, []
    for month, spend in enumerate(deal.spends(), start=1):
        credit = min(spend * deal.covered_share, left)
        left -= credit
        rows.append(CreditMonth(month, spend, credit, spend - credit, left))
    used = deal.amount - left
    return CloudCreditsOutcome(
        used=used,
        expired=left,
        used_share=used / deal.amount,
        months_until_used=next((row.month for row in rows if row.left == 0), None),
        cash_equivalent=ComputeCredits(deal.amount, deal.market_discount, used / deal.amount).cash_equivalent,
        schedule=tuple(rows),
    )


@dataclass(frozen=True)
class CustomerPrepayment:
    """A customer pays all periods of a service at its start, for a discount.

    list_price: of one billing period of `billing_months`, in the first year; it would rise by `yearly_increase_rate`
    months: of service, whole billing periods; billed_in_advance: whether each list payment falls at its period's start
    """

    list_price: Fraction
    months: int
    discount: Fraction = Fraction(0)
    billing_months: int = 1
    billed_in_advance: bool = True
    yearly_increase_rate: Fraction = Fraction(0)

    def __post_init__(self) -> None:
        settle(self, "list_price", "0 < list_price", lambda price: price > 0)
        _check_months(self, "months")
        settle(self, "discount", "0 <= discount < 1", lambda discount: 0 <= discount < 1)
        _check_months(self, "billing_months")
        check_flag(self, "billed_in_advance")
        settle(self, "yearly_increase_rate", "-1 < yearly_increase_rate <= 1", lambda rate: -1 < rate <= 1)
        if self.months % self.billing_months:
            raise InputError("contradiction", path(self, "months"), self.months, "a multiple of billing_months")
        if self.billing_months > MONTHS_PER_YEAR and self.yearly_increase_rate:
            expected = f"billing_months <= {MONTHS_PER_YEAR} with yearly_increase_rate"
            raise InputError("contradiction", path(self, "billing_months"), self.billing_months, expected)

    def list_payments(self) -> list[Fraction]:
        """What each billing period would cost at its list price."""
        years = [
            period * self.billing_months // MONTHS_PER_YEAR for period in range(self.months // self.billing_months)
        ]
        return [self.list_price * (1 + self.yearly_increase_rate) ** year for year in years]


@dataclass(frozen=True)
class DeferredMonth:
    """Revenue that a month of service earns, and what is still owed in service (the customer's to get back)."""

    month: int
    revenue: Fraction
    deferred: Fraction


@dataclass(frozen=True)
class CustomerPrepaymentOutcome:
    """What paying ahead brings and costs: the customer is the lender of `paid` less a list payment due on the same day.

    given_up: list price of all periods less what is paid; effective_cost: a year, None with a single payment
    """

    list_total: Fraction
    paid: Fraction
    given_up: Fraction
    monthly_revenue: Fraction
    effective_cost: float | None
    nominal_cost: float | None
    schedule: tuple[DeferredMonth, ...]


def customer_prepayment_outcome(deal: CustomerPrepayment) -> CustomerPrepaymentOutcome:
    """Cash, deferred revenue and the implied cost of the money; the discount is taken off the first year's price.

    Prepaid periods cost the first year's list price, so a yearly increase that is waived is part of the cost.
    """
    payments = deal.list_payments()
    paid = deal.list_price * len(payments) * (1 - deal.discount)
    spared = [*payments, Fraction(0)] if deal.billed_in_advance else [Fraction(0), *payments]
    flows = [spared[0] - paid, *spared[1:]]
    periods_per_year = Fraction(MONTHS_PER_YEAR, deal.billing_months)
    effective, nominal = yearly_cost(flows, float(periods_per_year))
    monthly = paid / deal.months
    return CustomerPrepaymentOutcome(
        list_total=sum(payments, Fraction(0)),
        paid=paid,
        given_up=sum(payments, Fraction(0)) - paid,
        monthly_revenue=monthly,
        effective_cost=effective,
        nominal_cost=nominal,
        schedule=tuple(
            DeferredMonth(month, monthly if month else Fraction(0), paid - month * monthly)
            for month in range(deal.months + 1)
        ),
    )


def _check_months(noun: object, field: str) -> None:
    check_whole(noun, field, 1)
    if getattr(noun, field) > MOST_MONTHS:
        raise InputError("out_of_range", path(noun, field), getattr(noun, field), f"{field} <= {MOST_MONTHS}")
