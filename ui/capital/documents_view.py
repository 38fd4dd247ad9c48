"""A company by its documents: the table after each event, votes, and the file to take away."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from core.capital.control import votes
from core.capital.event_files import EventFile, kind_of, write_events
from core.capital.securities import Event
from core.charts.cap_table import dilution_figure
from core.plan.cap_table_steps import CapTableStep
from core.plan.values import Currency
from ui import cap_table_view, formats
from ui.language import N_, words

CURRENCY: Currency = "USD"


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


def show_file(file: EventFile) -> None:
    """The events as a file to take away."""
    st.download_button(
        words("Save the events as a file"),
        write_events(file.events, file.name, file.source),
        file_name="cap-table.json",
        mime="application/json",
        on_click="ignore",
    )
