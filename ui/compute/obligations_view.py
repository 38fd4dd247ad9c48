"""Commitments as what they are: money owed, month by month, beside what the hardware would sell for."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from core.charts.rent_or_own import obligations_figure
from core.compute.data_and_staff import MONTHS_PER_YEAR
from core.compute.rent_or_own import Option
from core.plan.calendar import month_after
from core.plan.values import Currency
from ui import formats
from ui.chart_words import draw_chart
from ui.compute.rent_or_own_terms import Terms
from ui.compute.rent_or_own_view import WAYS
from ui.language import N_, words

STEPS = {MONTHS_PER_YEAR: N_("by year"), 1: N_("by month")}


def obligations(terms: Terms, options: Sequence[Option], currency: Currency) -> None:
    """What a reservation and a loan bind the company to: paid and still owed."""
    names = {way: words(text) for way, text in WAYS.items()}
    draw_chart(
        obligations_figure(options, terms.start, names, currency, words),
        key="owed",
        alt=words("What must still be paid for a reservation or a loan at each month's end, and the hardware's value."),
    )
    steps = {step: words(text) for step, text in STEPS.items()}
    step = st.segmented_control(
        words("Show"),
        list(steps),
        format_func=steps.__getitem__,
        key="own-step",
        default=MONTHS_PER_YEAR,
        required=True,
    )
    held = [option for option in options if option.obligation.any()]
    st.dataframe(
        pd.DataFrame(_rows(terms, held, int(step or MONTHS_PER_YEAR), currency)),
        hide_index=True,
        alt=words("Paid and still owed for each commitment"),
    )
    for option in held:
        if option.months_under_water:
            st.warning(
                words(
                    "For {months} the loan exceeds what the hardware would sell for: selling would not repay it."
                ).format(months=formats.months(option.months_under_water)),
                icon=":material/warning:",
            )
    st.caption(
        words(
            "A reservation is owed to the end of its term, used or not. A loan longer than the need is repaid from the "
            "sale. The lender may also ask for guarantees, which are not shown."
        )
    )


def _rows(terms: Terms, held: Sequence[Option], step: int, currency: Currency) -> list[dict[str, str]]:
    """A row for the signing and one for each span of `step` months."""
    last = max(len(option.cash) for option in held) - 1
    ends = [0, *range(step, last, step), last]
    rows = []
    for begin, end in zip([-1, *ends], ends, strict=False):
        row = {
            words("To the end of"): words("signing") if end == 0 else formats.month(month_after(terms.start, end - 1))
        }
        for option in held:
            paid = float(_debt_service(option)[begin + 1 : end + 1].sum())
            owed = float(option.obligation[end]) if end < len(option.obligation) else 0.0
            name = words(WAYS[option.way])
            row[words("{way}: paid").format(way=name)] = formats.money(paid, currency)
            row[words("{way}: still owed").format(way=name)] = formats.money(owed, currency)
            if option.resale_value is not None:
                value = float(option.resale_value[end]) if end < len(option.resale_value) else 0.0
                row[words("Hardware would sell for")] = formats.money(value, currency)
        rows.append(row)
    return rows


def _debt_service(option: Option) -> pd.Series:
    """Payments on the commitment itself: all cash of a reservation; interest and repayment of a loan."""
    if option.resale_value is None:
        return pd.Series(option.cash)
    repaid = -pd.Series(option.obligation).diff().fillna(0.0)
    return repaid + option.interest
