"""How a run stands, in one sentence, and what went wrong with it."""

import streamlit as st

from core.errors import CODES, InputError
from core.runs.events import Event
from core.runs.run_history import RunHistory
from core.runs.run_queue import Standing
from core.runs.training_config import TrainingConfig
from ui import formats
from ui.language import words
from ui.learn.numbers import significant
from ui.learn.training.run_choice import fault_text

KILLED = -9


def answer(told: RunHistory, standing: Standing, config: TrainingConfig) -> str:
    """What the run has reached."""
    last = told.last
    if standing.doing == "waiting":
        return words("{ahead} runs are ahead of this one; it starts by itself.").format(ahead=standing.ahead)
    if last is not None and last.kind == "ended" and last["accuracy"] is not None:
        return _ended(last)
    loss, accuracy = told.latest("loss"), told.latest("accuracy")
    if loss is None:
        return _before_its_first_step(last, live=standing.live)
    sentence = {
        "running": words("Epoch {epoch} of {epochs}: **{accuracy}** of the last images right, loss **{loss}**."),
        "paused": words("Paused in epoch {epoch} of {epochs}: {accuracy} of the last images right, loss {loss}."),
        "failed": words("Failed in epoch {epoch} of {epochs}: {accuracy} of the last images right, loss {loss}."),
        "interrupted": words(
            "Interrupted in epoch {epoch} of {epochs}: {accuracy} of the last images right, loss {loss}."
        ),
        "ended": words("Stopped in epoch {epoch} of {epochs}: {accuracy} of the last images right, loss {loss}."),
    }[standing.doing]
    return sentence.format(
        epoch=formats.decimal(min((told.latest("epoch") or 0) + 1, config.epochs), 0),
        epochs=config.epochs,
        accuracy=formats.percent(accuracy or 0.0),
        loss=significant(loss, 3),
    )


def trouble(told: RunHistory, standing: Standing) -> None:
    """Why a run stands still where nobody asked it to, and what to do."""
    if standing.doing == "failed" and standing.failure is not None:
        failure = standing.failure
        code = failure["code"] if failure["code"] in CODES else "malformed"
        error = InputError(code, failure["field"], failure["value"], failure["expected"])
        st.error(fault_text(error), icon=":material/error:")
    if standing.doing == "interrupted":
        epochs = len(told.epochs()["step"])
        saved = (
            words("What was reached after {count} epochs is saved: resume the run.").format(count=epochs)
            if epochs
            else words("Nothing was saved yet: resuming starts the run from its beginning.")
        )
        reason = (
            words("The system ended the training process, most often because memory ran out.")
            if standing.exit_code == KILLED
            else words("The training process ended before the run did.")
        )
        st.warning(f"{reason} {saved}", icon=":material/power_off:")


def _before_its_first_step(last: Event | None, *, live: bool) -> str:
    if not live:
        return words("This run ended before its first step.")
    if last is None:
        return words("The training process is starting.")
    if last.kind == "loading":
        return words("Reading the data: {file}.").format(file=_loading(last))
    return words("The network is being built.")


def _loading(told: Event) -> str:
    if not told["total_bytes"]:
        return str(told["file"])
    return f"{told['file']}, {formats.percent(told['received_bytes'] / told['total_bytes'], 0)}"


def _ended(told: Event) -> str:
    text = words(
        "The network reads **{accuracy}** of {count} test images right (95% interval {low} to {high}) after "
        "{seconds} s."
    )
    return text.format(
        accuracy=formats.percent(told["accuracy"], 2),
        low=formats.percent(told["accuracy_low"], 2),
        high=formats.percent(told["accuracy_high"], 2),
        count=formats.decimal(told["test_samples"], 0),
        seconds=significant(told["seconds"], 2),
    )
