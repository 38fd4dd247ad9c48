import streamlit as st

from core.compute.backtest import backtest, organization_count, scores
from core.errors import InputError
from core.plan.track_record import as_training_run, placement
from ui import inputs, scenario_inputs, scenario_state
from ui.compute import own_runs_view, track_record_view
from ui.errors import error_text
from ui.language import words
from ui.levers import PLACE
from ui.user_text import without_marks

scenario = scenario_state.current()
published = [one for one in backtest() if one.error is not None]
found = scores(published)
planned = backtest([as_training_run(run) for run in scenario.runs])

answer = track_record_view.answer_sentence(found, organization_count(published))
st.markdown("## " + answer)
track_record_view.headline(found)
place = st.container()  # filled once the model is chosen

chart, levers = st.columns([2, 1], gap="large")
with levers:
    like = None
    if scenario.runs:
        names = [words(run.name) for run in scenario.runs]
        index = st.selectbox(words("Model"), range(len(names)), format_func=names.__getitem__, key="model")
        like = scenario.runs[index]
        with place:
            try:
                where = placement(planned[index].run)
                st.markdown(track_record_view.placement_sentence(where, planned[index]))
                track_record_view.unlikely_warning(where, planned[index].run.implied_mfu)
            except InputError as error:
                st.error(error_text(error), icon=":material/block:")
        scenario_inputs.accelerator_choice(index, PLACE)
        for field in ("mfu", "total_parameters", "active_parameters", "tokens"):
            inputs.number(f"runs.{index}.{field}", PLACE)
    with place:
        own = backtest(own_runs_view.finished_runs(like))
with chart:
    track_record_view.record_chart(published, planned, own, without_marks(answer))
track_record_view.cohorts_table(published)

with st.expander(words("How it works")):
    track_record_view.how_it_works()
box = st.expander(words("Your own finished run"), key="record-box-own", on_change="rerun")
if box.open:
    with box:
        own_runs_view.ask_run(like)
box = st.expander(words("Your own runs from a file"), key="record-box-file", on_change="rerun")
if box.open:
    with box:
        own_runs_view.ask_file()
box = st.expander(words("Every run with its error and its source"), key="record-box-runs", on_change="rerun")
if box.open:
    with box:
        track_record_view.runs_table(
            published, words("Published runs, their hours as predicted, and sources"), "track-record"
        )
box = st.expander(words("Runs that are not scored, and why"), key="record-box-excluded", on_change="rerun")
if box.open:
    with box:
        excluded = [one for one in backtest() if one.error is None]
        track_record_view.runs_table(excluded, words("Published runs that are predicted and not scored"), "not-scored")
