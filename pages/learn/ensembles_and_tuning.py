from collections.abc import Callable

import streamlit as st

from ui.language import words
from ui.learn.ensembles import answer_view, votes_view
from ui.learn.training import plan_view, run_choice, sections
from ui.learn.tuning import rate_finder_view, search_view, trials_view

st.markdown(
    words(
        "Can the same data give a better result? Several networks that vote (an ensemble) make fewer "
        "mistakes, and a search finds better settings (hyperparameter tuning)."
    )
)
run = run_choice.shown_run()
plan_view.warm_up()
chart, inputs = st.columns([2, 1], gap="large")
with inputs:
    answer_view.inputs(run)
with chart:
    answer_view.show()
ensemble_parts: dict[str, tuple[str, Callable[[], None]]] = {
    "votes": (words("Mean, majority, weighted: ways to vote"), votes_view.votes),
    "members": (words("The members one by one, and where they agree"), votes_view.each_member),
}
sections.show("ensemble-section-", ensemble_parts)

st.header(words("A better recipe"), divider="gray")
chart, inputs = st.columns([2, 1], gap="large")
with inputs:
    search_view.inputs(run)
with chart:
    search_view.show()
tuning_parts: dict[str, tuple[str, Callable[[], None]]] = {
    "settings": (words("What each setting did"), trials_view.settings),
    "trials": (words("All trials"), trials_view.trials),
    "machines": (words("A search on several machines"), trials_view.several_machines),
    "rate": (words("A learning rate from one sweep"), lambda: rate_finder_view.show(run)),
}
sections.show("tuning-section-", tuning_parts)
