"""Links from a lesson or a mistake to the page that shows it, with what it should show already chosen there."""

from collections.abc import Mapping

import streamlit as st

from ui.compute.page_choices import choose
from ui.language import words
from ui.navigation import page_address, page_link


def link(address: str, presets: Mapping[str, object], key: str) -> None:
    """A link to a page; where choices are preset, a button that makes them and goes there."""
    if not presets:
        page_link(address)
        return
    page = page_address(address)
    if st.button(words("Open {page}, already set up").format(page=page.title), icon=page.icon, key=key, type="primary"):
        for name, value in presets.items():
            choose(name, value)
        st.switch_page(page)
