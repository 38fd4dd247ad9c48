"""The two languages: every string of the app goes through `words`, whose key is its English text."""

import gettext
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path

import streamlit as st

from core.capital.shadow_series import shadow_parts
from core.chinese import set_in_chinese

LOCALES = Path(__file__).resolve().parent.parent / "locales"
LANGUAGES = {"en": "English", "zh_CN": "简体中文"}
Words = Callable[[str], str]
_SPOKEN: ContextVar[str | None] = ContextVar("spoken", default=None)


def current_language() -> str:
    """The language of this session: chosen by its user, else the browser's."""
    spoken = _SPOKEN.get()
    if spoken is not None:
        return spoken
    chosen = st.session_state.get("language")
    if chosen in LANGUAGES:
        return str(chosen)
    return "zh_CN" if (st.context.locale or "").lower().startswith("zh") else "en"


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """This language for as long as it lasts, where there is no session to ask: a file that is written on a click."""
    before = _SPOKEN.set(language)
    try:
        yield
    finally:
        _SPOKEN.reset(before)


def words(text: str) -> str:
    """The text in this session's language; text of the user's own, which no catalogue knows, comes back as it is."""
    if not text:
        return text
    language = current_language()
    catalogue = _catalogue(language)
    said = catalogue.gettext(text)
    if language != "zh_CN":
        return said
    shadow = shadow_parts(text) if said == text else None
    return catalogue.gettext(shadow[0]) + shadow[1] if shadow else set_in_chinese(said)


def sentences(*told: str) -> str:
    """Sentences one after the other; after Chinese punctuation there is no space."""
    return re.sub("(?<=[。：；？！]) | (?=（)", "", " ".join(one for one in told if one))


def N_(text: str) -> str:  # noqa: N802  gettext's own name for "translate later"
    """Marks a string of a table for the catalogues; `words` translates it where it is shown."""
    return text


@lru_cache(maxsize=len(LANGUAGES))
def _catalogue(language: str) -> gettext.NullTranslations:
    return gettext.translation("messages", LOCALES, [language])
