"""The answer of the Risk page: a chance with its interval, what it rests on, and five figures."""

import streamlit as st

from core.plan.calendar import month_after
from core.plan.milestones import GRACE_MONTHS, Milestone
from core.plan.risk import Estimate, RiskPaths, chance, percentile
from core.plan.scenario import Scenario
from ui import formats
from ui.language import sentences, words
from ui.risk.words_of_risk import with_error, with_interval
from ui.user_text import shown_name

METRIC_PIXELS = 150
Next = tuple[Milestone, Estimate] | None  # the next training run and the chance that it starts in time


def answer_sentence(scenario: Scenario, result: RiskPaths, coming: Next) -> str:
    """How likely the money lasts, the next run starts in time, and what the founders may get; intervals of 95%."""
    horizon = formats.month(month_after(scenario.founding, scenario.horizon_months))
    parts = [
        words("The money lasts past **{horizon}** with a chance of **{chance} points**.").format(
            horizon=horizon, chance=with_error(chance(result.dry == result.months))
        )
    ]
    if coming is not None:
        parts.append(
            words("**{run}** starts by {month} with **{chance}**.").format(
                run=shown_name(coming[0].name), month=_latest(scenario, coming[0].planned), chance=with_error(coming[1])
            )
        )
    if result.names:
        parts.append(_proceeds_sentence(scenario, result))
    return formats.in_markdown(sentences(*parts))


def _proceeds_sentence(scenario: Scenario, result: RiskPaths) -> str:
    low, median, high = (percentile(result.founders_proceeds, at).value for at in (0.1, 0.5, 0.9))

    def money(amount: float) -> str:
        return formats.money(amount, scenario.reporting_currency)

    if high <= 0:
        return words("Founders get nothing on at least nine paths in ten.")
    if median <= 0:
        return words(
            "Founders get nothing on half of the paths or more; one path in ten brings {high} or more."
        ).format(high=money(high))
    text = words(
        "Founders get a median of **{median}**; one path in ten brings {low} or less, one in ten {high} or more."
    )
    return text.format(median=money(median), low=money(low), high=money(high))


def assumptions_sentence(scenario: Scenario, result: RiskPaths) -> str:
    """What the chances rest on."""
    luck = scenario.fundraising
    rounds = (
        words("a round that is tried closes with a chance of {rate} in an average market").format(
            rate=formats.percent(luck.closing_rate, 0)
        )
        if luck is not None
        else words("every round closes as planned")
    )
    return words(
        "{paths} paths under the assumptions below: {rounds}; {ranges} numbers of the plan have ranges. ± is the 95% "
        "interval of the sampling alone; the assumptions are less certain than that."
    ).format(paths=formats.decimal(result.paths, 0), rounds=rounds, ranges=len(scenario.uncertainty))


def headline(scenario: Scenario, result: RiskPaths, coming: Next) -> None:
    """Five figures with their errors."""
    ended, unfunded = result.dry < result.months, result.unfunded
    figures = [
        (words("Lasts to the horizon"), *_chance(chance(~ended))),
        (words("Ends: round missed"), *_chance(chance(ended & unfunded))),
        (words("Ends: other reasons"), *_chance(chance(ended & ~unfunded))),
    ]
    if coming is not None:
        value, note = _chance(coming[1])
        figures.insert(1, (words("Next run in time"), value, shown_name(coming[0].name) + words(": ") + note))
    if result.names:
        median = percentile(result.founders_proceeds, 0.5)
        interval = words("founders, at the horizon: {low} to {high}").format(
            low=formats.money(median.low, scenario.reporting_currency),
            high=formats.money(median.high, scenario.reporting_currency),
        )
        figures.append((words("Median proceeds"), formats.money(median.value, scenario.reporting_currency), interval))
    with st.grid(len(figures), min_column_width=METRIC_PIXELS):
        for label, value, note in figures:
            with st.container(border=True, height="stretch"):
                st.metric(label, value)
                st.caption(formats.in_markdown(note))
    st.caption(
        words(
            "In time: at most {months} months late. Other reasons: the cash ran out before a late round was tried, "
            "or because costs and revenue turned out differently. In brackets and after ±: 95% intervals."
        ).format(months=GRACE_MONTHS)
    )


def _chance(one: Estimate) -> tuple[str, str]:
    return with_error(one), with_interval(one)


def _latest(scenario: Scenario, planned: int) -> str:
    return formats.month(month_after(scenario.founding, planned + GRACE_MONTHS))
