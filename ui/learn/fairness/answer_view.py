"""Whether the network serves all groups of images alike: the answer, its chart, and each group in figures."""

from collections.abc import Sequence

import streamlit as st

from core.charts.fairness import GroupPoint, groups_figure
from core.charts.training_run import mosaic
from core.runs.run_queue import the_queue
from core.runs.subgroup_answers import Subgroups, subgroups
from core.runs.subgroups import MEASURES, Gap, GroupScore, widest_gap
from ui import formats
from ui.chart_words import draw_chart
from ui.compute.page_choices import ask_one
from ui.language import words
from ui.learn import export
from ui.learn.evaluation.shown import Shown
from ui.learn.fairness import names
from ui.learn.numbers import significant
from ui.tables import small_table

MEASURE = "fair-measure"
EXAMPLE_WIDTH = 240


def found(shown: Shown) -> Subgroups:
    """Raises InputError."""
    return asked(shown.run)


def asked(run: str) -> Subgroups:
    """Of any run, with a bar while the worker reads its images. Raises InputError."""
    known = the_queue().known(run, {"kind": "subgroups"})
    if known is not None:
        return subgroups(known)
    text = words("The images are measured and read …")
    bar = st.progress(0.0, text)
    try:
        return subgroups(the_queue().ask(run, {"kind": "subgroups"}, share=lambda share: bar.progress(share, text)))
    finally:
        bar.empty()


def answer(shown: Shown, groups: Subgroups) -> None:
    """The widest gap that is more than chance, or that there is none; one figure a measure."""
    gaps = {name: gap for name in MEASURES if (gap := groups.gap(name)) is not None}
    real = {name: gap for name, gap in gaps.items() if gap.difference.beyond_chance}
    widest = max(real or gaps, key=lambda name: gaps[name].difference.value, default=None)
    if widest is None:
        st.markdown("## " + words("There are too few test images to compare groups."))
        return
    named = names.measures(shown.config.data)
    gap = gaps[widest]
    if real:
        sentence = words(
            "By {measure} the network is not even: **{better}** is read right in {share} of the images, **{worse}** in "
            "{other}. The gap of {gap} points (interval {low} to {high}, without\N{NO-BREAK SPACE}0) is more than "
            "chance explains."
        )
    else:
        sentence = words(
            "No gap between the groups is more than chance explains. The widest is by {measure}: **{better}** is "
            "read right in {share} of the images, **{worse}** in {other}: a gap of {gap} points, interval {low} to "
            "{high}, which includes\N{NO-BREAK SPACE}0."
        )
    scores = groups.scores(widest)
    st.markdown("## " + _with_gap(sentence, named[widest], names.groups(shown.config.data, widest), scores, gap))
    with st.grid(4, min_column_width=150):
        for name, one in gaps.items():
            _gap_metric(named[name], one)


def _with_gap(sentence: str, measure: str, labels: Sequence[str], scores: Sequence[GroupScore], gap: Gap) -> str:
    return sentence.format(
        measure=measure.lower(),
        better=labels[gap.better],
        worse=labels[gap.worse],
        share=formats.percent(scores[gap.better].accuracy),
        other=formats.percent(scores[gap.worse].accuracy),
        gap=points(gap.difference.value),
        low=points(gap.difference.low),
        high=points(gap.difference.high),
    )


def _gap_metric(name: str, gap: Gap) -> None:
    beyond = gap.difference.beyond_chance
    st.metric(
        words("Gap by {measure}").format(measure=name.lower()),
        words("{points} pt").format(points=points(gap.difference.value)),
        delta=words("more than chance") if beyond else words("within chance"),
        delta_color="red" if beyond else "gray",
        delta_arrow="off",
        border=True,
        help=words(
            "Best group less worst, of the test images. Interval {low} to {high} points, at a confidence that covers "
            "all pairs of groups of the three measures together (95%, Bonferroni)."
        ).format(low=points(gap.difference.low), high=points(gap.difference.high)),
    )


def chart(shown: Shown, groups: Subgroups) -> None:
    figure_points = []
    for name, title in names.measures(shown.config.data).items():
        labels = names.groups(shown.config.data, name)
        for label, score in zip(labels, groups.scores(name), strict=True):
            if score.images:
                figure_points.append(point(title, f"{title} · {label}", score))
    figure = groups_figure(figure_points, shown.found.accuracy, words)
    draw_chart(figure, key="fair-groups", alt=listed(figure_points))
    st.caption(
        words(
            "Dashed: all {count} test images. The outer groups' limits are those of the lowest and highest sixth of "
            "the training images; fewer test images fall in them than between, so their intervals are wider."
        ).format(count=formats.decimal(len(groups.test.labels), 0))
    )
    export.below(figure, "subgroups")


def table(shown: Shown, groups: Subgroups) -> None:
    """The groups of one measure, and what they look like."""
    data = shown.config.data
    measure = ask_one(MEASURE, words("Groups by"), names.measures(data), "thickness")
    labels, (low, high) = names.groups(data, measure), groups.bounds[measure]
    bounds = [
        bound.replace(" ", " \N{WORD JOINER}")  # kept on one line, also beside the dash
        for bound in (
            f"≤ {significant(low, 3)}",
            f"{significant(low, 3)} – {significant(high, 3)}",
            f"≥ {significant(high, 3)}",
        )
    ]
    scores = groups.scores(measure)
    even = any(score.even_mix is not None for score in scores)
    rows = [
        {
            words("Group"): words("{group} ({bounds})").format(group=label, bounds=bound),
            words("Images"): formats.decimal(score.images, 0),
            words("Read right"): "–" if not score.images else formats.percent(score.accuracy),
        }
        | ({words("Same mix"): _even(score)} if even else {})
        for label, bound, score in zip(labels, bounds, scores, strict=True)
    ]
    small_table(rows, words("Accuracy of each group"))
    unit, meaning = names.MEANINGS[measure]
    told = [words("In brackets, in {unit}: {meaning}.").format(unit=words(unit), meaning=words(meaning))]
    if even:
        told.append(
            words(
                "Same mix: accuracy if every group held the classes in the same shares, so that hard classes count in "
                "none of them more (of classes with at least 5 images in each group)."
            )
        )
    st.caption(" ".join(told))


def _even(score: GroupScore) -> str:
    return "–" if score.even_mix is None else formats.percent(score.even_mix)


def examples(shown: Shown, groups: Subgroups) -> None:
    """Training images of each group."""
    data = shown.config.data
    for measure, title in names.measures(data).items():
        st.markdown(f"**{title}**")
        with st.grid(3, min_column_width=EXAMPLE_WIDTH - 20):
            for place, label in enumerate(names.groups(data, measure)):
                pictures = groups.examples[measure][place]
                shown_pictures = pictures[pictures.any(axis=(1, 2))]
                with st.container(gap=None):
                    share = groups.training[measure][place] / max(1, groups.training[measure].sum())
                    st.markdown(
                        words("{group}: {share} of the training images").format(
                            group=label, share=formats.percent(share, 0)
                        )
                    )
                    if len(shown_pictures):
                        enlarged = max(1, EXAMPLE_WIDTH // (len(shown_pictures) * (pictures.shape[-1] + 1)))
                        st.image(
                            mosaic(shown_pictures.astype(float), len(shown_pictures), enlarged=enlarged),
                            width=EXAMPLE_WIDTH,
                            alt=words("Examples of {group} by {measure}").format(group=label, measure=title),
                        )


def classes(shown: Shown, groups: Subgroups) -> None:
    """Each class as a group of its own."""
    scores = groups.class_scores()
    figure_points = [
        point(words("class"), name, score) for name, score in zip(shown.names, scores, strict=True) if score.images
    ]
    figure = groups_figure(figure_points, shown.found.accuracy, words)
    draw_chart(figure, key="fair-classes", alt=listed(figure_points))
    export.below(figure, "classes")
    gap = widest_gap(scores)
    if gap is not None:
        beyond = gap.difference.beyond_chance
        text = words(
            "**{better}** is read best and **{worse}** worst, {gap} points apart ({low} to {high}): {verdict}."
        )
        st.markdown(
            text.format(
                better=shown.names[gap.better],
                worse=shown.names[gap.worse],
                gap=points(gap.difference.value),
                low=points(gap.difference.low),
                high=points(gap.difference.high),
                verdict=words("more than chance") if beyond else words("within chance"),
            )
        )
        st.caption(words("The interval covers all 45 pairs of classes together (95%, Bonferroni)."))


def point(kind: str, name: str, score: GroupScore) -> GroupPoint:
    return GroupPoint(kind, name, score.images, score.accuracy, score.low, score.high)


def points(share: float) -> str:
    """A difference of shares in percentage points."""
    return formats.decimal(100 * share, 1)


def listed(figure_points: Sequence[GroupPoint]) -> str:
    """A figure's points in words."""
    return words(", ").join(f"{one.group} {formats.percent(one.share)}" for one in figure_points)


def meaning() -> None:
    """What is asked for here, what it leaves out, and what the article's advice comes to."""
    st.markdown(
        words(
            "- **Measured:** whether the answers are right equally often in each group (accuracy parity). Other "
            "meanings of fair ask for equal shares of answers or equal kinds of mistakes, and cannot all hold at "
            "once where groups differ (Kleinberg et al. 2016, arXiv 1609.05807).\n"
            "- **Diverse data:** the test images show only gaps between groups that somebody thought of measuring "
            "and collected images of. Your own handwriting is the smallest such test.\n"
            "- **Feedback:** a wrong answer on your drawing is a report; here it stays in this session.\n"
            "- **Law and ethics:** about people, a measured gap is the beginning of a question and not its answer: "
            "who is harmed by which mistake, and who decides."
        )
    )
