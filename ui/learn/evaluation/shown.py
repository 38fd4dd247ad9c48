"""The network that the page judges: the shown run, once it has weights, and the worker's scores of its test images."""

from dataclasses import dataclass

import streamlit as st

from core.errors import InputError
from core.runs.evaluation import Evaluation, evaluation
from core.runs.run_folder import RunFolder, find_run
from core.runs.run_queue import the_queue
from core.runs.system_limits import check_torch
from core.runs.training_config import Data, TrainingConfig, recommended
from ui.language import words
from ui.learn.evaluation.class_names import class_names
from ui.learn.training import run_choice
from ui.navigation import page_link


@dataclass(frozen=True)
class Shown:
    """A trained run with its scores; names: of the classes."""

    folder: RunFolder
    config: TrainingConfig
    found: Evaluation
    names: list[str]

    @property
    def run(self) -> str:
        return self.folder.id


def shown() -> Shown | None:
    """None, and a way on in its place, where there is nothing to judge yet."""
    run = run_choice.shown_run()
    if run is None:
        _nothing_yet()
        return None
    folder = find_run(run, the_queue().root)
    if not folder.checkpoint_file.exists():
        _no_weights_yet(run)
        return None
    try:
        with st.spinner(words("The network reads its test images …")):
            answer = the_queue().ask(run, {"kind": "evaluate"})
        config = folder.config()
        return Shown(folder, config, evaluation(answer), class_names(config.data))
    except InputError as error:
        st.error(run_choice.fault_text(error), icon=":material/block:")
        return None


def _nothing_yet() -> None:
    st.markdown("## " + words("There is no trained network to judge yet."))
    try:
        check_torch()
    except InputError as error:
        st.info(run_choice.fault_text(error), icon=":material/block:")
        return
    st.markdown(
        words(
            "Train one first, or open the link of a run. The recommended recipe on the 8 × 8 digits takes a few "
            "seconds."
        )
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            words("Train the recommended recipe"),
            type="primary",
            icon=":material/play_arrow:",
            key="evaluate-start",
            on_click=lambda: run_choice.start(_digits_recipe),
        )
        page_link("train")
    run_choice.refusal()


def _digits_recipe() -> TrainingConfig:
    data: Data = "digits"
    return recommended(data)


@st.fragment(run_every=1.0)
def _no_weights_yet(run: str) -> None:
    """Looks again every second, until the run has weights."""
    standing = the_queue().standing(run)
    if find_run(run, the_queue().root).checkpoint_file.exists():
        st.rerun()
    if standing.live:
        st.markdown("## " + words("The network is still learning; it is judged once its weights are saved."))
    else:
        st.markdown("## " + words("This run has no weights to judge: it ended before any were saved."))
    page_link("train")
