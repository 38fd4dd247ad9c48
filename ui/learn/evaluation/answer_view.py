"""How good the network is: its answer in a sentence, five figures, what it takes for what, and each class."""

import numpy as np
import streamlit as st

from core.charts.evaluation import confusion_figure, precision_recall_figure, roc_figure
from ui import formats
from ui.chart_words import draw_chart
from ui.language import words
from ui.learn import export
from ui.learn.evaluation.shown import Shown
from ui.learn.numbers import significant
from ui.tables import small_table


def answer(shown: Shown) -> None:
    found = shown.found
    sentence = words(
        "The network is right for **{accuracy}** of {count} test images it never saw in training "
        "(95% interval {low} to {high})."
    )
    low, high = found.interval
    st.markdown(
        "## "
        + sentence.format(
            accuracy=formats.percent(found.accuracy, 2),
            count=formats.decimal(len(found.labels), 0),
            low=formats.percent(low, 2),
            high=formats.percent(high, 2),
        )
    )
    weakest = int(np.argmin(found.scores.recall))
    figures = [
        (
            words("Mistakes"),
            formats.decimal(int((found.predicted != found.labels).sum()), 0),
            words("Test images that were answered wrong."),
        ),
        (
            words("Lowest recall"),
            words("{name}: {text}").format(
                name=shown.names[weakest], text=formats.percent(found.scores.recall[weakest])
            ),
            words("The class of which the smallest share is found (recall)."),
        ),
        (
            words("Mean AUC"),
            formats.decimal(found.macro_auc, 4),
            words(
                "Chance that an image of a class scores higher for it than an image of another; mean of the classes."
            ),
        ),
        (
            words("Log loss"),
            significant(found.negative_log_likelihood, 3),
            words("Mean surprise at the true label (negative log-likelihood, nats); sure mistakes cost most."),
        ),
        (
            words("Calibration error"),
            formats.percent(found.calibration.expected_error),
            words("How far, on average, being sure is from being right (ECE, 15 bins)."),
        ),
    ]
    with st.grid(len(figures), min_column_width=150):
        for name, value, tip in figures:
            st.metric(name, value, border=True, help=tip)


def confusions(shown: Shown) -> None:
    figure = confusion_figure(shown.found.confusion, shown.names, words)
    draw_chart(
        figure, key="evaluate-confusion", alt=words("Confusion matrix: {sentence}").format(sentence=_most(shown))
    )
    st.caption(_most(shown))
    export.below(figure, "confusion")


def classes(shown: Shown) -> None:
    """Precision, recall and F1 of each class."""
    scores = shown.found.scores
    rows = [
        {
            words("Class"): name,
            words("Precision"): formats.percent(scores.precision[index]),
            words("Recall"): formats.percent(scores.recall[index]),
            words("F1"): formats.percent(scores.f1[index]),
            words("Images"): formats.decimal(int(scores.support[index]), 0),
        }
        for index, name in enumerate(shown.names)
    ]
    small_table(rows, words("Precision, recall and F1 of each class"))
    st.caption(
        words(
            "Precision: of the images given this class, the share that belong to it. Recall: of the images that belong "
            "to it, the share found. F1: their harmonic mean."
        )
    )


def curves(shown: Shown) -> None:
    """ROC and precision against recall, each class against the rest."""
    found = shown.found
    left, right = st.columns(2, gap="large")
    figures = (
        (left, "roc", roc_figure, found.roc, words("ROC curves; area under each: {areas}")),
        (
            right,
            "precision-recall",
            precision_recall_figure,
            found.precision_recall,
            words("Precision-recall curves; average precision of each: {areas}"),
        ),
    )
    for column, key, drawn, of_class, alt in figures:
        named = dict(zip(shown.names, of_class, strict=True))
        areas = words(", ").join(f"{name} {formats.decimal(curve.area, 4)}" for name, curve in named.items())
        with column:
            figure = drawn(named, words)
            draw_chart(figure, key=f"evaluate-{key}", alt=alt.format(areas=areas))
            export.below(figure, key)
    st.caption(
        words(
            "In brackets: the area under the ROC curve (AUC) and the average precision; 1 is perfect, and an AUC of "
            "0.5 is guessing. A click on a name hides its curve."
        )
    )


def _most(shown: Shown) -> str:
    """The commonest mistake in words."""
    wrong = shown.found.confusion * (1 - np.eye(len(shown.names), dtype=np.int64))
    truth, said = np.unravel_index(int(wrong.argmax()), wrong.shape)
    if wrong[truth, said] == 0:
        return words("No image is taken for another class.")
    return words("Most often {truth} is taken for {answer}: {count} of {all}.").format(
        truth=shown.names[truth],
        answer=shown.names[said],
        count=formats.decimal(int(wrong[truth, said]), 0),
        all=formats.decimal(int(shown.found.confusion[truth].sum()), 0),
    )
