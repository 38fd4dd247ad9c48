"""The solved price against a second statement of the round that shares no code with it: each term as its document says,
iterated in floats at a trial price, and the trial price found by bisection."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from core.capital.notes import Convertible, NoteIssued
from core.capital.round_equations import Company, Protected
from core.capital.rounds import price_round
from core.capital.securities import PricedRound, SafeIssued, Series
from core.capital.terms import AntiDilution
from tests.capital.builders import DAY, any_round, convertibles


def shares_of(one: Convertible, others: Sequence[Convertible], price: float, counts: dict[str, float]) -> float:
    """What a SAFE or note becomes at a price, given the counts that caps may be divided by."""
    if isinstance(one, SafeIssued) and one.fixed_share is not None:
        return float(one.fixed_share) * counts["company_capitalization"]
    dollars = float(one.owed(DAY) if isinstance(one, NoteIssued) else one.amount)
    packages: list[Convertible] = [one]
    if isinstance(one, SafeIssued) and one.mfn:
        later = others[list(others).index(one) + 1 :]
        packages += [other for other in later if isinstance(other, SafeIssued) and other.fixed_share is None]
    count = counts["company_capitalization"]
    if isinstance(one, NoteIssued):
        count = counts[one.cap_counts]
    elif one.form == "pre_money":
        count = counts["with_pool_increase"]
    prices = [(1 - float(package.discount)) * price for package in packages]
    prices += [float(package.valuation_cap) / count for package in packages if package.valuation_cap is not None]
    return dollars / min(prices)


def added(one: Protected, price: float, money: float, converted: Sequence[float], dollars: Sequence[float]) -> float:
    """Shares that anti-dilution adds, piece by piece: CP2 = CP1 (A + paid/CP1)/(A + issued), or the lowest price."""
    before, shares = float(one.conversion_price), float(one.as_converted)
    pieces = [(money / price, money), *((converted[at], dollars[at]) for at in one.pieces)]
    below = [(issued, paid) for issued, paid in pieces if paid / issued < before * (1 - 1e-12)]
    if not below:
        return 0.0
    if one.ratchets:
        return shares * (before / min(paid / issued for issued, paid in below) - 1)
    outstanding = float(one.outstanding)
    issued, paid = (sum(piece[place] for piece in below) for place in (0, 1))
    return shares * ((outstanding + issued) / (outstanding + paid / before) - 1)


def bought_by_the_pre_money(
    price: float, terms: PricedRound, company: Company, convertible: Sequence[Convertible]
) -> float:
    """Shares that the pre-money pays for at a trial price."""
    stood, old_pool = float(company.without_pool), float(company.unissued_pool)
    dollars = [float(one.owed(DAY) if isinstance(one, NoteIssued) else one.amount) for one in convertible]
    money, pool, converted, extra = float(terms.new_money), old_pool, [0.0] * len(dollars), 0.0
    for _ in range(400):
        counts = {
            "company_capitalization": stood + old_pool + sum(converted),
            "with_pool_increase": stood + pool,
            "with_pool": stood + old_pool,
            "without_pool": stood,
            "common": float(company.common),
        }
        converted = [shares_of(one, convertible, price, counts) for one in convertible]
        if terms.adjustment_in_price:
            extra = sum(added(one, price, money, converted, dollars) for one in company.protected)
        total = stood + sum(converted) + extra + money / price + pool
        was, pool = pool + counts["company_capitalization"], max(old_pool, float(terms.pool_target) * total)
        if abs(stood + old_pool + sum(converted) + pool - was) < 1e-9 * total:
            break
    inside = stood + extra + (pool if terms.pool_in_pre_money else old_pool)
    return inside + (0 if terms.basis == "pre_money" else sum(converted))


PROTECTIONS = [
    AntiDilution("weighted_average"),
    AntiDilution("weighted_average", "own_series"),
    AntiDilution("full_ratchet"),
]


@settings(max_examples=50)
@given(
    terms=any_round(DAY, "Series B", None),
    pre_money=st.integers(8_000_000, 80_000_000),
    convertible=convertibles(DAY, "Bridge"),
    protection=st.sampled_from(PROTECTIONS),
    shares=st.tuples(st.integers(2_000_000, 9_000_000), st.integers(1, 3_000_000), st.integers(0, 2_000_000)),
)
def test_the_price_is_the_one_that_a_plain_search_finds(
    terms: PricedRound,
    pre_money: int,
    convertible: list[Convertible],
    protection: AntiDilution,
    shares: tuple[int, int, int],
) -> None:
    common, preferred, pool = shares
    series = Series("A", Fraction(3), Fraction(1), 0, Fraction(3 * preferred), anti_dilution=protection)
    outstanding = preferred if protection.counted == "own_series" else common + preferred
    protected = Protected(series, preferred, Fraction(outstanding), frozenset(range(len(convertible))))
    company = Company(common, Fraction(preferred), 0, pool, (protected,))
    # A ratchet's shares are worth $3 each at any price below: room for them, for SAFEs and notes and for the pool.
    terms = replace(terms, pre_money=Fraction(pre_money + 3 * preferred + 12_000_000), pro_rata=(), price_step=None)
    safes = [one for one in convertible if isinstance(one, SafeIssued)]
    notes = [one for one in convertible if isinstance(one, NoteIssued)]
    agreed = float(terms.pre_money)
    if terms.basis == "dollars_invested":
        agreed += sum(float(one.owed(DAY) if isinstance(one, NoteIssued) else one.amount) for one in convertible)
    lowest, highest = 1e-3, agreed / (common + preferred) * 1.000001
    for _ in range(45):
        middle = (lowest + highest) / 2
        if middle * bought_by_the_pre_money(middle, terms, company, convertible) < agreed:
            lowest = middle
        else:
            highest = middle
    assert abs(lowest / float(price_round(terms, company, safes, notes).exact_price) - 1) < 1e-8
