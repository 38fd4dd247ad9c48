"""Scenarios in and out: round trips, edits by path, frozen codes, and that no text does worse than an InputError."""

import base64
import hashlib
import json
import re
import string
import tracemalloc
import zlib
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import InputError
from core.plan.former_names import with_present_names
from core.plan.scenario import Holder, Scenario
from core.plan.scenario_io import (
    DICTIONARY,
    LARGEST_JSON_BYTES,
    LONGEST_CODE,
    changed_fields,
    edited,
    from_code,
    from_json,
    to_code,
    to_json,
)
from core.plan.uncertainty import Uncertain
from tests.plan.builders import company, hand_calculated, run, scenarios, uncertain_scenarios

GOLDEN = json.loads((Path(__file__).parent / "golden_codes.json").read_text(encoding="utf-8"))
URL_SAFE = re.compile(r"2\.[A-Za-z0-9_-]+")
VALID_CODE = to_code(hand_calculated())
# Hypothesis likes numbers near 0 that no page lets through; what becomes of them is tested by name below.
JSON_LEAF = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_subnormal=False).filter(lambda number: number == 0 or abs(number) > 1e-6)
    | st.text(max_size=20)
)
JSON_VALUE = st.recursive(JSON_LEAF, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner))


def packed(text: bytes) -> str:
    """A code of any text, well formed or not."""
    packer = zlib.compressobj(9, zdict=DICTIONARY)
    return "2." + base64.urlsafe_b64encode(packer.compress(text) + packer.flush()).decode().rstrip("=")


def refusal(code: str) -> InputError:
    with pytest.raises(InputError) as caught:
        from_code(code)
    return caught.value


def outcome(function: Callable[[Any], Any], argument: Any) -> Any:
    """What a function returns, or the InputError that it raises; any other error fails the test."""
    try:
        return function(argument)
    except InputError as error:
        return error


@given(scenarios())
@settings(max_examples=40)
def test_json_brings_back_the_same_scenario(made: Scenario) -> None:
    assert from_json(to_json(made)) == made
    assert from_json(to_json(made).encode()) == made


@given(uncertain_scenarios())
@settings(max_examples=15)
def test_ranges_survive_json(made: Scenario) -> None:
    assert from_json(to_json(made)).uncertainty == made.uncertainty != ()


@given(scenarios())
@settings(max_examples=40)
def test_code_brings_back_the_same_scenario_or_is_refused_as_too_long(made: Scenario) -> None:
    code = outcome(to_code, made)
    if isinstance(code, InputError):
        assert (code.code, code.expected) == ("too_large", "length <= 2000")
        assert len(made.runs) + len(made.team) + len(made.demand) >= 3  # a small plan always fits
        return
    assert len(code) <= LONGEST_CODE
    assert URL_SAFE.fullmatch(code)
    assert from_code(code) == made


def test_any_name_survives_a_link() -> None:
    for name in ("模型 🚀", 'quote " \\ slash', "a/b?c=d&e#f", "<img src=x onerror=alert(1)>"):
        code = to_code(company(name=name))
        assert URL_SAFE.fullmatch(code)
        assert from_code(code).name == name


def test_scenario_beyond_a_link_still_has_a_file() -> None:
    """Twenty holders whose names are all different letters cannot be squeezed into 2,000 characters."""
    letters = [chr(0x4E00 + 97 * index % 20_000) for index in range(1_600)]
    holders = tuple(Holder(name="".join(letters[80 * n : 80 * n + 80]), shares=1) for n in range(20))
    crowded = company(holders=holders)
    with pytest.raises(InputError) as caught:
        to_code(crowded)
    assert (caught.value.code, caught.value.field) == ("too_large", "scenario")
    assert from_json(to_json(crowded)) == crowded


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        ("", "malformed"),
        ("1", "malformed"),
        ("1.", "malformed"),
        ("2.", "malformed"),
        ("3." + VALID_CODE[2:], "malformed"),  # a version to come
        ("1." + VALID_CODE[2:], "malformed"),  # another version's
        (GOLDEN[1]["code"][:-5], "malformed"),
        (VALID_CODE[2:], "malformed"),
        (" " + VALID_CODE, "malformed"),
        (VALID_CODE + " ", "malformed"),
        (VALID_CODE[:-5], "malformed"),
        (VALID_CODE[: len(VALID_CODE) // 2], "malformed"),
        (VALID_CODE + "AAAA", "malformed"),  # trailing garbage
        ("2." + VALID_CODE[2:][::-1], "malformed"),
        ("2.!!!!", "malformed"),
        ("2.模型", "malformed"),
        ("模型", "malformed"),
        ("2.\ud800", "malformed"),
        ("2.AAAA\n", "malformed"),
        ("2." + "A" * LONGEST_CODE, "too_large"),
        (packed(b""), "malformed"),
        (packed(b"not JSON"), "malformed"),
        (packed(b"\xff\xfe"), "malformed"),
        (packed(b"{}"), "missing"),
        (packed(b"[]"), "wrong_type"),
        (packed(b"null"), "wrong_type"),
        (packed(b"[" * 100_000), "malformed"),
        (packed(b'{"a":' * 4_000 + b"1" + b"}" * 4_000), "malformed"),
        (packed(b'{"a":' * 30_000 + b"1" + b"}" * 30_000), "too_large"),
        (packed(b'{"horizon_months": ' + b"9" * 5_000 + b"}"), "malformed"),
        (packed(b'{"name": "\\ud800"}'), "malformed"),
        (packed(b" " * (LARGEST_JSON_BYTES + 1)), "too_large"),
    ],
)
def test_broken_code_is_refused(code: str, fault: str) -> None:
    assert refusal(code).code == fault


def test_bomb_is_refused_before_it_is_unpacked() -> None:
    """Spaces pack 1,000 to 1, so a link could hold more than a megabyte of them; unpacking stops at 256 KiB."""
    bomb = packed(b" " * 1_400_000)
    assert len(bomb) <= LONGEST_CODE
    tracemalloc.start()
    try:
        assert refusal(bomb).code == "too_large"
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()


def test_code_leaves_out_what_is_at_its_default() -> None:
    """The rest of the link is for what somebody chose."""
    unpacker = zlib.decompressobj(zdict=DICTIONARY)
    text = unpacker.decompress(base64.urlsafe_b64decode(VALID_CODE[2:] + "==")).decode()
    assert "reserve" not in text
    assert "facility_power_ratio" not in text
    assert '"opening_cash":60000.0' in text


def test_large_file_is_refused() -> None:
    text = to_json(company()) + " " * 300_000
    for form in (text, text.encode()):
        with pytest.raises(InputError) as caught:
            from_json(form)
        assert (caught.value.code, caught.value.expected) == ("too_large", "size <= 262144 bytes")


def test_huge_whole_number_in_a_file_is_refused_by_field() -> None:
    text = to_json(company()).replace("9000000", "9" * 400)
    with pytest.raises(InputError) as caught:
        from_json(text)
    assert (caught.value.code, caught.value.field) == ("out_of_range", "holders.0.shares")


@given(st.text(max_size=100) | st.text(string.ascii_letters + string.digits + "-_", max_size=200).map("2.".__add__))
@settings(max_examples=200)
def test_any_text_is_a_scenario_or_an_input_error(text: str) -> None:
    for read in (from_code, from_json):
        assert isinstance(outcome(read, text), Scenario | InputError)


@given(
    position=st.integers(0, len(VALID_CODE) - 1),
    length=st.integers(0, 5),
    text=st.text(string.ascii_letters + string.digits + "-_=+/. é", max_size=5),
)
@settings(max_examples=200)
def test_mutated_code_is_the_same_scenario_or_an_input_error(position: int, length: int, text: str) -> None:
    """Its checksum keeps a link that was cut or mistyped from showing other figures."""
    mutated = VALID_CODE[:position] + text + VALID_CODE[position + length :]
    read = outcome(from_code, mutated)
    assert isinstance(read, InputError) or read == hand_calculated()


@given(value=JSON_VALUE, place=st.randoms(use_true_random=False))
@settings(max_examples=200)
def test_scenario_with_any_value_in_any_place_is_a_scenario_or_an_input_error(value: Any, place: Any) -> None:
    data = json.loads(to_json(hand_calculated()))
    owner, key = place.choice(list(places(data)))
    owner[key] = value
    read = outcome(from_json, json.dumps(data))
    assert isinstance(read, Scenario) or (read.field and read.expected)


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every place in a JSON value where another could be put."""
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    return [place for key in keys for place in [(value, key), *places(value[key])]]


def test_edit_replaces_what_stands_at_a_path() -> None:
    made = hand_calculated()
    after = edited(
        made,
        {
            "runs.0.mfu": 0.35,
            "holders.1.name": "Bob",
            "founding": date(2025, 12, 1),
            "demand": (),
            "uncertainty": (Uncertain(field="runs.0.mfu", p10=0.3, p90=0.4, shape="normal"),),
        },
    )
    assert after.runs[0].mfu == 0.35
    assert [holder.name for holder in after.holders] == ["Ada", "Bob", "Cy"]
    assert (after.founding, after.demand) == (date(2025, 12, 1), ())
    assert after.uncertainty[0].p90 == 0.4


def test_edit_leaves_the_scenario_it_starts_from_and_everything_else_untouched() -> None:
    made = hand_calculated()
    after = edited(made, {"runs.0.mfu": 0.35})
    assert made == hand_calculated()
    assert after.model_copy(update={"runs": made.runs}) == made
    assert edited(made, {}) == made


def test_edits_are_checked_together() -> None:
    """Alone, 3e10 active of 2e10 parameters would contradict each other."""
    after = edited(hand_calculated(), {"runs.0.active_parameters": 3e10, "runs.0.total_parameters": 3e10})
    assert after.runs[0].active_parameters == after.runs[0].total_parameters == 3e10


@pytest.mark.parametrize(
    "path",
    ["", ".", "speed", "runs.0.speed", "runs.1.mfu", "runs.first.mfu", "name.0", "runs.0.mfu.0", "strategies.0.0"],
)
def test_edit_of_an_unknown_path_is_refused(path: str) -> None:
    with pytest.raises(InputError) as caught:
        edited(hand_calculated(), {path: 1.0})
    assert (caught.value.code, caught.value.field) == ("unknown_field", path)


@pytest.mark.parametrize("value", [object(), {1, 2}, b"bytes"])
def test_edit_to_something_that_is_no_scenario_value_is_refused(value: object) -> None:
    with pytest.raises(InputError) as caught:
        edited(hand_calculated(), {"name": value})
    assert (caught.value.code, caught.value.field) == ("wrong_type", "name")


def test_changed_fields_names_each_path_with_both_values() -> None:
    made = hand_calculated()
    after = edited(made, {"runs.0.mfu": 0.35, "holders.1.name": "Bob"})
    assert changed_fields(made, after) == {"runs.0.mfu": (0.5, 0.35), "holders.1.name": ("Bo", "Bob")}
    assert changed_fields(made, made) == {}


def test_changed_fields_of_a_list_that_grows_or_shrinks() -> None:
    made = company(holders=(Holder(name="Ada", shares=1),))
    grown = edited(made, {"holders": (*made.holders, Holder(name="Bo", shares=2))})
    assert changed_fields(made, grown) == {
        "holders.1.name": (None, "Bo"),
        "holders.1.founder": (None, True),
        "holders.1.votes_per_share": (None, 1),
        "holders.1.shares": (None, 2),
    }
    assert changed_fields(grown, made)["holders.1.shares"] == (2, None)
    started = changed_fields(company(), company(runs=(run(),)))
    assert started["runs.0.mfu"] == (None, 0.5)
    assert all(path.startswith("runs.0.") for path in started)


def test_dictionary_of_links_never_changes() -> None:
    """Every link that was ever shared is read with it. Another text needs another version of codes."""
    digest = hashlib.sha256(DICTIONARY).hexdigest()
    assert digest == "6c886ac0146bc931edd259d482a9814ad01f3dee9b7839df14ed165ac9488643"
    assert len(DICTIONARY) < 32_768, "zlib looks no further back"


@pytest.mark.parametrize("golden", GOLDEN, ids=lambda golden: golden["name"])
def test_frozen_code_still_opens_with_the_same_fields(golden: dict[str, Any]) -> None:
    """A link shared years ago must show what it showed then. A code is never regenerated: a field that is new since
    may appear, with a default that means "none of it"; what was there keeps its value. Amounts once had "usd" in their
    names and are still in US dollars."""
    frozen = json.loads(with_present_names(json.dumps(golden["scenario"]).encode()))
    assert differences(frozen, from_code(golden["code"]).model_dump(mode="json"), "") == []


@pytest.mark.parametrize("golden", GOLDEN, ids=lambda golden: golden["name"])
def test_frozen_code_survives_another_trip(golden: dict[str, Any]) -> None:
    opened = from_code(golden["code"])
    assert from_code(to_code(opened)) == opened
    assert from_json(json.dumps(golden["scenario"])) == opened


def differences(then: Any, now: Any, path: str) -> list[str]:
    """Paths of the frozen value whose value is now another; fields that only `now` has are no difference."""
    if isinstance(then, dict) and isinstance(now, dict):
        return [found for key in then for found in differences(then[key], now.get(key), f"{path}.{key}")]
    if isinstance(then, list) and isinstance(now, list) and len(then) == len(now):
        pairs = enumerate(zip(then, now, strict=True))
        return [found for index, (old, new) in pairs for found in differences(old, new, f"{path}.{index}")]
    return [] if then == now and type(then) is type(now) else [f"{path}: {then!r} is now {now!r}"]


def test_edit_to_a_number_of_thousands_of_digits_is_refused() -> None:
    with pytest.raises(InputError):
        edited(hand_calculated(), {"holders.0.shares": 10**5000})


@pytest.mark.parametrize("path", ["runs.-1.mfu", "runs.00.mfu", "runs. 0.mfu", "runs.+0.mfu"])
def test_only_one_spelling_of_a_position_is_a_path(path: str) -> None:
    with pytest.raises(InputError):
        edited(hand_calculated(), {path: 0.3})


def test_tiny_half_life_is_refused() -> None:
    with pytest.raises(InputError):
        edited(hand_calculated(), {"demand.0.growth_half_life_months": 1e-320})


def test_run_of_infinitely_many_free_hours_is_refused() -> None:
    with pytest.raises(InputError):
        edited(hand_calculated(), {"runs.0.mfu": 1e-320, "runs.0.price_per_hour": 0.0})


@pytest.mark.parametrize("field", ["uncertainty.0.p10", "valuation.founders_discount_rate", "runs.0.total_parameters"])
def test_range_that_would_change_nothing_is_refused(field: str) -> None:
    with pytest.raises(InputError):
        edited(hand_calculated(), {"uncertainty": [{"field": field, "p10": 1e9, "p90": 2e9, "shape": "normal"}]})


def test_former_names_of_amounts_are_read_as_todays() -> None:
    """Until November 2026 amounts bore "usd" in their names; a text of the user's own that mentions one stays."""
    said = b'{"description": "my \\"amount_usd\\": field", "reserve_usd": 5.0, "financings": [{"amount_usd" : 1}]}'
    read = b'{"description": "my \\"amount_usd\\": field", "reserve": 5.0, "financings": [{"amount" : 1}]}'
    assert with_present_names(said) == read
    ranged = b'{"field": "strategies.0.financings.1.pre_money_usd", "p10": 1.0}'
    assert with_present_names(ranged) == b'{"field": "strategies.0.financings.1.pre_money", "p10": 1.0}'


def test_share_in_per_cent_is_refused_with_the_share_that_was_meant() -> None:
    with pytest.raises(InputError, match=r"33\.1% = 0\.331") as caught:
        edited(company(runs=(run(),)), {"runs.0.mfu": 33.1})
    assert (caught.value.code, caught.value.field) == ("out_of_range", "runs.0.mfu")
