"""Votes, board and protective provisions, by hand on one company with two classes of common and two series."""

from dataclasses import replace
from fractions import Fraction

import pytest

from core.capital.cap_table import CapTable
from core.capital.control import (
    BoardSeat,
    ProtectiveProvision,
    board,
    consents_needed,
    votes,
    votes_by_class,
)
from core.capital.notes import NoteIssued
from core.capital.securities import OptionsGranted, PoolIncreased, PricedRound, SharesIssued
from core.capital.stock_events import SecondarySale, Split
from core.capital.terms import AntiDilution, PayToPlay
from core.errors import InputError
from tests.capital.builders import DAY, founder, safe, series, table_of

MILLION = 1_000_000


def company() -> CapTable:
    """4M Class B with ten votes, 4M common, options that do not vote, 2M Series A ($5M for 20 %)."""
    return table_of(
        SharesIssued(DAY, "Founder", 4 * MILLION, "Class B", 10),
        founder(3 * MILLION, "Early hire"),
        PoolIncreased(DAY, MILLION),
        OptionsGranted(DAY, "Engineer", 500_000),
        series(5 * MILLION, 20 * MILLION),
    )


def test_votes_by_holder_and_by_class() -> None:
    """40M + 3M + 2M votes."""
    assert votes(company()) == {
        "Founder": Fraction(40, 45),
        "Early hire": Fraction(3, 45),
        "Series A investor": Fraction(2, 45),
    }
    assert votes_by_class(company())["Class B"] == Fraction(40, 45)
    assert votes(company(), ["Series A", "common"]) == {
        "Early hire": Fraction(3, 5),
        "Series A investor": Fraction(2, 5),
    }


def test_preferred_votes_as_converted() -> None:
    """By hand: 8M common, 2M of a full-ratchet series at $2.50; $3M at $12M solves $0.9: 12 = (8 + 5/0.9 ...) below."""
    terms = replace(series(5 * MILLION, 20 * MILLION, "A"), anti_dilution=AntiDilution("full_ratchet"))
    table = table_of(founder(8 * MILLION), terms, series(3 * MILLION, 12 * MILLION, "B", decimals=None))
    # p x 8M + $5M (the ratchet's value) = $12M, so p = $7/8; A converts into 5M / (7/8), B bought 3M / (7/8).
    assert table.by_name["B"].original_issue_price == Fraction(7, 8)
    cast = {"Founder": 8 * MILLION, "A investor": 5_714_285, "B investor": 3_428_571}
    assert votes(table) == {holder: Fraction(count, sum(cast.values())) for holder, count in cast.items()}


def test_board_seats_by_class() -> None:
    seats = (BoardSeat("Founders' seat", "Class B"), BoardSeat("Series A seat", "Series A"), BoardSeat("Joint seat"))
    assert [one.filled_by for one in board(company(), seats)] == ["Founder", "Series A investor", "Founder"]
    shared = table_of(founder(1, "Ada"), founder(1, "Bo"))
    assert board(shared, [BoardSeat("Seat")])[0].filled_by is None


PROTECTED = ProtectiveProvision(
    ("Series A",), ("issue_equal_or_senior_stock", "increase_pool", "sell_company", "borrow")
)


def test_events_that_need_the_consent_of_a_series() -> None:
    table = company()

    def acts(event: object) -> list[tuple[str, ...]]:
        return [one.acts for one in consents_needed(table, [PROTECTED], event)]  # type: ignore[arg-type]

    assert acts(series(MILLION, 30 * MILLION, "B")) == [("issue_equal_or_senior_stock",)]
    assert acts(series(MILLION, 30 * MILLION, "B", seniority=-1)) == []
    assert acts(series(MILLION, 30 * MILLION, "B", pool="1/5")) == [("issue_equal_or_senior_stock", "increase_pool")]
    assert acts(PoolIncreased(DAY, 1)) == [("increase_pool",)]
    assert acts(NoteIssued(DAY, "Lender", Fraction(1))) == [("borrow",)]
    assert acts("sell_company") == [("sell_company",)]
    assert acts(safe(1, 100)) == acts(Split(DAY, 2)) == acts(SecondarySale(DAY, "Founder", "X", 1, Fraction(1))) == []


def test_who_can_give_and_who_can_block_a_consent() -> None:
    """A series held 60 : 40; a majority is the one alone, two thirds need both."""
    table = table_of(
        founder(8 * MILLION),
        PricedRound(
            DAY,
            "A",
            (replace(series(3, 1).investments[0], holder="Lead"), replace(series(2, 1).investments[0], holder="Other")),
            Fraction(20),
            price_step=None,
        ),
    )
    majority = ProtectiveProvision(("A",), ("sell_company",))
    two_thirds = replace(majority, at_least=Fraction(2, 3))
    (by_majority, by_two_thirds) = consents_needed(table, [majority, two_thirds], "sell_company")
    assert by_majority.votes == {"Lead": Fraction(3, 5), "Other": Fraction(2, 5)}
    assert by_majority.given_by(["Lead"])
    assert not by_majority.given_by(["Other"])
    assert by_majority.can_block == ("Lead",)
    assert not by_two_thirds.given_by(["Lead"])
    assert by_two_thirds.can_block == ("Lead", "Other")


def test_pay_to_play_changes_rights() -> None:
    rule = PayToPlay(Fraction(1000), (("Series A", Fraction(1, 10)),))
    provision = ProtectiveProvision(("Series A",), ("change_rights",))
    terms = replace(series(MILLION, 30 * MILLION, "B"), pay_to_play=rule)
    (consent,) = consents_needed(company(), [provision], terms)
    assert consent.acts == ("change_rights",)


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: ProtectiveProvision(("Series A",), ("issue_debt",)), "ProtectiveProvision.acts"),  # type: ignore[arg-type]
        (lambda: board(company(), [BoardSeat("Seat", "Series Z")]), "BoardSeat.elected_by"),
        (
            lambda: consents_needed(company(), [ProtectiveProvision(("Series Z",), ("borrow",))], "sell_company"),
            "ProtectiveProvision.classes",
        ),
    ],
)
def test_unknown_classes_and_acts_are_refused(make: object, field: str) -> None:
    with pytest.raises(InputError) as caught:
        make()  # type: ignore[operator]
    assert (caught.value.code, caught.value.field) == ("unknown_name", field)
