"""Figures of a run that are possible but probably not meant: said in plain words, with the likely right value."""

from collections.abc import Callable, Mapping

import streamlit as st

from core.plan.run_doubts import RunDoubt, run_doubts
from ui import formats, scenario_state
from ui.compute.architecture_view import sequence_length
from ui.language import N_, words

DOUBTS = {
    "per_cent": N_("An MFU of {value} is below anything that ever trained a model: {expected} was probably meant."),
    "above_published_runs": N_(
        "An MFU of {value} over the whole run is more than any maker of a model reports; the highest is {expected}. If "
        "it was measured while a step ran, or counts recomputed work, turn it into one of the whole run further down."
    ),
    "above_matmul_ceiling": N_(
        "An MFU of {value} is out of reach: the fastest single matrix multiplication measured on this accelerator "
        "comes to {expected} of its peak."
    ),
    "sparse_peak": N_(
        "A peak of {value} TFLOP/s is the headline with sparsity, which no training uses. The dense peak is {expected}."
    ),
    "words_for_tokens": N_(
        "{value} is three quarters of the {expected} tokens that {model} was trained on: some tables, Epoch's among "
        "them, count data sets in words."
    ),
    "total_for_active": N_(
        "{value} look like all parameters of {model}. A token meets {expected} of them, and only those cost compute."
    ),
    "other_than_shape": N_("The run counts {value} parameters where its shape has {expected}."),
    "attention_left_out": N_(
        "In sequences of {length} tokens attention brings the work to {value} × 6·N·D. MFU here, as in most published "
        "figures, counts 6·N·D alone; one that counts attention too is to be divided by {value}."
    ),
}


def show(index: int) -> None:
    """A warning for each doubt about a run, with a button that takes the likely right values."""
    run = scenario_state.current().runs[index]
    for doubt in run_doubts(run, sequence_length()):
        place = st.container()
        if doubt.right:
            place, taking = st.columns([4, 1], vertical_alignment="center")
            with taking:
                st.button(
                    words("Use {value}").format(value=_taken(doubt)),
                    key=f"doubt-{doubt.code}",
                    width="stretch",
                    on_click=scenario_state.edit,
                    args=({f"runs.{index}.{field}": value for field, value in doubt.right.items()},),
                )
        place.warning(_sentence(doubt), icon=":material/warning:")


def _sentence(doubt: RunDoubt) -> str:
    form = FORMS[doubt.code]
    return words(DOUBTS[doubt.code]).format(
        value=form(doubt.value),
        expected=form(doubt.expected),
        model=doubt.model or words("its shape"),
        length=formats.decimal(sequence_length(), 0),
    )


def _taken(doubt: RunDoubt) -> str:
    if len(doubt.right) > 1:
        return words("the shape's parameters")
    return FORMS[doubt.code](next(iter(doubt.right.values())))


def _share(value: float) -> str:
    return formats.percent(value, 2 if value < 0.1 else 1)


def _tflops(value: float) -> str:
    return formats.decimal(value / 1e12, 1)


def _times(value: float) -> str:
    return formats.decimal(value, 2)


FORMS: Mapping[str, Callable[[float], str]] = {
    "per_cent": _share,
    "above_published_runs": _share,
    "above_matmul_ceiling": _share,
    "sparse_peak": _tflops,
    "words_for_tokens": formats.quantity,
    "total_for_active": formats.quantity,
    "other_than_shape": formats.quantity,
    "attention_left_out": _times,
}
