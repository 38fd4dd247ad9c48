"""Flows of money to and from an investor, dated or one period apart: rates of return, present values and multiples.

Outlays are negative, receipts positive. Where several rates solve the equation, or none does, all are reported and the
measure that does mean something is named: the present value at a rate of one's own, and the multiple on money.
"""

import datetime
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from core.capital.checks import check_all, check_date, exact_number, path, settle, settle_if_given
from core.capital.returns import irrs, npv, sign_changes, xirrs, xnpv
from core.errors import InputError

TYPICAL_RATES = tuple(Fraction(per_cent, 100) for per_cent in (-50, -25, 0, 5, 8, 10, 12, 15, 20, 25, 30, 50, 100, 200))
MOST_FLOWS = 1200
"""A century of months."""
Measure = Literal["rate_of_return", "present_value_and_multiple", "multiple"]


@dataclass(frozen=True)
class Flow:
    """Money that the investor gets (positive) or pays (negative) on a day."""

    date: datetime.date
    amount: Fraction

    def __post_init__(self) -> None:
        check_date(self, "date")
        settle(self, "amount", "amount", lambda _: True)


@dataclass(frozen=True)
class CashFlows:
    """Dated `flows` or `amounts` one period apart.

    residual_value: what is still held on the day of the last flow; counted in rates and in the multiple, not in the
        money distributed
    """

    flows: tuple[Flow, ...] = ()
    amounts: tuple[Fraction, ...] = ()
    discount_rate: Fraction | None = None
    residual_value: Fraction = Fraction(0)

    def __post_init__(self) -> None:
        check_all(self, "flows", Flow)
        given = enumerate(self.amounts, start=1)
        exact = tuple(exact_number(f"{path(self, 'amounts')} {number}", amount) for number, amount in given)
        object.__setattr__(self, "amounts", exact)
        if bool(self.flows) == bool(self.amounts):
            raise InputError("missing", path(self, "flows"), self.flows, "either flows or amounts given")
        if len(self.flows) + len(self.amounts) > MOST_FLOWS:
            raise InputError("too_large", path(self, "flows"), len(self.flows), f"at most {MOST_FLOWS} flows")
        settle_if_given(self, "discount_rate", "-1 < discount_rate", lambda rate: rate > -1)
        settle(self, "residual_value", "0 <= residual_value", lambda value: value >= 0)


@dataclass(frozen=True)
class PresentValue:
    """What the flows are worth on the first day at a rate."""

    rate: Fraction
    value: Fraction | float


@dataclass(frozen=True)
class FlowMeasures:
    """What flows come to. Rates are a year for dated flows, a period for others.

    rates_of_return: every rate at which the present value is zero; rate_of_return: the rate where there is one only
    most_rates: how many there can be at most (Descartes), as often as the sums of each day change sign
    meaningful: which measure to read; a rate is one only if no other solves the same equation
    multiple: (distributed + residual value) / paid in, the MOIC or TVPI; distributed_to_paid_in: the DPI
    """

    rates_of_return: tuple[float, ...]
    rate_of_return: float | None
    most_rates: int
    meaningful: Measure
    paid_in: Fraction
    distributed: Fraction
    gain: Fraction
    multiple: Fraction | None
    distributed_to_paid_in: Fraction | None
    net_present_value: Fraction | float | None
    present_values: tuple[PresentValue, ...]


def cash_flows_outcome(terms: CashFlows) -> FlowMeasures:
    """Rates, present values and multiples of the flows."""
    received = [flow.amount for flow in terms.flows] if terms.flows else list(terms.amounts)
    paid_in = -sum((amount for amount in received if amount < 0), Fraction(0))
    distributed = sum((amount for amount in received if amount > 0), Fraction(0))
    days = _by_day(terms)
    if terms.flows:
        rates = xirrs([(day, float(amount)) for day, amount in days])
    else:
        rates = irrs([float(amount) for amount in _periods(terms)])
    changes = sign_changes([float(amount) for _, amount in days] if days else [float(one) for one in _periods(terms)])
    gain = distributed + terms.residual_value - paid_in
    meaningful: Measure = (
        "rate_of_return" if len(rates) == 1 else "present_value_and_multiple" if changes else "multiple"
    )
    return FlowMeasures(
        rates_of_return=rates,
        rate_of_return=rates[0] if len(rates) == 1 else None,
        most_rates=changes,
        meaningful=meaningful,
        paid_in=paid_in,
        distributed=distributed,
        gain=gain,
        multiple=(distributed + terms.residual_value) / paid_in if paid_in else None,
        distributed_to_paid_in=distributed / paid_in if paid_in else None,
        net_present_value=None if terms.discount_rate is None else _present_value(terms, terms.discount_rate),
        present_values=tuple(PresentValue(rate, _present_value(terms, rate)) for rate in TYPICAL_RATES),
    )


def _by_day(terms: CashFlows) -> list[tuple[datetime.date, Fraction]]:
    """What is paid or received on each day, the residual value on the last."""
    sums: dict[datetime.date, Fraction] = {}
    for flow in sorted(terms.flows, key=lambda flow: flow.date):
        sums[flow.date] = sums.get(flow.date, Fraction(0)) + flow.amount
    if sums:
        sums[max(sums)] += terms.residual_value
    return list(sums.items())


def _periods(terms: CashFlows) -> list[Fraction]:
    return [*terms.amounts[:-1], terms.amounts[-1] + terms.residual_value]


def _present_value(terms: CashFlows, rate: Fraction) -> Fraction | float:
    if terms.flows:
        return xnpv(float(rate), [(day, float(amount)) for day, amount in _by_day(terms)])
    return npv(rate, _periods(terms))
