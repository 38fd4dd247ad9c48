import streamlit as st

from ui import first_minute, flow_view, scenario_state, strategy_choice, tour
from ui.answer_view import answer_sentence, headline, warnings
from ui.language import words
from ui.navigation import page_address, page_link
from ui.results import answers
from ui.user_text import shown_name

STUDENT = ("lessons", "losses", "optimizers", "train", "find-the-mistake")

scenario = scenario_state.current()

with st.container(horizontal=True, vertical_alignment="center"):
    st.markdown(words("What a large model costs, how long the money lasts, and what the founders own at the end."))
    tour.invitation()

answer, questions = st.columns([2, 1], gap="large")
with questions, st.container(border=True):
    st.subheader(words("I want to build a company"))
    first_minute.ask()
with answer:
    st.subheader(shown_name(scenario.name))
    if scenario.description:
        st.caption(shown_name(scenario.description))
    result = answers(scenario)[strategy_choice.choose(scenario)]
    st.markdown(f"## {answer_sentence(result)}")
    for warning in warnings(result):
        st.warning(warning, icon=":material/warning:")
    with st.container(horizontal=True):
        st.page_link(page_address("plan"), label=words("Change the plan"), icon=":material/timeline:")
        st.page_link(page_address("risk"), label=words("What could go wrong"), icon=":material/casino:")
        st.page_link(page_address("cap-table"), label=words("Who owns the company"), icon=":material/pie_chart:")
headline(scenario, result)

with st.container(border=True):
    st.subheader(words("I want to understand"))
    st.markdown(words("Follow a model from its first loss to its last bill, formula by formula."))
    with st.container(horizontal=True):
        for address in STUDENT:
            page_link(address)
        st.page_link(page_address("training-cost"), label=words("What a model costs"), icon=":material/memory:")
        st.page_link(page_address("track-record"), label=words("How well it predicts"), icon=":material/query_stats:")

st.subheader(words("The loop: what a model needs, and who pays for it"))
flow_view.show(scenario, result)
