"""The run beyond this page: its link, its recipe and events, and a run that starts from its weights."""

import streamlit as st

from core.runs.run_folder import find_run
from core.runs.run_queue import the_queue
from ui.compute.page_choices import choose, chosen
from ui.language import words
from ui.learn.training import recipe, run_choice


def show(run: str) -> None:
    folder = find_run(run, the_queue().root)
    st.markdown(words("Whoever has this link sees the run, and may pause, stop and resume it:"))
    st.code(run_choice.link(run, "train"), language=None, wrap_lines=True)
    with st.container(horizontal=True):
        st.download_button(
            words("Recipe (JSON)"),
            (folder.path / "config.json").read_bytes,
            file_name=f"recipe-{run[:8]}.json",
            key="run-config",
            icon=":material/download:",
            on_click="ignore",
        )
        st.download_button(
            words("Events (JSON lines)"),
            lambda: folder.events_file.read_bytes() if folder.events_file.exists() else b"",
            file_name=f"events-{run[:8]}.jsonl",
            key="run-events",
            icon=":material/download:",
            on_click="ignore",
        )
        st.button(
            words("Put its recipe into the inputs"),
            key="run-take",
            icon=":material/tune:",
            on_click=lambda: recipe.take(folder.config()),
        )
    if folder.checkpoint_file.exists():
        _transfer(run)


def _transfer(run: str) -> None:
    """The next run starts from these weights in place of random ones, on the same data or on others."""
    key = recipe.PREFIX + "initial"
    st.session_state[key] = chosen(key, None) == run
    st.toggle(
        words("Start the next run from these weights (transfer)"),
        key=key,
        on_change=lambda: choose(key, run if st.session_state[key] else None),
        help=words("Layers that fit are reused: train on MNIST, then on Fashion-MNIST, and see how much it helps."),
    )
