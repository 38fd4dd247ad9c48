"""Figures of a run that are possible but probably not meant: said in plain words, with the likely right value."""

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from core.compute.accelerators import accelerators
from core.compute.architecture import active_parameters, active_parameters_doubt, total_parameters
from core.compute.plausibility import mfu_doubts, peak_doubts, token_doubts
from core.compute.training_runs import published_runs
from core.plan.scenario import PlannedRun
from ui import formats, scenario_state
from ui.language import words

SAME_SIZE = 0.1  # only who trains a published model again is likely to have its tokens in words
TOLERATED_DIFFERENCE = 0.02  # makers round their parameters by as much


@dataclass(frozen=True)
class Remark:
    """A sentence, and the edit that would take the likely right value; none where there is no single one."""

    text: str
    use: Mapping[str, object] | None = None
    shown: str = ""


def show(index: int) -> None:
    """A warning for each doubt about a run, with a button that takes the likely right value."""
    run = scenario_state.current().runs[index]
    for number, remark in enumerate(remarks(run, f"runs.{index}.")):
        st.warning(remark.text, icon=":material/warning:")
        if remark.use is not None:
            st.button(
                words("Use {value}").format(value=remark.shown),
                key=f"doubt-{number}",
                on_click=scenario_state.edit,
                args=(remark.use,),
            )


def remarks(run: PlannedRun, at: str) -> list[Remark]:
    """What is doubtful about the run whose fields' paths begin with `at`."""
    return [*_about_utilisation(run), *_about_the_peak(run, at), *_about_tokens(run, at), *_about_shape(run, at)]


def _about_utilisation(run: PlannedRun) -> list[Remark]:
    chip = accelerators().get(run.accelerator)
    mfu = formats.percent(run.mfu)
    texts = {
        "above_published_runs": words("{mfu} MFU over the whole run is more than any published run reached."),
        "above_matmul_ceiling": words(
            "{mfu} MFU is more than the fastest single matrix multiplication measured on this accelerator reaches."
        ),
    }
    found = mfu_doubts(run.mfu, "whole-run MFU", chip, run.precision)
    return [Remark(texts[doubt.code].format(mfu=mfu)) for doubt in found if doubt.code in texts]


def _about_the_peak(run: PlannedRun, at: str) -> list[Remark]:
    chip = accelerators().get(run.accelerator)
    text = words(
        "A peak of {peak} TFLOP/s is the headline with sparsity, which no training uses. The dense peak is {dense}."
    )
    return [
        Remark(
            text.format(peak=formats.decimal(run.peak_flops / 1e12, 1), dense=_tflops(float(doubt.expected))),
            {at + "peak_flops": float(doubt.expected)},
            _tflops(float(doubt.expected)),
        )
        for doubt in peak_doubts(run.peak_flops, chip, run.precision)
    ]


def _about_tokens(run: PlannedRun, at: str) -> list[Remark]:
    text = words(
        "{tokens} is three quarters of the {meant} tokens of a published run of this size: Epoch and others count "
        "data sets in words."
    )
    published = [one.tokens for one in published_runs() if _same_size(one.parameters, run.total_parameters)]
    return [
        Remark(
            text.format(tokens=formats.quantity(run.tokens), meant=formats.quantity(float(doubt.expected))),
            {at + "tokens": float(doubt.expected)},
            formats.quantity(float(doubt.expected)),
        )
        for doubt in token_doubts(run.tokens, published)
    ]


def _about_shape(run: PlannedRun, at: str) -> list[Remark]:
    if run.architecture is None:
        return []
    total = float(total_parameters(run.architecture).total)
    active = float(active_parameters(run.architecture).total)
    counts = {at + "total_parameters": total, at + "active_parameters": active}
    shown = words("{total} in total, {active} active").format(
        total=formats.quantity(total), active=formats.quantity(active)
    )
    if active_parameters_doubt(run.architecture, run.active_parameters) is not None:
        text = words("{given} active parameters are nearer to the total of this shape; a token meets {active}.")
        given = formats.quantity(run.active_parameters)
        return [Remark(text.format(given=given, active=formats.quantity(active)), counts, shown)]
    differs = max(abs(run.total_parameters / total - 1), abs(run.active_parameters / active - 1))
    if differs > TOLERATED_DIFFERENCE:
        return [Remark(words("The run's parameters are not those of its shape."), counts, shown)]
    return []


def _same_size(published: float, planned: float) -> bool:
    return abs(published / planned - 1) <= SAME_SIZE


def _tflops(flops: float) -> str:
    return words("{count} TFLOP/s").format(count=formats.decimal(flops / 1e12, 1))
