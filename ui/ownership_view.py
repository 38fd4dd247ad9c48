"""Who owns and who votes, one chart at a time."""

import streamlit as st

from core.charts.ownership import ownership_figure, votes_figure
from core.plan.answer import Answer
from core.plan.scenario import Scenario
from ui import formats
from ui.chart_words import draw_chart
from ui.language import words

OWNS, VOTES = "owns", "votes"


def show(scenario: Scenario, answer: Answer) -> None:
    """A choice between fully diluted ownership and votes, and the chart of it."""
    labels = {OWNS: words("Who owns"), VOTES: words("Who votes")}
    chosen = st.segmented_control(
        words("Ownership or votes"),
        list(labels),
        format_func=labels.__getitem__,
        key="ownership-or-votes",
        default=OWNS,
        required=True,
        label_visibility="collapsed",
    )
    if chosen == VOTES:
        draw_chart(votes_figure(answer, words), key="votes", alt=_majority(answer))
        st.caption(_majority(answer))
    else:
        alternative = words("Ownership over time by class, fully diluted; the cap table page has the figures.")
        draw_chart(ownership_figure(scenario, answer, words), key="ownership", alt=alternative)


def _majority(answer: Answer) -> str:
    share = formats.percent(float(answer.founders_votes), 0)
    if answer.majority_lost is None:
        return words("The founders keep the majority: {share} of the votes at the end.").format(share=share)
    text = words("The founders lose the majority in {month}; {share} of the votes are theirs at the end.")
    return text.format(month=formats.month(answer.majority_lost), share=share)
