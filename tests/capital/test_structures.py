"""Laws of every company that `capital_structures` draws: all securities, two rounds on any basis, all in between."""

from dataclasses import replace
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from core.capital.cap_table import (
    EMPTY,
    CapTable,
    apply,
    fold,
    fully_diluted,
    issued,
    price_on_each_basis_on,
    price_round_on,
)
from core.capital.control import votes
from core.capital.conversions import dollars_converting
from core.capital.notes import NoteIssued
from core.capital.rounds import PricedRoundResult
from core.capital.securities import OPTIONS, Event, PricedRound
from core.capital.stock_events import Split
from tests.capital.builders import capital_structures

Rounds = list[tuple[CapTable, PricedRound, CapTable]]


def rounds_of(events: tuple[Event, ...]) -> Rounds:
    """Each round with the table before and after it."""
    tables = fold(events)
    steps = zip((EMPTY, *tables), events, tables, strict=False)
    return [(before, event, after) for before, event, after in steps if isinstance(event, PricedRound)]


@given(capital_structures())
def test_percentages_sum_to_exactly_one(events: tuple[Event, ...]) -> None:
    for table in fold(events):
        assert sum(fully_diluted(table).values()) == 1
        assert sum(issued(table).values()) == 1
        assert sum(votes(table).values()) == 1


@given(capital_structures())
def test_options_are_the_sum_of_the_grants(events: tuple[Event, ...]) -> None:
    for table in fold(events):
        held = {one.holder: one.shares for one in table.holdings if one.security == OPTIONS}
        granted: dict[str, int] = {}
        for grant in table.grants:
            granted[grant.holder] = granted.get(grant.holder, 0) + grant.shares
        assert held == granted


@given(capital_structures())
def test_a_round_issues_what_it_says(events: tuple[Event, ...]) -> None:
    """Shares after = before + sold + converted - forfeited + the common given for them, whole and above 0."""
    for before, terms, after in rounds_of(events):
        result = price_round_on(before, terms)
        issued_shares = sum(one.shares for one in (*result.new_shares, *result.conversions))
        lost = sum(one.shares - one.common for one in result.forfeits)
        held = sum(one.shares for one in before.holdings)
        assert sum(one.shares for one in after.holdings) == held + issued_shares - lost
        assert all(one.shares > 0 for one in after.holdings)
        assert {one.name for one in after.series} <= {one.security for one in after.holdings}


@given(capital_structures())
def test_the_price_fits_the_agreed_value(events: tuple[Event, ...]) -> None:
    """On each basis what the pre-money buys costs what was agreed, in rounds that adjust no earlier series."""
    for before, terms, _ in rounds_of(events):
        plain = replace(terms, adjustment_in_price=False, pay_to_play=None)
        for basis, result in price_on_each_basis_on(before, plain).items():
            price = result.exact_price
            converted = sum((one.exact_shares for one in result.conversions), Fraction(0))
            stood = result.effective_pre_money / price
            bought = stood + (result.exact_pool_increase if plain.pool_in_pre_money else 0)
            agreed = plain.pre_money
            if basis != "pre_money":
                bought += converted
            if basis == "dollars_invested":
                agreed += sum((one.dollars for one in result.conversions), Fraction(0))
            assert price * bought == agreed
            total = stood + converted + result.exact_pool_increase + plain.new_money / price
            assert result.post_money == price * total
            unpromised = before.unpromised_pool + result.exact_pool_increase
            assert unpromised == plain.pool_target * total or (
                unpromised >= plain.pool_target * total and not result.exact_pool_increase
            )


@given(capital_structures())
def test_everybody_converts_at_his_best_price(events: tuple[Event, ...]) -> None:
    """A cap SAFE owns amount/cap before new money and pool increase, or more at its discount; a fixed share exactly."""
    for before, terms, _ in rounds_of(events):
        result = price_round_on(before, terms)
        for one in result.conversions:
            at_discount = dollars_converting(one.safe, terms.date) / ((1 - one.safe.discount) * result.exact_price)
            assert one.exact_shares >= at_discount
            if isinstance(one.safe, NoteIssued):
                continue
            if one.safe.fixed_share is not None:
                assert one.exact_shares == one.safe.fixed_share * result.company_capitalization
            elif one.safe.valuation_cap is not None and one.safe.form == "post_money":
                at_cap = one.safe.share * result.company_capitalization
                assert one.exact_shares == max(at_cap, at_discount)


def scaled(result: PricedRoundResult, split: int) -> tuple[object, ...]:
    """What a split of everything before the round may not change."""
    return (
        result.exact_price * split,
        [one.exact_shares / split for one in result.conversions],
        [one.term for one in result.conversions],
        result.exact_pool_increase / split,
        result.company_capitalization / split,
        result.effective_pre_money,
    )


@given(events=capital_structures(), split=st.integers(2, 1000))
def test_a_split_changes_no_value_and_less_than_one_share_a_holder(events: tuple[Event, ...], split: int) -> None:
    """Exactly, unrounded; after rounding each holder has what he had, to less than one share before the split.

    Whole shares enter a pro-rata right and pay-to-play before the price is known, so they are left out.
    """
    for before, terms, _ in rounds_of(events):
        plain = replace(terms, pro_rata=(), pay_to_play=None, price_step=None)
        divided = apply(before, Split(plain.date, split))
        assert scaled(price_round_on(divided, plain), split) == scaled(price_round_on(before, plain), 1)
        now = {(one.holder, one.security): one.shares for one in apply(divided, plain).holdings}
        for one in apply(before, plain).holdings:
            assert 0 <= now[one.holder, one.security] - split * one.shares < split


@given(capital_structures())
def test_anti_dilution_only_ever_lowers_a_conversion_price(events: tuple[Event, ...]) -> None:
    """And never below the cheapest piece of the round; the preference stays."""
    for before, terms, after in rounds_of(events):
        result = price_round_on(before, terms)
        cheapest = min([result.price, *(one.dollars / one.shares for one in result.conversions)])
        lost = {one.series for one in result.forfeits}
        for change in result.adjustments:
            assert cheapest <= change.after < change.before
        for series in before.series:
            if series.name in after.by_name and series.name not in lost:
                assert after.by_name[series.name].preference == series.preference
