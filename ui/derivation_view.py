"""A figure and, one click away, how it was reached."""

import re
from collections.abc import Callable
from datetime import date

import streamlit as st

from core.plan.derivations import Derivation, Row
from core.plan.scenario import Scenario
from core.plan.values import Currency
from ui import formats
from ui.language import words
from ui.sources import field_source_text
from ui.user_text import escaped

_BAR = re.compile(r"(?<!\\)\|")


def derived_metric(
    label: str, value: str, note: str, *, key: str, derive: Callable[[], Derivation], scenario: Scenario
) -> None:
    """One headline figure; its popover, worked out once it is open, holds formula, inputs and values in between."""
    with st.container(border=True, height="stretch"):
        st.metric(label, value)
        if note:
            st.caption(note)
        tip = words("Formula, inputs, sources and values in between")
        how = st.popover(words("How?"), type="tertiary", help=tip, key=f"how-{key}", on_change="rerun")
        if how.open:
            derivation = derive()
            with how:
                st.markdown(f"**{derivation.formula}**")
                show_rows(derivation.rows, scenario)


def show_rows(rows: tuple[Row, ...], scenario: Scenario) -> None:
    """The rows of a derivation as a table, with the source of those that are inputs."""
    quantity, value, from_where = words("Quantity"), words("Value"), words("Source")
    lines = [f"| {quantity} | {value} | {from_where} |", "|:---|---:|:---|"]
    for row in rows:
        source = field_source_text(scenario, row.field) if row.field else ""
        lines.append(
            f"| {escaped(row.name)} | {_cell(row_value(row, scenario.reporting_currency))} | {_cell(source)} |"
        )
    st.markdown("\n".join(lines))


def row_value(row: Row, currency: Currency) -> str:
    """The value in the form of its kind, an amount in the reporting currency."""
    value = row.value
    if value is None:
        return words("none")
    if isinstance(value, date):
        return formats.month(value)
    form: dict[str, Callable[[float], str]] = {
        "money": lambda amount: formats.money_exact(amount, currency),
        "price": lambda amount: formats.money_exact(amount, currency, 4),
        "share": lambda share: formats.percent(share, 2),
        "shares": lambda count: formats.decimal(count, 0),
        "months": formats.months,
        "times": lambda times: formats.decimal(times) + " ×",
        "number": formats.decimal,
        "flops": lambda count: formats.scientific(count) + " FLOP",
        "hours": lambda hours: words("{hours} h").format(hours=formats.decimal(hours, 0)),
        "days": lambda days: words("{days} days").format(days=formats.decimal(days, 1)),
        "kwh": lambda energy: formats.decimal(energy, 0) + " kWh",
        "percent": lambda share: formats.percent(share, 2),
        "per_hour": lambda amount: formats.money_exact(amount, currency) + " / h",
        "tflops": lambda speed: formats.decimal(speed / 1e12, 1) + " TFLOP/s",
        "loss": lambda loss: words("{loss} nats a token").format(loss=formats.decimal(loss, 4)),
    }
    return form[row.kind](value)


def _cell(text: str) -> str:
    return formats.in_markdown(_BAR.sub(r"\\|", text))
