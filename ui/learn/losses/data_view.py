"""Predictions and targets of a loss in a table that can be typed; losses with the same example share it."""

from typing import Any

import pandas as pd
import streamlit as st

from core.errors import InputError
from core.formulas.losses.data import Column, Rows, as_arrays, columns, example_rows, parts_of, resized, same_data
from core.formulas.losses.row import Loss
from ui.compute.page_choices import choose, chosen
from ui.language import N_, current_language, words

PREFIX = "losses-"
VERSION_KEY, BASE_KEY = "losses-editor-version", "losses-editor-base"
MOST_ROWS, MOST_PARTS = 100, 10
OUTLIER = 10.0
INPUT_NAMES: dict[str, tuple[str, ...]] = {
    "gaussian_nll": (N_("predicted mean"), N_("predicted variance")),
    "margin_ranking": (N_("first"), N_("second")),
    "cosine_embedding": (N_("first"), N_("second")),
    "triplet": (N_("anchor"), N_("positive"), N_("negative")),
}
TARGET_NAMES: dict[str, str] = {"classes": N_("target class"), "signs": N_("target, -1 or 1"), "counts": N_("count")}


def ask(row: Loss) -> tuple[Any, Any]:
    """Predictions and targets as typed. Raises InputError where they make no data."""
    labels = _labels(row) if row.inputs.targets == "labels" else ()
    parts = _parts(row)
    rows = _edited(row, parts)
    _buttons(row, rows)
    return as_arrays(row, parts, rows[:MOST_ROWS], labels)


def class_weights(row: Loss) -> list[float] | None:
    """A weight for each class, where the loss takes one and it is asked for."""
    key = f"{PREFIX}weighted"
    st.session_state[key] = bool(chosen(key, False))
    st.toggle(words("Weight the classes"), key=key, on_change=lambda: choose(key, st.session_state[key]))
    if not st.session_state[key]:
        return None
    with st.grid(3, min_column_width=80):
        return [_weight(at) for at in range(_kept_parts(row))]


def place_name(row: Loss, place: tuple[int, int, int]) -> str:
    """A prediction in words: "sample 2, class 0"."""
    at, sample, part = place
    step = words("time {number}") if row.inputs.targets == "labels" else words("sample {number}")
    names = [step.format(number=sample + 1)]
    if row.inputs.stacked > 1:
        names.append(words(INPUT_NAMES[row.id][at]))
    if row.inputs.by_row:
        names.append(part_name(row, part))
    return " · ".join(names)


def part_name(row: Loss, part: int) -> str:
    """A class, counted from 0 as in code, or a component, counted from 1."""
    if row.inputs.targets in {"classes", "labels"}:
        return words("class {number}").format(number=part)
    return words("part {number}").format(number=part + 1)


def _labels(row: Loss) -> list[float]:
    key = f"{PREFIX}labels-{row.id}"
    st.session_state[key] = chosen(key, _example_labels(row))
    st.text_input(words("Target: labels in their order"), key=key, on_change=lambda: choose(key, st.session_state[key]))
    text = st.session_state[key]
    try:
        return [float(int(label)) for label in text.replace(",", " ").replace("，", " ").split()]
    except ValueError:
        raise InputError("malformed", f"{row.id}.targets", text, "1, 2, ...") from None


def _parts(row: Loss) -> int:
    """How many classes or components a sample has, where the table has a column for each."""
    kept = _kept_parts(row)
    if not row.inputs.by_row or Column("sample") in columns(row.inputs, kept):
        return kept
    key = f"{PREFIX}parts-{same_data(row)}"
    is_class = row.inputs.targets in {"classes", "labels"}

    def changed() -> None:
        if st.session_state[key] is not None:
            _keep(row, resized(row, _kept_rows(row), kept, st.session_state[key]))
            choose(key, st.session_state[key])

    st.session_state[key] = kept
    label = words("Classes") if is_class else words("Components of a vector")
    st.number_input(label, 2 if is_class else 1, MOST_PARTS, key=key, on_change=changed)
    return kept


def _edited(row: Loss, parts: int) -> Rows:
    """What is typed is kept at once; a line that is not filled in yet counts for nothing."""
    key = f"{PREFIX}editor-{same_data(row)}-{parts}-{current_language()}-{st.session_state.get(VERSION_KEY, 0)}"
    shape = columns(row.inputs, parts)
    if key not in st.session_state or st.session_state.get(BASE_KEY, ("", None))[0] != key:
        frame = pd.DataFrame(_kept_rows(row), columns=[_name(column) for column in shape], dtype=float)
        st.session_state[BASE_KEY] = (key, frame)
    edited = st.data_editor(
        st.session_state[BASE_KEY][1],
        key=key,
        num_rows="dynamic",
        hide_index=True,
        column_config={_name(column): _config(row, column) for column in shape},
        alt=words("Predictions and targets, editable"),
    )
    rows = tuple(tuple(float(cell) for cell in line) for line in edited.dropna().to_numpy())
    choose(_rows_key(row), rows)
    if len(rows) > MOST_ROWS:
        st.caption(words("Only the first {count} rows count.").format(count=MOST_ROWS))
    return rows


def _config(row: Loss, column: Column) -> Any:
    if column.kind == "sample":
        return st.column_config.NumberColumn(words("sample"), step=1, min_value=1, format="%d", default=1)
    if column.kind == "target":
        whole = row.inputs.targets in {"classes", "signs"}
        name = words(TARGET_NAMES.get(row.inputs.targets, "target"))
        return st.column_config.NumberColumn(name, step=1 if whole else None, format="%d" if whole else "%.6g")
    names = [words(INPUT_NAMES[row.id][column.input])] if row.inputs.stacked > 1 else []
    names += [part_name(row, column.part)] if column.part is not None else []
    return st.column_config.NumberColumn(" · ".join(names) or words("prediction"), format="%.6g")


def _buttons(row: Loss, rows: Rows) -> None:
    with st.container(horizontal=True):
        st.button(
            words("Back to the example"),
            key=f"{PREFIX}example",
            icon=":material/restart_alt:",
            on_click=lambda: _reset(row),
        )
        if (row.inputs.predictions, row.inputs.targets) == ("numbers", "same") and rows:
            moved = (*rows[:-1], (*rows[-1][:-1], rows[-1][-1] + OUTLIER))
            st.button(
                words("Make the last an outlier"),
                key=f"{PREFIX}outlier",
                icon=":material/call_made:",
                help=words("Adds {size} to the last target.").format(size=f"{OUTLIER:g}"),
                on_click=lambda: _outlier(row, moved),
            )


def _outlier(row: Loss, rows: Rows) -> None:
    """Keeps the rows and lets the curve run along the prediction that is now far off."""
    _keep(row, rows)
    samples = list(dict.fromkeys(line[0] for line in rows)) if row.inputs.by_row else rows
    part = sum(line[0] == rows[-1][0] for line in rows) - 1 if row.inputs.by_row else 0
    choose(f"{PREFIX}place", (0, len(samples) - 1, part))


def _weight(at: int) -> float:
    key = f"{PREFIX}weight-{at}"
    st.session_state[key] = float(chosen(key, 1.0))

    def changed() -> None:
        if st.session_state[key] is not None:
            choose(key, st.session_state[key])

    label = words("class {number}").format(number=at)
    st.number_input(label, min_value=0.0, max_value=1000.0, step=0.1, format="%g", key=key, on_change=changed)
    return float(chosen(key, 1.0))


def _reset(row: Loss) -> None:
    choose(f"{PREFIX}parts-{same_data(row)}", parts_of(row))
    if row.inputs.targets == "labels":
        choose(f"{PREFIX}labels-{row.id}", _example_labels(row))
    _keep(row, example_rows(row))


def _example_labels(row: Loss) -> str:
    return ", ".join(f"{label:g}" for label in row.example[1])


def _keep(row: Loss, rows: Rows) -> None:
    """Keeps these rows and draws the editor anew over them."""
    choose(_rows_key(row), rows)
    st.session_state[VERSION_KEY] = st.session_state.get(VERSION_KEY, 0) + 1


def _kept_rows(row: Loss) -> Rows:
    kept: Rows = chosen(_rows_key(row), example_rows(row))
    return kept


def _kept_parts(row: Loss) -> int:
    return int(chosen(f"{PREFIX}parts-{same_data(row)}", parts_of(row)))


def _rows_key(row: Loss) -> str:
    return f"{PREFIX}rows-{same_data(row)}"


def _name(column: Column) -> str:
    return f"{column.kind}-{column.input}-{column.part}"
