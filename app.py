"""The entry: `streamlit run app.py`.

`pages/` holds page scripts for `st.navigation`. Beside a plain main script Streamlit would discover that folder itself
and answer the first deep link after a start with a false "Page not found"; an `st.App` on a script elsewhere does not.
"""

import streamlit as st

import ui.first_visit  # noqa: F401

app = st.App("ui/main.py")
