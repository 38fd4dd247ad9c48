"""The catalogues of both languages: extract every string, update the .po files, compile the .mo files.

`make catalogues` writes; `--check` (in `make lint`) only compares: every string has an entry in both languages, none is
empty, fuzzy or unused, placeholders agree, and the committed .mo files say what the .po files say.
"""

import ast
import csv
import io
import json
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po

sys.path.insert(0, ".")
from core.formulas.texts import texts as formula_texts

LANGUAGES = ("en", "zh_CN")
ROOMS = ("core", "ui", "pages")
KEYWORDS = {"words": None, "N_": None, "Remark": None}
PRESETS = Path("data/presets")
PRESET_KEYS = ("name", "description", "continues")
# Columns of tables that a page shows as sentences or as lists of names; citations stay in the language of their source.
COLUMNS = {Path("data/capital_histories.csv"): ("lead", "disputed")}
# What an error expects is notation as a rule; this finds what is said in words.
PROSE = re.compile(r"\b[A-Za-z]+ [a-z]{2,}")
UNDATED = datetime(2026, 1, 1, tzinfo=UTC)
PLACEHOLDER = re.compile(r"\{\w+\}")


def extracted() -> Catalog:
    """Every string that the app can show, with the places it stands in."""
    catalogue = Catalog(domain="messages", project="Compute & Capital", version="1", charset="utf-8")
    for room in ROOMS:
        found = extract_from_dir(room, [("**.py", "python")], keywords=KEYWORDS, comment_tags=())
        for file, _line, message, _comments, _context in found:
            catalogue.add(message, locations=[(f"{room}/{file}", 0)])
    for path in sorted(PRESETS.glob("*.json")):
        for text in preset_texts(json.loads(path.read_text(encoding="utf-8"))):
            catalogue.add(text, locations=[(path.as_posix(), 0)])
    for path in sorted(Path("core").rglob("*.py")):
        for text in expectation_texts(path):
            catalogue.add(text, locations=[(path.as_posix(), 0)])
    for path, columns in COLUMNS.items():
        for text in column_texts(path, columns):
            catalogue.add(text, locations=[(path.as_posix(), 0)])
    for text in sorted(formula_texts()):
        catalogue.add(text, locations=[("core/formulas", 0)])
    return catalogue


def preset_texts(value: object) -> Iterator[str]:
    """Names and descriptions of a preset: a user's own words once edited, ours until then."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in PRESET_KEYS and isinstance(inner, str) and inner:
                yield inner
            else:
                yield from preset_texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from preset_texts(inner)


def expectation_texts(path: Path) -> Iterator[str]:
    """What the errors of a file expect, where that is said in words."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        parts: list[ast.expr] = []
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "InputError":
            parts = node.args[3:]
        elif isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "").lower().startswith("expected"):
            parts = [node.value]
        for part in parts:
            either = part.values if isinstance(part, ast.BoolOp) else [part]
            found = [one.value for one in either if isinstance(one, ast.Constant)]
            yield from (text for text in found if isinstance(text, str) and PROSE.search(text))


def column_texts(path: Path, columns: tuple[str, ...]) -> Iterator[str]:
    """What stands in these columns of a table."""
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield from (row[column] for column in columns if row[column])


def po_path(language: str) -> Path:
    return Path("locales") / language / "LC_MESSAGES" / "messages.po"


def updated(language: str, template: Catalog) -> Catalog:
    """The language's catalogue with exactly the template's strings; English is its own translation."""
    path = po_path(language)
    old = read_po(io.BytesIO(path.read_bytes()), locale=language) if path.exists() else Catalog()
    new = Catalog(locale=language, domain="messages", project="Compute & Capital", version="1", charset="utf-8")
    new.creation_date = new.revision_date = old.creation_date
    for message in sorted((m for m in template if m.id), key=lambda m: m.id):
        known = old.get(message.id)
        text = message.id if language == "en" else (known.string if known else "")
        files = sorted({file for file, _ in message.locations})
        new.add(message.id, text, locations=[(file, 0) for file in files])
    return new


def po_bytes(catalogue: Catalog) -> bytes:
    buffer = io.BytesIO()
    write_po(buffer, catalogue, width=120, omit_header=False, include_lineno=False)
    lines = buffer.getvalue().split(b"\n")
    dated = (b'"POT-Creation-Date', b'"PO-Revision-Date', b'"Generated-By', b'"Last-Translator', b'"Language-Team')
    return b"\n".join(line for line in lines if not line.startswith(dated) and not line.startswith(b"# "))


def texts_of(catalogue: Catalog) -> dict[str, str]:
    """What a catalogue says, without its header: that names the Babel that wrote it."""
    return {message.id: message.string for message in catalogue if message.id}


def compiled_from(path: Path) -> bytes:
    catalogue = read_po(io.BytesIO(path.read_bytes()))
    catalogue.creation_date = catalogue.revision_date = UNDATED  # else the moment of compiling
    buffer = io.BytesIO()
    write_mo(buffer, catalogue)
    return buffer.getvalue()


def faults(language: str, template: Catalog) -> list[str]:
    """What keeps a language from being complete."""
    path = po_path(language)
    if not path.exists():
        return [f"{path} is missing"]
    catalogue = read_po(io.BytesIO(path.read_bytes()), locale=language)
    wanted, present = ({m.id for m in source if m.id} for source in (template, catalogue))
    found = [f"{language}: no entry for {text!r}" for text in sorted(wanted - present)]
    found += [f"{language}: unused {text!r}" for text in sorted(present - wanted)]
    for message in catalogue:
        if message.id and (not message.string or message.fuzzy):
            found.append(f"{language}: not translated: {message.id!r}")
    found += [f"{language}: placeholders differ: {text!r}" for text in differing_placeholders(catalogue)]
    compiled = path.with_suffix(".mo")
    if not compiled.exists() or texts_of(read_mo(io.BytesIO(compiled.read_bytes()))) != texts_of(catalogue):
        found.append(f"{compiled} is not the compiled {path.name}: run `make catalogues`")
    return found


def differing_placeholders(catalogue: Catalog) -> list[str]:
    """What is said in other placeholders, or in one of them more often."""
    told = [message for message in catalogue if message.id and message.string]
    return [
        message.id
        for message in told
        if sorted(PLACEHOLDER.findall(message.id)) != sorted(PLACEHOLDER.findall(message.string))
    ]


def main() -> int:
    template = extracted()
    if "--check" in sys.argv:
        found = [fault for language in LANGUAGES for fault in faults(language, template)]
        print("\n".join(found) or f"catalogues: {len(template)} strings, complete in {', '.join(LANGUAGES)}")
        return 1 if found else 0
    for language in LANGUAGES:
        catalogue = updated(language, template)
        po_path(language).parent.mkdir(parents=True, exist_ok=True)
        po_path(language).write_bytes(po_bytes(catalogue))
        po_path(language).with_suffix(".mo").write_bytes(compiled_from(po_path(language)))
        missing = [m.id for m in catalogue if m.id and not m.string]
        print(f"{language}: {len(catalogue)} strings, {len(missing)} to translate")
    return 0


if __name__ == "__main__":
    sys.exit(main())
