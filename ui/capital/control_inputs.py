"""What a charter says about control, typed by the user: seats of the board, and acts that need a consent.

It belongs to one set of documents and is kept while the session lasts, over all pages.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeVar, get_args

import pandas as pd
import streamlit as st

from core.capital.control import ALL_STOCK, Act, BoardSeat, ProtectiveProvision
from core.errors import InputError
from ui.compute.page_choices import choose, chosen
from ui.errors import error_text
from ui.language import N_, current_language, words

Row = dict[str, Any]
Noun = TypeVar("Noun")
HUNDRED = 100
ACTS: dict[str, str] = {
    "issue_stock": N_("issue any stock"),
    "issue_equal_or_senior_stock": N_("issue stock that ranks equal or senior"),
    "issue_convertible": N_("issue SAFEs or notes"),
    "borrow": N_("borrow"),
    "increase_pool": N_("increase the option pool"),
    "change_rights": N_("take rights away from preferred stock"),
    "split": N_("split the shares"),
    "go_public": N_("go public"),
    "sell_company": N_("sell the company"),
}
assert set(ACTS) == set(get_args(Act)), "every act has its words"
USUAL_ACTS: tuple[Act, ...] = (
    "issue_equal_or_senior_stock",
    "increase_pool",
    "borrow",
    "change_rights",
    "sell_company",
)
"""Of the list in the NVCA model charter."""


@dataclass(frozen=True)
class Classes:
    """The classes of stock of a set of documents, over all of its events.

    sold: without the series that SAFEs and notes became; preferred: all series
    """

    all: tuple[str, ...]
    sold: tuple[str, ...]
    preferred: tuple[str, ...]


def class_name(name: object) -> str:
    """A class of stock, or all of it, for people."""
    return words("all stock voting together") if name == ALL_STOCK else words(str(name))


def ask_board(key: str, classes: Classes) -> tuple[BoardSeat, ...]:
    """An editable table of seats: at first one for each class that was sold, and one that all stock elects."""
    first = [{"name": words("Seat of {name}").format(name=words(one)), "elected_by": one} for one in classes.sold]
    default = [*first, {"name": words("Independent seat"), "elected_by": ALL_STOCK}]
    columns = {
        "name": st.column_config.TextColumn(words("Seat"), max_chars=80, required=True),
        "elected_by": st.column_config.SelectboxColumn(
            words("Elected by"), options=[*classes.all, ALL_STOCK], format_func=class_name, required=True
        ),
    }
    rows = _edited(f"{key}-board", default, columns, words("Seats of the board and who elects them"))
    return _nouns(rows, lambda row: BoardSeat(row["name"].strip(), row["elected_by"]))


def ask_provisions(key: str, classes: Classes) -> tuple[ProtectiveProvision, ...]:
    """An editable table of consents: at first all preferred stock together, for usual acts."""
    default: list[Row] = []
    if classes.preferred:
        default = [{"classes": list(classes.preferred), "acts": list(USUAL_ACTS), "at_least": None}]
    columns = {
        "classes": st.column_config.MultiselectColumn(
            words("Whose consent (classes vote together)"),
            options=list(classes.all),
            format_func=class_name,
            required=True,
        ),
        "acts": st.column_config.MultiselectColumn(
            words("For what"), options=list(ACTS), format_func=lambda act: words(ACTS[act]), required=True
        ),
        "at_least": st.column_config.NumberColumn(
            words("At least (%)"),
            min_value=0.0,
            max_value=100.0,
            help=words("Part of their votes that must agree; empty means more than half."),
        ),
    }
    rows = _edited(
        f"{key}-provisions", default, columns, words("Protective provisions: whose consent is needed for what")
    )
    return _nouns(rows, _provision)


def _provision(row: Row) -> ProtectiveProvision:
    at_least = row["at_least"]
    part = None if at_least is None else Fraction(repr(float(at_least))) / HUNDRED
    return ProtectiveProvision(tuple(row["classes"]), tuple(row["acts"]), part)


def _nouns(rows: Sequence[Row], made: Callable[[Row], Noun]) -> tuple[Noun, ...]:
    """A noun of each complete row; of one that cannot be, the reason."""
    nouns = []
    for row in rows:
        if all(value or column == "at_least" for column, value in row.items()):
            try:
                nouns.append(made(row))
            except InputError as error:
                st.error(error_text(error), icon=":material/block:")
    return tuple(nouns)


def _edited(key: str, default: list[Row], columns: Mapping[str, Any], alt: str) -> list[Row]:
    """What is typed is kept at once. From then on the editor builds on one base, renewed when it is drawn anew."""
    widget, base, kept = f"{key}-{current_language()}", f"{key}-base", chosen(key, None)
    if kept is None or widget not in st.session_state or base not in st.session_state:
        st.session_state[base] = _frame(default if kept is None else kept, list(columns))
    edited = st.data_editor(
        st.session_state[base], key=widget, num_rows="dynamic", hide_index=True, column_config=dict(columns), alt=alt
    )
    rows = [{column: _cell(record[column]) for column in columns} for record in edited.to_dict("records")]
    if rows != (default if kept is None else kept):
        choose(key, rows)
    return rows


def _frame(rows: list[Row], columns: list[str]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=columns, dtype=object)
    if "at_least" in columns:
        frame["at_least"] = pd.to_numeric(frame["at_least"]).astype("float64")
    return frame


def _cell(value: Any) -> Any:
    """A cell as it is kept: text, a number, a list, or None for an empty one."""
    if isinstance(value, float):
        return None if math.isnan(value) else float(value)
    return value if value is None or isinstance(value, str) else list(value)
