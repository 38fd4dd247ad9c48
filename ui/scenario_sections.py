"""All inputs of the scenario in tabs: models, team, products, strategies and their financings, company and value."""

import streamlit as st

from core.plan.removal import without_item
from core.plan.scenario import Scenario
from core.plan.strategies import Strategy
from ui import financing_inputs, inputs, new_items, scenario_inputs, scenario_state, stage_table, strategy_choice
from ui.language import words

MOST_STRATEGIES = 10


def show(scenario: Scenario, strategy: int) -> None:
    """Every field, in tabs; financings are those of the strategy that is shown."""
    models, people, products, rounds, company = st.tabs(
        [words("Models"), words("Team"), words("Products"), words("Financings"), words("Company and value")]
    )
    with models:
        scenario_inputs.editable_list("runs", scenario.runs, scenario_inputs.run_inputs)
        scenario_inputs.add_button("runs", scenario.runs, words("Add"), lambda: new_items.new_run(scenario))
    with people:
        scenario_inputs.editable_list("team", scenario.team, scenario_inputs.role_inputs)
        scenario_inputs.add_button("team", scenario.team, words("Add"), lambda: new_items.new_role(scenario))
    with products:
        scenario_inputs.editable_list("demand", scenario.demand, scenario_inputs.product_inputs)
        scenario_inputs.add_button("demand", scenario.demand, words("Add"), lambda: new_items.new_product(scenario))
    with rounds:
        _strategy(scenario, strategy)
        medians = st.expander(words("Published medians by stage"), key="open-stage-medians", on_change="rerun")
        if medians.open:
            with medians:
                stage_table.show(scenario)
    with company:
        scenario_inputs.company_inputs()
        scenario_inputs.currency_inputs()


def _strategy(scenario: Scenario, index: int) -> None:
    strategy = scenario.strategies[index]
    path = f"strategies.{index}.financings"
    inputs.text(f"strategies.{index}.name")
    scenario_inputs.editable_list(path, strategy.financings, lambda position: financing_inputs.show(index, position))
    kinds = new_items.kinds_that_fit(strategy)
    labels = {kind: words(financing_inputs.KIND_NAMES[kind]) for kind in kinds}
    chosen, add = st.columns([2, 1], vertical_alignment="bottom")
    with chosen:
        kind = st.selectbox(words("Kind of financing"), kinds, format_func=labels.__getitem__, key="new-financing-kind")
    with add:
        scenario_inputs.add_button(
            path,
            strategy.financings,
            words("Add a financing"),
            lambda: new_items.new_financing(scenario, strategy, st.session_state["new-financing-kind"] or kind),
        )
    with st.container(horizontal=True):
        for kind, title in new_items.STRATEGY_NAMES.items():
            st.button(
                words("Add: {strategy}").format(strategy=words(title)),
                key=f"add-strategy-{kind.replace('_', '-')}",
                icon=":material/add:",
                disabled=len(scenario.strategies) >= MOST_STRATEGIES,
                on_click=_add,
                args=(scenario, kind),
            )
        st.button(
            words("Copy this strategy"),
            key="copy-strategy",
            icon=":material/content_copy:",
            on_click=_copy,
            args=(scenario, strategy),
        )
        st.button(
            words("Remove this strategy"),
            key="remove-strategy",
            icon=":material/delete:",
            disabled=len(scenario.strategies) == 1,
            on_click=_remove,
            args=(index,),
        )


def _copy(scenario: Scenario, strategy: Strategy) -> None:
    name = new_items.fresh_name(words(strategy.name), [one.name for one in scenario.strategies])
    _append(scenario, strategy.model_copy(update={"name": name}))


def _add(scenario: Scenario, kind: new_items.Kind) -> None:
    _append(scenario, new_items.new_strategy(scenario, kind))


def _append(scenario: Scenario, strategy: Strategy) -> None:
    scenario_state.edit({"strategies": [*scenario.strategies, strategy]})
    st.session_state[strategy_choice.KEY] = len(scenario_state.current().strategies) - 1


def _remove(index: int) -> None:
    scenario_state.edit(without_item(scenario_state.current(), "strategies", index))
    st.session_state[strategy_choice.KEY] = 0
