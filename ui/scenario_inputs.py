"""The scenario's inputs in sections: every field of a run, a role, a product, a financing and the company."""

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from core.compute.accelerators import accelerators, default_price
from core.compute.precision import precisions
from core.compute.reference_figures import reference_figures
from core.plan.currency import converted
from core.plan.number_format import in_number_format
from core.plan.removal import without_item
from core.plan.valuation_rule import multiple_field
from ui import inputs, scenario_state
from ui.labels import field_help, field_label
from ui.language import N_, words
from ui.navigation import page_address
from ui.user_text import shown_name

IF_SHORT = {"wait": N_("wait for the money"), "shrink": N_("train a smaller model")}
VALUED_BY = {"revenue": N_("next year's revenue"), "ebitda": N_("next year's EBITDA")}
PRECISIONS = {"bf16": N_("BF16, 16 bits"), "fp8": N_("FP8, 8 bits")}
COMPANY_FIELDS = ("horizon_months", "opening_cash", "reserve", "raise_lead_months", "overhead_per_month")


def run_inputs(index: int) -> None:
    """One training run."""
    at = f"runs.{index}."
    with st.grid(3, min_column_width=200):
        inputs.text(at + "name")
        inputs.text(at + "continues")
        inputs.month(at + "start")
        inputs.currency(at + "currency")
        accelerator_choice(index)
        precision_choice(index)
        for field in (
            "total_parameters",
            "active_parameters",
            "tokens",
            "accelerator_count",
            "price_per_hour",
            "mfu",
            "peak_flops",
            "post_training_share",
            "experiment_multiplier",
            "preparation_months",
            "other_infrastructure_multiplier",
            "accelerator_watts",
            "facility_power_ratio",
        ):
            inputs.number(at + field)
        if scenario_state.current().runs[index].data_mix is None:
            inputs.number(at + "data_cost_per_million_tokens")
        inputs.choice(at + "if_cash_is_short", list(IF_SHORT), _if_short)


def role_inputs(index: int) -> None:
    """One kind of people."""
    at = f"team.{index}."
    with st.grid(3, min_column_width=200):
        inputs.text(at + "name")
        inputs.month(at + "start")
        inputs.currency(at + "currency")
        for field in ("headcount", "hires_per_year", "yearly_cost"):
            inputs.number(at + field)
        inputs.toggle(at + "research")


def product_inputs(index: int) -> None:
    """One product."""
    at = f"demand.{index}."
    runs = [None, *(run.name for run in scenario_state.current().runs)]
    with st.grid(3, min_column_width=200):
        inputs.text(at + "name")
        inputs.choice(at + "run", runs, lambda name: words(name) if name else words("none"))
        inputs.month(at + "launch")
        inputs.currency(at + "currency")
        for field in (
            "million_tokens_first_month",
            "monthly_growth",
            "growth_half_life_months",
            "price_per_million_tokens",
        ):
            inputs.number(at + field)
        if scenario_state.current().demand[index].serving is None:
            inputs.number(at + "serving_cost_per_million_tokens")
    st.page_link(page_address("serving-cost"), label=words("What serving it costs"), icon=":material/dns:")


def company_inputs() -> None:
    """The company, its founders, and what it is worth at the horizon."""
    scenario = scenario_state.current()
    with st.grid(3, min_column_width=200):
        for field in COMPANY_FIELDS:
            inputs.number(field)
        for index in range(len(scenario.holders)):
            inputs.number(f"holders.{index}.shares")
        inputs.number("option_pool_shares")
        valuation_basis_choice()
        for field in (
            multiple_field(scenario.valuation),
            "discount",
            "transaction_cost_share",
            "option_pool_vested",
            "founders_discount_rate",
        ):
            inputs.number(f"valuation.{field}")


def currency_inputs() -> None:
    """The currency of the company's own amounts, and the rates that turn all others into the reporting currency."""
    with st.grid(3, min_column_width=200):
        inputs.currency("currency")
        inputs.day("exchange_rates.as_of")
        for field in ("usd_per_eur", "usd_per_cny", "usd_per_hkd"):
            inputs.number(f"exchange_rates.{field}")


def editable_list(path: str, items: Sequence[Any], section: Callable[[int], None]) -> None:
    """Every item of a list in an expander of its own, with a button to remove it; a closed one costs nothing."""
    for index, item in enumerate(items):
        box = st.expander(shown_name(item.name), key=f"open-{path.replace('.', '-')}-{index}", on_change="rerun")
        if not box.open:
            continue
        with box:
            section(index)
            st.button(
                words("Remove {name}").format(name=shown_name(item.name)),
                key=f"remove-{path.replace('.', '-')}-{index}",
                icon=":material/delete:",
                on_click=_remove,
                args=(path, index),
            )


def _remove(path: str, index: int) -> None:
    scenario_state.edit(without_item(scenario_state.current(), path, index))


def add_button(path: str, items: Sequence[Any], label: str, new: Callable[[], Any]) -> None:
    """A button that adds one more item to a list."""
    st.button(
        label,
        key=f"add-{path.replace('.', '-')}",
        icon=":material/add:",
        on_click=lambda: scenario_state.edit({path: [*items, new()]}),
    )


def accelerator_choice(index: int, place: str = inputs.PAGE) -> None:
    """The accelerator of a run; choosing one copies its peak in the run's format, its power and default price."""
    known = accelerators()
    key, at = f"{place}-accelerator-{index}", f"runs.{index}."
    run = scenario_state.current().runs[index]
    chosen = run.accelerator
    st.session_state[key] = chosen

    def changed() -> None:
        accelerator = known[st.session_state[key]]
        offer = default_price(accelerator.id)
        changes: dict[str, object] = {
            at + "accelerator": accelerator.id,
            at + "accelerator_watts": accelerator.watts or 0.0,
            **{at + name: value for name, value in in_number_format(run, accelerator, run.precision).items()},
        }
        if offer is not None:
            changes[at + "price_per_hour"] = converted(
                scenario_state.current(), offer.usd_per_hour, "USD", run.currency
            )
        scenario_state.edit(changes)

    st.selectbox(
        words(field_label(at + "accelerator").text),
        list(known) if chosen in known else [chosen, *known],
        format_func=lambda choice: known[choice].name if choice in known else choice,
        key=key,
        on_change=changed,
    )


def precision_choice(index: int, place: str = inputs.PAGE) -> None:
    """The number format of a run; choosing one copies the accelerator's peak in it and turns the MFU into its share."""
    run, at = scenario_state.current().runs[index], f"runs.{index}."
    key, chip = f"{place}-precision-{index}", accelerators().get(run.accelerator)
    offered = precisions(chip) if chip else (run.precision,)
    labels = {code: words(PRECISIONS[code]) for code in dict.fromkeys((*offered, run.precision))}
    st.session_state[key] = run.precision

    def changed() -> None:
        wanted = st.session_state[key]
        fields = in_number_format(run, chip, wanted) if chip else {"precision": wanted}
        scenario_state.edit({at + name: value for name, value in fields.items()})

    label = field_label(at + "precision")
    st.selectbox(
        words(label.text),
        list(labels),
        format_func=labels.__getitem__,
        key=key,
        help=field_help(label) or None,
        on_change=changed,
    )


def valuation_basis_choice(place: str = inputs.PAGE) -> None:
    """What the valuation rule goes by; a first change to EBITDA copies the published multiple of it."""
    key, rule = f"{place}-valuation-basis", scenario_state.current().valuation
    labels = {basis: words(name) for basis, name in VALUED_BY.items()}
    st.session_state[key] = rule.basis

    def changed() -> None:
        multiple = rule.forward_ebitda_multiple or reference_figures()["forward_ebitda_multiple"].value
        scenario_state.edit({"valuation.basis": st.session_state[key], "valuation.forward_ebitda_multiple": multiple})

    label = field_label("valuation.basis")
    st.selectbox(
        words(label.text),
        list(labels),
        format_func=labels.__getitem__,
        key=key,
        help=field_help(label) or None,
        on_change=changed,
    )


def _if_short(choice: str) -> str:
    return words(IF_SHORT[choice])
