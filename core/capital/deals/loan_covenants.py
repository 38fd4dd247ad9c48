"""Covenants of a loan, month by month: what is measured, what was promised, and what a breach brings.

Minimum cash is an amount or k months of burn; loan to value is what is owed over the collateral's value; debt service
cover is EBITDA over interest and instalments (no balloon), each summed over the same trailing months. All are measured
at a month's end, after its payment.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, get_args

from core.capital.checks import check_choice, check_whole, path, settle_if_given
from core.capital.deals.loan_schedule import LoanMonth, settle_each
from core.capital.deals.venture_debt import VentureDebt
from core.capital.debt import MONTHS_PER_YEAR
from core.errors import InputError

Effect = Literal["waiver_fee", "default_interest", "acceleration", "cash_trap"]


@dataclass(frozen=True)
class Covenants:
    """What a borrower promises, and what happens in a month in which it does not hold; None promises nothing.

    coverage_months: over how many months EBITDA and debt service are summed
    effect: "waiver_fee" is paid once for each run of months in breach, "default_interest" adds `default_margin_rate` a
        year to the interest on what is owed, "acceleration" makes all of it due at the first breach, "cash_trap" keeps
        what EBITDA leaves after debt service
    """

    effect: Effect
    minimum_cash: Fraction | None = None
    minimum_cash_burn_months: Fraction | None = None
    maximum_loan_to_value: Fraction | None = None
    minimum_debt_service_coverage: Fraction | None = None
    coverage_months: int = 1
    waiver_fee: Fraction | None = None
    default_margin_rate: Fraction | None = None

    def __post_init__(self) -> None:
        check_choice(self, "effect", get_args(Effect))
        check_whole(self, "coverage_months", 1)
        promises = (
            "minimum_cash",
            "minimum_cash_burn_months",
            "maximum_loan_to_value",
            "minimum_debt_service_coverage",
        )
        for field in (*promises, "waiver_fee", "default_margin_rate"):
            settle_if_given(self, field, f"0 < {field}", lambda number: number > 0)
        if all(getattr(self, field) is None for field in promises):
            raise InputError("missing", path(self, "minimum_cash"), None, " | ".join(promises))
        for field, effect in (("waiver_fee", "waiver_fee"), ("default_margin_rate", "default_interest")):
            if (getattr(self, field) is not None) != (self.effect == effect):
                expected = f"{field} given if and only if effect = {effect!r}"
                raise InputError("contradiction", path(self, field), getattr(self, field), expected)


@dataclass(frozen=True)
class LoanCovenants:
    """A loan, its covenants and the borrower's months from the first after closing: as many in each list.

    A list that no covenant needs may be left out; months after the lists end are not tested.
    """

    loan: VentureDebt
    covenants: Covenants
    cash: tuple[Fraction, ...] = ()
    burn: tuple[Fraction, ...] = ()
    ebitda: tuple[Fraction, ...] = ()
    collateral_value: tuple[Fraction, ...] = ()

    def __post_init__(self) -> None:
        for field, kind in (("loan", VentureDebt), ("covenants", Covenants)):
            if not isinstance(getattr(self, field), kind):
                raise InputError("wrong_type", path(self, field), getattr(self, field), kind.__name__)
        for field in ("cash", "ebitda"):
            settle_each(self, field, f"{field} a number", lambda _: True)
        for field in ("burn", "collateral_value"):
            settle_each(self, field, f"0 <= {field}", lambda number: number >= 0)
        lengths = {len(series) for series in (self.cash, self.burn, self.ebitda, self.collateral_value) if series}
        if len(lengths) > 1:
            raise InputError("contradiction", path(self, "cash"), sorted(lengths), "as many months in each list")
        for field in self._needed():
            if not getattr(self, field):
                raise InputError("missing", path(self, field), (), f"1 <= len({field})")

    def _needed(self) -> set[str]:
        promised = self.covenants
        needs = (
            (promised.minimum_cash, ("cash",)),
            (promised.minimum_cash_burn_months, ("cash", "burn")),
            (promised.maximum_loan_to_value, ("collateral_value",)),
            (promised.minimum_debt_service_coverage, ("ebitda",)),
            (promised.effect == "cash_trap" or None, ("ebitda",)),
        )
        return {field for promise, fields in needs if promise is not None for field in fields}


@dataclass(frozen=True)
class CovenantTest:
    """One promise at the end of one month; measured is None where collateral is worth nothing."""

    month: int
    covenant: str
    measured: Fraction | None
    required: Fraction
    breached: bool


@dataclass(frozen=True)
class BreachEffect:
    """What one month's breach brings: a fee, more interest, the balance due at once, or the cash that is kept.

    shortfall: what an accelerated balance exceeds the cash by, where cash is known
    """

    month: int
    covenants: str
    amount: Fraction
    shortfall: Fraction | None


@dataclass(frozen=True)
class LoanCovenantsOutcome:
    """Every test, the months with a breach, and what the breaches bring in all."""

    first_breach_month: int | None
    breach_months: tuple[int, ...]
    total_effect: Fraction
    effects: tuple[BreachEffect, ...]
    tests: tuple[CovenantTest, ...]


def loan_covenants_outcome(deal: LoanCovenants) -> LoanCovenantsOutcome:
    """In which month which covenant is breached, and what that brings."""
    schedule = deal.loan.schedule
    months = max(len(series) for series in (deal.cash, deal.burn, deal.ebitda, deal.collateral_value))
    tests = [test for month in range(1, min(months, len(schedule) - 1) + 1) for test in _tests(deal, schedule, month)]
    breached: dict[int, list[str]] = {}
    for test in tests:
        if test.breached:
            breached.setdefault(test.month, []).append(test.covenant)
    effects = tuple(_effects(deal, schedule, breached))
    return LoanCovenantsOutcome(
        first_breach_month=min(breached, default=None),
        breach_months=tuple(breached),
        total_effect=sum((effect.amount for effect in effects), Fraction(0)),
        effects=effects,
        tests=tuple(tests),
    )


def loan_to_value(owed: Fraction, value: Fraction) -> Fraction | None:
    """Owed over the collateral's value; None where something is owed on nothing."""
    if value > 0:
        return owed / value
    return Fraction(0) if owed == 0 else None


def _tests(deal: LoanCovenants, schedule: tuple[LoanMonth, ...], month: int) -> Iterator[CovenantTest]:
    promised, owed = deal.covenants, schedule[month].owed
    if promised.minimum_cash is not None:
        yield _at_least("minimum_cash", month, deal.cash[month - 1], promised.minimum_cash)
    if promised.minimum_cash_burn_months is not None:
        needed = promised.minimum_cash_burn_months * deal.burn[month - 1]
        yield _at_least("minimum_cash_burn_months", month, deal.cash[month - 1], needed)
    if promised.maximum_loan_to_value is not None:
        ratio = loan_to_value(owed, deal.collateral_value[month - 1])
        over = ratio is None or ratio > promised.maximum_loan_to_value
        yield CovenantTest(month, "maximum_loan_to_value", ratio, promised.maximum_loan_to_value, over)
    if promised.minimum_debt_service_coverage is not None and month >= promised.coverage_months:
        first = month - promised.coverage_months + 1
        service = sum((_service(row) for row in schedule[first : month + 1]), Fraction(0))
        if service:
            earned = sum(deal.ebitda[first - 1 : month], Fraction(0))
            covered = earned / service
            yield _at_least("minimum_debt_service_coverage", month, covered, promised.minimum_debt_service_coverage)


def _service(row: LoanMonth) -> Fraction:
    return row.interest + row.principal - row.lump_sum


def _at_least(covenant: str, month: int, measured: Fraction, required: Fraction) -> CovenantTest:
    return CovenantTest(month, covenant, measured, required, measured < required)


def _effects(
    deal: LoanCovenants, schedule: tuple[LoanMonth, ...], breached: dict[int, list[str]]
) -> Iterator[BreachEffect]:
    promised = deal.covenants
    for month, covenants in breached.items():
        row, shortfall = schedule[month], None
        if promised.effect == "waiver_fee":
            amount = Fraction(0) if month - 1 in breached else promised.waiver_fee or Fraction(0)
        elif promised.effect == "default_interest":
            amount = row.owed * (promised.default_margin_rate or 0) / MONTHS_PER_YEAR
        elif promised.effect == "acceleration":
            amount = row.owed
            shortfall = max(row.owed - deal.cash[month - 1], Fraction(0)) if deal.cash else None
        else:
            amount = max(deal.ebitda[month - 1] - _service(row), Fraction(0))
        yield BreachEffect(month, ", ".join(covenants), amount, shortfall)
        if promised.effect == "acceleration":
            return
