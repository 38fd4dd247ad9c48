"""The addresses of all pages; Streamlit tells them to a session only."""

from functools import lru_cache

from streamlit.testing.v1 import AppTest

SCRIPT = """
import streamlit as st
from ui.navigation import pages
st.session_state["addresses"] = {page.url_path for section in pages().values() for page in section}
"""


@lru_cache
def addresses() -> frozenset[str]:
    return frozenset(AppTest.from_string(SCRIPT).run().session_state["addresses"])
