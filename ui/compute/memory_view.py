"""Whether a training run fits its accelerators: memory by what is kept, and what would make it fit."""

from dataclasses import replace

import pandas as pd
import streamlit as st

from core.charts.memory import PART_COLOURS, memory_figure
from core.compute.accelerators import accelerators
from core.compute.architecture import Architecture, total_parameters
from core.compute.fitting import Change, RunToFit, proposed_layout, smallest_layout, what_would_fit
from core.compute.layout import Layout, expert_sizes, pipeline_sizes, tensor_sizes
from core.compute.memory import memory_bytes, minimum_accelerators
from core.compute.published_shapes import nearest_architecture, plain
from core.errors import InputError
from core.plan.scenario import PlannedRun
from ui import formats
from ui.chart_words import draw_chart
from ui.compute.architecture_view import ask_sequence_length, sequence_length
from ui.compute.page_choices import Number, ask_number, ask_one, ask_whether, choose, chosen, forget
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
DATA = Number(N_("Copies of the model (data parallelism)"), low=1, help=N_("Each works on its own part of the batch."))
MICRO_BATCH = Number(N_("Sequences at once (micro-batch)"), low=1, high=4096)


def show(index: int, run: PlannedRun) -> None:
    """The memory of one planned run, with the nearest published shape where the run states none."""
    chip = accelerators().get(run.accelerator)
    if chip is None:
        st.info(words("Memory follows from a known accelerator. Choose one above."))
        return
    shape = run.architecture
    if shape is None:
        nearest = nearest_architecture(run.total_parameters, run.active_parameters)
        text = words("The run states no shape; this is {model}, the nearest published one ({count} parameters).")
        st.caption(text.format(model=nearest.name, count=formats.quantity(total_parameters(nearest).total)))
        shape = plain(nearest)
    to_fit, at = RunToFit(shape, chip, sequence_length()), f"layout-{index}-"
    smallest, proposal = smallest_layout(to_fit), proposed_layout(to_fit, run.accelerator_count)
    place = st.container()
    layout = _ask(at, shape, proposal or Layout(), run.accelerator_count)
    with place:
        try:
            _result(to_fit, layout, run, smallest)
        except InputError as error:
            st.error(error_text(error), icon=":material/block:")
            return
        _use_all(at, layout, run)
    if not to_fit.fits(layout):
        _changes(at, what_would_fit(to_fit, layout))


def _result(to_fit: RunToFit, layout: Layout, run: PlannedRun, smallest: Layout | None) -> None:
    use, chip = to_fit.use(layout), to_fit.accelerator
    usable = to_fit.usable * memory_bytes(chip)
    text = (
        words("**It fits**: {used} of {usable} GB usable on the fullest accelerator. {fewest}")
        if to_fit.fits(layout)
        else words("**It does not fit**: {used} GB on the fullest accelerator, {usable} GB usable. {fewest}")
    )
    st.markdown(
        text.format(used=_gigabytes(use.total), usable=_gigabytes(usable), fewest=_fewest(to_fit, run, smallest))
    )
    draw_chart(
        memory_figure(
            use,
            usable_bytes=usable,
            memory_bytes=memory_bytes(chip),
            names={part: words(NAMES[part]) for part in PART_COLOURS},
            words=words,
        ),
        key="memory",
        alt=words("Memory of the fullest accelerator by what is kept in it."),
    )


def _fewest(to_fit: RunToFit, run: PlannedRun, smallest: Layout | None) -> str:
    if smallest is None:
        return words("No layout of this accelerator holds it, however many there are.")
    parameters = float(total_parameters(to_fit.model).total)
    bound = float(minimum_accelerators(parameters, memory_bytes(to_fit.accelerator), state=to_fit.state))
    text = words(
        "Weights, gradients and optimizer alone fill {bound} accelerators; the smallest layout that also holds the "
        "activations takes {count}. The run has {planned}."
    )
    return _counted(text, bound=bound, count=smallest.accelerators, planned=run.accelerator_count)


def _ask(at: str, shape: Architecture, start: Layout, accelerator_count: int) -> Layout:
    """The layout in question: the proposal to begin with, then what the user changes in it."""
    even = words("Sizes that divide heads and widths, within a server of eight.")
    stages = words("Sizes with even stages; embedding and output may stand for a layer.")
    with st.grid(4, min_column_width=200):
        tensor = ask_one(
            at + "tensor",
            words("Split each layer over (tensor parallelism)"),
            _counts(tensor_sizes(shape)),
            start.tensor,
            even,
        )
        pipeline = ask_one(
            at + "pipeline",
            words("Split the layers over (pipeline parallelism)"),
            _counts(pipeline_sizes(shape)),
            start.pipeline,
            stages,
        )
        same = (tensor, pipeline) == (start.tensor, start.pipeline)
        filled = start.data if same else max(1, accelerator_count // (tensor * pipeline))
        data = int(chosen(at + "data", filled))
        ask_number(at + "data", DATA, data)
        expert = start.expert
        if shape.moe_layers:
            sizes = expert_sizes(shape, data)
            label = words("Share the experts out over (expert parallelism)")
            expert = ask_one(at + "expert", label, _counts(sizes), start.expert if start.expert in sizes else 1)
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
        ask_sequence_length(at)
        shared = ask_whether(at + "sequence", words("Sequence parallelism"), default=tensor > 1, possible=tensor > 1)
    st.button(words("Propose a layout"), key=at + "propose", icon=":material/undo:", on_click=forget, args=(at,))
    return replace(
        start,
        data=data,
        tensor=tensor,
        pipeline=pipeline,
        expert=expert,
        zero_stage=zero,
        sequence_parallel=shared,
        recompute=recompute,
        micro_batch=micro_batch,
        interleave=1,
    )


def _counts(sizes: list[int]) -> dict[int, str]:
    return {size: formats.decimal(size, 0) for size in sizes}


def _use_all(at: str, layout: Layout, run: PlannedRun) -> None:
    """A word where the layout takes more or fewer accelerators than the run has, and the copies that would use them."""
    one_copy = layout.tensor * layout.pipeline
    copies, idle = divmod(run.accelerator_count, one_copy)
    if copies == layout.data:
        if idle:
            text = words("{idle} of {planned} accelerators stay idle: {copies} copies of {one_copy} do not fill them.")
            st.caption(_counted(text, idle=idle, planned=run.accelerator_count, copies=copies, one_copy=one_copy))
        return
    text = words(
        "This layout takes {count} accelerators: {data} copies of {one_copy}. The run has {planned}, enough for "
        "{copies} copies."
    )
    numbers = {"count": layout.accelerators, "data": layout.data, "planned": run.accelerator_count}
    st.warning(_counted(text, one_copy=one_copy, copies=copies, **numbers), icon=":material/warning:")
    if copies >= 1 and copies % layout.expert == 0:
        label = words("Use {value}").format(value=_counted(words("{copies} copies"), copies=copies))
        st.button(label, key=at + "copies", on_click=choose, args=(at + "data", copies))


def _counted(text: str, **counts: float) -> str:
    return text.format(**{name: formats.decimal(count, 0) for name, count in counts.items()})


def _changes(at: str, changes: tuple[Change, ...]) -> None:
    if not changes:
        st.caption(words("No single change makes it fit."))
        return
    st.markdown(words("**Each of these would make it fit, the cheapest first**"))
    rows = [
        {
            words("What would make it fit"): words(CHANGES[one.code]),
            words("GB used"): _gigabytes(one.use.total),
            words("Accelerators"): formats.decimal(one.layout.accelerators, 0),
            words("Accelerator"): one.accelerator.name,
            words("Layout"): _layout_text(one.layout),
        }
        for one in changes
    ]
    st.dataframe(pd.DataFrame(rows), hide_index=True, alt=words("Changes that would make the run fit, cheapest first"))
    first = next((one for one in changes if one.code not in ("more_accelerators", "larger_accelerator")), None)
    if first is not None:
        label = words("Do the first: {change}").format(change=words(CHANGES[first.code]))
        st.button(label, key=at + "change", on_click=_take, args=(at, first.layout))


def _take(at: str, layout: Layout) -> None:
    for name, value in (
        ("tensor", layout.tensor),
        ("pipeline", layout.pipeline),
        ("data", layout.data),
        ("expert", layout.expert),
        ("zero", layout.zero_stage),
        ("recompute", layout.recompute),
        ("micro", layout.micro_batch),
        ("sequence", layout.sequence_parallel),
    ):
        choose(at + name, value)


def _layout_text(layout: Layout) -> str:
    text = words(
        "data {data} × tensor {tensor} × pipeline {pipeline}, ZeRO {zero}, micro-batch {micro}, recompute {recompute}"
    )
    return text.format(
        data=layout.data,
        tensor=layout.tensor,
        pipeline=layout.pipeline,
        zero=layout.zero_stage,
        micro=layout.micro_batch,
        recompute=words(RECOMPUTE[layout.recompute]),
    )


def _gigabytes(size: float) -> str:
    return formats.decimal(size / 1e9, 1)
