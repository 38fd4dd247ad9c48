"""The speed ladder: how much faster the same network trains, way by way, and what limits it now."""

import pandas as pd
import streamlit as st

from core.charts.speed import ladder_figure, roofline_figure
from core.runs.jobs import SpeedJob
from core.runs.memory_traffic import memory_traffic
from core.runs.networks import network_cost
from core.runs.speed_ladder import Ladder, Limit, Rung, ladder
from core.runs.training_config import TrainingConfig
from ui import formats
from ui.chart_words import draw_chart
from ui.compute.page_choices import ask_one
from ui.language import N_, words
from ui.learn import export, job_choice
from ui.learn.numbers import significant
from ui.learn.speed import job_view
from ui.learn.training.recipe import network_names

KIND = "speed"
NAMES = {
    "article": N_("the article's loop"),
    "resident": N_("data resident"),
    "flat": N_("one update for all weights"),
    "channels_last": N_("channels_last"),
    "bfloat16": N_("bfloat16"),
    "compile": N_("torch.compile"),
    "graph": N_("CUDA graph"),
}
WHAT_CHANGES = {
    "article": N_("A DataLoader opens, converts and standardises each image by itself; PyTorch's Adam, float32."),
    "resident": N_(
        "All images are ready on the device, standardised once; a batch is cut out of them by its positions."
    ),
    "flat": N_("All weights are one vector, so the optimizer's step is a few operations instead of a few a layer."),
    "channels_last": N_("The channels of a pixel lie side by side in memory, as convolution kernels like them."),
    "bfloat16": N_("Numbers of 16 bits: half the bytes, and units that multiply them faster. Weights stay float32."),
    "compile": N_("PyTorch writes its own kernels for this network and joins operations, once, before the first step."),
    "graph": N_(
        "The whole step is recorded once and replayed: the processor launches one graph instead of each kernel."
    ),
}
LIMITS: dict[Limit, str] = {
    "loader": N_("preparing the images, one by one, on the processor"),
    "arithmetic": N_("the arithmetic itself: a larger or faster processor is what is left"),
    "memory": N_("moving numbers between memory and processor: joining operations is what is left"),
    "overhead": N_("neither arithmetic nor memory, but the time between many small operations: larger batches help"),
}
REASONS = {
    "cuda": N_("needs an NVIDIA or AMD accelerator"),
    "compiler": N_("needs a C++ compiler on this machine"),
    "bfloat16": N_("this processor has no bfloat16 arithmetic"),
    "torchvision": N_("needs torchvision"),
    "roofs": N_("The roofs are measured."),
}


def show() -> None:
    """Answer and chart beside the inputs."""
    chart, inputs = st.columns([2, 1], gap="large")
    with inputs:
        data = job_view.ask_data(KIND)
        options = network_names()
        model = ask_one(job_view.PREFIX + "ladder-model", words("Network"), options, "simple_cnn_padded")
        job_view.buttons(
            words("Measure this machine"),
            lambda: TrainingConfig(data=data, model=model, root=job_view.root(data)),
            SpeedJob,
            KIND,
        )
        st.caption(
            words(
                "Batches of 100, seven short windows a rung, in turn, so that other programs slow all rungs alike. It "
                "takes about a minute; most of it is the compiler's."
            )
        )
    with chart:
        if not job_view.show(KIND, _draw):
            _before()


def _before() -> None:
    st.markdown(
        "## "
        + words(
            "The same network can be trained several times as fast. How many times on this machine is measured in "
            "about a minute."
        )
    )
    names = {words(NAMES[one]): words(text) for one, text in WHAT_CHANGES.items()}
    told = (words("{name}: {text}").format(name=f"**{name}**", text=text) for name, text in names.items())
    st.markdown("\n".join(f"1. {one}" for one in told))


def _draw(rows: job_view.Rows, _config: TrainingConfig) -> None:
    found = ladder(rows)
    doing = {one: words("Under way: {rung}").format(rung=words(name)) for one, name in NAMES.items()}
    if found is None or not found.roofs:
        st.markdown("## " + words("The rungs of the ladder are measured one after another."))
        job_view.progress(KIND, {**doing, "roofs": words(REASONS["roofs"])})
        return
    st.markdown("## " + answer(found))
    job_view.progress(KIND, {**doing, "roofs": words(REASONS["roofs"])})
    _figures(found, _top(found))
    names = {one: words(name) for one, name in NAMES.items()}
    figure = ladder_figure(found, names, words)
    draw_chart(figure, key="speed-ladder", alt=words("Images a second of each rung, with the slowest and fastest"))
    st.caption(words("Rungs whose whiskers overlap widely cannot be told apart on this machine, now."))
    for rung, reason in found.skipped.items():
        text = words(REASONS[reason]) if reason in REASONS else f"`{reason}`"
        st.caption(words("Left out: {rung} ({reason}).").format(rung=names[rung], reason=text))
    if job_choice.shown_job(KIND):
        export.below(figure, "speed-ladder")


def _top(found: Ladder) -> Rung:
    return max(found.rungs, key=lambda one: one.images_per_second)


def answer(found: Ladder) -> str:
    """How many times as fast, and what limits it now."""
    first, top = found.rungs[0], _top(found)
    network = network_names().get(found.model, found.model)
    limit = words(LIMITS[found.limit(top)])
    if top is first:
        return words("{network}: **{speed}** images a second so far, in {rung}.").format(
            network=network, speed=formats.decimal(top.images_per_second, 0), rung=words(NAMES[top.name])
        )
    return words(
        "{network} trains **{times} times** as fast as in the article's loop: **{speed}** images a second, with "
        "{rung}. What limits it now: {limit}."
    ).format(
        network=network,
        times=significant(found.gain(top, first), 2),
        speed=formats.decimal(top.images_per_second, 0),
        rung=words(NAMES[top.name]),
        limit=limit,
    )


def _figures(found: Ladder, top: Rung) -> None:
    figures = [
        (words("ms a step"), significant(found.step_seconds(top) * 1e3, 3), words("A batch of 100 images.")),
        (
            words("MFU"),
            formats.percent(found.mfu(top)),
            words("The network's own arithmetic as a share of what a large matrix product reaches here, now."),
        ),
        (
            words("Of the memory's roof"),
            formats.percent(found.memory_share(top)),
            words("Bytes that kernels one after another move, as a share of a large copy. Caches can carry more."),
        ),
        (
            words("Noise of the windows"),
            "± " + formats.percent((top.fastest - top.slowest) / 2 / top.images_per_second, 0),
            words(
                "Half the way from {slowest} to {fastest} images a second, the slowest and the fastest window."
            ).format(slowest=formats.decimal(top.slowest, 0), fastest=formats.decimal(top.fastest, 0)),
        ),
    ]
    with st.grid(len(figures), min_column_width=165):
        for name, value, tip in figures:
            st.metric(name, value, border=True, help=tip)


def current() -> Ladder | None:
    """Of the shown job."""
    job = job_choice.shown_job(KIND)
    return None if job is None else ladder(job_view.rows_of(job_view.folder_of(job).events()[0]))


def rungs() -> None:
    """What each rung changes, and its figures."""
    found = current()
    rows = []
    for one, name in NAMES.items():
        rung = next((other for other in found.rungs if other.name == one), None) if found else None
        row = {words("Rung"): words(name)}
        if found is not None and found.roofs:
            base = found.base(rung) if rung else None
            row |= {
                words("Images/s"): formats.decimal(rung.images_per_second, 0) if rung else "–",
                words("ms a step"): significant(found.step_seconds(rung) * 1e3, 3) if rung else "–",
                words("× the rung before"): significant(found.gain(rung, base), 3) if rung and base else "–",
                words("MFU"): formats.percent(found.mfu(rung)) if rung else "–",
                words("Set up, s"): significant(rung.setup_seconds, 2) if rung else "–",
            }
        rows.append({**row, words("What changes"): words(WHAT_CHANGES[one])})
    st.dataframe(pd.DataFrame(rows), hide_index=True, alt=words("The rungs of the speed ladder"))
    st.caption(
        words(
            "Each rung builds on the one before; the CUDA graph builds on bfloat16, beside torch.compile. Factors are "
            "medians over rounds in which both were measured: a factor near 1 is within the noise of the machine."
        )
    )


def roofs() -> None:
    """The two roofs, what the network asks of each, and how near the rungs come."""
    found = current()
    if found is None or not found.roofs:
        st.caption(words("Measure this machine first: the roofs are its own."))
        return
    top = _top(found)
    traffic = memory_traffic(found.model, found.side, top.precision)
    arithmetic, memory = found.allowed(top.precision)
    st.markdown(
        words(
            "One image of this network takes **{flops} MFLOP** forward and backward. Kernels that run one after "
            "another move **{eager} kB** for it, fused ones at least **{fused} kB**. The arithmetic alone would allow "
            "**{arithmetic}** images a second, the memory alone **{memory}**."
        ).format(
            flops=significant(network_cost(found.model, found.side).training_flops / 1e6, 3),
            eager=significant(traffic.eager_per_image(found.batch) / 1e3, 3),
            fused=significant(traffic.fused_per_image(found.batch) / 1e3, 3),
            arithmetic=formats.quantity(arithmetic),
            memory=formats.quantity(memory),
        )
    )
    names = {one: words(name) for one, name in NAMES.items()}
    figure = roofline_figure(found, names, words)
    draw_chart(figure, key="speed-roofs", alt=words("Share of arithmetic and memory that each rung reaches"))
    machine = found.machine
    st.caption(
        words(
            "Measured in each round on {device}, {threads} threads: a large matrix product in the rung's own "
            "precision, and a copy larger than every cache, its bytes read and written."
        ).format(device=machine["device_name"], threads=machine["threads"])
    )
