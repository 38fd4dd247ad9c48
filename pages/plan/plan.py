import streamlit as st

from core.charts.cash import cash_figure
from core.charts.ownership import ownership_figure
from ui import levers as levers_view
from ui import new_items, outcome_tables, scenario_inputs, scenario_state
from ui.answer_view import answer_sentence, headline, warnings
from ui.language import words
from ui.results import answer

scenario = scenario_state.current()
strategy = scenario.strategies[0]
result = answer(scenario, strategy)

st.markdown(f"#### {answer_sentence(result)}")
for warning in warnings(result):
    st.warning(warning, icon=":material/warning:")
headline(scenario, result)

charts, levers = st.columns([2, 1], gap="large")
with charts:
    st.plotly_chart(cash_figure(scenario, result, words), key="cash", alt=answer_sentence(result).replace("**", ""))
    st.plotly_chart(
        ownership_figure(scenario, result, words),
        key="ownership",
        alt=words("Ownership over time by class, fully diluted; the cap table page has the figures."),
    )
with levers:
    st.subheader(words("What matters most"))
    levers_view.show(scenario, strategy)

st.subheader(words("What happens when"))
outcome_tables.financings_table(result)
outcome_tables.runs_table(result)
outcome_tables.years_table(result)

st.subheader(words("All inputs"))
models, people, products, rounds, company = st.tabs(
    [words("Models"), words("Team"), words("Products"), words("Financings"), words("Company and value")]
)
with models:
    scenario_inputs.editable_list(
        "runs", scenario.runs, scenario_inputs.run_inputs, lambda: new_items.new_run(scenario)
    )
with people:
    scenario_inputs.editable_list(
        "team", scenario.team, scenario_inputs.role_inputs, lambda: new_items.new_role(scenario)
    )
with products:
    scenario_inputs.editable_list(
        "demand", scenario.demand, scenario_inputs.product_inputs, lambda: new_items.new_product(scenario)
    )
with rounds:
    scenario_inputs.editable_list(
        "strategies.0.financings",
        strategy.financings,
        lambda index: scenario_inputs.financing_inputs(0, index),
        lambda: new_items.new_financing(scenario, strategy),
    )
with company:
    scenario_inputs.company_inputs()
