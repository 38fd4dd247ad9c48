import streamlit as st

from core.errors import InputError
from core.plan.milestones import next_run
from ui import scenario_state, simulation_queue, strategy_choice
from ui.errors import error_text
from ui.exit.parts import one_of
from ui.language import N_, words
from ui.risk import answer_view, decisions_view, inputs_view, outcomes_view, published_view
from ui.user_text import without_marks

VIEWS = {"outcomes": N_("What could happen"), "decisions": N_("What to do")}

scenario = scenario_state.current()
if one_of("risk-view", words("View"), VIEWS) == "decisions":
    decisions_view.show(scenario)
    st.stop()

top = st.container()
shown = strategy_choice.choose(scenario)
strategy = scenario.strategies[shown]
drawn = scenario.fundraising is not None or bool(scenario.uncertainty)

if drawn:
    try:
        more = inputs_view.more_button()
        with top:
            result = simulation_queue.paths(scenario, shown, inputs_view.seed(), more=more)
            coming = next_run(scenario, result)
            sentence = answer_view.answer_sentence(scenario, result, coming)
            st.markdown("## " + sentence)
            st.caption(answer_view.assumptions_sentence(scenario, result))
        answer_view.headline(scenario, result, coming)
        published_view.hurried_warning(strategy)
        chart, controls = st.columns([2, 1], gap="large")
        more_charts = st.container()
        with controls:
            st.subheader(words("What matters most"))
            inputs_view.levers(scenario)
        st.subheader(words("Rounds"))
        outcomes_view.rounds_table(scenario, strategy, result)
        # After the figures, for a chart takes the browser longest, and the answer above would wait for it.
        with chart:
            outcomes_view.cash_chart(scenario, result, without_marks(sentence))
        with more_charts:
            outcomes_view.other_charts(scenario, result)
        st.subheader(words("Which money pays for what"))
        outcomes_view.matrix_view(scenario, simulation_queue.matrix(scenario, shown, inputs_view.seed()))
    except InputError as error:
        st.error(error_text(error), icon=":material/block:")
    except simulation_queue.BusyError:
        decisions_view.busy()
else:
    with top:
        st.markdown("## " + words("Nothing in this plan is uncertain yet: every round closes on its day at its price."))
        st.markdown(words("Start from published figures, each with its source, or add ranges of your own below."))
        published_view.start_button(scenario, published_view.chosen_graduation(), "risk-start")

for key, label, view in (
    (
        "published",
        words("Published figures to start from, with their sources"),
        lambda: published_view.show(scenario),
    ),
    (
        "ranges",
        words("Ranges over the plan's own numbers"),
        lambda: inputs_view.ranges(scenario, shown),
    ),
    ("fundraising", words("Everything about raising money"), lambda: inputs_view.fundraising_fields(scenario)),
):
    box = st.expander(label, key=f"risk-box-{key}", on_change="rerun")
    if box.open:
        with box:
            view()
