import streamlit as st

from ui import scenario_state
from ui.answer_view import answer_sentence, headline, warnings
from ui.language import words
from ui.navigation import page_address
from ui.results import answer

scenario = scenario_state.current()
result = answer(scenario, scenario.strategies[0])

st.markdown(words("What a large model costs, how long the money lasts, and what the founders own at the end."))
st.subheader(words(scenario.name), divider="gray")
if scenario.description:
    st.caption(words(scenario.description))
st.markdown(f"#### {answer_sentence(result)}")
for warning in warnings(result):
    st.warning(warning, icon=":material/warning:")
headline(scenario, result)

st.subheader(words("Where to go from here"))
with st.container(horizontal=True, gap="large"):
    st.page_link(
        page_address("plan"), label=words("Change the plan and see the new answer"), icon=":material/timeline:"
    )
    st.page_link(page_address("training-cost"), label=words("What a model costs"), icon=":material/memory:")
    st.page_link(page_address("cap-table"), label=words("Who owns the company"), icon=":material/pie_chart:")
