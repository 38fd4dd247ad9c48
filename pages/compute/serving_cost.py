import streamlit as st

from core.errors import InputError
from ui import scenario_state
from ui.compute import serving_tables, serving_terms, serving_view
from ui.errors import error_text
from ui.language import words

scenario = scenario_state.current()
names = [words(product.name) for product in scenario.demand]
index = (
    st.selectbox(words("Product"), range(len(names)), format_func=names.__getitem__, key="product") if names else None
)
try:
    asked = serving_terms.terms(scenario, index)
except InputError as error:
    st.error(error_text(error), icon=":material/block:")
    st.stop()

if index is None:
    st.info(words("This scenario sells no product, so the plan books no serving cost. The figures below stand alone."))
elif asked.run is None:
    st.info(
        words(
            "This product names no model of the plan, so the plan keeps its one cost for all tokens. Name its model on "
            "the Plan page to let the plan use this; until then the figures below are for a published model."
        )
    )
shown = serving_view.shown_in(scenario, asked)
found = serving_view.served(asked)
if found is not None:
    st.markdown("## " + serving_view.answer_sentence(asked, found, shown))
    run = scenario.runs[asked.run] if asked.run is not None else None
    serving_view.warnings(asked, found, run)
    serving_view.headline(found, shown)
    if index is not None and asked.run is not None:
        serving_view.plan_switch(asked, found, shown, scenario.demand[index].serving_cost_per_million_tokens)

charts, levers = st.columns([2, 1], gap="large")
with charts:
    if found is not None:
        serving_view.batch_chart(found, shown)
    serving_view.explainer()
with levers:
    serving_terms.accelerator_choice(scenario, asked)
    left, right = st.columns(2, vertical_alignment="bottom")
    with left:
        serving_terms.replica_size(asked)
    with right:
        serving_terms.number(asked, "batch")
    for pair in (("input_tokens", "output_tokens"), ("peak_factor", "price_per_hour")):
        for column, field in zip(st.columns(2, vertical_alignment="bottom"), pair, strict=True):
            with column:
                serving_terms.number(asked, field)
    serving_terms.price_and_traffic(asked)
    if not asked.in_plan:
        serving_terms.back_to_proposal(asked)

box = st.expander(words("Find the cheapest way within two limits"), key="serving-box-cheapest", on_change="rerun")
if box.open:
    with box:
        serving_tables.cheapest(asked, shown)
with st.expander(words("Model and precision"), key="serving-box-model"):
    serving_tables.model_and_precision(asked)
if found is not None:
    box = st.expander(words("Where time and memory go"), key="serving-box-roofline", on_change="rerun")
    if box.open:
        with box:
            serving_view.time_and_memory(found)
    box = st.expander(words("The fleet over the plan"), key="serving-box-fleet", on_change="rerun")
    if box.open:
        with box:
            serving_tables.fleet(asked, found, shown)
box = st.expander(words("Measured speeds against this model"), key="serving-box-measured", on_change="rerun")
if box.open:
    with box:
        serving_tables.measurements()
with st.expander(words("How these figures are reached")):
    serving_tables.how(asked)
