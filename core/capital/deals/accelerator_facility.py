"""A loan against accelerators, drawn as they are delivered and repaid from what a contract pays for their hours.

Each delivery may be borrowed against up to the advance rate; its value then falls along a resale curve from its own
day, so the loan to value of the facility is its balance over the sum of the deliveries' values. Debt service cover is
cash from the hours, less the cost of running them, over interest and instalments; a balloon is left out of it, being
repaid from the resale value. A breach of loan to value is cured by repaying owed - maximum x value, which shortens all
later instalments alike; while either promise is broken the lender keeps what debt service leaves over.
"""

from dataclasses import dataclass, fields
from fractions import Fraction
from typing import Literal, get_args

from core.capital.checks import check_all, check_choice, check_whole, path, settle, settle_if_given
from core.capital.deals.loan_covenants import loan_to_value
from core.capital.deals.loan_schedule import (
    Amortization,
    Draw,
    LoanMonth,
    Repayment,
    check_repayment,
    lender_flows,
    loan_fees,
    loan_schedule,
    settle_each,
    yearly_cost,
)
from core.capital.debt import MONTHS_PER_YEAR
from core.capital.returns import compounded
from core.errors import InputError

HOURS_PER_MONTH = 730
"""24 hours x 365 days / 12."""

CurveKind = Literal["yearly_retention", "straight_line", "year_ends"]


@dataclass(frozen=True)
class ResaleCurve:
    """What an accelerator is worth as a share of its price, by its age.

    yearly_retention: a year keeps `yearly_retention_share` of the value before it, months compound (to 50 digits)
    straight_line: down to `residual_share` in `life_months`, level after them
    year_ends: `year_end_share` after 1, 2, ... years, straight in between, level after the last
    """

    kind: CurveKind
    yearly_retention_share: Fraction | None = None
    life_months: int | None = None
    residual_share: Fraction = Fraction(0)
    year_end_share: tuple[Fraction, ...] = ()

    def __post_init__(self) -> None:
        check_choice(self, "kind", get_args(CurveKind))
        share = "yearly_retention_share"
        settle_if_given(self, share, f"0 < {share} <= 1", lambda number: 0 < number <= 1)
        settle(self, "residual_share", "0 <= residual_share <= 1", lambda number: 0 <= number <= 1)
        settle_each(self, "year_end_share", "0 <= year_end_share", lambda number: number >= 0)
        if self.life_months is not None:
            check_whole(self, "life_months", 1)
        given = {
            "yearly_retention": self.yearly_retention_share is not None,
            "straight_line": self.life_months is not None,
            "year_ends": bool(self.year_end_share),
        }
        field = {"yearly_retention": share, "straight_line": "life_months", "year_ends": "year_end_share"}[self.kind]
        if not given[self.kind]:
            raise InputError("missing", path(self, field), None, f"{field} given with kind = {self.kind!r}")
        if sum(given.values()) > 1 or (self.residual_share and self.kind != "straight_line"):
            raise InputError("contradiction", path(self, "kind"), self.kind, f"{field} alone")

    def share(self, age_months: int) -> Fraction:
        """Value over price at that age."""
        if self.yearly_retention_share is not None:
            return compounded(self.yearly_retention_share - 1, Fraction(age_months, MONTHS_PER_YEAR))
        if self.life_months is not None:
            return 1 - (1 - self.residual_share) * min(Fraction(age_months, self.life_months), Fraction(1))
        points = (Fraction(1), *self.year_end_share)
        year, month = divmod(age_months, MONTHS_PER_YEAR)
        if year >= len(points) - 1:
            return points[-1]
        return points[year] + (points[year + 1] - points[year]) * Fraction(month, MONTHS_PER_YEAR)


@dataclass(frozen=True)
class Delivery:
    """Accelerators that arrive, and are paid for, at the end of a month after closing (0: at closing)."""

    month: int
    accelerators: int

    def __post_init__(self) -> None:
        check_whole(self, "month", 0)
        check_whole(self, "accelerators", 1)


@dataclass(frozen=True)
class HoursContract:
    """What an accelerator in service brings an hour: the price of the hours sold, less the cost of all of them.

    sold_share: of the hours of a month (730); months: how long the contract runs from each delivery (None: throughout)
    price_per_hour_after: what an hour sold brings once the contract has ended
    """

    price_per_hour: Fraction
    operating_cost_per_hour: Fraction = Fraction(0)
    sold_share: Fraction = Fraction(1)
    months: int | None = None
    price_per_hour_after: Fraction = Fraction(0)

    def __post_init__(self) -> None:
        for field in ("price_per_hour", "operating_cost_per_hour", "price_per_hour_after"):
            settle(self, field, f"0 <= {field}", lambda price: price >= 0)
        settle(self, "sold_share", "0 <= sold_share <= 1", lambda share: 0 <= share <= 1)
        if self.months is not None:
            check_whole(self, "months", 1)

    def cash_per_accelerator(self, age_months: int) -> Fraction:
        """Of the month that ends at that age."""
        contracted = self.months is None or age_months <= self.months
        price = self.price_per_hour if contracted else self.price_per_hour_after
        return HOURS_PER_MONTH * (price * self.sold_share - self.operating_cost_per_hour)


@dataclass(frozen=True)
class AcceleratorFacility:
    """A delayed-draw loan on accelerators bought at `price_per_accelerator`, servers and network in it.

    advance_rate: of the price, drawn with each delivery; the borrower pays the rest
    cash_flow: of each month from the first, in place of a contract
    upfront_fee_share: of all draws, at closing; unused_fee_rate: a year on what is not drawn yet
    """

    price_per_accelerator: Fraction
    deliveries: tuple[Delivery, ...]
    advance_rate: Fraction
    interest_rate: Fraction
    interest_only_months: int
    amortization_months: int
    resale: ResaleCurve
    contract: HoursContract | None = None
    cash_flow: tuple[Fraction, ...] = ()
    amortization: Amortization = "level_payment"
    balloon_share: Fraction = Fraction(0)
    upfront_fee_share: Fraction = Fraction(0)
    end_of_term_fee_share: Fraction = Fraction(0)
    unused_fee_rate: Fraction = Fraction(0)
    maximum_loan_to_value: Fraction | None = None
    minimum_debt_service_coverage: Fraction | None = None
    payment_step: Fraction | None = None

    def __post_init__(self) -> None:
        settle(self, "price_per_accelerator", "0 < price_per_accelerator", lambda price: price > 0)
        settle(self, "advance_rate", "0 < advance_rate <= 1", lambda rate: 0 < rate <= 1)
        check_repayment(self)
        for field in ("upfront_fee_share", "end_of_term_fee_share", "unused_fee_rate"):
            settle(self, field, f"0 <= {field} < 1", lambda share: 0 <= share < 1)
        for field in ("maximum_loan_to_value", "minimum_debt_service_coverage"):
            settle_if_given(self, field, f"0 < {field}", lambda ratio: ratio > 0)
        settle_each(self, "cash_flow", "cash_flow a number", lambda _: True)
        check_all(self, "deliveries", Delivery, 1)
        last_draw = self.repayment.last_draw_month
        if any(one.month > last_draw for one in self.deliveries):
            expected = f"month of each delivery <= {last_draw}, before the loan is repaid"
            raise InputError("out_of_range", path(self, "deliveries"), self.deliveries, expected)
        if not isinstance(self.resale, ResaleCurve):
            raise InputError("wrong_type", path(self, "resale"), self.resale, "ResaleCurve")
        if (self.contract is None) == (not self.cash_flow):
            raise InputError("contradiction", path(self, "contract"), self.contract, "either contract or cash_flow")
        if self.cash_flow and len(self.cash_flow) != self.repayment.months:
            expected = f"len(cash_flow) = {self.repayment.months}"
            raise InputError("contradiction", path(self, "cash_flow"), len(self.cash_flow), expected)

    @property
    def repayment(self) -> Repayment:
        return Repayment(**{field.name: getattr(self, field.name) for field in fields(Repayment)})

    @property
    def draws(self) -> tuple[Draw, ...]:
        unit = self.price_per_accelerator * self.advance_rate
        return tuple(Draw(one.month, one.accelerators * unit) for one in self.deliveries)

    @property
    def schedule(self) -> tuple[LoanMonth, ...]:
        total = sum((draw.amount for draw in self.draws), Fraction(0))
        upfront, end_of_term = total * self.upfront_fee_share, total * self.end_of_term_fee_share
        fees = loan_fees(self.draws, upfront, self.unused_fee_rate, self.repayment.months, end_of_term)
        return loan_schedule(self.draws, self.repayment, fees)

    def collateral_value(self, month: int) -> Fraction:
        """What the accelerators delivered so far would be sold for."""
        return sum(
            (
                one.accelerators * self.price_per_accelerator * self.resale.share(month - one.month)
                for one in self.deliveries
                if one.month <= month
            ),
            Fraction(0),
        )

    def accelerators_in_service(self, month: int) -> int:
        """Those that were delivered before the month began."""
        return sum(one.accelerators for one in self.deliveries if one.month < month)

    def cash_in(self, month: int) -> Fraction:
        """What the hours of a month leave after the cost of running them."""
        if self.contract is None:
            return self.cash_flow[month - 1] if month else Fraction(0)
        return sum(
            (
                one.accelerators * self.contract.cash_per_accelerator(month - one.month)
                for one in self.deliveries
                if one.month < month
            ),
            Fraction(0),
        )


@dataclass(frozen=True)
class FacilityMonth:
    """One month of the facility as planned, and what returns it to its promises.

    accelerators: in service during the month; debt_service: interest and instalment, without balloon and fees
    cure_payment: what is repaid beyond the plan to return to the maximum loan to value, earlier cures being paid
    coverage_shortfall: what cash is short of the minimum debt service cover
    trapped: cash after debt service that the lender keeps while a promise is broken; distributed: else the borrower's
    """

    month: int
    accelerators: int
    collateral_value: Fraction
    drawn: Fraction
    interest: Fraction
    principal: Fraction
    owed: Fraction
    loan_to_value: Fraction | None
    cash_flow: Fraction
    debt_service: Fraction
    debt_service_coverage: Fraction | None
    cure_payment: Fraction
    owed_after_cures: Fraction
    coverage_shortfall: Fraction
    trapped: Fraction
    distributed: Fraction


@dataclass(frozen=True)
class AcceleratorFacilityOutcome:
    """What the facility costs and when it breaks its promises.

    own_payment: the part of the price that is not borrowed, and the upfront fee
    debt_service_per_accelerator_hour: all that is paid to the lender over the hours in service, sold or not
    residual_value: of the collateral at maturity; lowest_debt_service_coverage: of all months with debt service
    """

    accelerators: int
    cost: Fraction
    total_drawn: Fraction
    own_payment: Fraction
    level_payment: Fraction | None
    total_interest: Fraction
    total_fees: Fraction
    total_paid: Fraction
    effective_cost: float | None
    nominal_cost: float | None
    debt_service_per_accelerator_hour: Fraction
    highest_loan_to_value: Fraction | None
    lowest_debt_service_coverage: Fraction | None
    loan_to_value_breach_months: tuple[int, ...]
    debt_service_coverage_breach_months: tuple[int, ...]
    total_cure_payments: Fraction
    residual_value: Fraction
    schedule: tuple[FacilityMonth, ...]


def accelerator_facility_outcome(deal: AcceleratorFacility) -> AcceleratorFacilityOutcome:
    """Schedule, cost, cost an accelerator-hour, and each month's tests with what cures them."""
    loan, months = deal.schedule, _months(deal)
    accelerators = sum(one.accelerators for one in deal.deliveries)
    cost = accelerators * deal.price_per_accelerator
    drawn = sum((row.drawn for row in loan), Fraction(0))
    paid = sum((row.paid for row in loan), Fraction(0))
    effective, nominal = yearly_cost(lender_flows(loan))
    ratios = [row.loan_to_value for row in months]
    covers = [row.debt_service_coverage for row in months if row.debt_service_coverage is not None]
    return AcceleratorFacilityOutcome(
        accelerators=accelerators,
        cost=cost,
        total_drawn=drawn,
        own_payment=cost - drawn + loan[0].fee,
        level_payment=deal.repayment.level_payment(drawn),
        total_interest=sum((row.interest for row in loan), Fraction(0)),
        total_fees=sum((row.fee for row in loan), Fraction(0)),
        total_paid=paid,
        effective_cost=effective,
        nominal_cost=nominal,
        debt_service_per_accelerator_hour=paid / (HOURS_PER_MONTH * sum(row.accelerators for row in months)),
        highest_loan_to_value=None if None in ratios else max(ratio for ratio in ratios if ratio is not None),
        lowest_debt_service_coverage=min(covers, default=None),
        loan_to_value_breach_months=tuple(row.month for row in months if _over(deal, row.loan_to_value)),
        debt_service_coverage_breach_months=tuple(row.month for row in months if row.coverage_shortfall),
        total_cure_payments=sum((row.cure_payment for row in months), Fraction(0)),
        residual_value=months[-1].collateral_value,
        schedule=tuple(months),
    )


def _months(deal: AcceleratorFacility) -> list[FacilityMonth]:
    rows: list[FacilityMonth] = []
    loan, cured = deal.schedule, Fraction(0)
    for month, row in enumerate(loan):
        before = loan[month - 1].owed if month else Fraction(0)
        # An earlier cure leaves the same part of every later instalment.
        cured += row.drawn - (row.principal * cured / before if before else 0)
        value, cash = deal.collateral_value(month), deal.cash_in(month)
        service = row.interest + row.principal - row.lump_sum
        most = None if deal.maximum_loan_to_value is None else deal.maximum_loan_to_value * value
        cure = Fraction(0) if most is None else max(cured - most, Fraction(0))
        cured -= cure
        ratio = loan_to_value(row.owed, value)
        needed = deal.minimum_debt_service_coverage
        short = Fraction(0) if needed is None else max(needed * service - cash, Fraction(0))
        left = max(cash - service, Fraction(0))
        kept = left if short or _over(deal, ratio) else Fraction(0)
        rows.append(
            FacilityMonth(
                month=month,
                accelerators=deal.accelerators_in_service(month),
                collateral_value=value,
                drawn=row.drawn,
                interest=row.interest,
                principal=row.principal,
                owed=row.owed,
                loan_to_value=ratio,
                cash_flow=cash,
                debt_service=service,
                debt_service_coverage=cash / service if service else None,
                cure_payment=cure,
                owed_after_cures=cured,
                coverage_shortfall=short,
                trapped=kept,
                distributed=left - kept,
            )
        )
    return rows


def _over(deal: AcceleratorFacility, ratio: Fraction | None) -> bool:
    return deal.maximum_loan_to_value is not None and (ratio is None or ratio > deal.maximum_loan_to_value)
