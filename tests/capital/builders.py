"""Small builders that keep a test to the facts of its example, and random companies for the property tests."""

from datetime import date
from fractions import Fraction

from hypothesis import strategies as st

from core.capital.cap_table import CapTable, fold
from core.capital.securities import (
    Event,
    Investment,
    OptionsGranted,
    PoolIncreased,
    PricedRound,
    SafeIssued,
    SharesIssued,
)

DAY = date(2026, 1, 1)


def founder(shares: int, name: str = "Founder") -> SharesIssued:
    return SharesIssued(DAY, name, shares)


def safe(amount: int, cap: int, discount: str = "0", holder: str = "Angel") -> SafeIssued:
    return SafeIssued(DAY, holder, Fraction(amount), Fraction(cap), Fraction(discount))


def series(
    amount: int,
    pre_money: int,
    name: str = "Series A",
    *,
    pool: str = "0",
    multiple: str = "1",
    seniority: int = 0,
    decimals: int = 4,
) -> PricedRound:
    money = (Investment(f"{name} investor", Fraction(amount)),)
    return PricedRound(
        DAY,
        name,
        money,
        Fraction(pre_money),
        Fraction(pool),
        Fraction(multiple),
        seniority,
        price_step=Fraction(1, 10**decimals),
    )


def table_of(*events: Event) -> CapTable:
    return fold(events)[-1]


AMOUNTS = st.integers(50_000, 2_000_000)


def safes() -> st.SearchStrategy[SafeIssued]:
    """Caps low enough to bind and high enough not to; at most 4 of them stay below 100 %."""
    return st.builds(
        safe,
        AMOUNTS,
        st.integers(9_000_000, 60_000_000),
        st.sampled_from(["0", "1/10", "1/5", "1/3"]),
        st.sampled_from(["Angel", "Accelerator", "Founder"]),
    )


def rounds(name: str) -> st.SearchStrategy[PricedRound]:
    """Above what four SAFEs of 2 M and a pool of a quarter can cost, so always solvable."""
    return st.builds(
        series,
        st.integers(100_000, 30_000_000),
        st.integers(30_000_000, 120_000_000),
        st.just(name),
        pool=st.sampled_from(["0", "1/20", "1/10", "1/4"]),
        multiple=st.sampled_from(["0", "1", "3/2", "2"]),
        seniority=st.integers(0, 2),
    )


@st.composite
def companies(draw: st.DrawFn, safes_left: bool = True) -> tuple[Event, ...]:
    """Founding, pool, grants, SAFEs, up to two rounds, a late hire, perhaps SAFEs that nothing has converted yet."""
    pool = draw(st.integers(1_000, 3_000_000))
    events: list[Event] = [
        founder(draw(st.integers(1_000_000, 12_000_000))),
        founder(draw(st.integers(1, 12_000_000)), "Second founder"),
        PoolIncreased(DAY, pool),
        OptionsGranted(DAY, "Engineer", draw(st.integers(1, pool))),
    ]
    for name in draw(st.sampled_from([(), ("Seed",), ("Seed", "Series A")])):
        events += draw(st.lists(safes(), max_size=4))
        events.append(draw(rounds(name)))
    events.append(founder(draw(st.integers(1, 100_000)), "Late hire"))
    if safes_left:
        events += draw(st.lists(safes(), max_size=4))
    return tuple(events)
