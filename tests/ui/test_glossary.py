"""The glossary: every term in both languages, in one place, and found by either of its names."""

import re

import pytest
from streamlit.testing.v1 import AppTest

from tests.ui.addresses import addresses
from tests.ui.test_pages import LOCALES, opened
from ui.glossary import GLOSSARY, SECTIONS, capital, compute, definition, learning
from ui.labels import FIELD_LABELS, FIELD_LABELS_OF, field_help, field_label
from ui.language import speaking, words
from ui.learn.glossary_view import matching, name_in

PAGE = "learn/glossary.py"
CHINESE = re.compile(r"[\u4e00-\u9fff]")
TERMS = tuple(GLOSSARY.values())
LABELS = (*FIELD_LABELS.values(), *FIELD_LABELS_OF.values())


def page(locale: str = "en-US", /, **choices: object) -> AppTest:
    """The page with these choices made: `search="mfu"` is the choice "glossary-search"."""
    app = opened(PAGE, "first-lab", locale)
    app.session_state["page-choices"] = {f"glossary-{name}": value for name, value in choices.items()}
    return app.run()


def test_no_term_stands_twice() -> None:
    assert len(TERMS) == len(compute.TERMS) + len(capital.TERMS) + len(learning.TERMS)
    assert len({term.name for term in TERMS}) == len(TERMS)
    assert len({term.definition for term in TERMS}) == len(TERMS)


@pytest.mark.parametrize("term", TERMS, ids=GLOSSARY)
def test_every_term_has_both_languages_a_section_and_a_page(term) -> None:  # type: ignore[no-untyped-def]
    with speaking("zh_CN"):
        assert CHINESE.search(words(term.definition))
        assert CHINESE.search(words(term.name)) or words(term.name) == term.name  # EBITDA
    assert term.section in SECTIONS
    assert term.page in addresses()
    assert term.definition.endswith(".")


def test_fields_take_their_definitions_from_the_glossary() -> None:
    used = {label.term for label in LABELS if label.term}
    assert used <= GLOSSARY.keys()
    assert len(used) > 20
    assert not {label.help for label in LABELS} & {term.definition for term in TERMS}
    with speaking("en"):
        assert field_help(field_label("runs.0.mfu")) == (
            definition("mfu") + "\n\nOver the whole run: restarts and stalls count as lost."
        )
        assert field_help(field_label("name")) == ""


@pytest.mark.parametrize("locale", LOCALES)
def test_the_page_opens_with_every_term(locale: str) -> None:
    app = page(locale)
    assert not app.exception
    table = next(one.value for one in app.markdown if one.value.startswith("| "))
    assert table.count("\n") == len(TERMS) + 1  # titles, rule, a row each


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("search", ["mfu utilisation", "算力利用率", "MODEL FLOPS"])
def test_a_term_is_found_by_either_name_in_either_language(search: str, locale: str) -> None:
    app = page(locale, search=search)
    assert app.selectbox(key="glossary-term").value == "mfu"
    shown = "\n".join(one.value for one in app.markdown)
    assert "Model FLOPs utilisation (MFU)" in shown
    assert "算力利用率（MFU）" in shown


def test_a_card_shows_both_definitions_the_source_and_the_page() -> None:
    app = page(search="adam optimizer")
    captions = "\n".join(one.value for one in app.caption)
    assert "arXiv 1412.6980" in captions
    assert CHINESE.search(captions)
    assert r"\hat m" in app.latex[0].value


def test_no_space_follows_a_full_width_mark_and_no_line_begins_with_the_dot() -> None:
    """W3C, Requirements for Chinese Text Layout, 3.1.2: such a mark brings its own space. UAX #14: WJ and NBSP bind."""
    english, chinese = (
        next(one.value for one in page(where).markdown if one.value.startswith("| ")) for where in LOCALES
    )
    assert "| **Token（词元）\N{WORD JOINER}**· Token |" in chinese
    assert "就是所有这些数的集合。$N$ |" in chinese
    assert "| **Token**\N{NO-BREAK SPACE}· Token（词元） |" in english
    assert "a model is the list of all of them. $N$ |" in english


def test_a_section_and_an_empty_search() -> None:
    with speaking("en"):
        assert {term.section for term in matching("", "capital")} == {"capital"}
        assert matching("  ") == TERMS
        assert matching("no such words anywhere") == ()
        assert name_in(GLOSSARY["token"], "zh_CN") != "Token"
    app = page(search="no such words anywhere")
    assert not app.exception
    assert app.info
