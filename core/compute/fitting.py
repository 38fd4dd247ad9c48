"""Which layout makes a training run fit: the smallest that does, and what to change where one does not."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal, get_args

from core.compute.accelerators import Accelerator, accelerators
from core.compute.architecture import Architecture
from core.compute.layout import ACCELERATORS_PER_NODE, Layout, Recompute, check_layout, pipeline_sizes, tensor_sizes
from core.compute.memory import (
    ADAM,
    USABLE_MEMORY,
    MemoryUse,
    TrainingState,
    fits,
    memory_bytes,
    memory_per_accelerator,
)
from core.errors import InputError

ChangeCode = Literal[
    "sequence_parallel",
    "zero_stage",
    "micro_batch",
    "recompute",
    "model_parallel",
    "other_layout",
    "more_accelerators",
    "larger_accelerator",
]


@dataclass(frozen=True)
class RunToFit:
    """What is to be trained on what; the layout is sought. Fields as in core.compute.memory."""

    model: Architecture
    accelerator: Accelerator
    sequence_length: int
    state: TrainingState = ADAM
    dropout: bool = False
    activation_factor: float = 1.0
    accelerators_per_node: int = ACCELERATORS_PER_NODE
    usable: float = USABLE_MEMORY

    def use(self, layout: Layout) -> MemoryUse:
        """Memory of the fullest accelerator. Raises InputError for an impossible layout."""
        return memory_per_accelerator(
            self.model,
            layout,
            self.sequence_length,
            state=self.state,
            dropout=self.dropout,
            activation_factor=self.activation_factor,
            accelerators_per_node=self.accelerators_per_node,
        )

    def fits(self, layout: Layout) -> bool:
        return fits(self.use(layout), self.accelerator, self.usable)


@dataclass(frozen=True)
class Change:
    """A change that is enough by itself: what to change, the layout and the accelerator after it, and the use then."""

    code: ChangeCode
    layout: Layout
    accelerator: Accelerator
    use: MemoryUse


def smallest_layout(run: RunToFit, *, micro_batch: int = 1) -> Layout | None:
    """The layout on the fewest accelerators that fits; of equals the one with least recomputation, ZeRO and pipeline.

    None if none fits, however many accelerators: the activations or the weights of one layer alone are too much.
    """
    return _smallest(_fitting_layouts(run, micro_batch))


def proposed_layout(run: RunToFit, accelerator_count: int, *, micro_batch: int = 1) -> Layout | None:
    """How to lay a run out on the accelerators that there are: what fits with the least recomputation, then without
    ZeRO stage 3, then with fewest left idle, the shortest pipeline and the fewest tensor-parallel ranks.

    Where too few are there, the smallest layout; None if none fits.
    """
    fitting = _fitting_layouts(run, micro_batch)
    filled = [
        replace(one, data=accelerator_count // (one.tensor * one.pipeline))
        for one in fitting
        if one.accelerators <= accelerator_count
    ]

    def cost(one: Layout) -> tuple[int, ...]:
        recompute, zero_stage, pipeline, tensor = _effort(one)
        idle = accelerator_count - one.accelerators
        return recompute, zero_stage == 3, idle, pipeline, tensor, zero_stage

    return min(filled, key=cost, default=_smallest(fitting))


def what_would_fit(run: RunToFit, layout: Layout) -> tuple[Change, ...]:
    """Changes that make the run fit, each enough by itself, cheapest first; none if it fits as it is.

    On the accelerators at hand: sequence parallelism and ZeRO stages 1 and 2 cost next to nothing, recomputing the
    attention scores about as little (Korthikanti et al. 2022, section 6), a smaller micro-batch some efficiency, ZeRO
    stage 3 half as much communication again (Rajbhandari et al. 2020, section 7), more tensor or pipeline parallelism
    idle time, full recomputation a third more FLOPs; then several changes at once. More or larger accelerators cost
    money.
    """
    if run.fits(layout):
        return ()
    changes: dict[ChangeCode, Change] = {}

    def add(code: ChangeCode, changed: Layout | None) -> None:
        known = code in changes or changed in [one.layout for one in changes.values()]
        if changed is not None and not known and run.fits(changed):
            changes[code] = Change(code, changed, run.accelerator, run.use(changed))

    for code, changed in _changed_layouts(run, layout):
        add(code, changed)
    fitting = _fitting_layouts(run, layout.micro_batch)
    add("other_layout", _least_effort_on_same_accelerators(layout, fitting))
    add("more_accelerators", _smallest([one for one in fitting if one.accelerators > layout.accelerators]))
    needed = run.use(layout)
    larger = [chip for chip in accelerators().values() if fits(needed, chip, run.usable)]
    if larger:
        least = min(larger, key=lambda chip: chip.memory_gb)
        changes["larger_accelerator"] = Change("larger_accelerator", layout, least, needed)
    return tuple(changes.values())


@lru_cache(maxsize=64)
def _fitting_layouts(run: RunToFit, micro_batch: int) -> tuple[Layout, ...]:
    """Layouts that fit, with no more data parallelism than that takes, for all shapes and ZeRO stages."""
    if micro_batch < 1:
        raise InputError("out_of_range", "micro_batch", micro_batch, "1 <= micro_batch")
    recomputations: tuple[Recompute, ...] = ("selective", "full")
    shapes = (
        Layout(
            tensor=tensor,
            pipeline=pipeline,
            sequence_parallel=tensor > 1,
            recompute=recompute,
            micro_batch=micro_batch,
        )
        for tensor in tensor_sizes(run.model, run.accelerators_per_node)
        for pipeline in pipeline_sizes(run.model)
        for recompute in recomputations
    )
    return tuple(layout for shape in shapes for layout in _least_data_parallel(run, shape))


def _smallest(layouts: Sequence[Layout]) -> Layout | None:
    return min(layouts, key=lambda one: (one.accelerators, *_effort(one)), default=None)


def _least_effort_on_same_accelerators(layout: Layout, fitting: Sequence[Layout]) -> Layout | None:
    """Of the fitting layouts, filled up with data parallelism to the same count, the one of least effort, if possible
    with the same tensor and pipeline sizes."""
    count = layout.accelerators
    filled = [
        replace(one, data=count // (one.tensor * one.pipeline))
        for one in fitting
        if one.accelerators <= count and count % (one.tensor * one.pipeline) == 0
    ]

    def cost(one: Layout) -> tuple[int, ...]:
        moved = (one.tensor, one.pipeline) != (layout.tensor, layout.pipeline)
        return _effort(one)[0], int(moved), *_effort(one)[1:]

    return min(filled, key=cost, default=None)


def _least_data_parallel(run: RunToFit, shape: Layout) -> Iterator[Layout]:
    """The shape with the fewest data-parallel ranks that fit, for each ZeRO stage that helps."""
    if run.fits(shape):
        yield shape
        return
    for zero_stage in (1, 2, 3):
        use = run.use(replace(shape, data=2, zero_stage=zero_stage))
        parts = (use.optimizer, use.gradients, use.parameters)
        on_one_rank = 2 * sum(parts[:zero_stage])
        room = run.usable * memory_bytes(run.accelerator) - (use.total - on_one_rank / 2)
        if room > 0:
            yield replace(shape, data=max(2, math.ceil(on_one_rank / room)), zero_stage=zero_stage)


def _effort(layout: Layout) -> tuple[int, ...]:
    return get_args(Recompute).index(layout.recompute), layout.zero_stage, layout.pipeline, layout.tensor


def _changed_layouts(run: RunToFit, layout: Layout) -> Iterator[tuple[ChangeCode, Layout]]:
    """Layouts on as many accelerators that differ in one respect, cheapest respect first."""
    if layout.tensor > 1 and not layout.sequence_parallel:
        yield "sequence_parallel", replace(layout, sequence_parallel=True)
    shared = range(layout.zero_stage + 1, 4) if layout.data > 1 else range(0)
    yield from (("zero_stage", replace(layout, zero_stage=stage)) for stage in shared if stage < 3)
    if layout.recompute == "none":
        yield "recompute", replace(layout, recompute="selective")
    yield from (("micro_batch", replace(layout, micro_batch=size)) for size in range(layout.micro_batch - 1, 0, -1))
    yield from (("zero_stage", replace(layout, zero_stage=stage)) for stage in shared if stage == 3)
    yield from (("model_parallel", changed) for changed in _more_model_parallel(run, layout))
    if layout.recompute != "full":
        yield "recompute", replace(layout, recompute="full")


def _more_model_parallel(run: RunToFit, layout: Layout) -> Iterator[Layout]:
    """Layouts that trade data parallelism for tensor or pipeline parallelism, least trade first."""
    sizes = [
        (tensor * pipeline, tensor, pipeline)
        for tensor in tensor_sizes(run.model, run.accelerators_per_node)
        for pipeline in pipeline_sizes(run.model)
        if tensor >= layout.tensor
        and pipeline >= layout.pipeline
        and (tensor, pipeline) != (layout.tensor, layout.pipeline)
    ]
    for together, tensor, pipeline in sorted(sizes):
        if layout.accelerators % together == 0:
            data = layout.accelerators // together
            changed = replace(layout, data=data, tensor=tensor, pipeline=pipeline, sequence_parallel=tensor > 1)
            if _possible(run, changed):
                yield changed


def _possible(run: RunToFit, layout: Layout) -> bool:
    try:
        check_layout(run.model, layout, accelerators_per_node=run.accelerators_per_node)
    except InputError:
        return False
    return True
