import streamlit as st

from ui import flow_view, scenario_state, strategy_choice
from ui.answer_view import answer_sentence, headline, warnings
from ui.language import words
from ui.navigation import page_address
from ui.results import answers

scenario = scenario_state.current()

st.markdown(words("What a large model costs, how long the money lasts, and what the founders own at the end."))
founder, student = st.columns(2, gap="large")
with founder, st.container(border=True, height="stretch"):
    st.subheader(words("I want to build a company"))
    st.markdown(words("Change the plan below and see what it needs, who can fund it and what is left for you."))
    st.page_link(page_address("plan"), label=words("Open the plan"), icon=":material/timeline:")
    st.page_link(page_address("cap-table"), label=words("Who owns the company"), icon=":material/pie_chart:")
with student, st.container(border=True, height="stretch"):
    st.subheader(words("I want to understand"))
    st.markdown(words("Follow a model from its first loss to its last bill, formula by formula."))
    with st.container(horizontal=True):
        for address in ("lessons", "losses", "optimizers", "find-the-mistake"):
            page = page_address(address)
            st.page_link(page, label=page.title, icon=page.icon)
        st.page_link(page_address("training-cost"), label=words("What a model costs"), icon=":material/memory:")
        st.page_link(page_address("track-record"), label=words("How well it predicts"), icon=":material/query_stats:")

st.subheader(words(scenario.name), divider="gray")
if scenario.description:
    st.caption(words(scenario.description))
result = answers(scenario)[strategy_choice.choose(scenario)]
st.markdown(f"#### {answer_sentence(result)}")
for warning in warnings(result):
    st.warning(warning, icon=":material/warning:")
headline(scenario, result)

st.subheader(words("The loop: what a model needs, and who pays for it"))
flow_view.show(scenario, result)
