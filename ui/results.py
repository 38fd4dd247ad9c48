"""Answers to scenarios, computed once for all sessions that look at the same one."""

import streamlit as st

from core.plan import answer as plan_answer
from core.plan.answer import Answer, without_luck
from core.plan.scenario import Scenario


def answers(scenario: Scenario) -> tuple[Answer, ...]:
    """The answers of all strategies, in their order; shared between sessions, so never to be changed."""
    return _answers(without_luck(scenario))  # so that an edit of what may go otherwise computes nothing anew


@st.cache_resource(max_entries=100, show_spinner=False, hash_funcs={Scenario: Scenario.model_dump_json})
def _answers(scenario: Scenario) -> tuple[Answer, ...]:
    return plan_answer.answers(scenario)
