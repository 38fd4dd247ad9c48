from collections.abc import Callable
from datetime import date

import streamlit as st

from core.capital.histories import history_of, published_financings, refused_financings
from ui import scenario_state
from ui.capital import histories_view, listings_view, stage_statistics_view
from ui.language import words

scenario = scenario_state.current()
answer = st.container()  # filled once the company is chosen

chart, choices = st.columns([2, 1], gap="large")
with choices:
    company, compared = histories_view.choose_companies(scenario)
    histories_view.be_this_company(company, scenario)
history = history_of(company)
with answer:
    st.markdown("## " + histories_view.answer_sentence(company, history))
    histories_view.metrics(history)
    histories_view.notes(history)
with chart:
    histories_view.chart([company, *compared])
histories_view.events_table(company, history)
histories_view.published_beside_planned(company, scenario)

refused = len(refused_financings())
SECTIONS: dict[str, tuple[str, Callable[[], None]]] = {
    "listings": (words("Listings compared"), listings_view.show),
    "stages": (
        words("Venture rounds by stage: the statistics behind the defaults"),
        lambda: stage_statistics_view.show(scenario, date.today()),  # noqa: DTZ011  a day either way does not matter
    ),
    "refused": (
        words("Rows that are refused: {count} of {all}").format(
            count=refused, all=refused + len(published_financings())
        ),
        histories_view.refused_rows,
    ),
    "how": (words("How these figures are reached"), histories_view.how_it_works),
}
for key, (title, show) in SECTIONS.items():
    section = st.expander(title, key=f"histories-box-{key}", on_change="rerun")
    if section.open:
        with section:
            show()
