"""Published figures to start from: what each would be, what it rests on, how old that is, and what is an assumption."""

from datetime import date

import streamlit as st

from core.capital.stage_cohorts import Stage
from core.plan.fields import field_value
from core.plan.risk_defaults import (
    STAGES,
    Basis,
    Graduation,
    Proposal,
    RangeBasis,
    fundraising_proposals,
    graduations,
    hurried_rounds,
    range_proposals,
    with_published_risk,
)
from core.plan.scenario import Scenario
from core.plan.strategies import Strategy
from core.tables import Source
from ui import formats, inputs, scenario_state
from ui.capital import statistic_table
from ui.capital.history_words import STAGES as STAGE_NAMES
from ui.compute.page_choices import ask_one, chosen
from ui.language import N_, words
from ui.outcome_tables import NONE
from ui.sources import age_text
from ui.tables import small_table
from ui.user_text import shown_name

STAGE_KEY, COHORT_KEY = "risk-stage", "risk-cohort"
BASES: dict[Basis, str] = {
    "raised": N_("so that, with bridges and down rounds, as many raise in the end as in the cohort"),
    "bridges": N_("so that as many of all rounds are bridges as published"),
    "down_rounds": N_("so that as many of the others are down rounds as published"),
    "time": N_("upper quartile over median; of companies that did raise again"),
    "price": N_(
        "log-normal through the published percentiles; companies differ more than one's own price: an upper bound"
    ),
    "assumed": N_("an assumption: nobody has published it"),
}
RANGE_BASES: dict[RangeBasis, str] = {
    "record": N_("80% interval of what published runs of such a size on such accelerators reached; see Track record"),
    "price_history": N_("down by half or up by 40%: a judgement inside what rents did within a year"),
    "slip": N_("an assumption: from on time to half as long again"),
    "growth": N_("an assumption: two thirds to one and a half times, tied to the market by 0.3"),
    "multiple": N_("down to the median of slowly growing software and as far up; tied to the market by 0.7, assumed"),
    "multiple_assumed": N_("as uncertain as multiples of revenue are; tied to the market by 0.7, assumed"),
}


def show(scenario: Scenario) -> None:
    """The choices of stage and cohort, the button, the proposals and the rows behind them."""
    graduation = _choices()
    start_button(scenario, graduation, "risk-start-published")
    proposals = fundraising_proposals(graduation)
    _proposals(scenario, proposals)
    _ranges(scenario)
    rows = list(dict.fromkeys(row for one in proposals for row in one.rows))
    statistic_table.show(
        rows,
        date.today(),  # noqa: DTZ011  a day either way does not matter here
        "risk-sources",
        words("The published figures behind these proposals, with their sources"),
    )


def start_button(scenario: Scenario, graduation: Graduation, key: str) -> None:
    """Lays the published figures over the scenario; undo takes them back."""
    st.button(
        words("Start from published figures"),
        key=key,
        type="primary",
        icon=":material/library_books:",
        help=words("Replaces the luck of raising money and adds ranges; ranges of your own stay. Undo takes it back."),
        on_click=lambda: scenario_state.edit(with_published_risk(scenario, graduation)),
    )


def chosen_graduation() -> Graduation:
    """The cohort that is chosen, without asking."""
    stage: Stage = chosen(STAGE_KEY, STAGES[0])
    known = {_key(one): one for one in graduations(stage)}
    return known.get(chosen(COHORT_KEY, ""), next(iter(known.values())))


def hurried_warning(strategy: Strategy) -> None:
    """Rounds that are planned sooner than half of the companies managed."""
    found = hurried_rounds(strategy, chosen_graduation().stage)
    if not found:
        return
    item = words("{round} after {months} months (published: {median}, {period})")
    items = [
        item.format(
            round=shown_name(one.name),
            months=one.months,
            median=formats.decimal(one.published.value, 1),
            period=one.published.period,
        )
        for one in found
    ]
    text = words(
        "Planned sooner after the last money than half of the companies that raised again managed: {rounds}. The "
        "spread of times is laid over your dates, not over those medians."
    )
    st.warning(text.format(rounds=words("; ").join(items)), icon=":material/schedule:")


def _choices() -> Graduation:
    stage_names = {stage: words(STAGE_NAMES[stage]) for stage in STAGES}
    left, right = st.columns(2, vertical_alignment="bottom")
    with left:
        stage: Stage = ask_one(
            STAGE_KEY,
            words("Stage of the company"),
            stage_names,
            STAGES[0],
            words("One closing rate holds for all rounds of the plan: take that of the next one."),
        )
    known = {_key(one): one for one in graduations(stage)}
    with right:
        key = ask_one(
            COHORT_KEY,
            words("Companies that raised the next round"),
            {key: _cohort_name(one) for key, one in known.items()},
            next(iter(known)),
            words("Shorter patience counts companies that raised later as failures."),
        )
    return known[key]


def _key(one: Graduation) -> str:
    return f"{one.within_years}-{one.period}"


def _cohort_name(one: Graduation) -> str:
    share = formats.percent(one.share)
    if one.within_years is None:
        return words("{share}: founded in {period}, for as long as they were followed").format(
            share=share, period=one.period
        )
    return words("{share} within {years} years: cohort of {period}").format(
        share=share, years=one.within_years, period=one.period
    )


def _proposals(scenario: Scenario, proposals: tuple[Proposal, ...]) -> None:
    rows = []
    for one in proposals:
        path = f"fundraising.{one.field}"
        now = inputs.shown_value(path, field_value(scenario, path)) if scenario.fundraising else NONE
        rows.append(
            {
                words("Number"): inputs.field_name(path),
                words("Proposed"): inputs.shown_value(path, one.value),
                words("In the plan"): now,
                words("Rests on"): words(BASES[one.basis]),
                words("Source"): _chips([row.source for row in one.rows]),
            }
        )
    small_table(rows, words("Published figures for raising money"))


def _ranges(scenario: Scenario) -> None:
    rows = []
    for one in range_proposals(scenario):
        found = one.range
        rows.append(
            {
                words("Number"): inputs.field_name(found.field),
                words("10th to 90th percentile"): words("{low} to {high}").format(
                    low=inputs.shown_value(found.field, found.p10), high=inputs.shown_value(found.field, found.p90)
                ),
                words("In the plan"): inputs.shown_value(found.field, field_value(scenario, found.field)),
                words("Rests on"): words(RANGE_BASES[one.basis]),
                words("Source"): _chips([one.source] if one.source else []),
            }
        )
    if rows:
        small_table(rows, words("Proposed ranges over the plan's own numbers"))


def _chips(sources: list[Source]) -> str:
    """Each source once: its date and age as a link, the whole citation in the tooltip."""
    once = {one.url: one for one in sources}.values()
    return (
        " · ".join(f'[{age_text(one)}]({one.url} "{one.citation.replace(chr(34), chr(39))}")' for one in once) or NONE
    )
