"""What a reader takes away: a figure's numbers, the figure as a page that lives without a server, its code, a table."""

import re
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import plotly.graph_objects as go
import streamlit as st

from core.reports.document import Chart, as_html
from core.reports.figure_csv import figure_csv, table_csv
from ui.language import current_language, speaking, words

Table = tuple[Sequence[str], Sequence[Sequence[Any]]]  # the names of the columns, and the rows


def below(
    figure: go.Figure, name: str, code: Callable[[], str] | None = None, table: Callable[[], Table] | None = None
) -> None:
    """A box under a figure; nothing is written before it is opened and a file asked for.

    name: of the files, in ASCII letters, unique on the page; code: Python that runs by itself
    table: the figure's numbers, where its points are only places on the screen
    """
    box = st.popover(words("Take this away"), icon=":material/download:", key=f"take-{name}", on_change="rerun")
    if not box.open:
        return
    language = current_language()  # there is no session to ask while a file is written
    numbers = partial(_figure_csv, figure, language) if table is None else partial(_csv, table, language)
    files = (
        ("csv", words("Numbers of the figure (CSV)"), "text/csv", numbers),
        (
            "html",
            words("Figure that can be turned and read off (web page)"),
            "text/html",
            partial(_page, figure, name, language),
        ),
    )
    with box:
        for kind, label, mime, write in files:
            st.download_button(
                label,
                write,
                file_name=f"{name}.{kind}",
                mime=mime,
                icon=":material/download:",
                key=f"take-{name}-{kind}",
                on_click="ignore",
            )
        if code is not None:
            st.markdown(words("Code that gives these numbers and needs no more than NumPy:"))
            st.code(code(), language="python", wrap_lines=True)


def below_table(name: str, table: Callable[[], Table]) -> None:
    """A button under a table that cannot be saved by itself. name: as in `below`."""
    st.download_button(
        words("This table (CSV)"),
        partial(_csv, table, current_language()),
        file_name=f"{name}.csv",
        mime="text/csv",
        icon=":material/download:",
        key=f"take-table-{name}",
        on_click="ignore",
        type="tertiary",
    )


def _figure_csv(figure: go.Figure, language: str) -> bytes:
    with speaking(language):
        return figure_csv(figure, words)


def _csv(table: Callable[[], Table], language: str) -> bytes:
    with speaking(language):
        return table_csv(*table())


def _page(figure: go.Figure, name: str, language: str) -> bytes:
    """Plotly's script stands in the page, so that it opens without a connection."""
    title = re.sub(r"<[^>]*>", " ", figure.layout.title.text or name)
    return as_html([Chart(figure, title)], title, language.replace("_", "-")).encode()
