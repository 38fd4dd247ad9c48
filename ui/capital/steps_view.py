"""A company event by event: ownership or votes as a picture, then the table after one event and how it came about.

The plan's financings and a company's own documents are shown by the same functions.
"""

from collections.abc import Collection, Sequence

import streamlit as st

from core.charts.cap_table import dilution_figure, fit_side_by_side
from core.plan.cap_table_steps import CapTableStep
from core.plan.values import Currency
from ui import formats
from ui.capital import control_view, holdings_view, round_view
from ui.chart_words import draw_chart
from ui.language import words
from ui.user_text import escaped

OWNS, VOTES = "owns", "votes"


def numbered(names: Sequence[str]) -> list[str]:
    """The names of the events with the numbers that the picture may show alone."""
    return [f"{number}. {name}" for number, name in enumerate(names, start=1)]


def owners(steps: Sequence[CapTableStep]) -> tuple[str, ...]:
    """Everybody in the order of first ownership, in which all charts of these events colour them."""
    return tuple(dict.fromkeys(holder for step in steps for holder in step.fully_diluted))


def show_figure(key: str, steps: Sequence[CapTableStep], names: Sequence[str]) -> None:
    """A choice between fully diluted ownership and votes, and the bars of it after each event."""
    labels = {OWNS: words("Who owns"), VOTES: words("Who votes")}
    chosen = st.segmented_control(
        words("Ownership or votes"),
        list(labels),
        format_func=labels.__getitem__,
        key=f"{key}-owns-or-votes",
        default=OWNS,
        required=True,
        label_visibility="collapsed",
    )
    if chosen == VOTES:
        shares = [{holder: float(part) for holder, part in step.votes.items()} for step in steps]
        alternative = words("Votes by holder after each event; the table below has the figures.")
    else:
        shares = [dict(step.fully_diluted) for step in steps]
        alternative = words("Ownership after each event; the table below has the figures.")
    figure = dilution_figure(list(zip(names, shares, strict=True)), words, votes=chosen == VOTES, owners=owners(steps))
    draw_chart(figure, key=f"{key}-dilution", alt=alternative)


def show_step(
    key: str, steps: Sequence[CapTableStep], names: Sequence[str], currency: Currency, *, forecast: bool
) -> int:
    """One event that the user chooses: who holds what after it, and how a round was priced. Returns its position."""
    positions, last = range(len(steps)), len(steps) - 1
    if fit_side_by_side(names):
        chosen = st.segmented_control(
            words("After"),
            positions,
            default=last,
            format_func=[escaped(name) for name in names].__getitem__,
            key=f"{key}-step",
            required=True,
        )
    else:
        chosen = st.selectbox(words("After"), positions, index=last, format_func=names.__getitem__, key=f"{key}-step")
    position = min(chosen, last)
    holdings_view.show(steps[position], currency)
    round_view.show(steps[position], currency, forecast=forecast)
    return position


def show_control(steps: Sequence[CapTableStep], names: Sequence[str], position: int, founders: Collection[str]) -> None:
    """Whether the founders keep the majority over time, and the votes after the chosen event."""
    dated = [
        words("{event}, {date}").format(event=name, date=formats.month(step.date))
        for name, step in zip(names, steps, strict=True)
    ]
    st.markdown(control_view.majority_text(steps, dated, founders))
    control_view.show_votes(steps[position], founders, told=position == len(steps) - 1)
