"""Whether answers give away who was trained on: the attack's answer, its figures and its curve."""

import streamlit as st

from core.charts.privacy import attack_figure, losses_figure
from core.runs.membership import FoundAt, Membership, membership
from core.runs.privacy_budget import privacy_budget
from core.runs.run_queue import the_queue
from ui import formats
from ui.chart_words import draw_chart
from ui.language import words
from ui.learn import export
from ui.learn.evaluation.shown import Shown
from ui.learn.numbers import significant

QUESTION = {"kind": "membership"}
PATIENCE = 180.0  # seconds


def attack(run: str) -> Membership:
    """With a bar while the worker reads the images. Raises InputError."""
    known = the_queue().known(run, QUESTION)
    if known is not None:
        return membership(known)
    text = words("Images that were trained on are read beside others …")
    bar = st.progress(0.0, text)
    try:
        return membership(the_queue().ask(run, QUESTION, PATIENCE, share=lambda share: bar.progress(share, text)))
    finally:
        bar.empty()


def answer(found: Membership) -> None:
    area = found.separation
    verdict = (
        words("it gives away a little about whom it has seen")
        if area.low > 0.5
        else words("on these images no better than tossing a coin")
    )
    st.markdown(
        "## "
        + words(
            "Of two images, one trained on and one not, the loss points to the right one in **{share}** of the cases "
            "(95% interval {low} to {high}): {verdict}."
        ).format(
            share=formats.percent(area.area),
            low=formats.percent(area.low),
            high=formats.percent(area.high),
            verdict=verdict,
        )
    )
    advantage, gap = found.advantage, found.accuracy_gap
    figures = [
        (
            words("Advantage"),
            formats.percent(advantage.value),
            words(
                "Members found less others accused, where the threshold is the members' mean loss (Yeom et al. 2018). "
                "Interval {low} to {high}."
            ).format(low=formats.percent(advantage.low), high=formats.percent(advantage.high)),
        ),
        *(_found(one) for one in found.found),
        (
            words("Seen less unseen"),
            words("{points} pt").format(points=formats.decimal(100 * gap.value, 1)),
            words("Accuracy on images it learned from less that on others. Interval {low} to {high} points.").format(
                low=formats.decimal(100 * gap.low, 1), high=formats.decimal(100 * gap.high, 1)
            ),
        ),
    ]
    with st.grid(len(figures), min_column_width=150):
        for name, value, tip in figures:
            st.metric(name, value, border=True, help=tip)


def _found(one: FoundAt) -> tuple[str, str, str]:
    name = words("TPR at {share} FPR").format(share=f"{100 * one.false_alarms:g}%")
    if one.share is None or one.low is None or one.high is None:
        return (
            name,
            "–",
            words("There are too few unseen images to accuse so rarely: at least {count}.").format(
                count=formats.decimal(round(5 / one.false_alarms), 0)
            ),
        )
    tip = words(
        "Members found while at most that share of the others is accused, as Carlini et al. 2022 ask; a coin finds as "
        "many as it accuses. Interval {low} to {high}."
    )
    return name, formats.percent(one.share), tip.format(low=formats.percent(one.low), high=formats.percent(one.high))


def chart(found: Membership) -> None:
    figure = attack_figure(found, words)
    alt = words("ROC curve of the attack, area {area}").format(area=formats.decimal(found.separation.area, 3))
    draw_chart(figure, key="privacy-attack", alt=alt)
    export.below(figure, "membership")


def note(shown: Shown, found: Membership) -> None:
    """Who was compared, and what the run promises."""
    unseen = (
        words("validation images, drawn from the same pool")
        if found.apart == "validation"
        else words("test images, which may be of other writers and look less familiar for that alone")
    )
    st.markdown(
        words("{members} images that it learned from against {others} that it did not: {unseen}.").format(
            members=formats.decimal(len(found.member_loss), 0),
            others=formats.decimal(len(found.unseen_loss), 0),
            unseen=unseen,
        )
    )
    result = shown.folder.read_json("result.json")
    budget = None if result is None else privacy_budget(shown.config, found.training_images, int(result["steps"]))
    if budget is None:
        st.markdown(words("It was trained without noise, so it promises nothing to anybody in it (ε = ∞)."))
        return
    st.markdown(
        words(
            "It was trained with noise {noise}: ε = **{shuffled}** at δ = {delta} for its shuffled batches; "
            "{sampled} if each batch had drawn its images by chance."
        ).format(
            noise=significant(shown.config.private_noise, 3),
            shuffled=significant(budget.shuffled, 3),
            sampled=significant(budget.sampled, 3),
            delta=significant(budget.delta, 1),
        )
    )


def losses(found: Membership) -> None:
    figure = losses_figure(found, words)
    means = [formats.decimal(float(one.mean()), 4) for one in (found.member_loss, found.unseen_loss)]
    alt = words("Losses of images trained on (mean {first}) and of others (mean {second})").format(
        first=means[0], second=means[1]
    )
    draw_chart(figure, key="privacy-losses", alt=alt)
    st.caption(alt + ".")
    st.caption(
        words(
            "The attack says “trained on” left of a line and “unseen” right of it. Where the two hills lie on each "
            "other it can only guess. Stronger attacks compare with networks that never saw the image (Carlini et "
            "al. 2022): that this one fails proves nothing, that it succeeds proves a leak."
        )
    )
    export.below(figure, "losses")
