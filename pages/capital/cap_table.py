import streamlit as st

from core.charts.cap_table import proceeds_figure
from core.plan.cap_table_steps import cap_table_steps, sale_curve
from core.plan.control import founders
from core.plan.strategies import Preferred
from ui import financing_inputs, formats, outcome_tables, scenario_state, strategy_choice
from ui.capital import sale_view, steps_view
from ui.chart_words import draw_chart
from ui.language import words
from ui.results import answers

scenario = scenario_state.current()
shown = strategy_choice.choose(scenario)
strategy, result = scenario.strategies[shown], answers(scenario)[shown]
steps = cap_table_steps(scenario, strategy, result)
names = steps_view.numbered([words(step.name) for step in steps])

text = words("After {count} financings the founders own **{share}**, fully diluted, and cast **{votes}** of the votes.")
st.markdown(
    "## "
    + text.format(
        count=sum(one.closed is not None for one in result.financings),
        share=formats.percent(float(result.founders_share)),
        votes=formats.percent(float(result.founders_votes)),
    )
)
figure = st.container()
outcome_tables.financings_table(result)

st.subheader(words("The cap table, step by step"))
position = steps_view.show_step("cap-table", steps, names, result.currency, forecast=True)
for index, financing in enumerate(strategy.financings):
    if financing.name == steps[position].name and isinstance(financing, Preferred):
        with st.container(width=480):
            financing_inputs.basis(shown, index, "cap-table")

st.subheader(words("Who decides"))
steps_view.show_control(steps, names, position, founders(scenario))

st.subheader(words("What a sale pays"))
curve = sale_curve(scenario, result)
draw_chart(
    proceeds_figure(curve.values, curve.by_holder, curve.marked, result.currency, words, owners=result.owners),
    key="proceeds",
    alt=words("Proceeds by holder against the price of a sale."),
)
st.caption(sale_view.plan_note(scenario))

# Last, for a chart takes the browser longest, and the answer above would wait for it.
with figure:
    steps_view.show_figure("cap-table", steps, names)
