"""Packages of the Open Cap Format: read, written, and refused where an event cannot say what they say.

spillpoint: github.com/spillpoint/spillpoint, cases/ocf-11-millrace/package, Millrace Robotics as a package. Acme:
github.com/Open-Cap-Table-Coalition/Open-Cap-Format-OCF, samples/Acme-Holdings.
"""

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from core.capital.event_files import read_events, tables_after
from core.capital.notes import NoteIssued
from core.capital.open_cap_format import read_ocf, reading_of, write_ocf
from core.capital.securities import (
    Event,
    Investment,
    OptionsGranted,
    PoolIncreased,
    PricedRound,
    PublicOffering,
    SafeIssued,
    SharesIssued,
)
from core.capital.stock_events import (
    LaterClosing,
    NotesRepaid,
    OptionsExercised,
    OptionsLapsed,
    OptionsPromised,
    SecondarySale,
    Split,
    WarrantExercised,
    WarrantIssued,
)
from core.capital.table import fully_diluted
from core.capital.terms import Vesting
from core.errors import InputError
from tests.capital.ocf_packages import (
    COMMON,
    MILLRACE,
    PLAN,
    Item,
    convertible,
    founded,
    held,
    note_terms,
    option,
    package,
    post_money,
    preferred,
    stock,
    transaction,
    usd,
)

EXAMPLES = Path(__file__).resolve().parent.parent.parent / "data" / "cap_tables"
MILLION = 1_000_000


def objects(content: bytes, name: str) -> list[Item]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        items: list[Item] = json.loads(archive.read(f"{name}.ocf.json"))["items"]
    return items


def test_millrace_up_to_its_series_a_is_read_share_for_share() -> None:
    reading = reading_of(MILLRACE)
    table = tables_after(reading.events)[-1]
    assert held(table) == {
        ("Ana", "common"): 5_500_000,
        ("Dev", "common"): 4_500_000,
        ("Lena", "common"): 638_297,
        ("Lena", "options"): 40_000,
        ("Others", "options"): 1_550_000,
        ("Harbor", "seed"): 5_393_570,
        ("Priya", "seed_shadow"): 779_362,
        ("Marcus", "seed_shadow"): 389_681,
        ("Ridgeline", "series_a"): 4_336_363,
        ("Harbor", "series_a"): 1_445_454,
    }
    assert table.unissued_pool == 5_926_363 - 1_590_000
    terms = table.by_name
    assert (terms["seed"].participation, terms["series_a"].participation_cap) == ("none", Fraction("2.75"))
    assert terms["seed_shadow"].invested == 450_000
    assert terms["seed"].seniority == terms["seed_shadow"].seniority < terms["series_a"].seniority
    assert [str(note) for note in reading.notes] == [
        "SAFEs and notes that the package converts are read as the stock they became"
    ]


def test_millrace_is_written_as_the_published_package_has_it() -> None:
    """Every quantity, price and reserve, and the conversion ratio of the down round."""
    content, notes = write_ocf(read_events((EXAMPLES / "founders-to-series-b.json").read_bytes()), "Millrace Robotics")
    written = objects(content, "Transactions")
    bought = [
        (int(one["quantity"]), Fraction(one["share_price"]["amount"]))
        for one in written
        if one["object_type"] == "TX_STOCK_ISSUANCE" and one["share_price"]["amount"] != "0"
    ]
    assert sorted(bought) == [
        (389_681, Fraction("0.3849300316")),
        (779_362, Fraction("0.3849300316")),
        (1_445_454, Fraction("2.0754715977")),
        (4_336_363, Fraction("2.0754715977")),
        (5_393_570, Fraction("0.4635148503")),
        (9_241_189, Fraction("1.0821118250")),
    ]
    reserved = [one["shares_reserved"] for one in written if one["object_type"] == "TX_STOCK_PLAN_POOL_ADJUSTMENT"]
    assert reserved == ["4373370", "5926363", "9491136"]
    (adjusted,) = [one for one in written if one["object_type"] == "TX_STOCK_CLASS_CONVERSION_RATIO_ADJUSTMENT"]
    mechanism = adjusted["new_ratio_conversion_mechanism"]
    assert mechanism["conversion_price"] == usd("1.8247520242")
    assert mechanism["ratio"] == {"numerator": "1.1373992577", "denominator": "1"}
    caps = {one["name"]: one.get("participation_cap_multiple") for one in objects(content, "StockClasses")}
    assert (caps["Seed"], caps["Series A"], caps["Series B"]) == ("1.5", "2.75", None)
    assert any("pro_rata" in str(note) and str(note).startswith("event 11 (priced_round)") for note in notes)
    assert any("full participation" in str(note) for note in notes)


VESTING = Vesting(date(2023, 2, 1), 48, 12)
REGISTER: tuple[Event, ...] = (
    SharesIssued(date(2023, 1, 1), "Ada", 6 * MILLION),
    SharesIssued(date(2023, 1, 1), "Ben", 2 * MILLION, "Class B", 10),
    PoolIncreased(date(2023, 1, 1), MILLION),
    OptionsGranted(date(2023, 2, 1), "Dev", 480_000, Fraction(1, 10), VESTING),
    OptionsGranted(date(2023, 2, 2), "Eve", 1_000, Fraction(1, 10)),
    WarrantIssued(date(2023, 2, 2), "Bank", 30_000, Fraction(1, 2), expires=date(2033, 1, 1)),
    WarrantIssued(date(2023, 2, 2), "Bank", 10_000, Fraction(1)),
    OptionsExercised(date(2024, 2, 1), "Dev", 20_000, Fraction(1, 10)),
    OptionsLapsed(date(2024, 3, 1), "Dev"),
    WarrantExercised(date(2024, 3, 1), "Bank", Fraction(2)),
    SecondarySale(date(2024, 3, 2), "Ada", "Fund", 100_000, Fraction(0)),
    NoteIssued(date(2024, 3, 2), "Lender", Fraction(50_000), Fraction(1, 20)),
    NotesRepaid(date(2024, 4, 1), "Lender"),
    PricedRound(
        date(2024, 5, 1),
        "Seed",
        (Investment("Venture", Fraction(2 * MILLION)), Investment("Fund", Fraction(500_000))),
        Fraction(8 * MILLION),
        Fraction(1, 10),
        seniority=1,
        participation="capped",
        participation_cap=Fraction(2),
    ),
    LaterClosing(date(2024, 6, 1), "Seed", (Investment("Late fund", Fraction(250_000)),)),
    SafeIssued(date(2024, 7, 1), "YC", Fraction(125_000), fixed_share=Fraction(7, 100)),
    SafeIssued(date(2024, 7, 1), "YC", Fraction(375_000), mfn=True),
    SafeIssued(date(2024, 7, 2), "Angel", Fraction(250_000), Fraction(12 * MILLION), Fraction(1, 5)),
    NoteIssued(
        date(2024, 7, 2),
        "Lender",
        Fraction(100_000),
        Fraction(6, 100),
        "monthly",
        "30/360",
        Fraction(9 * MILLION),
        cap_counts="without_pool",
    ),
)


def test_a_register_is_written_and_read_back_to_the_same_table() -> None:
    content, _ = write_ocf(REGISTER)
    written, read = tables_after(REGISTER)[-1], tables_after(read_ocf(content))[-1]
    assert held(read) == held(written)
    assert (read.unissued_pool, read.safes, read.notes) == (written.unissued_pool, written.safes, written.notes)
    assert read.warrants == written.warrants
    assert [(one.holder, one.shares, one.strike) for one in read.grants] == [
        (one.holder, one.shares, one.strike) for one in written.grants
    ]
    assert fully_diluted(read) == fully_diluted(written)
    terms = read.by_name["Seed"]
    assert (terms.original_issue_price, terms.participation_cap) == (
        written.by_name["Seed"].original_issue_price,
        Fraction(2),
    )
    assert write_ocf(REGISTER)[0] == content


def test_vesting_goes_out_and_comes_back() -> None:
    events = REGISTER[:4]
    grant = read_ocf(write_ocf(events)[0])[-1]
    assert isinstance(grant, OptionsGranted)
    assert grant.vesting == VESTING
    for vesting in (replace(VESTING, cliff_months=0), replace(VESTING, months=12), replace(VESTING, cliff_months=1)):
        events = (*REGISTER[:3], OptionsGranted(date(2023, 2, 1), "Dev", 480_000, vesting=vesting))
        grant = read_ocf(write_ocf(events)[0])[-1]
        assert isinstance(grant, OptionsGranted)
        assert grant.vesting is not None
        days = [date(2023, 2, 1), date(2023, 3, 1), date(2024, 1, 31), date(2024, 2, 1), date(2026, 5, 5)]
        assert [grant.vesting.vested(480_000, day) for day in days] == [vesting.vested(480_000, day) for day in days]


def test_a_split_of_all_stock_goes_out_and_comes_back() -> None:
    events = (*REGISTER[:3], Split(date(2023, 1, 5), 3))
    assert read_ocf(write_ocf(events)[0])[-1] == Split(date(2023, 1, 5), 3)


@pytest.mark.parametrize("name", ["capped-participation-at-a-sale", "mfn-and-fixed-share", "notes-under-three-bases"])
def test_examples_come_back_with_every_share(name: str) -> None:
    events = read_events((EXAMPLES / f"{name}.json").read_bytes())
    written, read = tables_after(events)[-1], tables_after(read_ocf(write_ocf(events)[0]))[-1]
    assert held(read) == held(written)
    assert fully_diluted(read) == fully_diluted(written)
    assert [(one.name, one.invested) for one in read.series if "-" in one.name] == [
        (one.name, one.invested) for one in written.series if "-" in one.name
    ]


def test_what_cannot_be_written_is_said_with_the_number_of_its_event() -> None:
    later = (
        OptionsPromised(date(2024, 8, 1), "Zed", 5),
        Split(date(2024, 8, 2), 2),
        PublicOffering(date(2025, 1, 1), "Public", Fraction(10 * MILLION), Fraction(100 * MILLION)),
        OptionsPromised(date(2025, 8, 1), "Zed", 5),
    )
    notes = write_ocf((*REGISTER, *later))[1]
    first = len(REGISTER) + 1
    for start in (
        "the issuer's name",
        f"event {first} (options_promised): ",
        f"event {first + 1} (split): ",
        f"event {first + 2} (public_offering): ",
        f"event {first + 3} (options_promised): ",
    ):
        assert any(str(note).startswith(start) for note in notes)


def test_the_manifest_lists_files_that_are_there() -> None:
    with zipfile.ZipFile(io.BytesIO(write_ocf(REGISTER)[0])) as archive:
        manifest = json.loads(archive.read("Manifest.ocf.json"))
        assert manifest["file_type"] == "OCF_MANIFEST_FILE"
        listed = {one["filepath"] for key, value in manifest.items() if key.endswith("_files") for one in value}
        assert listed == set(archive.namelist()) - {"Manifest.ocf.json"}


def test_a_retracted_security_never_was() -> None:
    wrong = (stock(2, "2021-03-01", "dev", "common", 7), transaction(3, "TX_STOCK_RETRACTION", "2021-03-02", "sec-02"))
    assert read_ocf(founded(*wrong)) == (SharesIssued(date(2021, 2, 1), "Ana", 1_000),)


def test_a_consolidation_changes_nobody_s_shares() -> None:
    items = (
        stock(2, "2021-03-01", "ana", "common", 500),
        {"object_type": "TX_STOCK_CONSOLIDATION", "id": "tx-03", "date": "2021-04-01",
         "security_ids": ["sec-01", "sec-02"], "resulting_security_id": "sec-04"},
        stock(4, "2021-04-01", "ana", "common", 1_500),
    )  # fmt: skip
    assert held(tables_after(read_ocf(founded(*items)))[-1]) == {("Ana", "common"): 1_500}


def acme() -> dict[str, bytes]:
    """A transfer of Ordinary B that results in Ordinary A, then a cancellation of stock."""
    day = "2022-01-01"
    return package(
        "x y",
        {**preferred("a", 1, "0.0001", "1"), "name": "Ordinary A"},
        {**COMMON, "id": "b", "name": "Ordinary B"},
        transaction(
            9, "TX_STOCK_TRANSFER", "2022-06-15", "sec-02", quantity="300000", resulting_security_ids=["sec-03"],
            balance_security_id="sec-04",
        ),
        stock(1, day, "x", "a", 600_000, price="0.0001"),
        stock(2, day, "y", "b", 400_000, price="0.0001"),
        stock(3, "2022-06-15", "x", "a", 300_000, price="0.0001"),
        stock(4, "2022-06-15", "y", "b", 100_000, price="0.0001"),
    )  # fmt: skip


def repurchased(**content: object) -> dict[str, bytes]:
    terms = {"quantity": "5", "price": usd("1"), **content}
    return founded(transaction(3, "TX_STOCK_REPURCHASE", "2021-04-01", "sec-01", **terms))


def with_note(**terms: object) -> dict[str, bytes]:
    return founded(convertible(3, "2021-03-01", "dev", "5", "NOTE", **note_terms(**terms)))


def test_a_note_s_cap_is_divided_by_what_its_rules_count() -> None:
    """The rules of spillpoint's cases/ocf-10-edge-13a: stock, options and the unissued pool."""
    rules = {"include_outstanding_shares": True, "include_outstanding_options": True,
             "include_outstanding_unissued_options": True, "include_this_security": False,
             "include_other_converting_securities": False, "include_option_pool_topup_for_promised_options": False,
             "include_additional_option_pool_topup": False, "include_new_money": False}  # fmt: skip
    found = read_ocf(with_note(conversion_valuation_cap=usd("8000000"), capitalization_definition_rules=rules))[-1]
    assert isinstance(found, NoteIssued)
    assert (found.cap_counts, found.valuation_cap, found.interest_rate) == (
        "with_pool",
        Fraction(8 * MILLION),
        Fraction(6, 100),
    )


def test_a_multiple_at_a_sale_is_of_principal_and_interest() -> None:
    """OCF: exit_multiple is "for cash proceeds calculation during a liquidity event", of all that is owed."""
    note = read_ocf(with_note(exit_multiple={"numerator": "3", "denominator": "2"}))[-1]
    assert isinstance(note, NoteIssued)
    assert (note.sale_multiple, note.sale_multiplies) == (Fraction(3, 2), "principal_and_interest")


@pytest.mark.parametrize(
    ("files", "code", "place"),
    [
        (acme, "contradiction", "TX_STOCK_ISSUANCE tx-03 stock_class_id"),
        (lambda: repurchased(quantity="1001"), "contradiction", "TX_STOCK_REPURCHASE tx-03 quantity"),
        (lambda: repurchased(quantity="0"), "contradiction", "TX_STOCK_REPURCHASE tx-03 quantity"),
        (lambda: founded({**transaction(3, "TX_STOCK_TRANSFER", "2021-04-01", "sec-01"), "object_type": "TX_MERGER"}),
         "unknown_name", "TX_MERGER tx-03"),
        (lambda: founded(stock(2, "2021-02-01", "nobody", "common", 5)), "unknown_name",
         "TX_STOCK_ISSUANCE tx-02 stakeholder_id"),
        (lambda: founded(stock(2, "2021-02-01", "dev", "gold", 5)), "unknown_name",
         "TX_STOCK_ISSUANCE tx-02 stock_class_id"),
        (lambda: founded({**stock(2, "2021-02-01", "dev", "common", 5), "quantity": "1.5"}), "wrong_type",
         "TX_STOCK_ISSUANCE tx-02 quantity"),
        (lambda: founded(stock(1, "2021-02-01", "dev", "common", 5)), "duplicate_name", "TX_STOCK_ISSUANCE tx-01"),
        (lambda: founded(option(2, "2021-03-01", "dev", 5, "1", compensation_type="SSAR")), "unknown_name",
         "TX_EQUITY_COMPENSATION_ISSUANCE tx-02 compensation_type"),
        (lambda: founded(option(2, "2021-03-01", "dev", 5, "1", vesting_terms_id="gone")), "unknown_name",
         "TX_EQUITY_COMPENSATION_ISSUANCE tx-02 vesting_terms_id"),
        (lambda: founded(option(2, "2021-03-01", "dev", 5, "1")), "out_of_range",
         "TX_EQUITY_COMPENSATION_ISSUANCE tx-02 OptionsGranted.shares"),
        (lambda: founded(convertible(3, "2021-03-01", "dev", "5", type="SAFE_CONVERSION",
                                     conversion_valuation_cap=usd("9"))),
         "missing", "TX_CONVERTIBLE_ISSUANCE tx-03 conversion_timing"),
        (lambda: founded(convertible(3, "2021-03-01", "dev", "5", **post_money("9", exit_multiple="2"))),
         "contradiction",
         "TX_CONVERTIBLE_ISSUANCE tx-03 conversion_mechanism exit_multiple"),
        (lambda: with_note(conversion_valuation_cap=usd("9")), "missing",
         "TX_CONVERTIBLE_ISSUANCE tx-03 capitalization_definition_rules"),
        (lambda: with_note(day_count_convention="ACTUAL_360"), "unknown_name",
         "TX_CONVERTIBLE_ISSUANCE tx-03 day_count_convention"),
        (lambda: {"a.json": b"{"}, "malformed", "a.json"),
        (lambda: {"a.json": b"{}"}, "unknown_name", "a.json"),
        (lambda: founded(stock(2, "2021-02-01", "dev", "common", 0)), "out_of_range",
         "TX_STOCK_ISSUANCE tx-02 SharesIssued.shares"),
        (lambda: founded(stock(2, "2021-02-01", "dev", "common", 5) | {"par_value": {"currency": "EUR"}}),
         "contradiction", "files currency"),
        (lambda: founded(convertible(3, "2021-03-01", "dev", "5") | {"conversion_triggers": "none"}), "malformed",
         "TX_CONVERTIBLE_ISSUANCE tx-03"),
        (lambda: founded({"object_type": "TX_STOCK_ISSUANCE", "id": "x"}), "missing", "TX_STOCK_ISSUANCE x date"),
        (dict, "missing", "files"),
        (lambda: b"no zip", "malformed", "files"),
    ],
)  # fmt: skip
def test_what_is_refused_names_the_object(files: Callable[[], dict[str, bytes] | bytes], code: str, place: str) -> None:
    with pytest.raises(InputError) as caught:
        read_ocf(files())
    assert (caught.value.code, caught.value.field) == (code, place)
    assert caught.value.expected


def test_a_package_that_does_not_add_up_is_refused() -> None:
    """The balance of a transfer is short of a share."""
    items = (
        transaction(3, "TX_STOCK_TRANSFER", "2021-04-01", "sec-01", quantity="400", resulting_security_ids=["sec-04"],
                    balance_security_id="sec-05"),
        stock(4, "2021-04-01", "dev", "common", 400),
        stock(5, "2021-04-01", "ana", "common", 599),
    )  # fmt: skip
    with pytest.raises(InputError) as caught:
        read_ocf(founded(*items))
    assert (caught.value.code, caught.value.value) == ("contradiction", 599)


def test_a_split_that_leaves_options_behind_is_refused() -> None:
    items = (
        {**PLAN, "board_approval_date": "2021-02-01"},
        option(2, "2021-03-01", "dev", 5, "1"),
        {"object_type": "TX_STOCK_CLASS_SPLIT", "id": "tx-03", "date": "2021-04-01", "stock_class_id": "common",
         "split_ratio": {"numerator": "2", "denominator": "1"}},
    )  # fmt: skip
    with pytest.raises(InputError) as caught:
        read_ocf(founded(*items))
    assert (caught.value.code, caught.value.field) == ("contradiction", "TX_STOCK_CLASS_SPLIT tx-03 split_ratio")
