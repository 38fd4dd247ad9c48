"""Pieces that the tabs of the Exit page share: the sentence on top, metrics, folded tables."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Literal

import pandas as pd
import streamlit as st

from core.plan.values import Currency
from ui import formats
from ui.language import words
from ui.tables import small_table

NONE = "–"
METRIC_PIXELS = 140
Money = Currency | Literal[""]


def headline(text: str, **figures: str) -> None:
    """The answer in one sentence."""
    st.markdown("## " + text.format(**{name: formats.in_markdown(figure) for name, figure in figures.items()}))


def metrics(figures: Mapping[str, str], tips: Mapping[str, str] | None = None) -> None:
    """Figures in boxes, as many in a row as there is room for."""
    with st.grid(max(len(figures), 1), min_column_width=METRIC_PIXELS):
        for name, figure in figures.items():
            st.metric(name, figure, border=True, height="stretch", help=(tips or {}).get(name))


def lines(title: str, value: str, figures: Mapping[str, str], alt: str) -> None:
    """Names and figures below each other."""
    small_table([{title: name, value: figure} for name, figure in figures.items()], alt)


def money(amount: Fraction | float | None, currency: Money) -> str:
    """Money; a plain number where an example states no currency."""
    if amount is None:
        return NONE
    return formats.money(float(amount), currency) if currency else formats.quantity(float(amount))


def price(amount: Fraction | float | None, currency: Money) -> str:
    """A share's price."""
    if amount is None or not currency:
        return money(amount, currency)
    return formats.money_exact(float(amount), currency, 2 if abs(float(amount)) >= 1 else 4)


def percent(share: Fraction | float | None, digits: int = 1) -> str:
    return NONE if share is None else formats.percent(float(share), digits)


def times(number: Fraction | float | None) -> str:
    return NONE if number is None else formats.decimal(float(number), 2) + " ×"


def count(number: Fraction | float | None) -> str:
    return NONE if number is None else formats.decimal(float(number), 0)


def table(rows: Sequence[Mapping[str, str]], alt: str) -> None:
    """A wide table: its first column stays where it is, a column of sources opens them."""
    columns = {words("Source"): st.column_config.LinkColumn(display_text=words("open"))}
    if rows:
        columns[next(iter(rows[0]))] = st.column_config.TextColumn(pinned=True)
    st.dataframe(pd.DataFrame(list(rows)), hide_index=True, column_config=columns, alt=alt)


def one_of(key: str, label: str, names: Mapping[str, str]) -> str:
    """Which of some parts of the page is shown, the first at first; the others are not computed."""
    shown = {name: words(text) for name, text in names.items()}
    picked = st.segmented_control(
        label,
        list(shown),
        format_func=shown.__getitem__,
        key=key,
        default=next(iter(shown)),
        required=True,
        label_visibility="collapsed",
        persist_state="session",
    )
    return str(picked or next(iter(shown)))
