"""Data-parallel training: one picture, what it costs to agree on a gradient, when it pays, and what was measured."""

import streamlit as st

from core.charts.speed import scaling_figure, together_figure
from core.runs.data_parallel import (
    LINKS,
    Expected,
    Scaling,
    expected,
    gradient_bytes,
    least_batch,
    measured_scaling,
    sent_bytes,
)
from core.runs.networks import network_cost
from ui import formats
from ui.chart_words import draw_chart
from ui.compute.page_choices import Number, ask_number, ask_one, chosen
from ui.language import N_, sentences, words
from ui.learn import export
from ui.learn.numbers import significant
from ui.learn.speed import job_view
from ui.learn.training.recipe import network_names
from ui.sources import source_text

PREFIX = job_view.PREFIX + "devices-"
DEVICES = Number(N_("Devices"), low=1, high=64)
BATCH = Number(N_("Images in a batch"), low=1, high=65_536, help=N_("Of all devices together."))
SPEED = Number(N_("One device, images/s"), low=1.0, high=1e7, help=N_("The ladder measures it on this machine."))
LINK_NAMES = {
    "ethernet-1": N_("Ethernet, 1 Gbit/s"),
    "ethernet-10": N_("Ethernet, 10 Gbit/s"),
    "ethernet-100": N_("Ethernet, 100 Gbit/s"),
    "infiniband-400": N_("InfiniBand, 400 Gbit/s"),
}
SIDE = 28
EFFICIENT = 0.8


def show() -> None:
    """Answer and picture beside the inputs."""
    chart, inputs = st.columns([2, 1], gap="large")
    with inputs:
        devices, batch = int(chosen(PREFIX + "count", 4)), int(chosen(PREFIX + "batch", 512))
        ask_number(PREFIX + "count", DEVICES, devices)
        ask_number(PREFIX + "batch", BATCH, batch)
        options = network_names()
        model = ask_one(PREFIX + "model", words("Network"), options, "simple_cnn")
        speed = float(chosen(PREFIX + "speed", _measured_speed()))
        ask_number(PREFIX + "speed", SPEED, speed)
        link = ask_one(
            PREFIX + "link", words("Link"), {one: words(name) for one, name in LINK_NAMES.items()}, "ethernet-1"
        )
    parameters = network_cost(model, SIDE).parameters
    with chart:
        found = expected(speed, batch, parameters, devices, LINKS[link])
        st.markdown("## " + answer(found, devices, batch))
        _figures(found, parameters, devices, least_batch(speed, parameters, devices, LINKS[link]))
        sent = significant(sent_bytes(parameters, devices) / 1e6, 3)
        if batch % devices == 0:
            figure = together_figure(devices, batch, f"{sent} MB", words)
            alt = words("Each device answers its slice, the gradients are averaged, all take the same step")
            draw_chart(figure, key="speed-together", alt=alt)
        st.caption(
            words(
                "Averaged once a step (all-reduce): {parameters} parameters × 4 bytes = {gradient} MB, for images of "
                "28 × 28. How long a message takes to arrive, and that averaging begins during the backward pass, is "
                "left out: the first makes it slower, the second faster."
            ).format(
                parameters=formats.decimal(parameters, 0), gradient=significant(gradient_bytes(parameters) / 1e6, 3)
            )
        )


def answer(found: Expected, devices: int, batch: int) -> str:
    """Whether it pays."""
    if batch % devices:
        return words(
            "**{devices} devices cannot share {batch} images evenly**: each device needs as many, so that the mean of "
            "the gradients is the gradient of the whole batch."
        ).format(devices=devices, batch=batch)
    text = words(
        "{devices} devices train **{gain} times** as fast as one ({efficiency} of their time goes into images)."
    ).format(devices=devices, gain=significant(found.gain, 3), efficiency=formats.percent(found.efficiency, 0))
    if found.gain <= 1:
        return text + " " + (words("It does not pay: averaging takes longer than it saves.") if devices > 1 else "")
    pays = found.efficiency >= EFFICIENT
    return (
        text
        + " "
        + (
            words("It pays: averaging the gradients takes little of each step.")
            if pays
            else words(
                "Much of each step goes into averaging: a larger batch, a faster link or a smaller network helps."
            )
        )
    )


def _figures(found: Expected, parameters: int, devices: int, least: float) -> None:
    figures = [
        (
            words("MB sent a step"),
            significant(sent_bytes(parameters, devices) / 1e6, 3),
            words("By each device of a ring a step: 2 (N − 1) / N of the gradient, nearly the same for any N."),
        ),
        (
            words("ms a step for images"),
            significant(found.compute * 1e3, 3),
            words("Forward and backward of a slice."),
        ),
        (
            words("ms a step for averaging"),
            significant(found.reduce * 1e3, 3),
            words("The bytes over the link's speed."),
        ),
        (
            words("Half used from a batch of"),
            formats.quantity(least),
            words("Images in a batch from which averaging takes at most half of each step."),
        ),
    ]
    with st.grid(len(figures), min_column_width=165):
        for name, value, tip in figures:
            st.metric(name, value, border=True, help=tip)


def _measured_speed() -> float:
    """Of one process with one thread, from the table, at its middle batch."""
    alone = [one for one in _largest_machine() if (one.processes, one.threads) == (1, 1)]
    return float(round(alone[len(alone) // 2].images_per_second)) if alone else 3000.0


def _largest_machine() -> list[Scaling]:
    rows = measured_scaling()
    return [one for one in rows if one.device == "cpu"]


def measured() -> None:
    """The project's own measurement, bad results too."""
    rows = _largest_machine()
    sides = dict.fromkeys((one.processes, one.threads) for one in rows)
    names = {side: _side_name(*side) for side in sides}
    st.markdown(measured_answer(rows))
    figure = scaling_figure(rows, names, words)
    draw_chart(figure, key="speed-scaling", alt=words("Images a second by one process and by two, by batch"))
    export.below(figure, "distributed-scaling")
    first = rows[0]
    st.caption(
        words("{machine}; {network}, images of {side} × {side}. Source: {source}").format(
            machine=first.machine,
            network=network_names()[first.model],
            side=first.side,
            source=source_text(first.source),
        )
    )


def measured_answer(rows: list[Scaling]) -> str:
    """What two processes gain over one, and over two threads of one."""
    by_side = {(one.processes, one.threads, one.batch): one for one in rows}
    batch = max(one.batch for one in rows)
    many = max(one.processes for one in rows)
    alone, threads, together = (by_side[side] for side in ((1, 1, batch), (1, many, batch), (many, 1, batch)))
    gain = together.images_per_second / alone.images_per_second
    text = words(
        "In batches of {batch}, {many} processes of one thread trained **{gain} times** as fast as one. One process "
        "with {many} threads, which needs none of this, was **{threads} times** as fast. An all-reduce of the gradient "
        "took {reduce} ms between processes of one machine."
    ).format(
        batch=formats.decimal(batch, 0),
        many=many,
        gain=significant(gain, 3),
        threads=significant(threads.images_per_second / alone.images_per_second, 3),
        reduce=significant((together.reduce_seconds or 0.0) * 1e3, 3),
    )
    if gain > many:
        more = words("More than {many} times: a slice of the batch fits the processor's caches better than the whole.")
        text = sentences(text, more.format(many=many))
    return text


def _side_name(processes: int, threads: int) -> str:
    if processes == 1 and threads == 1:
        return words("one process, one thread")
    if processes == 1:
        return words("one process, {threads} threads").format(threads=threads)
    return words("{processes} processes, {threads} thread each").format(processes=processes, threads=threads)


def commands() -> None:
    """How it is started, and what is equal to one process."""
    st.markdown(words("On one machine with two accelerators, or with two processes on its CPU:"))
    st.code("torchrun --nproc-per-node=2 -m core train --data digits", language="bash", wrap_lines=True)
    st.markdown(words("On two machines, with the same command on both; the first one's address is where they meet:"))
    st.code(
        "torchrun --nnodes=2 --nproc-per-node=1 --rdzv-backend=c10d \\\n"
        "    --rdzv-endpoint=10.0.0.1:29500 -m core train --data digits",
        language="bash",
    )
    st.markdown(
        words(
            "Ctrl-C saves the state and pauses; this command continues, with any number of processes that divides "
            "the batch:"
        )
    )
    st.code("torchrun --nproc-per-node=2 -m core train --resume RUN", language="bash", wrap_lines=True)
    st.markdown(
        words(
            "All processes shuffle and augment with the same random numbers, and each takes its slice, so the step is "
            "that of one process on the whole batch: after 100 steps no weight differs by more than 10⁻⁵ (float32, "
            "tested with networks without dropout and batch normalisation). Later, rounding grows as it does between "
            "any two machines. Dropout is drawn anew by each process, and batch normalisation takes the mean of each "
            "slice, so these give another, equally good run."
        )
    )
