"""What the Risk page's decisions rest on, worked out once for a scenario: results of the plan without luck at once, the
chance of running dry in its turn (`ui.simulation_queue`)."""

from collections.abc import Callable
from typing import TypeVar

import streamlit as st

from core.plan.advice import Step, advice
from core.plan.break_even import BreakEven, plan_break_evens
from core.plan.optimise_or_raise import Worth, optimise_or_raise
from core.plan.points import CHANCE
from core.plan.scenario import Scenario
from core.plan.sensitivity import HeatMap, Tornado, heat_map, tornado
from ui import simulation_queue
from ui.results import answers
from ui.risk import inputs_view
from ui.simulation_queue import FEW_PATHS

Result = TypeVar("Result")
cached = st.cache_resource(max_entries=100, show_spinner=False, hash_funcs={Scenario: Scenario.model_dump_json})


def drawn(scenario: Scenario) -> bool:
    """Whether anything of the scenario is uncertain."""
    return scenario.fundraising is not None or bool(scenario.uncertainty)


@cached
def steps(scenario: Scenario, strategy: int) -> tuple[Step, ...]:
    """What `core.plan.advice` proposes."""
    return advice(scenario, strategy, answers(scenario)[strategy])


@cached
def turns(scenario: Scenario, strategy: int) -> tuple[BreakEven, ...]:
    """Where the plan turns."""
    return plan_break_evens(scenario, scenario.strategies[strategy])


@cached
def worths(scenario: Scenario, strategy: int, distilled_share: float) -> tuple[Worth, ...]:
    """What optimising the model is worth."""
    return optimise_or_raise(scenario, scenario.strategies[strategy], distilled_share)


def tornado_of(scenario: Scenario, strategy: int, result: str) -> Tornado:
    """Each number at the ends of its range. Raises BusyError for the chance of running dry."""
    if result != CHANCE:
        return _plain_tornado(scenario, strategy, result)
    own, seed = scenario.strategies[strategy], inputs_view.seed()
    return _in_turn(scenario, strategy, "tornado", lambda: tornado(scenario, own, result, seed=seed))


def heat_map_of(scenario: Scenario, strategy: int, result: str, x: str, y: str) -> HeatMap:
    """A result over two numbers. Raises BusyError for the chance of running dry."""
    if result != CHANCE:
        return _plain_heat_map(scenario, strategy, result, x, y)
    own, seed = scenario.strategies[strategy], inputs_view.seed()
    return _in_turn(scenario, strategy, f"heat-{x}-{y}", lambda: heat_map(scenario, own, result, x, y, seed=seed))


@cached
def _plain_tornado(scenario: Scenario, strategy: int, result: str) -> Tornado:
    return tornado(scenario, scenario.strategies[strategy], result)


@cached
def _plain_heat_map(scenario: Scenario, strategy: int, result: str, x: str, y: str) -> HeatMap:
    return heat_map(scenario, scenario.strategies[strategy], result, x, y)


def _in_turn(scenario: Scenario, strategy: int, what: str, work: Callable[[], Result]) -> Result:
    key = simulation_queue.key_of(scenario, what, strategy, FEW_PATHS, inputs_view.seed())
    found: Result = simulation_queue.computed(key, lambda _: work())
    return found
