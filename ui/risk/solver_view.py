"""How much to raise, when and how, or how large a model: one question with its goal, and its answer on fresh luck."""

from dataclasses import dataclass
from datetime import date

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.charts.decisions import frontier_figure
from core.plan.calendar import month_after, months_between
from core.plan.candidates import Outcome
from core.plan.questions import (
    KINDS,
    SOLD,
    Kind,
    Question,
    Reply,
    goal_months,
    instruments,
    replies,
    risk_at,
    solvable_financings,
    solvable_runs,
)
from core.plan.scenario import Scenario
from core.plan.scenario_io import edited
from core.plan.solve import SMALLEST, Goal, Solution, frontier
from ui import formats, scenario_state, simulation_queue
from ui.chart_words import draw_chart
from ui.compute.page_choices import ask_one
from ui.financing_inputs import KIND_NAMES
from ui.language import sentences, words
from ui.risk import inputs_view, solution_table
from ui.risk.decision_words import QUESTIONS
from ui.risk.kept_results import drawn
from ui.risk.words_of_risk import with_error
from ui.simulation_queue import FEW_PATHS
from ui.user_text import shown_name

ALPHAS = (0.05, 0.1, 0.2)
USUAL_ALPHA = 0.1
HAIR = 1e-6


@dataclass(frozen=True)
class Frontier:
    """Points of dilution against risk, and the plan's own."""

    points: tuple[tuple[float, Outcome], ...]
    planned: Outcome


def show(scenario: Scenario, strategy: int) -> None:
    """The question, its answer, and dilution against risk."""
    question = _question(scenario, strategy)
    if question is None:
        st.caption(words("No financing and no training run of this strategy is still to come."))
        return
    reply = _reply(scenario, strategy, question)
    if reply is not None:
        _answer(scenario, strategy, question, reply)
    if solvable_financings(scenario, strategy):
        _frontier(scenario, strategy, question.goal)


def _question(scenario: Scenario, strategy: int) -> Question | None:
    """What is asked, from four choices; None where nothing of the plan is still to come."""
    financings, runs = solvable_financings(scenario, strategy), solvable_runs(scenario)
    documents = scenario.strategies[strategy].financings
    sold = {at: instruments(documents[at], rounds_may_fail=scenario.fundraising is not None) for at in financings}
    possible: dict[Kind, tuple[int, ...]] = {
        "smallest_raise": financings,
        "latest_date": financings,
        "least_dilution": tuple(at for at in financings if sold[at]),
        "largest_model": runs,
    }
    kinds = {kind: words(QUESTIONS[kind]) for kind in KINDS if possible[kind]}
    if not kinds:
        return None
    with st.grid(4, min_column_width=165):
        kind: Kind = ask_one("risk-question", words("Looked for"), kinds, next(iter(kinds)))
        if kind == "largest_model":
            names = {at: words(scenario.runs[at].name) for at in runs}
            position = ask_one("risk-run", words("Training run"), names, runs[0])
            begins = scenario.runs[position].start
        else:
            names = {at: words(documents[at].name) for at in possible[kind]}
            position = ask_one("risk-financing", words("Financing"), names, possible[kind][0])
            begins = documents[position].date
        goal = _goal(scenario, begins)
    chosen = _instruments(sold[position]) if kind == "least_dilution" else ()
    return Question(kind, position, goal, chosen)


def _goal(scenario: Scenario, begins: date) -> Goal:
    """The month past which the money shall last, by default the first milestone from `begins` on, and the chance."""
    months = goal_months(scenario)
    first = months_between(scenario.founding, begins)
    default = next((month for month, names in months.items() if names and month >= first), scenario.horizon_months - 1)
    month = ask_one(
        "risk-goal",
        words("The money lasts past"),
        {month: _goal_name(scenario, month, names) for month, names in months.items()},
        default,
        words("A training run, a launch, the horizon or any half year."),
    )
    alpha = ask_one(
        "risk-alpha",
        words("With a chance of running dry of at most"),
        {alpha: formats.percent(alpha, 0) for alpha in ALPHAS},
        USUAL_ALPHA,
        words("Of all paths so many may run dry by then."),
    )
    return Goal(month, alpha)


def _goal_name(scenario: Scenario, month: int, names: tuple[str, ...]) -> str:
    day = formats.month(month_after(scenario.founding, month))
    if names:
        return words("{month}: {milestone}").format(
            month=day, milestone=words(", ").join(words(name) for name in names)
        )
    return words("{month}: the horizon").format(month=day) if month == scenario.horizon_months - 1 else day


def _instruments(proposed: tuple[str, ...]) -> tuple[str, ...]:
    names = {kind: words(KIND_NAMES[kind]) for kind in SOLD}
    picked = st.pills(
        words("Raised as"),
        SOLD,
        selection_mode="multi",
        default=list(proposed),
        format_func=names.__getitem__,
        key="risk-instruments-" + "-".join(proposed),
        help=words(
            "SAFEs are drawn as sure to come, rounds are not: a SAFE in a round's place looks safer than it is."
        ),
    )
    return tuple(kind for kind in SOLD if kind in picked) or proposed


def _reply(scenario: Scenario, strategy: int, question: Question) -> Reply | None:
    """The answer if it is known or asked for in this run."""
    seed = inputs_view.seed()
    key = simulation_queue.key_of(scenario, repr(question), strategy, FEW_PATHS, seed)
    pressed = st.button(words("Find it"), key="risk-solve", type="primary", icon=":material/search:")
    if not pressed and simulation_queue.queue().found(key) is None:
        return None

    def work(place: DeltaGenerator) -> Reply:
        place.progress(0.0, text=words("Variants of the plan are simulated…"))
        for reply in replies(scenario, strategy, question, paths=FEW_PATHS, seed=seed):
            text = words("{share} of the instruments and dates").format(share=formats.percent(reply.done, 0))
            place.progress(reply.done, text=text)
        return reply

    found: Reply = simulation_queue.computed(key, work)
    return found


def _answer(scenario: Scenario, strategy: int, question: Question, reply: Reply) -> None:
    if reply.solution is None:
        st.warning(formats.in_markdown(_no_answer(scenario, question, reply)), icon=":material/block:")
        return
    st.markdown("## " + formats.in_markdown(_sentence(scenario, strategy, question, reply.solution)))
    if drawn(scenario) and reply.fresh and reply.planned:
        text = words(
            "Chance of running dry by then: **{found}** on the paths that were searched, **{fresh}** on fresh ones, "
            "**{planned}** for the plan as it is. ± is the 95% interval of the sampling."
        )
        chances = {"found": reply.solution.outcome, "fresh": reply.fresh, "planned": reply.planned}
        st.markdown(text.format(**{name: with_error(one.dry) for name, one in chances.items()}))
        if reply.fresh.dry.low > question.goal.alpha:
            st.warning(words("On fresh paths the risk is higher than agreed: add a margin."), icon=":material/warning:")
    shares = words("Founders' median share by then: **{found}**, as planned **{planned}**.")
    if reply.planned:
        st.markdown(
            shares.format(
                found=formats.percent(reply.solution.outcome.founders_share),
                planned=formats.percent(reply.planned.founders_share),
            )
        )
    solution_table.show(scenario, strategy, reply.solution)
    st.button(
        words("Put it into the plan"),
        key="risk-apply",
        icon=":material/check:",
        help=words("Changes the plan on all pages. Undo in the sidebar takes it back."),
        on_click=scenario_state.edit,
        args=(dict(reply.solution.changes),),
    )


def _sentence(scenario: Scenario, strategy: int, question: Question, solution: Solution) -> str:
    month = formats.month(month_after(scenario.founding, question.goal.milestone))
    if question.kind == "largest_model":
        return _largest(scenario, question, solution, month)
    planned = scenario.strategies[strategy].financings[question.position]
    found = edited(scenario, solution.changes).strategies[strategy].financings[question.position]
    values = {
        "amount": formats.money(solution.amount, planned.currency),
        "name": shown_name(planned.name),
        "kind": words(KIND_NAMES[found.kind]),
        "date": formats.month(found.date),
        "month": month,
    }
    if question.kind == "latest_date":
        text = words("**{name}** may close as late as **{date}**, and the money lasts past {month}.")
    elif question.kind == "least_dilution":
        text = words("Raise **{amount}** in **{date}** as **{kind}** ({name}), and the money lasts past {month}.")
    elif solution.amount <= SMALLEST * planned.amount * (1 + HAIR):
        text = words("A twentieth of {name}, **{amount}**, is enough for the money to last past {month}.")
    else:
        text = words("Raise **{amount}** in {name}, and the money lasts past {month}.")
    return text.format(**values)


def _largest(scenario: Scenario, question: Question, solution: Solution, month: str) -> str:
    planned = scenario.runs[question.position]
    found = edited(scenario, solution.changes).runs[question.position]
    text = words(
        "**{name}** may have **{parameters}** active parameters and **{tokens}** tokens, {times} × those planned: it "
        "starts by {month}, and the money lasts past it."
    )
    return text.format(
        name=shown_name(planned.name),
        parameters=formats.quantity(found.active_parameters),
        tokens=formats.quantity(found.tokens),
        times=formats.decimal(found.tokens / planned.tokens),
        month=month,
    )


def _no_answer(scenario: Scenario, question: Question, reply: Reply) -> str:
    """Why there is none, as far as it can be told."""
    texts = {
        "smallest_raise": words("Not even eight times the planned amount is enough."),
        "latest_date": words("No date, not even the earliest possible one, is early enough."),
        "least_dilution": words("None of these instruments and dates is enough, at up to eight times the amount."),
        "largest_model": words("Not even a twentieth of the model starts by then with money that lasts."),
    }
    parts = [texts[question.kind]]
    if not drawn(scenario):
        return parts[0]
    if reply.planned is not None:
        text = words("As planned the chance of running dry by then is {planned}.")
        parts.append(text.format(planned=with_error(reply.planned.dry)))
    if reply.largest is not None:
        text = words("With eight times the amount it is {largest}: what is missing is not the amount.")
        parts.append(text.format(largest=with_error(reply.largest.dry)))
    parts.append(
        words("The reason may be a later round that can fail, a late run or a goal too far off: change one of them.")
    )
    return sentences(*parts)


def _frontier(scenario: Scenario, strategy: int, goal: Goal) -> None:
    """Dilution against risk, drawn once it is asked for."""
    seed = inputs_view.seed()
    key = simulation_queue.key_of(scenario, f"frontier-{goal.milestone}", strategy, FEW_PATHS, seed)
    pressed = st.button(words("Draw dilution against risk"), key="risk-frontier-button", icon=":material/show_chart:")
    if not pressed and simulation_queue.queue().found(key) is None:
        return

    def work(place: DeltaGenerator) -> Frontier:
        place.progress(0.0, text=words("Variants of the plan are simulated…"))
        points = frontier(scenario, strategy, goal.milestone, paths=FEW_PATHS, seed=seed)
        return Frontier(points, risk_at(scenario, strategy, goal.milestone, paths=FEW_PATHS, seed=seed))

    found: Frontier = simulation_queue.computed(key, work)
    alpha = goal.alpha if drawn(scenario) else None
    draw_chart(
        frontier_figure(found.points, found.planned, alpha, words),
        key="risk-frontier",
        alt=words("Founders' share against the chance of running dry, for all amounts times a factor"),
    )
    st.caption(words("All financings still to come, a quarter to four times the plan. Dashed: the chance agreed to."))
