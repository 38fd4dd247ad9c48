"""CSV and Excel of a cap table; the workbook is opened as what it is, a zip of XML."""

import csv
import io
import re
import zipfile
from datetime import date
from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree

import pytest

pytest.importorskip("xlsxwriter")

from core.capital.cap_table_sheets import cap_table_csv, cap_table_workbook
from core.capital.event_files import read_events, tables_after
from core.capital.securities import Event, PoolIncreased, SafeIssued, SharesIssued
from tests.charts.languages import chinese

EXAMPLES = Path(__file__).resolve().parent.parent.parent / "data" / "cap_tables"
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
DAY = date(2026, 1, 1)


def example(name: str) -> tuple[Event, ...]:
    return read_events((EXAMPLES / f"{name}.json").read_bytes())


def sheets(content: bytes) -> dict[str, list[dict[str, str]]]:
    """The rows of each sheet by column letter."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        strings = ["".join(part.itertext()) for part in ElementTree.fromstring(archive.read("xl/sharedStrings.xml"))]
        names = [
            one.attrib["name"] for one in ElementTree.fromstring(archive.read("xl/workbook.xml")).iter(f"{MAIN}sheet")
        ]
        found = {}
        for number, name in enumerate(names, start=1):
            sheet = ElementTree.fromstring(archive.read(f"xl/worksheets/sheet{number}.xml"))
            assert not list(sheet.iter(f"{MAIN}f"))
            rows = []
            for row in sheet.iter(f"{MAIN}row"):
                cells = {}
                for cell in row.iter(f"{MAIN}c"):
                    value = cell.findtext(f"{MAIN}v") or ""
                    letters = re.sub(r"[0-9]", "", cell.attrib["r"])
                    cells[letters] = strings[int(value)] if cell.attrib.get("t") == "s" else value
                rows.append(cells)
            found[name] = rows
    return found


def test_csv_has_a_row_a_holder_and_a_column_a_class() -> None:
    """spillpoint's Millrace: 5,393,570 Seed and 1,445,454 Series A of Harbor Lane, 5,101,136 unissued."""
    rows = list(csv.DictReader(io.StringIO(cap_table_csv(tables_after(example("founders-to-series-b"))[-1], str))))
    by_holder = {row["Holder"]: row for row in rows}
    harbor = by_holder["Harbor Lane"]
    assert (harbor["Seed"], harbor["Series A"], harbor["common"]) == ("5393570", "1445454", "0")
    assert by_holder["unissued pool"]["unissued pool"] == "5101136"
    assert by_holder["Lena"]["options"] == "340000"
    assert sum(float(row["Fully diluted"]) for row in rows) == pytest.approx(1)
    assert sum(float(row["Of issued stock"]) for row in rows) == pytest.approx(1)


def test_csv_of_a_safe_that_only_a_round_settles() -> None:
    events = (SharesIssued(DAY, "Ada", 900), PoolIncreased(DAY, 100), SafeIssued(DAY, "Angel", Fraction(5)))
    lines = cap_table_csv(tables_after(events)[-1], str).splitlines()
    assert lines == [
        "Holder,common,unissued pool,Shares as common,Fully diluted,Of issued stock",
        "Ada,900,0,900,0.9000000000,1.0000000000",
        "Angel,0,0,0,0.0000000000,0.0000000000",
        "unissued pool,0,100,100,0.1000000000,0.0000000000",
    ]


def test_no_name_is_taken_for_a_formula() -> None:
    events = (SharesIssued(DAY, "=1+1", 900), SharesIssued(DAY, "Li, Ada", 100))
    assert cap_table_csv(tables_after(events)[-1], str).splitlines()[1:] == [
        "'=1+1,900,900,0.9000000000,0.9000000000",
        '"Li, Ada",100,100,0.1000000000,0.1000000000',
    ]
    assert sheets(cap_table_workbook(events, str))["Holders"][1]["D"] == "=1+1"


def test_workbook_has_the_table_after_each_event_and_the_payouts_at_each_breakpoint() -> None:
    """spillpoint 4: preference at $3M, the cap at $33M, conversion at $45M; $60M pays A 36, B 12, X 9 and Y 3."""
    found = sheets(cap_table_workbook(example("capped-participation-at-a-sale"), str, (Fraction(60_000_000),)))
    assert list(found) == [
        "Holders", "Fully diluted", "Rounds", "Conversions", "Breakpoints", "Payouts by holder", "Payouts by class"
    ]  # fmt: skip
    assert [(row["A"], row["D"]) for row in found["Holders"][1:]] == [
        ("1", "A"), ("2", "A"), ("2", "B"), ("3", "A"), ("3", "B"), ("3", "X"), ("3", "Y")
    ]  # fmt: skip
    assert [row["D"] for row in found["Fully diluted"][1:]] == ["1", "0.75", "0.6"]
    assert [(row["A"], row["B"]) for row in found["Breakpoints"][1:]] == [
        ("3000000", "preferences are paid in full"),
        ("33000000", "participation cap reached"),
        ("45000000", "conversion into common"),
    ]  # fmt: skip
    titles, *payouts = found["Payouts by holder"]
    assert [titles[column] for column in "CDEF"] == ["A", "B", "X", "Y"]
    assert [[float(row[column]) / 1_000_000 for column in "ACDEF"] for row in payouts] == [
        [3, 0, 0, 2.25, 0.75], [33, 18, 6, 6.75, 2.25], [45, 27, 9, 6.75, 2.25], [60, 36, 12, 9, 3]
    ]  # fmt: skip


def test_workbook_shows_rounds_by_each_reading_and_conversions() -> None:
    """Foresight: $1.20 where the pre-money is fixed; the notes pay $0.96 and $0.80."""
    found = sheets(cap_table_workbook(example("notes-under-three-bases"), str))
    assert [(row["D"], row["E"]) for row in found["Rounds"][1:]] == [
        ("post-money fixed", "no"), ("pre-money fixed", "yes"), ("dollars invested", "no")
    ]  # fmt: skip
    assert found["Rounds"][2]["F"] == "1.2"
    assert [(row["E"], row["G"]) for row in found["Conversions"][1:]] == [
        ("discount or the round's price", "0.96"),
        ("valuation cap", "0.8"),
    ]


def test_sheets_titles_and_entries_are_in_the_language_that_is_spoken() -> None:
    found = sheets(cap_table_workbook(example("notes-under-three-bases"), chinese))
    assert list(found) == ["持有人", "完全稀释占比", "各轮融资", "转股", "临界点", "按持有人的分配", "按类别的分配"]
    titles = found["各轮融资"][0]
    assert [titles[column] for column in "ABCD"] == ["事件", "日期", "轮次", "投前估值的口径"]
    assert found["转股"][2]["E"] == "估值上限"
    assert found["各轮融资"][2]["E"] == "是"
    titles, *rows = cap_table_csv(tables_after(example("founders-to-series-b"))[-1], chinese).splitlines()
    assert titles.split(",")[:3] == ["持有人", "普通股", "期权"]
    assert titles.endswith("B 轮,未授予期权池,折合普通股,完全稀释占比,占已发行股份")
    assert rows[-1].startswith("未授予期权池,")
