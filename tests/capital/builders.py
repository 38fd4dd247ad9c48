"""Small builders that keep a test to the facts of its example, and random companies for the property tests."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction

from hypothesis import reject
from hypothesis import strategies as st

from core.capital import rounds as solver
from core.capital.cap_table import CapTable, fold
from core.capital.notes import NoteIssued
from core.capital.round_equations import Company
from core.capital.rounds import PricedRoundResult
from core.capital.securities import (
    Event,
    Investment,
    OptionsGranted,
    PoolIncreased,
    PricedRound,
    SafeForm,
    SafeIssued,
    SharesIssued,
)
from core.capital.stock_events import (
    LaterClosing,
    OptionsExercised,
    OptionsLapsed,
    OptionsPromised,
    SecondarySale,
    Split,
    WarrantExercised,
    WarrantIssued,
)
from core.capital.terms import AntiDilution, PayToPlay, ProRata, Vesting
from core.errors import InputError

DAY = date(2026, 1, 1)


def founder(shares: int, name: str = "Founder") -> SharesIssued:
    return SharesIssued(DAY, name, shares)


def safe(
    amount: int, cap: int, discount: str = "0", holder: str = "Angel", *, form: SafeForm = "post_money", on: date = DAY
) -> SafeIssued:
    return SafeIssued(on, holder, Fraction(amount), Fraction(cap), Fraction(discount), form=form)


def series(
    amount: int,
    pre_money: int,
    name: str = "Series A",
    *,
    pool: str = "0",
    multiple: str = "1",
    seniority: int = 0,
    decimals: int | None = 4,
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
        price_step=None if decimals is None else Fraction(1, 10**decimals),
    )


def price_round(
    terms: PricedRound, shares: int, pool: int = 0, safes: Sequence[SafeIssued] = (), notes: Sequence[NoteIssued] = ()
) -> PricedRoundResult:
    """The round on a company of common stock and an unissued pool."""
    return solver.price_round(terms, Company(shares, unissued_pool=pool), safes, notes)


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


SAFE_FORMS = ("capped", "discounted", "both", "pre_money", "mfn", "fixed")


def any_safe(form: str, money: Fraction, cap: int, rate: Fraction, holder: str) -> SafeIssued:
    """A SAFE of the named form; at the sizes of `capital_structures` three of any form stay below 100 %."""
    return {
        "capped": SafeIssued(DAY, holder, money, Fraction(cap)),
        "discounted": SafeIssued(DAY, holder, money, discount=rate),
        "both": SafeIssued(DAY, holder, money, Fraction(cap), rate),
        "pre_money": SafeIssued(DAY, holder, money, Fraction(cap), rate, "pre_money"),
        "mfn": SafeIssued(DAY, holder, money, mfn=True),
        "fixed": SafeIssued(DAY, holder, money, fixed_share=money / 30_000_000),
    }[form]


@st.composite
def convertibles(draw: st.DrawFn, on: date, tag: str) -> list[Event]:
    """Up to three SAFEs of any form and two notes; after an MFN SAFE there is no pre-money one to take."""
    events: list[Event] = []
    forms = draw(st.lists(st.sampled_from(SAFE_FORMS), max_size=3))
    discounts = st.sampled_from([Fraction(1, 10), Fraction(1, 5), Fraction(1, 3)])
    for number, form in enumerate(forms):
        allowed = "both" if form == "pre_money" and "mfn" in forms[:number] else form
        cap = draw(st.integers(9_000_000, 60_000_000))
        safe_terms = any_safe(allowed, Fraction(draw(AMOUNTS)), cap, draw(discounts), f"{tag} angel {number}")
        events.append(replace(safe_terms, date=on))
    for number in range(draw(st.integers(0, 2))):
        note = NoteIssued(
            on,
            f"{tag} lender {number}",
            Fraction(draw(AMOUNTS)),
            Fraction(draw(st.integers(0, 12)), 100),
            draw(st.sampled_from(["simple", "annual", "monthly"])),
            draw(st.sampled_from(["actual/365", "actual/360", "30/360"])),
            draw(st.none() | st.integers(9_000_000, 60_000_000).map(Fraction)),
            draw(st.sampled_from([Fraction(0), Fraction(1, 5)])),
            cap_counts=draw(st.sampled_from(["with_pool", "without_pool", "common", "with_pool_increase"])),
        )
        events.append(note)
    return events


@st.composite
def any_round(draw: st.DrawFn, on: date, name: str, before: str | None) -> PricedRound:
    """A round on any basis and with any terms; `before` is the earlier series that may have to pay to play."""
    lead = Investment(f"{name} lead", Fraction(draw(st.integers(500_000, 8_000_000))))
    other = Investment("Seed lead", Fraction(draw(st.integers(100_000, 2_000_000))))
    protections = [
        None,
        AntiDilution("weighted_average"),
        AntiDilution("weighted_average", "preferred"),
        AntiDilution("weighted_average", "outstanding_and_pool"),
        AntiDilution("full_ratchet"),
    ]
    rule = None
    if before is not None and draw(st.booleans()):
        partly_paid = draw(st.sampled_from(["all_converts", "unpaid_part_converts"]))
        rule = PayToPlay(Fraction(2_000_000), ((before, Fraction(1, 10)),), partly_paid, draw(st.booleans()))
    return PricedRound(
        on,
        name,
        (lead, other),
        Fraction(draw(st.integers(40_000_000, 120_000_000))),
        draw(st.sampled_from([Fraction(0), Fraction(1, 10), Fraction(1, 5)])),
        draw(st.sampled_from([Fraction(1), Fraction(2)])),
        draw(st.integers(0, 2)),
        draw(st.sampled_from([None, Fraction(1, 10_000)])),
        basis=draw(st.sampled_from(["post_money", "pre_money", "dollars_invested"])),
        pool_in_pre_money=draw(st.booleans()),
        adjustment_in_price=draw(st.booleans()),
        anti_dilution=draw(st.sampled_from(protections)),
        pay_to_play=rule,
        pro_rata=()
        if rule
        else draw(st.sampled_from([(), (ProRata("Founder"),), (ProRata("Founder", Fraction(1, 2)),)])),
    )


@st.composite
def capital_structures(draw: st.DrawFn) -> tuple[Event, ...]:
    """Founding to two rounds, with every kind of security, sale, split and tranche on the way."""
    day = [date(2022 + year, 1, 1) for year in range(5)]
    grants = draw(st.lists(st.integers(1, 100_000), min_size=1, max_size=3))
    events: list[Event] = [
        SharesIssued(day[0], "Founder", draw(st.integers(2_000_000, 8_000_000)), "Class B", 10),
        SharesIssued(day[0], "Hire", draw(st.integers(1_000, 3_000_000))),
        PoolIncreased(day[0], draw(st.integers(400_000, 2_000_000))),
        *(
            OptionsGranted(day[0], f"Engineer {strike}", shares, Fraction(strike, 10), Vesting(day[0]))
            for strike, shares in enumerate(grants)
        ),
        WarrantIssued(day[0], "Lender", draw(st.integers(1, 50_000)), Fraction(1)),
        OptionsPromised(day[0], "Candidate", draw(st.integers(1, 500_000))),
        *draw(convertibles(day[1], "Seed")),
        draw(any_round(day[2], "Seed", None)),
    ]
    if grants[-1] > 4:
        events.append(
            OptionsExercised(day[2], f"Engineer {len(grants) - 1}", grants[-1] // 4, Fraction(len(grants) - 1, 10))
        )
    later: list[Event] = [
        OptionsLapsed(day[3], "Engineer 0", keeps_vested=draw(st.booleans())),
        SecondarySale(day[3], "Founder", "Fund", draw(st.integers(1, 1_000_000)), Fraction(2), "Class B"),
        LaterClosing(day[3], "Seed", (Investment("Seed lead", Fraction(250_000)),)),
        WarrantExercised(day[3], "Lender", draw(st.none() | st.just(Fraction(4)))),
        Split(day[3], draw(st.integers(1, 5)), draw(st.integers(1, 2))),
    ]
    events += draw(st.lists(st.sampled_from(later), unique=True, max_size=4))
    events += draw(convertibles(day[3], "Bridge"))
    events.append(draw(any_round(day[4], "Series A", "Seed")))
    try:
        fold(events)
    except InputError as error:
        # A price that is no fraction, pieces that no price satisfies, and the exercise of what a reverse split has
        # rounded to nothing are refused by design.
        if error.code in ("contradiction", "unknown_name"):
            reject()
        raise
    return tuple(events)
