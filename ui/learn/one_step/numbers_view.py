"""The samples and the weights as tables to type in."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import streamlit as st

from core.formulas.net_examples import Array, NetExample
from core.formulas.small_net import MOST_SAMPLES
from ui.language import current_language, words
from ui.learn.one_step.lesson import as_published, keep_array, kept_array, own


def show(example: NetExample) -> None:
    """Whatever is typed is kept for this example and drawn at once."""
    st.markdown("**" + words("Samples") + "**")
    _samples(example)
    for layer, into, title in (
        ("hidden", "x", words("Hidden units: a row each")),
        ("output", "h", words("Outputs: a row each")),
    ):
        st.markdown(f"**{title}**")
        _layer(example, layer, into)
    st.button(
        words("Back to the example's own numbers and formulas"),
        key=own(example) + "reset",
        on_click=_reset,
        args=(example,),
        icon=":material/restart_alt:",
    )


def _samples(example: NetExample) -> None:
    inputs, targets = (
        kept_array(example, "inputs", example.inputs),
        kept_array(example, "targets", example.targets),
    )
    columns = [f"x{place + 1}" for place in range(inputs.shape[1])]
    wanted = [words("class")] if targets.ndim == 1 else [f"t{place + 1}" for place in range(targets.shape[1])]
    table = np.column_stack([inputs, targets])
    typed = _edited(
        example, "samples", table, [*columns, *wanted], words("Inputs and targets of each sample"), grows=True
    )
    if typed is None or len(typed) == 0:
        return
    keep_array(example, "inputs", typed[:, : len(columns)])
    rest = typed[:, len(columns) :]
    keep_array(example, "targets", rest[:, 0] if targets.ndim == 1 else rest)
    st.rerun()


def _layer(example: NetExample, layer: str, into: str) -> None:
    names = f"{layer}_weights", f"{layer}_bias"
    weights, bias = (kept_array(example, name, getattr(example.net, name)) for name in names)
    columns = [words("from {unit}").format(unit=f"{into}{place + 1}") for place in range(weights.shape[1])]
    alt = words("Weights and bias of each unit")
    typed = _edited(example, layer, np.column_stack([weights, bias]), [*columns, words("bias")], alt, grows=False)
    if typed is None or len(typed) != len(weights):
        return
    keep_array(example, names[0], typed[:, :-1])
    keep_array(example, names[1], typed[:, -1])
    st.rerun()


def _edited(
    example: NetExample, part: str, table: Array, columns: Sequence[str], alt: str, *, grows: bool
) -> Array | None:
    """The table as typed, None while it is as it was; a row with an empty cell does not count yet.

    The editor builds on one base, which is renewed only when it is drawn anew.
    """
    widget, base = f"{own(example)}{part}-{current_language()}", f"{own(example)}{part}-base"
    if widget not in st.session_state or base not in st.session_state:
        st.session_state[base] = pd.DataFrame(table, columns=list(columns))
    number = st.column_config.NumberColumn(format="%.6g", width="small")
    edited = st.data_editor(
        st.session_state[base],
        key=widget,
        num_rows="dynamic" if grows else "fixed",
        hide_index=True,
        column_config=dict.fromkeys(columns, number),
        alt=alt,
    )
    typed = edited.apply(pd.to_numeric, errors="coerce").dropna().to_numpy(dtype=np.float64)[:MOST_SAMPLES]
    return None if typed.shape == table.shape and np.array_equal(typed, table) else typed


def _reset(example: NetExample) -> None:
    as_published(example)
    for part in ("samples", "hidden", "output"):
        st.session_state.pop(f"{own(example)}{part}-base", None)
