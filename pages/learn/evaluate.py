from collections.abc import Callable

import streamlit as st

from ui.language import words
from ui.learn.evaluation import answer_view, calibration_view, layers_view, stability_view, worst_view
from ui.learn.evaluation.shown import shown
from ui.learn.training import run_picker, sections, take_view

st.markdown(
    words(
        "How far can a trained network be trusted? It is tested on images that it never saw: how often it is "
        "right, what it takes for what, and whether it is as sure as it should be."
    )
)
network = shown()
if network is not None:
    judged = network
    answer_view.answer(judged)
    chart, table = st.columns([5, 4], gap="large")
    with chart:
        answer_view.confusions(judged)
    with table:
        run_picker.pick(judged.run)
        answer_view.classes(judged)
    parts: dict[str, tuple[str, Callable[[], None]]] = {
        "draw": (words("Draw one yourself and see every layer's output"), lambda: layers_view.show(judged)),
        "worst": (words("The worst mistakes"), lambda: worst_view.mistakes(judged)),
        "curves": (words("ROC, AUC and precision against recall"), lambda: answer_view.curves(judged)),
        "calibration": (words("Is it as sure as it should be?"), lambda: calibration_view.show(judged)),
        "shifts": (words("Turned, noisy, thinned and widened images"), lambda: stability_view.shifts(judged)),
        "seeds": (words("The same recipe with other seeds"), lambda: stability_view.seeds(judged)),
        "take": (
            words("Take it with you: weights, ONNX, script, model card, lab report"),
            lambda: take_view.show(judged.run),
        ),
        "labels": (words("Known errors of MNIST's test labels"), lambda: worst_view.doubtful_labels(judged)),
    }
    sections.show("evaluate-section-", parts)
