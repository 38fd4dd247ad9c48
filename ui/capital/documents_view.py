"""A company by its documents: the table after each event, votes, and files to take away."""

from collections.abc import Callable, Sequence

import pandas as pd
import streamlit as st

from core.capital.cap_table_sheets import cap_table_csv, cap_table_workbook
from core.capital.control import votes
from core.capital.event_files import EventFile, kind_of, write_events
from core.capital.open_cap_format import write_ocf
from core.capital.securities import Event
from core.charts.cap_table import dilution_figure
from core.plan.cap_table_steps import CapTableStep
from core.plan.values import Currency
from ui import cap_table_view, formats
from ui.language import N_, words

CURRENCY: Currency = "USD"
JSON = "application/json"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


KINDS = {
    "shares_issued": N_("shares issued"),
    "pool_increased": N_("option pool increased"),
    "options_promised": N_("options promised"),
    "options_granted": N_("options granted"),
    "options_exercised": N_("options exercised"),
    "options_lapsed": N_("options lapsed"),
    "warrant_issued": N_("warrant issued"),
    "warrant_exercised": N_("warrant exercised"),
    "safe_issued": N_("SAFE"),
    "note_issued": N_("convertible note"),
    "notes_repaid": N_("notes repaid"),
    "notes_converted": N_("notes converted"),
    "secondary_sale": N_("secondary sale"),
    "split": N_("share split"),
    "priced_round": N_("priced round"),
    "later_closing": N_("later closing"),
    "public_offering": N_("public offering"),
}


def show_steps(file: EventFile, steps: Sequence[CapTableStep]) -> None:
    """Ownership after every event, and one event's table at a time."""
    names = [f"{number}. {_event_name(event)}" for number, event in enumerate(file.events, start=1)]
    st.plotly_chart(
        dilution_figure([(name, step.fully_diluted) for name, step in zip(names, steps, strict=True)], words),
        key="documents-dilution",
        alt=words("Ownership after each event; the table below has the figures."),
    )
    position = st.selectbox(
        words("After"), range(len(steps)), index=len(steps) - 1, format_func=names.__getitem__, key="documents-step"
    )
    step = steps[min(position, len(steps) - 1)]
    cap_table_view.show_step(step, CURRENCY)
    rows = [
        {words("Holder"): words(holder), words("Votes"): formats.percent(float(share), 2)}
        for holder, share in votes(step.table).items()
    ]
    with st.expander(words("Who votes")):
        st.dataframe(pd.DataFrame(rows), hide_index=True, alt=words("Votes by holder after this event"))


def _event_name(event: Event) -> str:
    """What happened, and to whom or in which round."""
    whose = getattr(event, "name", "") or getattr(event, "holder", "")
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
