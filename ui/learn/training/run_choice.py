"""Which run is shown, on the training and the evaluation page alike: the opened link's, else the session's last.

The address carries the id, so that another tab and another day show the same run.
"""

from collections.abc import Callable

import streamlit as st

from core.errors import InputError
from core.host_limits import host_limits
from core.runs.run_folder import find_run
from core.runs.run_queue import the_queue
from core.runs.training_config import TrainingConfig
from ui import formats
from ui.compute.page_choices import choose, chosen
from ui.errors import error_text
from ui.language import words

SHOWN, OWN, ASKED, REFUSED = "run-shown", "run-own", "run-asked", "run-refused"
PARAMETER = "run"
MOST_LISTED = 12
_COMPLETE_ADDRESS = """
export default function({ data }) {
  const query = new URLSearchParams(window.location.search)
  if (!data.run || query.get("run") === data.run) return
  query.set("run", data.run)
  window.history.replaceState({}, "", window.location.pathname + "?" + query.toString())
}
"""
_component = st.components.v2.component("run_address", js=_COMPLETE_ADDRESS)


def shown_run() -> str | None:
    """The run to show, None where there is none; an address that names no run of this server is said so."""
    asked = st.query_params.get(PARAMETER)
    if asked and asked != chosen(ASKED, None):
        choose(ASKED, asked)
        try:
            show_run(find_run(asked, the_queue().root).id)
        except InputError:
            st.warning(
                words("This link names no run of this server: runs are kept for {days} days at most.").format(
                    days=formats.decimal(host_limits().runs_kept_days, 0)
                ),
                icon=":material/link_off:",
            )
    run: str | None = chosen(SHOWN, None)
    if run is not None:
        try:
            find_run(run, the_queue().root)
        except InputError:  # tidied away meanwhile
            choose(OWN, tuple(one for one in own_runs() if one != run))
            choose(SHOWN, None)
            return None
    _component(key="run-address", data={"run": run}, height=1)
    return run


def show_run(run: str) -> None:
    """Puts a run in front, among the session's."""
    choose(SHOWN, run)
    choose(OWN, (run, *(one for one in own_runs() if one != run))[:MOST_LISTED])


def own_runs() -> tuple[str, ...]:
    """Runs that this session started or opened by a link, the newest first."""
    runs: tuple[str, ...] = chosen(OWN, ())
    return runs


def start(config: Callable[[], TrainingConfig]) -> None:
    """Starts a run and shows it; what forbids it is kept for `refusal`."""

    def begin() -> None:
        put_in_address(the_queue().start(config()))

    attempt(begin)


def put_in_address(run: str) -> None:
    """Shows a run and names it in the address; from a callback alone, before the page is drawn."""
    show_run(run)
    choose(ASKED, run)
    st.query_params[PARAMETER] = run


def attempt(action: Callable[[], object]) -> None:
    """Does what a button asks for; a refusal is kept for the page."""
    choose(REFUSED, None)
    try:
        action()
    except InputError as error:
        choose(REFUSED, error)


def refusal() -> None:
    """Says why the last press of a button did nothing."""
    error: InputError | None = chosen(REFUSED, None)
    if error is not None:
        st.error(fault_text(error), icon=":material/block:")


def fault_text(error: InputError) -> str:
    """A sentence for what stops training on this machine, else the fault of the input."""
    sentences = {
        "server.torch": words(
            "PyTorch is not installed here, so nothing can be trained or judged. Plans, capital, formulas, optimizers "
            "and one step of training work without it. `pip install -r requirements.txt` brings it."
        ),
        "server.torchvision": words(
            "torchvision cannot be loaded here, so these images cannot be fetched. The 8 × 8 digits need no file and "
            "no network. `pip install -r requirements.txt` brings a torchvision that fits."
        ),
        "server.memory": words(
            "This machine has {value} of memory left and training needs {expected}. Every other page works; so do the "
            "runs that are finished. Close other programs or run the app on a larger machine."
        ),
        "server.disk": words(
            "The disk of this machine is full ({value} free, {expected} needed). What was saved is safe: make room, "
            "then resume the run."
        ),
        "server.queue": words("{value} runs wait already. Try again when some are done."),
        "server.training": words(
            "Training is switched off on this server. Plans, capital, formulas, optimizers and one step of training "
            "work without it; `streamlit run app.py` on your own computer trains, too."
        ),
        "server.folder": words(
            "The folder `{value}` of this server cannot be written ({expected}), so nothing can be trained or asked. "
            "Every other page works; so do figures of runs that are finished."
        ),
        "server.process": words(
            "This system starts no process for training: {value}. Plans, capital, formulas, optimizers and one step of "
            "training work without it."
        ),
        "server.device": words(
            "The accelerator does not answer any more: `{value}`. What was saved is safe: resume the run; it takes the "
            "processor where no accelerator is found."
        ),
        "server.hours": words(
            "This server pauses a run after {value} hours. What was reached is saved: resume the run to go on."
        ),
        "server.worker": words("The training process failed: `{value}`. Its log is runs/worker.log."),
        "run.answer": words("No answer yet: the training process is busy. Try again in a moment."),
    }
    if error.field in sentences:
        return sentences[error.field].format(value=error.value, expected=str(error.expected).removeprefix(">= "))
    if error.field.startswith("data."):
        return words(
            "The data could not be read: `{file}`, {value}. The 8 × 8 digits need no file and no network."
        ).format(
            file=error.field.removeprefix("data."), value=f"`{error.value}`" if error.value else words("not there")
        )
    return error_text(InputError(error.code, error.field.removeprefix("training."), error.value, error.expected))


def link(run: str, page: str) -> str:
    """The address that shows this run on another machine or day."""
    here = (st.context.url or "").partition("?")[0]
    return f"{here.rpartition('/')[0]}/{page}?{PARAMETER}={run}"
