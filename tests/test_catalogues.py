"""Both languages are complete: every string has an entry, nothing is empty or unused, the .mo files are compiled."""

import json
import re
import unicodedata

import pytest
from babel.messages.pofile import read_po

from tools import catalogues
from ui.language import LOCALES


@pytest.mark.parametrize("language", catalogues.LANGUAGES)
def test_catalogue_is_complete(language: str) -> None:
    assert catalogues.faults(language, catalogues.extracted()) == []


def test_missing_string_is_a_fault() -> None:
    template = catalogues.extracted()
    template.add("A string that nobody has translated yet")
    assert catalogues.faults("zh_CN", template) == ["zh_CN: no entry for 'A string that nobody has translated yet'"]


def test_preset_texts_are_extracted() -> None:
    preset = json.loads(
        '{"name": "A lab", "runs": [{"name": "A run", "continues": null}], "holders": [{"name": "We"}]}'
    )
    assert list(catalogues.preset_texts(preset)) == ["A lab", "A run", "We"]


@pytest.mark.parametrize("language", catalogues.LANGUAGES)
def test_bold_is_shown_as_bold(language: str) -> None:
    """CommonMark 0.31, section 6.2: beside a letter, a ** that touches punctuation on its inner side stays as it is."""
    with (LOCALES / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        texts = [str(one.string) for one in read_po(file) if one.id]
    assert [text for text in texts if not bold_closes(re.sub(r"\{\w+\}", "X", text))] == []


def test_bold_that_ends_in_a_full_stop_before_a_character_is_found() -> None:
    assert bold_closes("**第 1 步** 公司")
    assert not bold_closes("**第 1 步。**公司")


def bold_closes(text: str) -> bool:
    """Whether each ** of the text opens or closes in turn."""
    for number, marker in enumerate(re.finditer(r"\*\*", text)):
        before, after = text[: marker.start()][-1:] or " ", text[marker.end() :][:1] or " "
        inner, outer = (after, before) if number % 2 == 0 else (before, after)
        if inner.isspace() or (punctuation(inner) and not (outer.isspace() or punctuation(outer))):
            return False
    return True


def punctuation(letter: str) -> bool:
    return unicodedata.category(letter)[0] in "PS"
