"""Folded parts of a page about a run: drawn once they are opened, each with its own fault if it has one."""

from collections.abc import Callable, Mapping

import streamlit as st

from core.errors import InputError
from ui.compute.page_choices import choose, chosen
from ui.learn.training.run_choice import fault_text

OPENED = "opened"  # the choice, after the page's prefix, that another page makes to open a part


def show(prefix: str, sections: Mapping[str, tuple[str, Callable[[], None]]]) -> None:
    """sections: by the rest of its key, the title and what draws it"""
    wanted = chosen(prefix + OPENED, None)
    if wanted in sections:
        choose(prefix + OPENED, None)
        st.session_state[prefix + wanted] = True
    for key, (title, draw) in sections.items():
        section = st.expander(title, key=prefix + key, on_change="rerun")
        if section.open:
            with section:
                try:
                    draw()
                except InputError as error:
                    st.error(fault_text(error), icon=":material/block:")
