"""Whether a training run fits its accelerators: memory by what is kept, and what would make it fit."""

from dataclasses import replace

import pandas as pd
import streamlit as st

from core.charts.memory import PARTS, memory_figure
from core.compute.accelerators import accelerators
from core.compute.fitting import Change, RunToFit, smallest_layout, what_would_fit
from core.compute.layout import Layout, pipeline_sizes, tensor_sizes
from core.compute.memory import memory_bytes
from core.errors import InputError
from core.plan.scenario import PlannedRun
from ui import formats
from ui.compute.architecture_view import sequence_length
from ui.compute.page_choices import Number, ask_number, ask_one, chosen, forget
from ui.errors import error_text
from ui.language import N_, words

NAMES = {
    "parameters": N_("parameters"),
    "gradients": N_("gradients"),
    "optimizer": N_("optimizer (Adam)"),
    "gathered": N_("gathered weights (ZeRO 3)"),
    "activations": N_("activations"),
    "logits": N_("logits"),
}
CHANGES = {
    "sequence_parallel": N_("share activations out too (sequence parallelism)"),
    "zero_stage": N_("share out more of the states (a higher ZeRO stage)"),
    "micro_batch": N_("fewer sequences at once"),
    "recompute": N_("recompute activations"),
    "model_parallel": N_("split the model over more accelerators"),
    "other_layout": N_("another layout on as many accelerators"),
    "more_accelerators": N_("more accelerators"),
    "larger_accelerator": N_("an accelerator with more memory"),
}
RECOMPUTE = {
    "none": N_("nothing"),
    "selective": N_("attention scores"),
    "full": N_("all activations"),
}
ZERO = {
    0: N_("nothing (plain data parallelism)"),
    1: N_("optimizer (ZeRO 1)"),
    2: N_("optimizer and gradients (ZeRO 2)"),
    3: N_("all states (ZeRO 3, FSDP)"),
}
MICRO_BATCH = Number(N_("Sequences at once (micro-batch)"), low=1, high=4096)


def show(index: int, run: PlannedRun) -> None:
    """The memory of one planned run; it needs the model's shape."""
    chip = accelerators().get(run.accelerator)
    if run.architecture is None or chip is None:
        st.info(words("Memory follows from the shape of the model and a known accelerator. Choose a shape above."))
        return
    to_fit = RunToFit(run.architecture, chip, sequence_length())
    least = smallest_layout(to_fit)
    layout = _ask(index, run, least)
    try:
        use = to_fit.use(layout)
    except InputError as error:
        st.error(error_text(error), icon=":material/block:")
        return
    fits = to_fit.fits(layout)
    usable = to_fit.usable * memory_bytes(chip)
    st.markdown(f"{_fit_sentence(layout, use.total, usable, fits=fits)} {_fewest_sentence(run, least)}")
    st.plotly_chart(
        memory_figure(use, usable, {part: words(NAMES[part]) for part in PARTS}, words),
        key="memory",
        alt=words("Memory of the fullest accelerator by what is kept in it."),
    )
    if not fits:
        _changes_table(what_would_fit(to_fit, layout))


def _ask(index: int, run: PlannedRun, least: Layout | None) -> Layout:
    """The layout in question: the smallest that fits to begin with, filled up with data parallelism."""
    assert run.architecture is not None
    start, at = least or Layout(), f"layout-{index}-"
    with st.grid(3, min_column_width=200):
        tensor = ask_one(
            at + "tensor",
            words("Split each layer over (tensor parallelism)"),
            {size: formats.decimal(size, 0) for size in tensor_sizes(run.architecture)},
            start.tensor,
        )
        pipeline = ask_one(
            at + "pipeline",
            words("Split the layers over (pipeline parallelism)"),
            {size: formats.decimal(size, 0) for size in pipeline_sizes(run.architecture)},
            start.pipeline,
        )
        zero = ask_one(
            at + "zero",
            words("Shared out among copies"),
            {stage: words(name) for stage, name in ZERO.items()},
            start.zero_stage,
        )
        recompute = ask_one(
            at + "recompute",
            words("Computed again in the backward pass"),
            {kind: words(name) for kind, name in RECOMPUTE.items()},
            start.recompute,
        )
        micro_batch = int(chosen(at + "micro", start.micro_batch))
        ask_number(at + "micro", MICRO_BATCH, micro_batch)
    data = max(1, run.accelerator_count // (tensor * pipeline))
    st.button(words("Propose a layout"), key=at + "propose", on_click=forget, args=(at,))
    return replace(
        start,
        data=data,
        tensor=tensor,
        pipeline=pipeline,
        expert=start.expert if data % start.expert == 0 else 1,
        zero_stage=zero,
        sequence_parallel=tensor > 1,
        recompute=recompute,
        micro_batch=micro_batch,
        interleave=1,
    )


def _fit_sentence(layout: Layout, used: float, usable: float, *, fits: bool) -> str:
    sizes = {"used": _gigabytes(used), "usable": _gigabytes(usable), "copies": formats.decimal(layout.data, 0)}
    text = (
        words("**It fits**: {used} of {usable} GB usable on the fullest accelerator, {copies} copies of the model.")
        if fits
        else words("**It does not fit**: {used} GB on the fullest accelerator, {usable} GB usable.")
    )
    return text.format(**sizes)


def _fewest_sentence(run: PlannedRun, least: Layout | None) -> str:
    if least is None:
        return words("No layout of this accelerator holds it, however many there are.")
    return words("The fewest accelerators that hold it: {count}; the run has {planned}.").format(
        count=formats.decimal(least.accelerators, 0), planned=formats.decimal(run.accelerator_count, 0)
    )


def _changes_table(changes: tuple[Change, ...]) -> None:
    if not changes:
        st.caption(words("No single change makes it fit."))
        return
    rows = [
        {
            words("What would make it fit"): words(CHANGES[one.code]),
            words("Accelerators"): formats.decimal(one.layout.accelerators, 0),
            words("Layout"): _layout_text(one.layout),
            words("Accelerator"): one.accelerator.name,
            words("GB used"): _gigabytes(one.use.total),
        }
        for one in changes
    ]
    st.dataframe(pd.DataFrame(rows), hide_index=True, alt=words("Changes that would make the run fit, cheapest first"))


def _layout_text(layout: Layout) -> str:
    text = words("data {data} × tensor {tensor} × pipeline {pipeline}, ZeRO {zero}, recompute {recompute}")
    return text.format(
        data=layout.data,
        tensor=layout.tensor,
        pipeline=layout.pipeline,
        zero=layout.zero_stage,
        recompute=words(RECOMPUTE[layout.recompute]),
    )


def _gigabytes(size: float) -> str:
    return formats.decimal(size / 1e9, 1)
