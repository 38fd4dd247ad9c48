from collections.abc import Callable

import streamlit as st

from core.errors import InputError
from core.formulas.activations import ACTIVATIONS
from core.formulas.losses import LOSSES
from core.formulas.optimizers import OPTIMIZERS
from ui.errors import error_text
from ui.language import sentences, words
from ui.learn import formula_card
from ui.learn.one_step import lesson, numbers_view, stages_view
from ui.learn.one_step.lesson import PREFIX, Lesson

st.markdown(
    words(
        "What does one step of training do to each weight? A tiny net answers (forward), its error is "
        "measured (loss) and shared out among the weights (backward), and each weight moves a little "
        "(update)."
    )
)
answer = st.container()  # filled once the net is trained
chart, inputs = st.columns([2, 1], gap="large")
shown: Lesson | None = None
with inputs:
    example = lesson.ask_example()
    try:
        shown = lesson.lesson(example, lesson.ask_net(example))
    except InputError as error:
        st.error(error_text(error), icon=":material/block:")
if shown is not None:
    with inputs:
        sample = stages_view.ask_sample(shown)
    with answer:
        st.markdown("## " + stages_view.answer(shown))
        for warning in shown.step.loss_terms.warnings:
            st.warning(words(warning), icon=":material/warning:")
        stages_view.stepper(shown)
    with chart:
        stages_view.drawing(shown, sample)
    stages_view.arithmetic(shown, sample)
    stages_view.loss_chart(shown)
if example.note:
    source = f"[{words('Source')}]({example.source})" if example.source else ""
    st.caption(sentences(words(example.note), source))


def cards(net_lesson: Lesson) -> None:
    """The formulas at work: loss, both activations, optimizer."""
    net = net_lesson.step.before
    tabs = {
        words("Loss"): ("loss", LOSSES[net.loss.name], net.loss),
        words("Activation of the hidden units"): ("activation", ACTIVATIONS[net.hidden_activation.name], None),
        words("Activation of the outputs"): ("activation", ACTIVATIONS[net.output_activation.name], None),
        words("Optimizer"): ("optimizer", OPTIMIZERS[net.optimizer.name], net.optimizer),
    }
    for tab, (kind, row, choice) in zip(st.tabs(list(tabs)), tabs.values(), strict=True):
        with tab:
            formula_card.show(kind, row, choice.settings if choice else None)


SECTIONS: dict[str, tuple[str, Callable[[], None]]] = {
    "numbers": (words("Inputs, targets and weights to type in"), lambda: numbers_view.show(example)),
}
if shown is not None:
    run = shown
    SECTIONS |= {
        "workings": (words("The optimizer's arithmetic"), lambda: stages_view.workings_table(run)),
        "cards": (words("The formulas at work"), lambda: cards(run)),
    }
for key, (title, show) in SECTIONS.items():
    box = st.expander(title, key=f"{PREFIX}box-{key}", on_change="rerun")
    if box.open:
        with box:
            show()
