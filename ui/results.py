"""Answers to scenarios, computed once for all sessions that look at the same one."""

import streamlit as st

from core.plan import answer as plan_answer
from core.plan.answer import Answer
from core.plan.scenario import Scenario


@st.cache_resource(max_entries=100, show_spinner=False, hash_funcs={Scenario: Scenario.model_dump_json})
def answers(scenario: Scenario) -> tuple[Answer, ...]:
    """The answers of all strategies, in their order; shared between sessions, so never to be changed."""
    return plan_answer.answers(scenario)
