"""How long a fold of 30 events over 40 holders takes: `python -m benchmarks.cap_table_speed [ROUNDS]`.

Founders, employees, angels, three priced rounds with SAFEs, notes, pool top-ups and anti-dilution, all in exact
fractions. The bar is 50 ms, because a page folds the table again after every edit.
"""

import statistics
import sys
import time
from datetime import date
from fractions import Fraction

from core.capital.cap_table import fold, fully_diluted
from core.capital.notes import NoteIssued
from core.capital.securities import (
    Event,
    Investment,
    OptionsGranted,
    PoolIncreased,
    PricedRound,
    SafeIssued,
    SharesIssued,
)
from core.capital.terms import AntiDilution, Vesting

MILLION = 1_000_000


def closing(year: int, name: str, investors: int, pre_money: int) -> PricedRound:
    cheques = tuple(Investment(f"{name} {number}", Fraction(MILLION + number)) for number in range(investors))
    protection = AntiDilution("weighted_average")
    day = date(year, 6, 30)
    return PricedRound(day, name, cheques, Fraction(pre_money), Fraction(1, 10), anti_dilution=protection)


def history() -> tuple[Event, ...]:
    """30 events, 40 holders; the third round is a down round."""
    founded, seeded = date(2020, 1, 1), date(2021, 1, 1)
    founders = [SharesIssued(founded, f"Founder {number}", 3 * MILLION) for number in range(3)]
    grants = [
        OptionsGranted(seeded, f"Employee {number}", 40_000 + number, Fraction(1, 10), Vesting(founded))
        for number in range(12)
    ]
    safes = [
        SafeIssued(seeded, f"Angel {number}", Fraction(200_000), Fraction(10 * MILLION + number)) for number in range(6)
    ]
    notes = [
        NoteIssued(date(2022, 1, 1), f"Lender {number}", Fraction(300_000), Fraction(6, 100), discount=Fraction(1, 5))
        for number in range(4)
    ]
    return (
        *founders,
        PoolIncreased(founded, MILLION),
        *grants,
        *safes,
        closing(2021, "Seed", 5, 15 * MILLION),
        *notes,
        closing(2022, "Series A", 5, 60 * MILLION),
        PoolIncreased(date(2023, 1, 1), 100_000),
        closing(2023, "Series B", 5, 25 * MILLION),
    )


def main(rounds: int) -> None:
    events = history()
    folds, measures = [], []
    for _ in range(rounds):
        start = time.perf_counter()
        tables = fold(events)
        folds.append(time.perf_counter() - start)
        for table in tables:
            fully_diluted(table)
        measures.append(time.perf_counter() - start)
    holders = len({one.holder for one in tables[-1].holdings})
    print(
        f"{len(events)} events, {holders} holders: fold {1000 * statistics.median(folds):.1f} ms, "
        f"with ownership after each {1000 * statistics.median(measures):.1f} ms (median of {rounds})"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 21)
