"""Every law on one and the same company: 2,000 of them on each run, 20,000 by `make test-nightly`."""

import os
from dataclasses import replace
from fractions import Fraction

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.capital.cap_table import CapTable, apply, fold, fully_diluted, issued, price_round_on
from core.capital.control import votes
from core.capital.securities import Event, SafeIssued
from core.capital.stock_events import Split
from core.capital.waterfall import game_of, sale
from core.errors import InputError
from tests.capital.builders import capital_structures
from tests.capital.test_structures import rounds_of, scaled

STRUCTURES = int(os.environ.get("CAPITAL_STRUCTURES", "2000"))
EXITS = st.integers(0, 500).map(lambda count: Fraction(count * 250_000))


@settings(max_examples=STRUCTURES, deadline=None)
@given(events=capital_structures(), exits=st.tuples(EXITS, EXITS), split=st.integers(2, 1000))
def test_every_law_holds_in_every_structure(
    events: tuple[Event, ...], exits: tuple[Fraction, Fraction], split: int
) -> None:
    try:
        every_law_holds(events, exits, split)
    except InputError as error:
        # The one round that has no exact price: an exempt conversion at a discount beside an adjustment in the price.
        assume(error.field != "PricedRound.adjustment_in_price")
        raise


def every_law_holds(events: tuple[Event, ...], exits: tuple[Fraction, ...], split: int) -> None:
    table = fold(events)[-1]
    shares_and_percentages_reconcile(table)
    for before, terms, _ in rounds_of(events):
        result = price_round_on(before, terms)
        for one in result.conversions:
            if one.term == "cap" and one.elected is None and isinstance(one.safe, SafeIssued) and one.safe.share:
                assert one.exact_shares == one.safe.share * result.company_capitalization
        plain = replace(terms, pro_rata=(), pay_to_play=None, price_step=None)
        divided = apply(before, Split(plain.date, split))
        assert scaled(price_round_on(divided, plain), split) == scaled(price_round_on(before, plain), 1)
    for price in exits:
        payouts_reconcile_and_nobody_gains_by_switching(table, price)


def shares_and_percentages_reconcile(table: CapTable) -> None:
    assert all(isinstance(one.shares, int) and one.shares > 0 for one in table.holdings)
    for owned in (fully_diluted(table), issued(table), votes(table)):
        assert sum(owned.values()) == 1
        assert all(0 <= share <= 1 for share in owned.values())


def payouts_reconcile_and_nobody_gains_by_switching(table: CapTable, price: Fraction) -> None:
    """Whoever has a fixed price to convert at is tried the other way; the one outcome in a thousand without a stable
    choice names who could gain."""
    debt = price / 10
    payout = sale(table, price, debt=debt)
    assert sum((one.amount for one in payout.paid), Fraction(0)) == payout.distributed == price - debt
    assert all(one.amount >= 0 for one in payout.paid)
    game, converted = game_of(table), frozenset(payout.converted)
    assert payout.unsettled or game.is_stable(converted, payout.distributed)
    now = game.divide(converted, payout.distributed).amounts
    for claim in game.choosers:
        if not claim.worth and claim.name not in payout.unsettled:
            other = game.divide(converted ^ {claim.name}, payout.distributed).amounts
            assert other[claim.name] <= now[claim.name]
