import streamlit as st

from core.errors import InputError
from ui import inputs, results, scenario_state
from ui.compute import page_choices, prices_view, quotes_view, rent_or_own_terms, rent_or_own_view
from ui.compute.energy_view import energy
from ui.compute.obligations_view import obligations
from ui.errors import error_text
from ui.language import words
from ui.levers import PLACE

scenario = scenario_state.current()
if not scenario.runs:
    st.info(words("This scenario trains no model. Add one on the Plan page."))
    st.stop()

names = [words(run.name) for run in scenario.runs]
index = st.selectbox(words("Model"), range(len(names)), format_func=names.__getitem__, key="model")
outcomes, currency = results.answers(scenario)[0].runs, scenario.reporting_currency
offers = [one for one in quotes_view.all_prices(scenario) if one.accelerator == scenario.runs[index].accelerator]
try:
    terms = rent_or_own_terms.terms(scenario, index, outcomes, offers)
    found = rent_or_own_view.compare(terms)
except InputError as error:
    st.error(error_text(error))
    st.button(words("Back to the published figures"), on_click=page_choices.forget, args=(rent_or_own_terms.PREFIX,))
    st.stop()

st.markdown("## " + rent_or_own_view.answer_sentence(terms, found, currency))
rent_or_own_view.notes(scenario, terms)
rent_or_own_view.headline(found, currency)

charts, levers = st.columns([2, 1], gap="large")
with charts:
    rent_or_own_view.charts(terms, found, currency)
with levers:
    rent_or_own_terms.ask_need()
    rent_or_own_terms.ask(scenario, index, outcomes, rent_or_own_terms.MAIN[:2])
    inputs.number(f"runs.{index}.accelerator_count", PLACE)
    inputs.number(f"runs.{index}.price_per_hour", PLACE)
    rent_or_own_terms.ask_reservation(offers)
    rent_or_own_terms.ask(scenario, index, outcomes, rent_or_own_terms.MAIN[2:])

with st.expander(words("All terms of owning and borrowing")):
    rent_or_own_view.all_terms(scenario, index, outcomes)
box = st.expander(words("If rents fall or rise"), key="own-box-rents", on_change="rerun")
if box.open:
    with box:
        rent_or_own_view.price_scenarios(scenario, terms, currency)
        with st.grid(4, min_column_width=160):
            rent_or_own_terms.ask(scenario, index, outcomes, (*rent_or_own_terms.DRIFTS, "moving_months"))
box = st.expander(words("What is owed, month by month"), key="own-box-owed", on_change="rerun")
if box.open:
    with box:
        obligations(terms, found.options, currency)
box = st.expander(words("Prices by provider, region and commitment"), key="own-box-prices", on_change="rerun")
if box.open:
    with box:
        prices_view.prices(scenario, index)
box = st.expander(words("Your own quotes"), key="own-box-quotes", on_change="rerun")
if box.open:
    with box:
        quotes_view.quotes(scenario, scenario.runs[index].accelerator)
box = st.expander(words("Energy and carbon"), key="own-box-energy", on_change="rerun")
if box.open:
    with box:
        energy(scenario, index, outcomes, terms)
