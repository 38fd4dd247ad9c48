"""Before a run: what the recipe in front of the user would cost, and whether this machine can train it."""

import streamlit as st

from core.charts.schedules import Planned, schedules_figure
from core.errors import InputError
from core.formulas.schedules import SCHEDULES
from core.formulas.settings import completed
from core.runs.estimates import Estimate, estimate
from core.runs.run_queue import the_queue
from core.runs.training_config import TrainingConfig
from ui import formats
from ui.chart_words import draw_chart
from ui.language import words
from ui.learn.numbers import significant
from ui.learn.training import recipe
from ui.learn.training.run_choice import fault_text

RATES_HEIGHT = 300
SECONDS_BETWEEN = 0.5


def warm_up() -> None:
    """Starts the process that trains, so that a run begins at once; says what works where it cannot."""
    try:
        the_queue().warm()
    except InputError as error:
        st.warning(fault_text(error), icon=":material/memory_alt:")


def show() -> None:
    """What is set costs so much; no run is shown yet."""
    try:
        config = recipe.config()
        expected = estimate(config, the_queue().root)
    except InputError as error:
        st.error(fault_text(error), icon=":material/block:")
        return
    st.markdown("## " + _answer(expected))
    with st.grid(4, min_column_width=100):
        st.metric(words("Parameters"), formats.decimal(expected.parameters, 0), border=True)
        st.metric(
            words("Images"),
            formats.decimal(expected.images, 0),
            border=True,
            help=words("Training images, without those set apart to judge each epoch by."),
        )
        st.metric(words("Steps"), formats.decimal(expected.steps, 0), border=True)
        flops = words("Billion floating-point operations, forward and backward.")
        st.metric(words("GFLOP"), significant(expected.flops / 1e9, 3), border=True, help=flops)
    unknown = the_queue().environment is None
    st.fragment(_device, run_every=SECONDS_BETWEEN if unknown else None, key="run-device")(was_unknown=unknown)
    _rates(config, expected.steps)
    st.markdown(
        words(
            "Press *Start training*: loss and accuracy are drawn here while the network learns. It trains in a process "
            "of its own; you may leave the page, close the tab and come back by the link of the run."
        )
    )


def _device(*, was_unknown: bool) -> None:
    """What trains on this machine: the training process says so once it is warm."""
    found = the_queue().environment
    if the_queue().worker_pid is None and found is None:
        return  # `warm_up` has said why
    if found is None:
        st.caption(words("The training process is starting: in a moment it will say which device it trains on."))
        return
    if found["device"] == "cpu":
        text = words("The best device here is the CPU: {name}, {threads} threads.")
    else:
        text = words("The best device here is {device}: {name}.")
    st.caption(text.format(**{**found, "name": found["device_name"], "device": str(found["device"]).upper()}))
    if was_unknown:
        st.rerun()


def _rates(config: TrainingConfig, steps: int) -> None:
    """The learning rate of each step to come."""
    rate = config.optimizer.settings["learning_rate"]
    row = SCHEDULES[config.schedule.name if config.schedule else recipe.NO_SCHEDULE]
    own = config.schedule.settings if config.schedule else {}
    settings = completed(row.settings, {**own, "learning_rate": rate}, f"schedule.{row.id}")
    figure = schedules_figure([Planned(words(row.name), row, settings)], steps, words)
    figure.update_layout(height=RATES_HEIGHT)
    alt = words("{schedule}: the learning rate over {steps} steps, at most {rate}")
    draw_chart(
        figure, key="run-rates", alt=alt.format(schedule=words(row.name), steps=steps, rate=significant(rate, 4))
    )


def in_short() -> None:
    """Below the buttons, where a run is shown in place of the plan: what another press would take."""
    try:
        st.caption(_answer(estimate(recipe.config(), the_queue().root)).replace("**", ""))
    except InputError as error:
        st.error(fault_text(error), icon=":material/block:")


def _answer(expected: Estimate) -> str:
    if expected.seconds is None:
        return words("This recipe takes **{flops} FLOP** in {steps} steps; how long, the first run will tell.").format(
            flops=formats.scientific(expected.flops), steps=formats.decimal(expected.steps, 0)
        )
    return words("This recipe takes about **{seconds} s** on this machine: **{flops} FLOP** in {steps} steps.").format(
        seconds=significant(expected.seconds, 2),
        flops=formats.scientific(expected.flops),
        steps=formats.decimal(expected.steps, 0),
    )
