"""The few inputs that move a plan most: dates and sizes of rounds, dates of runs, price and MFU, growth of demand."""

import streamlit as st

from core.plan.currency import converted
from core.plan.scenario import Scenario
from core.plan.strategies import Financing, Strategy
from ui import inputs
from ui.user_text import shown_name

PLACE = "lever"
MOST_FINANCINGS = 3
MOST_RUNS = 2


def show(scenario: Scenario, strategy: Strategy) -> None:
    """The levers in a column; every other input is further down the page."""
    at = f"strategies.{scenario.strategies.index(strategy)}."
    inputs.toggle(at + "ai_premium", PLACE)
    for index in _largest_financings(scenario, strategy):
        _named(strategy.financings[index].name)
        closes, amount = st.columns(2, vertical_alignment="bottom")
        with closes:
            inputs.month(f"{at}financings.{index}.date", PLACE)
        with amount:
            inputs.number(f"{at}financings.{index}.amount", PLACE)
    largest_runs = _largest_runs(scenario)
    for index in sorted(largest_runs):
        _named(scenario.runs[index].name)
        inputs.month(f"runs.{index}.start", PLACE)
    if largest_runs:
        largest = largest_runs[0]
        price, utilisation = st.columns(2, vertical_alignment="bottom")
        with price:
            inputs.number(f"runs.{largest}.price_per_hour", PLACE)
        with utilisation:
            inputs.number(f"runs.{largest}.mfu", PLACE)
    if scenario.demand:
        last = len(scenario.demand) - 1
        _named(scenario.demand[last].name)
        inputs.number(f"demand.{last}.monthly_growth", PLACE)


def _largest_financings(scenario: Scenario, strategy: Strategy) -> list[int]:
    """The largest after the founding, in order of date."""
    later = [index for index, one in enumerate(strategy.financings) if one.date > scenario.founding]
    later.sort(key=lambda index: -_amount(scenario, strategy.financings[index]))
    return sorted(later[:MOST_FINANCINGS], key=lambda index: strategy.financings[index].date)


def _amount(scenario: Scenario, financing: Financing) -> float:
    return converted(scenario, financing.amount, financing.currency, scenario.reporting_currency)


def _largest_runs(scenario: Scenario) -> list[int]:
    """By pre-training compute, the largest first."""

    def size(index: int) -> float:
        return scenario.runs[index].active_parameters * scenario.runs[index].tokens

    return sorted(range(len(scenario.runs)), key=size, reverse=True)[:MOST_RUNS]


def _named(name: str) -> None:
    st.markdown(f"**{shown_name(name)}**")
