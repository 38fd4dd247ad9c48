from collections.abc import Callable

import streamlit as st

from core.charts.training_cost import training_cost_figure
from core.plan.run_budget import cost_range
from core.plan.run_derivation import run_derivation
from ui import formats, inputs, price_table, scenario_inputs, scenario_state
from ui.chart_words import draw_chart
from ui.compute import (
    architecture_view,
    data_mix_view,
    doubts_view,
    loss_view,
    memory_view,
    people_view,
    utilisation_view,
)
from ui.derivation_view import show_rows
from ui.language import words
from ui.levers import PLACE
from ui.results import answers
from ui.user_text import shown_name

scenario = scenario_state.current()
if not scenario.runs:
    st.info(words("This scenario trains no model. Add one on the Plan page."))
    st.stop()

LOSS_HELP = words(
    "Nats a token by the Chinchilla law (Epoch's refit), for a model trained from scratch. It ranks plans of one "
    "family; it does not say how useful a model is."
)
names = [words(run.name) for run in scenario.runs]
index = st.selectbox(words("Model"), range(len(names)), format_func=names.__getitem__, key="model")
run = scenario.runs[index]
outcome = answers(scenario)[0].runs[index]
cost, currency = outcome.cost, scenario.reporting_currency
costs = cost_range(run, cost)


def money(amount: float) -> str:
    return formats.in_markdown(formats.money(amount, currency))


st.markdown(
    "## "
    + words(
        "{model} takes {hours} accelerator-hours: **{final}** for the final run, **{all_in}** "
        "all\N{NON-BREAKING HYPHEN}in."
    ).format(
        model=shown_name(run.name),
        hours=formats.quantity(float(cost.accelerator_hours)),
        final=money(float(cost.final_run)),
        all_in=money(float(cost.all_in)),
    )
)
st.markdown(
    words(
        "At the utilisation that eight in ten published runs reached ({low} to {high}; this plan: {own}) the final run "
        "would cost between **{least}** and **{most}**, all-in {all_least} to {all_most}."
    ).format(
        low=formats.percent(costs.low_mfu, 0),
        high=formats.percent(costs.high_mfu, 0),
        own=formats.percent(run.mfu),
        least=money(costs.final_run[0]),
        most=money(costs.final_run[1]),
        all_least=money(costs.all_in[0]),
        all_most=money(costs.all_in[1]),
    )
)
doubts_view.show(index)
with st.grid(4, min_column_width=150):
    st.metric(words("Compute, FLOP"), formats.scientific(float(cost.flops)), border=True)
    days_label = words("Days on {count} accelerators").format(count=formats.decimal(run.accelerator_count, 0))
    st.metric(words("Days"), formats.decimal(float(cost.days), 1), border=True, help=days_label)
    energy = formats.quantity(float(cost.energy_kwh) / 1000)
    st.metric(words("Energy, MWh"), energy, border=True, help=words("Of the final run, cooling included."))
    loss = formats.decimal(outcome.loss, 3) if outcome.loss is not None else "–"
    st.metric(words("Expected loss"), loss, border=True, help=LOSS_HELP)

chart, levers = st.columns([3, 1], gap="large")
with chart:
    draw_chart(
        training_cost_figure(cost, currency, words),
        key="cost",
        alt=words("Final run, experiments, infrastructure, data and staff add up to the all-in cost."),
    )
with levers:
    scenario_inputs.accelerator_choice(index, PLACE)
    for field in ("accelerator_count", "mfu", "price_per_hour", "active_parameters", "tokens"):
        inputs.number(f"runs.{index}.{field}", PLACE)

SECTIONS: dict[str, tuple[str, Callable[[], None]]] = {
    "shape": (words("Shape of the model"), lambda: architecture_view.show(index)),
    "loss": (words("What loss does the money buy"), lambda: loss_view.show(scenario, index, outcome)),
    "memory": (words("Does it fit: memory and layout"), lambda: memory_view.show(index, run)),
    "utilisation": (words("Utilisation, failures and number format"), lambda: utilisation_view.show(index, run)),
    "data": (words("Data: where the tokens come from"), lambda: data_mix_view.show(index)),
    "people": (words("People: research staff by role"), people_view.show),
}
for key, (title, show) in SECTIONS.items():
    section = st.expander(title, key=f"training-{key}", on_change="rerun")
    if section.open:
        with section:
            show()
with st.expander(words("How these figures are reached")):
    derivation = run_derivation(scenario, index, outcome, words)
    for formula in derivation.formulas:
        st.latex(formula)
    show_rows(derivation.rows, scenario)
with st.expander(words("Prices of this accelerator by provider")):
    price_table.show(run.accelerator)
with st.expander(words("All inputs of this model")):
    scenario_inputs.run_inputs(index)
