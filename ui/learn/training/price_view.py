"""What the shown run cost, and the training of the plan's model at the utilisation that the run measured."""

import streamlit as st

from core.compute.reference_figures import reference_figures
from core.compute.training import SECONDS_PER_HOUR
from core.errors import InputError
from core.plan.run_budget import cost_range
from core.plan.run_outcomes import planned_costs
from core.plan.scenario import Scenario
from core.plan.scenario_io import edited
from core.runs.run_cost import RunCost, run_cost
from core.runs.run_folder import find_run
from core.runs.run_history import history
from core.runs.run_queue import the_queue
from ui import formats, scenario_state
from ui.language import words
from ui.learn.numbers import significant
from ui.learn.training.run_choice import fault_text
from ui.navigation import page_link
from ui.tables import small_table

LEAST_MFU = 0.001


def show(run: str) -> None:
    """FLOP, joules, money and MFU of the run; the same in the plan."""
    folder = find_run(run, the_queue().root)
    told = history(folder.path)
    told.update()
    cost = run_cost(told, folder.config())
    if cost is None:
        st.caption(words("The price appears here once the run has begun."))
        return
    scenario = scenario_state.current()
    rows = [
        (words("Images shown to the network"), formats.decimal(cost.images, 0)),
        (words("Arithmetic"), f"{formats.scientific(cost.flops)} FLOP"),
        (words("Time"), f"{significant(cost.seconds, 4)} s"),
        (words("Reached"), f"{formats.scientific(cost.flops_per_second)} FLOP/s"),
        (words("Peak of the device"), _peak(cost)),
        (words("Measured utilisation (MFU)"), _share(cost.mfu)),
        (words("Energy"), _energy(cost)),
        *_on_the_plans_accelerator(cost, scenario),
    ]
    columns = words("Of this run"), words("Value")
    small_table([dict(zip(columns, row, strict=True)) for row in rows], words("Price of the run"))
    st.caption(
        words(
            "Counted from the layers, two FLOP a multiplication with its addition, forward and backward. The peak is "
            "measured on this machine with a large matrix product, or published where the device is known."
        )
    )
    _at_scale(cost, scenario)


def _peak(cost: RunCost) -> str:
    return f"{formats.scientific(cost.peak_flops)} FLOP/s" if cost.peak_flops else words("not known")


def _share(mfu: float | None) -> str:
    return formats.percent(mfu, 2) if mfu is not None else words("not known")


def _energy(cost: RunCost) -> str:
    if cost.joules is None or cost.kwh is None:
        return words("not told by this machine")
    price = reference_figures()["electricity_usd_per_kwh"].value
    return words("{joules} J = {kwh} kWh, {money} US dollars of electricity").format(
        joules=significant(cost.joules, 3), kwh=significant(cost.kwh, 3), money=significant(cost.kwh * price, 3)
    )


def _on_the_plans_accelerator(cost: RunCost, scenario: Scenario) -> list[tuple[str, str]]:
    """The same arithmetic at the plan's price and utilisation."""
    if not scenario.runs:
        return []
    planned = scenario.runs[0]
    hours = cost.flops / (planned.peak_flops * planned.mfu * SECONDS_PER_HOUR)
    name = words("The same arithmetic on the plan's {accelerator}").format(accelerator=planned.accelerator)
    money = f"{significant(hours * planned.price_per_hour, 3)} {words(planned.currency)}"
    return [(name, f"{significant(hours * SECONDS_PER_HOUR, 3)} s, {money}")]


def _at_scale(cost: RunCost, scenario: Scenario) -> None:
    """The plan's first model trained at the measured MFU, and the click that plans it so."""
    if cost.mfu is None or not scenario.runs:
        return
    planned = scenario.runs[0]
    if cost.mfu < LEAST_MFU:
        st.caption(words("An MFU below 0.1% is no basis for a plan: small networks are bound by overhead."))
        return
    measured = round(min(cost.mfu, 1.0), 4)
    try:
        both = [planned_costs(one)[0] for one in (scenario, edited(scenario, {"runs.0.mfu": measured}))]
    except InputError as error:
        st.error(fault_text(error), icon=":material/block:")
        return
    columns = (words("At scale: {model}").format(model=words(planned.name)), words("As planned"), words("At this MFU"))
    currency, usual = scenario.reporting_currency, cost_range(planned, both[0])
    rows = [
        (words("Utilisation (MFU)"), formats.percent(planned.mfu), formats.percent(measured)),
        (words("Accelerator-hours"), *(formats.quantity(float(one.accelerator_hours)) for one in both)),
        (words("Days"), *(formats.decimal(float(one.days), 0) for one in both)),
        (words("Final run"), *(formats.money(float(one.final_run), currency) for one in both)),
        (words("All-in"), *(formats.money(float(one.all_in), currency) for one in both)),
    ]
    small_table([dict(zip(columns, row, strict=True)) for row in rows], words("The plan's model at the measured MFU"))
    st.caption(
        words(
            "A small network on one device says little about a cluster: eight in ten published runs of large models "
            "reached {low} to {high}."
        ).format(low=formats.percent(usual.low_mfu, 0), high=formats.percent(usual.high_mfu, 0))
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            words("Use this MFU in the plan"),
            icon=":material/input:",
            key="run-carry",
            on_click=lambda: scenario_state.edit({"runs.0.mfu": measured}),
        )
        page_link("training-cost")
