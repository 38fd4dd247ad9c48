"""The user's own quotes: a table to type in, a CSV file in and out, every fault explained; kept for the session."""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from core.compute.accelerators import Price, accelerators, prices
from core.compute.quotes import COLUMNS, COMMITMENTS, Quote, as_price, merged_prices, parse_quotes
from core.errors import InputError
from core.plan.currency import converted
from core.plan.scenario import Scenario
from core.typed_text import readable
from ui.errors import SENTENCES, expectation
from ui.labels import CURRENCIES
from ui.language import N_, current_language, words

ROWS_KEY, BASE_KEY, FAULTS_KEY, VERSION_KEY = "quotes", "quotes-base", "quotes-faults", "quotes-version"
FILE_NAME = "quotes.csv"
EXAMPLE = {
    "accelerator": "h100-sxm",
    "provider": "Example Cloud",
    "region": "eu-north",
    "commitment": "1-year",
    "currency": "USD",
    "price_per_hour": "2.10",
    "date": "2026-11-01",
}
COLUMN_NAMES = {
    "accelerator": N_("Accelerator"),
    "provider": N_("Provider"),
    "region": N_("Region"),
    "commitment": N_("Commitment"),
    "currency": N_("Currency"),
    "price_per_hour": N_("Price of an hour"),
    "date": N_("Date"),
    "": N_("header"),
}
Row = Mapping[str, str]


def all_prices(scenario: Scenario) -> tuple[Price, ...]:
    """The published offers with the user's quotes in them, in US dollars."""
    table = [offer for chip in accelerators() for offer in prices(chip)]
    return merged_prices(table, _usable(scenario)[0], _usd_per_unit(scenario))


def quotes(scenario: Scenario, accelerator: str) -> None:
    """The table, what is wrong in it, and the file in and out; a new row is for this accelerator."""
    st.caption(
        words(
            "Type in offers you were made, or load them from a CSV file. They stand beside the published prices, can "
            "be reserved at, and stay until you close this browser tab: download them to keep them."
        )
    )
    _editor(accelerator)
    _show_faults(_usable(scenario)[1], words("Row {number}"), first=1)
    upload, download = st.columns([2, 1], vertical_alignment="bottom")
    with upload:
        version = st.session_state.setdefault(VERSION_KEY, 0)
        key = f"own-upload-{version}"
        st.file_uploader(
            words("Load quotes from a CSV file"),
            type=["csv"],
            key=key,
            on_change=_load,
            args=(key,),
            max_upload_size=1,
            help=words("First line: {header}").format(header=",".join(COLUMNS)),
        )
    with download:
        kept = _rows()
        st.download_button(
            words("Download your quotes") if kept else words("Download an example"),
            csv_text(kept or [EXAMPLE]),
            file_name=FILE_NAME,
            mime="text/csv",
            icon=":material/download:",
            key="own-download",
            on_click="ignore",
        )
    _show_faults(st.session_state.get(FAULTS_KEY, ()), words("Line {number} of the file"), first=0)


def csv_text(rows: Sequence[Row]) -> str:
    """Rows as a CSV file that `parse_quotes` reads."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows({column: row[column] for column in COLUMNS} for row in rows)
    return out.getvalue()


def _rows() -> list[Row]:
    rows: list[Row] = st.session_state.get(ROWS_KEY, [])
    return rows


def _usable(scenario: Scenario) -> tuple[list[Quote], list[InputError]]:
    """The quotes that can be compared, and what is wrong with the others."""
    if not _rows():
        return [], []
    rates = _usd_per_unit(scenario)
    parsed = parse_quotes(csv_text(_rows()))
    good, faults = [], list(parsed.faults)
    for quote in parsed.quotes:
        try:
            as_price(quote, rates)
        except InputError as error:
            faults.append(error)
        else:
            good.append(quote)
    return good, faults


def _usd_per_unit(scenario: Scenario) -> dict[str, float]:
    return {code: converted(scenario, 1.0, code, "USD") for code in CURRENCIES if code != "USD"}


def _editor(accelerator: str) -> None:
    """What is typed is kept at once. The editor builds on one base, which is renewed only when it is drawn anew."""
    key = f"own-editor-{current_language()}-{st.session_state.setdefault(VERSION_KEY, 0)}"
    if key not in st.session_state or BASE_KEY not in st.session_state:
        st.session_state[BASE_KEY] = _frame(_rows())
    titles = {column: words(name) for column, name in COLUMN_NAMES.items()}
    known, today = accelerators(), date.today()  # noqa: DTZ011  a day either way does not matter here
    edited = st.data_editor(
        st.session_state[BASE_KEY],
        key=key,
        num_rows="dynamic",
        hide_index=True,
        column_config={
            "accelerator": st.column_config.SelectboxColumn(
                titles["accelerator"],
                options=list(known),
                default=accelerator if accelerator in known else None,
            ),
            "provider": st.column_config.TextColumn(titles["provider"], max_chars=80),
            "region": st.column_config.TextColumn(titles["region"], max_chars=80),
            "commitment": st.column_config.SelectboxColumn(
                titles["commitment"], options=list(COMMITMENTS), default=COMMITMENTS[0]
            ),
            "currency": st.column_config.SelectboxColumn(titles["currency"], options=list(CURRENCIES), default="USD"),
            "price_per_hour": st.column_config.NumberColumn(titles["price_per_hour"], format="%.4f"),
            "date": st.column_config.DateColumn(titles["date"], format="YYYY-MM-DD", default=today),
        },
        alt=words("Your own quotes"),
    )
    rows = [row for row in _read(edited) if any(row.values())]
    if rows != _rows():
        st.session_state[ROWS_KEY] = rows
        st.rerun()


def _frame(rows: Sequence[Row]) -> pd.DataFrame:
    def day(text: str) -> date | None:
        try:
            return date.fromisoformat(text)
        except ValueError:
            return None

    frame = pd.DataFrame([dict(row) for row in rows], columns=list(COLUMNS), dtype=object)
    frame["price_per_hour"] = pd.to_numeric(frame["price_per_hour"], errors="coerce").astype("float64")
    frame["date"] = pd.Series([day(row["date"]) for row in rows], dtype=object)
    return frame


def _read(frame: pd.DataFrame) -> list[Row]:
    return [{column: _cell(record[column]) for column in COLUMNS} for record in frame.to_dict("records")]


def _cell(value: Any) -> str:
    if value is None or value is pd.NaT or value != value:  # noqa: PLR0124  not a number
        return ""
    if isinstance(value, date):
        return value.isoformat()[:10]
    return repr(value) if isinstance(value, float) else str(value).strip()


def _load(key: str) -> None:
    """Adds the good lines of an uploaded file to the table, and keeps what is wrong with the others."""
    file = st.session_state[key]
    if file is None:
        return
    try:
        parsed = parse_quotes(file.getvalue().decode("utf-8"))
    except UnicodeDecodeError:
        st.session_state[FAULTS_KEY] = (InputError("malformed", "quotes:1", file.name, "UTF-8"),)
    except InputError as error:
        st.session_state[FAULTS_KEY] = (error,)
    else:
        added = [{column: _cell(getattr(quote, column)) for column in COLUMNS} for quote in parsed.quotes]
        st.session_state[ROWS_KEY] = [*_rows(), *added]
        st.session_state[FAULTS_KEY] = parsed.faults
    st.session_state[VERSION_KEY] += 1


def _show_faults(faults: Sequence[InputError], place: str, first: int) -> None:
    """A warning for each row or line, one fault a line; `first`: lines of text before the first row."""
    by_place: dict[str, list[str]] = {}
    for fault in faults:
        where, _, column = fault.field.partition(" ")
        number = where.partition(":")[2]
        named = place.format(number=int(number) - first) if number else words("One quote")
        text = words("{column} {fault}. Given: `{value}`. Expected: `{expected}`.").format(
            column=f"**{words(COLUMN_NAMES.get(column if number else where, column))}**",
            fault=words(SENTENCES[fault.code]),
            value=readable(str(fault.value)[:80].replace("`", "'")),
            expected=expectation(fault)[:160],
        )
        by_place.setdefault(named, []).append(text)
    for named, texts in by_place.items():
        st.warning("  \n".join([named, *texts]), icon=":material/rule:")
