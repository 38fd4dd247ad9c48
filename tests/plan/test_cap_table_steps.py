"""The steps of a company's documents: faults name their event, and each reading of a round's pre-money is kept."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from core.capital.anti_dilution import Adjustment
from core.capital.securities import Investment, OptionsGranted, PricedRound, SafeIssued, SharesIssued
from core.capital.terms import AntiDilution
from core.errors import InputError
from core.plan.cap_table_steps import VotingClass, majority_lost, shares_gained, steps_of

FOUNDED = SharesIssued(date(2026, 1, 1), "Ada", 9_000_000)
SAFE = SafeIssued(date(2026, 2, 1), "Angel", Fraction(1_000_000), Fraction(5_000_000))


def round_at(pre_money: int) -> PricedRound:
    return PricedRound(date(2026, 6, 1), "Series A", (Investment("Fund", Fraction(2_000_000)),), Fraction(pre_money))


def test_a_cap_safe_makes_the_readings_differ() -> None:
    """Post-money: the SAFE has a fifth of 8 million, 9,000,000 shares the rest; pre-money: they have all of it."""
    priced = steps_of([FOUNDED, SAFE, round_at(8_000_000)])[-1].by_basis
    assert {basis: one.exact_price for basis, one in priced.items() if basis != "dollars_invested"} == {
        "post_money": Fraction(32, 45),
        "pre_money": Fraction(8, 9),
    }


def test_a_fault_names_its_event() -> None:
    with pytest.raises(InputError) as caught:
        steps_of([FOUNDED, OptionsGranted(date(2026, 2, 1), "Bo", 10)])
    assert caught.value.field.startswith("event 2 (options_granted)")


def test_votes_by_class_and_when_the_majority_is_lost() -> None:
    """9,000,000 shares of one vote, then 1,000,000 of ten: 9 of 19 million votes are Ada's."""
    class_b = SharesIssued(date(2026, 2, 1), "Bo", 1_000_000, "Class B", 10)
    steps = steps_of([FOUNDED, class_b])
    assert steps[-1].voting_classes == (
        VotingClass("common", 1, 9_000_000, Fraction(9, 19)),
        VotingClass("Class B", 10, 1_000_000, Fraction(10, 19)),
    )
    assert majority_lost(steps, {"Ada"}) is steps[-1]
    assert majority_lost(steps, {"Ada", "Bo"}) is None
    assert majority_lost(steps, {"Bo"}) is None  # never had it before


def test_shares_gained_by_a_full_ratchet() -> None:
    """$2M at $18M buy 1,000,000 at $2, then $1M at $10M 1,000,000 at $1: the first ones convert into 2,000,000."""
    plain = replace(round_at(18_000_000), price_step=None, adjustment_in_price=False)
    first = replace(plain, anti_dilution=AntiDilution("full_ratchet"))
    cheque = (Investment("Late", Fraction(1_000_000)),)
    second = replace(plain, name="Series B", investments=cheque, pre_money=Fraction(10_000_000))
    step = steps_of([FOUNDED, first, second])[-1]
    assert step.priced is not None
    assert step.priced.adjustments == (Adjustment("Series A", Fraction(2), Fraction(1)),)
    gained = shares_gained(step.table, step.priced.adjustments[0])
    assert (gained.before, gained.after, gained.part) == (1_000_000, 2_000_000, Fraction(1, 12))
