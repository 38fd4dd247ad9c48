"""Both languages are complete: every string has an entry, nothing is empty or unused, the .mo files are compiled."""

import json

import pytest

from tools import catalogues


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
