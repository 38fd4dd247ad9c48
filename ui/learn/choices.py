"""Several of some values, shown by their names and kept for the session: the plural of `page_choices.ask_one`."""

from collections.abc import Mapping, Sequence

import streamlit as st

from ui.compute.page_choices import choose, chosen
from ui.language import words


def ask_some(
    key: str,
    label: str,
    options: Mapping[str, str],
    default: Sequence[str] = (),
    *,
    most: int = 3,
    tip: str | None = None,
) -> tuple[str, ...]:
    """What was chosen and is still among the options, in the order of choosing."""
    kept = tuple(value for value in chosen(key, tuple(default)) if value in options)[:most]
    st.session_state[key] = list(kept)
    st.multiselect(
        label,
        list(options),
        format_func=options.__getitem__,
        key=key,
        max_selections=most,
        on_change=lambda: choose(key, tuple(st.session_state[key])),
        help=tip,
        placeholder=words("Choose"),
    )
    return kept
