"""Laws of every sale, on random claims of all kinds at once.

A second, plain statement of the waterfall (`paid_if`) judges the choices: it tries which options are exercised and
which caps bind until they fit, and shares no code with core.
"""

from fractions import Fraction
from itertools import chain, combinations, pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from core.capital.breakpoints import breakpoints_of
from core.capital.claims import CarveOut, Claim, Claims, Right
from core.capital.sale_game import Game

SHARES = st.integers(1, 40).map(lambda count: Fraction(count * 100_000))
AMOUNTS = st.integers(1, 40).map(lambda count: Fraction(count * 250_000))
MONEY = st.one_of(st.integers(0, 400), st.integers(0, 4_000)).map(lambda count: Fraction(count * 100_000))


@st.composite
def series(draw: st.DrawFn, name: str) -> Claim:
    cash = draw(st.one_of(AMOUNTS, st.just(Fraction(0))))
    participates = draw(st.booleans())
    limit = draw(st.sampled_from([None, cash, cash * 2, cash * 3])) if participates and cash else None
    return Claim(name, cash, draw(st.integers(0, 2)), draw(SHARES), participates=participates, limit=limit)


@st.composite
def convertible(draw: st.DrawFn, name: str) -> Claim:
    cash, debt = draw(AMOUNTS), draw(st.booleans())
    kind = draw(st.sampled_from(["fraction", "shares", "worth"]))
    if kind == "fraction":
        return Claim(name, cash, fraction=draw(st.sampled_from([Fraction(1, 20), Fraction(1, 8)])), debt=debt)
    if kind == "shares":
        return Claim(name, cash, shares=draw(SHARES), debt=debt)
    return Claim(name, cash, worth=cash * draw(st.sampled_from([Fraction(1), Fraction(5, 4)])), debt=debt)


@st.composite
def companies(draw: st.DrawFn, coupled: bool = True, warrants: bool = False) -> Claims:
    claims = [draw(series(name)) for name in draw(st.sampled_from(["", "A", "AB", "ABC"]))]
    if coupled:
        claims += [draw(convertible(name)) for name in draw(st.sampled_from(["", "X", "XY", "XYZ"]))]
    strikes = draw(st.lists(st.sampled_from([Fraction(0), Fraction(1, 2), Fraction(2), Fraction(7)]), unique=True))
    rights = [Right(f"options at {strike}", "options", draw(SHARES), strike) for strike in strikes]
    if warrants and claims and claims[0].name == "A":
        a, strike = claims[0], draw(st.sampled_from([Fraction(1, 2), Fraction(2), Fraction(7)]))
        limit = None if a.limit is None else a.limit / a.shares
        rights.append(Right("Warrant 1", "Warrant 1", draw(SHARES), strike, "A", a.cash / a.shares, limit))
    return Claims(draw(SHARES), tuple(claims), tuple(rights), draw(st.sampled_from([Fraction(0), Fraction(300_000)])))


def subsets(names: list[str]) -> list[frozenset[str]]:
    return [frozenset(one) for one in chain.from_iterable(combinations(names, size) for size in range(len(names) + 1))]


def paid_if(claims: Claims, money: Fraction, converted: frozenset[str]) -> dict[str, Fraction]:
    """What everybody gets, were these the ones to convert; who has no price to convert at gets nothing."""
    keeping = [claim for claim in claims.claims if claim.name not in converted]
    paid: dict[str, Fraction] = {}
    for tier in (
        [claim for claim in keeping if claim.debt],
        *([claim for claim in keeping if claim.rank == rank and not claim.debt] for rank in (2, 1, 0)),
    ):
        due = sum(claim.cash for claim in tier)
        for claim in tier:
            paid[claim.name] = claim.cash if money >= due else money * claim.cash / due
        money = max(Fraction(0), money - due)
    in_common = common_if(claims, money, converted, with_worth=True) or common_if(claims, money, converted, False)
    assert in_common is not None
    for name, amount in in_common.items():
        paid[name] = paid.get(name, Fraction(0)) + amount
    return paid


def common_if(
    claims: Claims, money: Fraction, converted: frozenset[str], with_worth: bool
) -> dict[str, Fraction] | None:
    """What the rest of the money is for each, at the one price at which exercises and caps fit it."""
    turning = [claim for claim in claims.claims if claim.name in converted]
    worth = {claim.name: claim.worth for claim in turning if claim.worth is not None}
    sharing = [claim for claim in claims.claims if claim.participates and claim.name not in converted]
    capped = [claim for claim in sharing if claim.limit is not None]
    fraction = sum((claim.fraction for claim in turning), Fraction(0))
    counted = claims.common_shares + claims.unvested + sum(right.shares for right in claims.rights)
    counted += sum(claim.shares for claim in (*turning, *sharing))
    of_worth = sum(worth.values(), Fraction(0)) if with_worth else Fraction(0)
    for at_cap in subsets([claim.name for claim in capped]):
        for exercised in subsets([right.name for right in claims.rights]):
            shares = claims.common_shares + sum(claim.shares for claim in turning)
            shares += sum(right.shares for right in claims.rights if right.name in exercised)
            shares += sum(claim.shares for claim in sharing if claim.name not in at_cap)
            shares += fraction / (1 - fraction) * counted
            left = money - of_worth / (1 - fraction)
            left += sum(right.shares * right.strike for right in claims.rights if right.name in exercised)
            left -= sum(claim.limit - claim.cash for claim in capped if claim.name in at_cap)
            price = left / shares
            if price < 0 or (with_worth and worth and price == 0):
                continue
            if any((price > right.strike) != (right.name in exercised) for right in claims.rights):
                continue
            if any((claim.cash + price * claim.shares > claim.limit) != (claim.name in at_cap) for claim in capped):
                continue
            paid = {"common": price * claims.common_shares}
            paid |= {right.name: right.shares * max(Fraction(0), price - right.strike) for right in claims.rights}
            for claim in turning:
                paid[claim.name] = price * claim.shares + (of_worth and worth.get(claim.name, Fraction(0)))
                paid[claim.name] += claim.fraction / (1 - fraction) * (price * counted + of_worth)
            for claim in sharing:
                room = price * claim.shares if claim.limit is None else claim.limit - claim.cash
                paid[claim.name] = min(price * claim.shares, room)
            return paid
    return None


@settings(max_examples=300)
@given(companies(), MONEY)
def test_no_class_gains_by_switching_its_conversion(claims: Claims, money: Fraction) -> None:
    game = Game(claims)
    settled = game.settle(money)
    paid = paid_if(claims, money, settled.converted)
    assert dict(game.divide(settled.converted, money).amounts) == paid
    assert sum(paid.values()) == money
    gainers = []
    for claim in claims.claims:
        if claim.may_convert:
            switched = paid_if(claims, money, settled.converted ^ {claim.name})
            if switched[claim.name] > paid[claim.name]:
                gainers.append(claim.name)
    assert sorted(gainers) == sorted(settled.unsettled)
    assert not settled.converted & set(gainers)
    assert not gainers or any(claim.fraction or claim.worth is not None for claim in claims.claims)


@settings(max_examples=100)
@given(companies(coupled=False, warrants=True), MONEY)
def test_no_series_gains_by_switching_beside_warrants_for_it(claims: Claims, money: Fraction) -> None:
    game = Game(claims)
    settled = game.settle(money)
    paid = game.divide(settled.converted, money).amounts
    assert settled.unsettled == ()
    assert sum(paid.values()) == money
    for claim in game.choosers:
        assert game.divide(settled.converted ^ {claim.name}, money).amounts[claim.name] <= paid[claim.name]


@settings(max_examples=100)
@given(companies(), MONEY)
def test_stable_outcomes_are_those_in_which_nobody_gains(claims: Claims, money: Fraction) -> None:
    """But for sets in which somebody has converted for nothing more: a tie keeps the cash."""
    game = Game(claims)
    choosers = [claim.name for claim in claims.claims if claim.may_convert]
    for converted in subsets(choosers):
        paid = paid_if(claims, money, converted)
        gains = any(paid_if(claims, money, converted ^ {name})[name] > paid[name] for name in choosers)
        if game.is_stable(converted, money):
            assert not gains
        elif not gains:
            assert any(paid_if(claims, money, converted ^ {name})[name] == paid[name] for name in converted)


@settings(max_examples=100)
@given(companies(coupled=False), MONEY)
def test_series_alone_have_one_outcome(claims: Claims, money: Fraction) -> None:
    game = Game(claims)
    taken = game.divide(game.settle(money).converted, money).amounts
    for converted in subsets([claim.name for claim in claims.claims if claim.may_convert]):
        if game.is_stable(converted, money):
            assert game.divide(converted, money).amounts == taken


@settings(max_examples=150)
@given(companies(warrants=True), st.sampled_from(["", "preferences", "common"]))
def test_payouts_are_straight_between_breakpoints_and_bend_or_jump_at_each(claims: Claims, before: str) -> None:
    cut = ((Fraction(5_000_000), Fraction(1, 10)), (None, Fraction(1, 20)))
    carve_outs = (CarveOut("Manager", cut, before),) if before else ()  # type: ignore[arg-type]
    game = Game(claims, carve_outs)

    def paid(money: Fraction) -> list[Fraction]:
        division = game.divide(game.settle(money).converted, money)
        return [*division.amounts.values(), *division.carved_out]

    found = breakpoints_of(game)
    places = sorted({Fraction(0), *(one.exit_value for one in found)})
    places.append(places[-1] + 1_000_000)
    slopes, ends = [], paid(Fraction(0))
    for low, high in pairwise(places):
        fifth = (high - low) / 5
        samples = [paid(low + step * fifth) for step in range(1, 5)]
        rises = [[after - ago for ago, after in zip(*pair, strict=True)] for pair in pairwise(samples)]
        assert rises[0] == rises[1] == rises[2]
        assert sum(samples[0]) == low + fifth
        starts = [value - rise for value, rise in zip(samples[0], rises[0], strict=True)]
        assert (starts != ends) == any(one.jumps for one in found if one.exit_value == low)
        assert paid(low) in (ends, starts) or game.settle(low).unsettled
        ends = [value + rise for value, rise in zip(samples[-1], rises[-1], strict=True)]
        slopes.append([rise / fifth for rise in rises[0]])
    for place, (ago, after) in zip(places[1:-1], pairwise(slopes), strict=True):
        assert ago != after or any(one.jumps for one in found if one.exit_value == place)
