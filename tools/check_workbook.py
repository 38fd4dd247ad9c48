"""Checks workbooks with a spreadsheet: LibreOffice calculates every formula anew, and every cell is compared.

    python tools/check_workbook.py [random scenarios]

Writes a workbook for each strategy of each preset (and for so many random scenarios of the tests), takes the app's
figures out of the cells with formulas, has LibreOffice fill them in, and compares the two: money to the cent. Needs
`soffice` (Debian: libreoffice-calc).
"""

import re
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from string import ascii_uppercase, digits
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
REFERENCE = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
HALF_A_CENT = 0.005
CHECKS = ("B6", "B7")  # on the first sheet
SAME = 1e-9  # of a figure that is no money
RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse">
<value>0</value></prop></item></oor:items>"""


@dataclass(frozen=True)
class SheetCell:
    """A cell of a file: its value as text, and its formula, None where it has none."""

    value: str
    formula: str | None


def cells(path: Path) -> Mapping[tuple[str, str], SheetCell]:
    """Every cell of a workbook by the name of its sheet and its address."""
    found: dict[tuple[str, str], SheetCell] = {}
    with zipfile.ZipFile(path) as packed:
        shared = _shared_texts(packed)
        for name, part in _sheets(packed):
            for cell in ElementTree.fromstring(packed.read(part)).iter(f"{MAIN}c"):
                value, formula = cell.find(f"{MAIN}v"), cell.find(f"{MAIN}f")
                text = (value.text or "") if value is not None else ""
                if cell.get("t") == "s":
                    text = shared[int(text)]
                found[name, cell.get("r", "")] = SheetCell(text, None if formula is None else formula.text or "")
    return found


def without_values(source: Path, target: Path) -> None:
    """A copy whose formulas have no value, so that whatever a spreadsheet shows it has calculated."""
    with zipfile.ZipFile(source) as packed, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as written:
        for name in packed.namelist():
            data = packed.read(name)
            if name.startswith("xl/worksheets/"):
                data = re.sub(rb"</f><v>[^<]*</v>", b"</f>", data)
            written.writestr(name, data)


def with_inputs(source: Path, target: Path, changes: Mapping[str, float]) -> None:
    """A copy in which the cells of these names hold other numbers."""
    with zipfile.ZipFile(source) as packed, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as written:
        parts = {name: packed.read(name) for name in packed.namelist()}
        by_sheet = dict(_sheets(packed))
        for name in ElementTree.fromstring(parts["xl/workbook.xml"]).iter(f"{MAIN}definedName"):
            if name.get("name") not in changes:
                continue
            sheet, address = (name.text or "").split("!")
            part, cell = by_sheet[sheet.strip("'")], address.replace("$", "").encode()
            value = repr(float(changes[name.get("name", "")])).encode()
            pattern = rb'(<c r="' + cell + rb'"[^>]*><v>)[^<]*(</v>)'
            parts[part], count = re.subn(pattern, rb"\g<1>" + value + rb"\g<2>", parts[part])
            assert count == 1, name.get("name")
        for name, data in parts.items():
            written.writestr(name, data)


def row(found: Mapping[tuple[str, str], SheetCell], sheet: str, label: str) -> list[float]:
    """The months of a row of a sheet by its label."""
    mine = {address: cell for (name, address), cell in found.items() if name == sheet}
    places = (address[1:] for address, cell in mine.items() if address[0] == "A" and cell.value == label)
    number = next(place for place in places if f"D{place}" in mine)
    months = [cell for address, cell in mine.items() if address.lstrip(ascii_uppercase) == number]
    columns = [address.rstrip(digits) for address in mine if address.lstrip(ascii_uppercase) == number]
    return [float(cell.value) for column, cell in zip(columns, months, strict=True) if column not in ("A", "B", "C")]


def recalculated(sources: list[Path], folder: Path) -> list[Path]:
    """The same workbooks as LibreOffice calculates them, without the help of the values in the files."""
    bare, profile, out = (folder / name for name in ("bare", "profile", "out"))
    bare.mkdir()
    (profile / "user").mkdir(parents=True)
    (profile / "user/registrymodifications.xcu").write_text(RECALCULATE, encoding="utf-8")
    for source in sources:
        without_values(source, bare / source.name)
    command = ["soffice", f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", "xlsx"]
    files = [str(bare / source.name) for source in sources]
    subprocess.run([*command, "--outdir", str(out), *files], check=True, capture_output=True, timeout=900)
    return [out / source.name for source in sources]


def differences(ours: Path, theirs: Path) -> list[str]:
    """Cells with formulas whose value is another in the recalculated file."""
    calculated = cells(theirs)
    found = []
    for (sheet, address), cell in cells(ours).items():
        if cell.formula is None:
            continue
        other = calculated.get((sheet, address), SheetCell("", None)).value or "0"
        try:
            same = abs(float(cell.value) - float(other)) <= max(HALF_A_CENT, SAME * abs(float(cell.value)))
        except ValueError:
            same = cell.value == other
        if not same:
            found.append(f"{sheet}!{address}: {cell.value} in the app, {other} calculated, ={cell.formula}")
    return found


def checks(path: Path) -> list[float]:
    """What the summary says of the balance sheets and of the distance to the app's cash: both are to be 0."""
    found = cells(path)
    first = next(sheet for sheet, _ in found)
    return [float(found[first, address].value) for address in CHECKS]


def available() -> bool:
    return shutil.which("soffice") is not None


def _sheets(packed: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    book = ElementTree.fromstring(packed.read("xl/workbook.xml"))
    links = ElementTree.fromstring(packed.read("xl/_rels/workbook.xml.rels"))
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    for sheet in book.iter(f"{MAIN}sheet"):
        yield sheet.get("name", ""), "xl/" + targets[sheet.get(REFERENCE)].removeprefix("/xl/")


def _shared_texts(packed: zipfile.ZipFile) -> list[str]:
    if "xl/sharedStrings.xml" not in packed.namelist():
        return []
    items = ElementTree.fromstring(packed.read("xl/sharedStrings.xml")).iter(f"{MAIN}si")
    return ["".join(part.text or "" for part in item.iter(f"{MAIN}t")) for item in items]


def main(random_scenarios: int) -> int:
    from core.plan.answer import answers  # noqa: PLC0415  after the path is set
    from core.plan.scenario_io import from_json  # noqa: PLC0415
    from core.reports.subject import Subject  # noqa: PLC0415
    from core.reports.workbook import workbook  # noqa: PLC0415
    from tests.reports.plain import PLAIN  # noqa: PLC0415
    from tests.reports.random_plans import plans  # noqa: PLC0415

    presets = [
        (path.stem, from_json(path.read_text(encoding="utf-8")))
        for path in sorted((ROOT / "data/presets").glob("[!o]*.json"))
    ]
    chosen = [*presets, *((f"random-{number}", plan) for number, plan in enumerate(plans(random_scenarios)))]
    with tempfile.TemporaryDirectory() as name:
        folder, sources, started = Path(name), [], time.perf_counter()
        for label, scenario in chosen:
            found = answers(scenario)
            for index in range(len(found)):
                path = folder / f"{label}-{index}.xlsx"
                path.write_bytes(workbook(Subject(scenario, found, index, PLAIN)))
                sources.append(path)
        written = time.perf_counter()
        faults = 0
        for source, theirs in zip(sources, recalculated(sources, folder), strict=True):
            formulas = sum(cell.formula is not None for cell in cells(source).values())
            wrong = differences(source, theirs)
            wrong += [f"check {value}" for value in checks(theirs) if value]
            faults += len(wrong)
            print(f"{source.stem}: {formulas} formulas, {len(wrong)} different", *wrong[:5], sep="\n    ")
        print(
            f"{len(sources)} workbooks in {written - started:.1f} s,",
            f"calculated in {time.perf_counter() - written:.1f} s",
        )
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 0))
