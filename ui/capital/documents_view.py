"""A company by its documents: the table after each event, who decides, and files to take away."""

from collections.abc import Callable, Sequence

import streamlit as st

from core.capital.cap_table_sheets import cap_table_csv, cap_table_workbook
from core.capital.event_files import EventFile, kind_of, write_events
from core.capital.open_cap_format import write_ocf
from core.capital.securities import Event
from core.plan.cap_table_steps import CapTableStep
from core.plan.values import Currency
from ui.capital import control_view, steps_view
from ui.capital.control_inputs import Classes
from ui.language import N_, words

CURRENCY: Currency = "USD"
JSON = "application/json"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KINDS = {
    "shares_issued": N_("shares issued"),
    "pool_increased": N_("option pool increased"),
    "pool_reduced": N_("option pool reduced"),
    "options_promised": N_("options promised"),
    "options_granted": N_("options granted"),
    "options_exercised": N_("options exercised"),
    "options_lapsed": N_("options lapsed"),
    "options_cancelled": N_("options cancelled"),
    "options_repriced": N_("options repriced"),
    "shares_repurchased": N_("shares bought back"),
    "warrant_issued": N_("warrant issued"),
    "warrant_exercised": N_("warrant exercised"),
    "warrant_cancelled": N_("warrant cancelled"),
    "safe_issued": N_("SAFE"),
    "note_issued": N_("convertible note"),
    "notes_repaid": N_("notes repaid"),
    "notes_converted": N_("notes converted"),
    "secondary_sale": N_("secondary sale"),
    "split": N_("share split"),
    "conversion_price_set": N_("conversion price set"),
    "stock_converted": N_("stock converted"),
    "priced_round": N_("priced round"),
    "later_closing": N_("later closing"),
    "public_offering": N_("public offering"),
}


def show_steps(key: str, file: EventFile, steps: Sequence[CapTableStep], founders: frozenset[str]) -> None:
    """Ownership after every event, one event's table at a time, and who decides after it."""
    names = steps_view.numbered([_event_name(event) for event in file.events])
    steps_view.show_figure(key, steps, names)
    position = steps_view.show_step(key, steps, names, CURRENCY)
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
    kind = words(KINDS[kind_of(event)])
    return f"{kind}: {words(whose)}" if whose else kind


def show_files(file: EventFile, steps: Sequence[CapTableStep]) -> None:
    """The events, the last table and a workbook of all to take away, each made when it is asked for."""
    table = steps[-1].table
    offers: tuple[tuple[str, Callable[[], str | bytes], str, str], ...] = (
        (words("Events (JSON)"), lambda: write_events(file.events, file.name, file.source), "events.json", JSON),
        (words("Last table (CSV)"), lambda: cap_table_csv(table), "cap-table.csv", "text/csv"),
        (words("Everything (Excel)"), lambda: cap_table_workbook(file.events), "cap-table.xlsx", XLSX),
        (words("Open Cap Format (ZIP)"), lambda: write_ocf(file.events)[0], "open-cap-format.zip", "application/zip"),
    )
    with st.container(horizontal=True):
        for label, made, name, kind in offers:
            st.download_button(label, made, file_name=name, mime=kind, on_click="ignore")
    if st.toggle(words("What Open Cap Format cannot say"), key="documents-ocf"):
        notes = write_ocf(file.events)[1]
        st.markdown("\n".join(f"- {note}" for note in notes) or words("Everything here can be said in it."))
