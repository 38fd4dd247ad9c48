"""What a page asks for that is no part of the scenario: kept for the session, in one place, over all pages.

A choice that was never made is its default. Widgets show what is kept and write it back, as `ui.inputs` does.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from core.tables import Source
from ui.language import words
from ui.sources import source_text
from ui.units import COUNT, Unit, asked_name, in_language, unit_text

STATE_KEY = "page-choices"


@dataclass(frozen=True)
class Number:
    """A number to ask for: catalogue keys of its name and help, its unit, its bounds as stored."""

    label: str
    unit: Unit = COUNT
    low: float = 0.0
    high: float | None = None
    help: str = ""


def chosen(key: str, default: Any) -> Any:
    """What the user chose, else the default."""
    return st.session_state.get(STATE_KEY, {}).get(key, default)


def choose(key: str, value: Any) -> None:
    """Keeps a choice."""
    st.session_state[STATE_KEY] = {**st.session_state.get(STATE_KEY, {}), key: value}


def forget(prefix: str) -> None:
    """Back to the defaults of all choices whose key begins so."""
    kept = st.session_state.get(STATE_KEY, {})
    st.session_state[STATE_KEY] = {key: value for key, value in kept.items() if not key.startswith(prefix)}


def ask_number(
    key: str, asked: Number, value: float, source: Source | None = None, currency: str = "", *, place: str = ""
) -> None:
    """A number input that shows `value` and keeps what is typed.

    source: of the default, shown while the value is the default; currency: of an amount
    place: of this input, where one choice stands in two places of a page
    """
    unit = in_language(asked.unit)
    whole = isinstance(value, int)
    notes = [words(asked.help), words("Source: {source}").format(source=source_text(source)) if source else ""]
    scale: Callable[[float], Any] = int if whole else unit.shown

    def changed() -> None:
        shown = st.session_state[place + key]
        if shown is not None:
            choose(key, shown if whole else unit.stored(shown))

    highest = asked.high if asked.high is not None else value
    st.session_state[place + key] = scale(min(max(value, asked.low), highest))
    st.number_input(
        asked_name(words(asked.label), unit_text(asked.unit, currency)),
        key=place + key,
        min_value=scale(asked.low),
        max_value=None if asked.high is None else scale(asked.high),
        step=int(unit.step) if whole else float(unit.step),
        format="%d" if whole else unit.format,
        on_change=changed,
        help="\n\n".join(note for note in notes if note) or None,
    )


def ask_whether(key: str, label: str, *, default: bool, possible: bool = True) -> bool:
    """Yes or no; no where it is not possible."""
    st.session_state[key] = bool(possible and chosen(key, default))
    st.toggle(label, key=key, disabled=not possible, on_change=lambda: choose(key, st.session_state[key]))
    return bool(st.session_state[key])


def ask_one(key: str, label: str, options: Mapping[Any, str], default: Any, tip: str | None = None) -> Any:
    """One of some values, shown by their names."""
    kept = chosen(key, default)
    value = kept if kept in options else default
    st.session_state[key] = value
    st.selectbox(
        label,
        list(options),
        format_func=options.__getitem__,
        key=key,
        on_change=lambda: choose(key, st.session_state[key]),
        help=tip,
    )
    return value
