from collections.abc import Callable

import streamlit as st

from core.errors import InputError
from ui.compute.page_choices import choose, chosen
from ui.language import words
from ui.learn.evaluation.shown import Shown, shown
from ui.learn.fairness import answer_view, own_view, remedies_view
from ui.learn.privacy import attack_view, noise_view, shared_view
from ui.learn.training import run_choice, run_picker, sections

st.markdown(
    words(
        "Does the network serve all groups equally well, and does it give away what it learned from? "
        "Fairness compares groups of images; privacy lets an attacker guess which images were in training "
        "(membership inference)."
    )
)
KEY = "fair-part"
Parts = dict[str, tuple[str, Callable[[], None]]]


def fairness(judged: Shown) -> Parts:
    groups = answer_view.found(judged)
    answer_view.answer(judged, groups)
    chart, inputs = st.columns([2, 1], gap="large")
    with inputs:
        run_picker.pick(judged.run)
        answer_view.table(judged, groups)
    with chart:
        answer_view.chart(judged, groups)
    return {
        "groups": (words("What the groups look like"), lambda: answer_view.examples(judged, groups)),
        "classes": (words("Class by class"), lambda: answer_view.classes(judged, groups)),
        "threshold": (
            words("Remedy: leave unsure images to a person"),
            lambda: remedies_view.thresholds(judged, groups),
        ),
        "balance": (
            words("Remedy: draw the groups equally often"),
            lambda: remedies_view.rebalancing(judged, groups),
        ),
        "own": (words("Your own handwriting as a group"), lambda: own_view.show(judged)),
        "meaning": (words("What fair means here"), answer_view.meaning),
    }


def privacy(judged: Shown) -> Parts:
    found = attack_view.attack(judged.run)
    attack_view.answer(found)
    chart, inputs = st.columns([2, 1], gap="large")
    with chart:
        attack_view.chart(found)
    with inputs:
        run_picker.pick(judged.run)
        attack_view.note(judged, found)
    return {
        "losses": (words("Losses of seen and unseen images"), lambda: attack_view.losses(found)),
        "noise": (words("Noise in training (DP-SGD): what it costs, what it hides"), lambda: noise_view.show(judged)),
        "budget": (words("What noise promises: ε and δ"), noise_view.budget),
        "contents": (words("What a shared checkpoint holds"), lambda: shared_view.contents(judged)),
        "inversion": (words("Pictures drawn from the weights"), lambda: shared_view.inversion(judged)),
        "handling": (words("What this app keeps, where and how long"), shared_view.handling),
    }


network = shown()
if network is not None:
    titles = {"fairness": words("Fairness"), "privacy": words("Privacy")}
    st.session_state[KEY] = chosen(KEY, "fairness")
    part = st.segmented_control(
        words("Which part?"),
        list(titles),
        format_func=titles.__getitem__,
        key=KEY,
        required=True,
        label_visibility="collapsed",
        on_change=lambda: choose(KEY, st.session_state[KEY]),
    )
    try:
        sections.show(f"{part}-section-", (fairness if part == "fairness" else privacy)(network))
    except InputError as error:
        st.error(run_choice.fault_text(error), icon=":material/block:")
