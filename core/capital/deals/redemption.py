"""Redemption (buyback): what an investor may ask back where a listing or another event has not come by a day.

    simple     price = amount * (1 + r * t) - dividends        compound   price = amount * (1 + r)^t - dividends

with t in years by the contract's count of days, r the agreed return; often the investor's part of net assets is owed
where that is more. A company in China must first have reduced its capital (Supreme People's Court, Minutes of the
National Courts' Civil and Commercial Trial Work Conference, 2019, no. 5), so what its cash or the law does not allow
falls on founders or controllers who promised it too, up to their caps.
"""

import datetime
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, get_args

from core.capital.checks import check_all, check_choice, check_date, check_name, check_whole, path, settle
from core.capital.checks import settle_if_given as settle_given
from core.capital.deals.cash_flows import Flow
from core.capital.returns import compounded, xirrs
from core.errors import InputError

DayCount = Literal["actual/365", "actual/360", "30/360", "whole_years"]


@dataclass(frozen=True)
class Payment:
    """A payment of the investor, where it paid in several parts."""

    date: datetime.date
    amount: Fraction

    def __post_init__(self) -> None:
        check_date(self, "date")
        settle(self, "amount", "0 < amount", lambda amount: amount > 0)


@dataclass(frozen=True)
class Guarantor:
    """A founder or controller who owes it too: share of what the company does not pay, and most in all."""

    name: str
    owed_share: Fraction = Fraction(1)
    cap: Fraction | None = None

    def __post_init__(self) -> None:
        check_name(self, "name")
        settle(self, "owed_share", "0 < owed_share <= 1", lambda share: 0 < share <= 1)
        settle_given(self, "cap", "0 <= cap", lambda cap: cap >= 0)


@dataclass(frozen=True)
class Redemption:
    """A right of redemption and the day on which it is paid.

    payments: when the investor paid how much; return_rate: agreed a year, simple or compound
    paid_on: the day up to which it is counted
    trigger_date: nothing is owed if what was promised (`met_on`) came by then; grace_days: time to pay after that
    late_rate: a year, simple, on the price of the last day of grace, in place of the agreed return from then on
    dividends: what the investor was paid; they lower the price on the day it is owed, without interest
    net_asset_value: the investor's part, owed instead where it is more
    owed_by: the company, the guarantors, or first the one and then the others
    company_cash: what the company has, and may use, in that month; None if it pays all
    """

    payments: tuple[Payment, ...]
    return_rate: Fraction
    paid_on: datetime.date
    compounding: Literal["simple", "compound"] = "simple"
    day_count: DayCount = "actual/365"
    trigger_date: datetime.date | None = None
    met_on: datetime.date | None = None
    grace_days: int = 0
    late_rate: Fraction | None = None
    dividends: tuple[Flow, ...] = ()
    net_asset_value: Fraction | None = None
    owed_by: Literal["company", "guarantors", "company_then_guarantors"] = "company"
    company_cash: Fraction | None = None
    guarantors: tuple[Guarantor, ...] = ()

    def __post_init__(self) -> None:
        check_all(self, "payments", Payment, least=1)
        settle(self, "return_rate", "0 <= return_rate", lambda rate: rate >= 0)
        check_date(self, "paid_on")
        check_choice(self, "compounding", ("simple", "compound"))
        check_choice(self, "day_count", get_args(DayCount))
        for field in ("trigger_date", "met_on"):
            if getattr(self, field) is not None:
                check_date(self, field)
        check_whole(self, "grace_days", 0)
        settle_given(self, "late_rate", "0 <= late_rate", lambda rate: rate >= 0)
        check_all(self, "dividends", Flow)
        for field in ("net_asset_value", "company_cash"):
            settle_given(self, field, f"0 <= {field}", lambda amount: amount >= 0)
        check_choice(self, "owed_by", ("company", "guarantors", "company_then_guarantors"))
        check_all(self, "guarantors", Guarantor)
        self._check_together()

    def _check_together(self) -> None:
        last = max(one.date for one in self.payments)
        if self.paid_on < last:
            raise InputError("out_of_order", path(self, "paid_on"), self.paid_on, f"{last} <= paid_on")
        for one in self.dividends:
            if one.amount < 0 or one.date > self.paid_on:
                expected = "0 <= amount, date <= paid_on"
                raise InputError("out_of_range", path(self, "dividends"), one.amount, expected)
        if self.late_rate is not None and self.trigger_date is None:
            raise InputError("missing", path(self, "trigger_date"), None, "trigger_date given, after which it is late")
        if (self.owed_by != "company") != bool(self.guarantors):
            expected = 'guarantors given if and only if owed_by != "company"'
            raise InputError("contradiction", path(self, "guarantors"), len(self.guarantors), expected)
        shares = sum((one.owed_share for one in self.guarantors), Fraction(0))
        if len(self.guarantors) > 1 and shares > 1:
            raise InputError("over_100_percent", path(self, "guarantors"), float(shares), "sum of owed_share <= 1")

    @property
    def due_on(self) -> datetime.date | None:
        """The last day of grace."""
        return None if self.trigger_date is None else self.trigger_date + datetime.timedelta(days=self.grace_days)


@dataclass(frozen=True)
class OwedPayment:
    """One payment with its return: days and years counted, and what it has grown by."""

    date: datetime.date
    amount: Fraction
    days: int
    years: Fraction
    agreed_return: Fraction


@dataclass(frozen=True)
class Bearer:
    """Who pays how much."""

    name: str
    amount: Fraction


@dataclass(frozen=True)
class RedemptionResult:
    """What is owed on the day and by whom.

    state: "met" if the promise was kept in time, "not_yet" before the trigger, "in_grace", or "due"
    price: the agreed one; 0 where the promise was met; before it is due, what it would be on that day
    shortfall: of the company's cash; uncovered: what neither it nor a guarantor owes
    rate_of_return: what the investor earns a year, dividends included, if it is paid all and if only what is covered
    """

    state: Literal["met", "not_yet", "in_grace", "due"]
    payments: tuple[OwedPayment, ...]
    invested: Fraction
    agreed_return: Fraction
    dividends: Fraction
    late_interest: Fraction
    by_net_assets: bool
    price: Fraction
    paid_by_company: Fraction
    shortfall: Fraction
    paid_by_guarantors: Fraction
    bearers: tuple[Bearer, ...]
    uncovered: Fraction
    multiple: Fraction
    rate_of_return: float | None
    rate_of_return_as_covered: float | None


def redemption_outcome(terms: Redemption) -> RedemptionResult:
    """The price on `paid_on`, who bears it, and what the investor earns."""
    due = terms.due_on
    counted_to = min(terms.paid_on, due) if due is not None and terms.late_rate is not None else terms.paid_on
    payments = tuple(_grown(terms, one, max(counted_to, one.date)) for one in terms.payments)
    invested = sum((one.amount for one in payments), Fraction(0))
    agreed = sum((one.agreed_return for one in payments), Fraction(0))
    dividends = sum((one.amount for one in terms.dividends), Fraction(0))
    formula = max(Fraction(0), invested + agreed - dividends)
    base = max(formula, terms.net_asset_value or Fraction(0))
    late = Fraction(0)
    if due is not None and terms.late_rate is not None:
        late = base * terms.late_rate * _years(terms.day_count, counted_to, terms.paid_on)
    state = _state(terms)
    price = Fraction(0) if state == "met" else base + late
    company, guarantors = _bearers(terms, price)
    covered = company + sum((one.amount for one in guarantors), Fraction(0))
    asked = price if terms.owed_by != "guarantors" else Fraction(0)
    return RedemptionResult(
        state=state,
        payments=payments,
        invested=invested,
        agreed_return=agreed,
        dividends=dividends,
        late_interest=Fraction(0) if state == "met" else late,
        by_net_assets=state != "met" and base > formula,
        price=price,
        paid_by_company=company,
        shortfall=asked - company,
        paid_by_guarantors=covered - company,
        bearers=(Bearer("company", company), *guarantors),
        uncovered=price - covered,
        multiple=(price + dividends) / invested,
        rate_of_return=_rate(terms, price),
        rate_of_return_as_covered=_rate(terms, covered),
    )


def _grown(terms: Redemption, paid: Payment, to: datetime.date) -> OwedPayment:
    years = _years(terms.day_count, paid.date, to)
    grown = terms.return_rate * years if terms.compounding == "simple" else compounded(terms.return_rate, years) - 1
    return OwedPayment(paid.date, paid.amount, (to - paid.date).days, years, paid.amount * grown)


def _years(count: DayCount, start: datetime.date, end: datetime.date) -> Fraction:
    days = (end - start).days
    if count == "actual/365":
        return Fraction(days, 365)
    if count == "actual/360":
        return Fraction(days, 360)
    if count == "30/360":
        # The bond basis (ISDA 2006, 4.16(f)): a 31st counts as a 30th, at the end only after a 30th or 31st.
        first = min(start.day, 30)
        last = 30 if end.day == 31 and first == 30 else end.day
        return Fraction(360 * (end.year - start.year) + 30 * (end.month - start.month) + last - first, 360)
    passed = (end.month, end.day) >= (start.month, start.day)
    return Fraction(end.year - start.year - (not passed))


def _state(terms: Redemption) -> Literal["met", "not_yet", "in_grace", "due"]:
    if terms.trigger_date is None:
        return "due"
    if terms.met_on is not None and terms.met_on <= min(terms.trigger_date, terms.paid_on):
        return "met"
    if terms.paid_on <= terms.trigger_date:
        return "not_yet"
    assert terms.due_on is not None
    return "in_grace" if terms.paid_on <= terms.due_on else "due"


def _bearers(terms: Redemption, price: Fraction) -> tuple[Fraction, tuple[Bearer, ...]]:
    company = Fraction(0)
    if terms.owed_by != "guarantors":
        company = price if terms.company_cash is None else min(price, terms.company_cash)
    left = price - company
    found = []
    for one in terms.guarantors:
        part = left * one.owed_share
        found.append(Bearer(one.name, part if one.cap is None else min(part, one.cap)))
    return company, tuple(found)


def _rate(terms: Redemption, received: Fraction) -> float | None:
    flows = [(one.date, -float(one.amount)) for one in terms.payments]
    flows += [(one.date, float(one.amount)) for one in terms.dividends]
    rates = xirrs([*flows, (terms.paid_on, float(received))])
    return rates[0] if len(rates) == 1 else None
