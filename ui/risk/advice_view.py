"""The best next steps: each with its effect on runway, shares and money, its evidence, and a button that takes it."""

from collections.abc import Mapping

import streamlit as st

from core.errors import InputError
from core.plan.advice import Step
from core.plan.answer import PATH, Answer
from core.plan.operating import CENTS_PER_UNIT
from core.plan.risk import chance
from core.plan.scenario import Scenario
from core.plan.scenario_io import edited
from ui import formats, scenario_state, simulation_queue
from ui.language import sentences, words
from ui.results import answers
from ui.risk import inputs_view
from ui.risk.decision_words import PRICES, points_text, sign_of, step_title, weeks_text
from ui.risk.kept_results import drawn, steps
from ui.risk.words_of_risk import with_error
from ui.tables import small_table
from ui.user_text import shown_name

FIGURE_PIXELS = 150
NONE = "–"


def answer(scenario: Scenario, strategy: int) -> None:
    """The best step with what it is worth, and what it takes."""
    found = steps(scenario, strategy)
    if not found:
        text = words("None of the changes that were tried leaves the founders with more, or the plan with more time.")
        st.markdown("## " + text)
        return
    best, currency = found[0], scenario.reporting_currency
    effects = []
    if best.weeks is not None and round(best.weeks, 1):
        effects.append(words("**{weeks}** of runway").format(weeks=weeks_text(best.weeks)))
    if round(best.points, 4):
        effects.append(words("**{points}** for the founders").format(points=points_text(best.points)))
    if best.money:
        effects.append(words("**{money}** saved").format(money=formats.money(best.money, currency)))
    if best.value:
        effects.append(words("**{money}** in present value for them").format(money=_signed_money(scenario, best.value)))
    text = words("Best next step: **{step}** ({effects}).")
    text = text.format(step=step_title(scenario, best), effects=words(", ").join(effects))
    st.markdown("## " + formats.in_markdown(text))
    st.caption(words(PRICES[best.kind]))
    if drawn(scenario):
        text = words("Chance that the money lasts to the horizon: **{now}** now, **{after}** with this step.")
        plans = {"now": scenario, "after": edited(scenario, best.changes)}
        st.markdown(text.format(**{name: _lasts(plan, strategy) for name, plan in plans.items()}))


def show(scenario: Scenario, strategy: int) -> None:
    """The steps as cards, the best one first."""
    found = steps(scenario, strategy)
    if not found:
        return
    st.caption(_explanation(scenario, strategy))
    for number, step in enumerate(found):
        with st.container(border=True):
            _card(scenario, strategy, number, step)


def _explanation(scenario: Scenario, strategy: int) -> str:
    waiting = answers(scenario)[strategy].next_financing
    runway = (
        words("Runway: without {round} and all later rounds.").format(round=shown_name(waiting.name))
        if waiting
        else words("Runway: until the cash ends.")
    )
    rest = words(
        "Each step is tried alone on the plan without luck; only what is still to come is changed. What is saved makes "
        "the last private round to come smaller, which leaves the founders more. Present value: at founding, before "
        "tax. –: the cash does not end before the horizon, or nothing is saved."
    )
    return sentences(runway, rest)


def _card(scenario: Scenario, strategy: int, number: int, step: Step) -> None:
    st.markdown(f"**{number + 1}. {formats.in_markdown(step_title(scenario, step))}**")
    figures = {
        words("Runway"): weeks_text(step.weeks),
        words("Founders' share"): points_text(step.points),
        words("Saved by the horizon"): formats.money(step.money, scenario.reporting_currency) if step.money else NONE,
        words("Present value for founders"): _signed_money(scenario, step.value),
    }
    with st.grid(len(figures), min_column_width=FIGURE_PIXELS):
        for name, figure in figures.items():
            with st.container(gap=None):
                st.caption(name)
                st.markdown(f"**{formats.in_markdown(figure)}**")
    st.caption(words(PRICES[step.kind]))
    with st.container(horizontal=True):
        _try_button(words("Try it"), f"risk-try-{step.kind}", step.changes)
        if step.smaller_round:
            both = {**step.changes, **step.smaller_round}
            _try_button(words("Try it and raise less"), f"risk-try-less-{step.kind}", both)
    box = st.expander(words("Before and after"), key=f"risk-evidence-{step.kind}", on_change="rerun")
    if box.open:
        with box:
            _evidence(scenario, strategy, step)


def _try_button(label: str, key: str, changes: Mapping[str, object]) -> None:
    st.button(
        label,
        key=key,
        icon=":material/play_arrow:",
        help=words("Changes the plan on all pages. Undo in the sidebar takes it back."),
        on_click=scenario_state.edit,
        args=(dict(changes),),
    )


def _evidence(scenario: Scenario, strategy: int, step: Step) -> None:
    """The plan's figures as it is, with the step, and with the smaller round that the step pays for."""
    plans = {words("Now"): scenario, words("With the step"): edited(scenario, step.changes)}
    if step.smaller_round:
        plans[words("With a smaller round, too")] = edited(scenario, {**step.changes, **step.smaller_round})
    columns = {}
    for name, plan in plans.items():
        try:
            columns[name] = _figures(plan, strategy, step)
        except InputError:  # a luck of the paths that the changed plan cannot take
            continue
    rows = [
        {words("Figure"): figure, **{name: values.get(figure, NONE) for name, values in columns.items()}}
        for figure in columns[words("Now")]
    ]
    small_table(rows, words("The plan's figures before and after the step"))


def _figures(plan: Scenario, strategy: int, step: Step) -> dict[str, str]:
    found = answers(plan)[strategy]
    figures = {
        words("Funds needed"): formats.money(found.funds_needed, found.currency),
        words("Cash ends in"): formats.month(found.dry) if found.dry else words("past the horizon"),
        words("Without the next round"): formats.month(found.cash_out) if found.cash_out else words("past the horizon"),
        words("Raised in all"): formats.money(found.raised, found.currency),
        words("Cash at the horizon"): NONE if found.dry else formats.money(_last_cash(found), found.currency),
        words("Founders' share"): formats.percent(float(found.founders_share), 2),
        words("Founders' proceeds"): formats.money(found.founders_proceeds, found.currency),
        words("Their present value at founding"): formats.money(found.founders_present_value, found.currency),
    }
    loss = next((run.loss for run in found.runs if run.name == step.subject), None)
    if loss is not None:
        figures[words("Loss, nats a token")] = formats.decimal(loss, 3)
    if drawn(plan):
        figures[words("Chance of lasting to the horizon")] = _lasts(plan, strategy)
    return figures


def _lasts(plan: Scenario, strategy: int) -> str:
    """The chance that the money lasts to the horizon; the same seed, so the same luck, for every plan."""
    paths = simulation_queue.paths(plan, strategy, inputs_view.seed(), more=False)
    return with_error(chance(paths.dry == paths.months))


def _last_cash(found: Answer) -> float:
    return float(found.simulation.cash[-1, PATH]) / CENTS_PER_UNIT


def _signed_money(scenario: Scenario, amount: float) -> str:
    return sign_of(amount) + formats.money(abs(amount), scenario.reporting_currency)
