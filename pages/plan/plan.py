import streamlit as st

from core.charts.cash import cash_figure
from ui import (
    comparison_view,
    levers,
    outcome_tables,
    ownership_view,
    public_record_view,
    results,
    saved_scenarios,
    scenario_sections,
    scenario_state,
    strategy_choice,
    take_away,
)
from ui.answer_view import answer_sentence, headline, warnings
from ui.chart_words import draw_chart
from ui.language import words
from ui.user_text import without_marks

scenario = scenario_state.current()
answers = results.answers(scenario)

shown = strategy_choice.choose(scenario)
result = answers[shown]

st.markdown(f"## {answer_sentence(result)}")
for warning in warnings(result):
    st.warning(warning, icon=":material/warning:")
headline(scenario, result)
verdict = st.container()  # filled last: finding what would turn the order takes longer than the answer itself

charts, controls = st.columns([2, 1], gap="large")
with controls:
    st.subheader(words("What matters most"))
    levers.show(scenario, scenario.strategies[shown])

if len(answers) > 1:
    st.subheader(words("The strategies side by side"))
    comparison_view.comparison_table(answers)

st.subheader(words("What happens when"))
outcome_tables.financings_table(result)
outcome_tables.runs_table(result)
outcome_tables.years_table(result)
with st.expander(words("Cost of capital by instrument")):
    comparison_view.returns_table(result)
public_record_view.show(scenario, result)

if len(answers) > 1:
    verdict.markdown(comparison_view.verdict_sentence(scenario, answers))

take_away.show(scenario, answers, shown)

st.subheader(words("Saved scenarios"))
saved_scenarios.show(scenario, shown)

st.subheader(words("All inputs"))
scenario_sections.show(scenario, shown)

# Charts come last: they take the browser longest, and the figures above would wait for them.
with charts:
    alternative = without_marks(answer_sentence(result))
    draw_chart(cash_figure(scenario, answers, shown, words), key="cash", alt=alternative)
    ownership_view.show(scenario, result)
