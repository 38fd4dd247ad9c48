import streamlit as st

from core.charts.cap_table import dilution_figure, proceeds_figure
from core.plan.cap_table_steps import cap_table_steps, sale_curve
from ui import cap_table_view, formats, outcome_tables, scenario_state, strategy_choice
from ui.language import words
from ui.results import answers

scenario = scenario_state.current()
shown = strategy_choice.choose(scenario)
strategy, result = scenario.strategies[shown], answers(scenario)[shown]
steps = cap_table_steps(scenario, strategy, result)

st.markdown(
    "#### "
    + words("After {count} financings the founders own **{share}**, fully diluted.").format(
        count=sum(one.closed is not None for one in result.financings),
        share=formats.percent(float(result.founders_share)),
    )
)
st.plotly_chart(
    dilution_figure([(step.name, step.fully_diluted) for step in steps], words),
    key="dilution",
    alt=words("Ownership after each event; the table below has the figures."),
)
outcome_tables.financings_table(result)

st.subheader(words("The cap table, step by step"))
names = [words(step.name) for step in steps]
position = st.segmented_control(
    words("After"),
    range(len(steps)),
    default=len(steps) - 1,
    format_func=names.__getitem__,
    key="cap-table-step",
    required=True,
)
cap_table_view.show_step(steps[position], result.currency)

st.subheader(words("What a sale pays"))
curve = sale_curve(scenario, result)
st.plotly_chart(
    proceeds_figure(curve.values, curve.by_holder, curve.marked, result.currency, words),
    key="proceeds",
    alt=words("Proceeds by holder against the price of a sale."),
)
st.caption(
    words(
        "Every preferred series and SAFE takes its preference or converts, whichever pays more, given what the others "
        "do. Preferences are non-participating; the unissued option pool vanishes. Not legal advice."
    )
)
