"""The session's runs by names that people can tell apart, and which of them is shown."""

import streamlit as st

from core.chinese import joined
from core.runs.run_folder import find_run
from core.runs.run_queue import the_queue
from core.runs.training_config import trainable
from ui.language import words
from ui.learn.training import recipe, run_choice

KEY = "run-pick"


def pick(run: str) -> None:
    """Another run of the session in front of the page; nothing where there is but one."""
    own = run_choice.own_runs()
    if len(own) < 2:
        return
    names = {one: name_of(one) for one in own}
    st.session_state[KEY] = run
    st.selectbox(
        words("Shown run"),
        own,
        format_func=names.__getitem__,
        key=KEY,
        on_change=lambda: run_choice.put_in_address(st.session_state[KEY]),
    )


def name_of(run: str) -> str:
    """What differs most from run to run, and the first digits of its id."""
    config = find_run(run, the_queue().root).config()
    optimizer = words(trainable("optimizer")[config.optimizer.name].name)
    rate = config.optimizer.settings.get("learning_rate")
    shown = f" {rate:g}" if rate is not None else ""
    seed = words("seed {seed}").format(seed=config.seed)
    name = words("run {id}").format(id=run[:4])
    return words("{network} · {optimizer} · {seed} · {run}").format(
        network=recipe.model_name(config.model), optimizer=joined(optimizer, shown), seed=seed, run=name
    )
