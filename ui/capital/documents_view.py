"""A company by its documents: the table after each event, who decides, and files to take away."""

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st

from core.capital.cap_table_sheets import cap_table_csv, cap_table_workbook
from core.capital.cap_table_words import event_kinds
from core.capital.event_files import EventFile, kind_of, write_events
from core.capital.open_cap_format import write_ocf
from core.capital.securities import Event
from core.plan.cap_table_steps import CapTableStep
from core.plan.values import Currency
from ui.capital import control_view, steps_view
from ui.capital.control_inputs import Classes
from ui.language import current_language, speaking, words
from ui.user_text import escaped

CURRENCY: Currency = "USD"
JSON = "application/json"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def show_steps(key: str, file: EventFile, steps: Sequence[CapTableStep], founders: frozenset[str]) -> None:
    """Ownership after every event, one event's table at a time, and who decides after it."""
    names = steps_view.numbered([_event_name(event) for event in file.events])
    steps_view.show_figure(key, steps, names)
    position = steps_view.show_step(key, steps, names, CURRENCY, forecast=False)
    st.subheader(words("Who decides"))
    steps_view.show_control(steps, names, position, founders)
    classes = _classes(steps)
    step, before = steps[position], steps[position - 1].table if position else None
    with st.expander(words("Who elects the board (board seats)")):
        control_view.show_board(key, step, classes, founders)
    with st.expander(words("Whose consent is needed (protective provisions)")):
        control_view.show_consents(key, before, step, classes)


def _classes(steps: Sequence[CapTableStep]) -> Classes:
    every = tuple(dict.fromkeys(one.security for step in steps for one in step.voting_classes))
    converted = {one.series for step in steps if step.priced is not None for one in step.priced.conversions}
    series = {name for step in steps for name in step.table.by_name}
    return Classes(
        all=every,
        sold=tuple(name for name in every if name not in converted),
        preferred=tuple(name for name in every if name in series),
    )


def _event_name(event: Event) -> str:
    """What happened, and to whom or in which round."""
    whose = next((getattr(event, field) for field in ("name", "holder", "series") if getattr(event, field, "")), "")
    kind = event_kinds(words)[kind_of(event)]
    return kind + words(": ") + words(whose) if whose else kind


def show_files(file: EventFile, steps: Sequence[CapTableStep]) -> None:
    """The events, the last table and a workbook of all to take away, each made when it is asked for."""
    table, language = steps[-1].table, current_language()
    offers: tuple[tuple[str, Callable[[], str | bytes], str, str], ...] = (
        (words("Events (JSON)"), lambda: write_events(file.events, file.name, file.source), "events.json", JSON),
        (
            words("Last table (CSV)"),
            partial(_spoken, language, lambda: cap_table_csv(table, words).encode("utf-8-sig")),
            "cap-table.csv",
            "text/csv",
        ),
        (
            words("Everything (Excel)"),
            partial(_spoken, language, lambda: cap_table_workbook(file.events, words)),
            "cap-table.xlsx",
            XLSX,
        ),
        (words("Open Cap Format (ZIP)"), lambda: write_ocf(file.events)[0], "open-cap-format.zip", "application/zip"),
    )
    with st.container(horizontal=True):
        for label, made, name, kind in offers:
            st.download_button(label, made, file_name=name, mime=kind, on_click="ignore")
    if st.toggle(words("What Open Cap Format cannot say"), key="documents-ocf"):
        notes = write_ocf(file.events)[1]
        said = "\n".join(f"- {escaped(note.said(words))}" for note in notes)
        st.markdown(said or words("Everything here can be said in it."))


def _spoken(language: str, made: Callable[[], bytes]) -> bytes:
    """A file made on a click, when no session says which language is meant."""
    with speaking(language):
        return made()
