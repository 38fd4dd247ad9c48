"""A small table whose cells wrap, so that it is read at the width of a phone; large ones are `st.dataframe`."""

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from ui.user_text import escaped


def small_table(rows: Sequence[Mapping[str, str]], alt: str) -> None:
    """Rows with the same columns; names in them and a dollar sign are text."""
    cells = [{escaped(column): escaped(text) for column, text in row.items()} for row in rows]
    st.table(pd.DataFrame(cells), border="horizontal", hide_index=True, alt=alt)
