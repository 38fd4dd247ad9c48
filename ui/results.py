"""Answers to scenarios, computed once for all sessions that look at the same one."""

import streamlit as st

from core.plan import answer as plan_answer
from core.plan.answer import Answer
from core.plan.scenario import Scenario
from core.plan.strategies import Strategy


@st.cache_resource(
    max_entries=200, show_spinner=False, hash_funcs={Scenario: Scenario.model_dump_json, Strategy: lambda one: one.name}
)
def answer(scenario: Scenario, strategy: Strategy) -> Answer:
    """The answer of one strategy; shared between sessions, so never to be changed."""
    return plan_answer.answer(scenario, strategy)
