"""How long a 200-point waterfall takes: a company with six series, and the same with SAFEs and notes outstanding.

`python -m benchmarks.waterfall_speed [ROUNDS]`; medians, everything worked out anew each time, every payout exact. The
bar is 200 ms for 200 points on an idle machine; RESULTS.md says what was measured when.
"""

import statistics
import sys
import time
from collections.abc import Callable
from datetime import date
from fractions import Fraction

from core.capital.breakpoints import breakpoints
from core.capital.notes import NoteIssued
from core.capital.securities import OPTIONS, Grant, Holding, SafeIssued, Series
from core.capital.stock_events import WarrantIssued
from core.capital.table import CapTable
from core.capital.waterfall import payouts_by_exit, sale

DAY = date(2026, 1, 1)
POINTS = 200
HIGHEST = 2_000_000_000
PREFERRED = (
    # price in cents, shares, seniority, participation, cap
    (50, 2_000_000, 0, "none", None),
    (120, 3_000_000, 0, "none", None),
    (310, 4_000_000, 1, "capped", Fraction(3)),
    (870, 5_000_000, 2, "none", None),
    (1_450, 5_000_000, 2, "full", None),
    (2_230, 6_000_000, 3, "none", None),
)


def company(with_convertibles: bool) -> CapTable:
    """Four founders, twenty employees at five strikes, three investors in each of six series, two warrants."""
    series, holdings = [], [Holding(f"Founder {number}", "common", 2_500_000) for number in range(4)]
    for place, (cents, shares, seniority, participation, cap) in enumerate(PREFERRED):
        name, price = f"Series {place}", Fraction(cents, 100)
        terms = {"participation": participation, "participation_cap": cap}
        series.append(Series(name, price, Fraction(1), seniority, price * shares, **terms))  # type: ignore[arg-type]
        holdings += [Holding(f"Fund {place}{part}", name, shares // 3) for part in range(3)]
    grants = tuple(Grant(f"Employee {one}", 40_000 + one, Fraction(one % 5, 2), DAY) for one in range(20))
    holdings += [Holding(grant.holder, OPTIONS, grant.shares) for grant in grants]
    safes = (
        SafeIssued(DAY, "Angel 1", Fraction(500_000), Fraction(20_000_000)),
        SafeIssued(DAY, "Angel 2", Fraction(750_000), Fraction(25_000_000)),
        SafeIssued(DAY, "Angel 3", Fraction(250_000), None, Fraction(1, 5)),
    )
    notes = (NoteIssued(DAY, "Lender", Fraction(1_000_000), Fraction(8, 100), valuation_cap=Fraction(90_000_000)),)
    return CapTable(
        holdings=tuple(holdings),
        unissued_pool=1_000_000,
        series=tuple(series),
        grants=grants,
        warrants=(
            WarrantIssued(DAY, "Bank", 100_000, Fraction(3)),
            WarrantIssued(DAY, "Bank", 50_000, Fraction(5), "Series 3"),
        ),
        safes=safes if with_convertibles else (),
        notes=notes if with_convertibles else (),
        as_of=DAY,
    )


def median_ms(work: Callable[[], object], rounds: int) -> float:
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times) * 1000


def main(rounds: int) -> None:
    exits = [Fraction(HIGHEST * point, POINTS) for point in range(1, POINTS + 1)]
    for name, table in (("six series", company(False)), ("with SAFEs and a note", company(True))):
        curve = median_ms(lambda table=table: payouts_by_exit(table, exits), rounds)  # type: ignore[misc]
        points = median_ms(lambda table=table: breakpoints(table), rounds)  # type: ignore[misc]
        single = median_ms(lambda table=table: sale(table, exits[-1]), rounds)  # type: ignore[misc]
        print(f"{name}: {POINTS} points {curve:.0f} ms, {len(breakpoints(table))} breakpoints {points:.0f} ms", end="")
        print(f", one sale {single:.1f} ms (medians of {rounds}; bar: 200 ms for {POINTS} points)")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
