"""The four stages of a step: the sentence that answers, the buttons that lead on, the drawing and the arithmetic."""

import re

import numpy as np
import streamlit as st

from core.charts.small_net import loss_figure, net_figure
from core.formulas.optimizers import QUANTITIES
from core.formulas.small_net import PARAMETERS
from core.formulas.small_net import QUANTITIES as NET_QUANTITIES
from core.formulas.small_net_code import net_code
from core.formulas.small_net_latex import aligned, stage_lines
from ui.chart_words import draw_chart
from ui.compute.page_choices import ask_one, choose
from ui.language import N_, words
from ui.learn import export
from ui.learn.numbers import significant
from ui.learn.one_step.lesson import PLACE, PREFIX, STAGE_NAMES, STAGES, Lesson, go, own, start_over

WHAT_HAPPENS = {
    "forward": N_("From left to right: each unit weighs what comes in, adds its bias and applies its activation."),
    "loss": N_("One number says how far the outputs are from the targets."),
    "backward": N_(
        "From right to left by the chain rule: how much the loss would change with each value and each weight. Nothing "
        "is changed yet."
    ),
    "update": N_("The optimizer turns each gradient into a small change of its weight. Only here does the net learn."),
}
PARAMETER_NAMES = {
    "output_weights": N_("Weights of the outputs"),
    "output_bias": N_("Biases of the outputs"),
    "hidden_weights": N_("Weights of the hidden units"),
    "hidden_bias": N_("Biases of the hidden units"),
}
NOT_SHOWN = re.compile(r"\\[a-z]+ ?|[{}^_\\ ]")  # of LaTeX
BESIDE = 80  # characters of formulas that stand side by side
SYMBOLS = {"hidden_weights": "w^{(1)}", "hidden_bias": "b^{(1)}", "output_weights": "w^{(2)}", "output_bias": "b^{(2)}"}


def answer(lesson: Lesson) -> str:
    """What this stage finds."""
    number, loss = lesson.at + 1, significant(lesson.losses[lesson.at])
    if lesson.stage == "forward":
        text = words(
            "Step {number}, forward: for the first sample the net gives **{outputs}**; the targets are {targets}."
        )
        outputs = lesson.step.quantities["outputs"][0]
        return text.format(
            number=number,
            outputs=words(" and ").join(significant(float(one)) for one in outputs),
            targets=words(" and ").join(significant(float(one)) for one in np.atleast_1d(lesson.targets[0])),
        )
    if lesson.stage == "loss":
        return words("Step {number}, loss: the error of all outputs together is **{loss}**.").format(
            number=number, loss=loss
        )
    if lesson.stage == "backward":
        symbol, slope = _steepest(lesson)
        return words(
            "Step {number}, backward: the steepest weight is ${symbol}$, with a gradient of **{slope}**."
        ).format(number=number, symbol=symbol, slope=significant(slope))
    if lesson.loss_after is None:
        return words("Step {number}, update: after it the net has no numbers any more.").format(number=number)
    return words("Step {number}, update: the loss goes from {before} to **{after}**.").format(
        number=number, before=loss, after=significant(lesson.loss_after)
    )


def stepper(lesson: Lesson) -> None:
    """The stage to look at, and buttons that lead through the steps."""
    key = PREFIX + "stage"
    st.session_state[key] = lesson.stage
    names = {stage: words(name) for stage, name in STAGE_NAMES.items()}
    following = STAGES[(STAGES.index(lesson.stage) + 1) % len(STAGES)]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.segmented_control(
            words("Step {number}").format(number=lesson.at + 1),
            STAGES,
            format_func=names.__getitem__,
            key=key,
            required=True,
            on_change=lambda: choose(PLACE, lesson.at * len(STAGES) + STAGES.index(st.session_state[key])),
        )
        st.button(words("Back"), key=PREFIX + "back", on_click=go, args=(-1,), disabled=_at_start(lesson))
        label = words("Next: {stage}").format(stage=names[following])
        st.button(label, key=PREFIX + "next", on_click=go, args=(1,), type="primary", disabled=_at_end(lesson))
        st.button(words("10 steps on"), key=PREFIX + "ten", on_click=go, args=(10 * len(STAGES),))
        st.button(words("Start over"), key=PREFIX + "over", on_click=start_over, disabled=_at_start(lesson))


def drawing(lesson: Lesson, sample: int) -> None:
    st.caption(words(WHAT_HAPPENS[lesson.stage]))
    figure = net_figure(lesson.step, lesson.stage, sample, words)
    draw_chart(
        figure,
        key=PREFIX + "net",
        alt=words("The net with its numbers. {answer}").format(answer=answer(lesson).replace("**", "")),
    )
    export.below(
        figure,
        "net",
        lambda: net_code(lesson.steps[0], lesson.targets, lesson.at + 1),
        lambda: every_number(lesson),
    )


def arithmetic(lesson: Lesson, sample: int) -> None:
    """The formulas of the stage with the numbers put in."""
    layers = stage_lines(lesson.step, lesson.stage, sample)
    widths = [max(len(NOT_SHOWN.sub("", line)) for line in lines) for lines in layers]
    places = st.columns(widths, gap="small") if sum(widths) <= BESIDE else [st.container() for _ in layers]
    for place, lines in zip(places, layers, strict=True):
        place.latex(aligned(lines))


def loss_chart(lesson: Lesson) -> None:
    figure = loss_figure(lesson.losses, lesson.at, words)
    draw_chart(figure, key=PREFIX + "losses", alt=words("The loss before each of the first steps."))
    if lesson.fault is not None:
        st.warning(
            words(
                "After step {number} the weights are no longer finite numbers: the learning rate is too large for this "
                "net, or a logarithm or root has no value."
            ).format(number=len(lesson.steps)),
            icon=":material/trending_up:",
        )
    export.below(figure, "loss")


def ask_sample(lesson: Lesson) -> int:
    """Which sample's values are drawn, where there are several."""
    count = len(lesson.step.quantities["inputs"])
    if count == 1:
        return 0
    names = {index: words("Sample {number}").format(number=index + 1) for index in range(count)}
    return int(ask_one(own(lesson.example) + "sample", words("Sample drawn"), names, 0))


def workings_table(lesson: Lesson) -> None:
    """Every quantity of the optimizer's step for one group of weights."""
    groups = {name: words(text) for name, text in PARAMETER_NAMES.items()}
    name = str(ask_one(PREFIX + "group", words("Group of weights"), groups, "output_weights"))
    working, before = lesson.step.workings[name], getattr(lesson.step.before, name)
    places = list(np.ndindex(before.shape))
    heads = [words("Symbol"), words("Quantity"), *(f"${_symbol(name, place)}$" for place in places)]
    lines = ["| " + " | ".join(heads) + " |", "|:---|:---|" + "---:|" * len(places)]
    for quantity, value in working.items():
        symbol, meaning = QUANTITIES[quantity]
        numbers = np.broadcast_to(np.asarray(value, dtype=np.float64), before.shape)
        cells = [significant(float(numbers[place])) for place in places]
        lines.append("| " + " | ".join([f"${symbol}$", words(meaning), *cells]) + " |")
    st.markdown("\n".join(lines))
    export.below_table("workings", lambda: _all_workings(lesson))


def _all_workings(lesson: Lesson) -> export.Table:
    """Every quantity of the optimizer's step for every weight and bias."""
    rows = [
        (_plain(_symbol(name, place)), words(QUANTITIES[quantity][1]), np.broadcast_to(value, before.shape)[place])
        for name in PARAMETERS
        for before in [getattr(lesson.step.before, name)]
        for quantity, value in lesson.step.workings[name].items()
        for place in np.ndindex(before.shape)
    ]
    return (words("Weight"), words("Quantity"), words("Value")), rows


def every_number(lesson: Lesson) -> export.Table:
    """All that the step computes, a number a row: the weights before, forward, loss, backward, the weights after."""
    step, rows = lesson.step, []
    for stage, net in (("before", step.before), ("after", step.after)):
        rows += [
            (stage, words(PARAMETER_NAMES[name]), _plain(_symbol(name, place)), getattr(net, name)[place])
            for name in PARAMETERS
            for place in np.ndindex(getattr(net, name).shape)
        ]
    between = [
        (stage, words(meaning), ", ".join(str(index + 1) for index in place), np.asarray(step.quantities[name])[place])
        for name, (stage, _, meaning) in NET_QUANTITIES.items()
        for place in np.ndindex(np.shape(step.quantities[name]))
    ]
    weights = len(rows) // 2
    return ("stage", words("Quantity"), "place", words("Value")), [*rows[:weights], *between, *rows[weights:]]


def _plain(symbol: str) -> str:
    """w^{(1)}_{12} as w(1) 12."""
    return symbol.replace("^{(", "(").replace(")}_{", ") ").rstrip("}")


def _steepest(lesson: Lesson) -> tuple[str, float]:
    """The weight or bias whose gradient is largest in size."""
    slopes = [
        (_symbol(name, place), float(lesson.step.quantities[f"{name}_slope"][place]))
        for name in PARAMETERS
        for place in np.ndindex(getattr(lesson.step.before, name).shape)
    ]
    return max(slopes, key=lambda found: abs(found[1]))


def _symbol(name: str, place: tuple[int, ...]) -> str:
    return f"{SYMBOLS[name]}_{{{''.join(str(index + 1) for index in place)}}}"


def _at_start(lesson: Lesson) -> bool:
    return lesson.at == 0 and lesson.stage == STAGES[0]


def _at_end(lesson: Lesson) -> bool:
    return lesson.stage == STAGES[-1] and lesson.loss_after is None
