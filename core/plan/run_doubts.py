"""Figures of a planned run that can be, but probably are not meant, and the values that would put each right."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from core.compute.accelerators import Accelerator, accelerators
from core.compute.architecture import Architecture, active_parameters, total_parameters
from core.compute.plausibility import (
    DoubtCode,
    active_parameters_doubt,
    attention_doubt,
    mfu_doubts,
    mixture_of_total,
    peak_doubts,
    token_doubts,
)
from core.compute.precision import Precision, pace
from core.compute.training_runs import published_runs
from core.compute.utilisation import WHOLE_RUN_MFU
from core.plan.scenario import PlannedRun

TOLERATED_DIFFERENCE = 0.02  # makers round their parameters by as much
SAME_SIZE = 0.1  # tokens are compared with those of published models of about the run's size


@dataclass(frozen=True)
class RunDoubt:
    """What looks wrong about `value`, as core.compute.plausibility has it, or other_than_shape.

    right: the likely right values by field of the run; empty where nobody knows them
    model: the published model that the figure seems to be taken from
    """

    code: DoubtCode | Literal["other_than_shape"]
    value: float
    expected: float
    right: Mapping[str, float] = field(default_factory=dict)
    model: str = ""


def run_doubts(run: PlannedRun, sequence_length: float) -> tuple[RunDoubt, ...]:
    """All doubts about a run that trains on sequences of this length."""
    chip = accelerators().get(run.accelerator)
    if chip is not None and run.precision == "fp8" and chip.fp8_dense_tflops is None:
        chip = None  # an old scenario may name what its accelerator lacks
    return (
        *_utilisation(run, chip),
        *_peak(run, chip),
        *_tokens(run),
        *(_shape(run, run.architecture, sequence_length) if run.architecture else _mixture(run)),
    )


def likely_mfu(chip: Accelerator | None, precision: Precision) -> float:
    """The geometric mean of published runs, in FP8 a share of the FP8 peak."""
    mean = WHOLE_RUN_MFU.geometric_mean
    return round(float(pace(chip, precision).mfu) if chip is not None else mean, 3)


def shape_sizes(shape: Architecture) -> dict[str, float]:
    """The parameters of a shape as fields of a run."""
    return {
        "total_parameters": float(total_parameters(shape).total),
        "active_parameters": float(active_parameters(shape).total),
    }


def _utilisation(run: PlannedRun, chip: Accelerator | None) -> Iterator[RunDoubt]:
    """The most telling one alone: above what any matrix multiplication reaches is above every run too."""
    found = mfu_doubts(run.mfu, "whole-run MFU", chip, run.precision)
    if found:
        doubt = found[-1]
        right = doubt.expected if doubt.code == "per_cent" else likely_mfu(chip, run.precision)
        yield RunDoubt(doubt.code, doubt.value, doubt.expected, {"mfu": right})


def _peak(run: PlannedRun, chip: Accelerator | None) -> Iterator[RunDoubt]:
    for doubt in peak_doubts(run.peak_flops, chip, run.precision):
        yield RunDoubt(doubt.code, doubt.value, doubt.expected, {"peak_flops": doubt.expected})


def _tokens(run: PlannedRun) -> Iterator[RunDoubt]:
    alike = {
        one.tokens: one.name
        for one in published_runs()
        if abs(one.active_parameters / run.active_parameters - 1) <= SAME_SIZE
    }
    for doubt in token_doubts(run.tokens, alike):
        yield RunDoubt(doubt.code, doubt.value, doubt.expected, {"tokens": doubt.expected}, alike[doubt.expected])


def _shape(run: PlannedRun, shape: Architecture, sequence_length: float) -> Iterator[RunDoubt]:
    sizes = shape_sizes(shape)
    confused = active_parameters_doubt(shape, run.active_parameters)
    if confused:
        yield RunDoubt(confused[0].code, confused[0].value, confused[0].expected, sizes)
    else:
        apart = {name: abs(getattr(run, name) / size - 1) for name, size in sizes.items()}
        worst = max(apart, key=apart.__getitem__)
        if apart[worst] > TOLERATED_DIFFERENCE:
            yield RunDoubt("other_than_shape", getattr(run, worst), sizes[worst], sizes)
    for doubt in attention_doubt(shape, sequence_length):
        yield RunDoubt(doubt.code, doubt.value, doubt.expected)


def _mixture(run: PlannedRun) -> Iterator[RunDoubt]:
    """A run without a shape, as dense as can be, of exactly the size of a published mixture."""
    model = mixture_of_total(run.active_parameters) if run.active_parameters == run.total_parameters else None
    if model is not None:
        active = shape_sizes(model)["active_parameters"]
        yield RunDoubt("total_for_active", run.active_parameters, active, {"active_parameters": active}, model.name)
