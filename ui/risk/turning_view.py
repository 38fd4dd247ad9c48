"""Where the plan turns, number by number, and what optimising the model is worth against raising more money."""

import streamlit as st

from core.plan.break_even import BreakEven
from core.plan.fields import field_value
from core.plan.optimise_or_raise import Worth
from core.plan.scenario import Scenario
from ui import formats, inputs
from ui.compute.page_choices import Number, ask_number, chosen
from ui.language import N_, sentences, words
from ui.risk.decision_words import OPTIMISATIONS, points_text, weeks_text
from ui.risk.kept_results import turns, worths
from ui.tables import small_table
from ui.units import PERCENT
from ui.user_text import escaped, shown_name

NONE = "–"
USUAL_DISTILLED = 0.3
DISTILLED_KEY = "risk-distilled"
DISTILLED = Number(
    N_("A distilled model costs, of serving now"), PERCENT, 0.01, 1.0, N_("What serving the smaller model takes.")
)


def break_evens(scenario: Scenario, strategy: int) -> None:
    """Each number with the value at which the plan runs dry, or the founders own half."""
    rows = [_turn(scenario, one) for one in turns(scenario, strategy)]
    if not rows:
        st.caption(words("No number of this plan is still to come."))
        return
    small_table(rows, words("Numbers at which the plan turns"))
    st.caption(
        words(
            "Looked for from a tenth of each number to ten times it, the others as planned, without luck. Half of the "
            "company: fully diluted, at the horizon."
        )
    )


def _turn(scenario: Scenario, one: BreakEven) -> dict[str, str]:
    runway = one.result == "runway_months"
    holds = one.base >= one.target
    if runway:
        text = words("the plan runs dry") if holds else words("the plan lasts to the horizon")
    else:
        text = words("founders fall below half") if holds else words("founders keep half")
    if one.value is None:
        turns = words("nowhere from {low} to {high}").format(
            low=inputs.shown_value(one.field, _short(one.low)), high=inputs.shown_value(one.field, _short(one.high))
        )
    else:
        beyond = words("from {value} up") if one.value > one.plain else words("from {value} down")
        turns = beyond.format(value=inputs.shown_value(one.field, _short(one.value)))
        if one.crossings > 1:
            turns = sentences(turns, words("(and back again elsewhere)"))
    return {
        words("Number"): inputs.field_name(one.field),
        words("In the plan"): inputs.shown_value(one.field, field_value(scenario, one.field)),
        words("What happens"): text,
        words("Where"): turns,
    }


def optimise(scenario: Scenario, strategy: int) -> None:
    """Weeks, points and round money for each optimisation, with the numbers in between."""
    share = float(chosen(DISTILLED_KEY, USUAL_DISTILLED))
    found = worths(scenario, strategy, share)
    if not found:
        st.caption(words("The plan has no training run and nothing that is served."))
        return
    small_table([_worth(one, share) for one in found], words("What optimising is worth: weeks, points and money"))
    ask_number(DISTILLED_KEY, DISTILLED, share)
    st.caption(
        words(
            "Each alone, against the plan as it is. Weeks: of cash without the next financing. Not needed: how much "
            "smaller the next financing may be if, from its closing on, cash falls as low as planned and no run "
            "starts later. Quantised serving at half the cost is an assumption: half the bytes of every weight, "
            "while decoding waits for memory."
        )
    )
    for one in found:
        if one.financing is not None:
            st.markdown(formats.in_markdown(_derivation(one, share, scenario)))


def _worth(one: Worth, share: float) -> dict[str, str]:
    financing = one.financing
    return {
        words("Optimisation"): _optimisation(one, share),
        words("Runway"): weeks_text(one.weeks_gained),
        words("Founders' share"): points_text(financing.points_kept) if financing else NONE,
        words("Round money not needed"): formats.money(financing.not_needed, financing.currency) if financing else NONE,
    }


def _derivation(one: Worth, share: float, scenario: Scenario) -> str:
    """The numbers in between, in a line."""
    financing = one.financing
    assert financing is not None
    text = words(
        "{optimisation}: {changes}. Cash without {round}: {before} weeks, then {after}. Lowest cash from {round} on: "
        "{low}, with the optimisation {better}. {round}: {amount} becomes {smaller}, and the lowest cash is {shrunk}."
    )
    currency = scenario.reporting_currency
    return "- " + text.format(
        optimisation=f"**{_optimisation(one, share)}**",
        changes=words("; ").join(
            f"{escaped(inputs.field_name(change.field))} {inputs.shown_value(change.field, _short(change.before))} → "
            f"{inputs.shown_value(change.field, _short(change.after))}"
            for change in one.changes
        ),
        round=shown_name(financing.name),
        before=formats.decimal(one.weeks_before, 1) if one.weeks_before is not None else NONE,
        after=formats.decimal(one.weeks_after, 1) if one.weeks_after is not None else NONE,
        low=formats.money(financing.low_before, currency),
        better=formats.money(financing.low_after, currency),
        shrunk=formats.money(financing.low_shrunk, currency),
        amount=formats.money(financing.amount_before, financing.currency),
        smaller=formats.money(financing.amount_after, financing.currency),
    )


def _optimisation(one: Worth, share: float) -> str:
    return words(OPTIMISATIONS[one.optimisation]).format(share=formats.percent(share, 0))


def _short(value: float) -> float:
    """To three digits, as break-evens are looked for."""
    return float(f"{value:.3g}")
