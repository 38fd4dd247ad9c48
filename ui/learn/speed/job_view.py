"""A job of the page: started, watched and halted; its rows, and its progress while it goes on."""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from core.errors import CODES, InputError
from core.runs.events import Event
from core.runs.jobs import Job
from core.runs.run_folder import RunFolder, find_run
from core.runs.run_queue import the_queue
from core.runs.training_config import Data, TrainingConfig
from ui.compute.page_choices import ask_one, chosen
from ui.language import words
from ui.learn import job_choice
from ui.learn.training import recipe, run_choice

SECONDS_BETWEEN = 0.5
PREFIX = "speed-"
Rows = list[Mapping[str, Any]]
Draw = Callable[[Rows, TrainingConfig], None]


def show(kind: str, draw: Draw, part: str = "live") -> bool:
    """Draws the shown job of a kind from its rows, again and again while it goes on; no where there is none.

    part: of the page, where two places of it draw the same job; the first one tells of faults
    """
    job = job_choice.shown_job(kind)
    if job is None:
        return False
    live = the_queue().standing(job).live
    again = st.fragment(_draw, run_every=SECONDS_BETWEEN if live else None, key=f"{PREFIX}{kind}-{part}")
    again(job, draw, was_live=live, tells=part == "live")
    return True


def _draw(job: str, draw: Draw, *, was_live: bool, tells: bool) -> None:
    folder, standing = find_run(job, the_queue().root), the_queue().standing(job)
    told, _ = folder.events()
    draw(rows_of(told), folder.config())
    if not tells:
        return
    if standing.failure is not None:
        failure = standing.failure
        code = failure["code"] if failure["code"] in CODES else "malformed"
        error = InputError(code, failure["field"], failure["value"], failure["expected"])
        st.error(run_choice.fault_text(error), icon=":material/error:")
    if standing.doing == "waiting":
        st.caption(words("{ahead} runs are ahead of this one; it starts by itself.").format(ahead=standing.ahead))
    if was_live and not standing.live:
        st.rerun()


def rows_of(told: list[Event]) -> Rows:
    return [one["values"] for one in told if one.kind == "row"]


def progress(kind: str, names: Mapping[str, str]) -> None:
    """How far a job that goes on has come, and the part under way by its name."""
    job = job_choice.shown_job(kind)
    if job is None or not the_queue().standing(job).live:
        return
    told = [one for one in folder_of(job).events()[0] if one.kind in ("advance", "loading")]
    last = told[-1] if told else None
    if last is None:
        st.progress(0.0, words("The training process is starting."))
    elif last.kind == "loading":
        st.progress(0.0, words("Reading the data: {file}.").format(file=last["file"]))
    else:
        st.progress(last["done"] / max(1, last["all"]), names.get(last["doing"], last["doing"]))


def folder_of(job: str) -> RunFolder:
    return find_run(job, the_queue().root)


def buttons(label: str, config: Callable[[], TrainingConfig], job: Callable[[], Job], kind: str) -> None:
    """Start, and what can be done with the shown job of this kind."""
    shown = job_choice.shown_job(kind)
    standing = the_queue().standing(shown) if shown else None
    live = bool(standing and standing.live)
    with st.container(horizontal=True):
        st.button(
            label,
            type="primary",
            icon=":material/play_arrow:",
            key=f"{PREFIX}{kind}-start",
            disabled=live,
            on_click=lambda: job_choice.start(config, job),
        )
        if shown and live:
            _button(kind, words("Pause"), ":material/pause:", "pause", shown)
            _button(kind, words("Stop"), ":material/stop:", "stop", shown)
        if shown and standing and standing.resumable:
            _button(kind, words("Resume"), ":material/resume:", "resume", shown)
    run_choice.refusal()


def _button(kind: str, label: str, icon: str, action: str, job: str) -> None:
    queue = the_queue()
    act = {"pause": queue.pause, "stop": queue.stop, "resume": queue.resume}[action]
    st.button(label, icon=icon, key=f"{PREFIX}{kind}-{action}", on_click=lambda: run_choice.attempt(lambda: act(job)))


def ask_data(kind: str) -> Data:
    """The data that the job would train on."""
    options = {data: words(name) for data, name in recipe.DATA.items()}
    data: Data = ask_one(f"{PREFIX}{kind}-data", words("Data"), options, "digits")
    return data


def root(data: Data) -> str | None:
    """The folder that the training page was given for these data."""
    given: str | None = chosen(recipe.PREFIX + "root", None)
    return given if data != "digits" and recipe.shown_data() == data else None
