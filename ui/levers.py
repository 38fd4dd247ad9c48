"""The few inputs that move a plan most: dates and sizes of rounds, dates of runs, price and MFU, growth of demand."""

import streamlit as st

from core.plan.scenario import Scenario
from core.plan.strategies import Strategy
from ui import inputs
from ui.language import words

PLACE = "lever"


def show(scenario: Scenario, strategy: Strategy) -> None:
    """The levers in a column; every other input is further down the page."""
    at = f"strategies.{scenario.strategies.index(strategy)}."
    inputs.toggle(at + "ai_premium", PLACE)
    for index, financing in enumerate(strategy.financings):
        if financing.date > scenario.founding:
            _named(financing.name)
            closes, amount = st.columns(2, vertical_alignment="bottom")
            with closes:
                inputs.month(f"{at}financings.{index}.date", PLACE)
            with amount:
                inputs.number(f"{at}financings.{index}.amount", PLACE)
    for index, run in enumerate(scenario.runs):
        _named(run.name)
        inputs.month(f"runs.{index}.start", PLACE)
    if scenario.runs:
        largest = max(range(len(scenario.runs)), key=lambda index: _flops(scenario, index))
        price, utilisation = st.columns(2, vertical_alignment="bottom")
        with price:
            inputs.number(f"runs.{largest}.price_per_hour", PLACE)
        with utilisation:
            inputs.number(f"runs.{largest}.mfu", PLACE)
    if scenario.demand:
        last = len(scenario.demand) - 1
        _named(scenario.demand[last].name)
        inputs.number(f"demand.{last}.monthly_growth", PLACE)


def _flops(scenario: Scenario, index: int) -> float:
    run = scenario.runs[index]
    return run.active_parameters * run.tokens


def _named(name: str) -> None:
    st.markdown(f"**{words(name)}**")
