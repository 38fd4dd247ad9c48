"""What the published sales have in common: the tables as they are listed, and how the answers are compared.

Most are the cases of github.com/spillpoint/spillpoint, cases/edge-NN-*/DERIVATION.md, named by their number; each
table is typed in as the case states it. Exit values and amounts are compared to the cent, as they are published.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from core.capital.breakpoints import breakpoints
from core.capital.notes import NoteIssued
from core.capital.securities import OPTIONS, Grant, Holding, SafeIssued, Series
from core.capital.stock_events import WarrantIssued
from core.capital.table import CapTable
from core.capital.waterfall import SaleTerms, sale

MILLION = 1_000_000
FOUNDERS = {"A": 6 * MILLION, "B": 2 * MILLION}
SEED_HELD = {("X", "Seed"): 1_500_000, ("Y", "Seed"): 500_000}
FOUNDED, SOLD = date(2022, 1, 1), date(2024, 1, 1)
ON_THE_DAY = SaleTerms(on=SOLD)
Row = tuple[str, Mapping[str, str]]


@dataclass(frozen=True)
class Case:
    """A published sale: payouts by holder at exit values, and breakpoints as (exit value, what happens, whose)."""

    table: CapTable
    rows: tuple[Row, ...]
    points: tuple[tuple[str, str, str], ...] | None
    terms: SaleTerms = ON_THE_DAY


def dollars(text: str) -> Fraction:
    return Fraction(text.replace(",", ""))


def company(
    common: Mapping[str, int],
    *series: Series,
    preferred: Mapping[tuple[str, str], int] | None = None,
    options: tuple[tuple[str, int, str], ...] = (),
    pool: int = 0,
    safes: tuple[SafeIssued, ...] = (),
    notes: tuple[NoteIssued, ...] = (),
    warrants: tuple[WarrantIssued, ...] = (),
) -> CapTable:
    """A cap table as a case lists it; preferred by (holder, series), options as (holder, shares, strike)."""
    granted: dict[str, int] = {}
    for holder, shares, _ in options:
        granted[holder] = granted.get(holder, 0) + shares
    return CapTable(
        holdings=(
            *(Holding(holder, "common", shares) for holder, shares in common.items()),
            *(Holding(holder, name, shares) for (holder, name), shares in (preferred or {}).items()),
            *(Holding(holder, OPTIONS, shares) for holder, shares in granted.items()),
        ),
        unissued_pool=pool,
        series=series,
        safes=safes,
        notes=notes,
        warrants=warrants,
        grants=tuple(Grant(holder, shares, Fraction(strike), FOUNDED) for holder, shares, strike in options),
        as_of=FOUNDED,
    )


def preferred(name: str, price: str, shares: int, seniority: int = 0, **terms: object) -> Series:
    return Series(name, Fraction(price), Fraction(1), seniority, Fraction(price) * shares, **terms)  # type: ignore[arg-type]


def safe(holder: str, amount: int, cap: int | None, **terms: object) -> SafeIssued:
    return SafeIssued(FOUNDED, holder, Fraction(amount), cap and Fraction(cap), **terms)  # type: ignore[arg-type]


def note(holder: str, principal: int, rate: str, issued: date = FOUNDED, **terms: object) -> NoteIssued:
    return NoteIssued(issued, holder, Fraction(principal), Fraction(rate), **terms)  # type: ignore[arg-type]


def row(exit_value: str, **paid: str) -> Row:
    return exit_value, paid


def check_payouts(case: Case) -> None:
    for exit_value, published in case.rows:
        payout = sale(case.table, dollars(exit_value), terms=case.terms)
        paid = {holder: round(payout.by_holder.get(holder, Fraction(0)), 2) for holder in published}
        assert paid == {holder: dollars(amount) for holder, amount in published.items()}, exit_value
        assert sum(payout.by_holder.values()) == payout.distributed


def check_breakpoints(case: Case) -> None:
    found = breakpoints(case.table, terms=case.terms)
    points = [(round(one.exit_value, 2), one.happening, ", ".join(one.securities)) for one in found]
    assert points == [(dollars(at), happening, whose) for at, happening, whose in case.points or ()]
