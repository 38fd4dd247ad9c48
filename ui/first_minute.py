"""Three questions that lead from nothing to a plan of one's own: what to train, what is there, who funds it."""

from typing import Literal

import streamlit as st

from core.plan.scenario import Scenario
from core.plan.scenario_io import edited
from core.plan.strategies import Strategy
from ui import new_items, scenario_state, strategy_choice
from ui.compute.page_choices import Number, ask_number, chosen
from ui.language import N_, words
from ui.presets import presets
from ui.units import MONEY_MILLION

# Each names the preset that it starts from.
GOALS = {
    "first-lab": N_("Our own: 7B, then 30B"),
    "fine-tuning": N_("An open model, adapted"),
    "deepseek-v3-class": N_("DeepSeek-V3's class"),
    "hundred-million": N_("100M, to learn"),
}
Funder = Literal["venture", "private_equity", "early_ipo", "own"]
OWN_MONEY: Literal["own"] = "own"
FUNDERS: dict[Funder, str] = {
    "venture": N_("Venture capital"),
    "private_equity": N_("Private equity"),
    "early_ipo": N_("Stock market (early IPO)"),
    OWN_MONEY: N_("Nobody: my own money"),
}
MOST_PEOPLE = 1e4
OWN_CASH = Number(
    N_("Cash"),
    MONEY_MILLION,
    high=1e12,
    help=N_("Cash of the founders' own on the first day. Money of investors comes with the third question."),
)
GOAL, FUNDER, CASH, PEOPLE = "first-goal", "first-funder", "first-cash", "first-people"


def ask() -> None:
    """The questions, and the button that puts their plan in front of the user; undo brings back what was there."""
    goals = {goal: words(text) for goal, text in GOALS.items()}
    goal = st.selectbox(
        words("What do you want to train?"),
        list(goals),
        format_func=goals.__getitem__,
        key=GOAL,
        persist_state="session",
    )
    start = presets()[goal]
    st.markdown(words("What do you have?"))
    cash, people = st.columns(2, vertical_alignment="bottom")
    with cash:
        ask_number(f"{CASH}-{goal}", OWN_CASH, _cash(goal), currency=start.currency)
    if start.team:
        with people:
            st.number_input(
                words("Researchers"),
                min_value=0.0,
                max_value=MOST_PEOPLE,
                value=start.team[0].headcount,
                step=1.0,
                format="%.0f",
                key=f"{PEOPLE}-{goal}",
                persist_state="session",
            )
    funders = {funder: words(text) for funder, text in FUNDERS.items()}
    st.selectbox(
        words("Who funds you?"),
        list(funders),
        format_func=funders.__getitem__,
        key=FUNDER,
        persist_state="session",
    )
    st.button(
        words("Show my plan"),
        key="first-show",
        type="primary",
        icon=":material/arrow_forward:",
        width="stretch",
        on_click=_show_plan,
    )


def first_plan(preset: Scenario, cash: float, people: float | None, funder: Funder) -> tuple[Scenario, int]:
    """The preset with what there is and whom it asks for money, and the position of that strategy.

    cash: in the preset's own currency; people: None where it has no team. Raises InputError like `edited`.
    """
    changes: dict[str, object] = {"opening_cash": cash}
    if people is not None:
        changes["team.0.headcount"] = people
    fitting = [index for index, strategy in enumerate(preset.strategies) if _is_funded_by(strategy, funder)]
    if not fitting:
        changes["strategies"] = (*preset.strategies, _strategy(preset, funder))
    return edited(preset, changes), fitting[0] if fitting else len(preset.strategies)


def _is_funded_by(strategy: Strategy, funder: Funder) -> bool:
    if funder == OWN_MONEY or not strategy.financings:
        return funder == OWN_MONEY and not strategy.financings
    return strategy.kind == funder


def _strategy(preset: Scenario, funder: Funder) -> Strategy:
    if funder == OWN_MONEY:
        return Strategy(name=words("Own savings"), kind="venture")
    return new_items.new_strategy(preset, funder)


def _cash(goal: str) -> float:
    """What was typed, else what the preset has, in its currency."""
    return float(chosen(f"{CASH}-{goal}", presets()[goal].opening_cash))


def _show_plan() -> None:
    goal, funder = st.session_state[GOAL], st.session_state[FUNDER]
    cash = _cash(goal)
    people = st.session_state.get(f"{PEOPLE}-{goal}")
    shown = scenario_state.start_from(goal, lambda preset: first_plan(preset, cash, people, funder))
    if shown is not None:
        st.session_state[strategy_choice.KEY] = shown
