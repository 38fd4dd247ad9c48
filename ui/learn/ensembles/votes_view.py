"""Ways to vote beside each other, and the members one by one."""

import streamlit as st

from core.charts.ensembles import agreement_figure
from core.runs.ensembles import Ensemble, Voting
from core.runs.run_folder import find_run
from core.runs.run_queue import the_queue
from ui import formats
from ui.chart_words import draw_chart
from ui.language import N_, words
from ui.learn import export
from ui.learn.ensembles import answer_view, members
from ui.learn.numbers import significant
from ui.tables import small_table

WAYS: dict[Voting, str] = {
    "mean": N_("Mean of probabilities"),
    "majority": N_("Majority of answers"),
    "weighted": N_("Votes weighted by boosting (SAMME)"),
}


def votes() -> None:
    """Accuracy of each way. Raises InputError."""
    found = _found()
    if found is None:
        return
    rows = [
        {
            words("Vote"): words(WAYS[vote.way]),
            words("Accuracy"): formats.percent(vote.accuracy.value, 2),
            words(
                "95% interval"
            ): f"{formats.percent(vote.accuracy.low, 2)} – {formats.percent(vote.accuracy.high, 2)}",
            words("Over the mean member"): answer_view.points(vote.gain),
            words("On validation images"): "–"
            if vote.validation_accuracy is None
            else formats.percent(vote.validation_accuracy, 2),
        }
        for vote in found.votes
    ]
    small_table(rows, words("Accuracy of each way to vote"))
    st.caption(
        words(
            "The mean of probabilities lets a sure member outvote two unsure ones; a majority counts heads, ties go to "
            "the surer side. Which way to use is chosen by the validation images, not by the test images. A vote has "
            "no cross-entropy of its own: it gives shares of heads, no probabilities."
        )
    )


def each_member() -> None:
    """Every member's figures, and how often two answer alike. Raises InputError."""
    found = _found()
    if found is None:
        return
    boosting = found.members.boosting
    names, rows = [], []
    for place, run in enumerate(found.members.runs):
        config = find_run(run, the_queue().root).config()
        names.append(words("seed {seed}").format(seed=config.seed))
        row = {
            words("Member"): f"{names[-1]} · {words('run {id}').format(id=run[:4])}",
            words("Accuracy"): formats.percent(float(found.accuracies[place]), 2),
            words("Cross-entropy"): significant(float(found.losses[place]), 3),
        }
        if boosting is not None:
            row[words("Weighted mistakes")] = formats.percent(float(boosting.errors[place]), 2)
            row[words("Weight of its vote")] = significant(float(boosting.alphas[place]), 3)
        rows.append(row)
    small_table(rows, words("Accuracy and cross-entropy of each member"))
    if boosting is not None:
        st.caption(
            words(
                "SAMME (Zhu et al. 2009): a member's vote weighs ln((1 − e)/e) + ln 9, where e is its weighted share "
                "of mistakes on the training images. A network that makes hardly any leaves little to boost. Small "
                "networks and few epochs show boosting at work."
            )
        )
    figure = agreement_figure(found.agreement, names, words)
    alt = words("Two members answer {share} of the test images alike on average")
    draw_chart(figure, key=members.PREFIX + "agreement", alt=alt.format(share=formats.percent(1 - found.disagreement)))
    export.below(figure, "ensemble-agreement")


def _found() -> Ensemble | None:
    done = members.finished(members.shown_members())
    if len(done) < 2:
        st.markdown(words("No two members have learned yet."))
        return None
    return answer_view.ensemble_of(done)
