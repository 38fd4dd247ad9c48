"""Which job of a kind is shown: the opened link's, else the session's last, as `run_choice` does for runs."""

from collections.abc import Callable

import streamlit as st

from core.errors import InputError
from core.runs.jobs import Job, job_of
from core.runs.run_folder import find_run
from core.runs.run_queue import the_queue
from core.runs.training_config import TrainingConfig
from ui.compute.page_choices import choose, chosen
from ui.learn.training import run_choice


def shown_job(kind: str) -> str | None:
    """The id of the job to show, None where there is none; the address carries it as `kind`."""
    asked = st.query_params.get(kind)
    if asked and asked != chosen(_key(kind), None):
        choose(_key(kind), asked)
    job: str | None = chosen(_key(kind), None)
    if job is None:
        return None
    if not _is_a(kind, job):
        choose(_key(kind), None)
        return None
    st.query_params[kind] = job
    return job


def _is_a(kind: str, job: str) -> bool:
    """False for what was tidied away, never was on this server, or is a run or a job of another kind."""
    try:
        found = job_of(find_run(job, the_queue().root))
    except InputError:
        return False
    return found is not None and found.kind == kind


def start(config: Callable[[], TrainingConfig], job: Callable[[], Job]) -> None:
    """Puts a job in the queue and shows it; what forbids it is kept for `run_choice.refusal`."""

    def begin() -> None:
        made = job()
        choose(_key(made.kind), the_queue().start(config(), made))
        st.query_params[made.kind] = chosen(_key(made.kind), "")

    run_choice.attempt(begin)


def _key(kind: str) -> str:
    return f"job-{kind}"
