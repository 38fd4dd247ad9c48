"""A company's operating case year by year: revenue, EBITDA and the lines between EBITDA and cash.

Every line may be typed year by year; else it is made of an amount that grows and of parts of revenue and EBITDA.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from fractions import Fraction

from core.capital.checks import exact_number, path, settle, settle_if_given
from core.errors import InputError


def settle_all(noun: object, field: str) -> None:
    """Keep a tuple of numbers as Fractions."""
    place = path(noun, field)
    exact = tuple(exact_number(f"{place} {number}", one) for number, one in enumerate(getattr(noun, field), start=1))
    object.__setattr__(noun, field, exact)


@dataclass(frozen=True)
class Line:
    """One line: typed `by_year`, or in year t

    amount * (1 + growth_rate)^(t - 1) + increase * (t - 1)
    + revenue_rate * revenue + revenue_increase_rate * (revenue - last year's) + ebitda_rate * EBITDA
    """

    amount: Fraction = Fraction(0)
    increase: Fraction = Fraction(0)
    growth_rate: Fraction = Fraction(0)
    revenue_rate: Fraction = Fraction(0)
    revenue_increase_rate: Fraction = Fraction(0)
    ebitda_rate: Fraction = Fraction(0)
    by_year: tuple[Fraction, ...] = ()

    def __post_init__(self) -> None:
        settle_all(self, "by_year")
        for one in fields(self):
            if one.name != "by_year":
                settle(self, one.name, one.name, lambda _: True)
                if self.by_year and getattr(self, one.name):
                    expected = "either by_year or the parts that it is made of"
                    raise InputError("contradiction", path(self, one.name), getattr(self, one.name), expected)

    @property
    def needs_revenue(self) -> bool:
        return bool(self.revenue_rate or self.revenue_increase_rate)

    def in_year(self, year: int, revenue: Fraction, revenue_before: Fraction, ebitda: Fraction) -> Fraction:
        """The line in year 1, 2, ... Raises InputError where the typed years end before."""
        if self.by_year:
            return of_year(self, "by_year", self.by_year, year)
        return (
            self.amount * (1 + self.growth_rate) ** (year - 1)
            + self.increase * (year - 1)
            + self.revenue_rate * revenue
            + self.revenue_increase_rate * (revenue - revenue_before)
            + self.ebitda_rate * ebitda
        )


@dataclass(frozen=True)
class OperatingCase:
    """What the company earns. Year 0 is the year before the purchase.

    revenue: in year 0; later typed as revenue_by_year, or growing by revenue_growth_rate (of each year:
        yearly_revenue_growth_rate) and by revenue_increase
    ebitda: in year 0; later typed as ebitda_by_year, or a margin on revenue (ebitda_margin_rate, of each year
        yearly_ebitda_margin_rate; as in year 0 if not given) that changes by ebitda_margin_change_rate a year; or by
        ebitda_growth_rate and ebitda_increase where one is given or there is no revenue
    depreciation: with amortization; working_capital: its increase, which costs cash
    """

    revenue: Fraction | None = None
    revenue_growth_rate: Fraction = Fraction(0)
    yearly_revenue_growth_rate: tuple[Fraction, ...] = ()
    revenue_increase: Fraction = Fraction(0)
    revenue_by_year: tuple[Fraction, ...] = ()
    ebitda: Fraction | None = None
    ebitda_margin_rate: Fraction | None = None
    yearly_ebitda_margin_rate: tuple[Fraction, ...] = ()
    ebitda_margin_change_rate: Fraction = Fraction(0)
    ebitda_growth_rate: Fraction | None = None
    ebitda_increase: Fraction | None = None
    ebitda_by_year: tuple[Fraction, ...] = ()
    depreciation: Line = Line()
    capital_expenditure: Line = Line()
    working_capital: Line = Line()

    def __post_init__(self) -> None:
        for field in (
            "yearly_revenue_growth_rate",
            "revenue_by_year",
            "yearly_ebitda_margin_rate",
            "ebitda_by_year",
        ):
            settle_all(self, field)
        for field in ("revenue_growth_rate", "revenue_increase", "ebitda_margin_change_rate"):
            settle(self, field, field, lambda _: True)
        for field in ("ebitda", "ebitda_margin_rate", "ebitda_growth_rate", "ebitda_increase"):
            settle_if_given(self, field, field, lambda _: True)
        settle_if_given(self, "revenue", "0 < revenue", lambda revenue: revenue > 0)
        for field in ("depreciation", "capital_expenditure", "working_capital"):
            if not isinstance(getattr(self, field), Line):
                raise InputError("wrong_type", path(self, field), getattr(self, field), "Line")
            if getattr(self, field).needs_revenue and self.revenue is None and not self.revenue_by_year:
                raise InputError("missing", path(self, "revenue"), None, f"revenue given, as {field} is a part of it")
        margin = self.ebitda_margin_rate is not None or bool(self.yearly_ebitda_margin_rate)
        revenue = self.revenue is not None or bool(self.revenue_by_year)
        if self.ebitda is None and not self.ebitda_by_year and not (margin and revenue):
            expected = "ebitda, ebitda_by_year, or revenue and ebitda_margin_rate given"
            raise InputError("missing", path(self, "ebitda"), None, expected)

    @property
    def first_ebitda(self) -> Fraction | None:
        """EBITDA of year 0, None where neither it nor revenue and margin are given."""
        if self.ebitda is None and self.revenue is not None and self.ebitda_margin_rate is not None:
            return self.revenue * self.ebitda_margin_rate
        return self.ebitda


@dataclass(frozen=True)
class OperatingYear:
    """One year before interest and tax."""

    year: int
    revenue: Fraction | None
    ebitda: Fraction
    depreciation: Fraction
    capital_expenditure: Fraction
    working_capital_increase: Fraction


def operating_years(case: OperatingCase, years: int) -> tuple[OperatingYear, ...]:
    """Years 1 to `years` of the case. Raises InputError where a typed list is too short."""
    revenue = case.revenue
    found = []
    for year in range(1, years + 1):
        before, revenue = revenue, _revenue(case, year, revenue)
        ebitda = _ebitda(case, year, revenue)
        lines = [
            line.in_year(year, revenue or Fraction(0), before if before is not None else revenue or Fraction(0), ebitda)
            for line in (case.depreciation, case.capital_expenditure, case.working_capital)
        ]
        found.append(OperatingYear(year, revenue, ebitda, *lines))
    return tuple(found)


def of_year(noun: object, field: str, typed: Sequence[Fraction], year: int) -> Fraction:
    """The typed number of year 1, 2, ..."""
    if year > len(typed):
        raise InputError("missing", path(noun, field), list(map(str, typed)), f"{year} <= len({field})")
    return typed[year - 1]


def _revenue(case: OperatingCase, year: int, before: Fraction | None) -> Fraction | None:
    if case.revenue_by_year:
        return of_year(case, "revenue_by_year", case.revenue_by_year, year)
    if before is None:
        return None
    typed = case.yearly_revenue_growth_rate
    growth = of_year(case, "yearly_revenue_growth_rate", typed, year) if typed else case.revenue_growth_rate
    return before * (1 + growth) + case.revenue_increase


def _ebitda(case: OperatingCase, year: int, revenue: Fraction | None) -> Fraction:
    if case.ebitda_by_year:
        return of_year(case, "ebitda_by_year", case.ebitda_by_year, year)
    by_itself = case.ebitda_growth_rate is not None or case.ebitda_increase is not None
    if revenue is None or by_itself:
        growth, increase = case.ebitda_growth_rate or Fraction(0), case.ebitda_increase or Fraction(0)
        return _first(case) * (1 + growth) ** year + increase * year
    if case.yearly_ebitda_margin_rate:
        return revenue * of_year(case, "yearly_ebitda_margin_rate", case.yearly_ebitda_margin_rate, year)
    margin = case.ebitda_margin_rate
    if margin is None:
        if case.revenue is None:
            raise InputError("missing", path(case, "revenue"), None, "revenue, or ebitda_margin_rate given")
        margin = _first(case) / case.revenue
    return revenue * (margin + case.ebitda_margin_change_rate * year)


def _first(case: OperatingCase) -> Fraction:
    if case.first_ebitda is None:
        raise InputError("missing", path(case, "ebitda"), None, "ebitda given, from which it grows")
    return case.first_ebitda
