"""What an answer of the solver changes: the strategy's financings, or the numbers of a run, before and after."""

import streamlit as st

from core.plan.fields import field_value
from core.plan.scenario import Scenario
from core.plan.scenario_io import edited
from core.plan.solve import Solution
from core.plan.strategies import Financing
from ui import formats, inputs
from ui.financing_inputs import KIND_NAMES
from ui.language import words
from ui.tables import small_table


def show(scenario: Scenario, strategy: int, solution: Solution) -> None:
    """A line for each financing where one of them changes, else for each number that does."""
    after = edited(scenario, solution.changes)
    pairs = zip(scenario.strategies[strategy].financings, after.strategies[strategy].financings, strict=True)
    if after.strategies[strategy] != scenario.strategies[strategy]:
        small_table([_financing(*pair) for pair in pairs], words("The strategy's financings before and after"))
    elif after != scenario:
        small_table(
            [_number(scenario, after, path) for path in solution.changes], words("The run's numbers before and after")
        )
    else:
        st.caption(words("That is what the plan has."))


def _financing(before: Financing, after: Financing) -> dict[str, str]:
    return {
        words("Financing"): words(before.name),
        words("Raised as"): _change(words(KIND_NAMES[before.kind]), words(KIND_NAMES[after.kind])),
        words("Closes in"): _change(formats.month(before.date), formats.month(after.date)),
        words("Amount raised"): _change(
            formats.money(before.amount, before.currency), formats.money(after.amount, after.currency)
        ),
    }


def _number(before: Scenario, after: Scenario, path: str) -> dict[str, str]:
    now, then = (inputs.shown_value(path, float(f"{field_value(one, path):.3g}")) for one in (before, after))
    return {words("Number"): inputs.field_name(path), words("Now"): now, words("With the answer"): then}


def _change(before: str, after: str) -> str:
    return before if before == after else f"{before} → {after}"
