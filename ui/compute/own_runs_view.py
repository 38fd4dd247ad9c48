"""The user's own finished runs: one typed in, or many from a CSV file, predicted as the published ones are."""

from datetime import date

import streamlit as st

from core.compute.accelerators import accelerators
from core.compute.backtest import Prediction, backtest, scores
from core.compute.training_runs import (
    LARGEST_CSV_BYTES,
    OPTIONAL_COLUMNS,
    REQUIRED_COLUMNS,
    TrainingRun,
    finished_run,
    read_runs,
)
from core.errors import InputError
from core.plan.scenario import PlannedRun
from core.typed_text import readable
from ui.compute import track_record_view
from ui.compute.page_choices import Number, ask_number, ask_one, chosen
from ui.errors import SENTENCES, expectation
from ui.labels import field_label
from ui.language import N_, words
from ui.units import BILLION, COUNT, TRILLION

PREFIX = "record-own-"
RUNS_KEY, FAULT_KEY = "record-uploaded", "record-upload-fault"
UPLOAD_KEY = "record-upload"
HOURS = Number(N_("Accelerator-hours it took"), COUNT, 0.0, 1e10, N_("Number of accelerators × hours. 0: no such run."))
YEAR = Number(N_("Year"), COUNT, 2012, 2100)
SIZES = {
    "parameters": Number(field_label("total_parameters").text, BILLION, 1e3, 1e15),
    "active_parameters": Number(field_label("active_parameters").text, BILLION, 1e3, 1e15),
    "tokens": Number(field_label("tokens").text, TRILLION, 1e3, 1e17),
}
SIZES_WITHOUT_PLAN = {"parameters": 7e9, "active_parameters": 7e9, "tokens": 1e12}
ACCELERATOR_WITHOUT_PLAN = "h100-sxm"
EXAMPLE = "Llama-2-70B,Meta,2023,68980000000,68980000000,2e12,A100,312,1720320,reported"


def finished_runs(like: PlannedRun | None) -> list[TrainingRun]:
    """What the user has typed and loaded; the typed run starts from the figures of `like`. Faults are shown."""
    runs: list[TrainingRun] = list(st.session_state.get(RUNS_KEY, ()))
    hours = float(chosen(PREFIX + "hours", 0.0))
    if hours:
        chip = accelerators()[chosen(PREFIX + "accelerator", _accelerator(like))]
        try:
            runs.insert(0, finished_run(words("Your run"), chip, hours=hours, year=_year(), **_sizes(like)))
        except InputError as error:
            st.error(_fault_text(error, words("Your run")), icon=":material/block:")
    return runs


def ask_run(like: PlannedRun | None) -> None:
    """The inputs of one finished run."""
    with st.grid(3, min_column_width=200):
        for field, value in _sizes(like).items():
            ask_number(PREFIX + field, SIZES[field], value)
        names = {key: chip.name for key, chip in accelerators().items()}
        ask_one(PREFIX + "accelerator", words(field_label("accelerator").text), names, _accelerator(like))
        ask_number(PREFIX + "hours", HOURS, float(chosen(PREFIX + "hours", 0.0)))
        ask_number(PREFIX + "year", YEAR, _year())


def ask_file() -> None:
    """A CSV of runs in; what is wrong with it; how well its runs are predicted."""
    upload, template = st.columns([2, 1], vertical_alignment="bottom")
    with upload:
        st.file_uploader(
            words("Load runs from a CSV file"),
            type=["csv"],
            key=UPLOAD_KEY,
            on_change=_load,
            max_upload_size=1,
            help=words("First line: {header}").format(header=",".join(REQUIRED_COLUMNS)),
        )
    with template:
        st.download_button(
            words("Download an example"),
            ",".join(REQUIRED_COLUMNS) + "\n" + EXAMPLE + "\n",
            file_name="runs.csv",
            mime="text/csv",
            icon=":material/download:",
            key="record-template",
            on_click="ignore",
        )
    st.caption(
        words(
            "Numbers in full (70e9, not 70B); the peak is the dense BF16 one. A run of an organisation that the record "
            "knows is predicted without that organisation's runs. Optional columns: {columns}."
        ).format(columns=", ".join(OPTIONAL_COLUMNS))
    )
    fault: InputError | None = st.session_state.get(FAULT_KEY)
    if fault is not None:
        st.error(_fault_text(fault, _place(fault)), icon=":material/rule:")
    loaded: tuple[TrainingRun, ...] = st.session_state.get(RUNS_KEY, ())
    if loaded:
        _show_loaded(backtest(loaded))


def _show_loaded(predictions: tuple[Prediction, ...]) -> None:
    found = scores(predictions)
    if found.n:
        st.markdown(track_record_view.own_sentence(found))
    track_record_view.runs_table(predictions, words("Your runs and their predictions"), "your-runs")


def _load() -> None:
    """Reads an uploaded file; one with a fault changes nothing, one that is taken away takes its runs along."""
    file = st.session_state[UPLOAD_KEY]
    st.session_state[FAULT_KEY] = None
    if file is None:
        st.session_state[RUNS_KEY] = ()
        return
    try:
        content = file.getvalue()
        if len(content) > LARGEST_CSV_BYTES:
            raise InputError("too_large", file.name, len(content), f"bytes <= {LARGEST_CSV_BYTES}")
        st.session_state[RUNS_KEY] = read_runs(content.decode("utf-8-sig"), file.name)
    except UnicodeDecodeError:
        st.session_state[FAULT_KEY] = InputError("malformed", file.name, file.name, "UTF-8")
    except InputError as error:
        st.session_state[FAULT_KEY] = error


def _fault_text(fault: InputError, place: str) -> str:
    """One sentence: where, what is wrong, what was given and what is expected."""
    return words("{place}: {fault}. Given: `{value}`. Expected: `{expected}`.").format(
        place=place,
        fault=words(SENTENCES[fault.code]),
        value=readable(str(fault.value)[:80].replace("`", "'")),
        expected=expectation(fault)[:300],
    )


def _place(fault: InputError) -> str:
    """Line and column of the file."""
    line, _, column = fault.field.rpartition(":")[2].partition(" ")
    place = words("Line {number} of the file").format(number=line) if line.isdigit() else words("The file")
    return words(", ").join((place, f"`{column}`")) if column else place


def _sizes(like: PlannedRun | None) -> dict[str, float]:
    defaults = (
        {"parameters": like.total_parameters, "active_parameters": like.active_parameters, "tokens": like.tokens}
        if like
        else SIZES_WITHOUT_PLAN
    )
    return {field: float(chosen(PREFIX + field, default)) for field, default in defaults.items()}


def _accelerator(like: PlannedRun | None) -> str:
    return like.accelerator if like and like.accelerator in accelerators() else ACCELERATOR_WITHOUT_PLAN


def _year() -> int:
    return int(chosen(PREFIX + "year", date.today().year))  # noqa: DTZ011  a day either way does not matter here
