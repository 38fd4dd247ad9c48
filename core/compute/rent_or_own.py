"""Four ways to have the same accelerators: rent on demand, reserve, own with cash, own with borrowed money.

Cash is what the company pays: month 0 is the day of signing, month k its end, receipts are negative. Renting pays for
used hours. A reservation pays for all 730 hours of a month, used or not (take-or-pay), until its term ends, also after
the need has. Whoever owns sells at the end of the need. Taxes, deposits, moving the hardware and leaving a colocation
early are not in it.
"""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from core.compute.checks import check
from core.compute.data_and_staff import MONTHS_PER_YEAR
from core.compute.ownership import (
    HOURS_PER_MONTH,
    Ownership,
    annuity,
    colocation_per_month,
    full_load_energy_cost,
    maintenance_per_month,
    resale_value,
)
from core.compute.training import Real
from core.errors import InputError

Months = NDArray[np.float64]
Way = Literal["on-demand", "reserved", "owned", "owned-with-loan"]


@dataclass(frozen=True)
class Need:
    """Some accelerators, each used some hours a month, for some months."""

    accelerators: int
    hours_per_month: float
    months: int

    def __post_init__(self) -> None:
        check("accelerators", self.accelerators, at_least=1)
        check("hours_per_month", self.hours_per_month, above=0, at_most=HOURS_PER_MONTH)
        check("months", self.months, at_least=1)

    @property
    def used_hours(self) -> float:
        return self.accelerators * self.hours_per_month * self.months


@dataclass(frozen=True)
class Reservation:
    """Take-or-pay: all hours of `commitment_months` at the price of the month it is signed; renewed while needed.

    price_per_hour: one price, or one for each month of the need
    """

    price_per_hour: Real
    commitment_months: int

    def __post_init__(self) -> None:
        check("price_per_hour", self.price_per_hour, at_least=0)
        check("commitment_months", self.commitment_months, at_least=1)


@dataclass(frozen=True)
class Loan:
    """Borrowed against the hardware and repaid in equal monthly instalments.

    loan_to_value: loan / resale value on the day of purchase, which is the all-in price
    interest_rate: a year, charged monthly at a twelfth
    """

    loan_to_value: float
    interest_rate: float
    months: int

    def __post_init__(self) -> None:
        check("loan_to_value", self.loan_to_value, above=0, at_most=1)
        check("interest_rate", self.interest_rate, at_least=0)
        check("months", self.months, at_least=1)


@dataclass(frozen=True)
class Option:
    """One way to meet a need; arrays run over months 0 to the last payment.

    cash: paid at each month's end, receipts negative
    obligation: what must still be paid, or repaid to the lender, if the company stops at that month's end
    interest: the part of `cash` that is interest
    resale_value: what the hardware would be sold for; None where nothing is owned
    """

    way: Way
    need: Need
    yearly_discount_rate: float
    cash: Months
    obligation: Months
    interest: Months
    resale_value: Months | None = None

    @property
    def total(self) -> float:
        return float(self.cash.sum())

    @property
    def present_value(self) -> float:
        """Cash discounted to month 0 at the yearly rate, compounded monthly."""
        return present_value(self.cash, self.yearly_discount_rate)

    @property
    def per_used_hour(self) -> float:
        return self.total / self.need.used_hours

    @property
    def months_under_water(self) -> int:
        """Months at whose end the loan exceeds what the hardware sells for, so that selling would not repay it."""
        return 0 if self.resale_value is None else int((self.obligation > self.resale_value).sum())


@dataclass(frozen=True)
class CostParts:
    """What an option's cash is paid for; each array runs over its months, and together they are its cash.

    purchase: own money at first and, with a loan, what repays it; resale: negative
    """

    rent: Months
    purchase: Months
    interest: Months
    energy: Months
    colocation: Months
    maintenance: Months
    resale: Months


def rent_or_own(
    need: Need, on_demand_price: Real, reservation: Reservation, ownership: Ownership, loan: Loan
) -> tuple[Option, Option, Option, Option]:
    """On demand, reserved, owned with cash, owned with a loan; discounted at the ownership's cost of capital.

    on_demand_price: per accelerator and hour, one price or one for each month of the need
    Raises InputError where a price path is shorter than the need or the need longer than the hardware's life.
    """
    rate = float(ownership.cost_of_capital)
    return (
        on_demand(need, on_demand_price, rate),
        reserved(need, reservation, rate),
        owned(need, ownership),
        owned_with_loan(need, ownership, loan),
    )


def on_demand(need: Need, price_per_hour: Real, yearly_discount_rate: float = 0.0) -> Option:
    """Each month's used hours at that month's price; nothing is owed."""
    check("price_per_hour", price_per_hour, at_least=0)
    paid = need.accelerators * need.hours_per_month * _by_month(price_per_hour, need.months)
    nothing = np.zeros(need.months + 1)
    return Option("on-demand", need, yearly_discount_rate, np.append(0.0, paid), nothing, nothing)


def reserved(need: Need, reservation: Reservation, yearly_discount_rate: float = 0.0) -> Option:
    """All hours of whole terms; the last term is paid to its end, so its cash may outlast the need."""
    term = reservation.commitment_months
    horizon = -(-need.months // term) * term
    signed = np.repeat(_by_month(reservation.price_per_hour, need.months)[::term], term)
    paid = need.accelerators * HOURS_PER_MONTH * signed
    months_left = np.tile(np.arange(term - 1.0, -1.0, -1.0), horizon // term)
    obligation = np.append(paid[0] * term, paid * months_left)
    cash = np.append(0.0, paid)
    return Option("reserved", need, yearly_discount_rate, cash, obligation, np.zeros(horizon + 1))


def owned(need: Need, ownership: Ownership) -> Option:
    """Bought in month 0, run, and sold at the end of the need."""
    value = _resale_by_month(need, ownership)
    cash = _running_cost_by_month(need, ownership)
    cash[0] += value[0]
    cash[-1] -= value[-1]
    nothing = np.zeros(need.months + 1)
    return Option("owned", need, float(ownership.cost_of_capital), cash, nothing, nothing, value)


def owned_with_loan(need: Need, ownership: Ownership, loan: Loan) -> Option:
    """As `owned`, with part of the price borrowed; what is owed at the end of the need is repaid from the sale."""
    with_cash = owned(need, ownership)
    assert with_cash.resale_value is not None
    amount = loan.loan_to_value * with_cash.resale_value[0]
    monthly_rate, payment = loan.interest_rate / MONTHS_PER_YEAR, monthly_payment(amount, loan)
    cash, owed, interest = with_cash.cash.copy(), np.zeros(need.months + 1), np.zeros(need.months + 1)
    cash[0] -= amount
    owed[0] = amount
    for month in range(1, min(loan.months, need.months) + 1):
        interest[month] = owed[month - 1] * monthly_rate
        cash[month] += payment
        owed[month] = 0.0 if month == loan.months else owed[month - 1] + interest[month] - payment
    cash[-1] += owed[-1]
    owed[-1] = 0.0
    return Option("owned-with-loan", need, with_cash.yearly_discount_rate, cash, owed, interest, with_cash.resale_value)


def monthly_payment(amount: float, loan: Loan) -> float:
    """The equal instalment that repays `amount` on the loan's terms."""
    return float(annuity(amount, loan.interest_rate / MONTHS_PER_YEAR, loan.months))


def cost_parts(option: Option, ownership: Ownership | None) -> CostParts:
    """An option's cash by cause; `ownership` is the one it was computed with, None where it rents."""
    nothing = np.zeros(len(option.cash))
    if option.resale_value is None or ownership is None:
        return CostParts(option.cash, nothing, nothing, nothing, nothing, nothing, nothing)
    need, in_use = option.need, np.append(0.0, np.full(option.need.months, option.need.accelerators))
    energy = in_use * float(_energy_per_month(need, ownership))
    colocation = in_use * float(colocation_per_month(ownership))
    maintenance = in_use * float(maintenance_per_month(ownership))
    resale = np.append(nothing[1:], -option.resale_value[-1])
    purchase = option.cash - option.interest - energy - colocation - maintenance - resale
    return CostParts(nothing, purchase, option.interest, energy, colocation, maintenance, resale)


def present_value(cash: Months, yearly_discount_rate: float) -> float:
    """Cash at the ends of months 0, 1, ... discounted to month 0, compounded monthly."""
    return float(cash @ _discount_factors(yearly_discount_rate, len(cash) - 1))


def levelised_price(option: Option) -> float:
    """The price of a used hour whose payment at each month's end would be worth what the option costs."""
    factors = _discount_factors(option.yearly_discount_rate, option.need.months)
    return option.present_value / (option.need.accelerators * option.need.hours_per_month * float(factors[1:].sum()))


def break_even_use(need: Need, on_demand_price: Real, ownership: Ownership) -> float | None:
    """The utilisation over the need above which owning with cash costs no more than renting on demand, discounted.

    None if not even full use is enough. As `break_even_utilisation`, with the sale at the end of the need rather than
    of the hardware's life.
    """
    full, half = (replace(need, hours_per_month=hours) for hours in (HOURS_PER_MONTH, HOURS_PER_MONTH / 2))
    at_full, at_half = owned(full, ownership).present_value, owned(half, ownership).present_value
    unused = 2 * at_half - at_full  # the cost of owning is linear in use
    margin = on_demand(full, on_demand_price, float(ownership.cost_of_capital)).present_value - (at_full - unused)
    return unused / margin if margin > 0 and unused <= margin else None


def break_even_months(hours_per_month: float, on_demand_price: Real, ownership: Ownership) -> int | None:
    """The shortest use, in months, after which buying, running and selling has cost no more than renting on demand.

    Both are discounted at the ownership's cost of capital. None if the hardware's life is too short for it.
    on_demand_price: one price, or one for each month of the life
    """
    need = Need(1, hours_per_month, _whole_months_of_life(ownership))
    factors = _discount_factors(float(ownership.cost_of_capital), need.months)
    value = _resale_by_month(need, ownership)
    bought = value[0] + (_running_cost_by_month(need, ownership) * factors).cumsum() - value * factors
    rented = (on_demand(need, on_demand_price).cash * factors).cumsum()
    enough = np.flatnonzero(bought[1:] <= rented[1:])
    return int(enough[0]) + 1 if enough.size else None


def _running_cost_by_month(need: Need, ownership: Ownership) -> Months:
    month = _energy_per_month(need, ownership) + colocation_per_month(ownership) + maintenance_per_month(ownership)
    return np.append(0.0, np.full(need.months, need.accelerators * float(month)))


def _energy_per_month(need: Need, ownership: Ownership) -> Real:
    """Electricity of one accelerator in a month, idle hours included."""
    utilisation, idle = need.hours_per_month / HOURS_PER_MONTH, ownership.idle_power_share
    return full_load_energy_cost(ownership) * HOURS_PER_MONTH * (idle + (1 - idle) * utilisation)


def _resale_by_month(need: Need, ownership: Ownership) -> Months:
    longest = _whole_months_of_life(ownership)
    if need.months > longest:
        raise InputError("out_of_range", "months", need.months, f"months <= {longest}")
    return need.accelerators * np.asarray(resale_value(ownership, np.arange(need.months + 1.0)), dtype=np.float64)


def _whole_months_of_life(ownership: Ownership) -> int:
    return int(float(ownership.life_years) * MONTHS_PER_YEAR + 1e-9)  # 25 / 12 years are 25 months


def _by_month(price_per_hour: Real, months: int) -> Months:
    prices = np.asarray(price_per_hour, dtype=np.float64)
    if prices.ndim and len(prices) < months:
        raise InputError("out_of_range", "price_per_hour", len(prices), f"{months} <= months of price_per_hour")
    return np.broadcast_to(prices[:months] if prices.ndim else prices, (months,))


def _discount_factors(yearly_rate: float, months: int) -> Months:
    return np.asarray((1 + yearly_rate) ** (-np.arange(months + 1) / MONTHS_PER_YEAR), dtype=np.float64)
