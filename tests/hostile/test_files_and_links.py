"""A stranger's bytes at each door: worded refusals, within bounds, whatever they are.

Every named case is a known attack, with where it is described; hypothesis looks for the ones that nobody named.
"""

import io
import json
import pickle
import struct
import tracemalloc
import zipfile
import zlib
from base64 import urlsafe_b64encode
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.capital.event_files import read_events, tables_after
from core.capital.ocf_package import LARGEST_PACKAGE_BYTES, unzipped
from core.capital.open_cap_format import read_ocf
from core.compute.quotes import COLUMNS, parse_quotes
from core.compute.training_runs import REQUIRED_COLUMNS, read_runs
from core.errors import InputError
from core.flow.mermaid import parse, write
from core.formulas.user_functions import user_function
from core.host_limits import host_limits
from core.plan.scenario_io import LARGEST_JSON_BYTES, from_code, from_json, to_json
from core.runs.answers import read_answer
from core.runs.checkpoint_contents import checkpoint_contents
from core.runs.run_folder import find_run
from core.runs.training_config import from_json as training_config
from ui.presets import presets

FIRST_LAB = to_json(presets()["first-lab"])
FOUNDER = {"event": "shares_issued", "date": "2026-01-01", "holder": "Ada", "shares": 8_000_000}
UNSEEN = {
    "half of a surrogate pair": "\\ud800",
    "text turned round (CVE-2021-42574)": "\\u202e",
    "isolate (CVE-2021-42574)": "\\u2066",
    "null": "\\u0000",
    "escape sequence of a terminal": "\\u001b[2J",
    "new line": "\\n",
    "line separator": "\\u2028",
}


def refused(function: object, *given: object) -> InputError:
    assert callable(function)
    with pytest.raises(InputError) as caught:
        function(*given)
    str(caught.value).encode()  # whatever was given, the sentence can be shown
    return caught.value


def tolerated(function: object, *given: object) -> None:
    """It answers or refuses in words; any other error fails the test."""
    assert callable(function)
    try:
        function(*given)
    except InputError as error:
        str(error)


def code_of(content: bytes) -> str:
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return "1." + urlsafe_b64encode(packer.compress(content) + packer.flush()).decode().rstrip("=")


def zip_of(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content, method)
    return memory.getvalue()


# Scenarios: the file and the link


@pytest.mark.parametrize("unseen", UNSEEN.values(), ids=UNSEEN)
def test_a_name_is_what_its_reader_sees(unseen: str) -> None:
    """In the source as JSON writes it, so that the file itself is plain ASCII."""
    error = refused(from_json, FIRST_LAB.replace("7B base model", f"7B {unseen} base model"))
    assert error.code == "malformed"


@pytest.mark.parametrize(
    ("number", "code"),
    [("NaN", "not_a_number"), ("1e999", "not_a_number"), ("9" * 200_000, "malformed"), ("1e308", "out_of_range")],
)
def test_a_number_that_is_none(number: str, code: str) -> None:
    written = FIRST_LAB.replace('"opening_cash": 200000.0', f'"opening_cash": {number}')
    assert refused(from_json, written).code == code


def test_of_a_key_that_stands_twice_the_last_one_counts() -> None:
    """RFC 8259, 4: what becomes of it is the reader's choice; this is Python's, JavaScript's and pydantic's."""
    written = FIRST_LAB.replace('"opening_cash": 200000.0', '"opening_cash": 1.0, "opening_cash": 2.0')
    assert from_json(written).opening_cash == 2.0


def test_a_million_wrong_items_are_refused_before_each_is_worded() -> None:
    """60,000 empty runs fit in 256 KiB and would be 1,000,000 missing fields."""
    error = refused(from_json, '{"runs": [' + ",".join(["{}"] * 60_000) + "]}")
    assert (error.code, error.value) == ("too_large", "60001 objects")


def test_a_link_that_unpacks_to_a_gigabyte_costs_256_kib() -> None:
    """Deflate packs zeros 1,030 to 1 (RFC 1951); 2,000 characters could be 1.5 MB, cut off at 256 KiB."""
    bomb = code_of(b"0" * 1_400_000)
    assert len(bomb) <= 2_000
    tracemalloc.start()
    error = refused(from_code, bomb)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert error.code == "too_large"
    assert peak < 8 * LARGEST_JSON_BYTES


# Cap tables: events and Open Cap Format


@pytest.mark.parametrize("unseen", UNSEEN.values(), ids=UNSEEN)
def test_a_holder_is_who_the_table_shows(unseen: str) -> None:
    written = json.dumps({"events": [FOUNDER]}).replace("Ada", f"A{unseen}da")
    assert refused(read_events, written).code == "malformed"


def test_more_events_than_the_host_computes_are_refused() -> None:
    """Time grows with the square of the events: 8,000 founders took three minutes."""
    most = host_limits().document_objects
    many = [{**FOUNDER, "holder": f"Founder {number}"} for number in range(most)]
    assert len(tables_after(read_events(json.dumps({"events": many[:100]})))) == 100
    error = refused(read_events, json.dumps({"events": many}))
    assert (error.code, error.expected) == ("too_large", f"events + parts <= {most}")


def test_thirty_thousand_fields_given_twice_are_counted_once_through() -> None:
    twice = ",".join(f'"a{number}": 1, "a{number}": 2' for number in range(30_000))
    assert refused(read_events, '{"events": [{' + twice + "}]}").code == "missing"


@pytest.mark.parametrize(
    "package",
    [
        b"PK",
        zip_of({"a.json": b"{}"})[:40],
        zip_of({"a.json": b"{}"}).replace(b"\x08\x00", b"\x0c\x00"),  # says that it is bzip2
        zip_of({"a.json": b"{}"}).replace(b"\x08\x00", b"\x0e\x00"),  # says that it is LZMA
        zip_of({"a.json": b"[" * 100_000}),
        zip_of({"../../etc/cron.d/x.json": b"{}"}),  # a path that leaves its folder: nothing is ever written
        zip_of({"xl/workbook.xml": b'<!DOCTYPE a [<!ENTITY b "bb">]><a>&b;</a>'}),  # no part of the app reads XML
    ],
    ids=["mark alone", "cut", "bzip2", "lzma", "nested", "path", "entities"],
)
def test_a_zip_that_is_no_package(package: bytes) -> None:
    assert refused(read_ocf, package).code in ("malformed", "unknown_name", "missing")


def test_a_zip_bomb_is_refused_by_the_size_it_states() -> None:
    assert refused(unzipped, zip_of({"a.json": bytes(20_000_000)})).code == "too_large"


def test_a_zip_bomb_that_lies_about_its_size_is_cut_off() -> None:
    """100 MB that claim to be 10 bytes, in both headers (as in bamsoftware.com/hacks/zipbomb)."""
    lying = bytearray(zip_of({"a.json": bytes(100_000_000)}))
    struct.pack_into("<I", lying, lying.find(b"PK\x03\x04") + 22, 10)
    struct.pack_into("<I", lying, lying.rfind(b"PK\x01\x02") + 24, 10)
    tracemalloc.start()
    error = refused(unzipped, bytes(lying))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert error.code in ("malformed", "too_large")
    assert peak < 3 * LARGEST_PACKAGE_BYTES


def test_a_zip_of_too_many_files_and_of_too_many_objects() -> None:
    empty = b'{"file_type": "OCF_X", "items": []}'
    assert refused(read_ocf, zip_of({f"{number}.json": empty for number in range(201)})).code == "too_large"
    crowded = b'{"file_type": "OCF_X", "items": [' + b'{"object_type": 1},' * 50_000 + b"{}]}"
    assert refused(read_ocf, zip_of({"a.json": crowded})).code == "too_large"


# CSV files


@pytest.mark.parametrize("cell", ["=1+1", "@SUM(A1)", "-1+1", "+1", "a\u202eb", "\x00"])
def test_a_csv_cell_that_would_calculate_or_hide_is_refused(cell: str) -> None:
    """OWASP, "CSV injection": both files can be downloaded again, and a spreadsheet would run the cell."""
    line = f"h100-sxm,{cell},eu,spot,USD,2.1,2026-11-01\n"
    (fault,) = parse_quotes(",".join(COLUMNS) + "\n" + line).faults
    assert (fault.code, fault.field) == ("malformed", "quotes:2 provider")
    run = f"{cell},Meta,2023,68980000000,68980000000,2e12,A100,312,1720320,reported\n"
    assert refused(read_runs, ",".join(REQUIRED_COLUMNS) + "\n" + run, "runs.csv").field == "runs.csv:2 name"


@pytest.mark.parametrize("cell", ['"' * 99, "x" * 140_000, "a,b"])
def test_a_csv_cell_out_of_shape(cell: str) -> None:
    tolerated(parse_quotes, ",".join(COLUMNS) + f"\nh100-sxm,{cell},eu,spot,USD,2.1,2026-11-01\n")
    run = f"{cell},Meta,2023,68980000000,68980000000,2e12,A100,312,1720320,reported\n"
    tolerated(read_runs, ",".join(REQUIRED_COLUMNS) + "\n" + run, "runs.csv")


# Mermaid text and functions typed by a student


@pytest.mark.parametrize(
    "line",
    [
        'click A href "javascript:alert(1)"',
        'A["<img src=x onerror=alert(1)>"]',
        'A["`**bold**`"]',
        "%%{init: {'securityLevel': 'loose'}}%%",
        "classDef x fill:url(http://example.org)",
        "A[#55296;",
        "A" + "&A" * 9_000 + "(",
        "a-" * 9_000 + "!",
    ],
)
def test_a_graph_can_do_nothing_but_draw(line: str) -> None:
    assert refused(parse, f"graph TD\n{line}").code == "malformed"


@pytest.mark.parametrize(
    "text",
    [
        "9**9**9**9",
        "x^64^64",
        "(" * 90 + "x" + ")" * 90,
        "-" * 150 + "x",
        "__import__('os').system('id')",
        "x.__class__",
        "(lambda: 1)()",
        "[x for x in y]",
        "1e999",
        "x" * 201,
        "\ud800",
    ],
)
def test_a_function_is_arithmetic_and_nothing_else(text: str) -> None:
    refused(user_function, text)


@given(st.text("xy0123456789.eE+-*/^()²³ πsincoexplgrtahm,", max_size=60))
@settings(max_examples=150)
def test_whatever_a_function_is_it_is_computed_or_refused(text: str) -> None:
    try:
        function = user_function(text)
    except InputError:
        return
    grid = np.linspace(-5, 5, 20)
    assert function.value(grid, grid).shape == grid.shape
    assert [part.shape for part in function.hessian(grid, grid)] == [grid.shape] * 3


@given(st.text("AB中_-&>|[](){}\"#;<br/>% \n`'1", max_size=80))
@settings(max_examples=150)
def test_whatever_a_graph_is_it_is_read_back_or_refused(text: str) -> None:
    try:
        graph = parse("graph TD\n" + text)
    except InputError:
        return
    assert parse(write(graph)) == graph


# Runs and their files


@pytest.mark.parametrize(
    "run", ["../../x", "/etc/passwd", "a" * 31 + "\n", "\x00", "A" * 32, "٣" * 32, "a" * 1_000_000]
)
def test_an_id_that_names_no_run(run: str, tmp_path: Path) -> None:
    assert refused(find_run, run, tmp_path).code == "malformed"


def head_of(length: int, head: bytes) -> bytes:
    return struct.pack("<Q", length) + head


@pytest.mark.parametrize(
    "content",
    [
        b"",
        head_of(2**63, b"{}"),
        head_of(100_000, b"[" * 100_000),
        head_of(2, b"[]"),
        pickle.dumps(print),  # would run as a file of torch.save; it is never unpickled
    ],
    ids=["empty", "length", "nested", "list", "pickle"],
)
def test_a_checkpoint_that_lies(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "checkpoint.safetensors"
    path.write_bytes(content)
    assert refused(checkpoint_contents, path).code == "malformed"


@pytest.mark.parametrize(
    "content",
    [b"", b"PK\x03\x04garbage", b"garbage", zip_of({"figures.json.npy": b""})],
    ids=["empty", "cut", "text", "hollow"],
)
def test_an_answer_that_is_none(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "answer.npz"
    path.write_bytes(content)
    assert refused(read_answer, path).code == "malformed"


def test_an_answer_that_would_run_or_nest(tmp_path: Path) -> None:
    path = tmp_path / "answer.npz"
    np.savez(path, evil=np.array([print], dtype=object))
    assert refused(read_answer, path).code == "malformed"
    np.savez(path, **{"figures.json": np.frombuffer(b"[" * 100_000, np.uint8)})
    assert refused(read_answer, path).code == "malformed"


# What nobody named


@given(st.binary(max_size=200))
@settings(max_examples=100)
def test_any_bytes_are_refused_in_words(content: bytes) -> None:
    for door in (from_json, read_events, read_ocf, training_config):
        tolerated(door, content)
    tolerated(from_code, "1." + content.decode("latin-1"))
    tolerated(from_code, code_of(content))
    tolerated(parse_quotes, ",".join(COLUMNS) + "\n" + content.decode("latin-1"))
    tolerated(read_runs, ",".join(REQUIRED_COLUMNS) + "\n" + content.decode("latin-1"), "runs.csv")


@given(st.integers(0, len(FIRST_LAB) - 1), st.text(max_size=6), st.integers(0, 40))
@settings(max_examples=100)
def test_a_plan_with_a_few_characters_changed(place: int, typed: str, dropped: int) -> None:
    tolerated(from_json, FIRST_LAB[:place] + typed + FIRST_LAB[place + dropped :])
