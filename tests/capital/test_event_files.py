"""Events as JSON: the documented examples, what is read exactly, and what is refused with its place and the way out."""

import re
from dataclasses import fields, replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from core.capital.cap_table import _CHANGES
from core.capital.event_files import event_kinds, kind_of, read_event_file, read_events, tables_after, write_events
from core.capital.notes import NoteIssued
from core.capital.securities import Event, PricedRound, SafeIssued, SharesIssued
from core.capital.terms import AntiDilution, ComputeCredits, PayToPlay, ProRata, Vesting
from core.errors import InputError
from tests.capital.builders import capital_structures

ROOT = Path(__file__).resolve().parent.parent.parent
DOCUMENT = (ROOT / "docs" / "cap-table.md").read_text(encoding="utf-8")
EXAMPLES = sorted((ROOT / "data" / "cap_tables").glob("*.json"))
FOUNDING = '{"event": "shares_issued", "date": "2026-01-01", "holder": "Ada", "shares": 8000000}'


def file(*events: str) -> str:
    return f'{{"events": [{", ".join(events)}]}}'


def documented() -> tuple[Event, ...]:
    """All JSON examples of the document, in its order, as one file."""
    blocks = re.findall(r"```json\n(.*?)```", DOCUMENT, re.DOTALL)
    return read_events(file(*(line for block in blocks for line in block.splitlines())))


def safe(**given: str) -> str:
    terms = {"event": '"safe_issued"', "date": '"2026-02-01"', "holder": '"Angel"', "amount": "500000", **given}
    return file(FOUNDING, "{" + ", ".join(f'"{name}": {value}' for name, value in terms.items()) + "}")


def test_every_kind_of_event_that_the_fold_knows_has_a_name() -> None:
    assert set(event_kinds().values()) == set(_CHANGES)
    assert event_kinds()["later_closing"].__name__ == "LaterClosing"


def test_the_document_has_an_example_of_each_kind_and_its_examples_are_one_company() -> None:
    events = documented()
    assert {kind_of(one) for one in events} == set(event_kinds())
    assert len(tables_after(events)) == len(events)


def test_the_document_names_every_kind_and_every_field() -> None:
    nouns = (*event_kinds().values(), AntiDilution, PayToPlay, ProRata, ComputeCredits, Vesting)
    for kind in nouns:
        for one in fields(kind):
            assert re.search(rf'[`"]{one.name}[`"]', DOCUMENT), f"{kind.__name__}.{one.name}"
    for name in event_kinds():
        assert f"\n### {name}\n" in DOCUMENT


def test_the_documented_events_are_written_and_read_back_the_same() -> None:
    assert read_events(write_events(documented())) == documented()


@given(events=capital_structures())
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_events_are_written_and_read_back_the_same(events: tuple[Event, ...]) -> None:
    assert read_events(write_events(events)) == events


def test_name_and_source_go_with_the_events() -> None:
    events = read_events(file(FOUNDING))
    assert read_event_file(write_events(events, "名", "a book")) == replace(
        read_event_file(file(FOUNDING)), name="名", source="a book"
    )


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("500000", Fraction(500_000)),
        ("0.1", Fraction(1, 10)),
        ('"0.0001"', Fraction(1, 10_000)),
        ('"1000000/3"', Fraction(1_000_000, 3)),
        ("123456789.123456789123456789", Fraction(123456789123456789123456789, 10**18)),
    ],
)
def test_numbers_are_the_decimals_that_were_typed(typed: str, amount: Fraction) -> None:
    event = read_events(safe(amount=typed))[1]
    assert isinstance(event, SafeIssued)
    assert event.amount == amount


def test_parts_may_be_typed_in_per_cent() -> None:
    event = read_events(safe(discount='"12.5%"'))[1]
    assert isinstance(event, SafeIssued)
    assert event.discount == Fraction(1, 8)
    note = '{"event": "note_issued", "date": "2026-01-02", "holder": "N", "principal": 1, "interest_rate": "120%"}'
    loan = read_events(file(FOUNDING, note))[1]
    assert isinstance(loan, NoteIssued)
    assert loan.interest_rate == Fraction(6, 5)


def test_defaults_stand_in_for_what_is_left_out_and_null_is_none() -> None:
    terms = '"name": "A", "investments": [{"holder": "V", "amount": 1000000}], "pre_money": 4000000'
    typed = f'{{"event": "priced_round", "date": "2026-02-01", {terms}, "price_step": null, "anti_dilution": null}}'
    event = read_events(file(FOUNDING, typed))[1]
    assert isinstance(event, PricedRound)
    assert (event.basis, event.seniority, event.price_step, event.anti_dilution) == ("post_money", 0, None, None)
    assert event.date == date(2026, 2, 1)


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        (safe(amount="1e6"), "malformed", "event 2 (safe_issued) amount"),
        (safe(amount='"500,000"'), "malformed", "event 2 (safe_issued) amount"),
        (safe(amount='"$5"'), "malformed", "event 2 (safe_issued) amount"),
        (safe(amount='"5%"'), "malformed", "event 2 (safe_issued) amount"),
        (safe(amount='"1/0"'), "malformed", "event 2 (safe_issued) amount"),
        (safe(amount="NaN"), "malformed", "event 2 (safe_issued) amount"),
        (safe(amount="1" * 500), "too_large", "event 2 (safe_issued) amount"),
        (safe(amount="-5"), "out_of_range", "event 2 (safe_issued) amount"),
        (safe(amount="null"), "wrong_type", "event 2 (safe_issued) amount"),
        (safe(discount="20"), "out_of_range", "event 2 (safe_issued) discount"),
        (safe(mfn='"yes"'), "wrong_type", "event 2 (safe_issued) mfn"),
        (safe(form='"post-money"'), "unknown_name", "event 2 (safe_issued) form"),
        (safe(cap="5"), "unknown_field", "event 2 (safe_issued) cap"),
        (safe(holder='"Angel "'), "malformed", "event 2 (safe_issued) holder"),
        (safe(holder='""'), "missing", "event 2 (safe_issued) holder"),
        (safe(holder="5"), "wrong_type", "event 2 (safe_issued) holder"),
        (safe(date='"20260201"'), "malformed", "event 2 (safe_issued) date"),
        (safe(date='"2026-02-30"'), "malformed", "event 2 (safe_issued) date"),
        (safe(fixed_share='"7%"', mfn="true"), "contradiction", "event 2 (safe_issued) fixed_share"),
        (safe(event='"safe"'), "unknown_name", "event 2 event"),
        (safe(holder='"A", "holder": "B"'), "duplicate_name", "event 2 (safe_issued) holder"),
        (file('{"event": "shares_issued", "date": "2026-01-01", "holder": "Ada", "shares": 1.5}'),
         "wrong_type", "event 1 (shares_issued) shares"),
        (file('{"event": "shares_issued", "date": "2026-01-01", "holder": "Ada"}'),
         "missing", "event 1 (shares_issued) shares"),
        (file('{"event": "note_issued", "date": "2026-01-01", "holder": "N", "principal": 1, "interest_rate": 8}'),
         "out_of_range", "event 1 (note_issued) interest_rate"),
        (file('{"event": "priced_round", "date": "2026-01-01", "name": "A", "investments": [{"holder": "V"}]}'),
         "missing", "event 1 (priced_round) pre_money"),
        (file('{"event": "priced_round", "date": "2026-01-01", "name": "A", "pre_money": 5, "investments": '
              '[{"holder": "V", "amount": 5}, {"holder": "W", "amount": 0}]}'),
         "out_of_range", "event 1 (priced_round) investments 2 amount"),
        ("{", "malformed", "file line 1"),
        ("[]", "wrong_type", "file"),
        ('{"events": []}', "missing", "events"),
        ('{"events": [1]}', "wrong_type", "event 1"),
        ('{"events": [{}], "exit": 1}', "unknown_field", "file exit"),
        ("[" * 100_000, "malformed", "file"),
        (" " * 2_000_000, "too_large", "file"),
    ],
)  # fmt: skip
def test_what_is_refused_names_the_event_the_field_and_what_would_be_right(text: str, code: str, place: str) -> None:
    with pytest.raises(InputError) as caught:
        read_events(text)
    assert (caught.value.code, caught.value.field) == (code, place)
    assert caught.value.expected


@pytest.mark.parametrize(
    ("events", "code", "place"),
    [
        ((safe(date='"2025-12-31"'),), "out_of_order", "event 2 (safe_issued) date"),
        ((safe(valuation_cap="500000"),), "over_100_percent", "event 2 (safe_issued) amount"),
        ((file('{"event": "pool_increased", "date": "2026-01-01", "shares": 1}'),),
         "before_founding", "event 1 (pool_increased) date"),
        ((file(FOUNDING, '{"event": "secondary_sale", "date": "2026-01-02", "seller": "Ada", "buyer": "B", '
                         '"shares": 9000000, "price": 1}'),),
         "out_of_range", "event 2 (secondary_sale) shares"),
        ((file(FOUNDING, '{"event": "priced_round", "date": "2026-01-02", "name": "A", "pre_money": 1, '
                         '"investments": [{"holder": "V", "amount": "0.0000001"}]}'),),
         "out_of_range", "event 2 (priced_round) price_step"),
    ],
)  # fmt: skip
def test_what_does_not_fit_the_table_names_the_event_too(events: tuple[str], code: str, place: str) -> None:
    with pytest.raises(InputError) as caught:
        tables_after(read_events(events[0]))
    assert (caught.value.code, caught.value.field) == (code, place)


def test_bytes_are_utf_8() -> None:
    with pytest.raises(InputError) as caught:
        read_events(b"\xff\xfe")
    assert (caught.value.code, caught.value.expected) == ("malformed", "UTF-8")
    assert read_events(b"\xef\xbb\xbf" + file(FOUNDING).encode())[0] == SharesIssued(date(2026, 1, 1), "Ada", 8_000_000)


@pytest.mark.parametrize("path", EXAMPLES, ids=[path.stem for path in EXAMPLES])
def test_every_example_file_names_its_source_and_folds(path: Path) -> None:
    example = read_event_file(path.read_bytes())
    assert example.name
    assert example.source
    assert len(tables_after(example.events)) == len(example.events)
    assert read_event_file(write_events(example.events, example.name, example.source)) == example


def test_there_are_six_example_files() -> None:
    assert len(EXAMPLES) == 6
