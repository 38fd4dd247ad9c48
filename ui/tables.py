"""A small table whose cells wrap, so that it is read at the width of a phone; large ones are `st.dataframe`."""

import re
from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from core.chinese import HAN
from ui.user_text import JOINER, escaped

BEST = "✓\N{NO-BREAK SPACE}"  # before the best value of several
MOST_KEPT_WHOLE = 13  # characters: 193,796,030.75 美元 breaks before its unit
_BESIDE_HAN = re.compile(f"(?<={HAN.pattern})(?=\\S)|(?<=\\S)(?={HAN.pattern})")


def small_table(rows: Sequence[Mapping[str, str]], alt: str) -> None:
    """Rows with the same columns; names in them and a dollar sign are text."""
    cells = [{escaped(column): _whole(escaped(text)) for column, text in row.items()} for row in rows]
    st.table(pd.DataFrame(cells), border="horizontal", hide_index=True, alt=alt)


def _whole(cell: str) -> str:
    """An amount or a date in Chinese, 8,680 万美元 or 2029年12月, on one line; it could break at each character."""
    if len(cell) > MOST_KEPT_WHOLE or not HAN.search(cell) or not re.search(r"\d", cell):
        return cell
    return _BESIDE_HAN.sub(JOINER, cell.replace(" ", "\N{NO-BREAK SPACE}"))
