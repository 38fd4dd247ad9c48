"""What the page asks for: the seed and more paths, the luck of raising money, ranges over the plan's numbers."""

import streamlit as st

from core.plan.fields import field_value
from core.plan.risk_defaults import range_fields, range_over
from core.plan.scenario import Scenario
from core.plan.uncertainty import Fundraising
from ui import formats, inputs, scenario_state
from ui.compute.page_choices import Number, ask_number, chosen
from ui.language import N_, words
from ui.simulation_queue import many_paths
from ui.user_text import escaped

PLACE = "risk"
SEED_KEY, MORE_KEY, FIELD_KEY = "risk-seed", "risk-more", "risk-new-range"
SEED = Number(
    N_("Random seed"), high=1e9, help=N_("Another seed draws other paths of the same plan; the same one, the same.")
)
LARGEST_RANGES = 40
LEVERS = ("closing_rate", "time_p75", "price_p10", "price_p90")
REST = (
    "bridge_share",
    "bridge_months",
    "bridge_discount",
    "down_round_share",
    "down_round_discount",
    "market_on_chance",
    "cash_on_chance",
    "revenue_on_chance",
    "market_on_price",
    "cash_on_price",
)
SHAPES = {
    "normal": N_("normal"),
    "lognormal": N_("log-normal (never below zero)"),
    "triangular": N_("triangular (bounded)"),
}


def seed() -> int:
    """The seed in use."""
    return int(chosen(SEED_KEY, 1))


def seed_input() -> None:
    """The seed, to be changed."""
    ask_number(SEED_KEY, SEED, seed())


def more_button() -> bool:
    """Whether many paths were asked for in this run."""
    return st.button(
        words("Run {count} paths").format(count=formats.decimal(many_paths(), 0)),
        key=MORE_KEY,
        icon=":material/play_arrow:",
        help=words("Narrower intervals. Any other input while it runs stops it."),
    )


def levers(scenario: Scenario) -> None:
    """The seed and what matters most of the luck of raising money."""
    if scenario.fundraising is not None:
        for field in LEVERS:
            inputs.number(f"fundraising.{field}", PLACE)
    seed_input()


def fundraising_fields(scenario: Scenario) -> None:
    """All other fields of the luck of raising money, and a way to be rid of it."""
    if scenario.fundraising is None:
        st.caption(words("Every round closes as planned."))
        st.button(
            words("Let rounds fail, be late or be priced differently"),
            key="risk-fundraising-on",
            icon=":material/add:",
            on_click=scenario_state.edit,
            args=({"fundraising": Fundraising()},),
        )
        return
    with st.grid(3, min_column_width=220):
        for field in REST:
            inputs.number(f"fundraising.{field}", PLACE)
    st.button(
        words("Let every round close as planned"),
        key="risk-fundraising-off",
        icon=":material/delete:",
        on_click=scenario_state.edit,
        args=({"fundraising": None},),
    )


def ranges(scenario: Scenario, strategy: int) -> None:
    """Each range in a line, a way to add one over any number that can be drawn, and one to remove it."""
    for index, one in enumerate(scenario.uncertainty):
        at = f"uncertainty.{index}."
        plan = inputs.shown_value(one.field, field_value(scenario, one.field))
        st.markdown(
            formats.in_markdown(
                words("**{field}**, in the plan {value}").format(
                    field=escaped(inputs.field_name(one.field)), value=plan
                )
            )
        )
        with st.grid(5, min_column_width=150):
            inputs.number(at + "p10", PLACE, like=one.field)
            inputs.number(at + "p90", PLACE, like=one.field)
            inputs.choice(at + "shape", list(SHAPES), lambda shape: words(SHAPES[shape]), PLACE)
            inputs.number(at + "market", PLACE)
            with st.container(vertical_alignment="bottom", height="stretch"):
                st.button(
                    words("Remove"),
                    key=f"risk-remove-range-{index}",
                    icon=":material/delete:",
                    on_click=scenario_state.edit,
                    args=({"uncertainty": [*scenario.uncertainty[:index], *scenario.uncertainty[index + 1 :]]},),
                )
    _add_range(scenario, strategy)


def _add_range(scenario: Scenario, strategy: int) -> None:
    names = {field: inputs.field_name(field) for field in range_fields(scenario, strategy)}
    if not names or len(scenario.uncertainty) >= LARGEST_RANGES:
        return
    picked, add = st.columns([3, 1], vertical_alignment="bottom")
    with picked:
        field = st.selectbox(
            words("Number to lay a range over"), list(names), format_func=names.__getitem__, key=FIELD_KEY
        )
    with add:
        st.button(
            words("Add a range"),
            key="risk-add-range",
            icon=":material/add:",
            on_click=lambda: scenario_state.edit(
                {"uncertainty": [*scenario.uncertainty, range_over(scenario, st.session_state.get(FIELD_KEY) or field)]}
            ),
        )
