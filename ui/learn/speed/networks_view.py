"""The small networks side by side: their size at once, how right and how fast they are once they are trained here."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from core.charts.speed import Axis, networks_figure, sizes_figure
from core.runs.estimates import SIDES
from core.runs.jobs import NetworksJob
from core.runs.network_comparison import Best, Compared, best, compared
from core.runs.training_config import TrainingConfig, changed, recommended
from ui import formats
from ui.chart_words import draw_chart
from ui.compute.page_choices import ask_one, chosen
from ui.language import N_, sentences, words
from ui.learn import export, job_choice
from ui.learn.numbers import significant
from ui.learn.speed import job_view
from ui.learn.training.recipe import network_names
from ui.navigation import page_address

KIND = "networks"
AXIS_KEY = job_view.PREFIX + "networks-axis"
AXES = {
    "one": N_("ms to answer one image"),
    "many": N_("µs an image in a large batch"),
    "training": N_("seconds of training"),
    "flops": N_("MFLOP to answer one image"),
    "parameters": N_("parameters"),
}


def show() -> None:
    """Answer and chart beside the inputs, and the table under both."""
    chart, inputs = st.columns([2, 1], gap="large")
    with inputs:
        data = job_view.ask_data(KIND)
        job_view.buttons(
            words("Train all of them"),
            lambda: changed(recommended(data), root=job_view.root(data)),
            NetworksJob,
            KIND,
        )
        if job_choice.shown_job(KIND):
            ask_one(AXIS_KEY, words("Accuracy against"), {one: words(name) for one, name in AXES.items()}, "one")
        st.caption(
            words(
                "Each network is trained with the recommended recipe of these data, on this machine. Answers are timed "
                "in float32 on the CPU."
            )
        )
    with chart:
        if not job_view.show(KIND, _draw):
            _draw([], recommended(data))
    if not job_view.show(KIND, _table, "table"):
        _table([], recommended(data))


def _draw(rows: job_view.Rows, config: TrainingConfig) -> None:
    networks = compared(SIDES[config.data], rows)
    found, names = best(networks), network_names()
    st.markdown("## " + (_sizes_answer(networks, names) if found is None else answer(networks, found, names)))
    job_view.progress(KIND, {one: words("{network} learns.").format(network=name) for one, name in names.items()})
    if found is None:
        figure = sizes_figure(networks, names, words)
        alt = words("Parameters of each network against the arithmetic of one answer")
    else:
        figure = networks_figure(networks, names, _axis(networks), words)
        alt = words("Accuracy of each network against what it takes")
    draw_chart(figure, key="speed-networks", alt=alt)
    if found is not None:
        export.below(figure, "networks")


def _axis(networks: Sequence[Compared]) -> Axis:
    kind = chosen(AXIS_KEY, "one")
    values: dict[str, float | None] = {}
    for one in networks:
        measured = one.measured
        described = {"flops": one.forward_flops / 1e6, "parameters": float(one.parameters)}
        timed = {}
        if measured is not None:
            timed = {
                "one": measured.one_seconds * 1e3,
                "many": 1e6 / measured.many_rate,
                "training": measured.training_seconds,
            }
        values[one.model] = {**described, **timed}.get(kind)
    return Axis(words(AXES[kind]), values)


def _sizes_answer(networks: Sequence[Compared], names: dict[str, str]) -> str:
    least = min(networks, key=lambda one: one.parameters)
    most = max(networks, key=lambda one: one.parameters)
    cheapest = min(networks, key=lambda one: one.forward_flops)
    return words(
        "{small} has {times} times fewer parameters than {large}; {cheapest} needs the least arithmetic "
        "for an answer. Train them to see which is right more often and which is faster."
    ).format(
        small=names[least.model],
        large=names[most.model],
        times=significant(most.parameters / least.parameters, 2),
        cheapest=names[cheapest.model],
    )


def answer(networks: Sequence[Compared], found: Best, names: dict[str, str]) -> str:
    """Which network is best for what."""
    measured = {one.model: one.measured for one in networks if one.measured is not None}
    top = measured[found.accurate]
    text = words("Most often right: **{accurate}** ({accuracy}).").format(
        accurate=names[found.accurate], accuracy=formats.percent(top.accuracy, 2)
    )
    if len(found.as_good) > 1:
        alike = words("Within chance {count} networks are equally good; the smallest of them is **{small}**.")
        text = sentences(text, alike.format(count=len(found.as_good), small=names[found.smallest]))
    quickest = words("Quickest to answer of these: **{answer}**. Trained in the shortest time: **{training}**.")
    return sentences(
        text, quickest.format(answer=names[found.quickest_answer], training=names[found.quickest_training])
    )


def _table(told: job_view.Rows, config: TrainingConfig) -> None:
    """All figures side by side, and the trained networks as runs of their own."""
    networks, names, rows = compared(SIDES[config.data], told), network_names(), []
    for one in networks:
        measured = one.measured
        row = {
            words("Network"): names[one.model],
            words("Parameters"): formats.decimal(one.parameters, 0),
            words("MFLOP per answer"): significant(one.forward_flops / 1e6, 3),
        }
        if any(other.measured for other in networks):
            row |= {
                words("Accuracy"): formats.percent(measured.accuracy, 2) if measured else "–",
                words("Training, s"): significant(measured.training_seconds, 3) if measured else "–",
                words("Trained, images/s"): formats.decimal(measured.training_rate, 0) if measured else "–",
                words("One answer, ms"): significant(measured.one_seconds * 1e3, 3) if measured else "–",
                words("Answered, images/s"): formats.decimal(measured.many_rate, 0) if measured else "–",
            }
        rows.append(row)
    st.dataframe(pd.DataFrame(rows), hide_index=True, alt=words("The networks with their sizes, accuracy and speed"))
    if told:
        _ways_on(networks, names)


def _ways_on(networks: Sequence[Compared], names: dict[str, str]) -> None:
    page = page_address("evaluate")
    box = st.popover(words("Judge one of these networks"), icon=page.icon)
    with box:
        for one in networks:
            if one.measured is not None:
                st.page_link(page, label=names[one.model], query_params={"run": one.measured.run})
