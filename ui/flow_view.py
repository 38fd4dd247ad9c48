"""The capital-flow graph with the scenario's figures, its page links, its Sankey and its text for screen readers."""

import streamlit as st

from core.charts.money_sankey import sankey_figure
from core.errors import InputError
from core.flow.capital_flow import NODE_PAGES, capital_flow, chain_text, node_names
from core.flow.mermaid import parse, write
from core.flow.sankey import money_flows
from core.plan.answer import Answer
from core.plan.scenario import Scenario
from ui import formats
from ui.chart_words import draw_chart
from ui.errors import error_text
from ui.language import N_, words
from ui.navigation import page_address

# Drawn narrower than Mermaid would, so that a phone shrinks the letters less.
CLOSE_TOGETHER = '%%{init: {"flowchart": {"nodeSpacing": 16, "rankSpacing": 32, "padding": 6}}}%%\n'
EDITED = "mermaid-text"
SANKEY_ALT = N_("Where the money comes from and where it goes until the horizon")


def show(scenario: Scenario, answer: Answer) -> None:
    """The loop as a picture, one labelled link a node under it, the same money as a Sankey."""
    graph = capital_flow(scenario, answer, words, lambda amount: formats.money(amount, answer.currency))
    chain = chain_text(graph)
    st.mermaid_chart(CLOSE_TOGETHER + write(graph), alt=chain)
    with st.container(horizontal=True):
        for node, name in node_names(words).items():
            st.page_link(page_address(NODE_PAGES[node]), label=name)
    with st.expander(words("The same as text")):
        st.text(chain)
    # Filled once opened: a chart's own code is large, and the figures above would wait in the browser until it is read.
    money = st.expander(words("The same money as a Sankey diagram"), key="flow-money", on_change="rerun")
    if money.open:
        with money:
            figure = sankey_figure(money_flows(answer), answer.currency, words)
            draw_chart(figure, key="sankey", alt=words(SANKEY_ALT))
    own = st.expander(words("Draw a graph of your own (Mermaid)"), key="flow-own", on_change="rerun")
    if own.open:
        with own:
            _editor(write(graph))


def _editor(text: str) -> None:
    st.session_state.setdefault(EDITED, text)
    st.text_area(words("Mermaid text"), key=EDITED, height=260)
    try:
        graph = parse(st.session_state[EDITED])
        st.mermaid_chart(write(graph), alt=chain_text(graph))
    except InputError as error:
        st.error(error_text(error), icon=":material/block:")
