"""What the paths say, drawn: bands, the chance of running dry, proceeds, rounds, and which money pays for what."""

import numpy as np
import streamlit as st

from core.charts import risk as charts
from core.plan.calendar import month_after
from core.plan.milestones import GRACE_MONTHS, Matrix
from core.plan.operating import Floats
from core.plan.risk import RiskPaths, chance
from core.plan.scenario import Scenario
from core.plan.strategies import Strategy
from ui import formats
from ui.chart_words import draw_chart
from ui.exit import parts
from ui.language import sentences, words
from ui.outcome_tables import NONE
from ui.risk.words_of_risk import with_error
from ui.tables import small_table

BRIDGE = "Bridge: "
TENTHS = (0.1, 0.5, 0.9)


def cash_chart(scenario: Scenario, result: RiskPaths, alt: str) -> None:
    """Bands of cash."""
    draw_chart(charts.cash_bands_figure(scenario, result, words), key="risk-cash", alt=alt)
    st.caption(
        words("A path that has run dry counts as one with no cash. In each month half of the paths lie above the line.")
    )


def other_charts(scenario: Scenario, result: RiskPaths) -> None:
    """Running dry, the founders' share, and their proceeds."""
    left, right = st.columns(2, gap="large")
    with left:
        draw_chart(
            charts.dry_figure(scenario, result, words),
            key="risk-dry",
            alt=words("Chance that the money has run out by the end of each month, with its interval"),
        )
    with right:
        draw_chart(
            charts.share_bands_figure(scenario, result, words),
            key="risk-share",
            alt=words("Percentile bands of the founders' fully diluted share over time"),
        )
    if not result.names:
        return
    if (result.founders_proceeds >= charts.LEAST_SHOWN).any():
        nothing = words("The founders get nothing on {share} of the paths.").format(
            share=with_error(chance(result.founders_proceeds < charts.LEAST_SHOWN))
        )
        draw_chart(
            charts.proceeds_figure(scenario, result, words),
            key="risk-proceeds",
            alt=words("Chance that the founders get at least each amount at the horizon."),
        )
        st.caption(sentences(nothing, words("At the horizon, before tax, after preferences and debt.")))
    else:
        st.info(words("The founders get nothing on any of these paths."))


def rounds_table(scenario: Scenario, strategy: Strategy, result: RiskPaths) -> None:
    """The chance that each round closes, when, and at which price; bridges after them."""
    rows = [_round_row(scenario, strategy, result, index) for index in range(len(result.names))]
    if rows:
        parts.table(rows, words("Rounds: chance of closing, month and price"))
        st.caption(
            words("Month and price: median, and in brackets the 10th to 90th percentile, of paths where it closes.")
        )
    else:
        st.caption(words("None planned."))


def _round_row(scenario: Scenario, strategy: Strategy, result: RiskPaths, index: int) -> dict[str, str]:
    closed = result.closed[index] < result.months
    name = result.names[index]
    planned = strategy.financings[index] if index < len(strategy.financings) else None
    title = words(name) if planned else words("Bridge: {round}").format(round=words(name.removeprefix(BRIDGE)))
    months = result.closed[index][closed].astype(np.float64)
    prices = result.valuation[index][closed]
    currency = planned.currency if planned else scenario.reporting_currency
    return {
        words("Round"): title,
        words("Chance that it closes"): with_error(chance(closed)),
        words("Planned"): formats.month(planned.date) if planned else NONE,
        words("Closes in"): _spread(months, lambda one: formats.month(month_after(scenario.founding, int(one)))),
        words("Cap or pre-money"): _spread(prices[prices > 0], lambda one: formats.money(one, currency)),
    }


def _spread(values: Floats, shown: object) -> str:
    """Median and 10th to 90th percentile; one figure where they are the same."""
    assert callable(shown)
    if not len(values):
        return NONE
    low, median, high = (str(shown(float(np.quantile(values, at, method="nearest")))) for at in TENTHS)
    if low == high:
        return median
    return words("{value} ({low} to {high})").format(value=median, low=low, high=high)


def matrix_view(scenario: Scenario, matrix: Matrix) -> None:
    """Milestones by financings as a heat map, and how long the money lasts with each number of financings."""
    if not matrix.milestones:
        st.caption(words("No training run and no launch before the horizon."))
    else:
        draw_chart(
            charts.matrix_figure(scenario, matrix, words),
            key="risk-matrix",
            alt=words("Chance of each training run and launch by how many financings come"),
        )
        st.caption(
            words(
                "Each column adds one financing, and none comes after it. In time: at most {months} months late. In "
                "bold: the financing that adds most, which pays for it."
            ).format(months=GRACE_MONTHS)
        )
    columns = [words("own cash"), *("+ " + words(name) for name in matrix.financings)]
    rows = []
    for index, (name, lasts, dry) in enumerate(zip(columns, matrix.lasts, matrix.dry, strict=True)):
        paid = [words(one.name) for at, one in enumerate(matrix.milestones) if matrix.paid_by(at) == index]
        low, median, high = (_month(scenario, one) for one in (dry.low, dry.value, dry.high))
        until = median if low == high else words("{value} ({low} to {high})").format(value=median, low=low, high=high)
        rows.append(
            {
                words("Money up to"): name,
                words("Lasts until, in half of the paths"): until,
                words("Lasts to the horizon"): with_error(lasts),
                words("Pays for"): words(", ").join(paid) or NONE,
            }
        )
    small_table(rows, words("How long the money lasts with the first financings alone"))


def _month(scenario: Scenario, month: float) -> str:
    if month >= scenario.horizon_months:
        return words("past the horizon")
    return formats.month(month_after(scenario.founding, int(month)))
